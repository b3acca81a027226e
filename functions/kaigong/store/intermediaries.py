"""The record of each intermediary: what became of its papers, over all packets.

A packet's figures are an item of their own, and the sums beside them change by the difference, in one transaction: who
writes the same figures again changes nothing, and whoever shows a record reads one item.
"""

from collections.abc import Iterable, Mapping

from kaigong.domain.model.packet import IntermediaryRecord
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import all_of, fields, to_attributes

FIGURES = tuple(IntermediaryRecord.model_fields)


def record(packet: str, version: int, figures: Mapping[str, IntermediaryRecord]) -> None:
    """Write what a packet of this version knows of each intermediary. What a newer version wrote stays."""
    for uscc, found in figures.items():
        _record(packet, version, uscc, found)


def _record(packet: str, version: int, uscc: str, found: IntermediaryRecord) -> None:
    """Raises where another one is at it: the order stays in the outbox, and is tried again."""
    table = settings().table_name
    place = {"pk": keys.intermediary_pk(uscc), "sk": keys.intermediary_packet_sk(packet)}
    stored = client("dynamodb").get_item(TableName=table, Key=to_attributes(place), ConsistentRead=True)
    old = fields(stored["Item"]) if "Item" in stored else {"version": 0}
    before = IntermediaryRecord.model_validate({name: old.get(name, 0) for name in FIGURES})
    if old["version"] > version or before == found:
        return
    put = {"Item": to_attributes({**place, "version": version, **dict(found)})}
    condition = "attribute_not_exists(pk)" if "Item" not in stored else "version = :old"
    bound = {} if "Item" not in stored else {"ExpressionAttributeValues": to_attributes({":old": old["version"]})}
    differences = {f":{name}": getattr(found, name) - getattr(before, name) for name in FIGURES}
    client("dynamodb").transact_write_items(
        TransactItems=[
            {"Put": {"TableName": table, **put, "ConditionExpression": condition, **bound}},
            {
                "Update": {
                    "TableName": table,
                    "Key": to_attributes(keys.intermediary_key(uscc)),
                    "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in FIGURES),
                    "ExpressionAttributeValues": to_attributes(differences),
                }
            },
        ]
    )


def of(usccs: Iterable[str]) -> dict[str, IntermediaryRecord]:
    """The records that there are of these intermediaries, by credit code."""
    wanted = {uscc: to_attributes(keys.intermediary_key(uscc)) for uscc in usccs}
    found: dict[str, IntermediaryRecord] = {}
    for item in all_of(list(wanted.values())) if wanted else ():
        values = fields(item)
        found[keys.intermediary_of(item["pk"]["S"])] = IntermediaryRecord.model_validate(
            {name: values.get(name, 0) for name in FIGURES}
        )
    return found
