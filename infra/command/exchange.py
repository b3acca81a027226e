"""Commands of the national exchange: have a day's changes written, see and fetch them, send refused rows again."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from kaigong.errors import Refused

from . import show
from .options import AsJson, StackName
from .terminal import Command, answer

if TYPE_CHECKING:
    from kaigong.views.exchange import ExchangeManifest

app = typer.Typer(no_args_is_help=True)

Day = Annotated[datetime, typer.Option("--day", formats=["%Y-%m-%d"], metavar="D", help="哪一天 / The city's day.")]
To = Annotated[
    Path | None, typer.Option("--to", metavar="DIR", help="把文件下载到此处 / Also fetch the files, to this folder.")
]
Wait = Annotated[float, typer.Option("--wait", metavar="S", min=0, help="最多等待的秒数 / Seconds to wait at most.")]


@app.command(cls=Command)
def export(
    day: Day,
    again: Annotated[
        bool,
        typer.Option("--again", help="已导出的，按现状重新导出 / Write it anew, as things are now."),
    ] = False,
    to: To = None,
    wait: Wait = 120,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """导出一天的变化 / Write a day's changes as the national standard has them, once."""
    from kaigong.domain.model.daily import DayAsked

    from .client import connect, exchange

    connection = connect(stack)
    there = exchange.manifest(connection, day.date())
    if there is None or again:
        exchange.ask(connection, DayAsked(day=day.date(), again=again))
        there = exchange.wait(connection, day.date(), there.made_at if there else None, wait)
    if to:
        exchange.fetch(connection, there, to)
    _tell([there], as_json=as_json)


@app.command("show", cls=Command)
def show_(day: Day, to: To = None, stack: StackName = None, as_json: AsJson = False) -> None:
    """查看一天导出了什么 / What was written of a day. Exit code 1 where nothing was."""
    from .client import connect, exchange

    connection = connect(stack)
    found = exchange.manifest(connection, day.date())
    if found is None:
        raise Refused(
            f"{day:%Y-%m-%d} 还没有导出：请运行 kaigong exchange export --day {day:%Y-%m-%d}。",
            f"Nothing was written of {day:%Y-%m-%d} yet: run kaigong exchange export --day {day:%Y-%m-%d}.",
        )
    if to:
        exchange.fetch(connection, found, to)
    _tell([found], as_json=as_json)


@app.command(cls=Command)
def resend(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", exists=True, dir_okay=False, help="对方退回的数据，CSV，列 dfsjzj、sbyy / What was refused."
        ),
    ],
    day: Day,
    to: To = None,
    wait: Wait = 120,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """重新上报被退回的数据 / Send refused rows again: each once as not counting, then as it is now."""
    from .client import connect, exchange

    asked = exchange.resends(day.date(), exchange.failures(file))
    connection, found = connect(stack), []
    for each, run in asked:
        exchange.ask(connection, each)
        found.append(exchange.wait(connection, day.date(), None, wait, run))
    for told in found if to else ():
        exchange.fetch(connection, told, to or Path())
    _tell(found, as_json=as_json)


def _tell(found: "list[ExchangeManifest]", *, as_json: bool) -> None:
    documents = [told.model_dump(mode="json", by_alias=True) for told in found]
    answer({"manifests": documents}, as_json=as_json, show=lambda console: show.exchanged(console, documents))
