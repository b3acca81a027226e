"""The packets table: one Query reads a packet, one transaction changes it.

`advance` is the only one that changes a packet (`save`). The other functions add facts as items of their own, each
with a condition that makes a repetition harmless.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import (
    Act,
    Breach,
    Commitment,
    DecisionFact,
    Gap,
    Header,
    Issued,
    JointResult,
    LedgerEntry,
    Notice,
    Outbox,
    Packet,
    Papers,
    ProcedureFact,
    Refusal,
    Review,
    RevocationFact,
    Rights,
    SiteVisit,
    Slot,
    Submission,
)
from kaigong.domain.model.text import Model
from kaigong.domain.model.waiting import Wait
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import dump, fields, from_attributes, key, packed, put_once, queried, to_attributes, unpacked

NOTED = timedelta(days=90)  # choice: how long it is told that a message was refused
PATIENCE = timedelta(minutes=5)  # how long an event may take before `watch` looks after it
Item = dict[str, Any]
# What is long and never asked for by field is stored compressed: items are paid for by size, twice in a transaction.
_PACKED = ("manifest", "awaited", "sequencer")


def load(packet: str) -> Packet:
    """Everything of a packet that a decision needs, in one Query. Consistent: a stream may be ahead of replicas."""
    bound = {":pk": keys.packet_pk(packet), ":end": keys.AFTER_PACKET}
    return _assembled(packet, list(queried("pk = :pk AND sk < :end", bound)))


def save(before: Packet, after: Packet, entry: LedgerEntry, waits: Mapping[Wait, datetime]) -> None:
    """Write what changed, in one transaction. `waits`: what of the packet waits for the window, to be listed there.

    Raises NewerVersionExists when another worker changed the packet since it was read; nothing is written then.
    """
    table, pk = settings().table_name, keys.packet_pk(after.packet)
    old, new = _advanced_items(before, {}), _advanced_items(after, waits)
    writes: list[Item] = []
    for sk, item in new.items():
        if item == old.get(sk):
            continue
        put: Item = {"TableName": table, "Item": to_attributes({"pk": pk, "sk": sk, **item})}
        if sk == keys.HEADER:
            put |= _unchanged_since(before)
        elif sk not in old:
            put["ConditionExpression"] = "attribute_not_exists(pk)"
        writes.append({"Put": put})
    for version, submission in after.submissions.items():
        if submission != before.submissions[version]:
            writes.append({"Update": _taken(table, after.packet, submission)})
    # Nobody is late any more: the mark stays, out of the index. `advance` has no right to delete.
    writes += [{"Put": {"TableName": table, "Item": to_attributes({"pk": pk, "sk": sk})}} for sk in old.keys() - new]
    writes += [{"Put": {"TableName": table, "Item": to_attributes(item)}} for item in _elsewhere(before, after)]
    ledger = {"pk": pk, "sk": keys.ledger_sk(entry.seq), **dump(entry)}
    condition = "attribute_not_exists(pk)"
    writes.append({"Put": {"TableName": table, "Item": to_attributes(ledger), "ConditionExpression": condition}})
    try:
        client("dynamodb").transact_write_items(TransactItems=writes)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("TransactionCanceledException", "TransactionConflictException"):
            raise
        reasons = {r.get("Code") for r in error.response.get("CancellationReasons", [])}
        if reasons <= {"None", "ConditionalCheckFailed", "TransactionConflict"}:
            raise NewerVersionExists(
                "材料包已被更新，请重新读取。", "The packet changed meanwhile; read it again."
            ) from error
        raise


def _unchanged_since(before: Packet) -> Item:
    if before.header is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": to_attributes({":version": before.header.version}),
    }


def _taken(table: str, packet: str, submission: Submission) -> Item:
    """A submission that was looked at leaves the index of things to look after."""
    return {
        "TableName": table,
        "Key": key(packet, keys.submission_sk(submission.version)),
        "UpdateExpression": "SET taken = :round REMOVE gsi3pk, gsi3sk",
        "ExpressionAttributeValues": to_attributes({":round": submission.taken}),
    }


def _advanced_items(packet: Packet, waits: Mapping[Wait, datetime]) -> dict[str, Item]:
    """The items that `advance` writes, by sort key. The header, in which `waits` stands, differs at every change."""
    items: dict[str, Item] = {}
    if packet.header:
        items[keys.HEADER] = {**dump(packet.header), **_header_indexes(packet.header, waits)}
    if packet.rights:
        items[keys.RIGHTS] = dump(packet.rights)
    if packet.papers.by_slot:
        items[keys.PAPERS] = {"content": packed(packet.papers.model_dump_json(exclude_defaults=True))}
    if packet.result:
        items[keys.RESULT] = {"content": packed(packet.result.model_dump_json(exclude_defaults=True))}
    if packet.header and packet.header.late_since:
        items[keys.LATE] = keys.due_index(packet.packet, packet.header.late_since)
    items |= {keys.gap_sk(code): dump(gap) for code, gap in packet.gaps.items()}
    items |= {keys.commitment_sk(code): dump(commitment) for code, commitment in packet.commitments.items()}
    items |= {keys.review_sk(code): dump(r) | _waiting(packet.header, r) for code, r in packet.reviews.items()}
    items |= {keys.visit_sk(number): dump(visit) for number, visit in packet.visits.items()}
    items |= {keys.gap_breach_sk(code): dump(breach) for code, breach in packet.breaches.items()}
    items |= {keys.notice_sk(number): dump(notice) for number, notice in packet.notices.items()}
    for version, outbox in packet.outbox.items():
        items[keys.outbox_sk(version)] = {**dump(outbox), **keys.due_index(packet.packet, outbox.at + PATIENCE)}
    return items


def _header_indexes(header: Header, waits: Mapping[Wait, datetime]) -> Item:
    found: Item = keys.applicant_index(header.enterprise.uscc, header.submitted_at)
    if waits:
        about = {"enterprise": header.enterprise.name, "project": header.project.name}
        found |= keys.window_index(header.packet, min(waits.values()))
        found["gsi2about"] = {**about, "waits": {wait.value: since.isoformat() for wait, since in waits.items()}}
    return found | (keys.due_index(header.packet, header.wake_at) if header.wake_at else {})


def _waiting(header: Header | None, review: Review) -> Item:
    """What shows a review on its department's desk, while it is there to be decided."""
    if header is None or not review.pending:
        return {}
    place = keys.department_index(
        review.review_id, review.department, review.due.at, priority=header.channel is Channel.GREEN
    )
    return {**place, "gsi2about": {"enterprise": header.enterprise.name, "project": header.project.name}}


