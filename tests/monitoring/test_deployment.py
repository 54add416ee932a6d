"""Rules and dashboard speak of metrics that exist, and every alert has a page that says what to do.

That each alert fires when it should is tested by ``deploy/prometheus/check.sh``, which needs promtool.
"""

import json
import re
from typing import Any

import pytest
import yaml
from django.conf import settings
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families
from rest_framework.test import APIClient

from monitoring.metrics.recorder import recorder
from tests.jobs.conftest import Submit
from tests.monitoring.conftest import metrics_text

DEPLOY = settings.BASE_DIR / "deploy"
PROMETHEUS_OWN = {"up"}
_NAME = re.compile(r"\b(?:mc_ai_\w+|celery_\w+|gen_ai_client_\w+|up)\b(?=[{\[\s)]|$)")


def instruments() -> list[MetricWrapperBase]:
    """Return what the recorder counts with."""
    return [metric for metric in vars(recorder()).values() if isinstance(metric, MetricWrapperBase)]


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DEPLOY / "grafana/mc-ai.json").read_text())["panels"]
    return found


@pytest.fixture
def exposed(client: APIClient) -> set[str]:
    """Every name that ``/metrics`` can show: those of the moment, and counters that nothing has moved yet."""
    families = list(text_string_to_metric_families(metrics_text(client)))
    shown = {family.name for family in families} | {sample.name for family in families for sample in family.samples}
    counted = {family.name for family in families if family.type == "counter"}
    counted |= {family.name for metric in instruments() for family in metric.describe()}
    return shown | {name + ending for name in counted for ending in ("_total", "_bucket", "_sum", "_count")}


@pytest.mark.django_db(transaction=True)
def test_every_metric_that_rules_and_dashboard_name_is_exposed(exposed: set[str]) -> None:
    queries = [rule["expr"] for rule in rules()]
    queries += [target["expr"] for panel in panels() for target in panel["targets"]]
    named = {name for query in queries for name in _NAME.findall(query)}
    assert len(named) > 25
    assert named - exposed - PROMETHEUS_OWN == set()


def keda_queries() -> list[str]:
    found = [yaml.safe_load(path.read_text()) for path in (DEPLOY / "keda").glob("*.yaml")]
    return [trigger["metadata"]["query"] for scaled in found for trigger in scaled["spec"]["triggers"]]


@pytest.mark.django_db(transaction=True)
def test_keda_scales_by_metrics_that_are_exposed_for_the_queue_that_it_names(
    client: APIClient, submit_job: Submit
) -> None:
    submit_job("test-noop")
    families = list(text_string_to_metric_families(metrics_text(client)))
    exposed = {(sample.name, sample.labels.get("queue")) for family in families for sample in family.samples}
    assert len(keda_queries()) == 2
    for query in keda_queries():
        (name,) = _NAME.findall(query)
        (queue,) = re.findall(r'queue="(\w+)"', query)
        assert (name, queue) in exposed
        for label in re.findall(r'(\w+)=~?"', query):
            assert any(label in s.labels for f in families for s in f.samples if s.name == name), (name, label)


def test_every_alert_says_what_to_do() -> None:
    anchors = {line.removeprefix("### ").lower() for line in (settings.BASE_DIR / "docs/operations.md").open()}
    anchors = {anchor.strip() for anchor in anchors}
    for alert in alerts():
        page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
        assert page == "docs/operations.md"
        assert anchor in anchors, alert["alert"]
        assert alert["labels"]["severity"] in {"warning", "critical"}


def test_every_alert_is_made_to_fire_and_none_does_while_all_is_well() -> None:
    tests = yaml.safe_load((DEPLOY / "prometheus/rules.test.yml").read_text())["tests"]
    checked = [entry for test in tests for entry in test["alert_rule_test"]]
    names = {alert["alert"] for alert in alerts()}
    assert {entry["alertname"] for entry in checked if entry["exp_alerts"]} == names
    assert {entry["alertname"] for entry in checked if not entry["exp_alerts"]} == names


def test_the_alerts_of_the_contract_have_its_figures() -> None:
    by_name = {alert["alert"]: alert for alert in alerts()}
    for name, bound, time in (
        ("McAiHighLatency", "> 0.5", "5m"),
        ("McAiHighErrorRate", "> 0.05", "2m"),
        ("McAiInstanceDown", "== 0", "1m"),
        ("McAiLowCacheHitRate", "< 0.5", "10m"),
    ):
        assert bound in by_name[name]["expr"]
        assert by_name[name]["for"] == time
    assert {"McAiQueueGrowing", "McAiJobsStuck"} <= set(by_name)


def test_prometheus_scrapes_with_a_key() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    (job,) = config["scrape_configs"]
    assert job["job_name"] == "mc-ai", "the alerts name it"
    assert job["metrics_path"] == "/metrics"
    assert job["authorization"]["type"] == "Bearer"
