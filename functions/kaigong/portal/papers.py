"""Papers as a browser shows them: an address of object storage that works for a while, for whoever may read them."""

from datetime import UTC, datetime, timedelta

from kaigong.contract import problems
from kaigong.contract.desk import Extract, PaperAddress
from kaigong.domain.model.facts import Facts
from kaigong.domain.model.packet import Packet
from kaigong.portal.unanswered import Unanswered
from kaigong.store import files, keys
from kaigong.views.materials import shown_as

SHOWN_FOR = timedelta(minutes=10)  # choice: how long the address of a paper works


def address(packet: Packet, slot: str, mark: str, key: str, version: str) -> PaperAddress:
    """Where a browser finds one upload. Raises Unanswered for one that no page can show."""
    kind = shown_as(packet, slot, mark, key)
    if kind is None:
        raise Unanswered(problems.NOT_SHOWN)
    until, seconds = datetime.now(UTC) + SHOWN_FOR, int(SHOWN_FOR.total_seconds())
    found = files.shown_address(key, version, kind, seconds)
    examined = packet.uploads.get((slot, mark))
    facts = examined.facts if examined else None
    extract = _extract(facts) if facts and kind == "ofd" else None
    if facts and facts.copy_kind:
        copy = files.shown_address(keys.copy_key(packet.packet, slot, mark), "", facts.copy_kind, seconds)
        return PaperAddress(
            slot=slot,
            address=copy,
            kind=facts.copy_kind,
            until=until,
            original=found,
            original_kind=kind,
            extract=extract,
        )
    return PaperAddress(
        slot=slot, address=found, kind=kind, until=until, extract=extract, seals=facts.seals if facts else ()
    )


def _extract(facts: Facts) -> Extract:
    return Extract(text=facts.text, pages=facts.pages, seals=facts.seals, attachments=facts.embedded_files)
