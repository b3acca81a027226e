"""What `kaigong supplement` says becomes of a paper, and what it refuses before anything is uploaded."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kaigong.domain.model.manifest import Manifest

from infra.command.client import Connection, Target, packets, storage
from infra.command.client.additions import Around, Fate, becomes
from infra.command.client.folder import FolderRefused
from infra.samples import city_case

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test/", "https://issuer.test/", "c")
CASE = replace(
    city_case(), matters=("soil-conservation", "power-connection"), promises=(), commitments=("power-connection",)
)
PLAN, ALSO, BY_COMMITMENT = "soil-plan", "application-form", "site-plan"


def matter(code: str, state: str, route: str, *reasons: str | None) -> dict[str, Any]:
    name = {"zh": "市水利局", "en": "Water Bureau"}
    said = [{"slot": slot, "text": "有误"} if slot else {"text": "有误"} for slot in reasons]
    return {
        "matter": code, "state": state, "route": route, "department": "water", "department_name": name, "reasons": said
    }  # fmt: skip


def around(phase: str, *reasons: str | None, **changed: Any) -> Around:
    """A packet of a matter on papers and one by commitment; `reasons`: the slots of a correction that is asked for."""
    state = "correction" if reasons else "open"
    status: dict[str, Any] = {
        "packet": "P-1",
        "status": phase,
        "accepted_at": None if phase in ("draft", "submitted", "refused", "returned") else "2026-03-06T01:00:00Z",
        "matters": [
            matter("soil-conservation", state, "approval", *reasons),
            matter("power-connection", "approved", "commitment"),
        ],
        "gaps": [],
        "notices": [],
    }
    needed_by = {PLAN: ["soil-conservation"], ALSO: ["soil-conservation"], BY_COMMITMENT: ["power-connection"]}
    materials = {
        slot: {"slot": slot, "needed_by": [{"matter": code} for code in codes], "uploaded": {"reviewed": True}}
        for slot, codes in needed_by.items()
    }
    return Around(status | changed, materials, None)


def handing_in(found: Around) -> Around:
    manifest = {"schema": "kaigong/manifest/1", "packet": "P-1", **CASE.manifest()}
    return replace(found, manifest=Manifest.model_validate(manifest))


def refused(slot: str, found: Around) -> str:
    with pytest.raises(FolderRefused) as caught:
        becomes([slot], found)
    ((code, where),) = [(reason.code, reason.where) for reason in caught.value.reasons]
    assert where == slot
    assert "未上传任何文件" in caught.value.zh
    return code


def fate(slot: str, found: Around) -> Fate:
    return becomes([slot], found)[slot].code


GAP = {"slot": PLAN, "open": True, "owed": True}


@pytest.mark.parametrize("phase", ["in-review", "correcting", "decided", "issued", "withdrawn"])
def test_a_promised_paper_that_is_owed_closes_its_gap_whatever_comes_of_the_packet(phase: str) -> None:
    assert fate(PLAN, around(phase, gaps=[GAP])) is Fate.CLOSES_GAP
    assert refused(PLAN, around("issued", gaps=[GAP | {"owed": False}])) == "decided"


def test_a_correction_takes_what_was_asked_for_and_names_who_asked() -> None:
    found = becomes([PLAN], handing_in(around("correcting", PLAN)))[PLAN]
    assert found.code is Fate.ANSWERS_CORRECTION
    assert "市水利局" in found.text.zh
    assert "Water Bureau" in found.text.en
    assert refused(ALSO, handing_in(around("correcting", PLAN))) == "under-review"
    assert fate(ALSO, handing_in(around("correcting", PLAN, None))) is Fate.ANSWERS_CORRECTION  # one names no paper
    assert refused(PLAN, around("in-review", PLAN)) == "under-review"  # others are still at it: no notice went out


def test_a_paper_under_review_that_nobody_asked_for_is_refused() -> None:
    assert refused(PLAN, around("in-review")) == "under-review"
    assert refused(BY_COMMITMENT, around("in-review")) == "by-commitment"
    assert refused("fire-design", around("in-review")) == "not-asked-for"
    assert refused("credit-report", around("in-review")) == "shared"


@pytest.mark.parametrize("phase", ["decided", "issued", "withdrawn"])
def test_a_packet_that_is_over_takes_nothing(phase: str) -> None:
    code = "withdrawn" if phase == "withdrawn" else "decided"
    assert refused(PLAN, around(phase)) == code
    with pytest.raises(FolderRefused, match="kaigong submit"):
        becomes([PLAN], around(phase))


def test_a_returned_packet_takes_what_its_matters_ask_for() -> None:
    notice = {"kind": "returned", "items": [{"code": "material-missing", "slot": PLAN}, {"code": "letter-date"}]}
    found = handing_in(around("returned", notices=[notice]))
    assert fate(PLAN, found) is Fate.ANSWERS_NOTICE
    assert fate(ALSO, found) is Fate.REPLACES
    assert fate(ALSO, replace(found, materials={})) is Fate.ADDED
    assert fate("commitment-letters", replace(found, materials={})) is Fate.ADDED
    assert refused(BY_COMMITMENT, found) == "by-commitment"
    assert refused("fire-design", found) == "not-asked-for"


def test_a_draft_whose_matters_are_not_known_takes_anything() -> None:
    assert fate("fire-design", around("draft", matters=[])) is Fate.ADDED


def test_what_is_being_examined_takes_more_only_where_its_manifest_lists_nothing() -> None:
    assert refused(PLAN, around("submitted")) == "being-examined"
    assert fate(PLAN, replace(around("submitted"), whole_folder=True)) is Fate.REPLACES
    assert refused("fire-design", replace(around("submitted"), whole_folder=True)) == "not-asked-for"


def test_everything_that_nobody_would_see_is_told_at_once() -> None:
    with pytest.raises(FolderRefused) as caught:
        becomes([PLAN, "fire-design"], around("in-review"))
    assert [reason.where for reason in caught.value.reasons] == [PLAN, "fire-design"]


class Told:
    """The API, for one packet."""

    def __init__(self, found: Around) -> None:
        self._found = found

    def status(self, _: str) -> Any:
        return self._found.status

    def materials(self, _: str) -> Any:
        return {"materials": list(self._found.materials.values())}


def test_papers_that_only_close_gaps_do_not_hand_a_correction_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "last_manifest", lambda *_: CASE.manifest() | {"files": []})
    told: Any = Told(around("correcting", PLAN, gaps=[GAP | {"slot": "wage-security"}]))
    (tmp_path / "wage-security.pdf").touch()
    alone = packets.supplement(Connection(TARGET), told, "P-1", tmp_path)
    assert alone.manifest is None
    assert {slot: one.code for slot, one in alone.becomes.items()} == {"wage-security": Fate.CLOSES_GAP}
    (tmp_path / f"{PLAN}.pdf").touch()
    both = packets.supplement(Connection(TARGET), told, "P-1", tmp_path)
    assert both.manifest is not None
    assert {file.slot for file in both.manifest.files or ()} == {"wage-security", PLAN}
