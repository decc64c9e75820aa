"""`orderspec list` names what the contracts hold."""

import json
import shutil
from pathlib import Path

import pytest

from orderspec.contract import catalog
from tests.cli.conftest import SPEC, Run


def test_the_overview_counts_what_each_contract_holds(run: Run) -> None:
    head, *rows = run("list").stdout.splitlines()
    assert head.split() == ["PROVIDER", "OPERATIONS", "SCHEMAS", "RULES", "TITLE"]
    assert [row.split() for row in rows] == [["shop", "3", "5", "2", "Shop"]]


def test_the_details_name_operations_schemas_and_rules(run: Run) -> None:
    listed = run("list", "shop").stdout
    assert "  CreateBasket    POST  /baskets\n" in listed
    assert "  RetrieveBasket  GET   /baskets/{id}\n" in listed
    assert "  HeavyParcel\n" in listed
    assert "  shop.basket.pieces  A basket holds something\n" in listed


def test_what_campaigns_count_on_is_listed_apart(run: Run, tmp_path: Path) -> None:
    shutil.copytree(SPEC, tmp_path / "spec")
    schema = tmp_path / "spec" / "shop" / "schemas" / "create-basket-request.yaml"
    promise = "    message: A basket holds something\n"
    schema.write_text(schema.read_text().replace(promise, f"{promise}    refusal: unsure\n"))
    listed = run("--spec", str(tmp_path / "spec"), "list", "shop").stdout
    assert "rules (1)\n  shop.basket.price " in listed
    assert "what campaigns count on (1)\n  shop.basket.pieces  A basket" in listed


def test_the_json_form_names_everything_by_its_id(run: Run) -> None:
    result = run("list", "--format", "json")
    assert json.loads(result.stdout) == {
        "format": 1,
        "providers": [
            {
                "name": "shop",
                "operations": ["CreateBasket", "RetrieveBasket", "CreateParcel"],
                "schemas": [
                    "Basket",
                    "CreateBasketRequest",
                    "HeavyParcel",
                    "LightParcel",
                    "RetrievedBasket",
                ],
                "rules": ["shop.basket.pieces", "shop.basket.price"],
            }
        ],
    }


def test_a_description_is_listed_by_its_path(run: Run) -> None:
    result = run("list", str(SPEC / "shop" / "openapi.yaml"), "--format", "json")
    (provider,) = json.loads(result.stdout)["providers"]
    assert provider["name"] == "shop"


def test_an_unknown_provider_names_the_nearest(run: Run) -> None:
    result = run("list", "shopp")
    assert result.exit_code == 2
    assert "Did you mean shop?" in result.stderr


@pytest.mark.parametrize("provider", catalog.providers())
def test_every_provider_is_listed_whole(
    run: Run, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORDERSPEC_SPEC")
    contract = catalog.load(provider)
    (listed,) = json.loads(run("list", provider, "--format", "json").stdout)["providers"]
    assert listed["operations"] == list(contract.operations)
    assert set(listed["schemas"]) == set(contract.schemas)
    assert set(listed["rules"]) == set(contract.rules)
