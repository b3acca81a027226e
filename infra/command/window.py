"""The commands of the service window: what it found of a doubt about an identity, who is on a project."""

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
def enterprises(
    code: Annotated[str, typer.Argument(metavar="CODE", help="项目代码 / The project's code.")],
    enterprise: Annotated[
        list[str] | None,
        typer.Option(
            "--enterprise",
            metavar="USCC",
            help="登记参与企业，可多次，替换原登记 / Who is on it, all of them; replaces what is on record.",
        ),
    ] = None,
    by_filing: Annotated[
        bool,
        typer.Option("--by-filing", help="以首家获受理的企业及其同意的为准 / Who was first, and whom it lets in."),
    ] = False,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """查看项目，或登记参与企业 / Show a project, or put on record which enterprises are on it.

    Packets of others neither bar its joint acceptance nor share in its privileges.
    """
    from infra.command.client.api import Api

    from .client import connect

    if enterprise and by_filing:
        raise typer.BadParameter("--enterprise 和 --by-filing 只能选一 / one of the two")
    api = Api(connect(stack), role="window", named=act_as)
    found = api.project(code)
    if enterprise or by_filing:
        kept = {name: found.get(name) for name in ("key_project", "serviced_site")}
        found = api.record_project(code, kept | {"enterprises": enterprise or []})
    answer(found, as_json=as_json, show=lambda console: show.enterprises(console, found))


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
