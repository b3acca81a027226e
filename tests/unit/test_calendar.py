"""Dates as a calendar file: what is still to come, in the form that calendars read."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow import deadlines
from kaigong.domain.model.deadline import DeadlineKind, OwnerKind
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ActKind
from kaigong.domain.model.text import Text
from kaigong.views import calendar
from kaigong.views.packet import summary, waits_first

from .building import MORNING, OFFICE, Case

HOME = "https://example.test/portal"


def read(content: bytes) -> list[dict[str, str]]:
    """The events of a file, as RFC 5545 says to read it: unfold, split at the first colon, unescape."""
    text = content.decode()
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    events: list[dict[str, str]] = []
    inside: list[str] = []
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert inside.pop() == value
        elif inside == ["VCALENDAR", "VEVENT"]:
            events[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m[1] == "n" else m[1], value)
        elif inside[-1:] == ["VALARM"]:
            events[-1][f"alarm {name}"] = value
    assert not inside
    return events


def test_a_packet_s_dates_are_the_limits_that_run_and_what_was_agreed_on() -> None:
    case = Case().accepted("flood", "soil", promises=["soil-plan"])
    found = read(
        calendar.ics(calendar.dates(case.packet, case.catalogue, case.now, OFFICE), case.now, HOME, english=False)
    )
    limits = deadlines.of(case.packet, OFFICE)
    assert len(found) == len({event["UID"] for event in found}) == len(limits) > 2
    assert [event["DTSTART"] for event in found] == sorted(
        limit.due.at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ") for limit in limits
    )
    reminded = [event for event in found if event.get("alarm TRIGGER") == "-P1D"]
    assert len(reminded) == sum(limit.owner is OwnerKind.APPLICANT for limit in limits) == 1
    assert {event["URL"] for event in found} == {f"{HOME}/packets/{case.packet.packet}"}


def test_what_is_over_or_rests_is_in_no_calendar_and_a_date_keeps_its_identity() -> None:
    case = Case().accepted("flood", "soil")
    before = {date.id: date.at for date in calendar.dates(case.packet, case.catalogue, case.now, OFFICE)}
    later = max(before.values()) + timedelta(seconds=1)
    assert calendar.dates(case.packet, case.catalogue, later, OFFICE) == ()
    case.procedure("flood")
    case.advance()
    after = {date.id for date in calendar.dates(case.packet, case.catalogue, case.now, OFFICE)}
    assert after < before.keys()


@given(st.text(max_size=200), st.text(max_size=40))
def test_whatever_is_said_calendars_read_it_back(title: str, id_: str) -> None:
    said = Text(zh=title or "-", en="-")
    date = calendar.Date(id=id_, at=MORNING, title=said, packet="20260306-test")
    [event] = read(calendar.ics([date], MORNING, HOME, english=False))
    kept = "".join(c for c in said.zh if c == "\n" or c.isprintable())
    assert event["SUMMARY"] == kept


def test_an_enterprise_s_list_begins_with_what_waits_for_it_by_when() -> None:
    late, soon, none = (Case().accepted("flood", "soil", promises=["soil-plan"]) for _ in range(3))
    soon.decide("flood", Outcome.CORRECT)
    soon.decide("soil", Outcome.CORRECT)
    soon.advance()
    none.act(ActKind.WITHDRAW)
    none.advance()
    headers = [
        case.header.changed(packet=f"20260306-{name}")
        for name, case in (("none", none), ("late", late), ("soon", soon))
    ]
    rows = waits_first([summary(header, late.catalogue) for header in headers])
    assert DeadlineKind.CORRECTION in soon.header.asks
    assert [row.packet[9:] for row in rows][-1] == "none"
    assert [row.asks != () for row in rows] == [True, True, False]
    assert min(ask.due for ask in rows[0].asks if ask.due) <= min(ask.due for ask in rows[1].asks if ask.due)
    found = calendar.of_headers(headers, datetime(2026, 3, 6, tzinfo=UTC))
    assert {date.packet[9:] for date in found} == {"late", "soon"}
    assert read(calendar.ics(found, MORNING, HOME, english=True))
