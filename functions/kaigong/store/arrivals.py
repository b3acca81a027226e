"""What arrives in a packet's folder, as items of its partition: written by whoever takes it in, read with the packet.

An upload's text is an attribute of its own, so that it can be dropped without another word being written.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from kaigong.domain.model.arrivals import Examined, Refusal, Submission
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.facts import Facts
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, Item, dump, fields, item_at, key, packed, put_once, queried, to_attributes, unpacked

PATIENCE = timedelta(minutes=5)  # how long an event may take before `watch` looks after it
# What is long and never asked for by field is stored compressed: items are paid for by size, twice in a transaction.
_PACKED = ("manifest", "awaited", "sequencer")
TEXT, _OLD_TEXT = "text", "first_page"  # of an upload, and of one that was put by; gone: the text was dropped
_NOTHING = packed("")  # a scan has none, and there is nothing to drop


def is_awaited(packet: str) -> bool:
    """Whether a submission of the packet came, so that an upload may be what it waits for. Asked once the upload is on
    record: a submission that comes after that finds it there.
    """
    found = client("dynamodb").query(
        TableName=settings().table_name,
        KeyConditionExpression="pk = :pk AND sk BETWEEN :from AND :end",
        ExpressionAttributeValues=to_attributes(
            {":pk": keys.packet_pk(packet), ":from": keys.HEADER, ":end": keys.submission_sk("~")}
        ),
        ProjectionExpression="pk",
        ConsistentRead=True,
        Limit=1,
    )
    return bool(found["Items"])


def record_upload(packet: str, upload: Examined) -> bool:
    """Keep what examination found in an upload. Returns whether it is news.

    The same content put again to the same place counts from then on.
    """
    item = {**_upload_item(upload), "pk": keys.packet_pk(packet), "sk": keys.slot_sk(upload.slot, upload.mark)}
    try:
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes(item),
            ConditionExpression="attribute_not_exists(pk) OR at_us < :at",
            ExpressionAttributeValues=to_attributes({":at": item["at_us"]}),
        )
        return True
    except client("dynamodb").exceptions.ConditionalCheckFailedException:
        return False


def record_submission(packet: str, submission: Submission) -> None:
    """Note that a manifest arrived; a repetition changes nothing."""
    values = _submission_item(submission) | keys.due_index(packet, submission.received_at + PATIENCE)
    put_once(packet, keys.submission_sk(submission.version), values)


def record_refusal(refusal: Refusal) -> None:
    """Keep a refusal for the record, and as the packet's newest unless a newer one is there."""
    item = dump(refusal)
    put_once(refusal.packet, keys.refusal_sk(refusal.version), item)
    with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):
        client("dynamodb").put_item(
            TableName=settings().table_name,
            Item=to_attributes({"pk": keys.packet_pk(refusal.packet), "sk": keys.NEWEST_REFUSAL, **item}),
            ConditionExpression="attribute_not_exists(pk) OR #at < :at",
            ExpressionAttributeNames={"#at": "at"},
            ExpressionAttributeValues=to_attributes({":at": item["at"]}),
        )


def upload_put_by(packet: str, slot: Code, file: str) -> Examined | None:
    """An upload that was put by, by its id."""
    item = item_at(key(packet, keys.OLD + keys.upload_sk(slot, file)))
    return as_put_by(fields(item)) if item else None


def marks_put_by(packet: str) -> set[str]:
    """The marks of uploads that were put by."""
    bound = {":pk": keys.packet_pk(packet), ":old": f"{keys.OLD}{keys.UPLOAD}#"}
    found = queried("pk = :pk AND begins_with(sk, :old)", bound)
    return {as_put_by(fields(item)).mark for item in found}


def drop_texts(packet: str) -> None:
    """Drop what was read of the papers' first pages, of uploads that were put by too. May be done again."""
    for folder, text in ((keys.UPLOAD, TEXT), (f"{keys.OLD}{keys.UPLOAD}", _OLD_TEXT)):
        bound = {":pk": keys.packet_pk(packet), ":uploads": f"{folder}#"}
        for item in queried("pk = :pk AND begins_with(sk, :uploads)", bound):
            if fields(item).get(text, _NOTHING) != _NOTHING:
                with suppress(client("dynamodb").exceptions.ConditionalCheckFailedException):  # it was put by meanwhile
                    _drop_text(packet, item["sk"]["S"], text)


