"""The nightly run: each day is counted once and told to the exchange, whoever dies and however often it runs."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.flow import risk
from kaigong.domain.model import daily as parts
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.daily import DayAsked
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.problems import Counted, Day
from kaigong.handlers import daily, export
from kaigong.portal import access
from kaigong.portal.problems import actions
from kaigong.settings import settings
from kaigong.store import keys, packets, problems, queues
from kaigong.views import exchange
from kaigong.views.exchange import ExchangeManifest
from kaigong.views.national import NationalCode

from tests.hours import HALL, ahead, standing

from .asking import FOREIGN, HOUSING, OPERATIONS, SUPERVISOR, WATER, body, page_as, played, problem
from .story import PACKET, REVOKED
from .world import ENVIRONMENT, Context, Delivery, Died, World

TODAY = datetime.now(HALL).date()
BUCKET = ENVIRONMENT["BUCKET_NAME"]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The story, and the night after it."""
    with played() as world:
        monkeypatch.setattr(daily, "datetime", ahead(timedelta(days=1)))
        monkeypatch.setattr(daily, "CATCH_UP", 1)  # the story may go on over midnight
        monkeypatch.setattr(parts, "PART", 1)  # each packet is a part of its own
        yield world


def days() -> list[date]:
    """The days on which the story was played: two, where it went on over midnight."""
    entries = [entry for name in (PACKET, FOREIGN) for entry in packets.ledger(name)]
    return sorted({entry.at.astimezone(HALL).date() for entry in entries})


def night(world: World) -> None:
    """The schedule wakes the function; what it asks for is done."""
    with world.inside("daily"):
        daily.handler({}, Context())
    world.run()


def found(department: str) -> list[Day]:
    return problems.between(department, days()[0], days()[-1])


def numbers(department: str) -> dict[tuple[str, Counted], int]:
    told: dict[tuple[str, Counted], int] = {}
    for day in found(department):
        for matter, what, _, _, count in day.cells:
            told[matter, what] = told.get((matter, what), 0) + count
    return told


def manifest(day: date, resent: str = "") -> ExchangeManifest:
    return ExchangeManifest.model_validate_json(stored(keys.exchange_manifest_key(day, resent)))


def stored(key: str) -> bytes:
    return bytes(boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())


def rows(told: ExchangeManifest) -> dict[str, list[dict[str, Any]]]:
    """The rows of a manifest's files, each file as the manifest says it is."""
    read: dict[str, list[dict[str, Any]]] = {}
    for file in told.files:
        content = stored(file.key)
        lines = [json.loads(line) for line in content.splitlines()]
        assert (len(content), hashlib.sha256(content).hexdigest(), len(lines)) == (file.size, file.sha256, file.rows)
        assert file.held == sum(line["sjsczt"] == exchange.HELD for line in lines)
        read.setdefault(file.table, []).extend(lines)
    return read


def everything() -> dict[str, list[dict[str, Any]]]:
    told: dict[str, list[dict[str, Any]]] = {}
    for day in days():
        for table, lines in rows(manifest(day)).items():
            told.setdefault(table, []).extend(lines)
    return told


def test_a_night_counts_the_day_once_for_each_department_and_all(world: World) -> None:
    night(world)
    reviews = packets.load(PACKET).reviews
    told = numbers("water")
    assert told["soil-conservation", Counted.DECIDED] == 2  # it asked for a correction, then approved
    assert told["soil-conservation", Counted.CORRECTION] == 1
    assert told["soil-conservation", Counted.APPLIED] == 3  # twice in the story, once by the other enterprise
    assert numbers("resources")[REVOKED, Counted.REVOKED] == 1
    assert numbers("housing")["construction-permit", Counted.REFUSED] == 1  # the drawings, that were no good at first
    every = numbers(keys.PROBLEMS_OF_ALL)
    for department in {review.department for review in reviews.values()}:
        mine = numbers(department)
        for what in Counted:
            assert every.get((department, what), 0) == sum(n for (_, each), n in mine.items() if each is what)
    before = {department: found(department) for department in catalog.load().departments}
    sent = world.queues_used["daily"]
    night(world)
    assert world.queues_used["daily"] == sent  # the day is known to be done
    assert {department: found(department) for department in catalog.load().departments} == before


def test_a_day_that_is_asked_for_again_comes_to_the_same_and_one_that_is_not_over_to_nothing(world: World) -> None:
    night(world)
    before, told = numbers("water"), everything()
    with world.inside("daily"):
        queues.send("daily", [DayAsked(day=day, again=True) for day in days()])
        queues.send("daily", [DayAsked(day=TODAY + timedelta(days=2))])
    world.faults.twice = True
    world.run()
    assert numbers("water") == before
    assert everything() == told
    assert not problems.counted(TODAY + timedelta(days=2))


