"""The files that pages are made of: styles, scripts, pictures."""

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
    name = request.path.removeprefix(START)
    found = _files().get(name) if request.path.startswith(START) and request.method in ("GET", "HEAD") else None
    if found is None:
        return None
    # By another mark it may be another deployment's: kept for ever, it would hide the right one.
    kept = _FOR_EVER if request.query.get("v") == rendering.mark(name) else _FOR_A_WHILE
    return Reply(found.read_bytes(), 200, f"{_KINDS[found.suffix]}; charset=utf-8", kept)


@cache
def _files() -> dict[str, Path]:
    """Every file that is served, by its path: no path of a request ever becomes one of the file system."""
    return {
        file.relative_to(rendering.STATIC).as_posix(): file
        for file in rendering.STATIC.rglob("*")
        if file.suffix in _KINDS
    }
