"""The desk of a department: who works there, and who is away. One Query reads both."""

from datetime import datetime, timedelta
from typing import NamedTuple

from kaigong.domain.model.officer import Absence, Colleague
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, queried, to_attributes

KNOWN_FOR = timedelta(days=120)  # choice: who has not worked at the desk for so long is not offered to colleagues
ABSENCE_KEPT = timedelta(days=400)


class Desk(NamedTuple):
    """Of one department."""

    colleagues: list[Colleague]
    absences: list[Absence]


def of(department: str) -> Desk:
    colleagues: list[Colleague] = []
    absences: list[Absence] = []
    for item in queried("pk = :pk", {":pk": keys.officers_pk(department)}):
        if keys.kind_of(item["sk"]["S"]) == keys.COLLEAGUE:
            colleagues.append(Colleague.model_validate(fields(item), extra=LATER))
        else:
            absences.append(Absence.model_validate(fields(item), extra=LATER))
    return Desk(sorted(colleagues, key=lambda one: (one.called, one.account)), absences)


def seen(department: str, who: Colleague) -> None:
    """Keep that somebody works at the desk."""
    ends = {"expires_at": int((who.seen_at + KNOWN_FOR).timestamp())}
    _put(keys.colleague_key(department, who.account) | dump(who) | ends)


def away(department: str, absence: Absence) -> None:
    """Keep that somebody is away, beside what was said before."""
    ends = {"expires_at": int((absence.stand_in.until + ABSENCE_KEPT).timestamp())}
    _put(keys.absence_key(department, absence.officer.account, absence.at) | dump(absence) | ends)


def _put(item: dict[str, object]) -> None:
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def is_news(known: Colleague | None, who: Colleague, now: datetime) -> bool:
    """Whether it is worth a write that somebody is at the desk."""
    if known is None or known.changed(seen_at=who.seen_at) != who:
        return True
    return now - known.seen_at > KNOWN_FOR / 4
