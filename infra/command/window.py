"""The command of the service window: what it found of a doubt about an identity."""

from typing import Annotated

import typer

from . import show
from .options import ActAs, AsJson, Packet, StackName
from .terminal import Command, answer

app = typer.Typer()

_REASON = 1000  # characters, as the API allows


@app.command(cls=Command)
def doubt(
    packet: Packet,
    code: Annotated[
        str, typer.Argument(metavar="DOUBT", help="疑点代码，见 kaigong status --json / The doubt's code.")
    ],
    settled: Annotated[
        str | None, typer.Option("--settled", metavar="TEXT", help="不成立及核对情况 / It does not hold, and why.")
    ] = None,
    true: Annotated[
        str | None,
        typer.Option(
            "--true", metavar="TEXT", help="属实及核对情况，告知申请人 / It is true, and why: the applicant is told."
        ),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """登记身份疑点的核实结果 / Put on record what the window found of a doubt about an identity.

    One that is true goes back to the applicant, who corrects the form by a date; the time limits rest meanwhile.
    """
    from infra.command.client.api import Api

    from .client import connect

    reason = settled if settled is not None else true
    if reason is None or (settled is not None and true is not None):
        raise typer.BadParameter("--settled 和 --true 须写明其一 / say one of the two")
    if not reason.strip() or len(reason) > _REASON:
        raise typer.BadParameter(f"须写明核对情况，至多 {_REASON} 字 / a reason, {_REASON} characters at most")
    kind = "override-doubt" if true is None else "confirm-doubt"
    asked = {"kind": kind, "subject": code, "reason": reason}
    found = Api(connect(stack), role="window", named=act_as).act(packet, asked)
    answer(found, as_json=as_json, show=lambda console: show.recorded(console, found))


@app.command(cls=Command)
def project(
    code: Annotated[str, typer.Argument(metavar="CODE", help="项目代码 / The project's code.")],
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """项目从拿地到竣工验收的全过程，各阶段用时 / A project from land to acceptance, and the days of its stages."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack), named=act_as).story(code)
    answer(found, as_json=as_json, show=lambda console: show.project(console, found))
