"""Commands of an applicant: what is asked for, whether the papers are fit, handing in, and what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.domain.model.catalogue import Stage
from kaigong.errors import ExitCode, Refused
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from . import show, show_packet
from .letter import show_accepted
from .options import ActAs, AsJson, Folder, Packet, StackName, codes
from .terminal import Command, answer, progress_console, write

if TYPE_CHECKING:
    from kaigong.domain.model.catalogue import Catalogue
    from kaigong.views.needed import Needed

    from .client.additions import Becomes

app = typer.Typer()

_WAIT = 300.0  # seconds; an examination takes seconds, unless a function starts cold or a paper is heavy
_OURS = (  # states in which nothing moves until the applicant does
    "returned",
    "correcting",
    "refused",
    "withdrawn",
    "issued",
)
_REASON = 1000  # characters, as the API allows
_NAME = 200  # characters, as the manifest allows
_ROLES = ("legal-representative", "authorised-agent")  # of a signer, as the manifest has them


@app.command(cls=Command)
def guide(
    process: Annotated[str | None, typer.Option(help="项目类型 / The project type.")] = None,
    stage: Annotated[Stage | None, typer.Option(help="阶段 / The stage.")] = None,
    ask: Annotated[
        bool,
        typer.Option("--ask", help="逐项提问，列出要办的事项 / Ask about the project; list the matters that it needs."),
    ] = False,
    given: Annotated[
        list[str] | None,
        typer.Option("--answer", metavar="CODE", help="符合的情形，不再提问 / An answer that holds; nothing is asked."),
    ] = None,
    search: Annotated[
        str | None, typer.Option(metavar="WORDS", help="按名称、材料、部门或编码查找事项 / Find matters by words.")
    ] = None,
    page: Annotated[int, typer.Option(min=1, help="查找结果的第几页 / Page of what was found.")] = 1,
    as_json: AsJson = False,
) -> None:
    """一份办事指南：事项、部门、途径、材料、时限 / One guide: matters, departments, routes, papers, time limits.

    --ask --process P: which matters the project needs; --search WORDS: find matters.
    """
    from kaigong import catalog
    from kaigong.views import guide, needed
    from kaigong.views.search import listed

    catalogue = catalog.load()
    if process is not None and process not in catalogue.processes:
        raise typer.BadParameter(f"可选 / choose one of {', '.join(catalogue.processes)}", param_hint="--process")
    if search is not None:
        listing = listed(catalogue, search, process, stage, page)
        answer(listing.model_dump(mode="json"), as_json=as_json, show=lambda console: show.listed(console, listing))
        return
    if ask or given is not None:
        if process is None:
            raise typer.BadParameter(f"可选 / choose one of {', '.join(catalogue.processes)}", param_hint="--process")
        holds = _asked(needed.needed(catalogue, process, ())) if given is None else _known(given, catalogue)
        told = needed.needed(catalogue, process, holds)
        answer(told.model_dump(mode="json"), as_json=as_json, show=lambda console: show.needed(console, told))
        return
    found = guide.guide(catalogue, process, stage.value if stage else None)
    answer(found.model_dump(mode="json"), as_json=as_json, show=lambda console: show.guide(console, found))


def _asked(before: "Needed") -> list[str]:
    """The answers that hold, by what is typed: asked on stderr, so that the answer alone is on stdout."""
    holds = []
    for question in before.questions:
        typer.echo(f"{question.text.zh} / {question.text.en}", err=True)
        holds += [a.code for a in question.answers if typer.confirm(f"  {a.text.zh} / {a.text.en}", err=True)]
    return holds


def _known(given: list[str], catalogue: "Catalogue") -> list[str]:
    known = [a.code for question in catalogue.questions.asked for a in question.answers]
    if set(given) - set(known):
        raise typer.BadParameter(f"可选 / choose from {', '.join(known)}", param_hint="--answer")
    return given


@app.command(cls=Command)
def examine(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="要检查的文件 / The files to examine.")],
    as_json: AsJson = False,
) -> None:
    """检查文件，每个文件输出一个 JSON 对象 / What `validate` would find in these files: one JSON object a file.

    With --json and several files, one JSON array. Exit 1 where a file cannot be read.
    """
    import json

    found = [_examined(path) for path in files]
    if as_json:
        write(found[0] if len(found) == 1 else found)
    else:
        for document in found:
            typer.echo(json.dumps(document, ensure_ascii=False))
    if any("error" in document for document in found):
        raise typer.Exit(ExitCode.REFUSED)


def _examined(path: Path) -> dict[str, Any]:
    from infra.samples.corpus import examine_file

    try:
        return examine_file(path)
    except OSError as error:
        typer.echo(f"无法读取 {path}：{error.strerror} / {path} cannot be read: {error.strerror}", err=True)
        return {
            "file": str(path),
            "error": {"zh": f"无法读取：{error.strerror}", "en": f"cannot be read: {error.strerror}"},
        }


@app.command(cls=Command)
def submit(
    folder: Folder,
    packet: Annotated[
        str | None, typer.Option(help="材料包编号，默认新编 / The packet's id; a new one unless given.")
    ] = None,
    process: Annotated[str | None, typer.Option(help="项目类型 / The project type.")] = None,
    matters: Annotated[str | None, typer.Option(metavar="A,B", help="事项代码 / Codes of the matters.")] = None,
    promise: Annotated[
        list[str] | None, typer.Option(metavar="SLOT", help="承诺后补的材料 / Will follow later.")
    ] = None,
    commit: Annotated[list[str] | None, typer.Option(metavar="MATTER", help="以告知承诺办理 / By commitment.")] = None,
    accept_as: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="以此人名义电子签署各份告知承诺书（先用 kaigong letter 阅读） / Who accepts the commitment letters "
            "electronically; read them first with kaigong letter.",
        ),
    ] = None,
    accept_role: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="其身份：legal-representative 法定代表人，authorised-agent 授权经办人 / As what that person signs: "
            "legal-representative or authorised-agent.",
        ),
    ] = None,
    wait: Annotated[
        bool,
        typer.Option("--wait", help="等待受理、待补正或未予接收 / Wait until it is accepted, returned or not taken."),
    ] = False,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """提交文件夹中的材料包 / Hand in the packet in a folder: project.json and files named by slot.

    A paper that may come as several files has them in a folder named by its slot, or as SLOT.1.pdf, SLOT.2.pdf.
    """
    from infra.command.client.api import Api

    from .client import connect, letters, packets

    if accept_as is not None and not 0 < len(accept_as.strip()) <= _NAME:
        raise typer.BadParameter(
            f"须写明姓名，至多 {_NAME} 字 / a name, {_NAME} characters at most", param_hint="--accept-as"
        )
    if accept_role is not None and (accept_as is None or accept_role not in _ROLES):
        raise typer.BadParameter(
            f"与 --accept-as 同用，取 {' 或 '.join(_ROLES)} / with --accept-as: {' or '.join(_ROLES)}",
            param_hint="--accept-role",
        )
    said = {
        "process": process,
        "matters": codes(matters),
        "promises": promise or None,
        "commitments": commit or None,
    }
    prepared = packets.first(folder, packet, {name: value for name, value in said.items() if value is not None})
    connection = connect(stack)
    api = Api(connection, named=act_as)
    before = packets.seen(packets.status(api, packet)) if packet and wait else ()
    if accept_as is not None:
        prepared = letters.accepted(api, prepared, letters.signer(accept_as, accept_role))
    with _bar(as_json, "上传 uploading", prepared.size) as advance:
        files = packets.hand_in(connection, prepared, advance)
    document: dict[str, Any] = {"packet": prepared.packet, "files": [file.model_dump() for file in files]}
    if accept_as is not None and prepared.manifest:
        document["letters"] = [entry.model_dump(mode="json") for entry in prepared.manifest.letters]
        if not as_json:
            show_accepted(Console(), document["letters"])
    if not wait:
        answer(document, as_json=as_json, show=lambda console: show.handed_in(console, document))
        return
    with progress_console(as_json=as_json).status("等待审查 … / waiting for the examination …"):
        outcome = packets.answer(api, prepared.packet, before, _WAIT)
    reasons = packets.told(outcome)
    document |= {"status": outcome["status"], "round": outcome["round"], "reasons": reasons}
    answer(document, as_json=as_json, show=lambda console: show_packet.outcome(console, outcome, reasons))
    if outcome["status"] in packets.AGAIN:
        raise typer.Exit(ExitCode.REFUSED)


@app.command(cls=Command)
def supplement(
    packet: Packet, folder: Folder, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False
) -> None:
    """补充材料，逐份说明用途 / Add papers to a packet, and say what becomes of each.

    Where the packet was returned or is to be corrected, this hands it in again; papers that only close gaps do not.
    Of a paper of several files, one of the same name is replaced and the others stay. Nothing is uploaded where
    nobody would look at a paper: then it says why, and what to do.
    """
    from infra.command.client.api import Api

    from .client import connect, packets

    connection = connect(stack)
    prepared = packets.supplement(connection, Api(connection, named=act_as), packet, folder)
    with _bar(as_json, "上传 uploading", prepared.size) as advance:
        files = packets.hand_in(connection, prepared, advance)
    document = {
        "packet": packet,
        "files": [_added(file.model_dump(), prepared.becomes[file.slot]) for file in files],
        "submitted": prepared.manifest is not None,
    }
    answer(document, as_json=as_json, show=lambda console: show.handed_in(console, document))


def _added(file: dict[str, Any], becomes: "Becomes") -> dict[str, Any]:
    return file | {"becomes": {"code": becomes.code.value, **becomes.text.model_dump()}}


@app.command(cls=Command)
def status(
    packet: Packet,
    watch: Annotated[bool, typer.Option("--watch", help="持续显示，直到办结或等待申请人 / Follow it.")] = False,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """查看进度 / Where a packet is, what is next, who has it, by when.

    With --watch it ends when the packet is issued or waits for the applicant.
    """
    from infra.command.client.api import Api

    from .client import connect

    api = Api(connect(stack), named=act_as)
    found = _watched(api, packet, progress_console(as_json=as_json)) if watch else api.status(packet)
    answer(found, as_json=as_json, show=lambda console: show_packet.status(console, found))


def _watched(api: Any, packet: str, console: Console) -> dict[str, Any]:
    import time

    from rich.live import Live

    found: dict[str, Any] = api.status(packet)
    with Live(show_packet.matters(found), console=console, transient=True) as live:
        while found["status"] not in _OURS:
            time.sleep(1)
            found = api.status(packet)
            live.update(show_packet.matters(found))
    return found


@app.command(cls=Command)
def materials(packet: Packet, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """查看每份材料及检查结论 / Every paper of a packet and what was found in it."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), named=act_as).materials(packet)
    answer(found, as_json=as_json, show=lambda console: show.materials(console, found))


