"""What the figures have, and what counting anew gives."""

from datetime import date

import boto3
from kaigong import catalog
from kaigong.catalog.conventional import conventional
from kaigong.domain.flow import figures as rules
from kaigong.domain.model.figures import Sums, added, difference
from kaigong.settings import settings
from kaigong.store import figures, keys, packets, supervision


def counters() -> Sums:
    """What the counters say."""
    return figures.of_days(date(2000, 1, 1), date(2999, 12, 31))


def recounted() -> Sums:
    """What all packets of the table add up to as they are."""
    table = boto3.client("dynamodb").scan(TableName=settings().table_name)["Items"]
    names = [keys.packet_of(item["pk"]["S"]) for item in table if item["sk"]["S"] == keys.HEADER]
    office = catalog.with_calendar(settings().office)
    return added(
        rules.counted(packets.load(name), supervision.of(name).values(), conventional(), catalog.load(), office)
        for name in names
    )


def miscounted() -> Sums:
    """By how much the counters are wrong."""
    return difference(recounted(), counters())
