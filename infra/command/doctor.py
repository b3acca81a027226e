"""The command that looks a deployed stack over."""

from typing import Any

import typer
from kaigong.errors import ExitCode

from . import show
from .options import AsJson, StackName
from .terminal import Command, answer

app = typer.Typer()


@app.command(cls=Command)
def doctor(stack: StackName = None, as_json: AsJson = False) -> None:
    """从外部检查已部署的系统，并说明怎么办 / Look a deployed stack over from outside, and say what to do."""
    from .client import connect
    from .client.doctor import State, examined

    connection = connect(stack)
    found = examined(connection)
    document: dict[str, Any] = {
        "stack": connection.target.stack,
        "healthy": all(each.state != State.BROKEN for each in found),
        "parts": [
            {
                "part": each.part,
                "state": each.state.value,
                "seen": each.seen.model_dump(),
                "do": each.do.model_dump() if each.do else None,
            }
            for each in found
        ],
    }
    answer(document, as_json=as_json, show=lambda console: show.looked_over(console, document))
    if not document["healthy"]:
        raise typer.Exit(ExitCode.REFUSED)
