"""Commands of supervision: what a department supervises, what it finds, what the enterprise answers, and the draw."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import clock, show
from .department import known
from .options import ActAs, AsJson, Packet, StackName
from .terminal import Command, answer

if TYPE_CHECKING:
    from .client.api import Api

app = typer.Typer(no_args_is_help=True)

Department = Annotated[str, typer.Argument(metavar="DEPT", help="监管部门代码 / The supervising department's code.")]
Record = Annotated[str, typer.Argument(metavar="RECORD", help="监管记录：材料包编号.事项代码 / Packet, a dot, matter.")]
Words = Annotated[str | None, typer.Option("--text", metavar="TEXT", help="发现的问题 / What is wrong.")]
Basis = Annotated[str | None, typer.Option("--basis", metavar="TEXT", help="依据 / On what basis.")]


def _of(department: str, stack: str | None, named: str | None) -> "Api":
    from .client import connect
    from .client.api import Api

    known(department)
    return Api(connect(stack), role=f"supervisor-{department}", named=named)


@app.command("list", cls=Command)
def list_(department: Department, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """部门待办的监管事项 / What a department supervises and has not ended, what is due first first."""
    found = _of(department, stack, act_as).supervision()
    answer(found, as_json=as_json, show=lambda console: show.supervision(console, found["rows"]))


@app.command("show", cls=Command)
def show_(packet: Packet, stack: StackName = None, as_json: AsJson = False) -> None:
    """材料包已批准事项的监管情况 / The supervision of what was approved in a packet."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack)).supervision_of(packet)
    answer(found, as_json=as_json, show=lambda console: show.supervision(console, found["records"]))


