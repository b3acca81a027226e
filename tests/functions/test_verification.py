"""Anchors as the function makes them, proofs to take home, and documents that somebody holds."""

import base64
import copy
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock
from zipfile import ZipFile

import boto3
import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from kaigong.domain.model.features import Kind
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.packet import LedgerEntry
from kaigong.domain.model.remark import Remark, RemarkKind
from kaigong.domain.model.supervision import Photo
from kaigong.errors import Refused
from kaigong.handlers import anchor
from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import anchors, arrivals, documents, files, keys, packets, photos, remarks
from kaigong.store.items import dump, from_attributes, key, packed, to_attributes, unpacked

from infra.command.client import Connection, archive, ledgers
from infra.command.client.faults import CallRefused
from tests.hours import ahead

from . import anchoring, story
from .asking import APPLICANT, DRAFT, NEW, OPERATIONS, ROOT, STRANGER, WINDOW, body, page_as, played, problem
from .operating import operator
from .world import ENVIRONMENT, STACK, Context, World

PROOF = f"/api/packets/{story.PACKET}/proof"


# An anchor is made the day after: what was done an hour ago is in the table by then.
TOMORROW = ahead(timedelta(hours=20))


@pytest.fixture(scope="module", autouse=True)
def stage() -> Iterator[World]:
    with played() as world, pytest.MonkeyPatch.context() as patch:
        anchoring.prepare(patch)
        patch.setattr(anchor, "datetime", TOMORROW)
        patch.setattr(anchors, "COMMITTED", timedelta(hours=-1))  # moto puts an anchor now, and not tomorrow
        anchor.handler({}, Context())
        yield world
    settings.cache_clear()


def proof() -> Any:
    return body(PROOF, APPLICANT)


# anchors


def test_every_packet_that_moved_is_in_the_anchor_and_the_next_one_follows_it() -> None:
    first = anchors.newest()
    assert first
    assert first.anchor.heads == 2  # the story's packet and the other enterprise's; a draft has no ledger
    assert first.anchor.previous == GENESIS
    anchor.handler({}, Context())
    second = anchors.newest()
    assert second
    assert (second.anchor.number, second.anchor.previous) == (2, first.anchor.hash)
    assert not anchors.put(first)  # written once


def test_an_entry_of_before_midnight_that_was_stored_after_an_anchor_is_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(anchors, "COMMITTED", timedelta(minutes=10))
    midnight = datetime(2031, 5, 4, tzinfo=UTC)
    mark = keys.moved_index("late", midnight - timedelta(0, 1))
    item = {"pk": keys.packet_pk("late"), "sk": keys.ledger_sk(1), **mark}
    boto3.client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))
    assert anchors.moved(midnight + timedelta(0, 2), midnight + timedelta(1)) == {"late"}


def test_a_ledger_that_nobody_touched_holds_and_proves_its_place() -> None:
    found = proof()
    header = packets.load(story.PACKET).header
    assert header
    assert found["faults"] == []
    assert (found["place"]["seq"], found["place"]["hash"]) == (header.ledger_seq, header.ledger_hash)
    assert problem(PROOF, STRANGER)[0] == 404


def test_a_packet_whose_ledger_is_written_anew_to_the_end_is_found() -> None:
    entries, before = packets.ledger(story.PACKET), proof()
    made: list[LedgerEntry] = []
    for entry in entries:
        events = ({"event": "made up"},) if entry.seq == 3 else entry.events
        made.append(chain(entry.seq, made[-1].hash if made else GENESIS, events, entry.at))
    try:
        _write(made)
        assert body(f"/api/packets/{story.PACKET}/ledger", APPLICANT)["holds"]  # nothing in the table tells
        found = proof()
        assert [(f["fault"], f["number"]) for f in found["faults"]] == [("rewritten", len(entries))]
        assert found["faults"][0]["text"]["en"]
    finally:
        _write(entries)
    assert proof() == before


def test_an_anchor_that_was_changed_or_signed_by_another_key_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    newest = anchors.read(1)
    other = ec.generate_private_key(ec.SECP256R1())
    forged = newest.changed(signature=anchoring.signed(newest.anchor, other), public_key=anchoring.public(other))
    moved = newest.changed(anchor=newest.anchor.changed(heads=9))
    for bad in (forged, moved):
        with monkeypatch.context() as patch:
            patch.setattr(anchors, "read", lambda _, bad=bad: bad)
            assert {f["fault"] for f in proof()["faults"]} == {"anchor-changed"}


