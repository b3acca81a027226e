"""`kaigong ask`: a question about what happened to packets, answered by the stack's events."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from .options import AsJson, StackName
from .terminal import Command, answer, table

app = typer.Typer()


@app.command(cls=Command)
def ask(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.sql", exists=True, dir_okay=False, help="一条 SELECT / One SELECT.")
    ],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="只看该日起 / From this day on.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="先导出今天的 / Have today's events written first.")] = False,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """用 SQL 查询办理事件 / Ask what happened to packets, by the SQL that Athena takes; it changes nothing."""
    from .client import asking, connect

    sql = asking.checked(file.read_text("utf-8"))
    found = asking.ask(connect(stack), sql, since.date() if since else None, fresh=fresh)
    rows = [[_plain(value) for value in row] for row in found.rows]
    document: dict[str, Any] = {"columns": list(found.columns), "rows": rows}
    answer(document, as_json=as_json, show=lambda console: console.print(table(file.stem, found.columns, rows)))


def _plain(value: Any) -> Any:
    """As JSON has it: a time, a day or a decimal number as text."""
    return value if value is None or isinstance(value, int | float | str) else str(value)
