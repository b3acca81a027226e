"""Which documents an occasion calls for, in the order in which people look for them. Only what is due exists."""

from collections.abc import Iterator

from kaigong.domain.flow.result import JointResultDocument
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.documents import ACCEPTED, noticed
from kaigong.domain.model.packet import Packet

from . import accepted, notices, result
from .about import About
from .parts import Document


def due(occasion: Code, packet: Packet, about: About, issued: bytes) -> Iterator[Document]:
    """The documents of one occasion. `packet` with its history; `issued`: joint-result.json, where that is the
    occasion.
    """
    number = noticed(occasion)
    if occasion == ACCEPTED:
        yield from _at_acceptance(packet, about)
    elif number is not None:
        yield notices.notice(packet.notices[number], about)
    else:
        yield result.joint_result(issued, about)
        said = JointResultDocument.model_validate_json(issued)
        for entry in said.matters:
            yield result.of_matter(said, entry, about)


def _at_acceptance(packet: Packet, about: About) -> Iterator[Document]:
    yield accepted.receipt(packet, about)
    if accepted.gaps_at_acceptance(packet, about):
        yield accepted.gap_notice(packet, about)
    for matter in packet.commitments:
        yield accepted.commitment(packet, matter, about)
    if packet.form is not None:
        yield accepted.form(packet, about)
