"""The questions of docs/questions.md: right on rows made by hand, asked in words that Athena and DuckDB share, and
unable to change anything.
"""

import gzip
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.views.events import Event, columns, events
from kaigong.views.ledger_words import EVENTS

from infra.command.client import asking
from tests.hours import HALL
from tests.stack import template

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text("utf-8")
FILES = sorted(file for file in asking.QUESTIONS.glob("*.sql") if file != asking.VIEW)
MORNING = datetime(2026, 3, 6, 1, tzinfo=UTC)  # 9 o'clock at the hall, a Friday
# What both know by one name, with one meaning; `approx_percentile` and `day_of_week` are made the same in DuckDB.
SHARED = {
    "approx_percentile", "avg", "cast", "coalesce", "count", "count_if", "date_diff", "date_trunc", "day_of_week",
    "hour", "lead", "max", "min", "nullif", "round", "row_number", "sum",
}  # fmt: skip
WORDS = {"as", "in", "over", "values", "and", "from", "by", "on", "with", "staff", "then", "when"}


def row(packet: str, event: str, hours: float = 0, **more: Any) -> Event:
    at = (MORNING + timedelta(hours=hours)).astimezone(HALL).isoformat(" ", "milliseconds")[:23]
    known = load().matters.get(more.get("matter", ""))
    return Event(
        id=f"{packet}#{event}#{sorted(more.items())}#{hours}",
        happened_at=at,
        packet=packet,
        entry=1,
        event=event,
        process="industrial",
        department=known.department if known else None,
        **more,
    )


def asked(folder: Path, question: str, rows: Iterable[Event]) -> list[dict[str, Any]]:
    day = folder / "day=2026-03-06"
    day.mkdir(exist_ok=True)
    lines = "".join(f"{each.model_dump_json(by_alias=True, exclude_none=True)}\n" for each in rows)
    (day / "part-0.json.gz").write_bytes(gzip.compress(lines.encode()))
    found = asking.answered(folder, (asking.QUESTIONS / f"{question}.sql").read_text("utf-8"))
    return [dict(zip(found.columns, values, strict=True)) for values in found.rows]


def reviewed(packet: str, hours: float, *, matter: str = "soil-conservation", opened: float = 0) -> list[Event]:
    decided = row(packet, "decided", opened + hours, matter=matter, code="approved", round=1)
    return [row(packet, "review-opened", opened, matter=matter), decided]


def test_how_long_packets_wait(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        "where-packets-wait",
        [
            *reviewed("a", 2.5),
            *reviewed("b", 5.5),
            row("c", "review-opened", 1, matter="soil-conservation"),
            row("a", "decided", 1, matter="soil-conservation", code="correction"),  # no end
        ],
    )
    assert found == [
        {
            "process": "industrial",
            "department": "water",
            "matter": "soil-conservation",
            "opened": 3,
            "decided": 2,
            "hours_on_average": 4.0,
            "hours_at_most": 5.5,
        }
    ]


def test_what_a_lost_officer_costs(tmp_path: Path) -> None:
    """Two of water decide four a day at best and get two: half a day of waiting; one alone decides two, and the queue
    grows for ever.
    """
    first = [each for n in range(2) for each in reviewed(f"a{n}", 25)]
    second = [each for n in range(2) for each in reviewed(f"b{n}", 2, opened=24)]
    [found] = asked(tmp_path, "lost-officer", [*first, *second])
    assert (found["department"], found["officers"], found["come_a_day"], found["decided_on_the_best_day"]) == (
        "water",
        2,
        2.0,
        4.0,
    )
    assert (found["days_of_waiting_now"], found["days_with_one_less"]) == (0.5, None)


def test_what_became_of_promises(tmp_path: Path) -> None:
    rows = [row(packet, "gap-promised", material="wage-security") for packet in "abc"]
    rows += [row("b", "gaps-overdue", 100, material="wage-security")]
    rows += [row(packet, "gaps-closed", hours, material="wage-security") for packet, hours in (("a", 24), ("b", 120))]
    [found] = asked(tmp_path, "gaps", rows)
    assert [found[name] for name in ("promised", "in_time", "late", "missing", "days_on_average")] == [3, 1, 1, 1, 3.0]


def test_who_decides_in_time(tmp_path: Path) -> None:
    late = row("b", "reviews-overdue", 50, matter="soil-conservation")
    [found] = asked(tmp_path, "on-time", [*reviewed("a", 2), *reviewed("b", 60), late])
    assert (found["month"], found["department"]) == (datetime(2026, 3, 1), "water")  # noqa: DTZ001 - by the hall's clock
    assert (found["decided"], found["late"], found["percent_in_time"]) == (2, 1, 50.0)


def test_what_a_packet_waits_for_last(tmp_path: Path) -> None:
    rows = [*reviewed("a", 2, matter="road-works"), *reviewed("a", 26), row("a", "result", 27, code="11")]
    [found] = asked(tmp_path, "critical-path", rows)
    assert (found["matter"], found["times_last"], found["hours_after_the_last_but_one"]) == ("soil-conservation", 1, 24)


