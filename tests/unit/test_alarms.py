"""Every alarm says what to do: its section of docs/alarms.md, the line of the log or the number that it looks at."""

import ast
import inspect
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from kaigong.handlers import observe
from kaigong.portal import audit
from kaigong.settings import Settings

from infra.command.client import doctor
from tests.stack import template

from .said import trees

ROOT = Path(__file__).parents[2]
KAIGONG = ROOT / "functions" / "kaigong"
ALARMS = template.by_type("AWS::CloudWatch::Alarm")
FILTERS = template.by_type("AWS::Logs::MetricFilter")
PARTS = ("含义 Means", "查看 Look", "处理 Run", "叫醒 Wake")
SECTION = re.compile(r'docs/alarms\.md, "([a-z-]+)"$')
OUR_NAMESPACE = {"Ref": "AWS::StackName"}

# Lines of the log that are about no packet, or about none that is known.
OF_NO_PACKET = {
    "anchored": "all packets of a day",
    "exported": "all packets of a day",
    "credit record": "an enterprise",
    "credit record refused": "an enterprise, or nobody",
    "day begun": "all packets of a day",
    "day done": "all packets of a day",
    "day is not over": "all packets of a day",
    "figures of another version": "all packets",
    "message names no packet": "none, as it says",
    "not a photo of a record": "none, as it says",
    "record cannot be counted": "a supervision record, by its name",
    "not audited": "an entry names what it is about itself",
    "not confirmed": "a session",
    "not ended at the issuer": "a session",
    "not renewed": "a session",
    "not signed in": "a person",
    "not the folder of a packet": "none, as it says",
    "packets put on the queue to be counted again": "those of a batch",
    "readers are not confined": "all papers",
    "roster": "a department",
    "surveyed": "all packets",
    "watched": "all packets",
}


def sections() -> dict[str, dict[str, str]]:
    """The sections of the page, each with its parts by their names."""
    found = {}
    for text in re.split(r"^## ", (ROOT / "docs" / "alarms.md").read_text("utf-8"), flags=re.M)[1:]:
        name, _, body = text.partition("\n")
        found[name] = dict(re.findall(r"^- \*\*(.+?)\*\*: (.+)$", body, re.M))
    return found


@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_says_what_to_do_in_both_languages_and_where_more_is_said(name: str) -> None:
    said = ALARMS[name]["AlarmDescription"]
    section = SECTION.search(said)
    assert section, said
    assert template.text(ALARMS[name]["AlarmName"]).startswith("S-")
    assert template.text(ALARMS[name]["AlarmName"]).endswith(f"-{section[1]}")
    assert section[1] in sections()
    assert re.search(r"[\u4e00-\u9fff]+.*[。]", said)
    assert re.search(r"[a-z]+ [a-z]+", said)
    assert len(said.encode()) <= 1024  # what CloudWatch takes
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "Alarms"}]


def test_every_section_says_what_to_look_at_and_run_and_whom_to_wake_and_has_its_alarm() -> None:
    rung = {found[1] for alarm in ALARMS.values() if (found := SECTION.search(alarm["AlarmDescription"]))}
    assert set(sections()) == rung
    for name, parts in sections().items():
        assert tuple(parts) == PARTS, name
        assert "<stack>-" in parts["含义 Means"], name
        assert re.search("duty|developers|lead|department", parts["叫醒 Wake"]), name


