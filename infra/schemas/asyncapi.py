"""The queues and the topic as AsyncAPI 3.0. Actions are Kaigong's own: it receives decisions, it sends review tasks."""

from typing import Any, Literal

from kaigong import catalog
from kaigong.domain.model.text import Model, Text

from .shape import to_yaml


class Channel(Model):
    """A queue or topic. `payloads` name the schema files of its messages; none: described in words alone."""

    name: str
    address: str  # behind the stack's name
    action: Literal["send", "receive"]
    payloads: tuple[str, ...] = ()
    about: Text
    internal: bool = False
    server: Literal["queues", "topic"] = "queues"


CHANNELS = (
    Channel(
        name="reviewTasks",
        address="review-{department}",
        action="send",
        payloads=("review-task",),
        about=Text(
            zh="部门的审查任务。同一任务可能送达两次，以 review_id 和 round 为准；"
            "带 withdrawn 的，任务已撤回，无须再答复。",
            en="Review tasks of a department. A task may come twice: review_id and round are its key. With `withdrawn` "
            "it says that the task of that key is taken back and needs no answer.",
        ),
    ),
    Channel(
        name="priorityReviewTasks",
        address="review-{department}-priority",
        action="send",
        payloads=("review-task",),
        about=Text(zh="绿色通道的审查任务，请先读此队列。", en="Tasks of the green channel: read this queue first."),
    ),
    Channel(
        name="decisions",
        address="decisions",
        action="receive",
        payloads=("decision", "procedure", "revocation"),
        about=Text(
            zh="部门对审查任务的答复：决定、特别程序、收回批准，须带回任务中的 reply_token。",
            en="What a department says of a review task: a decision, a special procedure, an approval taken back; "
            "it carries the task's reply_token.",
        ),
    ),
    Channel(
        name="supervisionTasks",
        address="supervision-{department}",
        action="send",
        payloads=("supervision-task",),
        about=Text(
            zh="推送监管部门的已批准事项，可能送达两次，以 record 为准；由人在门户办理的，不必读此队列。",
            en="Approved matters for the department that supervises them. A task may come twice: record is its key. "
            "Whose people work at the portal need not read it.",
        ),
    ),
    Channel(
        name="findings",
        address="findings",
        action="receive",
        payloads=("supervision-answer",),
        about=Text(
            zh="监管部门对监管任务的反馈：已阅、认领、检查时间、检查意见、对申辩的答复，须带回任务中的 reply_token。",
            en="What a supervising department says of a task: seen, claimed, when it is inspected, what was found, the "
            "answer to an enterprise that contests that; it carries the task's reply_token.",
        ),
    ),
    Channel(
        name="breaches",
        address="breaches",
        action="send",
        payloads=("breach",),
        about=Text(
            zh="失信认定，由信用平台读取；同一认定可能送达两次，以 id 为准。修复以信用记录消息回传。",
            en="Breaches, for the credit platform. One may come twice: id is its key. A repair comes back as a credit "
            "record.",
        ),
    ),
    Channel(
        name="credit",
        address="credit",
        action="receive",
        payloads=("credit",),
        about=Text(zh="信用平台推送的企业信用。", en="What the credit platform says of an enterprise."),
    ),
    Channel(
        name="notices",
        address="notices",
        action="send",
        payloads=("notice",),
        server="topic",
        about=Text(
            zh="通知，供短信、微信、邮件网关订阅，可以直接发送：sms 不超过 70 字，text 为详细内容，"
            "link 为登录后查看的页面，language 为申请人的语言。"
            "消息属性 kind、for（applicant 或部门代码）可用于筛选。同一通知可能送达两次，以 id 为准："
            "网关须等发送成功后再删除消息，并记住已发送的 id。",
            en="Notices, ready to be sent by gateways to SMS, WeChat and e-mail: sms has at most 70 characters, text "
            "says more, link is the page for who signs in, language is the applicant's. The message attributes kind "
            "and for (applicant, or a department's code) filter. A notice may come twice: a gateway deletes the "
            "message once it was sent, and remembers its id.",
        ),
    ),
    Channel(
        name="uploads",
        address="uploads",
        action="receive",
        internal=True,
        about=Text(
            zh="对象存储的事件通知（S3 ObjectCreated）。",
            en="Event notifications of object storage (S3 ObjectCreated).",
        ),
    ),
    Channel(
        name="issue",
        address="issue",
        action="send",
        payloads=("issue",),
        internal=True,
        about=Text(zh="出具联合审批结果文书。", en="The document of a joint result is to be made."),
    ),
    Channel(
        name="documents",
        address="documents",
        action="send",
        payloads=("documents",),
        internal=True,
        about=Text(zh="加盖电子印章的文书需要制作。", en="The documents that are due are to be made and sealed."),
    ),
    Channel(
        name="daily",
        address="daily",
        action="send",
        internal=True,
        about=Text(
            zh="某一天（或其中一部分材料包）的统计与国家系统数据交换。",
            en="A day, or the packets of one part of it, to be counted and told to the national exchange.",
        ),
    ),
    *(
        Channel(
            name=name,
            address=name,
            action="send",
            internal=True,
            about=Text(
                zh='重新处理一个材料包：{"packet": 编号}。', en='A packet is to be looked at again: {"packet": its id}.'
            ),
        )
        for name in ("advance", "dispatch", "benefits")
    ),
)


