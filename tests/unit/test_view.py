"""What people are told of a packet, at every stage of its way."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.messages import DecisionReason, Outcome, Replacement
from kaigong.domain.packet import ActKind, Packet, Refusal, RefusalReason, ResultCode
from kaigong.domain.shown import Holder, MatterState, MatterStatus, Phase
from kaigong.domain.text import Text
from kaigong.domain.view import applicant, ledger, materials, status, summary

from .building import CATALOGUE, EMPTY, ENTERPRISE, MORNING, OTHER_ENTERPRISE, PACKET, Case, catalogues, papers, some


def seen(case: Case):
    return status(case.packet, case.catalogue, case.now)


def matter(case: Case, code: str) -> MatterStatus:
    return next(m for m in seen(case).matters if m.matter == code)


def material(case: Case, slot: str):
    return next(m for m in materials(case.packet, case.catalogue).materials if m.slot == slot)


def refusal(case: Case) -> None:
    text = Text(zh="格式有误。", en="Wrong format.")
    refused = Refusal(
        packet=PACKET, version="m-bad", reasons=(RefusalReason(code="c", where="matters", text=text),), at=case.now
    )
    case.packet = case.packet.model_copy(update={"refusals": {"m-bad": refused}})


def decide_all(case: Case, outcome: Outcome = Outcome.APPROVE) -> Case:
    while case.open():
        for code in case.open():
            case.decide(code, outcome)
        case.advance()
    return case


# where it is


def test_uploads_without_a_manifest_are_a_draft_that_its_applicant_submits() -> None:
    case = Case()
    case.upload("form", "drawings")
    found = seen(case)
    assert (found.status, found.next.holder, found.round) == (Phase.DRAFT, Holder.APPLICANT, 0)
    assert found.enterprise is None
    assert found.matters == ()


def test_a_submission_says_how_many_of_its_papers_are_examined() -> None:
    case = Case()
    awaited = [case.announced("form"), case.announced("drawings")]
    case.submit("fire-review", awaits=awaited)
    case.examined(awaited[0])
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.SUBMITTED, Holder.SYSTEM)
    assert found.examination
    assert (found.examination.examined, found.examination.awaited) == (1, 2)
    assert "1 of 2" in found.next.why.en
    assert [m.state for m in found.matters] == [MatterState.APPLIED]


def test_a_refused_manifest_is_shown_with_its_reasons() -> None:
    case = Case()
    refusal(case)
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.REFUSED, Holder.APPLICANT)
    assert found.refusal
    assert [(r.code, r.where) for r in found.refusal.reasons] == [("c", "matters")]


def test_a_good_manifest_after_a_refused_one_ends_the_refusal() -> None:
    case = Case()
    refusal(case)
    case.now += timedelta(minutes=1)
    case.submit("soil")
    found = seen(case)
    assert (found.status, found.refusal) == (Phase.SUBMITTED, None)


def test_a_refused_manifest_does_not_hide_that_departments_are_reviewing() -> None:
    case = Case().accepted("flood")
    refusal(case)
    found = seen(case)
    assert found.status is Phase.IN_REVIEW
    assert found.refusal


def test_a_returned_packet_waits_for_its_applicant_with_every_point_counted() -> None:
    case = Case()
    case.upload("form", facts=EMPTY)
    case.submit("flood", "fire-review")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.RETURNED, Holder.APPLICANT)
    points = found.notices[-1].items
    assert f"{len(points)} point" in found.next.why.en
    assert {p.slot for p in points} == {"form", "drawings", "fire-plan", "flood-report", "survey"}
    assert [m.state for m in found.matters] == [MatterState.APPLIED] * 2


def test_a_packet_in_review_says_which_departments_have_it_and_by_when() -> None:
    case = Case().accepted("planning", "fire-review", "soil", "permit")
    case.decide("soil")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.IN_REVIEW, Holder.DEPARTMENTS)
    assert [d.code for d in found.next.departments] == ["resources", "housing"]
    assert found.next.by == min(r.due.at for r in case.packet.reviews.values() if r.decided_at is None)
    assert found.departments
    assert (found.departments.answered, found.departments.of) == (1, 3)
    assert "1 of 3 departments have answered" in found.next.why.en
    assert "3 个部门中 1 个已答复" in found.next.why.zh


def test_a_department_with_a_matter_still_to_be_opened_has_not_answered() -> None:
    case = Case().accepted("planning", "fire-review", "permit")
    case.decide("fire-review")
    case.advance()
    assert matter(case, "permit").state is MatterState.WAITING
    assert [before.code for before in matter(case, "permit").waits_for] == ["planning"]
    found = seen(case)
    assert found.departments
    assert [d.code for d in found.departments.waiting_for] == ["resources", "housing"]


def test_a_review_past_its_time_is_overdue_and_a_decided_one_never_is() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil")
    case.advance()
    case.now += timedelta(days=30)
    assert matter(case, "flood").overdue
    assert not matter(case, "soil").overdue
    assert seen(case).next.overdue


def test_the_nearest_of_several_time_limits_is_the_packets() -> None:
    case = Case().accepted("flood", "permit")
    limits = {m.matter: m.due for m in seen(case).matters}
    assert limits["permit"] < limits["flood"]
    assert seen(case).next.by == limits["permit"]


def test_a_time_limit_that_counts_on_unpublished_holidays_is_marked() -> None:
    case = Case()
    case.now = MORNING.replace(year=2093)
    case.accepted("flood")
    assert not matter(case, "flood").due_certain
    assert not seen(case).next.by_certain


def test_corrections_wait_for_the_applicant_and_are_listed_in_one_notice() -> None:
    case = Case().accepted("soil", "flood")
    case.decide("soil", Outcome.CORRECT, DecisionReason(slot="soil-plan", text="缺少附图", basis="GB 50433-2018"))
    case.decide("flood")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.CORRECTING, Holder.APPLICANT)
    assert [(i.matter, i.slot) for i in found.notices[-1].items] == [("soil", "soil-plan")]
    assert "缺少附图" in found.notices[-1].items[0].text.zh
    assert matter(case, "soil").state is MatterState.CORRECTION


def test_a_decided_packet_waits_for_its_document() -> None:
    case = decide_all(Case().accepted("flood"))
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.DECIDED, Holder.SYSTEM)
    assert found.result
    assert (found.result.code, found.result.document) == (ResultCode.APPROVED, None)


def test_an_issued_packet_names_its_document_and_nobody_has_to_act() -> None:
    case = decide_all(Case().accepted("flood"))
    case.issue()
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder) == (Phase.ISSUED, Holder.NOBODY)
    assert found.result
    assert found.result.document == f"issued/{PACKET}/joint-result.json"
    assert (matter(case, "flood").code, matter(case, "flood").state) == (ResultCode.APPROVED, MatterState.APPROVED)


def test_a_withdrawn_packet_is_with_nobody_and_so_are_its_matters() -> None:
    case = Case().accepted("soil", "planning", "land-use")
    case.act(ActKind.WITHDRAW, reason="暂缓")
    case.advance()
    found = seen(case)
    assert (found.status, found.next.holder, found.departments) == (Phase.WITHDRAWN, Holder.NOBODY, None)
    assert found.withdrawn_at is not None
    assert {m.state for m in found.matters} == {MatterState.WITHDRAWN}  # also of the matter that was never opened
    assert all(m.waits_for == () and not m.overdue for m in found.matters)


def test_while_a_special_procedure_goes_on_the_department_has_the_matter_and_no_limit_runs() -> None:
    case = Case().accepted("soil")
    case.procedure("soil")
    case.advance()
    case.now += timedelta(days=90)
    found = seen(case)
    assert (matter(case, "soil").state, matter(case, "soil").due) == (MatterState.PAUSED, None)
    assert (found.next.holder, found.next.by, found.next.overdue) == (Holder.DEPARTMENTS, None, False)
    assert found.departments
    assert [d.code for d in found.departments.waiting_for] == ["water"]


def test_an_approval_that_was_taken_back_is_shown_beside_the_result_that_stays() -> None:
    case = decide_all(Case().accepted("soil"))
    case.revoke("soil")
    case.advance()
    assert (matter(case, "soil").state, matter(case, "soil").code) == (MatterState.REVOKED, ResultCode.APPROVED)


def test_doubts_that_stand_and_the_officer_asked_first_are_shown() -> None:
    case = Case().accepted("soil", enterprise=OTHER_ENTERPRISE)
    assert (seen(case).doubts, seen(case).first_asked) == (("credit-code-check",), None)
    case.act(ActKind.FIRST_ASKED, officer="李四", department="water")
    case.act(ActKind.OVERRIDE_DOUBT, "credit-code-check", reason="已核对")
    case.advance()
    told = seen(case).first_asked
    assert seen(case).doubts == ()
    assert told
    assert (told.officer, told.department.code) == ("李四", "water")
    assert "user-1" not in seen(case).model_dump_json()


def test_an_approval_with_gaps_leaves_the_promised_material_to_the_applicant() -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    case.issue()
    case.advance()
    found = seen(case)
    assert (found.next.holder, found.next.by) == (Holder.APPLICANT, found.gaps[0].due)
    assert "《soil-plan》" in found.next.action.zh
    assert found.gaps[0].open
    assert not found.gaps[0].overdue
    case.now += timedelta(days=60)
    assert seen(case).gaps[0].overdue
    assert seen(case).next.overdue
    case.upload("soil-plan")
    case.advance()
    after = seen(case)
    assert after.next.holder is Holder.NOBODY
    assert (after.gaps[0].open, after.gaps[0].overdue) == (False, False)


def test_a_refused_matter_closes_those_behind_it_which_have_no_time_limit() -> None:
    case = Case().accepted("planning", "fire-review", "permit")
    case.decide("planning", Outcome.REJECT, DecisionReason(text="不符合规划", basis="城乡规划法 §40"))
    case.decide("fire-review")
    case.advance()
    case.now += timedelta(days=30)
    permit = matter(case, "permit")
    assert (permit.state, permit.due, permit.overdue) == (MatterState.UNOPENED, None, False)
    assert [r.text for r in matter(case, "planning").reasons] == ["不符合规划"]
    assert matter(case, "permit").code is ResultCode.NOT_APPROVED


def test_a_commitment_is_shown_by_its_matter() -> None:
    case = Case().accepted("land-use", commitments=("land-use",))
    assert [(c.matter, c.name.en) for c in seen(case).commitments] == [("land-use", "land-use")]


def test_an_entry_that_has_left_the_catalogue_is_shown_by_its_code() -> None:
    case = decide_all(Case().accepted("flood", "soil"))
    smaller = CATALOGUE.model_copy(
        update={
            "matters": {c: m for c, m in CATALOGUE.matters.items() if c != "flood"},
            "materials": {c: m for c, m in CATALOGUE.materials.items() if c != "survey"},
        }
    )
    found = status(case.packet, smaller, case.now)
    assert {m.matter: m.name.zh for m in found.matters} == {"flood": "flood", "soil": "《soil》"}
    assert "survey" in {m.slot for m in materials(case.packet, smaller).materials}


def test_a_list_entry_is_made_of_the_header_alone() -> None:
    case = Case().accepted("flood")
    found = summary(case.header, case.catalogue)
    assert (found.packet, found.status, found.enterprise.uscc) == (PACKET, "in-review", ENTERPRISE.uscc)


# whose it is


def test_a_packet_belongs_to_the_enterprise_that_it_was_first_taken_from() -> None:
    case = Case()
    case.submit("flood")
    case.advance()
    case.now += timedelta(minutes=1)
    case.submit("flood", enterprise=OTHER_ENTERPRISE)
    assert applicant(case.packet) == ENTERPRISE


def test_before_anything_is_taken_the_newest_manifest_says_whose_packet_it_is() -> None:
    case = Case()
    case.submit("flood", enterprise=OTHER_ENTERPRISE)
    case.submit("flood", at=case.now + timedelta(seconds=1))
    assert applicant(case.packet) == ENTERPRISE


# the materials


def test_a_material_is_listed_once_with_all_the_matters_that_ask_for_it() -> None:
    case = Case().accepted("planning", "fire-review")
    codes = [m.slot for m in materials(case.packet, case.catalogue).materials]
    assert codes == ["form", "drawings", "fire-plan"]
    assert [(a.matter, a.main) for a in material(case, "drawings").needed_by] == [
        ("planning", True),
        ("fire-review", True),
    ]
    assert material(case, "drawings").main
    assert not material(case, "fire-plan").main


def test_a_deficient_upload_says_why_and_is_not_the_one_under_review() -> None:
    case = Case().accepted("flood")
    case.upload("flood-report", facts=EMPTY)
    found = material(case, "flood-report")
    assert found.verdict == "deficient"
    assert [r.code for r in found.reasons] == ["empty"]
    assert found.uploaded
    assert not found.uploaded.reviewed
    assert material(case, "survey").uploaded
    assert material(case, "survey").uploaded.reviewed


@pytest.mark.parametrize(
    ("matters", "slot", "options", "replaced_by"),
    [
        (("soil",), "soil-plan", {"promises": ("soil-plan",)}, Replacement.GAP),
        (("land-use",), "licence", {}, Replacement.SHARED),
        (("planning",), "drawings", {"commitments": ("planning",)}, Replacement.COMMITMENT),
    ],
)
def test_what_was_not_handed_in_is_shown_with_what_stands_in_its_place(
    matters: tuple[str, ...], slot: str, options: dict[str, tuple[str, ...]], replaced_by: Replacement
) -> None:
    case = Case()
    case.upload(*{"form", "land-contract", "site-photo", "drawings"} - {slot})
    case.submit(*matters, **options)
    case.advance()
    found = material(case, slot)
    assert (found.uploaded, found.replaced_by) == (None, replaced_by)
    assert (found.due is not None) is (replaced_by is Replacement.GAP)


def test_a_paper_that_one_matter_still_needs_is_not_replaced_by_the_commitment_of_another() -> None:
    case = Case()
    case.submit("planning", "fire-review", commitments=("planning",))
    case.advance()
    assert material(case, "drawings").replaced_by is None


# the ledger


def test_a_ledger_that_holds_says_so() -> None:
    case = decide_all(Case().accepted("flood"))
    found = ledger(case.packet, case.entries)
    assert (found.holds, found.first_break, len(found.entries)) == (True, None, case.header.ledger_seq)


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_a_changed_removed_or_cut_off_entry_is_found(broken: int) -> None:
    case = decide_all(Case().accepted("soil", promises=("soil-plan",)))
    case.upload("soil-plan")
    case.advance()
    entries = case.entries
    assert len(entries) == 3
    other = [*entries]
    other[broken - 1] = other[broken - 1].model_copy(update={"events": ({"event": "forged"},)})
    assert ledger(case.packet, other).first_break == broken
    assert ledger(case.packet, entries[: broken - 1] + entries[broken:]).first_break == broken
    assert ledger(case.packet, entries[: broken - 1]).first_break == broken


def test_a_ledger_rewritten_from_end_to_end_is_found_by_the_packets_own_note() -> None:
    case, other = decide_all(Case().accepted("flood")), decide_all(Case().accepted("soil"))
    found = ledger(case.packet, other.entries)
    assert (found.holds, found.first_break) == (False, case.header.ledger_seq)


def test_entries_added_since_the_packet_was_read_break_nothing() -> None:
    case = Case().accepted("flood")
    before: Packet = case.packet
    decide_all(case)
    assert ledger(before, case.entries).holds


# what is never told


@given(data=st.data())
def test_whatever_happens_neither_token_nor_officer_nor_phone_is_told(data: st.DataObject) -> None:
    catalogue = data.draw(catalogues())
    case = Case(catalogue)
    secret = ENTERPRISE.model_copy(update={"legal_representative": "秘密法人", "phone": "0370-7654321"})
    for slot in data.draw(some(catalogue.materials)):
        case.upload(slot, facts=data.draw(papers))
    case.submit(*catalogue.matters, process="process", enterprise=secret)
    case.advance()
    if case.header.accepted_at is None:
        case.upload(*catalogue.materials)
        case.submit(*catalogue.matters, process="process", enterprise=secret)
        case.advance()
    for _ in range(3):
        for code in case.open():
            case.decide(code, data.draw(st.sampled_from(Outcome)))
        case.advance()
    told = seen(case).model_dump_json() + materials(case.packet, catalogue).model_dump_json()
    tokens = {review.reply_token for review in case.packet.reviews.values()} - {"-"}
    assert tokens
    for hidden in (*tokens, "审查员", "秘密法人", "0370-7654321"):
        assert hidden not in told