@app.command(cls=Command)
def routes(packet: Packet, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """各事项可选的办理途径及原因 / The routes open to each matter of a packet, and why the others are not."""
    from infra.command.client.api import Api

    from .client import connect

    found = Api(connect(stack), named=act_as).routes(packet)
    answer(found, as_json=as_json, show=lambda console: show.routes(console, found))


@app.command(cls=Command)
def withdraw(
    packet: Packet,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="撤回的原因 / Why it is withdrawn.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """撤回申请，作出决定前均可 / Withdraw a packet: possible up to the joint result, by its applicant alone."""
    from infra.command.client.api import Api

    from .client import connect

    if not reason.strip() or len(reason) > _REASON:
        raise typer.BadParameter(
            f"须写明原因，至多 {_REASON} 字 / needed, {_REASON} characters at most", param_hint="--reason"
        )
    found = Api(connect(stack), role="applicant", named=act_as).act(packet, {"kind": "withdraw", "reason": reason})
    answer(found, as_json=as_json, show=lambda console: show.recorded(console, found))


@app.command("let-in", cls=Command)
def let_in(
    packet: Packet,
    enterprise: Annotated[str, typer.Argument(metavar="USCC", help="对方的统一社会信用代码 / Its credit code.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """同意另一家企业参与本项目 / Let another enterprise into the packet's project: by who was accepted first alone."""
    from infra.command.client.api import Api

    from .client import connect

    asked = {"kind": "let-in", "subject": enterprise}
    found = Api(connect(stack), role="applicant", named=act_as).act(packet, asked)
    answer(found, as_json=as_json, show=lambda console: show.recorded(console, found))


@app.command(cls=Command)
def again(
    packet: Packet,
    matters: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="事项代码，默认全部未获批准的 / All without an approval unless given."),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """重新申报未获批准的事项，沿用申报信息和材料 / Apply again for what was not approved, with the form and the papers.

    This begins a draft, which is completed and handed in at the portal.
    """
    from infra.command.client.api import Api

    from .client import connect

    api = Api(connect(stack), role="applicant", named=act_as)
    found = api.again(packet, codes(matters) or [])
    answer(found, as_json=as_json, show=lambda console: show.begun_again(console, packet, found))


@app.command(cls=Command)
def documents(
    packet: Packet,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="把文书存入此目录 / The folder to save them in.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """列出并下载已出具的文书 / List the documents that were issued, and fetch them."""
    from infra.command.client.api import Api

    from .client import connect, documents

    api = Api(connect(stack), named=act_as)
    found = documents.save(api, packet, out) if out else api.documents(packet)
    answer(found, as_json=as_json, show=lambda console: show.documents(console, found))


@app.command(cls=Command)
def result(
    packet: Packet,
    out: Annotated[Path, typer.Option(metavar="F", help="写入的文件 / The file to write.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """下载联合审批结果 / Fetch the issued joint result."""
    import hashlib

    from infra.command.client.api import Api

    from .client import connect

    content = Api(connect(stack), named=act_as).result(packet)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    document = {"packet": packet, "file": str(out), "sha256": hashlib.sha256(content).hexdigest()}
    answer(document, as_json=as_json, show=lambda console: console.print(f"{out}  sha256 {document['sha256']}"))


@app.command(cls=Command)
def verify(
    what: Annotated[
        str, typer.Argument(metavar="FILE|PACKET", help="签发的文件，或材料包编号 / An issued document, or a packet.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="F", help="把证明写入文件（材料包） / Where to write a packet's proof.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """核验签发的文件是否真实有效，或材料包的办理档案是否被改动 / Is a document ours; was a ledger altered?

    Of a file its SHA-256 alone is sent, and the number in it. docs/verify.py checks a proof without this command.
    """
    from kaigong.views.states import GENUINE

    from infra.command.client.api import Api

    from .client import connect, documents, proofs

    file = Path(what)
    if not file.exists() and ("/" in what or "." in what):
        raise Refused(f"没有文件 {what}。请核对路径。", f"There is no file {what}. Check the path.")
    api = Api(connect(stack), named=act_as)
    if file.exists():
        found = documents.verified(api, file.read_bytes())
        answer(found, as_json=as_json, show=lambda console: show.verified(console, found))
        failed = found["verdict"] not in GENUINE
    else:
        proof = api.proof(what)
        if out:
            proofs.write(proof, out)
        told = proofs.told(proof)
        answer(told, as_json=as_json, show=lambda console: show.proven(console, told))
        failed = bool(told["faults"])
    if failed:
        raise typer.Exit(ExitCode.REFUSED)


@contextmanager
def _bar(as_json: bool, what: str, total: int) -> Iterator[Any]:
    """A progress bar; gives what tells it the bytes that went."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    console = progress_console(as_json=as_json)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)
