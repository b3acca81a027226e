"""What is known of a project: what the window put on record, its packets, their open gaps, and what they ended in.

That a packet is there is written in the packet's own transaction: a small item for each packet of a project that has a
code. It is written again when the packet's gaps change, when it lets an enterprise in, when it comes to its end, and
when an approval is taken back.
"""

import json

from kaigong.domain.model.standing import OpenGap, OtherPacket, ProjectRecord, ProjectStanding, on_project
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, item_at, queried, to_attributes, unpacked


def put(record: ProjectRecord) -> None:
    """Put a project on record, or change what is on record of it."""
    item = {"pk": keys.project_pk(record.code), "sk": keys.RECORD, **dump(record)}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def record(code: str) -> ProjectRecord | None:
    """What the window put on record of a project, if anything."""
    place = to_attributes({"pk": keys.project_pk(code), "sk": keys.RECORD})
    item = item_at(place)
    return ProjectRecord.model_validate(fields(item), extra=LATER) if item else None


def standing(code: str, except_packet: str) -> ProjectStanding:
    """What is known of a project, in one Query; open gaps are those of its other packets.

    Consistent: a project must not be accepted jointly while a gap that was just promised is open.
    """
    found, on_record = ProjectStanding(), None
    open_gaps: list[OpenGap] = []
    every: list[OtherPacket] = []
    for item in queried("pk = :pk", {":pk": keys.project_pk(code)}):
        values = fields(item)
        if item["sk"]["S"] == keys.RECORD:
            on_record = ProjectRecord.model_validate(values, extra=LATER)
            found = ProjectStanding(
                key_project=on_record.key_project, serviced_site=on_record.serviced_site, approvals=on_record.approvals
            )
        else:
            whose = {"packet": values["packet"], "uscc": values["uscc"]}
            told = json.loads(unpacked(values["content"]))
            open_gaps += [OpenGap.model_validate({**whose, **gap}, extra=LATER) for gap in told.pop("gaps")]
            every.append(OtherPacket.model_validate({**whose, **told}, extra=LATER))
    return found.changed(
        open_gaps=tuple(gap for gap in open_gaps if gap.packet != except_packet),
        others=tuple(other for other in every if other.packet != except_packet),
        enterprises=on_project(on_record, every),
        by_window=bool(on_record and on_record.enterprises),
    )


def packets_of(code: str) -> tuple[str, ...]:
    """The packets that named this project when they were last looked at or promised something, in the order of their
    ids: whoever shows them compares the project's code with the packet's own.
    """
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=settings().table_name,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :packets)",
            ExpressionAttributeValues=to_attributes(
                {":pk": keys.project_pk(code), ":packets": keys.project_packet_sk("")}
            ),
            ProjectionExpression="packet",
        )
    )
    return tuple(item["packet"]["S"] for page in pages for item in page["Items"])
