"""Commands that run the system on this machine, and the demo on it."""

from pathlib import Path
from typing import Annotated

import typer
from kaigong.errors import ExitCode

from . import show, show_packet
from .options import AsJson
from .terminal import Command, answer, progress_console

app = typer.Typer()

LocalStack = Annotated[
    str, typer.Option("--stack", envvar="KAIGONG_STACK", help="本机系统的名称 / The local stack's name.")
]


@app.command(cls=Command)
def up(stack: LocalStack = "kaigong", as_json: AsJson = False) -> None:
    """在本机启动系统 / Start local AWS and deploy the template to it."""
    from infra import local

    with progress_console(as_json=as_json).status("…") as spinner:
        found = local.up(stack, report=spinner.update)
    answer(found.model_dump(mode="json"), as_json=as_json, show=lambda console: show.stack(console, found))


@app.command(cls=Command)
def down(
    stack: LocalStack = "kaigong",
    forget: Annotated[bool, typer.Option("--forget", help="同时删除数据 / Delete its data as well.")] = False,
    as_json: AsJson = False,
) -> None:
    """停止本机的系统 / Stop a local stack; it keeps its data for the next `up`."""
    from infra import local

    local.down(stack, forget=forget)
    answer(
        {"stack": stack, "up": False}, as_json=as_json, show=lambda console: console.print(f"{stack} 已停止 / is down")
    )


@app.command(cls=Command)
def demo(
    out: Annotated[Path, typer.Option(metavar="DIR", help="结果文件夹 / Where the results go.")] = Path("out"),
    with_correction: Annotated[
        bool,
        typer.Option("--with-correction", help="其中一个部门先要求补正 / One department asks for a correction first."),
    ] = False,
    stack: LocalStack = "kaigong",
    as_json: AsJson = False,
) -> None:
    """演示：从拿地到施工许可，当日办结 / The city's case, from land to permit on the same day."""
    from rich.live import Live

    from .demo import play

    with Live(console=progress_console(as_json=as_json), transient=True) as live:
        story = play(
            stack,
            out,
            with_correction=with_correction,
            report=lambda line: live.console.print(line, markup=False, highlight=False),
            watch=lambda status: live.update(show_packet.matters(status)),
        )
    answer(story.model_dump(mode="json"), as_json=as_json, show=lambda console: show.story(console, story))
    if story.wrong:
        raise typer.Exit(ExitCode.REFUSED)
