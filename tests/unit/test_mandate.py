"""A mandate on paper: what can be put on record, and for which packets, whom and how long it holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from kaigong.domain.intake.mandate import LONGEST_DAYS, MOST, holds, in_force, why_not_recorded
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.mandate import Mandate, MandateScope
from kaigong.domain.model.manifest import OnMandate
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.words import mandate as words

from .building import Case

TODAY, CODE = date(2026, 3, 6), "2603-411400-04-01-123456"
DAY = timedelta(days=1)


def mandate(scope: MandateScope = MandateScope.PACKET, **more: object) -> Mandate:
    fields = {
        "id": "0" * 16,
        "uscc": "91411402MA0KG0002N",
        "agent": "赵敏",
        "by": "user-7",
        "scope": scope,
        "packet": "p-1",
        "project": CODE if scope is MandateScope.PROJECT else "",
        "since": TODAY,
        "until": TODAY + 30 * DAY,
        "slot": "authorisation",
        "mark": "u/1",
        "at": datetime(2026, 3, 6, tzinfo=UTC),
    }
    return Mandate.model_validate(fields | more)


@pytest.mark.parametrize(
    ("scope", "packet", "project", "may"),
    [
        (MandateScope.PACKET, "p-1", "", True),
        (MandateScope.PACKET, "p-2", CODE, False),
        (MandateScope.PROJECT, "p-2", CODE, True),
        (MandateScope.PROJECT, "p-2", "2603-411400-04-01-999999", False),
        (MandateScope.PROJECT, "p-2", "", False),
        (MandateScope.ENTERPRISE, "p-3", "", True),
    ],
)
def test_a_mandate_goes_as_far_as_its_paper_says(scope: MandateScope, packet: str, project: str, may: bool) -> None:
    assert (in_force([mandate(scope)], packet, project, "user-7", TODAY) is not None) is may


def test_it_is_the_agents_alone_within_its_term_and_until_it_is_ended() -> None:
    given = mandate()
    assert in_force([given], "p-1", "", "user-8", TODAY) is None
    assert [holds(given, day) for day in (TODAY - DAY, TODAY, given.until, given.until + DAY)] == [
        False,
        True,
        True,
        False,
    ]
    assert in_force([given.changed(ended_at=given.at)], "p-1", "", "user-7", TODAY) is None
    longer = given.changed(id="1" * 16, until=given.until + DAY)
    assert in_force([given, longer], "p-1", "", "user-7", TODAY) is longer


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, None),
        ({"verdict": Verdict.WARNING}, None),
        ({"verdict": None}, words.NO_SCAN),
        ({"verdict": Verdict.DEFICIENT}, words.BAD_SCAN),
        ({"until": TODAY - DAY}, words.BAD_TERM),
        ({"since": TODAY + 60 * DAY}, words.BAD_TERM),
        ({"until": TODAY + (LONGEST_DAYS + 1) * DAY}, words.BAD_TERM),
        ({"scope": MandateScope.PROJECT}, words.NO_PROJECT),
        ({"known": MOST}, words.TOO_MANY),
    ],
)
def test_only_an_examined_scan_with_a_term_is_put_on_record(changed: dict[str, object], why: object) -> None:
    said: dict[str, object] = {
        "scope": MandateScope.PACKET,
        "since": TODAY,
        "until": TODAY + 30 * DAY,
        "verdict": Verdict.VALID,
        "project": "",
        "known": 0,
        "today": TODAY,
    }
    assert why_not_recorded(**(said | changed)) == why  # type: ignore[arg-type]  # each is of its type


def test_the_enterprise_is_told_once_of_each_submission_on_a_mandate_and_the_ledger_names_the_mandate() -> None:
    case = Case().accepted("soil", mandate=OnMandate(number="0" * 16, agent="赵敏"))
    [notice] = case.notices(NoticeKind.ON_MANDATE)
    assert "撤回申请" in notice.items[0].text.zh
    assert "赵敏" not in str(notice) + str(case.entries)
    assert {"event": "on-mandate", "mandate": "0" * 16} in case.entries[0].events
    assert case.advance() is None
    assert not Case().accepted("soil").notices(NoticeKind.ON_MANDATE)
