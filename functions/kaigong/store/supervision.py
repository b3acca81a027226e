"""Supervision records: one item for each approved matter, in a partition beside the packet's.

It is put once, and then changed whole on the version that was read. What the packet is to have on record of a change is
written with it, as a fact of the packet.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.supervision import Drawn, SupervisionFact, SupervisionListed, SupervisionRecord
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import (
    LATER,
    all_of,
    by_department,
    dump,
    fields,
    from_attributes,
    item_at,
    list_of,
    put_first,
    queried,
    to_attributes,
)

_CHANGED = NewerVersionExists("监管记录已被更新，请重新读取。", "The record changed meanwhile; read it again.")
_IN_KEYS = {"packet", "matter", "enterprise", "project"}  # the keys, or `gsi2about`, say it


def push(record: SupervisionRecord, wakes: datetime) -> SupervisionRecord:
    """Keep a record, unless there is one of the matter. Returns the one that is there."""
    there = put_first(_item(record, wakes))
    return _record(there) if there else record


def of(packet: str) -> dict[Code, SupervisionRecord]:
    """The records of a packet, by matter. Consistent."""
    found = queried("pk = :pk", {":pk": keys.supervision_pk(packet)})
    return {record.matter: record for record in map(_record, found)}


def load(packet: str, matter: str) -> SupervisionRecord | None:
    """Consistent."""
    item = item_at(to_attributes(_key(packet, matter)))
    return _record(item) if item else None


def save(
    before: SupervisionRecord, record: SupervisionRecord, wakes: datetime | None, fact: SupervisionFact | None
) -> None:
    """Write a changed record, with what the packet is to have on record of that. Raises NewerVersionExists."""
    table = settings().table_name
    put = {
        "TableName": table,
        "Item": to_attributes(_item(record, wakes)),
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": to_attributes({":version": before.version}),
    }
    api = client("dynamodb")
    try:
        if fact is None:
            api.put_item(**put)
            return
        place = {"pk": keys.packet_pk(record.packet), "sk": keys.supervised_sk(fact.name)}
        told = {"TableName": table, "Item": to_attributes({**place, **dump(fact)})}
        api.transact_write_items(TransactItems=[{"Put": put}, {"Put": told}])
    except (
        api.exceptions.ConditionalCheckFailedException,
        api.exceptions.TransactionCanceledException,
        api.exceptions.TransactionConflictException,
    ) as error:
        raise _CHANGED from error


def waiting(department: str, most: int, after: str | None = None) -> tuple[list[SupervisionListed], str | None]:
    """The open records of a department, what is due first first; and where to go on, if there are more."""
    found, more = list_of(keys.supervisors_pk(department), most, after)
    return [_row(from_attributes(item)) for item in found], more


def unverified(department: str, now: datetime, most: int) -> tuple[list[SupervisionRecord], list[str]]:
    """The open records of a department that rest on a commitment and are past their time, of the `most` that are late
    for the longest; and the names of those of them that cannot be read.
    """
    bound = {":pk": keys.supervisors_pk(department), ":now": keys.window_until(now)}
    page = by_department("gsi2pk = :pk AND gsi2sk <= :now", bound, Limit=most)
    found, unreadable = list[SupervisionRecord](), list[str]()
    for item in all_of({"pk": each["pk"], "sk": each["sk"]} for each in page["Items"]):
        try:
            found.append(_record(item))
        except (ValidationError, KeyError):
            unreadable.append(_name(item))
    return [record for record in found if record.open and record.drawn is Drawn.COMMITMENT], unreadable


def seed(day: date, fresh: str) -> str:
    """The seed of a day's draw: the one there is, else this fresh one."""
    there = put_first({**keys.draw_key(day), "seed": fresh})
    return str(fields(there)["seed"]) if there else fresh


def seeds(days: Iterable[date]) -> dict[date, str]:
    """The seeds of those of these days that have one."""
    found = map(from_attributes, all_of(to_attributes(keys.draw_key(day)) for day in days))
    return {date.fromisoformat(item["sk"]): str(item["seed"]) for item in found}


def known_seed(day: date) -> str | None:
    """The seed of a day's draw, where something was drawn on it."""
    item = item_at(to_attributes(keys.draw_key(day)), consistent=False)
    return str(fields(item)["seed"]) if item else None


def _key(packet: str, matter: str) -> dict[str, str]:
    return {"pk": keys.supervision_pk(packet), "sk": keys.supervision_sk(matter)}


def _item(record: SupervisionRecord, wakes: datetime | None) -> dict[str, Any]:
    values = {name: value for name, value in dump(record).items() if name not in _IN_KEYS}
    item = _key(record.packet, record.matter) | values
    item |= {"version": record.version, "state": record.state.value}  # conditions and lists ask for them
    item["gsi2about"] = {"enterprise": record.enterprise, "project": record.project}
    if record.open:
        item |= keys.supervisors_index(record.name, record.department, record.due.at)
        place = keys.due_index(record.packet, wakes) if wakes else keys.late_index(record.packet, record.due.at)
        item |= place
    return item


def _record(item: dict[str, Any]) -> SupervisionRecord:
    plain = from_attributes(item)
    return SupervisionRecord.model_validate(
        {
            "packet": keys.supervised_of(plain["pk"]),
            "matter": keys.name_in(plain["sk"]),
            **plain["gsi2about"],
            **fields(item),
        },
        extra=LATER,
    )


def _name(item: dict[str, Any]) -> str:
    return f"{keys.supervised_of(item['pk']['S'])}.{keys.name_in(item['sk']['S'])}"


def _row(plain: dict[str, Any]) -> SupervisionListed:
    return SupervisionListed(
        packet=keys.supervised_of(plain["pk"]),
        matter=keys.name_in(plain["sk"]),
        state=plain["state"],
        due=plain["due"],
        **plain["gsi2about"],
    )
