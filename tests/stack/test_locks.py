"""The locks: what `make setup` installs is what was pinned, and comes from wherever the reader's own settings say."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted([ROOT / "requirements.lock", *(ROOT / "infra" / "tools").glob("*.lock")])


def pins(lines: list[str]) -> set[str]:
    """`name==version` of every pinned requirement, without extras."""
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", line) for line in lines)
    return {f"{match[1].lower().replace('_', '-')}=={match[2]}" for match in found if match}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_everything_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text()
    requirements = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert requirements
    assert all("==" in line and line.endswith("\\") for line in requirements)
    assert text.count("\\\n    --hash=sha256:") >= len(requirements)
    assert "://" not in text
    assert "--index" not in text


def test_the_project_s_lock_has_every_pinned_requirement() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = pins(project["project"]["optional-dependencies"]["dev"])
    for file in project["tool"]["setuptools"]["dynamic"]["dependencies"]["file"]:
        asked |= pins((ROOT / file).read_text().splitlines())
    assert asked <= pins((ROOT / "requirements.lock").read_text().splitlines()), "run `make lock`"


@pytest.mark.parametrize("tool", ["uv", "ministack", "sam"])
def test_a_tool_s_lock_has_what_the_tool_was_pinned_to(tool: str) -> None:
    tools = ROOT / "infra" / "tools"
    asked = pins((tools / f"{tool}.in").read_text().splitlines())
    assert asked
    assert asked <= pins((tools / f"{tool}.lock").read_text().splitlines()), "run `make lock`"
