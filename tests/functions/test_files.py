"""A material of several files on its way: by object storage alone, over the API and on the pages, in the table."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from kaigong import catalog
from kaigong.catalog import load
from kaigong.contract.routes import Group
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.packet import Paper
from kaigong.portal import access
from kaigong.store import keys, packets

from tests.patience import PATIENCE

from . import story
from .asking import APPLICANT, OWN, page_as, played, problem, valid
from .test_portal_drafts import MEGABYTE, announce, asked, path_of, saved, started
from .world import ENVIRONMENT, SIGNED, World

PACKET = story.PACKET
MATTERS = ["lightning-design-review"]
OTHERS = ("application-form", "business-licence", "authorisation", "design-qualification", "lightning-design")
WHO = access.Caller(name="user-1", groups=frozenset({Group.APPLICANT}), uscc=OWN)


def status_document() -> dict[str, Any]:
    key = keys.status_key(PACKET)
    return dict(json.load(boto3.client("s3").get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=key)["Body"]))


def test_a_folder_of_several_files_is_reviewed_in_the_order_of_their_names(world: World) -> None:
    world.submit(story.MANIFEST | {"matters": MATTERS, "promises": [], "commitments": []})
    for slot in OTHERS:
        world.upload(PACKET, slot, b"good")
    for name in ("10.pdf", "2.pdf", "1.pdf", "2.pdf"):
        world.upload(PACKET, "drawings", b"good " + name.encode(), name=name, upload=f"u-{name}")
    world.run()
    packet = packets.load(PACKET)
    assert [paper.name for paper in packet.papers.by_slot["drawings"]] == ["1.pdf", "2.pdf", "10.pdf"]
    (task,) = world.tasks
    (row,) = [m for m in task["materials"] if m["slot"] == "drawings"]
    assert [file["key"].rpartition("/")[2] for file in row["files"]] == ["1.pdf", "2.pdf", "10.pdf"]
    (told,) = [m for m in status_document()["materials"] if m["slot"] == "drawings"]
    assert [(file["name"], file["reviewed"]) for file in told["files"]] == [
        ("1.pdf", True),
        ("2.pdf", True),
        ("10.pdf", True),
    ]


def test_the_applicant_is_told_who_signed_a_paper_and_what_that_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    with played() as world:
        world.submit(story.MANIFEST | {"matters": MATTERS, "promises": [], "commitments": []})
        for slot in OTHERS:
            world.upload(PACKET, slot, b"good")
        world.upload(PACKET, "drawings", b"signed")
        world.run()
        (told,) = [m for m in status_document()["materials"] if m["slot"] == "drawings"]
        assert told["files"][0]["seals"] == [SIGNED.model_dump(mode="json")]
        assert told["reasons"][0]["code"] == "signer-unknown"
        page = page_as(monkeypatch, WHO, f"/packets/{PACKET}")["body"]
        for shown in ("样例测绘院", "签署人未经核实", "签署时间 2026年3月5日16:00"):
            assert shown in page


def test_one_of_several_files_is_taken_out_opened_and_replaced_and_the_others_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with played() as world:
        draft = saved(started(MATTERS))
        for name in ("2.pdf", "10.pdf", "1.pdf"):
            _put(world, draft, "drawings", name)
        world.run()
        shown = asked(path_of(draft), method="GET")
        row = _row(shown)
        assert [file["name"] for file in row["files"]] == ["1.pdf", "2.pdf", "10.pdf"]
        assert (row["state"], row["max_files"]) == ("warning", 40)  # nobody is named who drew them
        second = row["files"][1]["id"]
        page = page_as(monkeypatch, WHO, f"/apply/{draft['packet']}/papers/drawings", query={"file": second})
        assert "/2.pdf" in page["headers"]["Location"]
        out = asked(path_of(draft, "/taken-out"), {"version": shown["version"], "slot": "drawings", "file": second})
        assert [file["name"] for file in _row(out)["files"]] == ["1.pdf", "10.pdf"]
        _put(world, draft, "drawings", "10.pdf", b"good but newer")
        for slot in OTHERS:
            _put(world, draft, slot, "f.pdf")
        world.run()
        asked(path_of(draft, "/submission"), {"version": out["version"]})
        announce(world, keys.manifest_key(draft["packet"]))
        world.run()
        packet = packets.load(draft["packet"])
        papers = packet.papers.by_slot["drawings"]
        assert [(p.name, p.size) for p in papers] == [("1.pdf", 4), ("10.pdf", 14)]
        for upload in packet.uploads.values():  # after handing in as well: what counts, was replaced or taken out
            where = f"/packets/{packet.packet}/papers/{upload.slot}"
            opened = page_as(monkeypatch, WHO, where, query={"file": upload.id})
            assert upload.version in opened["headers"]["Location"]
        page = page_as(monkeypatch, WHO, f"/packets/{packet.packet}")["body"]
        assert all(f"file={upload.id}" in page for upload in packet.uploads.values())
        nothing = page_as(monkeypatch, WHO, f"/packets/{packet.packet}/papers/drawings", query={"file": "no"})
        assert nothing["statusCode"] == 404


def test_more_files_than_a_material_may_have_get_no_permit(monkeypatch: pytest.MonkeyPatch) -> None:
    with played() as world:
        draft = saved(started(MATTERS))
        for n in range(3):
            _put(world, draft, "drawings", f"{n}.pdf")
        asked_for = {"slot": "drawings", "size": MEGABYTE, "media_type": "application/pdf"}
        where = path_of(draft, "/uploads")
        drawings = load().materials["drawings"].changed(max_files=3)
        changed = load().changed(materials={**load().materials, "drawings": drawings})
        monkeypatch.setattr(catalog, "load", lambda: changed)
        code = problem(where, APPLICANT, method="POST", carries=asked_for | {"name": "4.pdf"})
        assert code == (400, "upload-refused")
        asked(where, asked_for | {"name": "2.pdf"})  # it takes the place of the one before


def test_files_are_sorted_by_their_names_to_the_materials_of_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    with played():
        draft = started(MATTERS)
        names = ["图纸/结施-1.pdf", "营业执照.jpg", "水保方案.pdf", "扫描件.pdf"]  # soil-plan is not asked for here
        slots = ["drawings", "business-licence", None, None]
        found = valid(asked(path_of(draft, "/uploads/sort"), {"names": names}), "SortedFiles")["files"]
        assert [(file["name"], file.get("slot")) for file in found] == list(zip(names, slots, strict=True))
        form = [("names", name) for name in names]
        page = page_as(monkeypatch, WHO, f"/apply/{draft['packet']}/uploads/sort", form)
        assert [file.get("slot") for file in json.loads(page["body"])["files"]] == slots


def _put(world: World, draft: dict[str, Any], slot: str, name: str, content: bytes = b"good") -> None:
    size = {"size": len(content), "media_type": "application/pdf"}
    permit = asked(path_of(draft, "/uploads"), {"slot": slot, "name": name, **size})
    requests.put(permit["url"], data=content, headers=permit["headers"], timeout=PATIENCE)
    announce(world, keys.upload_key(draft["packet"], slot, permit["upload"], permit["name"]))


def _row(shown: dict[str, Any]) -> dict[str, Any]:
    return next(dict(slot) for slot in shown["foreseen"]["slots"] if slot["slot"] == "drawings")


def test_what_is_larger_than_an_item_comes_back_whole_and_what_was_late_may_be_late_again(
    world: World,
) -> None:
    story.at_its_end(world)
    packet = packets.load(PACKET)
    (paper,) = packet.papers.by_slot["drawings"]
    noise = "".join(chr(0x20000 + (n * 7919) % 40000) for n in range(200))
    many = tuple(paper.changed(mark=f"{n}", key=f"{paper.key}/{n}/{noise[n % 200 :]}{noise}") for n in range(500))
    now = datetime.now(UTC)
    for papers, late in ((many, now), ((paper,), None), (many, now + timedelta(hours=1)), ((paper,), None)):
        _saved_with(papers, late)
        again = packets.load(PACKET)
        assert again.papers.by_slot["drawings"] == papers
        assert packets.papers_of([PACKET]) == {PACKET: again.papers}
        assert again.header
        assert again.header.late_since == late


def _saved_with(papers: tuple[Paper, ...], late: datetime | None) -> None:
    before = packets.load(PACKET)
    assert before.header
    header = before.header.changed(
        version=before.header.version + 1, ledger_seq=before.header.ledger_seq + 1, late_since=late
    )
    by_slot = before.papers.by_slot | {"drawings": papers}
    after = before.changed(header=header, papers=before.papers.changed(by_slot=by_slot))
    packets.save(before, after, chain(header.ledger_seq, GENESIS, (), datetime.now(UTC)), {})
