"""What a draft's page says would come of handing it in is what comes of it, in the same words."""

from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake import draft as drafts
from kaigong.domain.intake.application import check
from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.draft import Draft, EnterpriseTyped, ProjectTyped
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Status
from kaigong.domain.model.signature import Role, Signer, Signing
from kaigong.domain.model.standing import OpenGap, ProjectStanding
from kaigong.views.foreseen import Foreseen, foreseen
from kaigong.views.states import SlotState

from .building import (
    CATALOGUE,
    DOUBTFUL,
    EMPTY,
    ENTERPRISE,
    MORNING,
    PACKET,
    SCRIPTED,
    Case,
    Chance,
    a_catalogue,
    a_credit,
    a_paper,
    chances,
    credit,
)
from .lettering import LETTERED, SLOT, with_letters, without_letters
from .test_draft import draft, lying


def files(case: Case) -> list[Stored]:
    """The files that count as a listing of the packet's folder has it."""
    return [
        lying(file.slot, file.version, file.name, at=file.uploaded_at).changed(mark=file.mark) for file in case.lying
    ]


def seen(case: Case, what: Draft, more: tuple[Stored, ...] = ()) -> Foreseen:
    return foreseen(case.packet, what, [*files(case), *more], case.surroundings)


def hand_in(case: Case, what: Draft) -> list[NoticeItem]:
    """Hand the draft in as the portal does; what the applicant is told is wrong."""
    made, missing = drafts.manifest(
        what, [entry.file for found in there(case).values() for entry in found], case.catalogue
    )
    assert not missing
    awaited, reasons = check(made, PACKET, case.catalogue, files(case))
    assert not reasons
    content = made.model_dump(exclude={"schema_", "process", "matters", "packet"})
    handed = [case.packet.uploads[a.slot, a.mark] for a in awaited]
    case.submit(*made.matters, process=made.process, awaits=handed, **content)
    known = set(case.packet.notices)
    case.advance()
    kinds = (NoticeKind.RETURNED, NoticeKind.CORRECTION)
    return [i for n in case.packet.notices.values() if n.number not in known and n.kind in kinds for i in n.items]


def there(case: Case) -> dict[str, tuple[drafts.Lying, ...]]:
    return drafts.counting_files(case.packet, files(case), case.catalogue)


class Drawn(NamedTuple):
    case: Case
    draft: Draft


AGENT = Signer(name="李四", role=Role.AUTHORISED_AGENT)


def a_draft(chance: Chance) -> Drawn:
    """Any draft that is filled in, with any papers, promises, commitments and letters that are accepted or not."""
    catalogue = chance.of([with_letters, without_letters])(a_catalogue(chance))
    case = Case(catalogue, a_credit(chance))
    for slot in chance.some(catalogue.materials):
        for name in chance.of([["f.pdf"], ["2.pdf", "10.pdf"]]):
            case.upload(slot, facts=a_paper(chance), name=name)
    matters = chance.some(catalogue.matters, min_size=1)
    commitments = chance.some(matters)
    what = draft(*matters, process="process", promises=chance.some(catalogue.materials), commitments=commitments)
    for code in commitments:
        letter = drafts.letter_for(what, code, catalogue)
        if letter:
            what = drafts.accepted(what, letter, AGENT, MORNING - timedelta(minutes=1))
    return Drawn(case, what)


drawn = chances.map(a_draft)


@given(drawn)
def test_what_is_foreseen_is_exactly_what_acceptance_then_says(what: Drawn) -> None:
    case = what.case
    before = seen(case, what.draft)
    assert before.complete
    told = hand_in(case, what.draft)
    assert list(before.returned) == told
    assert before.ready == (case.header.status is not Status.RETURNED)
    assert (before.channel, before.why_channel) == (case.header.channel, case.packet.rights and case.packet.rights.why)


@given(drawn)
def test_each_slot_shows_what_acceptance_makes_of_it(what: Drawn) -> None:
    case = what.case
    before = {slot.slot: slot for slot in seen(case, what.draft).slots}
    told = {item.slot for item in hand_in(case, what.draft) if item.slot in before}
    assert {code for code, slot in before.items() if slot.state in (SlotState.MISSING, SlotState.DEFICIENT)} == told
    if case.header.accepted_at:
        assert {code for code, slot in before.items() if slot.state is SlotState.PROMISED} == set(case.packet.gaps)
        usable = (SlotState.VALID, SlotState.WARNING)
        assert {code for code, slot in before.items() if slot.state in usable} == set(case.packet.papers.by_slot)


@given(drawn)
def test_promising_what_may_be_promised_and_uploading_the_rest_makes_it_acceptable(what: Drawn) -> None:
    case, plain = what.case, what.draft.changed(commitments=(), letters=())
    lacking = [s for s in seen(case, plain).slots if s.state in (SlotState.MISSING, SlotState.DEFICIENT)]
    case.replace(slot.slot for slot in lacking if not slot.may_promise)
    promises = (*plain.promises, *(slot.slot for slot in lacking if slot.may_promise))
    after = seen(case, plain.changed(promises=promises))
    assert after.ready
    assert all(slot.why_no_promise for slot in after.slots if slot.main and slot.state is SlotState.VALID)


