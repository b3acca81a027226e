"""Which documents are due when, that each comes on record, and that one that was never made is asked for again."""

from datetime import timedelta

from kaigong.domain.flow.documents import AGAIN, missing
from kaigong.domain.flow.progress import left_behind
from kaigong.domain.flow.settled import settled
from kaigong.domain.model.documents import (
    ACCEPTED,
    RESULT,
    DocumentKind,
    DocumentName,
    DocumentSet,
    MadeDocument,
    notice_occasion,
)
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import NoticeKind

from .building import Case


def issue_documents(case: Case, occasion: str) -> None:
    """What `document` records of an occasion."""
    receipt = MadeDocument(name=DocumentName(kind=DocumentKind.RECEIPT), sha256="5" * 64, size=1)
    made = DocumentSet(occasion=occasion, documents=(receipt,), at=case.now)
    case.packet = case.packet.changed(documents={**case.packet.documents, occasion: made})


def ordered(case: Case) -> bool:
    outbox = case.packet.outbox.get(case.header.version)
    return outbox is not None and "documents" in outbox.orders


def test_documents_are_due_at_acceptance_with_notices_and_once_the_result_is_out() -> None:
    case = Case(documents=True)
    case.submit("soil")
    case.advance()
    returned = notice_occasion(case.last_notice(NoticeKind.RETURNED).number)
    assert (missing(case.packet), ordered(case)) == ([returned], True)
    case.accepted("soil")
    assert (missing(case.packet), ordered(case)) == ([returned, ACCEPTED], True)
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    assert notice_occasion(case.last_notice(NoticeKind.CORRECTION).number) in missing(case.packet)
    case.replace(["form"])
    case.submit("soil")
    case.advance()
    case.decide("soil")
    case.advance()
    assert RESULT not in missing(case.packet), "the decision is out as data first"
    case.issue()
    case.advance()
    assert RESULT in missing(case.packet)
    assert ordered(case)


def test_what_was_issued_comes_into_the_ledger_with_its_hash_and_the_ledger_s_head_on_it() -> None:
    case = Case(documents=True).accepted("soil")
    due = case.header.documents[ACCEPTED]
    assert (due.seq, due.hash) == (case.header.ledger_seq, case.header.ledger_hash)
    issue_documents(case, ACCEPTED)
    entry = case.advance()
    assert entry
    assert {"event": "documents", "occasion": ACCEPTED, "files": [["receipt", "5" * 64]]} in entry.events
    assert case.header.documents == {}
    assert case.advance() is None


def test_documents_that_were_never_made_are_seen_and_asked_for_again() -> None:
    case = Case(documents=True).accepted("soil")
    assert not left_behind(case.packet, case.surroundings)
    asked = case.header.documents[ACCEPTED].at
    assert case.header.wake_at
    assert case.header.wake_at <= asked + AGAIN
    case.now = asked + AGAIN + timedelta(minutes=1)
    assert left_behind(case.packet, case.surroundings)
    case.advance()
    assert ordered(case)
    assert not left_behind(case.packet, case.surroundings)


def test_the_documents_of_a_notice_go_into_the_history_once_they_are_on_record() -> None:
    case = Case(documents=True)
    case.submit("soil")
    case.advance()
    occasion = notice_occasion(case.last_notice(NoticeKind.RETURNED).number)
    issue_documents(case, occasion)
    assert not settled(case.packet, case.catalogue)
    case.advance()
    assert [fact.occasion for fact in settled(case.packet, case.catalogue) if isinstance(fact, DocumentSet)] == [
        occasion
    ]
