"""What a document is worth to who holds it: each kind for itself, by what became of what it says."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from kaigong.domain.model.documents import JOINT_RESULT, RESULT_ARCHIVE, DocumentKind, IssuedDocument, pdf
from kaigong.domain.model.messages import Outcome
from kaigong.domain.model.packet import ActKind, NoticeKind
from kaigong.views.states import DocumentState
from kaigong.views.verification import issued

from .building import PACKET, Case

CURRENT, SUPERSEDED, REVOKED = DocumentState.CURRENT, DocumentState.SUPERSEDED, DocumentState.REVOKED


def a_document(kind: str, matter: str | None = None, notice: int | None = None) -> IssuedDocument:
    at = datetime.fromisoformat("2026-03-06T10:00:00+08:00")
    return IssuedDocument(
        sha256="a" * 64, packet=PACKET, kind=kind, key="k", matter=matter, notice=notice, issued_at=at
    )


def decided() -> Case:
    """Accepted with a gap, decided with it open."""
    case = Case().accepted("soil", "land-use", promises=["soil-plan"])
    for matter in ("soil", "land-use"):
        case.decide(matter)
    case.advance()
    case.issue()
    case.advance()
    return case


def revoked() -> Case:
    case = decided()
    case.now += timedelta(days=3)
    case.revoke("soil")
    case.advance()
    return case


def closed() -> Case:
    case = decided()
    case.now += timedelta(days=1)
    case.upload("soil-plan")
    case.advance()
    return case


@pytest.mark.parametrize(
    ("become", "verdicts"),
    [
        (decided, {"certificate-soil": CURRENT, "result": CURRENT, "gap-notice": CURRENT, "receipt": CURRENT}),
        (
            revoked,
            {
                "certificate-soil": REVOKED,
                "certificate-land-use": CURRENT,
                "result": REVOKED,
                "archive": REVOKED,
                "receipt": CURRENT,  # it was accepted all the same
                "letter-soil": CURRENT,  # and this is what was committed to
            },
        ),
        (
            closed,
            {"certificate-soil": SUPERSEDED, "certificate-land-use": CURRENT, "result": SUPERSEDED,
             "gap-notice": SUPERSEDED, "receipt": CURRENT},
        ),
    ],
)  # fmt: skip
def test_each_kind_is_told_by_what_became_of_what_it_says(
    become: Callable[[], Case], verdicts: dict[str, DocumentState]
) -> None:
    kinds = {
        "result": a_document(pdf(DocumentKind.RESULT)),
        "archive": a_document(RESULT_ARCHIVE),
        "receipt": a_document(pdf(DocumentKind.RECEIPT)),
        "gap-notice": a_document(pdf(DocumentKind.GAP_NOTICE)),
        "letter-soil": a_document(pdf(DocumentKind.LETTER), "soil"),
        "certificate-soil": a_document(pdf(DocumentKind.CERTIFICATE), "soil"),
        "certificate-land-use": a_document(pdf(DocumentKind.CERTIFICATE), "land-use"),
    }
    case = become()
    found = {name: issued(kinds[name], case.packet, None) for name in verdicts}
    assert {name: answer.verdict for name, answer in found.items()} == verdicts
    for answer in found.values():
        assert answer.verdict is CURRENT or all(reason.at for reason in answer.reasons), "each with when"


def test_a_taken_back_certificate_says_when() -> None:
    case = revoked()
    answer = issued(a_document(pdf(DocumentKind.CERTIFICATE), "soil"), case.packet, None)
    assert answer.reasons[-1].at == case.packet.revocations["soil"].received_at


def test_a_notice_is_overtaken_once_what_it_asks_for_was_dealt_with() -> None:
    case = Case()
    case.submit("soil")
    case.advance()
    one_time = a_document(pdf(DocumentKind.ONE_TIME_NOTICE), notice=case.last_notice(NoticeKind.RETURNED).number)
    assert issued(one_time, case.packet, None).verdict is CURRENT
    case.now += timedelta(hours=1)
    case.accepted("soil")
    answer = issued(one_time, case.packet, None)
    assert (answer.verdict, answer.reasons[-1].at) == (SUPERSEDED, case.header.accepted_at)
    case.decide("soil", Outcome.CORRECT)
    case.advance()
    asked = a_document(pdf(DocumentKind.CORRECTION_NOTICE), notice=case.last_notice(NoticeKind.CORRECTION).number)
    assert issued(asked, case.packet, None).verdict is CURRENT
    case.now += timedelta(hours=1)
    case.replace(["form"])
    case.submit("soil")
    case.advance()
    assert issued(asked, case.packet, None).verdict is SUPERSEDED


def test_what_was_issued_of_an_application_that_was_withdrawn_is_overtaken() -> None:
    case = Case().accepted("soil")
    receipt = a_document(pdf(DocumentKind.RECEIPT))
    assert issued(receipt, case.packet, None).verdict is CURRENT
    case.act(ActKind.WITHDRAW, reason="不办了")
    case.advance()
    assert issued(receipt, case.packet, None).verdict is SUPERSEDED


def test_an_older_result_is_overtaken_by_the_one_that_stands() -> None:
    case = decided()
    newest = a_document(JOINT_RESULT).changed(sha256="b" * 64)
    assert issued(a_document(JOINT_RESULT), case.packet, newest).verdict is SUPERSEDED
