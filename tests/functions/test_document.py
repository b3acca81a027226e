"""The documents of a packet: made when due, sealed, stored once, on record; an outage delays them and no more."""

import hashlib
import io
from zipfile import ZipFile

import pytest
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from kaigong.domain.flow import delivery
from kaigong.domain.flow.result import document as result_data
from kaigong.domain.model.documents import ACCEPTED, RESULT
from kaigong.handlers import document
from kaigong.store import catalogues, files, keys, packets, sealing

from infra.authority import Authority
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


def ask(case: Case) -> None:
    body = delivery.documents_request(case.packet, case.now).model_dump_json(by_alias=True)
    document.document(SQSRecord({"messageId": "m", "body": body}))


def test_what_is_due_is_made_once_sealed_and_on_record(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(case.header.documents) == [ACCEPTED, RESULT], "the result is out as data before any of them is made"
    stored: list[str] = []
    put = files.put_issued_once

    def once(key: str, content: bytes, kind: str) -> bool:
        stored.append(key)
        return put(key, content, kind)

    def outage(request: bytes) -> bytes:
        if len(stored) == 3:
            raise sealing.NotSealed("时间戳服务没有应答。", "The authority for time stamps does not answer.")
        return AUTHORITY.stamp(request)

    monkeypatch.setattr(files, "put_issued_once", once)
    monkeypatch.setattr(sealing, "stamp", outage)
    with pytest.raises(sealing.NotSealed):
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
