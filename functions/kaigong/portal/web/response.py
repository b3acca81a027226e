"""What a request is answered with, and how API Gateway takes it."""

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from .request import Request

_COMPRESSED = 1024  # bytes from which compressing pays


@dataclass(frozen=True)
class Template:
    """A page, or a fragment of one, and what it shows."""

    name: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What a request is answered with: a page, a model that is sent as JSON, or content as it is.

    `status` is that of HTTP, `kind` the content type; a page and JSON have their own.
    """

    content: Template | BaseModel | bytes = b""
    status: int = 200
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


def shown(template: str, values: Mapping[str, Any] | None = None, status: int = 200, **more: Any) -> Reply:
    """A template with what it shows; `more` is of the reply."""
    return Reply(Template(template, values or {}), status, **more)


def redirect(
    request: Request, to: str, cookies: tuple[str, ...] = (), headers: Mapping[str, str] | None = None
) -> Reply:
    """See another page of the portal: `to` is its path from the portal's start, without a slash before it."""
    return Reply(b"", 303, "text/plain", {**(headers or {}), "Location": f"{request.base}{to}"}, cookies)


def elsewhere(address: str) -> Reply:
    """See what lies at a whole address, such as a paper in object storage."""
    return Reply(status=303, kind="text/plain", headers={"Location": address})


def of_text(request: Request, status: int, kind: str, content: str, headers: Mapping[str, str]) -> dict[str, Any]:
    """An answer in text."""
    return _answer(status, kind, "" if request.method == "HEAD" else content, headers)


def of_bytes(
    request: Request,
    status: int,
    kind: str,
    content: bytes,
    headers: Mapping[str, str],
    cookies: tuple[str, ...],
    *,
    squeezed: bool,
) -> dict[str, Any]:
    """An answer in bytes, which go out in base64, as API Gateway wants them. `squeezed`: where the browser takes it."""
    headers = {**headers, "Vary": "Accept-Encoding, Cookie"}
    if squeezed and len(content) > _COMPRESSED and "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = gzip.compress(content, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
    text = base64.b64encode(b"" if request.method == "HEAD" else content).decode()
    return _answer(status, kind, text, headers, cookies) | {"isBase64Encoded": True}


def _answer(
    status: int, kind: str, body: str, headers: Mapping[str, str], cookies: tuple[str, ...] = ()
) -> dict[str, Any]:
    told = {**headers, "Content-Type": kind}
    return {"statusCode": status, "headers": told, "cookies": list(cookies), "body": body, "isBase64Encoded": False}
