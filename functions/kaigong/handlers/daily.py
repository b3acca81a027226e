"""daily: after each day, counts what went wrong on it, for the problem list, and writes its changes as the national
exchange wants them. Each packet that moved is read once for both.

The schedule, or who asks for a day, begins a run: it is cut into parts, each a message of its own. The last part to end
sums up; two that are the last at once write the same. Nothing is counted twice, since a day's numbers are made from
the ledgers' entries of that day and are put whole. Each night it also has those looked at who wait first for what
policies give, or may not be capped any more.
"""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.domain.flow import problems as counting
from kaigong.domain.flow import risk
from kaigong.domain.model.daily import DayAsked, ExchangeFile, PartAsked, PartDone, cells_of, cut
from kaigong.domain.model.policy import Policy
from kaigong.domain.model.problems import MOST_RISKY, Cell, Counted, Day, Risky
from kaigong.settings import settings
from kaigong.store import anchors, benefits, catalogues, daily, keys, packets, problems, queues, supervision
from kaigong.views import exchange

from .apart import apart
from .observe import logger
from .queue import each_message

QUEUE = "daily"
CATCH_UP = 7  # choice: days before yesterday that the schedule looks after too, where a night was missed
PART_MS = 60_000  # that a part may take; where less is left, it is left for the next invocation
IN_LINE = 5  # choice: of who waits for a policy, where the first cannot be read
MOST_CAPPED = 1_000  # choice: of a policy a night; those that are looked at then are mostly not capped any more
MOST_UNVERIFIED = 500  # choice: late records of a department that are looked at a night


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    if "Records" in event:
        return each_message(event, context, take, PART_MS)
    yesterday = datetime.now(settings().office.zone).date() - timedelta(days=1)
    missed = [day for back in range(CATCH_UP + 1) if not problems.counted(day := yesterday - timedelta(days=back))]
    queues.send(QUEUE, [DayAsked(day=day) for day in missed])
    queues.look_at("benefits", _to_look_at())
    return {"days": [day.isoformat() for day in missed]}


def _to_look_at() -> list[str]:
    """The packets that wait first for what policies give, and those that are capped though their enterprise has room: a
    budget or a cap may have been raised since, which no event tells.
    """
    found = set[str]()
    for policy in catalog.load().policies.values():
        found.update(benefits.waiting(policy.code, IN_LINE), _with_room(policy))
    return sorted(found)


def _with_room(policy: Policy) -> list[str]:
    """The packets that are capped though what the enterprise has is less than the cap, some of them."""
    capped = list(benefits.capped(policy.code))
    given = benefits.given(policy.code, dict(capped))
    return [packet for uscc, packet in capped if given.get(uscc, 0) < policy.cap][:MOST_CAPPED]


def take(message: SQSRecord) -> None:
    if "run" in message.json_body:
        _count(PartAsked.model_validate_json(message.body))
    else:
        _begin(DayAsked.model_validate_json(message.body), message.message_id)


def _begin(asked: DayAsked, request: str) -> None:
    """Cut a run into its parts. A day that is not over is left: it would be counted in part."""
    since, until = _span(asked.day)
    if until > datetime.now(UTC):
        logger.warning("day is not over", day=asked.day.isoformat())
        return
    if not asked.failed and not asked.again and problems.counted(asked.day):
        return
    names = {exchange.packet_of(key) for key in asked.failed} or anchors.moved(since, until)
    parts = cut(asked, names, request)
    queues.send(QUEUE, parts)
    logger.info("day begun", day=asked.day.isoformat(), packets=len(names), parts=len(parts))


def _span(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day by the clock of the hall, and that of the next."""
    first = datetime.combine(day, time(), settings().office.zone)
    return first, first + timedelta(days=1)


def _count(asked: PartAsked) -> None:
    since, until = _span(asked.day)
    today = catalog.load()
    region, zone = exchange.region_code(today), settings().office.zone
    cells, risky = Counter[Cell](), defaultdict[str, list[Risky]](list)
    rows = defaultdict[str, list[exchange.Row]](list)
    for name in asked.packets:
        with apart("packet cannot be counted", packet=name):
            packet, entries = packets.load_with_ledger(name)
            catalogue = catalogues.of(packet, today)
            found = exchange.rows(packet, entries, since, until, catalogue, region, zone) if region else []
            told = list(exchange.resent(found, asked.failed)) if asked.failed else found
            here, judged = counting.of_day(packet, entries, since, until, catalogue), risk.of_packet(packet, catalogue)
            watched = bool(here) and risk.is_watched(packet, judged)
            # Nothing fails from here on: a packet is in the day with all that it has, or not at all.
            for row in told:
                rows[row.table].append(row)
            cells += here
            for department in {review.department for review in packet.reviews.values()} if watched else ():
                risky[department].append(Risky(packet=name, risk=judged))
    done = PartDone(
        packets=len(asked.packets),
        cells=tuple((*cell, count) for cell, count in sorted(cells.items())),
        risky={department: _most(found) for department, found in risky.items()},
        files=tuple(_file(asked, table, found) for table, found in sorted(rows.items())),
    )
    daily.put_part(asked, done)
    parts = daily.parts(asked)
    if parts is not None:
        _sum_up(asked, parts, region)


def _file(asked: PartAsked, table: str, rows: list[exchange.Row]) -> ExchangeFile:
    held = sum(row.values["sjsczt"] == exchange.HELD for row in rows)
    return daily.put_file(asked, table, exchange.lines(rows), len(rows), held)


def _most(found: list[Risky]) -> tuple[Risky, ...]:
    return tuple(sorted(found, key=lambda each: (-each.risk.points, each.packet))[:MOST_RISKY])


def _sum_up(asked: PartAsked, parts: list[PartDone], region: str) -> None:
    """Put what all parts came to. The sums of all departments come after those of each, the manifest last: who finds
    these finds the rest.
    """
    if not asked.failed:
        _put_problems(asked.day, parts)
    if region:
        manifest = exchange.ExchangeManifest(
            day=asked.day,
            region=region,
            run=asked.run,
            resend=bool(asked.failed),
            packets=sum(part.packets for part in parts),
            files=tuple(file for part in parts for file in part.files),
            made_at=datetime.now(UTC),
        )
        content = manifest.model_dump_json(by_alias=True, indent=1).encode()
        daily.put_manifest(asked.day, content, asked.run if asked.failed else "")
    logger.info("day done", day=asked.day.isoformat(), run=asked.run, parts=len(parts))


def _put_problems(day: date, parts: list[PartDone]) -> None:
    (_, until), cells = _span(day), Counter(cells_of(parts))
    departments = sorted({*catalog.load().departments, *(cell.department for cell in cells)} - {keys.PROBLEMS_OF_ALL})
    for department in departments:
        late, unreadable = supervision.unverified(department, until, MOST_UNVERIFIED)
        for record in late:
            cells[Cell(department, record.matter, Counted.UNVERIFIED)] += 1
        for name in unreadable:
            logger.error("record cannot be counted", record=name)
    sums = Counter[Cell]()
    for cell, count in cells.items():
        sums[Cell(keys.PROBLEMS_OF_ALL, cell.department, cell.what)] += count
    for department in (*departments, keys.PROBLEMS_OF_ALL):
        of = sums if department == keys.PROBLEMS_OF_ALL else cells
        mine = [(cell, count) for cell, count in sorted(of.items()) if cell.department == department]
        named = _most([risky for part in parts for risky in part.risky.get(department, ())])
        told = tuple((cell.matter, cell.what, cell.reason, cell.grade, count) for cell, count in mine)
        problems.put(Day(department=department, day=day, cells=told, packets=named))