def test_words_of_a_department_that_were_altered_are_found() -> None:
    (place, fact), *_ = packets.load_shown(story.PACKET).decisions.items()
    sk = next(s for s in (keys.decision_sk(*place), keys.HISTORY + keys.decision_sk(*place)) if _has(s))
    table = boto3.client("dynamodb")
    update = {"TableName": ENVIRONMENT["TABLE_NAME"], "Key": key(story.PACKET, sk)}
    change = "SET officer = :officer"
    try:
        table.update_item(**update, UpdateExpression=change, ExpressionAttributeValues={":officer": {"S": "别人"}})
        assert {f["fault"] for f in proof()["faults"]} == {"fact-changed"}
    finally:
        bound = {":officer": {"S": fact.officer}}
        table.update_item(**update, UpdateExpression=change, ExpressionAttributeValues=bound)


def _has(sk: str) -> bool:
    found = boto3.client("dynamodb").get_item(TableName=ENVIRONMENT["TABLE_NAME"], Key=key(story.PACKET, sk))
    return "Item" in found


def _write(entries: list[LedgerEntry]) -> None:
    """As whoever may write the whole table: the entries, and the packet's own note of the newest."""
    table, name = boto3.client("dynamodb"), ENVIRONMENT["TABLE_NAME"]
    bound = to_attributes({":pk": keys.packet_pk(story.PACKET), ":ledger": keys.LEDGER})
    asked = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :ledger)", "ExpressionAttributeValues": bound}
    for item in table.query(TableName=name, **asked)["Items"]:
        stored = from_attributes(item)
        change = json.loads(unpacked(stored["content"]))
        change["entry"] = next(dump(entry) for entry in entries if entry.seq == change["entry"]["seq"])
        table.put_item(TableName=name, Item=to_attributes(stored | {"content": packed(json.dumps(change))}))
    table.update_item(
        TableName=name,
        Key=key(story.PACKET, keys.HEADER),
        UpdateExpression="SET ledger_hash = :hash",
        ExpressionAttributeValues={":hash": {"S": entries[-1].hash}},
    )


# the proof, taken home


