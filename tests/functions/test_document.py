"""The documents of a packet: made when due, sealed, stored once, on record; an outage delays them and no more."""

import hashlib
import io
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from kaigong.domain.flow.documents import missing
from kaigong.domain.model.packet import Packet, Status
from kaigong.store import files, keys, packets, reading, sealing

from infra.authority import Authority

from .story import PACKET, play
from .world import World

AUTHORITY, KEY = Authority(), ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(autouse=True)
def _sealing(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = AUTHORITY.chain(KEY.public_key(), "seal")
    monkeypatch.setattr(sealing, "sign", lambda digest: KEY.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
    monkeypatch.setattr(sealing, "certificates", lambda: chain)
    monkeypatch.setattr(sealing, "stamp", AUTHORITY.stamp)


def issued(packet: Packet) -> dict[str, str]:
    return {d.name.code: d.sha256 for made in packet.documents.values() for d in made.documents}


def test_what_is_due_is_made_once_sealed_and_on_record(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    play(world)
    packet = packets.load(PACKET)
    assert packet.header
    assert packet.header.status is Status.ISSUED, "the decision is out as data before any document is made"
    due = missing(packet)
    assert {"accepted", "result"} < set(due)
    stored: list[str] = []
    asked: list[bytes] = []
    put, stamp = files.put_issued_once, AUTHORITY.stamp

    def outage(request: bytes) -> bytes:
        asked.append(request)
        if len(asked) == 4:
            raise sealing.NotSealed("时间戳服务没有应答。", "The authority for time stamps does not answer.")
        return stamp(request)

    def once(key: str, content: bytes, kind: str) -> bool:
        stored.append(key)
        return put(key, content, kind)

    monkeypatch.setattr(sealing, "stamp", outage)
    monkeypatch.setattr(files, "put_issued_once", once)
    world.documents *= 2  # every message comes twice
    world.make_documents()
    assert world.again == ["document"]
    assert len(stored) == len(set(stored)), "what lies in storage is not made again"
    packet = packets.load_shown(PACKET)
    assert packet.header
    assert packet.header.documents == {}
    names = issued(packet)
    assert {"receipt", "gap-notice", "joint-result"} < set(names)
    approved = [m.matter for m in packet.result.matters if m.code in ("11", "12")] if packet.result else []
    assert {f"certificate-{matter}" for matter in approved} <= set(names)
    for name, sha256 in names.items():
        content = files.read_issued(keys.document_key(PACKET, name))
        assert hashlib.sha256(content).hexdigest() == sha256
        assert b"/ETSI.CAdES.detached" in content
    events = [event for entry in reading.ledger(PACKET) for event in entry.events if event["event"] == "documents"]
    assert {name: sha256 for event in events for name, sha256 in event["files"]} == names
    with ZipFile(io.BytesIO(files.read_issued(keys.archive_key(PACKET)))) as archive:
        assert {"joint-result.json", "joint-result.pdf"} < set(archive.namelist())
