"""Whose project it is: what of it counts for whom, who is on it, and who lets others in."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow.acts import why_not
from kaigong.domain.intake.privileges import on_serviced_site
from kaigong.domain.intake.project import counted_for, is_foreign
from kaigong.domain.model.clock import Due
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import MOST_LET_IN, Act, ActKind, ActRefusal, NoticeKind
from kaigong.domain.model.standing import (
    EarlierApproval,
    OpenGap,
    OtherPacket,
    ProjectRecord,
    ProjectStanding,
    on_project,
)

from .building import ENTERPRISE, MORNING, OTHER_ENTERPRISE, PROJECT, Case
from .test_gaps import ACCEPTANCE, CODE

OWN, OTHER, THIRD = ENTERPRISE.uscc, OTHER_ENTERPRISE.uscc, "91411402MA0KG0004L"
NAMED = {"name": "项目", "code": CODE}


def packet(uscc: str, hours: int | None, *let_in: str) -> OtherPacket:
    """A packet of a project, accepted after so many hours or not at all."""
    at = None if hours is None else MORNING + timedelta(hours=hours)
    return OtherPacket(packet=f"p-{uscc}-{hours}", uscc=uscc, accepted_at=at, let_in=let_in)


def record(*enterprises: str) -> ProjectRecord:
    return ProjectRecord(code=CODE, enterprises=enterprises, by="window", at=MORNING)


def standing(*enterprises: str) -> ProjectStanding:
    """A key project with a gap of each of three enterprises."""
    gaps = tuple(
        OpenGap(packet=f"p-{n}", uscc=uscc, slot="soil-plan", due=Due(at=MORNING))
        for n, uscc in enumerate((OWN, OTHER, THIRD))
    )
    earlier = EarlierApproval(matter="soil", number="1", on=MORNING.date())
    return ProjectStanding(
        key_project=True, serviced_site=True, open_gaps=gaps, approvals=(earlier,), enterprises=enterprises
    )


@pytest.mark.parametrize(
    ("on_record", "packets", "expected"),
    [
        (None, [], ()),
        (None, [packet(OTHER, None)], ()),  # what was never accepted says nothing
        (None, [packet(OTHER, 2), packet(OWN, 1)], (OWN,)),
        (None, [packet(OWN, 1, THIRD), packet(OTHER, 2, "91411402MA0KG0005J")], (OWN, THIRD)),  # the first one's word
        (None, [packet(OWN, 1), packet(OWN, 5, THIRD)], (OWN, THIRD)),  # by any of its packets
        (record(), [packet(OWN, 1)], (OWN,)),
        (record(OTHER), [packet(OWN, 1, THIRD)], (OTHER,)),  # the window's word is the last
    ],
)
def test_on_a_project_is_who_was_accepted_first_whom_that_one_lets_in_or_whom_the_window_names(
    on_record: ProjectRecord | None, packets: list[OtherPacket], expected: tuple[str, ...]
) -> None:
    assert on_project(on_record, packets) == on_project(on_record, packets[::-1]) == expected


def test_what_is_on_record_of_a_project_counts_for_those_on_it_and_their_gaps_bar_everybody() -> None:
    project = standing(OWN, OTHER)
    mine, foreign = counted_for(OWN, project), counted_for(THIRD, project)
    assert (mine.key_project, mine.approvals, mine.serviced_site) == (True, project.approvals, True)
    assert [gap.uscc for gap in mine.open_gaps] == [OWN, OTHER], "a foreign gap bars nobody"
    assert (foreign.key_project, foreign.approvals, foreign.serviced_site) == (False, (), None)
    assert [gap.uscc for gap in foreign.open_gaps] == [OWN, OTHER, THIRD]
    assert counted_for(THIRD, standing()).key_project, "nobody is on it yet: who comes is the first"


def test_a_foreign_packet_does_not_gain_by_being_foreign() -> None:
    project = standing(OWN).changed(serviced_site=False)
    assert not on_serviced_site(counted_for(OTHER, project), PROJECT)


@given(st.lists(st.sampled_from([OWN, OTHER, THIRD]), unique=True), st.sampled_from([OWN, OTHER, THIRD]))
def test_what_counts_is_never_more_than_there_is_and_counted_twice_the_same(on: list[str], uscc: str) -> None:
    project = standing(*on)
    counted = counted_for(uscc, project)
    assert counted_for(uscc, counted) == counted
    assert set(counted.open_gaps) <= set(project.open_gaps)
    assert not is_foreign(uscc, project) or not counted.key_project
    assert is_foreign(uscc, counted) == is_foreign(uscc, project)


def applied(project: ProjectStanding, process: str = "ordinary") -> Case:
    """The enterprise's application for a project, of which that counts which counts for it."""
    case = Case(ACCEPTANCE)
    case.project = counted_for(OWN, project)
    case.upload("flood-report", "survey")
    case.submit("flood", process=process, project=NAMED)
    case.advance()
    return case


def test_a_foreign_packet_is_accepted_without_the_project_s_privileges_and_is_a_doubt_for_the_window() -> None:
    case = applied(standing(OTHER))
    assert case.header.accepted_at
    assert case.header.channel is Channel.ORDINARY
    assert case.header.doubts == ("project-of-others",)
    [told] = [i for i in case.last_notice(NoticeKind.ACCEPTED).items if i.code == "project-of-others"]
    assert "首家申报企业" in told.text.zh
    mine = applied(standing(OWN))
    assert (mine.header.channel, mine.header.doubts) == (Channel.GREEN, ())


def test_gaps_of_a_stranger_do_not_bar_joint_acceptance_and_those_of_the_others_do() -> None:
    stranger = standing(OWN).changed(open_gaps=standing().open_gaps[2:])
    assert applied(stranger, "joint-acceptance").header.accepted_at
    partner = stranger.changed(enterprises=(OWN, THIRD))
    [item] = applied(partner, "joint-acceptance").last_notice(NoticeKind.RETURNED).items
    assert item.code == "project-gap-open"


def lets_in(case: Case, uscc: str) -> Act:
    return Act(kind=ActKind.LET_IN, subject=uscc, by="u", at=case.now)


def test_who_was_accepted_lets_others_into_its_project_once_each_and_the_ledger_says_so() -> None:
    case = Case(ACCEPTANCE)
    assert why_not(case.packet, lets_in(case, OTHER)) is ActRefusal.NO_PROJECT
    case.accepted("flood", project=NAMED)
    entries = []
    for _ in range(2):
        case.act(ActKind.LET_IN, subject=OTHER)
        entries.append(case.advance())
    assert case.packet.let_in() == (OTHER,)
    said = [event for entry in entries if entry for event in entry.events if event["event"] == "let-in"]
    assert [(event["subject"], event["refused"]) for event in said] == [(OTHER, None)]
    uncoded = Case(ACCEPTANCE).accepted("flood")
    assert why_not(uncoded.packet, lets_in(uncoded, OTHER)) is ActRefusal.NO_PROJECT


def test_a_packet_lets_in_so_many_and_no_more() -> None:
    case = Case(ACCEPTANCE).accepted("flood", project=NAMED)
    for n in range(MOST_LET_IN):
        case.act(ActKind.LET_IN, subject=f"{n:018}")
    case.advance()
    assert len(case.packet.let_in()) == MOST_LET_IN
    assert why_not(case.packet, lets_in(case, OTHER)) is ActRefusal.TOO_OFTEN
