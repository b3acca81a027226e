"""Officers' own figures, a small item for each month."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kaigong.domain.model.tally import Tally
from kaigong.settings import settings

from . import keys
from .items import LATER, fields, item_at, to_attributes

KEPT = timedelta(days=400)  # choice: so that a month can be compared with that of the year before


def of(account: str, month: str) -> Tally:
    item = item_at(to_attributes(keys.tally_key(account, month)), consistent=False)
    return Tally.model_validate(fields(item), extra=LATER) if item else Tally()


def addition(account: str, month: str, more: Tally, now: datetime) -> dict[str, Any]:
    """The part of a transaction that adds to an officer's figures."""
    counted = {name: value for name, value in more.model_dump().items() if value}
    names = {f"#{name}": name for name in counted}
    return {
        "TableName": settings().table_name,
        "Key": to_attributes(keys.tally_key(account, month)),
        "UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in counted) + " SET expires_at = :end",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": to_attributes(
            {f":{name}": value for name, value in counted.items()}
            | {":end": int((now.astimezone(UTC) + KEPT).timestamp())}
        ),
    }