@app.command(cls=Command)
def claim(
    department: Department,
    record: Record,
    cause: Annotated[
        str | None, typer.Option(metavar="TEXT", help="未被抽中而须检查的原因 / Why it is inspected though not drawn.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """认领 / Claim a record. One that was not drawn is put on file, unless there is a cause."""
    _say(_of(department, stack, act_as), record, {"kind": "claim", "cause": cause}, as_json=as_json)


@app.command(cls=Command)
def plan(
    department: Department,
    record: Record,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="如 2026-03-09T14:00 / When it is inspected.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """约定检查时间 / Set the date of the inspection."""
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter("如 2026-03-09T14:00 / for example 2026-03-09T14:00", param_hint="--at") from error
    api = _of(department, stack, act_as)
    said = {"kind": "plan", "appointment": clock.placed(moment).isoformat()}
    _say(api, record, said, as_json=as_json)


@app.command(cls=Command)
def find(
    department: Department,
    record: Record,
    fulfilled: Annotated[bool, typer.Option("--fulfilled", help="合格 / In order.")] = False,
    broken: Annotated[bool, typer.Option("--broken", help="拟认定失信 / Broken.")] = False,
    rectify_by: Annotated[
        str | None, typer.Option(metavar="DAY", help="限期整改，如 2026-03-20 / To be rectified by that day.")
    ] = None,
    text: Words = None,
    basis: Basis = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """登记检查意见 / Record what an inspection found; it claims the record as well."""
    if [fulfilled, broken, rectify_by is not None].count(True) != 1:
        raise typer.BadParameter("--fulfilled、--broken、--rectify-by 须选其一 / say one of the three")
    if not fulfilled and not (text and basis):
        raise typer.BadParameter("须写明 --text 和 --basis / needs --text and --basis")
    outcome = "fulfilled" if fulfilled else "broken" if broken else "rectify"
    said = {"kind": "finding", "outcome": outcome, "text": text, "basis": basis, "rectify_by": rectify_by}
    _say(_of(department, stack, act_as), record, said, as_json=as_json)


@app.command(cls=Command)
def reply(
    department: Department,
    record: Record,
    stands: Annotated[str | None, typer.Option(metavar="TEXT", help="维持及理由 / It stands, and why.")] = None,
    set_aside: Annotated[
        str | None, typer.Option(metavar="TEXT", help="撤销检查意见及理由 / It is set aside, and why.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """答复企业申辩 / Answer an enterprise that contests a finding."""
    if (stands is None) is (set_aside is None):
        raise typer.BadParameter("--stands、--set-aside 须选其一 / say one of the two")
    said = {"kind": "reply", "stands": stands is not None, "text": stands or set_aside}
    _say(_of(department, stack, act_as), record, said, as_json=as_json)


@app.command(cls=Command)
def photo(
    department: Department,
    record: Record,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False, help="现场照片 / Photos.")
    ],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """上传现场照片，归入其后登记的检查意见 / Upload photos of an inspection for the finding that is recorded next."""
    import mimetypes

    api = _of(department, stack, act_as)
    came = [
        api.photograph(record, file.name, file.read_bytes(), mimetypes.guess_type(file.name)[0] or "") for file in files
    ]
    answer({"photos": came}, as_json=as_json, show=lambda console: show.photos(console, came))


@app.command(cls=Command)
def recuse(
    department: Department,
    record: Record,
    number: Annotated[
        str | None,
        typer.Option(metavar="NUMBER", help="不能参加的同事的执法证号 / Certificate of a colleague who cannot come."),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """检查人员回避，另行抽取 / An inspector who was drawn has an interest or cannot come; another one is drawn."""
    _say(_of(department, stack, act_as), record, {"kind": "recuse", "number": number}, as_json=as_json)


@app.command(cls=Command)
def roster(
    department: Department,
    set_: Annotated[
        Path | None,
        typer.Option(
            "--set",
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help="新名录，每行：执法证号 姓名 [统一社会信用代码…] / The new roster: number, name, interests a line.",
        ),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """检查人员名录 / The roster that a department's inspectors are drawn from."""
    from kaigong.domain.model.roster import read
    from kaigong.domain.words.supervision import ROSTER_LINE
    from kaigong.errors import Refused

    api = _of(department, stack, act_as)
    found = api.roster()
    if set_ is not None:
        try:
            asked = read(set_.read_text("utf-8-sig"))
        except ValueError as error:
            raise Refused(ROSTER_LINE.zh, ROSTER_LINE.en) from error
        found = api.save_roster(found["version"], asked.model_dump(mode="json")["inspectors"])
    answer(found, as_json=as_json, show=lambda console: show.roster(console, found))


def _say(api: "Api", record: str, said: dict[str, Any], *, as_json: bool) -> None:
    version = api.supervision_record(record)["version"]
    found = api.supervise(record, version, {name: value for name, value in said.items() if value is not None})
    answer(found, as_json=as_json, show=lambda console: show.supervision(console, [found]))


@app.command("answer", cls=Command)
def answer_(
    packet: Packet,
    matter: Annotated[str, typer.Argument(metavar="MATTER", help="事项代码 / The matter's code.")],
    rectified: Annotated[str | None, typer.Option(metavar="TEXT", help="整改完成情况 / What was put right.")] = None,
    contest: Annotated[
        str | None, typer.Option(metavar="TEXT", help="申辩的事实和理由 / Why it does not hold.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """企业报告整改或者申辩 / The enterprise reports what it put right, or contests a finding, once."""
    from .client import connect
    from .client.api import Api

    if (rectified is None) is (contest is None):
        raise typer.BadParameter("--rectified、--contest 须选其一 / say one of the two")
    said = {"kind": "contest" if contest else "rectified", "text": contest or rectified}
    found = Api(connect(stack), role="applicant", named=act_as).answer_supervision(packet, matter, said)
    answer(found, as_json=as_json, show=lambda console: show.supervision(console, found["records"]))


@app.command(cls=Command)
def draw(
    day: Annotated[str, typer.Argument(metavar="DAY", help="推送日期，如 2026-03-06 / The day of the push.")],
    verify: Annotated[
        str | None, typer.Option(metavar="PACKET", help="复算该材料包的抽取 / Draw again for this packet.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(
            metavar="PEM", help="公布的公钥 / The published key; else anchors are believed by the key they bring."
        ),
    ] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """公布某日随机抽取的种子；复算是否如实 / The seed of a day's draw, and whether a packet was drawn as it says.

    Exit code 1 where a record is inspected, or is not, or by others than the draw has it, or the signed anchor does
    not have the seed.
    """
    from .client import connect
    from .client.api import Api
    from .client.draws import drawn_again
    from .client.ledgers import in_base64

    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise typer.BadParameter("如 2026-03-06 / for example 2026-03-06", param_hint="DAY") from error
    api = Api(connect(stack))
    found = api.draw(day)
    if verify:
        found["records"] = drawn_again(api, verify, found, in_base64(key.read_bytes()) if key else "")
    answer(found, as_json=as_json, show=lambda console: show.draw(console, found))
    if any(not record["as_drawn"] for record in found.get("records", ())):
        raise typer.Exit(1)
