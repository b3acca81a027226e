"""Commands of operations: what failed, what is stuck, and having it looked at again."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.contract.routes import STUCK_DAYS
from kaigong.errors import ExitCode, Refused

from . import show
from .options import AsJson, Packet, StackName
from .terminal import Command, answer

if TYPE_CHECKING:
    from .client.api import Api
    from .client.faults import CallRefused

app = typer.Typer(no_args_is_help=True)
Days = Annotated[int, typer.Option(min=1, max=STUCK_DAYS, metavar="N", help="回看天数 / Days to look back.")]


@app.command("dead-letters", cls=Command)
def dead_letters(
    redrive: Annotated[
        str | None, typer.Option(metavar="QUEUE", help="重新投递该队列的死信 / Send this queue's dead letters again.")
    ] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """死信队列及可能的原因 / What failed for good, and the likely cause."""
    from kaigong import catalog

    from .client import connect, deadletters

    connection = connect(stack)
    if redrive:
        done = deadletters.redrive(connection, redrive)
        document: dict[str, Any] = {"queue": redrive.removesuffix("-dlq"), "redriven": done.moved, "left": done.left}
        answer(document, as_json=as_json, show=lambda console: show.redriven(console, document))
        return
    found = [
        {
            "queue": depth.queue,
            "dead_letters": depth.messages,
            "cause": deadletters.cause(depth.queue, connection.target.stack).model_dump() if depth.messages else None,
        }
        for depth in deadletters.depths(connection, catalog.load().departments)
    ]
    answer({"queues": found}, as_json=as_json, show=lambda console: show.dead_letters(console, found))


@app.command(cls=Command)
def stuck(days: Days = 2, stack: StackName = None, as_json: AsJson = False) -> None:
    """逾期未动的材料包 / Packets that should have moved on by now."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), role="operations").stuck(days)
    answer(found, as_json=as_json, show=lambda console: show.stuck(console, found))


@app.command(cls=Command)
def deadlines(
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="哪一类，如 review / Of this kind.")] = None,
    department: Annotated[str | None, typer.Option(metavar="CODE", help="责任部门 / Of this department.")] = None,
    light: Annotated[str | None, typer.Option(metavar="LIGHT", help="red、amber、green / How near its end.")] = None,
    after: Annotated[
        str | None, typer.Option(metavar="PLACE", help="上一页的 next / `next` of the page before.")
    ] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """期限督办：已逾期和两周内到期的 / Limits that are overdue or end soon, and who has each."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), role="operations").deadlines(kind=kind, department=department, light=light, after=after)
    answer(found, as_json=as_json, show=lambda console: show.deadlines(console, found))


class NoFigures(Refused):
    """A process of which nothing is counted."""


@app.command(cls=Command)
def figures(
    process: Annotated[str | None, typer.Option(metavar="CODE", help="只看一个项目类型 / Of one project type.")] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """可视化决策预警：受理、在办、办结、红黄绿灯和原因 / Early warning: what is done, what is overdue, why."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), role="operations").warnings()
    if process is not None and process not in found["by_process"]:
        known = list(found["by_process"])
        raise NoFigures(
            f"项目类型 {process} 还没有统计数据。可选：{'、'.join(known) or '无'}。",
            f"There are no figures of project type {process} yet. Choose from: {', '.join(known) or 'none'}.",
        )
    if process is not None:
        scope = found["by_process"][process]
        found |= {"all": scope, "by_process": {process: scope}}
    answer(found, as_json=as_json, show=lambda console: show.figures(console, found))


@app.command(cls=Command)
def refused(days: Days = 2, stack: StackName = None, as_json: AsJson = False) -> None:
    """未被采纳的消息 / Messages of departments and the credit platform that did not count."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), role="operations").refused(days)
    answer(found, as_json=as_json, show=lambda console: show.refused(console, found))


@app.command("show", cls=Command)
def show_one(packet: Packet, stack: StackName = None, as_json: AsJson = False) -> None:
    """查看材料包的存储、待办与最近的错误 / A packet's items and sizes, outbox, what it waits for, its last error."""
    from infra.command.client.api import Api

    from .client import connect, logs, tracing

    connection = connect(stack)
    api = Api(connection, role="operations")
    found, since = api.inspect(packet), tracing.looked_back(api, packet)
    found |= {"last_error": logs.last_error(connection, packet, since), "logs_since": since.isoformat()}
    answer(found, as_json=as_json, show=lambda console: show.inspected(console, found))


@app.command(cls=Command)
def trace(packet: Packet, stack: StackName = None, as_json: AsJson = False) -> None:
    """材料包的全部经过 / A packet in order of time: its ledger, logs, dead letters, queues."""
    from infra.command.client.api import Api

    from .client import connect, tracing

    connection = connect(stack)
    found = tracing.trace(connection, Api(connection, role="operations"), packet)
    answer(found, as_json=as_json, show=lambda console: show.traced(console, found))


@app.command(cls=Command)
def replay(packet: Packet, stack: StackName = None, as_json: AsJson = False) -> None:
    """让系统重新查看材料包 / Have a packet looked at again as it now is; harmless at any time."""
    from infra.command.client.api import Api

    from .client import connect, deadletters, packets

    connection = connect(stack)
    if packets.status(Api(connection, role="operations"), packet) is None:
        raise _unknown(packet)
    deadletters.look_at(connection, packet)
    document = {"packet": packet, "queues": ["advance", "dispatch"]}
    answer(document, as_json=as_json, show=lambda console: console.print(f"{packet} → advance, dispatch"))


