"""A packet's way along time: laws that hold on every journey, and the cases that explain them."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import NoticeKind, ReviewState
from kaigong.views.packet import status
from kaigong.views.states import BarKind, MatterState
from kaigong.views.timeline import Bar, MarkKind, Row, Timeline, timeline

from .building import OFFICE, Case, Chance, chances
from .test_progress import Journey

RUNNING, RESTING, LATE, LEFT = BarKind.RUNNING, BarKind.RESTING, BarKind.LATE, BarKind.LEFT


def pictured(case: Case) -> Timeline | None:
    return timeline(case.packet, status(case.packet, case.catalogue, case.now, OFFICE).matters, case.now)


def row(case: Case, matter: str) -> Row:
    picture = pictured(case)
    assert picture
    return next(row for row in picture.rows if row.matter == matter)


def kinds(bars: tuple[Bar, ...]) -> list[BarKind]:
    return [bar.kind for bar in bars]


@given(chances)
def test_on_every_journey_the_picture_is_whole(chance: Chance) -> None:
    journey = Journey(chance)
    for _ in range(chance.between(3, 25)):
        journey.goes_on()
    case = journey.case
    picture = pictured(case)
    assert (picture is None) == (not case.packet.submissions)
    if picture is None:
        return
    shown = status(case.packet, case.catalogue, case.now, OFFICE)
    assert sorted(row.matter for row in picture.rows) == sorted(m.matter for m in shown.matters)
    departments = [row.department for row in picture.rows]
    assert len([d for d, _ in _runs(departments)]) == len(set(departments))
    notices = [mark.at for mark in picture.marks if mark.kind is MarkKind.NOTICE]
    assert notices == sorted(notice.at for notice in case.packet.notices.values())
    for moment in [mark.at for mark in picture.marks] + [picture.now or picture.end]:
        assert picture.start <= moment <= picture.end
    for found in picture.rows:
        _is_whole(found, picture, case)


def _runs(values: list[str]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for value in values:
        if found and found[-1][0] == value:
            found[-1] = (value, found[-1][1] + 1)
        else:
            found.append((value, 1))
    return found


def _is_whole(found: Row, picture: Timeline, case: Case) -> None:
    review = case.packet.reviews.get(found.matter)
    if review is None or review.state is ReviewState.UNOPENED:
        assert found.bars == ()
        assert found.opened_at is None
        return
    for bar in found.bars:
        assert picture.start <= bar.since < bar.until <= picture.end
    for before, after in pairwise(found.bars):
        assert before.until == after.since
    assert (found.decided_at is not None) == review.final
    counted = [bar for bar in found.bars if bar.kind is not LEFT]
    assert not counted or counted[0].since == review.opened_at
    assert not counted or counted[-1].until == (found.decided_at or max(case.now, review.opened_at))
    if review.final:
        assert LEFT not in kinds(found.bars)
    if found.due:
        assert all(bar.since >= found.due for bar in found.bars if bar.kind is LATE)
        assert all(bar.until <= found.due for bar in found.bars if bar.kind is RUNNING)
    resting = [pause.since for pause in review.pauses if pause.until is None]
    if resting and counted:
        assert counted[-1].kind is RESTING or counted[-1].until <= max(resting)  # since this very moment


def test_an_open_review_runs_until_now_and_has_time_left_until_its_limit() -> None:
    case = Case().accepted("flood")
    case.now += timedelta(hours=2)
    found = row(case, "flood")
    assert kinds(found.bars) == [RUNNING, LEFT]
    assert found.bars[0].until == case.now
    assert found.bars[1].until == found.due


def test_what_runs_past_its_limit_is_late_from_that_moment_on() -> None:
    case = Case().accepted("flood")
    case.now += timedelta(days=30)
    found = row(case, "flood")
    assert kinds(found.bars) == [RUNNING, LATE]
    assert found.bars[1].since == found.due
    case.decide("flood")
    case.advance()
    assert kinds(row(case, "flood").bars) == [RUNNING, LATE]


def test_a_procedure_and_a_correction_are_drawn_as_rests_with_their_names() -> None:
    case = Case().accepted("soil")
    case.now += timedelta(hours=1)
    case.procedure("soil", ProcedureKind.HEARING)
    case.advance()
    case.now += timedelta(days=1)
    assert kinds(row(case, "soil").bars) == [RUNNING, RESTING]
    case.procedure("soil", ProcedureKind.HEARING, ProcedureAction.END)
    case.advance()
    case.now += timedelta(hours=1)
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    case.now += timedelta(hours=1)
    found = row(case, "soil")
    assert kinds(found.bars) == [RUNNING, RESTING, RUNNING, RESTING]
    assert [bar.name.zh for bar in found.bars if bar.kind is RESTING] == ["听证", "补正"]
    assert found.due is None


def test_two_procedures_at_once_are_one_stretch_of_rest() -> None:
    case = Case().accepted("soil")
    for kind in (ProcedureKind.HEARING, ProcedureKind.TEST):
        case.procedure("soil", kind)
        case.advance()
    case.now += timedelta(hours=1)
    for kind in (ProcedureKind.TEST, ProcedureKind.HEARING):
        case.procedure("soil", kind, ProcedureAction.END)
        case.advance()
        case.now += timedelta(hours=1)
    case.decide("soil")
    case.advance()
    found = row(case, "soil")
    assert [bar.name.zh for bar in found.bars if bar.kind is RESTING] == ["听证"]


def test_departments_that_review_side_by_side_have_bars_at_the_same_time() -> None:
    case = Case().accepted("soil", "fire-review")
    case.now += timedelta(hours=1)
    soil, fire = row(case, "soil"), row(case, "fire-review")
    assert soil.bars[0].since == fire.bars[0].since


def test_an_approval_that_was_taken_back_keeps_the_moment_of_its_decision() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.advance()
    decided = row(case, "soil").decided_at
    case.issue()
    case.advance()
    case.now += timedelta(days=3)
    case.revoke("soil")
    case.advance()
    found = row(case, "soil")
    assert (found.state, found.decided_at) == (MatterState.REVOKED, decided)
    assert found.taken_back_at == case.packet.revocations["soil"].received_at
    assert decided
    assert found.taken_back_at > decided


def test_a_matter_that_waits_for_another_has_a_row_without_bars() -> None:
    case = Case().accepted("planning", "fire-review", "permit")
    found = row(case, "permit")
    assert (found.state, found.bars) == (MatterState.WAITING, ())


def test_nothing_moves_any_more_once_the_result_is_issued() -> None:
    case = Case().accepted("soil")
    assert (pictured(case) or case).now == case.now
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    picture = pictured(case)
    assert picture
    assert picture.now is None
    assert [mark.notice for mark in picture.marks if mark.notice] == [NoticeKind.ACCEPTED, NoticeKind.RESULT]
    assert picture.marks[-1].kind is MarkKind.ISSUED


def test_there_is_no_picture_before_anything_was_submitted() -> None:
    case = Case()
    case.upload("form")
    assert pictured(case) is None
