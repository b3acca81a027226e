"""Where results are mailed: each address an item of its own beside its packet, where no rule and no desk reads it.

It has the name of its content, so that the same address is kept once, and goes by itself.
"""

from datetime import datetime, timedelta

from kaigong.domain.model.hand_out import MailAddress
from kaigong.domain.model.ledger import fingerprint
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, item_at, key, to_attributes

KEPT = timedelta(days=180)  # choice: far beyond the days in which a result is to be served (行政许可法 §44)


def put(packet: str, address: MailAddress, now: datetime) -> None:
    """Keep an address from now on. An act names it by its fingerprint (`of`)."""
    item = key(packet, keys.mail_to_sk(fingerprint(address)))
    item |= to_attributes({**dump(address), "expires_at": int((now + KEPT).timestamp())})
    client("dynamodb").put_item(TableName=settings().table_name, Item=item)


def of(packet: str, mark: str) -> MailAddress | None:
    """The address of this fingerprint; None: its time is over."""
    item = item_at(key(packet, keys.mail_to_sk(mark)))
    return MailAddress.model_validate(fields(item), extra=LATER) if item else None