def test_what_an_alarm_looks_at_is_written_by_somebody() -> None:
    """Of our own namespace: a number that a handler says, or a line of a log that a filter counts."""
    counted = {template.text(f["MetricTransformations"][0]["MetricName"]) for f in FILTERS.values()}
    said = {keyword.arg for call in calls("handlers", "measure") for keyword in call.keywords}
    for alarm in ALARMS.values():
        if alarm["Namespace"] != OUR_NAMESPACE:
            continue
        if "Dimensions" in alarm:
            assert alarm["MetricName"] in said
            assert alarm["Dimensions"] == [{"Name": "service", "Value": service()}]
        else:
            assert template.text(alarm["MetricName"]) in counted
    assert said == {a["MetricName"] for a in ALARMS.values() if a["Namespace"] == OUR_NAMESPACE and "Dimensions" in a}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_counts_lines_that_are_written(name: str) -> None:
    pattern = FILTERS[name]["FilterPattern"]
    lines = {call.args[0].value for call in logged() if isinstance(call.args[0], ast.Constant)}
    for said in re.findall(r'\$\.message = "([^"]+)"', pattern):
        assert said in lines
    events = re.findall(r'\$\.event = "([^"]+)"', pattern)
    assert set(events) <= set(get_args(audit.Event))
    done = inspect.signature(audit.keep).parameters["outcome"].default
    assert set(re.findall(r'\$\.outcome != "([^"]+)"', pattern)) <= {done}
    assert events or "$.message = " in pattern


def test_a_number_is_said_as_cloudwatch_reads_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", service())
    named = {name: "x" for name, field in Settings.model_fields.items() if field.is_required()}
    monkeypatch.setattr(observe, "settings", lambda: Settings(**{**named, "stack_name": "S"}))
    observe.measure(Stuck=2, CalendarYearsMissing=0)
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    [told] = line["_aws"]["CloudWatchMetrics"]
    assert (told["Namespace"], told["Dimensions"]) == ("S", [["service"]])
    assert {metric["Name"] for metric in told["Metrics"]} == {"Stuck", "CalendarYearsMissing"}
    assert (line["service"], line["Stuck"], line["CalendarYearsMissing"]) == (service(), [2], [0])


def test_the_seal_s_alarm_rings_when_the_doctor_says_so() -> None:
    assert ALARMS["SealCertificateAlarm"]["Threshold"] == doctor.EXPIRES.days


def test_every_line_of_a_log_names_the_packet_that_it_is_about() -> None:
    silent = {
        str(call.args[0].value)
        for call in logged()
        if isinstance(call.args[0], ast.Constant)
        and not {"packet", "extra", None} & {keyword.arg for keyword in call.keywords}  # None: `**name`
    }
    assert silent <= set(OF_NO_PACKET)


def test_the_access_log_says_neither_what_was_asked_for_nor_by_whom() -> None:
    """An address may be a token, and who asks is said in the audit log alone."""
    stage = template.resources()["ApiStage"]["Properties"]["AccessLogSettings"]
    line = json.loads(re.sub(r"\$context\.[\w.]+", "x", stage["Format"]))
    assert {"status", "ms", "portal"} <= set(line)
    told = set(re.findall(r"\$context\.([\w.]+)", stage["Format"]))
    assert not {name for name in told if re.search("path|route|identity|authorizer|sourceIp|userAgent|domain", name)}


def test_the_dashboard_is_json_and_shows_what_exists() -> None:
    body = template.resources()["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body)["widgets"]
    assert len(widgets) > 5
    assert all(each["x"] >= 0 and each["x"] + each["width"] <= 24 for each in widgets)
    metrics = [each["properties"]["metrics"] for each in widgets if each["type"] == "metric"]
    own = {metric[1] for shown in metrics if shown[0][0] == "${AWS::StackName}" for metric in shown}
    counted = {template.text(found["MetricTransformations"][0]["MetricName"]) for found in FILTERS.values()}
    assert own
    assert own <= {"Stuck", *counted}


def service() -> str:
    return str(template.read()["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"])


def logged() -> list[ast.Call]:
    """Every call that writes a line of a log."""
    found = [
        call
        for part in ("handlers", "portal")
        for level in ("debug", "info", "warning", "error", "exception")
        for call in calls(part, f"logger.{level}")
    ]
    assert len(found) > 30
    return found


def calls(part: str, name: str) -> Iterator[Any]:
    yield from _calls(KAIGONG / part).get(name, [])


@cache
def _calls(folder: Path) -> dict[str, list[ast.Call]]:
    found: dict[str, list[ast.Call]] = defaultdict(list)
    for _, tree in trees(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                found[ast.unparse(node.func)].append(node)
    return found
