"""Commands of supervision: what a department supervises, what it finds, what the enterprise answers, and the draw."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.domain.model.ids import CITY

from . import show
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
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CITY)
    said = {"kind": "plan", "appointment": moment.isoformat()}
    _say(_of(department, stack, act_as), record, said, as_json=as_json)


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
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """公布某日随机抽取的种子；复算是否如实 / The seed of a day's draw, and whether a packet was drawn as it says.

    Exit code 1 where a record is inspected, or is not, otherwise than the draw has it.
    """
    from .client import connect
    from .client.api import Api

    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise typer.BadParameter("如 2026-03-06 / for example 2026-03-06", param_hint="DAY") from error
    api = Api(connect(stack))
    found = api.draw(day)
    if verify:
        found["records"] = _drawn_again(api, verify, found)
    answer(found, as_json=as_json, show=lambda console: show.draw(console, found))
    if any(not record["as_drawn"] for record in found.get("records", ())):
        raise typer.Exit(1)


def _drawn_again(api: "Api", packet: str, found: dict[str, Any]) -> list[dict[str, Any]]:
    """What the draw comes to for the records of a packet that chance decided about. Raises where the seed is not told
    yet, or is not the one that was promised.
    """
    from kaigong import catalog
    from kaigong.domain.flow.draw import commitment, is_drawn
    from kaigong.errors import Refused

    seed = found["seed"]
    if seed is None:
        raise Refused(
            "该日尚未结束，次日公布种子后才能复算。", "The seed is told when its day is over; try again then."
        )
    if commitment(seed) != found["sha256"]:
        raise Refused("种子与当日公布的 SHA-256 不符。", "The seed is not the one whose SHA-256 was shown on the day.")
    percent = catalog.load().supervision.grading(api.status(packet)["credit_grade"]).percent
    records = [r for r in api.supervision_of(packet)["records"] if r["drawn"] in ("drawn", "not-drawn", "for-cause")]
    return [
        {
            "record": r["record"],
            "drawn": r["drawn"],
            "as_drawn": is_drawn(seed, r["record"], percent) is (r["drawn"] == "drawn"),
        }
        for r in records
    ]
