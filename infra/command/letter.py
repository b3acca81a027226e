"""`kaigong letter`: the commitment letters of an application, to be read before they are accepted."""

from typing import Annotated, Any

import typer
from rich.console import Console

from .options import ActAs, AsJson, Folder, StackName, codes
from .terminal import Command, answer, table

app = typer.Typer()


@app.command(cls=Command)
def letter(
    folder: Folder,
    matters: Annotated[
        str | None,
        typer.Option(
            metavar="A,B", help="事项代码，默认为以承诺办理的事项 / Codes of the matters; its commitments unless named."
        ),
    ] = None,
    act_as: ActAs = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """阅读现行告知承诺书 / The commitment letters of the packet in a folder as they hold now, with version and hash.

    `kaigong submit --accept-as NAME` accepts them electronically.
    """
    from infra.command.client.api import Api

    from .client import connect, letters

    asked = letters.needed(folder, codes(matters))
    found = Api(connect(stack), named=act_as).letters(asked)
    answer(found, as_json=as_json, show=lambda console: _show(console, found))


def _show(console: Console, found: dict[str, Any]) -> None:
    for held in found["letters"]:
        console.rule(f"{held['matter']} · 第{held['version']}版 / version {held['version']}", align="left")
        console.print(held["plain"], markup=False, highlight=False, soft_wrap=True)
        console.print(f"SHA-256 {held['sha256']}\n", markup=False, highlight=False, soft_wrap=True)


def show_accepted(console: Console, letters: list[dict[str, Any]]) -> None:
    """Which letters a submission accepted electronically."""
    if not letters:
        console.print("没有以告知承诺办理的事项，无需签署承诺书。\nNothing is committed to: no letter to accept.")
        return
    rows = [(entry["matter"], entry["version"], entry["sha256"]) for entry in letters]
    headings = ("代码 code", "版本 version", "SHA-256")
    title = f"{letters[0]['by']} 已电子签署的告知承诺书 / commitment letters accepted electronically"
    console.print(table(title, headings, rows))