def offline(folder: Path, content: Any, *more: Path | str) -> tuple[int, str]:
    """What `docs/verify.py` says of a proof, in a process that knows nothing of ours."""
    file = folder / "proof.json"
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    command = [sys.executable, "-I", ROOT / "docs" / "verify.py", file, *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_the_proof_is_checked_offline_with_the_document_and_the_city_s_key(tmp_path: Path) -> None:
    document, pem = tmp_path / "joint-result.json", tmp_path / "key.pem"
    document.write_bytes(files.read_result(story.PACKET))
    of_the_city = anchoring.KEY.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    pem.write_bytes(of_the_city)
    code, said = offline(tmp_path, proof(), document, "--key", pem)
    assert code == 0, said
    assert "holds" in said
    document.write_bytes(document.read_bytes() + b" ")
    assert offline(tmp_path, proof(), document)[0] == 1


def _entry(found: Any) -> None:
    found["entries"][1]["events"] = []


def _rewritten(found: Any) -> None:
    before = "0" * 64
    found["entries"][1]["events"] = []
    for entry in found["entries"]:
        made = chain(entry["seq"], before, tuple(entry["events"]), datetime.fromisoformat(entry["at"]))
        entry["previous"], entry["hash"] = before, made.hash
        before = made.hash


def _shorter(found: Any) -> None:
    found["entries"].pop()


def _gap(found: Any) -> None:
    del found["entries"][1]


def _path(found: Any) -> None:
    found["place"]["path"] = [["left", "f" * 64]]


def _anchor(found: Any) -> None:
    found["anchor"]["until"] = "2020-01-01T00:00:00Z"


def _key(found: Any) -> None:
    other = ec.generate_private_key(ec.SECP256R1())
    found["public_key"] = anchoring.public(other)


def _nothing(found: Any) -> None:
    found.update(anchor=None, place=None, signature=None, public_key=None)


def _bare(found: Any) -> None:
    del found["place"]


@pytest.mark.parametrize("tamper", [_entry, _rewritten, _shorter, _gap, _path, _anchor, _key, _nothing, _bare])
def test_a_tampered_proof_does_not_hold_offline(tmp_path: Path, tamper: Callable[[Any], None]) -> None:
    found = copy.deepcopy(proof())
    tamper(found)
    code, said = offline(tmp_path, found)
    assert code == 1, said


# all ledgers at once


def audited() -> list[tuple[str | None, str, int]]:
    found = ledgers.audit(operator(), anchoring.BUCKET, anchoring.public(anchoring.KEY))
    return [(packet, fault.fault.value, fault.number) for packet, fault in found.faults]


def _items(prefix: str) -> list[dict[str, Any]]:
    bound = to_attributes({":pk": keys.packet_pk(story.PACKET), ":sk": prefix})
    asked = {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)", "ExpressionAttributeValues": bound}
    return list(boto3.client("dynamodb").query(TableName=ENVIRONMENT["TABLE_NAME"], **asked)["Items"])


def _keep(item: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=ENVIRONMENT["TABLE_NAME"], Item=item)


def _delete(item: dict[str, Any]) -> None:
    place = {"pk": item["pk"], "sk": item["sk"]}
    boto3.client("dynamodb").delete_item(TableName=ENVIRONMENT["TABLE_NAME"], Key=place)


def _change(items: list[dict[str, Any]]) -> None:
    change = json.loads(unpacked(from_attributes(items[2])["content"]))
    change["entry"]["events"] = [{"event": "made up"}]
    _keep(items[2] | to_attributes({"content": packed(json.dumps(change))}))


def _remove(items: list[dict[str, Any]]) -> None:
    _delete(items[2])


def _insert(items: list[dict[str, Any]]) -> None:
    _keep(items[2] | {"sk": {"S": items[2]["sk"]["S"] + "0"}})


def _reorder(items: list[dict[str, Any]]) -> None:
    _keep(items[2] | {"content": items[3]["content"]})
    _keep(items[3] | {"content": items[2]["content"]})


def _cut_off(items: list[dict[str, Any]]) -> None:
    _delete(items[-1])


def _rewrite(_: list[dict[str, Any]]) -> None:
    made: list[LedgerEntry] = []
    for entry in packets.ledger(story.PACKET):
        events = ({"event": "made up"},) if entry.seq == 3 else entry.events
        made.append(chain(entry.seq, made[-1].hash if made else GENESIS, events, entry.at))
    _write(made)


def _lose(items: list[dict[str, Any]]) -> None:
    for item in (*items, *_items(keys.HEADER)):
        _delete(item)


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [(_change, "changed"), (_remove, "removed"), (_insert, "inserted"), (_reorder, "reordered"),
     (_cut_off, "cut-off"), (_rewrite, "rewritten"), (_lose, "cut-off")],
)  # fmt: skip
def test_whatever_is_done_to_a_ledger_is_found_by_the_audit_and_named(
    tamper: Callable[[list[dict[str, Any]]], None], fault: str
) -> None:
    before = [*_items(keys.LEDGER), *_items(keys.HEADER)]
    try:
        tamper(sorted(_items(keys.LEDGER), key=lambda item: str(item["sk"]["S"]).rpartition("#")[2]))
        assert {found[:2] for found in audited()} == {(story.PACKET, fault)}
    finally:
        for item in _items(keys.LEDGER):
            _delete(item)
        for item in before:
            _keep(item)
    assert audited() == []


def test_the_audit_names_an_anchor_that_was_changed_and_a_part_that_is_gone() -> None:
    s3, newest = boto3.client("s3"), anchors.read(1)
    name, part = keys.anchor_key(1), keys.anchor_part_key(1, 0, newest.parts[0])
    bad = newest.changed(anchor=newest.anchor.changed(heads=9)).model_dump_json(by_alias=True).encode()
    for place, content in ((name, bad), (name, b"{"), (part, b"[]"), (part, b"")):
        whole = s3.get_object(Bucket=anchoring.BUCKET, Key=place)["Body"].read()
        try:
            s3.put_object(Bucket=anchoring.BUCKET, Key=place, Body=content)
            assert (None, "anchor-changed", 1) in audited()
        finally:
            s3.put_object(Bucket=anchoring.BUCKET, Key=place, Body=whole)
    assert audited() == []


