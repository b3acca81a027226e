"""What is told of a document that somebody holds: whether we issued it, and whether it still stands.

For everybody: it names no person, no enterprise and no reason of a department. Sources: mission 14; 行政许可法 §8 and
§69 (an approval that was taken back stays visible beside what was issued).
"""

from datetime import datetime

from pydantic import Field

from kaigong.domain.flow.result import ENDED
from kaigong.domain.model.documents import JOINT_RESULT, RESULT_ARCHIVE, DocumentKind, IssuedDocument, pdf
from kaigong.domain.model.packet import NoticeKind, Packet
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from .states import DOCUMENT_STATES, DocumentState
from .words import verification as words

_APPROVES = (JOINT_RESULT, RESULT_ARCHIVE, pdf(DocumentKind.RESULT), pdf(DocumentKind.CERTIFICATE))
_ANSWERS = (NoticeKind.RETURNED, NoticeKind.ACCEPTED, NoticeKind.CORRECTION)


class Reason(Model):
    """Why, and since when where that is known."""

    text: Text
    at: datetime | None = None


class Verified(Model):
    """The answer on a document."""

    verdict: DocumentState
    title: Text
    reasons: tuple[Reason, ...]
    number: str | None = Field(default=None, description="Of the packet whose document it is.")
    kind: Text | None = Field(default=None, description="What document it is.")
    issued_at: datetime | None = None
    sha256: str | None = Field(default=None, description="Of the file that we issued.")


def unknown(*, by_number: bool) -> Verified:
    """Nothing is on record of it."""
    reason = words.NO_SUCH_NUMBER if by_number else words.NO_SUCH_FILE
    return Verified(
        verdict=DocumentState.UNKNOWN, title=DOCUMENT_STATES[DocumentState.UNKNOWN], reasons=(Reason(text=reason),)
    )


def changed(document: IssuedDocument) -> Verified:
    """A file that says a number of ours, and is none that we issued under it."""
    reason = Reason(text=words.not_the_file(words.kind(document.kind)), at=document.issued_at)
    return _told(DocumentState.CHANGED, document, (reason,))


def issued(document: IssuedDocument, packet: Packet, newest: IssuedDocument | None) -> Verified:
    """A document that we issued. `packet` with its history; `newest`: the joint result that stands for it now."""
    told = Reason(text=words.issued(words.kind(document.kind)), at=document.issued_at)
    approves = document.kind in _APPROVES
    if approves and (ended := _ended(document, packet)):
        return _told(DocumentState.REVOKED, document, (told, *ended))
    if newest is not None and newest.sha256 != document.sha256:
        return _told(DocumentState.SUPERSEDED, document, (told, Reason(text=words.NEWER, at=newest.issued_at)))
    if overtaken := _overtaken(document, packet):
        return _told(DocumentState.SUPERSEDED, document, (told, *overtaken))
    return _told(DocumentState.CURRENT, document, (told, Reason(text=words.STANDS if approves else words.SAYS_STILL)))


def _overtaken(document: IssuedDocument, packet: Packet) -> tuple[Reason, ...]:
    """What happened since that it does not say."""
    if document.notice is not None:
        answered = _answered(document.notice, packet)
        return (Reason(text=words.ANSWERED, at=answered),) if answered else ()
    if packet.header and packet.header.withdrawn_at:
        return (Reason(text=words.WITHDRAWN, at=packet.header.withdrawn_at),)
    return _closed_since(document, packet)


def _answered(number: int, packet: Packet) -> datetime | None:
    """When what a notice asks for was dealt with: a later submission was told of or taken, or it was withdrawn."""
    if number not in packet.notices or packet.header is None:
        return None
    told = packet.notices[number].at
    later = [notice.at for n, notice in packet.notices.items() if n > number and notice.kind in _ANSWERS]
    later += [replaced.at for replaced in packet.replaced.values() if replaced.at > told]
    later += [packet.header.withdrawn_at] if packet.header.withdrawn_at else []
    return min(later, default=None)


def _ended(document: IssuedDocument, packet: Packet) -> tuple[Reason, ...]:
    """Approvals that were taken back since it was issued."""
    about = [review for matter, review in packet.reviews.items() if document.matter in (None, matter)]
    said = {m.matter: m.code for m in packet.result.matters} if packet.result else {}
    return tuple(
        Reason(text=words.ended(names.RESULTS[ENDED[review.state]]), at=packet.taken_back_at(review.matter))
        for review in about
        if review.state in ENDED and said.get(review.matter) != ENDED[review.state]  # the result says so itself
    )


def _closed_since(document: IssuedDocument, packet: Packet) -> tuple[Reason, ...]:
    """Promised papers that followed since, where it says that they are missing."""
    matters = packet.result.matters if packet.result and document.kind in _APPROVES else ()
    said = {slot for m in matters if document.matter in (None, m.matter) for slot in m.open_gaps}
    if document.kind == pdf(DocumentKind.GAP_NOTICE):
        said = set(packet.gaps)
    closed = [gap.closed_at for slot, gap in packet.gaps.items() if slot in said and gap.closed_at]
    return (Reason(text=words.gaps_closed(len(closed), len(said)), at=max(closed)),) if closed else ()


def _told(verdict: DocumentState, document: IssuedDocument, reasons: tuple[Reason, ...]) -> Verified:
    return Verified(
        verdict=verdict,
        title=DOCUMENT_STATES[verdict],
        reasons=reasons,
        number=document.packet,
        kind=words.kind(document.kind),
        issued_at=document.issued_at,
        sha256=document.sha256,
    )