@app.command(cls=Command)
def export(
    packet: Packet,
    out: Annotated[Path, typer.Option(metavar="F", help="写入的 zip 文件 / The zip file to write.")],
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """导出一个材料包的全部数据和文件 / Everything of one packet as one archive: items, files, the ledger's proof."""
    from infra.command.client.api import Api

    from .client import archive, connect

    connection = connect(stack)
    names = archive.export(connection, packet, Api(connection, role="operations").proof(packet), out)
    document = {"packet": packet, "file": str(out), "contents": names}
    answer(document, as_json=as_json, show=lambda console: console.print(f"{out}  {len(names)}"))


@app.command(cls=Command)
def erase(
    packet: Annotated[str | None, typer.Argument(metavar="[PACKET]", help="材料包编号 / The packet's id.")] = None,
    expired: Annotated[
        bool,
        typer.Option("--expired", help="过期未提交的申请 / Applications never handed in, once expired."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="确认：不能恢复 / It cannot be undone.")] = False,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """删除保存期满的材料；决定、记录链和签发的文件保留 / Erase papers that need not be kept; ledger and results stay.

    Until the date that the catalogue gives for the packet's process it is refused.
    """
    from dataclasses import asdict

    from infra.command.client.api import Api

    from .client import archive, connect

    if (packet is None) != expired:
        raise typer.BadParameter("PACKET 或 --expired / PACKET or --expired")
    connection = connect(stack)
    api = Api(connection, role="operations")
    if packet is None:
        erasable = [name for name in archive.never_handed_in(connection) if _is_over(_kept_until(api, name))]
    else:
        until = _kept_until(api, packet)
        if not _is_over(until):
            raise _kept(packet, until)
        erasable = [packet]
    if not yes:
        raise _unconfirmed(erasable)
    done = [{"packet": name, **asdict(archive.erase(connection, name))} for name in erasable]
    document: dict[str, Any] = {"erased": done} if packet is None else done[0]
    answer(document, as_json=as_json, show=lambda console: console.print(str(document), markup=False))


def _kept_until(api: "Api", packet: str) -> str | None:
    found: str | None = api.inspect(packet)["erasable_from"]
    return found


def _is_over(until: str | None) -> bool:
    return until is not None and datetime.fromisoformat(until) <= datetime.now(UTC)


def _unconfirmed(packets: list[str]) -> Refused:
    named = "、".join(packets) or "—"
    return Refused(
        f"材料保存期已满：{named}。确认删除请加 --yes；需要留底的，请先 kaigong ops export。",
        f"These papers need not be kept any more: {', '.join(packets) or 'none'}. Add --yes to erase them; "
        "kaigong ops export makes a copy.",
    )


@app.command("audit-ledgers", cls=Command)
def audit_ledgers(
    key: Annotated[
        Path | None,
        typer.Option(metavar="PEM", help="公布的公钥 / The published key; else KMS is asked."),
    ] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """核对所有签名留存与办理档案 / Compare every anchored head with its ledger: what was altered is found and named.

    With the operator's own rights on the anchors' bucket and the table; none of our functions is asked.
    """
    from kaigong.domain.words.names import FAULTS

    from .client import connect, ledgers

    connection = connect(stack)
    known = ledgers.in_base64(key.read_bytes()) if key else ledgers.public_key(connection)
    found = ledgers.audit(connection, ledgers.anchors_bucket(connection), known)
    document: dict[str, Any] = {
        "anchors": found.anchors,
        "heads": found.heads,
        "packets": found.packets,
        "faults": [
            {"packet": packet, "fault": fault.fault, "number": fault.number, "text": FAULTS[fault.fault].model_dump()}
            for packet, fault in found.faults
        ],
    }
    answer(document, as_json=as_json, show=lambda console: show.audited(console, document))
    if found.faults:
        raise typer.Exit(ExitCode.REFUSED)


def _kept(packet: str, until: str | None) -> Refused:
    if until is None:
        return Refused(
            f"{packet} 还在办理，或有承诺的材料未补齐，不能删除。",
            f"{packet} is under way, or a promised paper is missing: nothing can be erased.",
        )
    return Refused(
        f"{packet} 的材料须保存到 {until}，到期后再删除。",
        f"The papers of {packet} are kept until {until}; erase them then.",
    )


def _unknown(packet: str) -> "CallRefused":
    """The refusal of an id that nothing is known of: looking at it again would change nothing, and say success."""
    from .client.faults import CallRefused

    return CallRefused(
        "not-found",
        f"没有材料包 {packet}，未重新查看任何材料包。请核对编号：逾期未动的见 kaigong ops stuck。刚上传而尚无记录的，"
        "系统巡查存储时会自行发现；多次失败的消息见 kaigong ops dead-letters。",
        f"There is no packet {packet}; nothing was looked at again. Check the id: kaigong ops stuck lists packets that "
        "should have moved on. What was just uploaded and is not on record yet is found when the watch sweeps over "
        "storage; messages that failed for good are in kaigong ops dead-letters.",
    )
