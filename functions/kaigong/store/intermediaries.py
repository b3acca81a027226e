"""The record of each intermediary: what became of its papers, over all packets. Whoever shows one reads one item.

It changes by what a packet's change counts, in the transaction that strikes that change's orders off, so once.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from kaigong.domain.model.packet import IntermediaryRecord
from kaigong.settings import settings

from . import keys
from .items import LATER, all_of, fields, to_attributes

FIGURES = tuple(IntermediaryRecord.model_fields)


def additions(counted: Mapping[str, IntermediaryRecord]) -> list[dict[str, Any]]:
    """The writes of a transaction that add to the records of intermediaries, by credit code."""
    return [
        {
            "Update": {
                "TableName": settings().table_name,
                "Key": to_attributes(keys.intermediary_key(uscc)),
                "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in FIGURES),
                "ExpressionAttributeValues": to_attributes({f":{name}": getattr(more, name) for name in FIGURES}),
            }
        }
        for uscc, more in counted.items()
    ]


def of(usccs: Iterable[str]) -> dict[str, IntermediaryRecord]:
    """The records that there are of these intermediaries, by credit code."""
    wanted = {uscc: to_attributes(keys.intermediary_key(uscc)) for uscc in usccs}
    found: dict[str, IntermediaryRecord] = {}
    for item in all_of(list(wanted.values())) if wanted else ():
        values = fields(item)
        found[keys.intermediary_of(item["pk"]["S"])] = IntermediaryRecord.model_validate(
            {name: values.get(name, 0) for name in FIGURES}, extra=LATER
        )
    return found
