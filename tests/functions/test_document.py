"""The documents of a packet: made when due, sealed, stored once, on record; an outage delays them and no more."""

import base64
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zipfile import ZipFile

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from kaigong.contract.verification import VerifyRequest
from kaigong.domain.flow import delivery
from kaigong.domain.flow.result import document as result_data
from kaigong.domain.model.documents import ACCEPTED, RESULT
from kaigong.errors import NotSealed
from kaigong.handlers import document
from kaigong.portal.verify import actions
from kaigong.store import catalogues, files, keys, packets, sealing
from kaigong.views.states import DocumentState
from kaigong.views.verification import Verified
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from infra.authority import YEARS, Authority
from tests.unit.building import PACKET, Case

from .world import World

AUTHORITY, KEY = Authority(), ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def case(world: World, monkeypatch: pytest.MonkeyPatch) -> Case:  # noqa: ARG001 - the table and the bucket
    """A packet that was accepted with a gap and decided, as the handler would read it."""
    case = Case(documents=True).accepted("soil", promises=["soil-plan"])
    case.decide("soil")
    case.advance()
    files.put_result_once(PACKET, result_data(case.packet, case.catalogue))
    case.issue()
    case.advance()
    chain = AUTHORITY.chain(KEY.public_key(), "seal")
    monkeypatch.setattr(sealing, "sign", lambda digest: KEY.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
    monkeypatch.setattr(sealing, "certificates", lambda: chain)
    monkeypatch.setattr(sealing, "stamp", AUTHORITY.stamp)
    monkeypatch.setattr(catalogues, "of", lambda *_: case.catalogue)
    found = packets.load_shown
    monkeypatch.setattr(packets, "load_shown", lambda _: case.packet.changed(documents=found(PACKET).documents))
    return case


def ask(case: Case, **attributes: str) -> None:
    body = delivery.documents_request(case.packet, case.now).model_dump_json(by_alias=True)
    document.document(SQSRecord({"messageId": "m", "body": body, "attributes": attributes}))


def test_a_message_that_comes_for_the_first_time_costs_no_listing_and_overwrites_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.put_issued_once(keys.issued_key(PACKET, "receipt"), b"by another message", "application/pdf")
    monkeypatch.setattr(files, "issued", None)
    ask(case, ApproximateReceiveCount="1")
    [receipt] = [d for d in packets.load_shown(PACKET).documents[ACCEPTED].documents if d.name.code == "receipt"]
    assert receipt.sha256 == hashlib.sha256(b"by another message").hexdigest()


def test_what_is_due_is_made_once_sealed_and_on_record(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(case.header.documents) == [ACCEPTED, RESULT], "the result is out as data before any of them is made"
    stored: list[str] = []
    put = files.put_issued_once

    def once(key: str, content: bytes, kind: str) -> bool:
        stored.append(key)
        return put(key, content, kind)

    def outage(request: bytes) -> bytes:
        if len(stored) == 3:
            raise NotSealed("时间戳服务没有应答。", "The authority for time stamps does not answer.")
        return AUTHORITY.stamp(request)

    monkeypatch.setattr(files, "put_issued_once", once)
    monkeypatch.setattr(sealing, "stamp", outage)
    with pytest.raises(NotSealed):
        ask(case)
    assert set(packets.load_shown(PACKET).documents) == {ACCEPTED}, "a set is on record once all of it is there"
    monkeypatch.setattr(sealing, "stamp", AUTHORITY.stamp)
    ask(case)
    ask(case)  # every message may come twice
    assert len(stored) == len(set(stored)), "what lies in storage is not made again"
    made = packets.load_shown(PACKET).documents
    issued = {d.name.code: d.sha256 for some in made.values() for d in some.documents}
    assert list(issued) == ["receipt", "gap-notice", "joint-result", "certificate-soil"]
    for name, sha256 in issued.items():
        content = files.read_issued(keys.issued_key(PACKET, name))
        assert hashlib.sha256(content).hexdigest() == sha256
        assert b"/ETSI.CAdES.detached" in content
    with ZipFile(io.BytesIO(files.read_issued(keys.archive_key(PACKET)))) as archive:
        assert archive.namelist() == ["joint-result.pdf", "certificate-soil.pdf", "joint-result.json"]


def test_under_a_certificate_that_is_not_in_force_nothing_is_stored(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = Authority(lambda: datetime.now(UTC) - YEARS - timedelta(days=1)).chain(KEY.public_key(), "seal")
    monkeypatch.setattr(sealing, "certificates", lambda: past)
    with pytest.raises(NotSealed):
        ask(case)
    assert not files.issued(PACKET) & {keys.issued_key(PACKET, "receipt")}
    assert not packets.load_shown(PACKET).documents


def test_what_was_just_made_is_packed_without_reading_it_again(case: Case, world: World) -> None:
    with world.inside("document"):
        ask(case, ApproximateReceiveCount="1")
    assert world.calls.count("document:s3.GetObject") == 1, "the joint result as data, and no document"


def asked(**what: Any) -> Verified:
    return actions.document(VerifyRequest(**what))


def holds(content: bytes) -> bool:
    """Whether the seal's signature is intact for what it covers, which is all that many readers look at."""
    signature = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
    return bool(validate_pdf_signature(signature, ValidationContext(trust_roots=[])).intact)


def overlaid(content: bytes) -> bytes:
    """The file with another page laid over what was signed: a shadow edit, by an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    page.get_object()["/MediaBox"] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 100, 100)])
    writer.mark_update(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_file_that_is_not_the_one_issued_is_told_though_its_signature_holds(case: Case) -> None:
    ask(case)
    content = files.read_issued(keys.issued_key(PACKET, "certificate-soil"))
    assert asked(content=base64.b64encode(content)).verdict is DocumentState.CURRENT
    assert asked(sha256=hashlib.sha256(content).hexdigest()).verdict is DocumentState.CURRENT
    for changed in (content + b"\n", overlaid(content)):
        assert holds(changed)
        assert changed != content
        found = asked(content=base64.b64encode(changed))
        assert found.verdict is DocumentState.CHANGED
        assert "即使其中的电子签章仍显示有效" in found.reasons[0].text.zh
    places = range(0, len(content), len(content) // 300)
    assert len(places) >= 300
    for place in places:  # also in the signature's own bytes, which no signature covers
        flipped = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        assert asked(sha256=hashlib.sha256(flipped).hexdigest()).verdict is DocumentState.UNKNOWN
        assert asked(sha256=hashlib.sha256(flipped).hexdigest(), number=PACKET).verdict is DocumentState.CHANGED
    archive = files.read_issued(keys.archive_key(PACKET))
    known = asked(sha256=hashlib.sha256(archive).hexdigest())
    assert (known.verdict, known.kind and known.kind.zh) == (DocumentState.CURRENT, "全部结果文书（压缩包）")
    case.packet = case.packet.changed(issued=None)  # under review: the receipt was issued, and no result yet
    assert asked(number=PACKET).verdict is DocumentState.CURRENT
