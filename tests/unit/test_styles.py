"""What the style sheets must not say. Every other rule of axe-core is tried on the pages."""

import re
from pathlib import Path

import pytest

from infra.local.paths import ROOT

SHEETS = sorted((ROOT / "functions" / "kaigong" / "portal" / "static").rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_page_turns_by_the_way_a_phone_is_held(sheet: Path) -> None:
    """WCAG 2.1, 1.3.4: who has a phone fixed to a wheelchair cannot turn it."""
    assert not re.search(r"@media[^{]*orientation", sheet.read_text("utf-8"))
