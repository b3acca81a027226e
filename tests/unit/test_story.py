"""A project as one story: its packets, and how long each stage took against the conventional way."""

from datetime import datetime, timedelta

import pytest
from kaigong.domain.model.catalogue import Stage
from kaigong.domain.model.clock import taken
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.supervision import Claim
from kaigong.views.story import ProjectStory, Told, story

from .building import CATALOGUE, MORNING, OFFICE, SHANGHAI, Case
from .test_supervision import FULFILLED, through

CODE = "2602-411402-04-01-380164"
STAGES = {"soil": Stage.PLANNING, "fire-review": Stage.CONSTRUCTION}
STAGED = CATALOGUE.changed(
    matters=CATALOGUE.matters
    | {m: CATALOGUE.matters[m].changed(stage=stage, legal_days=20) for m, stage in STAGES.items()}
)


def told(*cases: Case, now: datetime = MORNING) -> ProjectStory:
    return story(CODE, [Told(case.packet, STAGED, {}, {}) for case in cases], now, OFFICE)


def test_each_stage_says_how_far_it_is_and_how_long_it_took_against_one_matter_after_another() -> None:
    case = Case(STAGED).accepted("soil", "fire-review")
    case.now = MORNING + timedelta(days=4)  # a Friday, and the Tuesday after
    case.decide("soil")
    case.advance()
    found = {stage.stage: stage for stage in told(case, now=case.now + timedelta(days=1)).stages}
    planning, construction = found[Stage.PLANNING], found[Stage.CONSTRUCTION]
    assert (planning.matters, planning.decided, planning.working_days) == (1, 1, 2)
    assert planning.until == case.packet.reviews["soil"].decided_at
    assert (construction.decided, construction.until, construction.working_days) == (0, None, 3)
    assert planning.conventional_days == construction.conventional_days == 20


def test_a_correction_that_is_asked_for_is_no_decision() -> None:
    case = Case(STAGED).accepted("soil")
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    [stage] = told(case, now=case.now).stages
    assert (stage.matters, stage.decided, stage.until) == (1, 0, None)
    case.now += timedelta(days=60)
    case.advance()  # it did not come: the stage is over, and nothing of it was decided
    [stage] = told(case, now=case.now).stages
    assert (stage.matters, stage.decided, stage.until) == (1, 0, case.header.withdrawn_at)


def test_a_stage_lasts_until_its_last_decision_whatever_is_taken_back_later() -> None:
    case = Case(STAGED).accepted("soil")
    case.decide("soil")
    decided = case.now
    case.advance()
    case.issue()
    case.advance()
    case.now += timedelta(days=365)
    case.revoke("soil")
    case.advance()
    [stage] = told(case, now=case.now).stages
    assert (stage.decided, stage.until, stage.working_days) == (1, decided, 1)


def test_a_matter_that_was_applied_for_twice_is_conventionally_done_once() -> None:
    cases = (Case(STAGED).accepted("soil"), Case(STAGED).accepted("soil"))
    [stage] = told(*cases).stages
    assert (stage.matters, stage.conventional_days) == (2, 20)


def test_packets_come_with_their_gaps_and_results() -> None:
    [packet] = told(Case(STAGED).accepted("soil", promises=["soil-plan"])).packets
    assert [gap.slot for gap in packet.status.gaps] == ["soil-plan"]
    assert packet.status.result is None


def test_inspections_say_where_they_are_and_what_was_found() -> None:
    found = through(Claim(kind="claim"), FULFILLED)
    case = Case(STAGED).accepted("soil")
    [packet] = story(CODE, [Told(case.packet, STAGED, {"land-use": found}, {})], MORNING, OFFICE).packets
    [shown] = packet.inspections
    assert (shown.matter.code, shown.name.zh, shown.findings) == ("land-use", "检查合格，已履行", ("fulfilled",))


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-03-06T09:00", "2026-03-06T17:00", 1),  # the same day
        ("2026-03-06T17:00", "2026-03-09T09:00", 1),  # a Friday, and the Monday after
        ("2026-03-06T09:00", "2026-03-08T09:00", 1),  # a weekend alone
        ("2026-03-02T09:00", "2026-03-06T09:00", 4),
    ],
)
def test_days_are_working_days_and_the_first_one_does_not_count(since: str, until: str, days: int) -> None:
    moments = (datetime.fromisoformat(at).replace(tzinfo=SHANGHAI) for at in (since, until))
    assert taken(*moments, OFFICE) == days
