"""Officers' own figures, a small item for each month."""

from datetime import UTC, datetime, timedelta
from typing import Any

from kaigong.domain.model.figures import Figures
from kaigong.settings import settings

from . import keys
from .items import fields, item_at, to_attributes

KEPT = timedelta(days=400)  # choice: so that a month can be compared with that of the year before


def of(account: str, month: str) -> Figures:
    item = item_at(to_attributes(keys.figures_key(account, month)), consistent=False)
    return Figures.model_validate(fields(item)) if item else Figures()


def addition(account: str, month: str, more: Figures, now: datetime) -> dict[str, Any]:
    """The part of a transaction that adds to an officer's figures."""
    counted = {name: value for name, value in more.model_dump().items() if value}
    names = {f"#{name}": name for name in counted}
    return {
        "TableName": settings().table_name,
        "Key": to_attributes(keys.figures_key(account, month)),
        "UpdateExpression": "ADD " + ", ".join(f"#{name} :{name}" for name in counted) + " SET expires_at = :end",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": to_attributes(
            {f":{name}": value for name, value in counted.items()}
            | {":end": int((now.astimezone(UTC) + KEPT).timestamp())}
        ),
    }
