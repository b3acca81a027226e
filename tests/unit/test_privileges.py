"""What an enterprise may use: green channel, commitment, tolerated gaps, and why the rest is closed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake.privileges import FOR_EVERYONE, Privileges, on_serviced_site, privileges
from kaigong.domain.model.catalogue import Process, Scheme
from kaigong.domain.model.messages import Channel, CreditRecord
from kaigong.domain.model.packet import Breach
from kaigong.domain.model.standing import Missing, Privilege, ProjectStanding, Standing

from .building import CATALOGUE, MORNING, OFFICE, PROJECT, SCHEME, SHANGHAI, credit

ORDINARY, INDUSTRIAL = CATALOGUE.processes["ordinary"], CATALOGUE.processes["industrial"]
CITY = Scheme(code="city", name=SCHEME.name, grades=("A+", "A", "B"))
SCHEMES = {"default": SCHEME, "city": CITY}
MINUTE = timedelta(minutes=1)
KEY_PROJECT = ProjectStanding(key_project=True)
OURS = Breach(packet="p-1", subject="soil-plan", at=MORNING, repairable_from=datetime(2026, 6, 8, tzinfo=SHANGHAI))
EVERYTHING = frozenset(Privilege)


def rights(
    record: CreditRecord | None = None,
    process: Process = ORDINARY,
    project: ProjectStanding | None = None,
    serviced: bool | None = None,
    **standing: Any,
) -> Privileges:
    standing = {"missing": None if record else Missing.UNKNOWN, **standing}
    applied = PROJECT.changed(serviced_site=serviced)
    return privileges(
        process,
        Standing(record=record, **standing),
        project or ProjectStanding(),
        applied,
        SCHEMES,
        MORNING,
        OFFICE.zone,
    )


@pytest.mark.parametrize(("zone", "until"), [("Asia/Shanghai", "2027年6月8日"), ("Asia/Urumqi", "2027年6月7日")])
def test_dates_in_words_go_by_the_clock_of_the_hall(zone: str, until: str) -> None:
    record = credit("AAA", valid_until=datetime(2027, 6, 8, 1, tzinfo=SHANGHAI))
    standing, office = Standing(record=record), OFFICE.changed(time_zone=zone)
    found = privileges(ORDINARY, standing, ProjectStanding(), PROJECT, SCHEMES, MORNING, office.zone)
    assert f"有效期至{until}" in found.why.zh
    breach = Standing(breaches=(OURS,))
    closed = privileges(ORDINARY, breach, ProjectStanding(), PROJECT, SCHEMES, MORNING, office.zone)
    assert ("2026年6月7日" in closed.why.zh) is (zone == "Asia/Urumqi")


# strategies: any record, any standing

times = st.integers(-400, 400).map(lambda days: MORNING + timedelta(days=days))
maybe = st.none() | st.booleans()


@st.composite
def records(draw: st.DrawFn) -> CreditRecord:
    return credit(
        draw(st.sampled_from(["AAA", "AA", "D", "A+", "A", "unheard of"])),
        draw(st.sampled_from([0, 0, 1, 7])),
        scheme=draw(st.sampled_from(["default", "city", "elsewhere"])),
        valid_from=draw(times),
        valid_until=draw(times),
        published_at=draw(times),
        repairable_from=draw(st.none() | times),
    )


breaches = st.lists(st.builds(lambda at: OURS.changed(repairable_from=at), times), max_size=2).map(tuple)
standings = st.builds(
    Standing, record=st.none() | records(), missing=st.none() | st.sampled_from(Missing), breaches=breaches
)
projects = st.builds(ProjectStanding, key_project=st.booleans(), serviced_site=maybe)
processes = st.sampled_from([ORDINARY, INDUSTRIAL])


def of(standing: Standing, process: Process, project: ProjectStanding, serviced: bool | None) -> Privileges:
    return privileges(
        process, standing, project, PROJECT.changed(serviced_site=serviced), SCHEMES, MORNING, OFFICE.zone
    )


@given(standings, processes, projects, maybe)
def test_every_privilege_is_either_granted_or_closed_with_a_reason(
    standing: Standing, process: Process, project: ProjectStanding, serviced: bool | None
) -> None:
    found = of(standing, process, project, serviced)
    assert set(found.closed) == EVERYTHING - found.granted
    for text in (found.why, *found.closed.values()):
        assert text.zh.endswith("。")
        assert text.en.endswith(".")


@given(standings, processes, projects, maybe)
def test_a_breach_closes_every_privilege_and_nothing_else_closes_commitment_and_tolerance(
    standing: Standing, process: Process, project: ProjectStanding, serviced: bool | None
) -> None:
    found = of(standing, process, project, serviced)
    broken = bool(standing.breaches or (standing.record and standing.record.unrepaired_breaches))
    assert (found.commitment, found.tolerance) == (not broken, not broken)
    if broken:
        assert (found.channel, found.granted) == (Channel.ORDINARY, frozenset())


@given(standings)
def test_only_the_highest_grade_of_its_scheme_valid_now_opens_the_channel_by_credit(standing: Standing) -> None:
    found = of(standing, ORDINARY, ProjectStanding(), None)
    record = standing.record
    highest = (
        record is not None
        and (record.scheme, record.grade) in {("default", "AAA"), ("city", "A+")}
        and record.valid_from <= MORNING < record.valid_until
        and not (record.unrepaired_breaches or standing.breaches)
    )
    assert (found.channel is Channel.GREEN) == highest


@given(records(), processes, projects, maybe, st.sampled_from(Missing))
def test_no_record_is_worse_than_a_record_only_where_that_is_the_highest_grade(
    record: CreditRecord, process: Process, project: ProjectStanding, serviced: bool | None, missing: Missing
) -> None:
    without = of(Standing(missing=missing), process, project, serviced).granted
    having = of(Standing(record=record), process, project, serviced).granted
    best = of(Standing(record=record), ORDINARY, ProjectStanding(), None).channel is Channel.GREEN
    assert without >= FOR_EVERYONE
    assert best or without >= having


@given(standings, processes, projects, maybe)
def test_the_green_channel_and_what_belongs_to_it_come_together(
    standing: Standing, process: Process, project: ProjectStanding, serviced: bool | None
) -> None:
    found = of(standing, process, project, serviced)
    assert (found.channel is Channel.GREEN) == (found.granted == EVERYTHING) == (not found.closed)


@pytest.mark.parametrize("grade", ["AA", "A", "B", "C", "D"])
def test_a_lower_grade_stays_ordinary_and_is_told_which_grade_it_would_take(grade: str) -> None:
    found = rights(credit(grade))
    assert (found.channel, found.granted) == (Channel.ORDINARY, FOR_EVERYONE)
    assert f"信用等级为{grade}；只有最高等级AAA" in found.why.zh
    assert found.why.zh in found.closed[Privilege.MAILING].zh


def test_the_highest_grade_of_another_scheme_counts_and_the_same_letters_in_a_lower_place_do_not() -> None:
    assert rights(credit("A+", scheme="city")).channel is Channel.GREEN
    assert rights(credit("A", scheme="city")).channel is Channel.ORDINARY


@pytest.mark.parametrize(("grade", "scheme"), [("AAA", "elsewhere"), ("AAA", "city")])
def test_an_unknown_scheme_or_grade_opens_nothing_by_credit_and_is_told(grade: str, scheme: str) -> None:
    found = rights(credit(grade, scheme=scheme))
    assert (found.channel, found.granted) == (Channel.ORDINARY, FOR_EVERYONE)
    assert f"“{scheme}”" in found.why.zh
    assert rights(credit(grade, scheme=scheme), INDUSTRIAL).channel is Channel.GREEN


@pytest.mark.parametrize(
    ("starts", "ends", "why"),
    [
        (-MINUTE, MINUTE, "最高等级"),
        (0 * MINUTE, MINUTE, "最高等级"),
        (MINUTE, 2 * MINUTE, "自2026年3月6日起才生效"),
        (-MINUTE, 0 * MINUTE, "已于2026年3月6日到期"),
    ],
)
def test_only_a_currently_valid_rating_counts(starts: timedelta, ends: timedelta, why: str) -> None:
    found = rights(credit("AAA", valid_from=MORNING + starts, valid_until=MORNING + ends))
    assert why in found.why.zh
    assert (found.channel is Channel.GREEN) == (why == "最高等级")


@pytest.mark.parametrize(
    ("missing", "why"), [(Missing.UNKNOWN, "没有该企业的信用记录"), (Missing.NO_ANSWER, "暂时没有答复")]
)
def test_without_a_record_the_packet_goes_on_as_ordinary_and_is_told_why(missing: Missing, why: str) -> None:
    found = rights(missing=missing)
    assert (found.channel, found.granted) == (Channel.ORDINARY, FOR_EVERYONE)
    assert why in found.why.zh
    assert "受理前收到信用记录的，将自动重新认定" in found.why.zh
    assert why in found.closed[Privilege.TEAM].zh


def test_an_expired_record_of_a_silent_platform_says_both() -> None:
    found = rights(credit("AAA", valid_until=MORNING - MINUTE), missing=Missing.NO_ANSWER)
    assert "到期" in found.why.zh
    assert "暂时没有答复" in found.why.zh


def test_a_key_project_has_the_green_channel_whatever_the_grade() -> None:
    for record in (None, credit("D")):
        assert rights(record, project=KEY_PROJECT).channel is Channel.GREEN


def test_the_industrial_process_has_the_green_channel_for_any_grade_on_a_serviced_site() -> None:
    for record in (None, credit("D")):
        assert rights(record, INDUSTRIAL).channel is Channel.GREEN
        refused = rights(record, INDUSTRIAL, serviced=False)
        assert (refused.channel, refused.granted) == (Channel.ORDINARY, FOR_EVERYONE)
        assert "配套尚未到位" in refused.why.zh


@pytest.mark.parametrize(
    ("window", "applicant", "serviced"),
    [
        (None, None, True),
        (None, True, True),
        (None, False, False),
        (True, False, True),
        (False, True, False),
        (False, None, False),
    ],
)
def test_what_the_window_put_on_record_of_the_site_wins_over_the_applicant(
    window: bool | None, applicant: bool | None, serviced: bool
) -> None:
    project = ProjectStanding(serviced_site=window)
    assert on_serviced_site(project, PROJECT.changed(serviced_site=applicant)) is serviced


# the date of repair


def test_a_breach_on_the_platform_names_its_date_of_repair_in_the_city_s_days() -> None:
    late_in_utc = datetime.fromisoformat("2026-04-30T17:00:00+00:00")  # the first of May in Shangqiu
    found = rights(credit("AAA", 1, repairable_from=late_in_utc))
    assert "自2026年5月1日起可以申请修复" in found.closed[Privilege.COMMITMENT].zh
    assert "1 May 2026" in found.closed[Privilege.COMMITMENT].en


def test_where_the_platform_does_not_say_when_it_is_repaired_the_reason_says_so() -> None:
    found = rights(credit("AAA", 1))
    assert "没有说明可以申请修复的日期" in found.closed[Privilege.TOLERANCE].zh
    assert "does not say" in found.closed[Privilege.TOLERANCE].en


def test_of_several_breaches_the_last_to_be_repairable_counts() -> None:
    sooner = OURS.changed(repairable_from=OURS.repairable_from - timedelta(days=30))
    assert "2026年6月8日" in rights(breaches=(OURS, sooner)).why.zh
    both = rights(credit("AAA", 1, repairable_from=MORNING), breaches=(sooner,))
    assert "2026年5月9日" in both.why.zh


def test_a_breach_of_ours_with_a_date_and_one_of_the_platform_without_say_both() -> None:
    found = rights(credit("AAA", 1), breaches=(OURS,))
    assert "2026年6月8日" in found.why.zh
    assert "没有说明" in found.why.zh