def _elsewhere(before: Packet, after: Packet) -> list[Item]:
    """What the packet's enterprise and project are to know of it: new breaches; that the packet is there, and which of
    its gaps bar joint acceptance.

    Only `advance` writes these, in the packet's own transaction, so that they never differ from it.
    """
    assert after.header is not None  # noqa: S101 - only packets with a header are saved
    pk = keys.credit_pk(after.header.enterprise.uscc)
    found = [
        {"pk": pk, "sk": keys.breach_sk(after.packet, code), **dump(breach)}
        for code, breach in after.breaches.items()
        if code not in before.breaches
    ]
    code, owed = after.header.project.code, _owed(after)
    known = before.header and before.header.project.code == code
    if code and not (known and owed == _owed(before)):
        place = {"pk": keys.project_pk(code), "sk": keys.project_packet_sk(after.packet)}
        found.append({**place, "packet": after.packet, "uscc": after.header.enterprise.uscc, "gaps": owed})
    return found


def _owed(packet: Packet) -> list[Item]:
    return [{"slot": gap.slot, "due": gap.due.model_dump(mode="json")} for gap in packet.owed().values()]


def _assembled(packet: str, items: list[Item]) -> Packet:
    parts: Item = {name: {} for name in _COLLECTIONS.values()}
    for item in items:
        sk, values = item["sk"]["S"], fields(item)
        match keys.kind_of(sk):
            case keys.HEADER:
                parts["header"] = Header.model_validate(values)
            case keys.RIGHTS:
                parts["rights"] = Rights.model_validate(values)
            case keys.PAPERS:
                parts["papers"] = Papers.model_validate_json(unpacked(values["content"]))
            case keys.RESULT:
                parts["result"] = JointResult.model_validate_json(unpacked(values["content"]))
            case keys.ISSUED:
                parts["issued"] = Issued.model_validate(values)
            case keys.SLOT:
                parts["slots"][values["slot"]] = _slot(values)
            case keys.SUBMISSION:
                version = keys.name_in(sk)
                parts["submissions"][version] = _submission(version, values)
            case keys.REFUSAL:
                parts["refusals"][values["version"]] = Refusal.model_validate(values)
            case keys.GAP:
                parts["gaps"][values["slot"]] = Gap.model_validate(values)
            case keys.COMMITMENT:
                parts["commitments"][values["matter"]] = Commitment.model_validate(values)
            case keys.REVIEW:
                parts["reviews"][values["matter"]] = Review.model_validate(values)
            case keys.DECISION:
                parts["decisions"][values["matter"], values["round"]] = DecisionFact.model_validate(values)
            case keys.PROCEDURE:
                fact = ProcedureFact.model_validate(values)
                parts["procedures"][fact.name] = fact
            case keys.REVOCATION:
                parts["revocations"][values["matter"]] = RevocationFact.model_validate(values)
            case keys.VISIT:
                parts["visits"][values["number"]] = SiteVisit.model_validate(values)
            case keys.BREACH:
                parts["breaches"][values["subject"]] = Breach.model_validate(values)
            case keys.ACT:
                act = Act.model_validate(values)
                parts["acts"][act.name] = act
            case keys.NOTICE:
                parts["notices"][values["number"]] = Notice.model_validate(values)
            case keys.OUTBOX:
                parts["outbox"][values["version"]] = Outbox.model_validate(values)
    return Packet(packet=packet, **parts)


