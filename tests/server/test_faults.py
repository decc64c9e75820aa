"""Behaviours and their faults are found by name, and near misses are named."""

from dataclasses import replace

import pytest

from orderspec.errors import UsageError
from orderspec.server import faults
from tests.server import toy

TOYS = {"toys": toy.BEHAVIOUR}


def test_a_fault_is_found_by_name() -> None:
    assert faults.find_fault("shouting", TOYS).point == "request-body"


def test_a_misspelt_fault_is_answered_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean shouting"):
        faults.find_fault("shooting", TOYS)


def test_a_fault_that_two_providers_have_needs_a_provider() -> None:
    with pytest.raises(UsageError, match="games, toys"):
        faults.find_fault("shouting", {"games": replace(toy.BEHAVIOUR), **TOYS})


def test_a_provider_without_a_behaviour_is_answered_with_those_that_have_one() -> None:
    with pytest.raises(UsageError, match="no reference server"):
        faults.behaviour("no-such-provider")


def test_every_behaviour_has_faults_with_a_name_a_stratum_and_a_summary() -> None:
    strata = {"structural", "validation", "robustness", "semantic", "stateful", "security"}
    found = faults.behaviours()
    assert found
    for provider, behaviour in found.items():
        names = [fault.name for fault in behaviour.faults]
        assert len(names) == len(set(names)), provider
        assert {fault.stratum for fault in behaviour.faults} <= strata
        assert all(fault.summary.endswith(".") for fault in behaviour.faults)
