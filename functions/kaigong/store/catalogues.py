"""The catalogue that a packet goes by: as it was when the packet was accepted, whatever becomes of it.

A packet keeps the fingerprint of its process's part. The part itself is in the table once, from before the first packet
that goes by it is accepted; it is read only where the catalogue of today has another.
"""

from functools import lru_cache

from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.packet import Header, Packet
from kaigong.errors import Bug
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, fields, item_at, packed, to_attributes, unpacked

_kept: set[str] = set()  # of today's catalogue alone: one for each of its processes


def of(packet: Packet, today: Catalogue) -> Catalogue:
    """What the packet goes by; before it is accepted, the catalogue of `today`."""
    return of_header(packet.header, today)


def of_header(header: Header | None, today: Catalogue) -> Catalogue:
    """The same, by the header alone."""
    if header is None or header.catalogue in ("", today.fingerprint(header.process)):
        return today
    return _part(header.catalogue).changed(intermediaries=today.intermediaries)


@lru_cache(maxsize=16)  # choice: a handful of versions of each process, of which packets are under way at one time
def _part(fingerprint: str) -> Catalogue:
    """A part that was kept, which never changes. Raises Bug where it was not, which is not remembered."""
    item = item_at(to_attributes(keys.catalogue_key(fingerprint)), consistent=False)
    if item is None:
        raise Bug(f"the catalogue {fingerprint} was not kept")
    return Catalogue.model_validate_json(unpacked(fields(item)["content"]), extra=LATER)


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
