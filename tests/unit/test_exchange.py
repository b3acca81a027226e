"""The national exchange: what a ledger says of a matter has its step by the standard's codes, or none for a reason."""

import ast
import inspect
from datetime import timedelta

import pytest
from hypothesis import given
from kaigong.domain.model.documents import RESULT, DocumentKind, DocumentName, DocumentSet, MadeDocument
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind, RevocationKind
from kaigong.domain.model.packet import ReviewState
from kaigong.views import exchange
from kaigong.views.ledger_words import EVENTS
from kaigong.views.national import NationalCode

from .building import CATALOGUE, MORNING, OFFICE, Case, Chance, chances
from .test_gaps import ACCEPTANCE, CODE
from .test_progress import Journey
from .test_site_visits import AFTER, WHEN, asked, ends

C = NationalCode
VISIT = ProcedureKind.SITE_VISIT
# What is told by no code of the standard, and why.
OF_ITS_EVENT = "its codes come with another event of the same entry"
OF_PAPERS = "12 (容缺通过) is what was decided; the standard has no code for what follows"
AFTERWARDS = "the review is over"
INSIDE = "nothing of a matter changes: who has it, or who is told"
NONE = {
    "reassessed": INSIDE,
    "identity-corrected": OF_ITS_EVENT,
    "visit-reported": "its part of the visit ends when all are over, or with procedure-ended",
    "reviews-overdue": INSIDE,
    "result": OF_ITS_EVENT,
    "issued": AFTERWARDS,
    "documents": AFTERWARDS,
    "documents-late": AFTERWARDS,
    "texts-dropped": INSIDE,
    "supervised": AFTERWARDS,
    "benefit": INSIDE,
    "not-awaited": INSIDE,
    "correction-reminded": INSIDE,
    "pressed": INSIDE,
    "withdrawal-refused": INSIDE,
    "gaps-closed": OF_PAPERS,
    "gaps-still-open": OF_PAPERS,
    "gaps-reminded": OF_PAPERS,
    "gaps-overdue": OF_PAPERS,
    "override-doubt": "where reviews rested for it, their rests say when they go on",
    "confirm-doubt": "reviews rest from the notice of the correction on",
    "first-asked": INSIDE,
    "appoint-visit": "the visit goes on, whatever its date",
    "pick-up": INSIDE,
    "assign": INSIDE,
    "stand-in": INSIDE,
    "ask": INSIDE,
    "answer": INSIDE,
    "note": INSIDE,
    "call": INSIDE,
    "on-mandate": INSIDE,
    "let-in": INSIDE,
    "choose-hand-out": AFTERWARDS,
    "send-by-mail": AFTERWARDS,
    "hand-over": AFTERWARDS,
    "received": AFTERWARDS,
}


def told(case: Case, table: str = exchange.STEPS) -> list[exchange.Row]:
    """Every row of a table, of all days together."""
    first, last = case.entries[0].at, case.now + timedelta(days=1)
    found = exchange.rows(case.packet, case.entries, first, last, case.catalogue, "411402", OFFICE.zone)
    return [row for row in found if row.table == table]


def codes(case: Case, matter: str) -> list[NationalCode]:
    steps = (row.values for row in told(case))
    return [C(str(step["blzt"])) for step in steps if step["spsxslbm"] == f"{case.packet.packet}.{matter}"]


def test_every_event_of_the_ledger_is_told_by_a_code_or_is_none_for_a_reason() -> None:
    tree = ast.parse(inspect.getsource(exchange._codes))
    patterns = (node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue))
    told_of = {value.value for value in patterns if isinstance(value, ast.Constant)}
    assert not told_of & set(NONE)
    assert told_of | set(NONE) == set(EVENTS)


def test_a_joint_site_visit_begins_and_ends_for_each_matter() -> None:
    case = asked()
    ends(case, "soil", AFTER)
    ends(case, "fire-review", AFTER + timedelta(days=1))
    for matter in ("soil", "fire-review"):
        assert case.packet.reviews[matter].state is ReviewState.OPEN
        assert codes(case, matter) == [
            C.RECEIVED,
            C.ACCEPTED,
            C.DEPARTMENT_STARTED,
            C.PROCEDURE_STARTED,
            C.PROCEDURE_ENDED,
        ]


def test_who_leaves_a_visit_before_its_time_ends_it_once() -> None:
    case = asked()
    ends(case, "soil", WHEN - timedelta(hours=1))
    ends(case, "fire-review", AFTER)
    assert codes(case, "soil").count(C.PROCEDURE_ENDED) == codes(case, "fire-review").count(C.PROCEDURE_ENDED) == 1


