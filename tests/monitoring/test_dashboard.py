"""The dashboard's file is what Grafana takes: panels that it can tell apart, lay out, and put to a data source."""

import json
import re
import runpy
from itertools import combinations
from typing import Any

import pytest
import yaml
from django.conf import settings

GRAFANA = settings.BASE_DIR / "deploy/grafana"
QUERIES = settings.BASE_DIR / "deploy/prometheus/queries.py"
COLUMNS = 24
TYPES = {"timeseries", "stat", "gauge", "table", "row", "text", "heatmap", "bargauge"}
# Of Grafana's list of units (packages/grafana-data/src/valueFormats/categories.ts), those that mean what we expose.
UNITS = {"short", "none", "s", "percentunit", "ops", "reqps", "bytes", "decbytes", "decmbytes", "mbytes", "currencyUSD"}
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
_VARIABLE = re.compile(r"\$\{?(\w+)")


@pytest.fixture(scope="module")
def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((GRAFANA / "mc-ai.json").read_text())
    return loaded


def overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_the_dashboard_has_a_name_of_its_own_and_is_provisioned(dashboard: dict[str, Any]) -> None:
    assert re.fullmatch(r"[\w-]{1,40}", dashboard["uid"])
    assert dashboard["title"]
    assert dashboard.get("id") is None, "the number is of the Grafana that takes it in"
    assert dashboard["schemaVersion"] >= 36, "from there on a data source is an object"
    assert yaml.safe_load((GRAFANA / "provisioning/dashboards.yml").read_text())["providers"]
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources.yml").read_text())["datasources"]
    assert source["type"] == DATASOURCE["type"]


def test_panels_can_be_told_apart(dashboard: dict[str, Any]) -> None:
    for of in ("id", "title"):
        names = [panel[of] for panel in dashboard["panels"]]
        assert len(set(names)) == len(names)
    for panel in dashboard["panels"]:
        letters = [target["refId"] for target in panel["targets"]]
        assert letters
        assert len(set(letters)) == len(letters), panel["title"]


def test_panels_lie_beside_each_other_within_the_grid(dashboard: dict[str, Any]) -> None:
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert min(place["w"], place["h"]) > 0 <= min(place["x"], place["y"])
        assert place["x"] + place["w"] <= COLUMNS, panel["title"]
    for one, other in combinations(dashboard["panels"], 2):
        assert not overlap(one["gridPos"], other["gridPos"]), (one["title"], other["title"])


def test_panels_are_of_types_and_units_that_grafana_has(dashboard: dict[str, Any]) -> None:
    for panel in dashboard["panels"]:
        assert panel["type"] in TYPES, panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"] in UNITS, panel["title"]


def test_every_query_goes_to_the_data_source_that_one_chooses(dashboard: dict[str, Any]) -> None:
    variables = {variable["name"]: variable for variable in dashboard["templating"]["list"]}
    assert (variables["datasource"]["type"], variables["datasource"]["query"]) == ("datasource", "prometheus")
    for panel in dashboard["panels"]:
        assert panel["datasource"] == DATASOURCE, panel["title"]
        for target in panel["targets"]:
            assert target["datasource"] == DATASOURCE, panel["title"]
            used = {name for name in _VARIABLE.findall(target["expr"]) if not name.startswith("__")}
            assert used <= set(variables), panel["title"]


def test_the_queries_that_promtool_reads_are_all_of_the_dashboards_and_kedas_without_variables(
    dashboard: dict[str, Any],
) -> None:
    script = runpy.run_path(str(QUERIES))
    (group,) = yaml.safe_load(script["as_rules"]())["groups"]
    shown = sum(len(panel["targets"]) for panel in dashboard["panels"])
    assert len(group["rules"]) == shown + len(list((settings.BASE_DIR / "deploy/keda").glob("*.yaml"))) * 2
    assert not [rule["expr"] for rule in group["rules"] if re.search(r"\$[_{a-z]", rule["expr"])]


def test_the_script_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert runpy.run_path(str(QUERIES))["main"]([]) == 2
    assert "queries.py rules" in capsys.readouterr().err
