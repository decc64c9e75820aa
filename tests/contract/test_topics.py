"""Each contract has something to say of every topic that the docs compare APIs by."""

import pytest

from orderspec.contract.catalog import load, providers
from orderspec.contract.topics import TOPICS, Remark, remarks

LONGEST = 160
SAID = [(name, remark) for name in providers() for remark in remarks(load(name).document)]

each_provider = pytest.mark.parametrize("provider", providers())
each_remark = pytest.mark.parametrize(
    "remark",
    [remark for _, remark in SAID],
    ids=[f"{name}:{'/'.join((*remark.steps, remark.topic))}" for name, remark in SAID],
)


def test_there_is_a_provider() -> None:
    assert providers()


@each_provider
@pytest.mark.parametrize("topic", TOPICS)
def test_every_provider_has_one_to_three_remarks_on_every_topic(provider: str, topic: str) -> None:
    assert 1 <= [(name, remark.topic) for name, remark in SAID].count((provider, topic)) <= 3


@each_provider
def test_no_provider_says_the_same_twice_of_a_topic(provider: str) -> None:
    said = [(remark.topic, remark.words) for name, remark in SAID if name == provider]
    assert len(said) == len(set(said))


@each_remark
def test_every_remark_is_on_a_topic_that_is_known(remark: Remark) -> None:
    assert remark.topic in TOPICS


@each_remark
def test_every_remark_is_one_short_line_that_ends_with_a_full_stop(remark: Remark) -> None:
    assert len(remark.words) <= LONGEST
    assert "\n" not in remark.words
    assert remark.words.endswith(".")


@each_remark
def test_every_name_in_a_remark_is_closed_again(remark: Remark) -> None:
    assert remark.words.count("`") % 2 == 0