@given(
    st.builds(
        EnterpriseTyped,
        name=st.sampled_from(["甲公司", "甲 公司", "乙公司", "", "x" * 300]),
        legal_representative=st.sampled_from(["张三", "李四", ""]),
        address=st.sampled_from(["某路1号", "某路2号", ""]),
    ),
    st.sampled_from(["", "2603", "2603-411400-04-01-123456", "2603-110000-04-01-123456"]),
    st.sampled_from(
        [None, {"name": "乙公司"}, {"name": "甲公司", "legal_representative": "张三", "address": "某路1号"}]
    ),
    st.sampled_from(["91411402MA0KG0002N", "91411402MA0KG0003M"]),  # the check character of the second is wrong
)
def test_doubts_are_told_before_and_are_those_that_acceptance_then_puts_on_record(
    enterprise: EnterpriseTyped, code: str, basic: dict[str, str] | None, owner: str
) -> None:
    record = credit(uscc=owner, **({} if basic is None else {"basic": basic}))
    case = Case(CATALOGUE.changed(region="4114"), record)
    case.upload("form")
    project = ProjectTyped(name="某项目", code=code)
    what = draft("soil", owner=owner, enterprise=enterprise, project=project, promises=("soil-plan",))
    before = seen(case, what)
    unclear = {item.field for item in before.wanting}
    assert not unclear & {doubt.field for doubt in before.doubts}, "what is still to be filled in is not doubted yet"
    if unclear:
        return
    assert before.ready, "a doubt stops nothing"
    hand_in(case, what)
    assert case.header.doubts == tuple(doubt.code for doubt in before.doubts)
    told = {item.text for item in case.last_notice(NoticeKind.ACCEPTED).items}
    assert {doubt.text for doubt in before.doubts} <= told
    assert seen(case, what).doubts == (), "on record now, and told there"


def test_a_doubt_names_the_field_that_it_is_about() -> None:
    case = Case(CATALOGUE.changed(region="4114"), credit(basic={"name": "某公司", "address": "登记的住所"}))
    what = draft(
        "soil",
        owner="91411402MA0KG0003M",
        enterprise=EnterpriseTyped(name="某公司", address="另一住所"),
        project=ProjectTyped(name="某项目", code="2603-110000-04-01-123456"),
    )
    assert {doubt.code: doubt.field for doubt in seen(case, what).doubts} == {
        "credit-code-check": "enterprise.uscc",
        "project-code-region": "project.code",
        "differs-address": "enterprise.address",
    }


def slot_of(found: Foreseen, code: str) -> Any:
    (row,) = [slot for slot in found.slots if slot.slot == code]
    return row


def test_a_row_says_what_was_found_and_what_to_do() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    found = seen(case, draft("soil", "land-use"))
    form = slot_of(found, "form")
    assert (form.state, form.main, form.may_promise) == (SlotState.DEFICIENT, True, False)
    assert "0 字节" in form.findings[0].zh
    assert form.to_do.zh.startswith("请按上述提示修改后重新上传")
    assert [m.code for m in form.matters] == ["soil", "land-use"]
    licence = slot_of(found, "licence")
    assert (licence.state, licence.may_promise) == (SlotState.SHARED, False)
    plan = slot_of(found, "soil-plan")
    assert (plan.state, plan.may_promise) == (SlotState.MISSING, True)
    assert "2026年4月" in plan.to_do.zh
    assert found.gaps_due.at > case.now


def test_a_warning_is_shown_and_stops_nothing() -> None:
    case = Case()
    case.upload("form", "soil-plan", facts=DOUBTFUL)
    found = seen(case, draft("soil"))
    assert slot_of(found, "form").state is SlotState.WARNING
    assert slot_of(found, "form").findings
    assert found.ready


def test_a_commitment_takes_the_place_of_papers_and_shows_its_letter_until_it_is_accepted() -> None:
    case = Case(LETTERED)
    case.upload("form")
    what = draft("land-use", "soil", commitments=("land-use",), promises=("soil-plan",))
    found = seen(case, what)
    assert slot_of(found, "land-contract").state is SlotState.BY_COMMITMENT
    (letter,) = found.letters
    assert (letter.matter, letter.accepted, letter.again) == ("land-use", None, False)
    assert not found.complete
    what = drafts.accepted(what, letter.letter, AGENT, MORNING)
    found = seen(case, what)
    assert found.ready
    assert found.letters[0].accepted
    renamed = what.changed(project=ProjectTyped(name="另一个项目"))
    assert seen(case, renamed).letters[0].again
    own = what.changed(enterprise=EnterpriseTyped(name=ENTERPRISE.name, legal_representative="张三"))
    own = drafts.accepted(own, letter.letter, Signer(name="张三", role=Role.LEGAL_REPRESENTATIVE), MORNING)
    assert not seen(case, own).letters[0].again
    other = own.changed(enterprise=EnterpriseTyped(name=ENTERPRISE.name, legal_representative="王五"))
    assert seen(case, other).letters[0].again  # the one who signed is not the legal representative any more
    hand_in(case, what)
    assert case.packet.commitments["land-use"].signing is Signing.ELECTRONIC
    assert case.packet.commitments["land-use"].signer == AGENT