def test_when_the_work_is(tmp_path: Path) -> None:
    [found] = asked(tmp_path, "when-it-comes", [row("a", "submitted", matter="road-works", round=1)])
    assert found == {"weekday": 5, "hour": 9, "matters_handed_in": 1, "decisions": 0}


def test_every_question_is_on_the_page_and_every_one_there_is_a_file() -> None:
    assert len(FILES) >= 10
    asked = re.findall(r"^\| [^|]+ \| `docs/questions/([a-z-]+)\.sql` \|", PAGE, re.M)
    assert sorted(asked) == [file.stem for file in FILES]
    assert set(re.findall(r"docs/questions/([a-z-]+)\.sql", PAGE)) == {"view", *(file.stem for file in FILES)}


@pytest.mark.parametrize("file", [*FILES, asking.VIEW], ids=lambda file: file.stem)
def test_a_question_says_what_it_asks_in_words_that_both_engines_share(file: Path) -> None:
    text = file.read_text("utf-8")
    assert text.startswith("-- ")
    sql = re.sub(r"--.*", "", text)
    assert set(re.findall(r"\b([a-z_]+)\s*\(", sql.lower())) <= SHARED | WORDS
    assert "::" not in sql  # DuckDB's cast
    assert ";" not in sql  # which Athena takes at the end alone


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW events",
        "COPY (SELECT 1) TO '/tmp/kaigong-never-written'",
        "INSERT INTO events_raw (id) VALUES ('x')",
        "SELECT 1; DROP VIEW events",
        "ATTACH '/tmp/kaigong-never-written'",
        "SET enable_external_access = true",
        "SELECT * FROM read_csv('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
        "SELECT * FROM glob('/etc/*')",
        "INSTALL httpfs",
        "SELEKT 1",
        "",
    ],
)
def test_what_writes_or_reads_beside_the_events_is_refused_in_both_languages(tmp_path: Path, sql: str) -> None:
    with pytest.raises(asking.NotAQuestion) as refused:
        asking.answered(tmp_path, sql)
    assert refused.value.zh != refused.value.en
    assert not Path("/tmp/kaigong-never-written").exists()  # noqa: S108 - nobody writes there


def test_the_table_of_athena_has_the_columns_of_the_files() -> None:
    table = template.resources()["EventsTable"]["Properties"]["TableInput"]
    found = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    assert list(found.items()) == [(name, "bigint" if kind is int else "string") for name, kind in columns().items()]
    assert table["Name"] == "events_raw"
    assert f"/{asking.EVENTS}day=" in str(table["Parameters"]["storage.location.template"])
    assert asking.EVENTS.strip("/").rpartition("v")[2] == row("a", "result").schema_.rpartition("/")[2]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    name=st.sampled_from([*EVENTS, "of-a-later-release"]),
    said=st.dictionaries(
        st.sampled_from(
            ["matter", "matters", "slots", "items", "limits", "subject", "code", "kind", "round", "refused", "channel"]
        ),
        JSON,
    ),
)
def test_whatever_an_entry_says_gives_rows_of_codes_alone(name: str, said: dict[str, Any]) -> None:
    entry = chain(3, GENESIS, ({**said, "event": name},), MORNING)
    found = list(events("P-1", "industrial", [entry], load(), HALL))
    assert found == list(events("P-1", "industrial", [entry], load(), HALL))
    assert found
    assert len({each.id for each in found}) == len(found)
    for each in found:
        for value in (each.event, each.matter, each.material, each.kind, each.code):
            assert value is None or re.fullmatch(r"[a-z0-9.-]{1,64}", value)


def test_a_credit_code_and_a_name_are_no_codes() -> None:
    said = {"event": "decided", "matter": "王工", "round": 1, "state": "91411402MA0KG0002N"}
    [found] = events("P-1", None, [chain(1, GENESIS, (said,), MORNING)], load(), HALL)
    assert (found.matter, found.code, found.event) == (None, None, "decided")


@pytest.mark.parametrize(
    ("said", "places"),
    [
        (("soon", "review", "soil-conservation"), ("soil-conservation", None)),
        (("soon", "question", "soil-conservation.0123456789ab"), ("soil-conservation", None)),
        (("soon", "gap", "soil-plan"), (None, "soil-plan")),
        (("over", "correction", "20260306-test"), (None, None)),  # of the packet, as of no matter
        (("over", "documents", "joint-result"), (None, None)),
    ],
)
def test_a_limit_that_is_told_is_of_its_matter_or_material(
    said: tuple[str, ...], places: tuple[str | None, ...]
) -> None:
    entry = chain(1, GENESIS, ({"event": "pressed", "limits": [list(said)]},), MORNING)
    [found] = events("P-1", None, [entry], load(), HALL)
    assert (found.code, found.kind, found.matter, found.material) == (*said[:2], *places)


@pytest.mark.parametrize("event", ["assign", "stand-in", "ask", "answer"])
def test_what_officers_and_applicants_put_on_record_of_a_matter_says_whether_it_counted(event: str) -> None:
    said = {"event": event, "subject": "soil-conservation.0123456789ab", "refused": "moot"}
    [found] = events("P-1", None, [chain(1, GENESIS, (said,), MORNING)], load(), HALL)
    assert (found.event, found.matter, found.code) == (event, "soil-conservation", "moot")
