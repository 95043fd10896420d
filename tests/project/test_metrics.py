"""The table of metrics, the dashboard and the alerts name what the code has, and each alert can be forced."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import new_metrics
from bot.scrape import Sources, scrape
from tests.core.talking import Core, core

__all__ = ["core"]

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "metrics.md").read_text()
DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "qr-gen.json").read_text())
RULES = ROOT / "deploy" / "prometheus"
GROUPS = yaml.safe_load((RULES / "alerts.yml").read_text())["groups"]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
TESTS = yaml.safe_load((RULES / "alerts_test.yml").read_text())["tests"]
SHOWN = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]

ON_SERVER = {"qr_gen_database_connections": ("", "Connections to the server that are in use.")}
OF_PROMETHEUS = {"up", "job", "instance", "le"}


@pytest.fixture
async def described(core: Core) -> dict[str, tuple[str, str]]:
    """List every metric there can be, with its labels and what it is, as it is collected."""

    async def ready() -> Mapping[str, str]:
        return {"database": ""}

    metrics = new_metrics()
    counted = [getattr(metrics, each.name) for each in fields(metrics)]
    labels = {each._name: each._labelnames for each in counted if isinstance(each, MetricWrapperBase)}
    data = core.store.reader.url.database
    sources = Sources(metrics.registry, core.store, core.app.clock, ready, "poller", Path(str(data)))
    found = dict[str, tuple[str, str]]()
    for family in text_string_to_metric_families((await scrape(sources)).decode()):
        if family.name.startswith("qr_gen_"):
            named = labels.get(family.name) or family.samples[0].labels
            name = f"{family.name}_total" if family.type == "counter" else family.name
            found[name] = (" ".join(f"`{each}`" for each in named), family.documentation)
    return found | ON_SERVER


async def test_the_document_describes_each_metric_and_no_other(described: dict[str, tuple[str, str]]) -> None:
    """With its labels."""
    rows = re.findall(r"^\| `(qr_gen_\w+)` \| (.*?) ?\| (.+) \|$", DOCUMENT, re.M)
    assert {name: (labels, told) for name, labels, told in rows} == described


async def test_the_dashboard_and_the_alerts_ask_for_what_there_is(
    described: dict[str, tuple[str, str]],
) -> None:
    """Metrics, and the labels they are told apart by."""
    names = {*described, *(f"{each}{end}" for each in described for end in ("_bucket", "_count", "_sum"))}
    labels = {each for row, _ in described.values() for each in re.findall(r"`(\w+)`", row)} | OF_PROMETHEUS
    for asked in (*SHOWN, *(alert["expr"] for alert in ALERTS.values())):
        bare = re.sub(r'"[^"]*"', "", asked)
        assert set(re.findall(r"\bqr_gen_\w+", bare)) <= names, asked
        assert re.search(r"\b(?:qr_gen_|process_|up\b)", bare), asked
        used = re.findall(r"(\w+)\s*(?:=~|!=|!~|=(?!=))", bare)
        used += [each for by in re.findall(r"\bby \(([^)]+)\)", bare) for each in by.split(", ")]
        assert set(used) <= labels, asked


def test_each_alert_is_explained_and_forced() -> None:
    """A row in the document says what to do; a test has it raised, and another has it silent."""
    rows = re.findall(r"^\| `(QrGen\w+)` \| .+ \|$", DOCUMENT, re.M)
    checks = [check for test in TESTS for check in test["alert_rule_test"]]
    assert rows == list(ALERTS)
    assert {each["alertname"] for each in checks if each["exp_alerts"]} == set(ALERTS)
    assert {each["alertname"] for each in checks if not each["exp_alerts"]} == set(ALERTS)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed: make system")
def test_promtool_raises_each_alert() -> None:
    """By Prometheus' own evaluation of the rules."""
    for told in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]):
        done = subprocess.run(["promtool", *told], cwd=RULES, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
