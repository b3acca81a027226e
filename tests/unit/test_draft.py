"""A draft keeps what was typed, says what is missing, and becomes a manifest."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain import words
from kaigong.domain.intake import draft as drafts
from kaigong.domain.intake.draft import safe_name
from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.draft import Draft, EnterpriseTyped, Filled, ProjectTyped
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.messages import BasicData
from kaigong.domain.model.packet import ActKind, NoticeKind, Packet
from kaigong.domain.model.signature import Signer
from pydantic import ValidationError

from .building import CATALOGUE, EMPTY, ENTERPRISE, MORNING, PACKET, PROJECT, Case
from .lettering import LETTERED, in_force

LATER = MORNING + timedelta(minutes=5)


def draft(*matters: str, **more: Any) -> Draft:
    """A draft that is filled in, of the tests' enterprise and project."""
    fields = {
        "packet": PACKET,
        "owner": ENTERPRISE.uscc,
        "by": "user-1",
        "process": "ordinary",
        "matters": matters or ("soil",),
        "enterprise": EnterpriseTyped(name=ENTERPRISE.name),
        "project": ProjectTyped(name=PROJECT.name),
        "updated_at": MORNING,
    }
    return Draft.model_validate(fields | more)


def wanted(what: Draft, *files: Stored) -> list[str]:
    return [item.field for item in drafts.manifest(what, files, LETTERED)[1]]


def lying(slot: str, upload: str = "u1", name: str = "f.pdf", **more: Any) -> Stored:
    return Stored(slot=slot, upload=upload, name=name, mark=upload, **more)


def test_a_draft_that_is_filled_in_becomes_the_manifest_it_says() -> None:
    what = draft(
        "soil", "permit", promises=("soil-plan",), project=ProjectTyped(name=PROJECT.name, serviced_site=False)
    )
    made, missing = drafts.manifest(what, [lying("form")], CATALOGUE)
    assert not missing
    assert (made.enterprise, made.matters, made.promises) == (ENTERPRISE, ("soil", "permit"), ("soil-plan",))
    assert made.project.serviced_site is False
    assert [(f.slot, f.upload, f.name) for f in made.files or ()] == [("form", "u1", "f.pdf")]


def test_a_draft_is_sent_already_until_it_changes_or_comes_back() -> None:
    case = Case()
    sent = drafts.handed(draft(), 1, "md5", LATER)
    assert not drafts.sent_already(draft(), case.packet)
    assert drafts.sent_already(sent, case.packet), "nobody looked at it yet"
    assert not drafts.sent_already(drafts.without(sent, [lying("form")], "user-1", LATER + timedelta(1)), case.packet)
    case.submit("soil")
    case.advance()
    assert case.notices(NoticeKind.RETURNED)
    assert not drafts.sent_already(sent, case.packet)
    again = drafts.handed(sent, 2, "md6", LATER + timedelta(1))
    assert drafts.sent_already(again, case.packet)
    accepted = Case().accepted("soil")
    assert drafts.sent_already(sent, accepted.packet)


def test_every_field_that_is_missing_or_wrong_is_named_at_once_and_what_was_typed_stays() -> None:
    typed = draft(
        enterprise=EnterpriseTyped(name=" ", phone="1", address="x" * 201, legal_representative="y" * 201),
        project=ProjectTyped(code="2603-4114", address="z" * 300),
    )
    assert set(wanted(typed)) == {
        "enterprise.name",
        "enterprise.phone",
        "enterprise.address",
        "enterprise.legal_representative",
        "project.name",
        "project.code",
        "project.address",
    }
    assert (typed.project.code, typed.enterprise.phone) == ("2603-4114", "1")


def test_what_may_stay_blank_is_not_asked_for() -> None:
    assert wanted(draft()) == []


def test_a_form_longer_than_anybody_types_is_refused() -> None:
    with pytest.raises(ValidationError):
        ProjectTyped(name="x" * 501)


