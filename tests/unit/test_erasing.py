"""What `kaigong ops erase` takes of a packet: a kind of item is about people alone and goes, or stays for a reason."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from kaigong.store import keys

from infra import places
from infra.command.client import archive

PAGE = (Path(__file__).parents[2] / "docs" / "table.md").read_text("utf-8")
ERASED = (places.DRAFT, places.PHOTOS, *archive.PERSONAL)  # items as a whole

# What is kept, and why, by how the key begins. The law on case files keeps what was applied for, what was decided of it
# and by whom: docs/runbook.md, "What is kept, and erased".
APPLIED_FOR = "the case file: what was applied for, and for whom"
DECIDED = "the case file: what was decided, by whom and why"
MARKS = "codes, marks and moments; nobody is named"
KEPT = {
    "HEADER": APPLIED_FOR,
    "APPLIED": APPLIED_FOR,
    "SUBMISSION#": APPLIED_FOR,
    "~HISTORY#SUBMISSION#": APPLIED_FOR,
    "PAPERS": "the case file: which papers there were; the files themselves go",
    "PAPERS#": "the case file: which papers there were; the files themselves go",
    "UPLOAD#": "what was found in a paper; the text that was read of it goes",
    "~OLD#UPLOAD#": "what was found in a paper; the text that was read of it goes",
    "~HISTORY#REPLACED#": "the case file: which papers a correction replaced",
    "SIGNED#": "the case file: who answers for a commitment",
    "REVIEW#": DECIDED,
    "DECISION#": DECIDED,
    "~HISTORY#DECISION#": DECIDED,
    "~HISTORY#PROPOSAL#": DECIDED,
    "PROCEDURE#": DECIDED,
    "~HISTORY#PROCEDURE#": DECIDED,
    "REVOCATION#": DECIDED,
    "ACT#": "the case file: what was done, of which the ledger has the hash",
    "RESULT": DECIDED,
    "ISSUED#joint-result": DECIDED,
    "DOCUMENTS#": DECIDED,
    "~HISTORY#DOCUMENTS#": DECIDED,
    "SUPERVISED#": DECIDED,
    "BENEFIT#": DECIDED,
    "~LEDGER#": "the ledger: people stand in it by hashes",
    "~LEDGER-OUTBOX#": "the ledger: people stand in it by hashes",
    "REFUSAL#newest": "why a manifest was none, by its places",
    "~OLD#REFUSAL#": "why a manifest was none, by its places",
    "PUT-BY": MARKS,
    "COUNTED": MARKS,
    "LATE": MARKS,
    "PROGRESS-LINK": "a link that the enterprise was given",
    # in other partitions
    "SUPERVISION#": "supervision records are kept for good",
    "REFUSED#": "goes by itself after 90 days",
    "BREACH#": "what is on record of an enterprise's promises",
    "PACKET#": "what a project has in this packet, in codes and figures of the form",
    "SUBMITTED#": "what the window finds the case file by",
    "WAITS#": MARKS,
    "CAPPED#": MARKS,
}


def section(begins: str, ends: str) -> Iterator[list[str]]:
    """The rows of a part of the page, by their columns."""
    for line in PAGE.split(begins)[1].split(ends)[0].splitlines():
        if line.startswith("| `"):
            yield line.strip("|").split(" | ")


def kinds() -> Iterator[str]:
    """How the keys begin of every item that is about one packet, wherever it lies."""
    for first, *columns in section("## One packet", "**What fits.**"):
        yield from re.findall(r"`([~A-Z][^`<]*)", first)
        yield from re.findall(r"`(~(?:HISTORY|OLD)#[A-Z-]+#)", columns[-1])
    for partition, sort, *_ in section("## Others", "## Rights"):
        if beginning := re.match(r" ?`([A-Z-]+#)<packet>", partition):
            yield beginning[1]
        for found in re.findall(r"`([A-Z]+#)?[^`]*<packet>`", sort):
            yield found or partition.strip(" `").partition("<")[0]


@pytest.mark.parametrize("kind", sorted(set(kinds())))
def test_a_kind_of_item_is_erased_or_kept_for_a_reason(kind: str) -> None:
    assert (kind in ERASED) is not (kind in KEPT), kind


def test_no_reason_is_left_of_a_kind_that_is_gone() -> None:
    assert set(kinds()) == {*ERASED, *KEPT}


def test_the_places_that_infra_knows_are_those_of_the_keys() -> None:
    day = date(2026, 3, 6)
    assert (
        keys.packet_pk(""), keys.draft_key("")["pk"], keys.supervision_pk(""), keys.photos_pk(""), keys.benefits_pk(""),
    ) == places.OF_PACKET  # fmt: skip
    assert (places.HEADER, places.LEDGER) == (keys.HEADER, keys.LEDGER)
    assert keys.OUTBOX.startswith(places.LEDGER)
    assert (keys.upload_sk("", "")[:-1], keys.OLD + keys.upload_sk("", "")[:-1]) == (places.UPLOAD, places.OLD_UPLOAD)
    begins = {
        places.MAIL_TO: keys.mail_to_sk("x"),
        places.LEASE: keys.lease_sk("x", 1),
        places.ANSWERING: keys.answering_sk("x"),
        places.REMARK: keys.remark_sk("x"),
        places.PAPERS: keys.folder("x"),
        places.COPIES: keys.copies_folder("x"),
        places.ISSUED: keys.issued_folder("x"),
        places.EXCHANGE: keys.exchange_day(day),
        places.EVENTS: keys.events_key(day, 1),
        places.ANCHORS: keys.anchor_key(1),
    }
    assert [(place, key) for place, key in begins.items() if not key.startswith(place)] == []
    assert places.exchange_manifest(day) == keys.exchange_manifest_key(day)
    assert places.exchange_manifest(day, "r") == keys.exchange_manifest_key(day, "r")
    assert places.anchor_part(1, 2, "r") == keys.anchor_part_key(1, 2, "r")