def test_a_day_that_is_asked_for_again_has_files_and_a_manifest_of_its_own_each_time(world: World) -> None:
    night(world)
    day, runs = days()[-1], list[str]()
    for _ in range(2):
        with world.inside("daily"):
            queues.send("daily", [DayAsked(day=day, again=True)])
        world.run()
        runs.append(manifest(day).run)
    assert len({manifest(day).run, *runs}) == 2
    # of a third the first part alone is done: what parts of earlier requests came to is not summed up with it
    with world.inside("daily"):
        queues.send("daily", [DayAsked(day=day, again=True)])
    asked = world.waiting["daily"][:]
    world.deliver_to("daily")
    first = world.waiting["daily"][0]
    world.deliver(Delivery("daily", [first]))
    assert manifest(day).run == runs[-1]
    assert rows(manifest(day))
    world.waiting["daily"] = []
    world.deliver(Delivery("daily", asked))  # its message comes again: the run is the same
    world.run()
    assert manifest(day).run == parts.PartAsked.model_validate_json(first["body"]).run


def test_who_dies_between_any_two_calls_leaves_a_day_that_is_done_by_the_next(world: World) -> None:
    """Every part dies once at each of its calls that change anything; what comes of it is what comes without."""
    with world.inside("daily"):
        daily.handler({}, Context())
    writes, deaths = iter(range(1_000_000)), iter(n * (n + 1) // 2 for n in range(1, 1000))
    fatal = next(deaths)

    def die(moment: str, _: int, changes: bool) -> None:
        nonlocal fatal
        if changes and moment == "after" and next(writes) == fatal:
            fatal = next(deaths)
            raise Died

    world.faults.fork = die
    for _ in range(200):
        delivery = world._next()
        if delivery is None:
            break
        world.deliver(delivery)
    world.faults.fork = None
    world.run()
    assert world.again, "nobody died"
    found_here, told = numbers("water"), everything()
    with world.inside("daily"):
        queues.send("daily", [DayAsked(day=day, again=True) for day in days()])
    world.run()
    assert (numbers("water"), everything()) == (found_here, told)
    assert all(problems.counted(day) for day in days())


def test_the_exchange_tells_every_step_of_every_matter_by_the_standard_s_codes(world: World) -> None:
    night(world)
    told = everything()
    assert set(told) <= set(exchange.TABLES)
    assert {line["xzqhdm"] for lines in told.values() for line in lines} == {"411400"}
    steps = [line for line in told[exchange.STEPS] if line["spsxslbm"] == f"{PACKET}.soil-conservation"]
    codes = [NationalCode(str(line["blzt"])) for line in steps]
    C = NationalCode
    # Returned once, opened, corrected, a site visit, approved at last with its promised papers still open.
    assert codes[:5] == [C.RECEIVED, C.CORRECTION_STARTED, C.CORRECTION_ENDED, C.ACCEPTED, C.DEPARTMENT_STARTED]
    assert {C.CORRECTION_STARTED, C.PROCEDURE_STARTED, C.PROCEDURE_ENDED} <= set(codes[5:])
    assert codes[-1] in (C.APPROVED, C.APPROVED_WITH_GAPS)
    revoked = [int(line["blzt"]) for line in told[exchange.STEPS] if line["spsxslbm"] == f"{PACKET}.{REVOKED}"]
    assert revoked[-1] == int(C.RECALLED)
    [procedure] = [line for line in told[exchange.PROCEDURES] if line["spsxslbm"].startswith(PACKET)]
    assert procedure["tbcxmc"] == "联合踏勘"
    handled = {line["spsxslbm"] for line in told[exchange.HANDLING]}
    assert {f"{PACKET}.{matter}" for matter in packets.load(PACKET).routes} <= handled
    keys_ = [(table, line["dfsjzj"]) for table in (exchange.STEPS,) for line in told[table]]
    assert len(keys_) == len(set(keys_))


def test_a_row_without_its_project_code_is_held_and_says_so(world: World) -> None:
    night(world)
    [project] = [line for line in everything()[exchange.PROJECTS] if line["dfsjzj"] == PACKET][-1:]
    assert project["gcdm"] is None  # the story's project has none yet
    assert (project["sjsczt"], project["sbyy"]) == (exchange.HELD, "缺少工程代码")


def test_rows_that_were_refused_are_sent_again_after_one_that_takes_them_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "WANTED", {"xmmc": "项目名称"})  # the story's project has no code
    night(world)
    day, key = days()[-1], f"{FOREIGN}.soil-conservation"
    failed = {key: "缺少审批部门", "20260306-nothing.x": "没有这一行"}
    with world.inside("daily"):
        queues.send("daily", [DayAsked(day=day, failed=failed)])
    world.run()
    run = parts.run_of(["20260306-nothing", FOREIGN], failed)
    told = manifest(day, run)
    assert told.resend
    [lines] = rows(told).values()
    assert [(line["dfsjzj"], line["sjyxbs"]) for line in lines] == [(key, exchange.INVALID), (key, exchange.VALID)]
    assert lines[0]["sjwxyy"] == "重新上报：缺少审批部门"
    assert manifest(day).resend is False


