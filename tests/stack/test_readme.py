"""README's commands work as they are typed: every line of every block is run, here or by the test named here."""

import re
import subprocess
from pathlib import Path

import pytest

from infra.local import Stack
from infra.local.paths import ROOT

from . import test_demo, test_deploy

README = ROOT / "README.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README.read_text("utf-8"), re.M | re.S)
ELSEWHERE = {
    "make demo": test_demo.test_the_citys_case_ends_the_same_day_with_every_gap_closed_although_a_paper_is_corrected,
    "make test": "the run that this test is part of",
    test_deploy.deploy_line(): test_deploy.test_readme_s_own_line_builds_and_deploys_everything,
}


def commands(block: str) -> list[str]:
    """The lines of a block without their remarks."""
    return [re.sub(r"\s+#.*", "", line) for line in block.splitlines()]


def test_what_is_said_to_be_run_elsewhere_stands_in_a_block() -> None:
    assert re.findall(r"^```(\w+)", README.read_text("utf-8"), re.M) == ["sh"] * len(BLOCKS)
    assert set(ELSEWHERE) <= {line for block in BLOCKS for line in commands(block)}


@pytest.mark.usefixtures("desks")
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: commands(block)[0])
def test_a_block_does_what_it_says_as_it_is_typed(block: str, stack: Stack, tmp_path: Path) -> None:
    """In the checkout where it needs that; else where its files are in nobody's way."""
    typed = [line for line in commands(block) if line not in ELSEWHERE]
    in_checkout = any(line.startswith(("make ", "infra/")) for line in typed)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    answer = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(typed)],
        cwd=ROOT if in_checkout else tmp_path,
        env=test_deploy.environment(KAIGONG_STACK=stack.stack),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    if "make up" in typed:
        for shown in (stack.portal_url, "officer-water", stack.user("officer-water").password.get_secret_value()):
            assert shown in answer.stdout