def test_the_visit_of_a_joint_acceptance_that_nobody_asked_for_is_a_procedure_that_begins_and_ends() -> None:
    case = Case(ACCEPTANCE)
    case.accepted("flood", "soil", process="joint-acceptance", project={"name": "项目", "code": CODE})
    case.advance()
    assert codes(case, "flood")[-1] is C.PROCEDURE_STARTED
    rows = {row.key: row.values["tbcxmc"] for row in told(case, exchange.PROCEDURES)}
    name = "联合踏勘"
    assert rows == {f"{case.packet.packet}.{matter}.1.site-visit.1": name for matter in ("flood", "soil")}
    for matter in ("flood", "soil"):
        case.procedure(matter, VISIT, ProcedureAction.END)
        case.advance()
    assert codes(case, "flood")[-1] is codes(case, "soil")[-1] is C.PROCEDURE_ENDED


def test_a_decision_ends_the_procedure_that_went_on() -> None:
    case = Case().accepted("soil")
    case.procedure("soil", ProcedureKind.HEARING)
    case.advance()
    case.decide("soil")
    case.advance()
    assert codes(case, "soil")[-3:] == [C.PROCEDURE_STARTED, C.PROCEDURE_ENDED, C.APPROVED]


@pytest.mark.parametrize("others", [(), ("flood",)])
def test_a_correction_that_is_taken_back_ends_whether_it_was_told_or_not(others: tuple[str, ...]) -> None:
    case = Case().accepted("soil", *others)
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.retract("soil")
    case.advance()
    assert codes(case, "soil")[-3:] == [C.CORRECTION_STARTED, C.CORRECTION_ENDED, C.DEPARTMENT_STARTED]


def test_what_was_sent_back_and_is_accepted_as_its_papers_came_was_corrected() -> None:
    case = Case()
    case.submit("soil", whole_folder=True)
    case.now += timedelta(minutes=30)
    case.advance()
    case.upload("form", "soil-plan")
    case.advance()
    assert codes(case, "soil") == [
        C.RECEIVED,
        C.CORRECTION_STARTED,
        C.CORRECTION_ENDED,
        C.ACCEPTED,
        C.DEPARTMENT_STARTED,
    ]


def test_the_file_of_an_approval_that_was_taken_back_keeps_its_date_and_its_term() -> None:
    soil = CATALOGUE.matters["soil"].changed(valid_years=1)
    case = Case(CATALOGUE.changed(matters={**CATALOGUE.matters, "soil": soil}), documents=True).accepted("soil")
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    made = MadeDocument(name=DocumentName(kind=DocumentKind.CERTIFICATE, subject="soil"), sha256="0" * 64, size=1)
    case._change(documents={RESULT: DocumentSet(occasion=RESULT, documents=(made,), at=case.now)})
    case.advance()
    case.now += timedelta(days=200)
    case.revoke("soil", RevocationKind.REVOKE)
    case.advance()
    valid, invalid = (row.values for row in told(case, exchange.APPROVALS))
    assert (valid["sjyxbs"], invalid["sjyxbs"]) == (exchange.VALID, exchange.INVALID)
    assert valid["pfrq"] == invalid["pfrq"] == MORNING.date().isoformat()
    assert valid["pfwjyxqx"] == invalid["pfwjyxqx"] is not None


@given(chances)
def test_on_every_journey_what_began_for_a_matter_ends_where_it_is_over(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(3, 25)):
        journey.goes_on()
    case = journey.case
    for matter, review in case.packet.reviews.items():
        if review.state is ReviewState.WITHDRAWN:
            continue
        steps = codes(case, matter)
        rest = {pause.kind for pause in review.pauses if pause.until is None}
        correcting = review.state is ReviewState.CORRECTION or exchange.CORRECTION in rest
        assert _last(steps, C.CORRECTION_STARTED, C.CORRECTION_ENDED) is (C.CORRECTION_STARTED if correcting else None)
        if not rest - {exchange.CORRECTION}:
            assert _last(steps, C.PROCEDURE_STARTED, C.PROCEDURE_ENDED) is None


def _last(steps: list[NationalCode], begin: NationalCode, end: NationalCode) -> NationalCode | None:
    """The beginning that has no end yet; None: there is none."""
    newest = next((step for step in reversed(steps) if step in (begin, end)), None)
    return begin if newest is begin else None