_COLLECTIONS = {
    keys.SLOT: "slots",
    keys.SUBMISSION: "submissions",
    keys.REFUSAL: "refusals",
    keys.GAP: "gaps",
    keys.COMMITMENT: "commitments",
    keys.REVIEW: "reviews",
    keys.DECISION: "decisions",
    keys.PROCEDURE: "procedures",
    keys.REVOCATION: "revocations",
    keys.VISIT: "visits",
    keys.BREACH: "breaches",
    keys.ACT: "acts",
    keys.NOTICE: "notices",
    keys.OUTBOX: "outbox",
}


def _submission(version: str, values: Item) -> Submission:
    content = json.loads(unpacked(values.pop("content")))
    return Submission.model_validate(values | content | {"version": version})


def _slot(values: Item) -> Slot:
    facts = {**values.pop("facts"), "text": unpacked(values.pop("text"))}
    del values["at_ms"]
    return Slot.model_validate({**values, "facts": facts})


# facts that other functions add


# An upload found by `watch` has no sequencer; against such a one, and for such a one, the times decide.
_NEWER = (
    "attribute_not_exists(pk) OR sequencer < :sequencer AND sequencer > :none OR sequencer = :none AND at_ms <= :at_ms"
)
_NEWER_WITHOUT_SEQUENCER = "attribute_not_exists(pk) OR at_ms < :at_ms"


def record_upload(packet: str, slot: Slot) -> bool:
    """Keep an upload as its slot's newest, unless a newer one is there; note in any case that it was seen.

    Returns whether it is now the newest.
    """
    facts = dump(slot.facts)
    text = facts.pop("text", "")
    at_ms = int(slot.uploaded_at.timestamp() * 1000)
    values: Item = {**dump(slot), "sha256": slot.sha256, "facts": facts, "text": packed(text), "at_ms": at_ms}
    values.pop("seen", None)
    names = {f"#{name}": name for name in values}
    bound = {f":{name}": value for name, value in values.items()} | {":mark_seen": {slot.mark}}
    condition = _NEWER_WITHOUT_SEQUENCER
    if slot.sequencer:
        condition, bound = _NEWER, bound | {":none": ""}
    try:
        client("dynamodb").update_item(
            TableName=settings().table_name,
            Key=key(packet, keys.slot_sk(slot.slot)),
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values) + " ADD seen :mark_seen",
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=to_attributes(bound),
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        return True
    except client("dynamodb").exceptions.ConditionalCheckFailedException as error:
        old = from_attributes(error.response.get("Item", {}))
        if slot.mark not in old.get("seen", set()):
            _mark_seen(packet, slot)
        return False