def test_a_new_draft_has_the_basic_data_and_each_matter_once() -> None:
    basic = BasicData(name=ENTERPRISE.name, legal_representative="张开", address="某路1号")
    what = drafts.begun(PACKET, ENTERPRISE.uscc, "user-1", "ordinary", ["soil", "soil"], basic, MORNING)
    assert what.enterprise == EnterpriseTyped(name=ENTERPRISE.name, legal_representative="张开", address="某路1号")
    assert (what.matters, what.version) == (("soil",), 1)


def test_that_the_window_began_a_draft_stays_whatever_becomes_of_it() -> None:
    code = ENTERPRISE.uscc
    began = drafts.begun(PACKET, code, "officer-7", "ordinary", ["soil"], None, MORNING, by_window=True)
    for what in (began, drafts.saved(began, Filled(matters=("flood",)), LATER), drafts.handed(began, 1, "md5", LATER)):
        assert what.by_window
        assert "officer-7" not in repr(what)
        assert "officer-7" not in drafts.manifest(what, [], CATALOGUE)[0].model_dump_json()
    assert not drafts.begun(PACKET, code, "user-1", "ordinary", ["soil"], None, MORNING).by_window
    manifest, _ = drafts.manifest(draft("soil"), [], CATALOGUE)
    assert drafts.taken_up(manifest, code, "officer-7", LATER, by_window=True).by_window


def test_a_draft_taken_up_from_a_manifest_makes_that_manifest_again() -> None:
    first, _ = drafts.manifest(draft("soil", promises=("soil-plan",)), [], CATALOGUE)
    again = drafts.taken_up(first, ENTERPRISE.uscc, "user-2", LATER)
    assert drafts.manifest(again, [], CATALOGUE)[0] == first


def test_each_save_is_a_version() -> None:
    before = draft()
    after = drafts.saved(before, Filled(matters=("flood",), promises=("a-b", "a-b"), commitments=("soil",)), LATER)
    assert (after.version, after.updated_at) == (before.version + 1, LATER)
    assert (after.matters, after.promises, after.commitments) == (("flood",), ("a-b",), ())
    assert (after.packet, after.owner, after.process) == (before.packet, before.owner, before.process)


# letters


def accepted(what: Draft, matter: str) -> Draft:
    letter = drafts.letter_for(what, matter, LETTERED)
    assert letter
    return drafts.accepted(what, letter, Signer(name="李四"), LATER)


def test_a_letter_is_asked_for_until_it_is_accepted_and_the_manifest_carries_the_acceptance() -> None:
    what = draft("planning", "land-use", commitments=("planning", "land-use"))
    assert wanted(what) == ["letters.planning", "letters.land-use"]
    what = accepted(accepted(what, "planning"), "land-use")
    assert wanted(what) == []
    entry = drafts.manifest(what, [], LETTERED)[0].letters[0]
    held = in_force(LETTERED, "planning")
    assert (entry.matter, entry.version, entry.sha256) == ("planning", held.version, held.sha256)
    assert (entry.by, entry.at) == ("李四", LATER)


def test_a_letter_whose_text_changed_since_is_to_be_accepted_again_and_is_not_handed_in() -> None:
    what = accepted(draft("planning", commitments=("planning",)), "planning")
    changed = what.changed(project=ProjectTyped(name="另一个项目"))
    assert wanted(changed) == ["letters.planning"]
    assert drafts.manifest(changed, [], LETTERED)[0].letters == ()
    assert wanted(changed.changed(project=what.project)) == []  # and counts again where it is as it was


def test_accepting_again_replaces_the_older_acceptance() -> None:
    what = accepted(draft("planning", commitments=("planning",)), "planning")
    changed = what.changed(project=ProjectTyped(name="另一个项目"))
    assert len(accepted(changed, "planning").letters) == 1


def test_a_signed_letter_that_was_uploaded_does_as_well() -> None:
    assert wanted(draft("planning", commitments=("planning",)), lying("signed-letters")) == []


def test_an_acceptance_goes_with_the_commitment() -> None:
    what = accepted(draft("planning", "soil", commitments=("planning",)), "planning")
    assert drafts.saved(what, Filled(matters=("planning",)), LATER).letters == ()


