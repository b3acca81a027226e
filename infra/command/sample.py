"""`kaigong sample`: a packet to try with, in a folder that can be handed in as it is."""

from pathlib import Path
from typing import Annotated, Any

import typer
from kaigong.errors import Refused
from rich.console import Console

from .options import AsJson
from .terminal import Command, answer

app = typer.Typer()


@app.command(cls=Command)
def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="新建的文件夹 / The folder to be made.")],
    as_json: AsJson = False,
) -> None:
    """写出一个可直接提交的样例材料包 / Write a made-up packet: project.json and a PDF for each paper.

    kaigong submit DIR hands it in as it is: an industrial project with two promised papers and three matters by
    commitment, the case that the demo plays.
    """
    from infra.samples import city_case, write_packet

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise Refused(
            f"{folder} 已存在且不是空文件夹，未写入任何文件。请换一个文件夹名。",
            f"{folder} is there already and is no empty folder; nothing was written. Name another folder.",
        )
    case = city_case()
    papers = write_packet(case, folder)
    document: dict[str, Any] = {
        "folder": str(folder),
        "process": case.process,
        "matters": list(case.matters),
        "files": sorted(path.name for path in papers),
        "promises": list(case.promises),
        "commitments": list(case.commitments),
    }
    answer(document, as_json=as_json, show=lambda console: _show(console, document))


def _show(console: Console, document: dict[str, Any]) -> None:
    papers, matters, folder = len(document["files"]), len(document["matters"]), document["folder"]
    console.print(
        f"已写入 {folder}：project.json 和 {papers} 份材料，申请 {matters} 个事项。提交：kaigong submit {folder}\n"
        f"Written to {folder}: project.json and {papers} papers, for {matters} matters. Hand it in: "
        f"kaigong submit {folder}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
