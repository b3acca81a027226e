"""Which documents are due when, and that each is made: only what is due exists, and nothing that is due is forgotten.

They are due at acceptance, with each notice that asks for something, and once the joint result is out as data: the
decision never waits for its papers. A key or an authority for time stamps that does not answer only delays them.
Source: mission 8 (acceptance receipt), mission 7 (one-time notice).
"""

from datetime import timedelta

from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.documents import Ordered, noticed
from kaigong.domain.model.packet import Packet

from .step import ORDER_DOCUMENTS, Step

AGAIN = timedelta(hours=1)  # choice: what is not made by then is asked for once more; its queue tries for longer


def take(step: Step) -> None:
    """Put on record what was issued, with the SHA-256 of each file; ask once more for what is long due."""
    due, now = dict(step.header.documents), step.around.now
    for occasion in [occasion for occasion in due if occasion in step.packet.documents]:
        made = step.packet.documents[occasion].documents
        del due[occasion]
        step.happened("documents", occasion=occasion, files=[[d.name.code, d.sha256] for d in made])
    late = [occasion for occasion, ordered in due.items() if ordered.at + AGAIN <= now]
    for occasion in late:
        due[occasion] = due[occasion].changed(at=now, first_at=due[occasion].first_at or due[occasion].at)
    if late:
        step.happened("documents-late", occasions=late)
        step.orders.append(ORDER_DOCUMENTS)
    if due != step.header.documents:
        step.change_header(documents=due)


def sealed(due: dict[Code, Ordered], seq: int, head: str) -> dict[Code, Ordered]:
    """The same, with the ledger's head for those that were ordered in this step: documents carry it."""
    return {code: ordered if ordered.seq else ordered.changed(seq=seq, hash=head) for code, ordered in due.items()}


def missing(packet: Packet) -> list[Code]:
    """The occasions whose documents are still to be made."""
    return [code for code in packet.header.documents if code not in packet.documents] if packet.header else []


def is_settled(packet: Packet, occasion: Code) -> bool:
    """Whether a set can go into the history: those of notices, which may be many, once they are on record."""
    return noticed(occasion) is not None and packet.header is not None and occasion not in packet.header.documents