def _mark_seen(packet: str, slot: Slot) -> None:
    client("dynamodb").update_item(
        TableName=settings().table_name,
        Key=key(packet, keys.slot_sk(slot.slot)),
        UpdateExpression="ADD seen :mark",
        ExpressionAttributeValues=to_attributes({":mark": {slot.mark}}),
    )


def record_submission(packet: str, submission: Submission) -> None:
    """Note that a manifest arrived; a repetition changes nothing."""
    values = dump(submission)
    del values["version"]  # the key says it
    content = {name: values.pop(name) for name in _PACKED if name in values}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    values |= {"content": packed(text), **keys.due_index(packet, submission.received_at + PATIENCE)}
    put_once(packet, keys.submission_sk(submission.version), values)


def record_refusal(refusal: Refusal) -> None:
    put_once(refusal.packet, keys.refusal_sk(refusal.version), dump(refusal))


def record_issued(packet: str, issued: Issued) -> None:
    put_once(packet, keys.ISSUED_RESULT, dump(issued))


def record_decision(packet: str, fact: DecisionFact) -> DecisionFact | None:
    """Keep the first decision of a matter and round. Returns the one that was there before, if any."""
    old = put_once(packet, keys.decision_sk(fact.matter, fact.round), dump(fact))
    return DecisionFact.model_validate(old) if old else None


def record_procedure(packet: str, fact: ProcedureFact) -> None:
    """Keep the start or end of a special procedure; a repetition changes nothing."""
    put_once(packet, keys.procedure_sk(fact.name), dump(fact))


def record_revocation(packet: str, fact: RevocationFact) -> RevocationFact | None:
    """Keep the first word that takes a matter's approval back. Returns the one that was there before, if any."""
    old = put_once(packet, keys.revocation_sk(fact.matter), dump(fact))
    return RevocationFact.model_validate(old) if old else None


def record_refused(about: str, message_id: str, reason: str, at: datetime, department: str = "") -> None:
    """Note that a message was refused; outside the packet, so that whoever sends rubbish cannot make a packet heavy.

    `about` is the packet, or whoever sent it where it names none; `department` the one that sent it, where that is
    known. The note goes after three months.
    """
    index = keys.refused_index(at, reason, department, message_id)
    item = {**keys.refused_key(about, message_id), **index, "expires_at": int((at + NOTED).timestamp())}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def load_review(packet: str, matter: str) -> Review | None:
    item = _get(key(packet, keys.review_sk(matter)))
    return Review.model_validate(item) if item else None


def delete_outbox(packet: str, version: int) -> None:
    """The orders of one change of the packet are delivered."""
    client("dynamodb").delete_item(TableName=settings().table_name, Key=key(packet, keys.outbox_sk(version)))


def overdue(now: datetime, days: int = 2) -> list[tuple[str, str]]:
    """Packets that should have moved on by now, each with the sort key of the item that says so.

    Looks at the index by deadline for today and the days before, `days` in all.
    """
    found: list[tuple[str, str]] = []
    for back in range(days):
        day = (now - timedelta(days=back)).date()
        for bucket in range(keys.DUE_BUCKETS):
            found += _due_in(keys.due_pk(day, bucket), now)
    return found


def _due_in(pk: str, now: datetime) -> list[tuple[str, str]]:
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            IndexName="due",
            KeyConditionExpression="gsi3pk = :pk AND gsi3sk <= :now",
            ExpressionAttributeValues=to_attributes({":pk": pk, ":now": keys.utc(now)}),
        )
    )
    return [
        (packet, item["sk"]["S"])
        for page in pages
        for item in page["Items"]
        if (packet := keys.packet_of(item["pk"]["S"]))
    ]


class Watched(Model):
    """How far `watch` has come: the object key its sweep of storage goes on behind, and the last day it looked at."""

    after: str = ""
    day: date | None = None


def watched() -> Watched:
    return Watched.model_validate(_get(to_attributes(keys.SWEEP)) or {})


def record_watched(done: Watched) -> None:
    item = to_attributes({**keys.SWEEP, **dump(done)})
    client("dynamodb").put_item(TableName=settings().table_name, Item=item)


def _get(primary_key: Item) -> Item | None:
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=primary_key, ConsistentRead=True)
    if "Item" not in found:
        return None
    return fields(found["Item"])