def test_a_part_that_is_not_there_is_named_and_one_that_may_not_be_read_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    s3, newest = boto3.client("s3"), anchors.read(1)
    part = keys.anchor_part_key(1, 0, newest.parts[0])
    whole = s3.get_object(Bucket=anchoring.BUCKET, Key=part)["Body"].read()
    s3.delete_object(Bucket=anchoring.BUCKET, Key=part)
    try:
        assert (None, "anchor-changed", 1) in audited()
    finally:
        s3.put_object(Bucket=anchoring.BUCKET, Key=part, Body=whole)
    barred = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject")
    monkeypatch.setattr(s3, "get_object", Mock(side_effect=barred))
    with pytest.raises(CallRefused, match="AccessDenied"):
        audited()


def test_it_is_known_when_the_newest_anchor_was_put(monkeypatch: pytest.MonkeyPatch) -> None:
    here = operator()
    monkeypatch.setattr(ledgers, "anchors_bucket", lambda _: anchoring.BUCKET)
    listed = boto3.client("s3").list_objects_v2(Bucket=anchoring.BUCKET, Prefix=keys.ANCHORS)["Contents"]
    assert ledgers.anchored(here) == max(each["LastModified"] for each in listed)


@pytest.mark.parametrize("own", ["", "arn:aws:kms:eu-west-1:123456789012:key/city"])
def test_anchors_are_held_against_the_key_that_signs_them(own: str) -> None:
    """The city's, where a parameter of the stack names one: there is no alias then."""
    told = {"Stacks": [{"Parameters": [{"ParameterKey": "AnchorKeyArn", "ParameterValue": own}]}]}
    kms = Mock(get_public_key=Mock(return_value={"PublicKey": b"DER"}))
    clients = {"cloudformation": Mock(describe_stacks=Mock(return_value=told)), "kms": kms}
    connection = cast(Connection, Mock(target=operator().target, client=clients.__getitem__))
    assert ledgers.public_key(connection) == base64.b64encode(b"DER").decode()
    kms.get_public_key.assert_called_once_with(KeyId=own or f"alias/{STACK}-anchor")


# an archive, and what is erased


def photographed(packet: str) -> Photo:
    """An inspection's photo of it."""
    place = keys.photo_key(packet, "soil", "20260306-081500-q7", "site.jpg")
    put = boto3.client("s3").put_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=place, Body=b"a site")
    photo = Photo(
        packet=packet, matter="soil", id="site", key=place, version=put["VersionId"],
        at=datetime(2026, 3, 6, 8, 15, tzinfo=UTC), kind=Kind.JPEG, opens=True,
    )  # fmt: skip
    photos.put(photo)
    return photo