def text() -> str:
    return to_yaml(document(), "Generated from infra/schemas/asyncapi.py and the catalogue by make schemas.")


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "开工 Kaigong",
            "version": "1",
            "description": "各队列与主题。每个队列另有死信队列 <名称>-dlq；部门的优先队列与普通队列共用一个，"
            "各部门的监管队列共用 supervision-dlq。\n"
            "The queues and the topic. Every queue has a dead-letter queue, its name followed by -dlq; a department's "
            "priority queue shares that of its other one, and all departments' supervision queues share "
            "supervision-dlq.",
        },
        "defaultContentType": "application/json",
        "servers": {
            "queues": _server("sqs"),
            "topic": _server("sns"),
        },
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {_verb(channel): _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {name: _message(name, payload) for c in CHANNELS for name, payload in _messages(c).items()}
        },
    }


def _server(protocol: str) -> dict[str, Any]:
    return {
        "host": f"{protocol}.{{region}}.{{suffix}}",
        "protocol": protocol,
        "variables": {
            "region": {"description": "Region of the stack."},
            "suffix": {
                "description": "AWS's domain; AWS China has its own.",
                "default": "amazonaws.com",
                "enum": ["amazonaws.com", "amazonaws.com.cn"],
            },
        },
    }


def _channel(channel: Channel) -> dict[str, Any]:
    parameters: dict[str, Any] = {"stack": {"description": "系统名 / Name of the stack."}}
    if "{department}" in channel.address:
        parameters["department"] = {
            "description": "部门代码 / Code of the department.",
            "enum": list(catalog.load().departments),
        }
    return {
        "address": f"{{stack}}-{channel.address}",
        "description": f"{channel.about.zh}\n{channel.about.en}",
        "servers": [{"$ref": f"#/servers/{channel.server}"}],
        "parameters": parameters,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in _messages(channel)},
    } | ({"x-internal": True} if channel.internal else {})


def _verb(channel: Channel) -> str:
    return channel.action + channel.name[0].upper() + channel.name[1:]


def _operation(channel: Channel) -> dict[str, Any]:
    return {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "messages": [{"$ref": f"#/channels/{channel.name}/messages/{name}"} for name in _messages(channel)],
    }


def _messages(channel: Channel) -> dict[str, str | None]:
    """The channel's messages by name, each with its schema file; of one described in words alone, there is none."""
    return {name: name for name in channel.payloads} or {channel.name: None}


def _message(name: str, payload: str | None) -> dict[str, Any]:
    schema = {"$ref": f"./{payload}.json"} if payload else {"type": "object"}
    return {"name": name, "contentType": "application/json", "payload": schema}
