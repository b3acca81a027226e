"""What the command says, and where: its answer on stdout, everything else on stderr once `--json` is given."""

import json
import sys
from collections.abc import Callable, Collection, Sequence
from typing import Any

from kaigong.errors import KaigongError, Refused, TryAgain
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer import Exit
from typer.core import TyperCommand


class Command(TyperCommand):
    """A command whose refusals end in words and an exit code, never in a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit 1 with the reason where it is refused."""
        try:
            return super().invoke(ctx)
        except (Refused, TryAgain) as error:
            refused(error, as_json=bool(ctx.params.get("as_json")))
            raise Exit(error.exit_code) from error
        except OSError as error:
            found = Refused(f"读写文件失败：{error}", f"A file cannot be read or written: {error}")
            refused(found, as_json=bool(ctx.params.get("as_json")))
            raise Exit(found.exit_code) from error


def refused(error: KaigongError, *, as_json: bool) -> None:
    """Say why, in both languages, on stderr; with `--json` also as the one document on stdout."""
    console = Console(stderr=True)
    console.print(error.zh, style="bold red", markup=False, soft_wrap=True)
    console.print(error.en, style="red", markup=False, soft_wrap=True)
    if as_json:
        code = getattr(error, "code", None)
        write({"error": {**({"code": code} if code else {}), "zh": error.zh, "en": error.en}})


def answer(document: Any, *, as_json: bool, show: Callable[[Console], None]) -> None:
    """The command's answer: one JSON document, or what `show` draws."""
    if as_json:
        write(document)
    else:
        show(Console())


def write(document: Any) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def progress_console(*, as_json: bool) -> Console:
    """Where progress is shown."""
    return Console(stderr=as_json)


def table(
    title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], whole: Collection[int] = (0,)
) -> Table:
    """A table of plain text: nothing in it is taken for markup.

    The columns of `whole` are never broken: the first is a code, to be copied.
    """
    drawn = Table(title=title, title_justify="left")
    for place, heading in enumerate(headings):
        drawn.add_column(heading, overflow="fold", no_wrap=place in whole)
    for row in rows:
        drawn.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return drawn


def entries(rows: Sequence[tuple[str, str]]) -> Table:
    """A list of codes, each with lines about it: for what is too long to stand side by side in 80 columns."""
    drawn = Table.grid(padding=(0, 2, 0, 0))
    drawn.add_column(no_wrap=True, style="bold")
    drawn.add_column(overflow="fold")
    for code, lines in rows:
        drawn.add_row(Text(code), Text(lines))
    return drawn
