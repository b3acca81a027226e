"""Who the command acts as. A local stack's made-up people sign in by themselves; anybody else by a browser, which comes
back to this machine (RFC 8252), and stays signed in as long as the issuer lets the refresh token live. Systems have a
client of their own (client credentials), or bring a token.
"""

import os
import sys
import time
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from kaigong.errors import Refused

from infra.identity.client import Client, NotSignedIn, Tokens
from infra.local.sign_in import at_form
from infra.local.stack import COMMAND_REDIRECT

from .target import Target

PATIENCE = 300  # seconds; choice: for somebody who signs in with a second factor
_DONE = "已登录，可以关闭本页，回到命令行。 / You are signed in: close this page and go back to the command."


def tokens(target: Target, role: str, named: str | None) -> Tokens:
    """The tokens of whom the command acts as: KAIGONG_TOKEN; the system that KAIGONG_CLIENT_ID and
    KAIGONG_CLIENT_SECRET name; of a local stack, the user who is named, KAIGONG_USER or the one of the role; else
    whoever signs in by a browser.

    Raises Refused.
    """
    if token := os.environ.get("KAIGONG_TOKEN"):
        return Tokens(token, PATIENCE)
    if (system := os.environ.get("KAIGONG_CLIENT_ID")) and (secret := os.environ.get("KAIGONG_CLIENT_SECRET")):
        scope = os.environ.get("KAIGONG_CLIENT_SCOPE", "")
        return Client(target.metadata_url, system, scope).by_credentials(secret)
    client = Client(target.metadata_url, target.command_client_id, target.scopes)
    named = named or os.environ.get("KAIGONG_USER")
    if target.local:
        username, password = target.user(role, named)
        return client.by_browser(COMMAND_REDIRECT, lambda address: at_form(address, username, password))
    if not target.command_client_id:
        raise Refused(
            "该系统没有登记命令行客户端：请在参数 IdentityAudiences 的第一项写上它，或设置 KAIGONG_TOKEN。",
            "The stack names no client for the command: put it first in the parameter IdentityAudiences, or set "
            "KAIGONG_TOKEN.",
        )
    kept = _file(target, named)
    again = client.renewed(kept.read_text().strip()) if kept.exists() else None
    given = again or client.by_browser(COMMAND_REDIRECT, by_loopback, named or "")
    _keep(kept, given.refresh_token)
    return given


def by_loopback(address: str) -> str:
    """Have a browser open an address, and wait at this machine's own for where it comes back. Raises NotSignedIn."""
    came: list[str] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "state=" in self.path:  # a browser asks for its icon as well
                came.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>开工</title><p>{_DONE}".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: the address has the code."""

    port, end = urlsplit(COMMAND_REDIRECT).port or 0, time.monotonic() + PATIENCE
    try:
        server = HTTPServer(("127.0.0.1", port), Page)
    except OSError as error:
        raise Refused(
            f"本机端口 {port} 被占用，登录后浏览器回不来。请结束占用它的程序后重试。",
            f"Port {port} of this machine is taken, so the browser cannot come back. End what has it, and try again.",
        ) from error
    with server:
        server.timeout = 1
        print(f"请在浏览器中登录 / Sign in with a browser:\n{address}", file=sys.stderr)
        webbrowser.open(address)
        while not came:
            if time.monotonic() > end:
                raise NotSignedIn(
                    "等了五分钟没有人登录。请重新运行该命令。", "Nobody signed in within five minutes. Run it again."
                )
            server.handle_request()
    return f"http://localhost:{port}{came[0]}"


def _file(target: Target, named: str | None) -> Path:
    """Where the refresh token of somebody who signed in lies, for this user of the machine alone."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    name = "".join(c for c in f"{target.stack}-{named or 'me'}" if c.isalnum() or c in "-_.@")
    return state / "kaigong" / name


def _keep(file: Path, refresh_token: str) -> None:
    if not refresh_token:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(refresh_token)