def _drop_text(packet: str, sk: str, text: str) -> None:
    client("dynamodb").update_item(
        TableName=settings().table_name,
        Key=key(packet, sk),
        UpdateExpression="REMOVE #text",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#text": text},
    )


# as items


def _upload_item(upload: Examined) -> Item:
    """Short, since there are many: an item is paid for by the kilobyte."""
    facts = {name: value for name, value in dump(upload.facts).items() if name not in ("text", "text_dropped")}
    path, mark = upload.key.split("/", 3)[3], upload.mark
    item: Item = {
        "path": path,
        "version": upload.version,
        "etag": mark.removeprefix(path.partition("/")[0] + "/"),
        "order": upload.sequencer.rstrip("0"),
        "size": upload.size,
        "at_us": _at_us(upload),
        "facts": facts,
        **_text_of(upload, TEXT),
    }
    return item if upload.sha256 is None else item | {"sha256": bytes.fromhex(upload.sha256)}


def _at_us(upload: Examined) -> int:
    return round(upload.uploaded_at.timestamp() * 1_000_000)


def as_it_was_read(upload: Examined) -> Item:
    """The condition that an upload is what it was when it was read: that nobody put the same again since, or dropped
    its text.
    """
    known: Item = {
        "ConditionExpression": "at_us = :at",
        "ExpressionAttributeValues": to_attributes({":at": _at_us(upload)}),
    }
    if upload.facts.text_dropped:
        return known
    return known | {
        "ConditionExpression": "at_us = :at AND attribute_exists(#text)",
        "ExpressionAttributeNames": {"#text": TEXT},
    }


def as_upload(packet: str, sk: str, values: Item) -> Examined:
    """An upload as it was examined, or as it was put by."""
    if keys.is_put_by(sk):
        return as_put_by(values)
    slot, path = keys.name_in(sk).partition("#")[0], values["path"]
    upload, _, name = path.partition("/")
    return Examined(
        slot=slot,
        key=keys.upload_key(packet, slot, upload, name),
        version=values["version"],
        mark=keys.mark(upload, values["etag"]),
        sequencer=keys.sequencer(values["order"]),
        size=values["size"],
        sha256=values["sha256"].hex() if "sha256" in values else None,
        uploaded_at=datetime.fromtimestamp(0, UTC) + timedelta(microseconds=values["at_us"]),
        facts=_with_text(Facts.model_validate(values["facts"], extra=LATER), values, TEXT),
    )


def _submission_item(submission: Submission) -> Item:
    values = dump(submission)
    del values["version"]  # the key says it
    content = {name: values.pop(name) for name in _PACKED if name in values}
    return values | {"manifest": packed(json.dumps(content, ensure_ascii=False, separators=(",", ":")))}


def as_submission(sk: str, values: Item) -> Submission:
    """A submission as it came, or as it was put by; told apart by its place alone, as other facts are."""
    if keys.is_put_by(sk):
        return Submission.model_validate_json(unpacked(values["content"]), extra=LATER)
    content = json.loads(unpacked(values.pop("manifest")))
    return Submission.model_validate(values | content | {"version": keys.name_in(sk)}, extra=LATER)


def _text_of(upload: Examined, name: str) -> Item:
    return {} if upload.facts.text_dropped else {name: packed(upload.facts.text)}


def _with_text(facts: Facts, values: Item, name: str) -> Facts:
    return facts.changed(text=unpacked(values[name])) if name in values else facts.changed(text_dropped=True)


def put_by_item(upload: Examined) -> Item:
    """What the history has of an upload: its text apart, so that it can be dropped there too."""
    bare = upload.changed(facts=upload.facts.changed(text="", text_dropped=False))
    content = packed(bare.model_dump_json(exclude_defaults=True, by_alias=True))
    return {"content": content, **_text_of(upload, _OLD_TEXT)}


def as_put_by(values: Item) -> Examined:
    """An upload that was put by."""
    upload = Examined.model_validate_json(unpacked(values["content"]), extra=LATER)
    return upload.changed(facts=_with_text(upload.facts, values, _OLD_TEXT))