# files


def test_the_newest_file_of_a_slot_counts_and_one_not_examined_is_newer() -> None:
    case = Case()
    case.upload("form")
    mark = case.packet.slots["form"].mark
    old = lying("form", "u1", at=MORNING).changed(mark=mark)
    assert drafts.counting_files(case.packet, [old], CATALOGUE) == {"form": ((old, True),)}
    new, newer = lying("form", "u2", at=LATER), lying("form", "u3", at=LATER + timedelta(seconds=1))
    assert drafts.counting_files(case.packet, [newer, old, new], CATALOGUE) == {"form": ((newer, False),)}


def test_an_older_file_that_was_examined_is_not_the_newest() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    first = case.packet.slots["form"].mark
    case.upload("form")
    old = lying("form", "u1", at=LATER).changed(mark=first)
    new = lying("form", "u2", at=MORNING).changed(mark=case.packet.slots["form"].mark)
    assert drafts.counting_files(case.packet, [old, new], CATALOGUE) == {"form": ((new, True),)}


# when something may come


def state(case: Case) -> tuple[bool, bool, bool]:
    """Whether a paper for a promised slot, for another, and a submission may come."""
    packet = case.packet
    return (
        drafts.why_no_paper(packet, "soil-plan") is None,
        drafts.why_no_paper(packet, "form") is None,
        drafts.why_no_submission(packet) is None,
    )


def test_papers_and_submissions_may_come_while_the_application_is_the_applicants() -> None:
    case = Case()
    assert state(case) == (True, True, True)
    case.submit("soil")
    assert state(case) == (False, False, False)  # it is being looked at
    case.advance()
    assert state(case) == (True, True, True)  # returned
    case.upload("form")
    case.submit("soil", promises=["soil-plan"])
    case.advance()
    assert state(case) == (True, False, False)  # accepted with a gap
    case.upload("soil-plan")
    case.advance()
    assert state(case) == (False, False, False)


def test_nothing_may_come_once_the_packet_was_withdrawn() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    case.act(ActKind.WITHDRAW)
    case.advance()
    assert state(case) == (False, False, False)


def test_what_is_owed_for_an_approval_may_come_though_the_packet_was_withdrawn() -> None:
    case = Case().accepted("soil", "flood", promises=["soil-plan"])
    case.decide("soil")
    case.advance()
    case.act(ActKind.WITHDRAW)
    case.advance()
    assert state(case) == (True, False, False)
    assert drafts.why_no_paper(case.packet, "form") == words.draft.WITHDRAWN
    assert drafts.why_no_submission(case.packet) == words.draft.WITHDRAWN_OWING
    case.upload("soil-plan")
    case.advance()
    assert state(case) == (False, False, False)
    assert drafts.why_no_submission(case.packet) == words.draft.WITHDRAWN


def test_a_draft_without_anything_uploaded_is_open() -> None:
    assert drafts.why_no_paper(Packet(packet=PACKET), "form") is None


# names of files


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("申请表 (1)+.pdf", "申请表 (1)+.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b.pdf", "a_b.pdf"),
        ("a\x00\n.pdf", "a__.pdf"),
        ("..", "file"),
        ("", "file"),
        (".pdf", "pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("材" * 300 + ".PDF", "材" * 65 + ".PDF"),
    ],
)
def test_a_files_name_is_kept_as_far_as_a_key_can_have_it(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_is_safe_in_a_key_and_in_a_manifest(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe.encode()) <= drafts.LONGEST_NAME
    assert "/" not in safe
    assert safe not in (".", "..")
    assert safe_name(safe) == safe
    Manifest.model_validate(
        {
            "schema": "kaigong/manifest/1",
            "packet": PACKET,
            "process": "ordinary",
            "matters": ["soil"],
            "enterprise": ENTERPRISE,
            "project": PROJECT,
            "files": [{"slot": "form", "upload": "u", "name": safe}],
        }
    )
