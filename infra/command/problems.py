"""Commands of the problem list: what went wrong, why something is at risk, what is advised."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from . import show
from .department import known
from .options import ActAs, AsJson, Packet, StackName
from .terminal import Command, answer

app = typer.Typer(no_args_is_help=True)


First = Annotated[
    datetime | None,
    typer.Option("--first", formats=["%Y-%m-%d"], metavar="D", help="第一天，默认三十天前 / The first day."),
]
Last = Annotated[
    datetime | None,
    typer.Option("--last", formats=["%Y-%m-%d"], metavar="D", help="最后一天，默认昨天 / The last day."),
]


@app.command("list", cls=Command)
def list_(
    department: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="该部门的各个事项，默认各部门 / A department's matters; else all of them."),
    ] = None,
    first: First = None,
    last: Last = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="另存为表格 / Also as a table for spreadsheets.")
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """问题清单、风险与建议 / What went wrong by matter and reason, risks with their parts, and advice."""
    from kaigong.views.problems import ProblemList, as_csv

    from .client import connect
    from .client.api import Api

    if department:
        known(department)
    days = {name: f"{day:%Y-%m-%d}" for name, day in (("first", first), ("last", last)) if day}
    found = Api(connect(stack), role="operations", named=act_as).problems(department=department, **days)
    if csv:
        csv.write_bytes(as_csv(ProblemList.model_validate(found)))
    answer(found, as_json=as_json, show=lambda console: show.problems(console, found))


@app.command(cls=Command)
def risk(packet: Packet, act_as: ActAs = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """材料包的风险分及其构成 / The risk of a packet, and the parts that add up to it."""
    from .client import connect
    from .client.api import Api

    found = Api(connect(stack), role="operations", named=act_as).risk(packet)
    answer(found, as_json=as_json, show=lambda console: show.risk(console, found))
