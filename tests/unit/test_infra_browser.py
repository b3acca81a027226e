"""infra/browser: which Chromium the browser tests take, and what is said where there is none."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from infra.local import paths

TOOLS = ("bash", "cat", "dirname", "env", "flock", "grep", "id", "mkdir", "tail")


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout with the script alone, on a machine with neither browser, node nor a package manager."""
    (tmp_path / "infra").mkdir()
    shutil.copy(paths.ROOT / "infra" / "browser", tmp_path / "infra")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    return tmp_path


def program(folder: Path, name: str, says: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{says}\n")
    file.chmod(0o755)
    return file


def found(checkout: Path, *kind: str, **environment: str) -> subprocess.CompletedProcess[str]:
    known = {"PATH": str(checkout / "bin"), "HOME": os.devnull} | environment
    command = [checkout / "infra" / "browser", *kind]
    return subprocess.run(command, env=known, capture_output=True, text=True, check=False)


def test_a_browser_on_the_path_is_taken(bare: Path) -> None:
    browser = program(bare / "bin", "chromium", "echo Chromium 150.0")
    answer = found(bare)
    assert (answer.returncode, answer.stdout) == (0, f"{browser}\n")
    assert "fonts-noto-cjk" in answer.stderr  # no font is there either


def test_a_name_on_the_path_that_does_not_run_is_passed_over(bare: Path) -> None:
    program(bare / "bin", "chromium", "echo chromium: not installed >&2; exit 127")
    browser = program(bare / "bin", "google-chrome", "echo Google Chrome 150.0")
    assert found(bare).stdout == f"{browser}\n"


def test_a_browser_that_is_named_goes_before_every_other(bare: Path) -> None:
    program(bare / "bin", "chromium", "echo Chromium 150.0")
    mine = program(bare, "mine", "echo Chromium 151.0")
    assert found(bare, KAIGONG_BROWSER=str(mine)).stdout == f"{mine}\n"


def test_the_one_without_windows_is_taken_where_it_is_asked_for_alone(bare: Path) -> None:
    shell = program(bare / "bin", "chromium-headless-shell", "echo Chromium 150.0")
    browser = program(bare / "bin", "chromium", "echo Chromium 150.0")
    assert found(bare, "shell").stdout == f"{shell}\n"
    assert found(bare).stdout == f"{browser}\n"


def test_where_there_is_none_without_windows_the_ordinary_one_is_taken(bare: Path) -> None:
    browser = program(bare / "bin", "chromium", "echo Chromium 150.0")
    answer = found(bare, "shell")
    assert (answer.returncode, answer.stdout) == (0, f"{browser}\n")


def test_a_browser_that_is_named_goes_before_the_one_without_windows_too(bare: Path) -> None:
    program(bare / "bin", "chromium-headless-shell", "echo Chromium 150.0")
    mine = program(bare, "mine", "echo Chromium 151.0")
    assert found(bare, "shell", KAIGONG_BROWSER=str(mine)).stdout == f"{mine}\n"


def test_the_packaged_one_is_taken_where_it_was_fetched_before(bare: Path) -> None:
    (bare / ".local" / "browser").mkdir(parents=True)
    browser = program(bare / ".local" / "browser", "chromium", "echo Chromium 150.0")
    assert found(bare).stdout == f"{browser}\n"


def test_without_any_it_fails_and_says_what_to_install(bare: Path) -> None:
    answer = found(bare)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "apt-get install chromium fonts-noto-cjk" in answer.stderr
