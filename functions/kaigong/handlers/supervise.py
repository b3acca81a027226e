"""supervise: records what a supervising department says of an approved matter, or why it does not count; and has time
pass for records that nobody acts on.

A message that names a packet and has no schema asks to look after what is late there: `watch` sends it.
"""

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError

from kaigong import catalog
from kaigong.domain import words
from kaigong.domain.flow import deadlines, delivery, reminding, supervision
from kaigong.domain.model.messages import NoticeMessage, SupervisionAnswer
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.supervision import Recuse, SupervisionRecord, SupervisionRefusal, Who
from kaigong.domain.words.supervision import REFUSALS
from kaigong.store import packets, people, queues, rosters
from kaigong.store import supervision as records

from .observe import logger
from .queue import about, broken_at, each_message, said
from .surroundings import of_supervision

UNREADABLE, UNKNOWN = "unreadable", "unknown-record"  # why a message was refused, beside the reasons of the rules
NO_PACKET = "unreadable"  # where a message that names no packet is noted


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, record)


def record(message: SQSRecord) -> None:
    now, body = datetime.now(UTC), said(message.body)
    if packet := _to_look_at(body):
        _pass_time(packet, now)
        return
    try:
        answer = SupervisionAnswer.model_validate_json(body)
    except ValidationError as error:
        where = broken_at(error)
        logger.warning("finding refused", reason=UNREADABLE, where=where, packet=about(body).get("packet"))
        packets.record_refused(NO_PACKET, message.message_id, UNREADABLE, now)
        return
    found = _of_token(answer)
    if found is None:
        logger.warning("finding refused", packet=answer.packet, reason=UNKNOWN)
        packets.record_refused(answer.packet, message.message_id, UNKNOWN, now)
        return
    around = of_supervision(now)
    if isinstance(answer.says, Recuse):
        seed, roster = rosters.drawn_from(found)
        around = around.changed(seed=seed, roster=roster)
    try:
        who = Who(name=answer.officer)
        after = supervision.say(found, answer.says, who, around, answer.id, answer.sent_at)
    except supervision.Refusal as refusal:
        logger.warning("finding refused", packet=answer.packet, reason=refusal.why)
        packets.record_refused(answer.packet, message.message_id, refusal.why, now, found.department)
        queues.publish([_refused(found, refusal.why, message.message_id, now)])
        return
    _save(found, after, around)


def _to_look_at(body: str) -> str | None:
    """The packet that a message asks to look at."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    plain = isinstance(asked, dict) and "schema" not in asked
    return asked["packet"] if plain and isinstance(asked.get("packet"), str) else None


def _of_token(answer: SupervisionAnswer) -> SupervisionRecord | None:
    """The record that a message is about, where its token proves that its sender was told of it."""
    packet, _, matter = answer.record.rpartition(".")
    found = records.load(packet, matter) if packet == answer.packet and matter else None
    known = found is not None and hmac.compare_digest(found.token.encode(), answer.reply_token.encode())
    return found if known else None


def _save(before: SupervisionRecord, after: SupervisionRecord, around: supervision.Around) -> None:
    if after == before:
        return
    records.save(before, after, supervision.wakes(after, around), supervision.fact(before, after))
    logger.info("supervision", packet=after.packet, matter=after.matter, state=after.state)


def _pass_time(packet: str, now: datetime) -> None:
    """Whoever has a limit, the lead and the city are told before that is put on record: else nobody might be."""
    around = of_supervision(now)
    for found in records.of(packet).values():
        after = supervision.pass_time(found, around)
        queues.publish(_addressed(found, _told(found, after, now)))
        _save(found, after, around)


def _addressed(found: SupervisionRecord, messages: list[NoticeMessage]) -> list[NoticeMessage]:
    """To whom of the enterprise, where one of them is for it."""
    theirs = any(not message.department and not message.to for message in messages)
    return delivery.addressed(messages, people.of(found.uscc)[0]) if theirs else messages


def _told(before: SupervisionRecord, after: SupervisionRecord, now: datetime) -> list[NoticeMessage]:
    limit = deadlines.of_record(after)
    if limit is None:
        return []
    stages = after.pressed[len(before.pressed) :]
    return [reminding.of_record(after, limit, stage, catalog.load(), now) for stage in stages]


def _refused(found: SupervisionRecord, why: SupervisionRefusal, message_id: str, now: datetime) -> NoticeMessage:
    title = words.supervision.refused(name_of(catalog.load().matters, found.matter), REFUSALS[why])
    told = delivery.supervision_notice(found, delivery.REFUSED, found.department, title, now)
    return told.changed(id=delivery.refused_id(found.packet, message_id))
