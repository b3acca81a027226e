"""`kaigong policies` and `kaigong benefits`: what they ask, what they print, and how they end."""

import json
from pathlib import Path
from typing import Any

import pytest
from kaigong import catalog
from kaigong.catalog.loader import POLICIES
from typer.testing import CliRunner, Result

from infra.command import app, client
from infra.command.client.api import Api

SHIPPED = catalog.DATA / POLICIES
ANOTHER: dict[int, dict[str, str]] = {}  # by day: of whom a case is, where that is another one
CASE: dict[str, Any] = {
    "uscc": "91411402MA0KG0002N",
    "facts": {"committed": ["drawing-review"], "inspected": ["drawing-review"], "grade": ["AAA"], "breaches": ["0"]},
}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told(*arguments: object, code: int = 0) -> Any:
    found = run(*arguments, "--json")
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


def edited(folder: Path, **changes: Any) -> Path:
    """The shipped policies with changes in the second, which rewards a kept promise."""
    entries = json.loads(SHIPPED.read_text("utf-8"))
    entries[1] |= changes
    file = folder / "new.json"
    file.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    return file


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """What the commands ask the portal; it answers two pages of facts."""
    asked: list[tuple[str, str, Any]] = []

    def get(_: Api, path: str) -> dict[str, Any]:
        asked.append(("GET", path, None))
        if "facts" in path:
            days = (3, 1) if "after" not in path else (2,)
            cases = [
                CASE | {"packet": f"p-{day}", "decided_at": f"2025-03-0{day}T09:00:00+08:00"} | ANOTHER.get(day, {})
                for day in days
            ]
            return {"cases": cases, "next": None if "after" in path else "2025-01-01T00:00:00Z#p-1"}
        return {"version": 4, "rows": [], "benefits": [], "others": [], "decided": True, "policies": []}

    def send(_: Api, method: str, path: str, body: Any) -> dict[str, Any]:
        asked.append((method, path, body))
        name = {"zh": "奖励", "en": "reward"}
        found = {"benefit": "p.x", "policy": {"code": "x", "name": name}, "enterprise": "某公司"}
        return {**found, "benefits": [], "others": [], "decided": True}

    monkeypatch.setattr(client, "connect", lambda _: None)
    monkeypatch.setattr(Api, "_get", get)
    monkeypatch.setattr(Api, "_json", send)
    return asked


def test_the_shipped_policies_can_be_applied() -> None:
    assert told("policies", "check") == {
        "ok": True,
        "problems": [],
        "policies": ["early-start", "kept-promise", "soil-monitoring"],
    }
    assert "3 项政策可以适用" in run("policies", "check").stdout


def test_every_problem_of_a_file_is_told_with_its_reason(tmp_path: Path) -> None:
    conditions = [{"fact": "approved", "ask": "all-of", "values": ["weather"]}]
    found = told("policies", "check", edited(tmp_path, department="gas", conditions=conditions), code=1)
    assert found["ok"] is False
    assert [(p["file"], p["entry"], p["reason"]["en"]) for p in found["problems"]] == [
        ("new.json", "kept-promise", "unknown department 'gas'"),
        ("new.json", "kept-promise", "'approved' asks for an unknown 'weather'"),
    ]
    assert "2 处有误" in run("policies", "check", edited(tmp_path, department="gas", conditions=conditions)).stdout
    wrong = tmp_path / "wrong.json"
    wrong.write_text("[{}]", "utf-8")
    assert told("policies", "check", wrong, code=1)["problems"]


def test_a_new_policy_is_tried_on_last_year_and_says_when_its_budget_would_have_been_used_up(
    tmp_path: Path, portal: list[tuple[str, str, Any]]
) -> None:
    file = edited(tmp_path, budget=40_000, cap=40_000)
    found = told("policies", "simulate", file, "--year", "2025")
    assert (found["year"], found["packets"]) == (2025, 3)
    by_code = {policy["policy"]: policy for policy in found["policies"]}
    kept = by_code["kept-promise"]
    assert [(one["packet"], one["outcome"], one["worth"]) for one in kept["packets"]] == [
        ("p-1", "granted", 20_000),
        ("p-2", "granted", 20_000),
        ("p-3", "capped", 0),
    ]
    assert (kept["spent"], kept["granted"], kept["capped"], kept["used_up_at"]) == (40_000, 2, 1, None)
    assert by_code["early-start"]["granted"] == 0
    short = told("policies", "simulate", edited(tmp_path, budget=30_000, cap=30_000), "--year", "2025")
    assert short["policies"][1]["used_up_at"] is None  # the cap gives what is left under it
    assert [path for _, path, _ in portal[:2]] == [
        "/api/policies/facts?year=2025",
        "/api/policies/facts?year=2025&after=2025-01-01T00%3A00%3A00Z%23p-1",
    ]
    assert "kept-promise" in run("policies", "simulate", file, "--year", "2025").stdout
    assert told("policies", "simulate", edited(tmp_path, department="gas"), code=1)["ok"] is False


@pytest.mark.usefixtures("portal")
def test_who_comes_once_the_budget_is_used_up_would_wait_and_it_says_from_when_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ANOTHER, 2, {"uscc": "91411402MA0KG0003M"})
    file = edited(tmp_path, budget=40_000, cap=40_000)
    found = told("policies", "simulate", file, "--year", "2025")
    [kept] = [policy for policy in found["policies"] if policy["policy"] == "kept-promise"]
    assert [(one["packet"], one["outcome"]) for one in kept["packets"]] == [
        ("p-1", "granted"),
        ("p-2", "granted"),
        ("p-3", "waits"),
    ]
    assert (kept["waits"], kept["capped"], kept["used_up_at"]) == (1, 0, "2025-03-03T09:00:00+08:00")


@pytest.mark.parametrize(
    ("arguments", "path", "says"),
    [
        (("pay", "housing", "p.x", "--reference", "118"), "/api/benefits/p.x", {"kind": "pay", "reference": "118"}),
        (
            ("revoke", "housing", "p.x", "--reason", "不实", "--basis", "第八条"),
            "/api/benefits/p.x",
            {"kind": "revoke", "reason": "不实", "basis": "第八条"},
        ),
        (("decline", "p", "x"), "/api/packets/p/benefits/x", {"kind": "decline"}),
    ],
)
def test_what_is_said_of_a_benefit_is_said_on_the_version_that_was_read(
    portal: list[tuple[str, str, Any]], arguments: tuple[str, ...], path: str, says: dict[str, str]
) -> None:
    assert run("benefits", *arguments).exit_code == 0
    version = 1 if says["kind"] == "decline" else 4  # of a benefit that is not there the portal says so
    assert portal[-1] == ("POST", path, {"version": version, "says": says})


def test_lists_are_read(portal: list[tuple[str, str, Any]]) -> None:
    assert "没有待兑现的待遇" in run("benefits", "list", "housing").stdout
    assert run("benefits", "show", "p").exit_code == 0
    assert run("policies", "list").exit_code == 0
    assert [path for _, path, _ in portal] == ["/api/benefits", "/api/packets/p/benefits", "/api/policies"]
    assert run("benefits", "list", "weather").exit_code != 0
