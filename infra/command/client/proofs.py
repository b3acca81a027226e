"""Proofs of ledgers, to keep and in short."""

import json
from pathlib import Path
from typing import Any


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