def test_a_packet_that_cannot_be_read_does_not_keep_the_others_from_being_counted(world: World) -> None:
    header = {"pk": {"S": keys.packet_pk(FOREIGN)}, "sk": {"S": keys.HEADER}}
    boto3.client("dynamodb").update_item(
        TableName=ENVIRONMENT["TABLE_NAME"], Key=header, UpdateExpression="REMOVE enterprise"
    )
    night(world)
    assert numbers("water")["soil-conservation", Counted.APPLIED] == 2


def test_a_packet_that_storage_does_not_give_out_just_now_is_counted_when_it_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, silent = packets.load_with_ledger, [FOREIGN, FOREIGN]

    def load(name: str) -> Any:
        if name in silent:
            silent.remove(name)
            raise ReadTimeoutError(endpoint_url="dynamodb")
        return read(name)

    monkeypatch.setattr(packets, "load_with_ledger", load)
    night(world)
    assert not silent
    assert world.again, "the part came again"
    assert numbers("water")["soil-conservation", Counted.APPLIED] == 3
    assert {line["dfsjzj"] for line in everything()[exchange.PROJECTS]} >= {PACKET, FOREIGN}


def test_a_rule_that_fails_for_one_packet_does_not_keep_the_others_from_being_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = risk.of_packet

    def of_packet(packet: Packet, catalogue: Catalogue) -> Any:
        if packet.packet == FOREIGN:
            raise ValueError("no such grade")
        return judge(packet, catalogue)

    monkeypatch.setattr(risk, "of_packet", of_packet)
    monkeypatch.setattr(parts, "PART", 500)
    night(world)
    assert numbers("water")["soil-conservation", Counted.APPLIED] == 2


def test_a_late_record_that_cannot_be_read_does_not_stop_the_night(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "datetime", ahead(timedelta(days=400)))  # every promise should have been verified
    monkeypatch.setattr(daily, "CATCH_UP", 0)
    day = datetime.now(HALL).date() + timedelta(days=399)
    night(world)
    assert unverified(day) == ["power-connection"]
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    place = {"pk": keys.supervision_pk(PACKET), "sk": keys.supervision_sk("power-connection")}
    record = table.get_item(Key=place)["Item"]
    broken = {name: value for name, value in record.items() if name != "uscc"} | {"sk": keys.supervision_sk("other")}
    table.put_item(Item=broken | {"gsi2sk": "2026-01-01T00:00:00Z#other"})  # it comes first
    with world.inside("daily"):
        queues.send("daily", [DayAsked(day=day, again=True)])
    world.run()
    assert not world.again
    assert unverified(day) == ["power-connection"]


def unverified(day: date) -> list[str]:
    """The matters that were counted as not verified on a day, of every department."""
    told = [found for department in catalog.load().departments for found in problems.between(department, day, day)]
    return [matter for found in told for matter, what, *_ in found.cells if what is Counted.UNVERIFIED]


def test_a_night_that_was_missed_is_looked_after_by_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "datetime", ahead(timedelta(days=4)))
    monkeypatch.setattr(daily, "CATCH_UP", 4)
    night(world)
    assert all(problems.counted(day) for day in days())
    assert problems.counted(TODAY + timedelta(days=3))  # nothing moved on it, and that is on record
    assert manifest(TODAY + timedelta(days=3)).packets == 0


# who sees what


