"""The catalogue that a packet goes by: as it was when the packet was accepted, whatever becomes of it.

A packet keeps the fingerprint of its process's part. The part itself is in the table once, from before the first packet
that goes by it is accepted; it is read only where the catalogue of today has another.
"""

from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.packet import Header, Packet
from kaigong.errors import Bug
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, fields, item_at, packed, to_attributes, unpacked

_read: dict[str, Catalogue] = {}  # a part never changes: what was read once is known as long as this process lives
_kept: set[str] = set()


def of(packet: Packet, today: Catalogue) -> Catalogue:
    """What the packet goes by; before it is accepted, the catalogue of `today`."""
    return of_header(packet.header, today)


def of_header(header: Header | None, today: Catalogue) -> Catalogue:
    """The same, by the header alone."""
    if header is None or header.catalogue in ("", today.fingerprint(header.process)):
        return today
    if header.catalogue not in _read:
        item = item_at(to_attributes(keys.catalogue_key(header.catalogue)), consistent=False)
        if item is None:
            raise Bug(f"the catalogue {header.catalogue} of packet {header.packet} was not kept")
        _read[header.catalogue] = Catalogue.model_validate_json(unpacked(fields(item)["content"]), extra=LATER)
    return _read[header.catalogue].changed(intermediaries=today.intermediaries)


def keep(process: Code, today: Catalogue) -> None:
    """Keep the part of a process as it is today, unless it is kept already."""
    fingerprint = today.fingerprint(process)
    if fingerprint in _kept:
        return
    where, table = keys.catalogue_key(fingerprint), settings().table_name
    known = client("dynamodb").get_item(
        TableName=table, Key=to_attributes(where), ProjectionExpression="pk", ConsistentRead=True
    )
    if "Item" not in known:
        content = packed(today.part(process).model_dump_json(exclude_defaults=True))
        client("dynamodb").put_item(TableName=table, Item=to_attributes({**where, "content": content}))
    _kept.add(fingerprint)
