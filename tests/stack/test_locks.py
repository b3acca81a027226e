"""The locks: what is installed here and what ships is what was pinned, from wherever the reader's own settings say."""

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from . import template

ROOT = template.FILE.parent
TOOLS = ROOT / "infra" / "tools"
LAYERS = template.by_type("AWS::Serverless::LayerVersion").values()
SHIPPED = [ROOT / template.read()["Globals"]["Function"]["CodeUri"], *(ROOT / layer["ContentUri"] for layer in LAYERS)]
PROJECT = ROOT / "requirements.lock"
LOCKS = [PROJECT, *sorted(TOOLS.glob("*.lock")), *(folder / "requirements.txt" for folder in SHIPPED)]


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def pins(lines: Iterable[str]) -> set[str]:
    """`name==version` of every pinned requirement, without extras."""
    found = (re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", line) for line in lines)
    return {f"{match[1].lower().replace('_', '-')}=={match[2]}" for match in found if match}


def requirements(lock: Path) -> set[str]:
    """Every requirement of a lock, with its marker and its hashes."""
    return set(re.findall(r"^\w.*\n(?:    .*\n)+", lock.read_text(), re.MULTILINE))


def unmarked(lock: Path) -> set[str]:
    """The same without markers: what one lock asks for always, another may ask for on older Pythons alone."""
    return {re.sub(r" ; .* \\\n", r" \\\n", requirement) for requirement in requirements(lock)}


@pytest.mark.parametrize("lock", LOCKS, ids=named)
def test_a_lock_has_a_hash_for_everything_and_names_no_registry(lock: Path) -> None:
    text = lock.read_text()
    lines = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert lines
    assert all("==" in line and line.endswith("\\") for line in lines)
    assert len(requirements(lock)) == len(lines)
    assert all("\\\n    --hash=sha256:" in requirement for requirement in requirements(lock))
    assert "://" not in text
    assert "--index" not in text


def test_npm_s_lock_has_a_hash_for_everything_and_names_no_registry() -> None:
    folder = ROOT / "tests" / "identity" / "provider"
    asked = json.loads((folder / "package.json").read_text())["dependencies"]
    lock = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert lock.pop("")["dependencies"] == asked
    assert {lock[f"node_modules/{name}"]["version"] for name in asked} == set(asked.values())
    for name, package in lock.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_project_s_lock_has_every_pinned_requirement() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = pins(project["project"]["optional-dependencies"]["dev"])
    files = project["tool"]["setuptools"]["dynamic"]["dependencies"]["file"]
    assert {ROOT / file for file in files} == {folder / "requirements.in" for folder in SHIPPED}
    for file in files:
        asked |= pins((ROOT / file).read_text().splitlines())
    assert asked <= pins(PROJECT.read_text().splitlines()), "run `make lock`"


@pytest.mark.parametrize("folder", SHIPPED, ids=named)
def test_what_ships_is_what_the_tests_ran_with(folder: Path) -> None:
    """In the same versions, so that a layer and the functions never bring one library in two; from the same files."""
    asked = pins((folder / "requirements.in").read_text().splitlines())
    assert asked
    assert asked <= pins((folder / "requirements.txt").read_text().splitlines()), "run `make lock`"
    assert unmarked(folder / "requirements.txt") <= unmarked(PROJECT), "run `make lock`"


@pytest.mark.parametrize("tool", ["uv", "ministack", "sam"])
def test_a_tool_s_lock_has_what_the_tool_was_pinned_to(tool: str) -> None:
    asked = pins((TOOLS / f"{tool}.in").read_text().splitlines())
    assert asked
    assert asked <= pins((TOOLS / f"{tool}.lock").read_text().splitlines()), "run `make lock`"
