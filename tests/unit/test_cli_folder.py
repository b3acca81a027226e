"""A packet on disk: what is taken for a paper, what is refused, and what the manifest becomes."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kaigong.catalog import load
from kaigong.domain.model.manifest import PACKET_PATTERN, ManifestFile

from infra.command.client import folder, packets
from infra.samples import city_case

PROJECT = city_case().manifest()


def packet(path: Path, *names: str, **changes: Any) -> Path:
    """A folder with `project.json`, changed, and empty papers of these names."""
    (path / "project.json").write_text(json.dumps(PROJECT | changes), encoding="utf-8")
    for name in names:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).touch()
    return path


def codes(refused: pytest.ExceptionInfo[folder.FolderRefused]) -> set[tuple[str, str]]:
    return {(reason.where, reason.code) for reason in refused.value.reasons}


def test_a_paper_is_a_file_named_by_its_slot_or_the_one_file_in_a_folder_so_named(tmp_path: Path) -> None:
    packet(tmp_path, "drawings.PDF", "site-plan.jpeg", "land-contract/合同 (终稿)+.pdf", ".DS_Store")
    found = {paper.slot: paper.path.name for paper in folder.papers(tmp_path, load())}
    assert found == {"drawings": "drawings.PDF", "site-plan": "site-plan.jpeg", "land-contract": "合同 (终稿)+.pdf"}


def test_everything_that_is_no_paper_is_named_at_once(tmp_path: Path) -> None:
    packet(
        tmp_path,
        "plan.pdf",
        "drawings.docx",
        "business-licence.pdf",
        "business-licence.png",
        "land-contract/1.pdf",
        "land-contract/2.pdf",
    )
    with pytest.raises(folder.FolderRefused) as refused:
        folder.papers(tmp_path, load())
    assert codes(refused) == {
        ("plan.pdf", "unknown-slot"),
        ("drawings.docx", "suffix"),
        ("business-licence.png", "slot-twice"),
        ("land-contract", "not-one-file"),
    }


def test_a_material_of_several_files_has_them_in_its_folder_or_side_by_side(tmp_path: Path) -> None:
    packet(tmp_path, "drawings/10.pdf", "drawings/2.pdf", "site-photos.2.jpg", "site-photos.10.jpg", "site-photos.jpg")
    prepared = packets.first(tmp_path, "P-1", {})
    listed = [(file.slot, file.name) for file in (prepared.manifest and prepared.manifest.files) or ()]
    assert listed == [
        ("drawings", "2.pdf"),
        ("drawings", "10.pdf"),
        ("site-photos", "site-photos.2.jpg"),
        ("site-photos", "site-photos.10.jpg"),
        ("site-photos", "site-photos.jpg"),
    ]


def test_a_folder_with_what_is_no_file_or_too_many_of_them_is_refused(tmp_path: Path) -> None:
    packet(
        tmp_path, *(f"drawings/{n}.pdf" for n in range(41)), "site-plan/1.pdf", "site-photos/1.txt", "site-photos/2.jpg"
    )
    (tmp_path / "site-plan" / "more").mkdir()
    with pytest.raises(folder.FolderRefused) as refused:
        folder.papers(tmp_path, load())
    assert codes(refused) == {
        ("drawings", "too-many-files"),
        ("site-plan", "folder-inside"),
        ("site-photos", "suffix"),
    }


def test_a_supplement_replaces_the_file_of_its_name_and_keeps_the_others() -> None:
    before = [{"slot": "drawings", "upload": "u1", "name": f"{n}.pdf"} for n in (1, 2)]
    before += [{"slot": "soil-plan", "upload": "u1", "name": "old.pdf"}]
    new = [("drawings", "2.pdf"), ("drawings", "3.pdf"), ("soil-plan", "new.pdf")]
    found = packets._replaced(before, [ManifestFile(slot=slot, upload="u2", name=name) for slot, name in new])
    assert [(f.slot, f.upload, f.name) for f in found or ()] == [
        ("drawings", "u1", "1.pdf"),
        ("drawings", "u2", "2.pdf"),
        ("drawings", "u2", "3.pdf"),
        ("soil-plan", "u2", "new.pdf"),
    ]


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(folder.FolderRefused, match="no such folder"):
        packets.first(tmp_path / "nothing", None, {})


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_project_that_is_missing_or_unreadable_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "project.json").write_text(content)
    with pytest.raises(folder.FolderRefused, match=r"project\.json"):
        packets.first(tmp_path, None, {})


def test_the_manifest_lists_every_paper_where_it_will_lie(tmp_path: Path) -> None:
    prepared = packets.first(packet(tmp_path, "drawings.pdf", "site-plan.pdf"), "P-1", {})
    assert prepared.manifest is not None
    assert prepared.manifest.packet == "P-1"
    assert prepared.manifest.form == PROJECT["form"]
    listed = {(file.slot, file.upload, file.name) for file in prepared.manifest.files or ()}
    assert listed == {
        ("drawings", prepared.upload, "drawings.pdf"),
        ("site-plan", prepared.upload, "site-plan.pdf"),
    }


def test_the_command_line_goes_before_the_project_and_adds_promises_and_commitments(tmp_path: Path) -> None:
    said = {
        "matters": [*PROJECT["matters"], "drainage-permit"],
        "promises": ["energy-report"],
        "commitments": ["planning-permit"],
    }
    manifest = packets.first(packet(tmp_path), None, said).manifest
    assert manifest is not None
    assert list(manifest.matters) == said["matters"]
    assert list(manifest.promises) == [*PROJECT["promises"], "energy-report"]
    assert list(manifest.commitments) == [*PROJECT["commitments"], "planning-permit"]


def test_a_project_that_names_no_matters_begins_with_those_of_its_process(tmp_path: Path) -> None:
    written = {name: value for name, value in PROJECT.items() if name != "matters"}
    (tmp_path / "project.json").write_text(json.dumps(written), encoding="utf-8")
    manifest = packets.first(tmp_path, None, {}).manifest
    assert manifest is not None
    assert manifest.matters == load().processes["industrial"].start_matters


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"process": None}, "process"),
        ({"promises": "wage-security"}, "promises"),
        ({"matters": []}, "matters"),
        ({"enterprise": {"name": "某公司", "uscc": "123"}}, "enterprise.uscc"),
    ],
)
def test_what_breaks_the_schema_is_named_by_its_place(tmp_path: Path, changes: dict[str, Any], where: str) -> None:
    with pytest.raises(folder.FolderRefused) as refused:
        packets.first(
            packet(tmp_path, **changes), None, {"promises": ["wage-security"]} if "matters" in changes else {}
        )
    assert where in {reason.where for reason in refused.value.reasons}


def test_a_paper_handed_in_again_takes_the_place_of_the_one_before() -> None:
    before = [
        {"slot": "soil-plan", "upload": "u1", "name": "soil-plan.pdf"},
        {"slot": "site-plan", "upload": "u1", "name": "site-plan.pdf"},
    ]
    new = [packets.ManifestFile(slot="soil-plan", upload="u2", name="soil-plan.png")]
    replaced = packets._replaced(before, new)
    assert [(file.slot, file.upload) for file in replaced or ()] == [("site-plan", "u1"), ("soil-plan", "u2")]
    assert packets._replaced(None, new) is None  # a manifest that listed nothing counts whatever lies there


def test_ids_sort_by_the_time_they_were_made_and_keep_the_pattern() -> None:
    start = datetime(2026, 3, 6, 15, 59, 59, tzinfo=UTC)
    made = [folder.new_packet_id(start + timedelta(seconds=n)) for n in range(3)]
    assert made == sorted(made)
    assert made[0].startswith("20260306-235959-")  # the city's clock
    assert made[1].startswith("20260307-000000-")
    assert all(re.fullmatch(PACKET_PATTERN, packet_id) for packet_id in made)
    assert folder.new_packet_id(start) != folder.new_packet_id(start)


def test_a_submission_counts_as_seen_once_round_notices_or_refusal_changed() -> None:
    status: dict[str, Any] = {"status": "returned", "round": 1, "notices": [{}], "refusal": None}
    seen = packets.seen(status)
    assert packets.seen(dict(status)) == seen
    assert packets.seen(status | {"round": 2}) != seen
    assert packets.seen(status | {"notices": [{}, {}]}) != seen
    assert packets.seen(status | {"refusal": {"at": "2026-03-06T09:00:00Z"}}) != seen
    assert packets.seen(None) != seen
