"""Rosters of inspectors: an item for each version of a department's, which is never changed."""

from kaigong.domain.model.roster import Roster
from kaigong.domain.model.supervision import SupervisionRecord
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys, supervision
from .clients import client
from .items import LATER, dump, fields, item_at, put_first, to_attributes


def newest(department: str) -> Roster | None:
    """The roster that is drawn from now. Consistent."""
    page = client("dynamodb").query(
        TableName=settings().table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=to_attributes({":pk": keys.roster_pk(department)}),
        ScanIndexForward=False,
        Limit=1,
        ConsistentRead=True,
    )
    return next((Roster.model_validate(fields(item), extra=LATER) for item in page["Items"]), None)


def of(department: str, version: int) -> Roster | None:
    """A version of it."""
    item = item_at(to_attributes(keys.roster_key(department, version)), consistent=False)
    return Roster.model_validate(fields(item), extra=LATER) if item else None


def put(roster: Roster) -> None:
    """Keep a new version. Raises NewerVersionExists where there is one of its number."""
    if put_first(keys.roster_key(roster.department, roster.version) | dump(roster)):
        raise NewerVersionExists("名录已被更新，请重新读取。", "The roster changed meanwhile; read it again.")


def drawn_from(record: SupervisionRecord) -> tuple[str, Roster | None]:
    """The seed and the roster by which a record's inspectors were drawn."""
    roster = of(record.department, record.roster) if record.roster else None
    return supervision.known_seed(record.drawn_on(settings().office.zone)) or "", roster