def test_letters_signed_on_paper_have_a_row_where_something_is_committed_to_and_count_where_not_accepted_here() -> None:
    case = Case(LETTERED)
    case.upload("form")
    what = draft("land-use", "soil", commitments=("land-use",), promises=("soil-plan",))
    assert SLOT not in {slot.slot for slot in seen(case, draft("land-use", "soil")).slots}
    row = slot_of(seen(case, what), SLOT)
    assert (row.state, row.why_no_paper, [m.code for m in row.matters]) == (SlotState.OPTIONAL, None, ["land-use"])
    assert seen(case, what, (lying(SLOT, "u9", at=case.now),)).slots[-1].state is SlotState.EXAMINING
    case.upload(SLOT, facts=EMPTY)
    row = slot_of(seen(case, what), SLOT)
    assert row.state is SlotState.DEFICIENT
    assert row.to_do.zh.startswith("请按上述提示修改后重新上传，或者在线签署")
    letter = drafts.letter_for(what, "land-use", LETTERED)
    assert letter
    row = slot_of(seen(case, drafts.accepted(what, letter, AGENT, MORNING)), SLOT)
    assert (row.state, row.to_do.zh) == (SlotState.OPTIONAL, "承诺书均已在线签署，无需上传。")
    case.upload(SLOT)
    found = seen(case, what)
    assert slot_of(found, SLOT).state is SlotState.VALID
    assert found.ready
    hand_in(case, what)
    assert case.packet.commitments["land-use"].signing is Signing.UPLOADED
    assert SLOT not in {slot.slot for slot in seen(case, what).slots}  # accepted: no letter is looked for any more


def test_a_file_that_is_not_examined_yet_shows_as_such_whatever_came_before_it() -> None:
    case = Case()
    case.upload("form", facts=SCRIPTED)
    found = seen(case, draft("soil"), (lying("form", "u9", at=case.now), lying("soil-plan", "u9", at=case.now)))
    assert slot_of(found, "form").state is slot_of(found, "soil-plan").state is SlotState.EXAMINING
    assert found.examining == ("form", "soil-plan")
    assert slot_of(found, "form").findings == ()


def test_a_form_that_is_not_filled_in_still_shows_what_its_papers_are_worth() -> None:
    case = Case()
    case.upload("form")
    found = seen(case, draft("soil", project=ProjectTyped()))
    assert [item.field for item in found.wanting] == ["project.name"]
    assert not found.complete
    assert slot_of(found, "form").state is SlotState.VALID
    assert [item.slot for item in found.returned] == ["soil-plan"]


def test_a_matter_that_left_the_process_is_named_before_it_is_refused() -> None:
    found = seen(Case(), draft("soil").changed(matters=("soil", "no-such-matter")))
    assert [reason.code for reason in found.refused] == ["unknown-matter"]
    assert not found.complete


def test_what_bars_joint_acceptance_is_foreseen() -> None:
    joint = CATALOGUE.processes["ordinary"].changed(joint_acceptance=True)
    case = Case(CATALOGUE.changed(processes={"ordinary": joint}))
    case.upload("form", "soil-plan")
    assert [item.code for item in seen(case, draft("soil")).returned] == ["project-code-missing"]
    gap = OpenGap(
        packet="20260301-before", uscc="91411402MA0KG0003M", slot="form", due=seen(case, draft("soil")).gaps_due
    )
    case.project = ProjectStanding(open_gaps=(gap,))
    coded = draft("soil", project=ProjectTyped(name="某项目", code="2603-411400-04-01-123456"))
    assert [item.code for item in seen(case, coded).returned] == ["project-gap-open"]


def test_a_correction_is_foreseen_as_well() -> None:
    case = Case().accepted("soil")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="form", text="请补盖公章"))
    case.advance()
    assert case.header.status is Status.CORRECTING
    found = seen(case, draft("soil"))
    assert [(item.code, item.slot) for item in found.returned] == [("correction-missing", "form")]
    case.upload("form")
    assert seen(case, draft("soil")).ready
    assert hand_in(case, draft("soil")) == []
    assert case.header.status is Status.IN_REVIEW


def test_nothing_is_foreseen_of_an_application_that_was_accepted() -> None:
    case = Case().accepted("soil")
    found = seen(case, draft("soil"))
    assert found.why_not
    assert not found.complete
    assert found.returned == ()
    assert slot_of(found, "form").why_no_paper


def test_what_an_accepted_packet_owes_is_due_when_it_was_promised_for() -> None:
    case = Case().accepted("soil", promises=["soil-plan"])
    due = case.packet.gaps["soil-plan"].due.at
    case.now += timedelta(days=10)
    row = slot_of(seen(case, draft("soil", promises=("soil-plan",))), "soil-plan")
    assert (row.state, row.why_no_paper) == (SlotState.PROMISED, None)
    assert f"{due.month}月{due.day}日" in row.to_do.zh
