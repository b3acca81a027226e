"""The problem list: an item for each department and day, which the nightly run puts whole, and one of all of them."""

from datetime import date
from typing import Any

from kaigong.domain.model.problems import Day
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, fields, item_at, packed, queried, to_attributes, unpacked


def put(found: Day) -> None:
    """Keep a department's day; one that is counted again takes the place of the first."""
    item = {**keys.problems_key(found.department, found.day), "content": packed(found.model_dump_json())}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def between(department: str, first: date, last: date) -> list[Day]:
    """The days of a department that were counted, in order; of `keys.PROBLEMS_OF_ALL` the sums of all."""
    bound = {":pk": keys.problems_pk(department), ":first": first.isoformat(), ":last": last.isoformat()}
    found = queried("pk = :pk AND sk BETWEEN :first AND :last", bound, consistent=False)
    return [_day(item) for item in found]


def counted(day: date) -> bool:
    """Whether a day was counted: the sums of all are put last."""
    return item_at(to_attributes(keys.problems_key(keys.PROBLEMS_OF_ALL, day))) is not None


def _day(item: dict[str, Any]) -> Day:
    return Day.model_validate_json(unpacked(fields(item)["content"]), extra=LATER)