def test_a_department_sees_its_own_and_who_sees_all_sees_all(world: World) -> None:
    night(world)
    span = {"first": days()[0].isoformat(), "last": days()[-1].isoformat()}
    mine = body("/api/problems", WATER, span)
    assert mine["department"] == "water"
    assert {row["code"] for row in mine["rows"]} <= {"soil-conservation", "flood-impact", "water-abstraction"}
    assert body("/api/problems", WATER, {**span, "department": "housing"})["department"] == "water"
    assert body("/api/problems", {**SUPERVISOR, "custom:department": "housing"}, span)["department"] == "housing"
    every = body("/api/problems", OPERATIONS, span)
    assert "department" not in every or every["department"] is None
    assert {"water", "housing", "resources"} <= {row["code"] for row in every["rows"]}
    assert body("/api/problems", OPERATIONS, {**span, "department": "housing"})["department"] == "housing"
    lead = catalog.load().lead
    assert lead
    of_lead = {**HOUSING, "custom:department": lead.code}
    assert {row["code"] for row in body("/api/problems", of_lead, span)["rows"]} == {r["code"] for r in every["rows"]}
    for row in mine["rows"]:
        assert row["risk"]["points"] == sum(part["points"] for part in row["risk"]["parts"])


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-02-30"},
        {"first": "2026-03-02", "last": "2026-03-01"},
        {"first": "2020-01-01", "last": "2026-03-01"},
        {"department": "nobody"},
        {"last": "0001-01-0"},
    ],
)
def test_days_that_are_none_are_refused_in_words(asked: dict[str, str]) -> None:
    assert problem("/api/problems", OPERATIONS, asked) == (400, "invalid-parameter")


@pytest.mark.usefixtures("world")
def test_the_first_day_that_there_is_can_be_asked_for() -> None:
    assert body("/api/problems", OPERATIONS, {"last": "0001-01-01"})["rows"] == []


@pytest.mark.usefixtures("world")
def test_a_packet_s_risk_is_told_to_who_reviews_it() -> None:
    found_ = body(f"/api/packets/{PACKET}/risk", WATER)
    assert found_["risk"]["points"] == sum(part["points"] for part in found_["risk"]["parts"])
    assert problem(f"/api/packets/{FOREIGN}/risk", HOUSING) == (404, "not-found")


def test_the_pages_show_the_list_and_hand_it_out_as_a_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    night(world)
    span = {"first": days()[0].isoformat(), "last": days()[-1].isoformat()}
    caller = access.Caller(name="op", groups=frozenset({Group.OPERATIONS}))
    shown = page_as(monkeypatch, caller, "/problems", query=span)
    assert shown["statusCode"] == 200
    assert "水利" in shown["body"]
    assert "problems.csv?" in shown["body"]
    table = page_as(monkeypatch, caller, "/problems.csv", query=span)
    assert table["headers"]["Content-Type"].startswith("text/csv")
    assert 'filename="problems-all-' in table["headers"]["Content-Disposition"]
    officer = access.Caller(name="o", groups=frozenset({Group.DEPARTMENT}), department="water")
    assert "soil-conservation" in page_as(monkeypatch, officer, "/problems.csv", query=span)["body"]
    assert page_as(monkeypatch, officer, f"/packets/{PACKET}/risk")["statusCode"] == 200
    assert actions.yesterday() == datetime.now(UTC).astimezone(HALL).date() - timedelta(days=1)


@pytest.fixture
def further_west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stack whose hall goes by another clock than most: there it is not midnight yet."""
    monkeypatch.setenv("TIME_ZONE", "Asia/Urumqi")
    settings.cache_clear()
    for module in (daily, actions, export):
        monkeypatch.setattr(module, "datetime", standing(datetime(2026, 3, 6, 16, 30, tzinfo=UTC)))
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("world", "further_west")
def test_the_day_before_is_that_of_the_halls_clock_for_every_nightly_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daily, "CATCH_UP", 0)
    monkeypatch.setattr(export, "_export", lambda _: 0)
    monkeypatch.setattr(export.events, "newest", lambda: None)
    assert daily.handler({}, Context())["days"] == ["2026-03-05"]
    assert export.handler({}, Context())["until"] == "2026-03-05"
    assert actions.yesterday() == date(2026, 3, 5)


@pytest.mark.usefixtures("world")
def test_rows_of_the_exchange_tell_the_time_of_the_halls_clock() -> None:
    packet, entries = packets.load_with_ledger(PACKET)
    span, catalogue = (entries[0].at, datetime.now(UTC)), catalog.load()
    here, west = (
        exchange.rows(packet, entries, *span, catalogue, "411400", ZoneInfo(name))[0].values["sbsj"]
        for name in ("Asia/Shanghai", "Asia/Urumqi")
    )
    assert datetime.fromisoformat(str(here)) - datetime.fromisoformat(str(west)) == timedelta(hours=2)
