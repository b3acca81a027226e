"""Proofs of ledgers, and the numbers in issued documents."""

import json
import re
from pathlib import Path
from typing import Any

from kaigong.domain.model.manifest import PACKET_PATTERN


def number_in(content: bytes) -> str | None:
    """The packet's number that a joint result carries; None for another file."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return None
    number = said.get("packet") if isinstance(said, dict) else None
    return number if isinstance(number, str) and re.fullmatch(PACKET_PATTERN, number) else None


def write(proof: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(proof, ensure_ascii=False, indent=1), "utf-8")


def told(proof: dict[str, Any]) -> dict[str, Any]:
    """What a proof says in short: what is wrong, how many entries there are, how many of them are anchored."""
    anchor, place = proof["anchor"], proof["place"]
    return {
        "packet": proof["packet"],
        "holds": not proof["faults"],
        "faults": proof["faults"],
        "entries": len(proof["entries"]),
        "anchored": place["seq"] if place else 0,
        "anchor": anchor["number"] if anchor else None,
        "anchored_at": anchor["until"] if anchor else None,
    }