def refused(packet: str) -> None:
    """An erasing that S3 does not let happen."""
    here, answer = operator(), {"Errors": [{"Key": "a", "Code": "AccessDenied"}]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(here.client("s3"), "delete_objects", lambda **_: answer)
        with pytest.raises(Refused, match="AccessDenied"):
            archive.erase(here, packet)


def test_everything_of_a_packet_goes_into_one_archive_and_what_is_erased_leaves_ledger_and_result(
    tmp_path: Path,
) -> None:
    here, packet = operator(), "20260306-other"
    file, before = tmp_path / "packet.zip", body(f"/api/packets/{packet}/ledger", WINDOW)
    photo = photographed(packet)
    call = Remark(
        kind=RemarkKind.CALL, department="water", officer="王经办", by="w", contact="李四", text="已告知。", at=photo.at
    )
    remarks.put(packet, call)
    names = archive.export(here, packet, body(f"/api/packets/{packet}/proof", WINDOW), file)
    with ZipFile(file) as kept:
        items = json.loads(kept.read("items.json"))
        kinds = {keys.kind_of(item["sk"]) for item in items}
        assert kinds >= {keys.HEADER, keys.UPLOAD}
        assert any(item["sk"].startswith(keys.LEDGER) for item in items)
        assert json.loads(kept.read("proof.json"))["packet"] == packet
        assert any(b"good" in kept.read(name) for name in names if "/soil-plan/" in name)
        assert any(kept.read(name) == b"a site" for name in names if photo.key in name)
    assert list(archive.never_handed_in(here)) == [DRAFT, NEW]  # the second was not looked at yet
    assert body(f"/api/ops/packets/{DRAFT}", OPERATIONS)["erasable_from"] > datetime.now(UTC).isoformat()
    refused(packet)
    assert photos.of(packet) == [photo]  # erased again, it is found
    done = archive.erase(here, packet)
    assert done.files
    assert done.texts
    assert photos.of(packet) == []
    assert remarks.of(packet) == []
    lying = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"], Prefix=photo.key)
    assert not lying.get("Versions")
    assert archive.erase(here, packet) == archive.Erased(files=0, texts=0, items=0)
    shown = packets.load_shown(packet)
    assert not any(upload.facts.text for upload in shown.uploads.values())
    assert body(f"/api/packets/{packet}/ledger", WINDOW) == before
    assert body(f"/api/packets/{packet}/proof", WINDOW)["faults"] == []


def test_no_text_of_a_paper_is_kept_after_the_result_and_late_events_do_not_put_it_back(stage: World) -> None:
    def texts() -> list[str]:
        found = packets.load_shown(story.PACKET)
        old = arrivals.marks_put_by(story.PACKET) if found.put_by else set()
        assert found.uploads
        assert not old.intersection(mark for _, mark in found.uploads)
        return [upload.facts.text for upload in found.uploads.values() if upload.facts.text]

    header = packets.load(story.PACKET).header
    assert header
    assert header.texts_dropped
    assert texts() == []
    before = body(f"/api/packets/{story.PACKET}/materials", APPLICANT)
    upload = next(u for u in packets.load(story.PACKET).uploads.values() if u.slot == "soil-plan")
    stage.announce(upload.key, upload.version, upload.mark.split("/")[-1], upload.size, upload.sequencer, "f" * 16)
    stage.upload(story.PACKET, "soil-plan", b"good and late")
    stage.run()
    assert texts() == []
    after = body(f"/api/packets/{story.PACKET}/materials", APPLICANT)
    verdicts = [{row["slot"]: row["verdict"] for row in found["materials"]} for found in (before, after)]
    assert verdicts[0] == verdicts[1]


# documents


def verified(**asked: Any) -> Any:
    return body("/api/verify", query=asked)


def sent(content: bytes) -> str:
    """What the page says of a file that somebody sent."""
    with pytest.MonkeyPatch.context() as patch:
        form = {"content": base64.b64encode(content).decode()}
        return str(page_as(patch, access.NOBODY, "/verify", form=form, query={"lang": "en"})["body"])


def test_a_document_that_we_issued_is_found_by_its_hash_with_what_became_of_it() -> None:
    content = files.read_result(story.PACKET)
    found = verified(sha256=hashlib.sha256(content).hexdigest())
    assert found["verdict"] == "revoked"  # the story's department took an approval back afterwards
    assert (found["number"], found["kind"]["en"]) == (story.PACKET, "Joint result")
    assert all(reason["at"] for reason in found["reasons"])
    assert verified(number=story.PACKET) == found
    assert "Genuine, but taken back" in sent(content)
    assert "有限公司" not in json.dumps(found, ensure_ascii=False)


def test_a_file_that_was_changed_is_told_from_one_that_nobody_knows() -> None:
    changed = files.read_result(story.PACKET) + b"\n"
    digest = hashlib.sha256(changed).hexdigest()
    assert verified(sha256=digest)["verdict"] == "unknown"  # the hash alone names nobody
    assert verified(sha256=digest, number=story.PACKET)["verdict"] == "changed"
    assert "not the file that we issued" in sent(changed)
    assert "even if a signature in it still holds" in sent(b"%PDF-1.7 " + story.PACKET.encode() + b" signed")
    assert "no such document" in sent(b"\xff\x00")
    assert verified(number="20260306-nothing")["verdict"] == "unknown"
    assert problem("/api/verify", None, {"sha256": "?"}) == problem("/api/verify") == (400, "invalid-parameter")


def test_the_public_page_answers_in_both_languages_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    look = partial(page_as, monkeypatch, access.NOBODY, "/verify")
    page = look(query={"number": story.PACKET})
    assert page["statusCode"] == 200
    assert "批准已收回" in page["body"]
    english = look(query={"number": story.PACKET, "lang": "en"})
    assert "Genuine, but taken back" in english["body"]
    assert look(query={"number": "?"})["statusCode"] == 400
    form = {"content": base64.b64encode(b"who knows").decode()}
    assert "查无此文件" in look(form=form)["body"]


def test_other_kinds_of_documents_are_found_the_same_way() -> None:
    known = packets.load(story.PACKET).issued
    assert known
    of_result = documents.of(known.sha256)
    assert of_result
    other = of_result.changed(sha256="a" * 64, kind="receipt")
    documents.record(other)
    documents.record(other.changed(kind="made-up"))  # the first word stays
    assert documents.of("a" * 64) == other
    assert verified(sha256="a" * 64)["number"] == story.PACKET
