"""Options and arguments that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[
    bool, typer.Option("--json", help="在标准输出打印一个 JSON 文档 / Print one JSON document on stdout.")
]
StackName = Annotated[
    str | None,
    typer.Option(
        "--stack",
        envvar="KAIGONG_STACK",
        help="系统名称，默认为本机的 kaigong / The stack; the local one unless named.",
    ),
]
ActAs = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="USER",
        help="以此账号办理；本机账号见 kaigong up / The account to act as; kaigong up shows those of a local stack.",
    ),
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="材料包文件夹 / The packet's folder.")]
Packet = Annotated[str, typer.Argument(metavar="PACKET", help="材料包编号 / The packet's id.")]


def codes(listed: str | None) -> list[str] | None:
    """The codes of a list with commas between them; None where no list is given."""
    return [code.strip() for code in listed.split(",") if code.strip()] if listed is not None else None
