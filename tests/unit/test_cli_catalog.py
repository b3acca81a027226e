"""`kaigong catalog`: what it prints, and how it ends."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from kaigong.catalog import DATA, load
from typer.testing import CliRunner, Result

from infra.command import app
from infra.figures.conventional import FLOW


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["catalog", *(str(argument) for argument in arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "catalogue"))


def edit(path: Path, change: Any) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def test_the_shipped_catalogue_fits_together() -> None:
    found = run("check", "--json")
    assert found.exit_code == 0
    document = json.loads(found.stdout)
    assert document["ok"] is True
    assert document["problems"] == []
    assert document["version"] == load().version
    assert (document["departments"], document["matters"]) == (len(load().departments), len(load().matters))


def test_a_catalogue_that_fits_together_is_told_in_both_languages(folder: Path) -> None:
    found = run("check", folder)
    assert found.exit_code == 0
    assert f"{len(load().matters)} 个事项" in found.stdout
    assert f"{len(load().matters)} matters" in found.stdout


def test_every_problem_is_told_by_file_entry_and_reason_in_both_languages(folder: Path) -> None:
    edit(folder / "matters" / "power.json", lambda c: c[0].update(department="gas", supervisor="sun"))
    edit(folder / "schemes.json", lambda c: c.clear())
    edit(folder / "policies.json", lambda c: c.clear())  # they ask for grades
    found = run("check", folder, "--json")
    assert found.exit_code == 1
    document = json.loads(found.stdout)
    assert document["ok"] is False
    assert document["problems"] == [
        {
            "file": "matters/power.json",
            "entry": "power-connection",
            "reason": {"zh": "部门 gas 不存在", "en": "unknown department 'gas'"},
        },
        {
            "file": "matters/power.json",
            "entry": "power-connection",
            "reason": {"zh": "监管部门 sun 不存在", "en": "unknown supervisor 'sun'"},
        },
        {
            "file": "schemes.json",
            "entry": "-",
            "reason": {"zh": "至少要有一套信用等级", "en": "there must be at least one credit scheme"},
        },
    ]
    shown = run("check", folder).stdout
    assert "3 处有误" in shown
    assert all(word in shown for word in ("matters/power.json", "power-connection", "schemes.json"))


def test_the_conventional_flow_is_checked_where_there_is_one(folder: Path) -> None:
    shutil.copy(FLOW / "conventional.json", folder)
    assert run("check", folder).exit_code == 0
    edit(folder / "conventional.json", lambda c: c.update(process="party"))
    found = run("check", folder, "--json")
    assert found.exit_code == 1
    assert [(p["file"], p["entry"]) for p in json.loads(found.stdout)["problems"]] == [("conventional.json", "party")]
    (folder / "conventional.json").unlink()
    assert run("check", folder).exit_code == 0


def test_a_folder_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_the_figures_are_told_with_how_they_are_counted() -> None:
    found = run("figures", "--json")
    assert found.exit_code == 0
    document = json.loads(found.stdout)
    assert (document["materials"]["conventional"], document["materials"]["reformed"]) == (81, 35)
    assert document["materials"]["how"].keys() == {"zh", "en"}
    assert "totals only" in document["choice"]["en"]
    shown = run("figures").stdout
    assert "改革前" in shown
    assert "construction-permit" in shown
    assert "案例报告只给出总数" in shown
