"""The files that pages are made of: styles, scripts, pictures."""

import re
from functools import cache
from pathlib import Path

from . import rendering
from .request import Request
from .response import Reply

START = "/static/"
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_FOR_A_WHILE = {"Cache-Control": "public, max-age=300"}
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


def file(request: Request) -> Reply | None:
    """The file that a path names, if there is one."""
    asked = request.path.removeprefix(START)
    name = asked.removeprefix(rendering.LARGE)
    found = _files().get(name) if request.path.startswith(START) and request.method in ("GET", "HEAD") else None
    if found is None or (asked != name and not rendering.is_ours(name)):
        return None
    # By another mark it may be another deployment's: kept for ever, it would hide the right one.
    kept = _FOR_EVER if request.query.get("v") == rendering.mark(name) else _FOR_A_WHILE
    content = found.read_bytes() if asked == name else _one_column(found.read_text("utf-8")).encode()
    return Reply(content, 200, f"{_KINDS[found.suffix]}; charset=utf-8", kept)


def _one_column(sheet: str) -> str:
    """A style sheet for large letters: whatever the window, what it says of a narrow one holds, and no more than that.

    So there is one look to keep, and it is the one that phones have.
    """
    wide = re.sub(r"@media \(min-width: [^)]+\)( and \(max-width: [^)]+\))?", "@media not all", sheet)
    return re.sub(r"@media \(max-width: [^)]+\)", "@media all", wide)


@cache
def _files() -> dict[str, Path]:
    """Every file that is served, by its path: no path of a request ever becomes one of the file system."""
    return {
        file.relative_to(rendering.STATIC).as_posix(): file
        for file in rendering.STATIC.rglob("*")
        if file.suffix in _KINDS
    }
