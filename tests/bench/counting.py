"""Counts every request to local AWS: a door for each caller, so that the caller of a request is certain.

Each caller - a function, the applicant, a department - is given an address of its own. What comes in there goes on to
the emulator unchanged, so its signature still holds. Functions are told the address by AWS_ENDPOINT_URL, which every
AWS SDK reads; no code that ships knows of it.
"""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

APPLICANT, DEPARTMENT = "applicant", "department"  # the callers from outside; the others are functions

_SERVICES = {"DynamoDB_20120810": "DynamoDB", "AmazonSQS": "SQS", "TrentService": "KMS", "AmazonSSM": "SSM"}
_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "server", "date"}


@dataclass(frozen=True)
class Request:
    """One request to AWS, with its answer."""

    caller: str
    service: str
    operation: str
    body: bytes
    answer: bytes
    status: int
    key: str = ""  # of an object in storage

    @property
    def done(self) -> bool:
        return self.status < 300

    def sent(self) -> dict[str, Any]:
        """The body, for services that speak JSON."""
        return dict(json.loads(self.body or b"{}"))

    def answered(self) -> dict[str, Any]:
        return dict(json.loads(self.answer or b"{}"))


class Counter:
    """What came through the doors, in the order of the answers."""

    def __init__(self, endpoint_url: str) -> None:
        where = urlsplit(endpoint_url)
        self.upstream = (where.hostname or "", where.port or 80)
        self.doors: dict[str, str] = {}  # caller → address
        self._lock = threading.Lock()
        self._requests: list[Request] = []

    def note(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)

    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)


@contextmanager
def counting(endpoint_url: str, callers: list[str]) -> Iterator[Counter]:
    """Doors to the emulator for these callers, open until the block ends."""
    counter = Counter(endpoint_url)
    with ExitStack() as stack:
        for caller in callers:
            server = stack.enter_context(_Door(counter, caller))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
            counter.doors[caller] = f"http://127.0.0.1:{server.server_address[1]}"
        yield counter


class _Door(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a client may keep its connection open for as long as it likes

    def __init__(self, counter: Counter, caller: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.counter, self.caller = counter, caller


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # headers and body are two writes; the second must not wait
    server: _Door

    def setup(self) -> None:
        super().setup()
        self.upstream = http.client.HTTPConnection(*self.server.counter.upstream, timeout=60)

    def finish(self) -> None:
        self.upstream.close()
        super().finish()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in ("connection", "expect"):
                self.upstream.putheader(name, value)
        self.upstream.endheaders(body or None)
        answer = self.upstream.getresponse()
        content = answer.read()
        service, operation, key = named(self.command, self.path, dict(self.headers.items()), body)
        door = self.server
        door.counter.note(Request(door.caller, service, operation, body, content, answer.status, key))
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
        self.send_header("Content-Length", length or "0")
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on

    def log_message(self, *_: Any) -> None:
        """Nothing: the requests are counted, not told."""


def named(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[str, str, str]:
    """Service, operation and object key of a request, from what is on the wire."""
    target = {name.lower(): value for name, value in headers.items()}.get("x-amz-target")
    if target:
        prefix, _, operation = target.rpartition(".")
        service = _SERVICES.get(prefix, prefix)
        return service, operation, ""
    where = urlsplit(path)
    if method == "POST" and where.path == "/":
        action = parse_qs(body.decode(errors="replace")).get("Action", ["?"])[0]
        return ("SNS" if action.startswith("Publish") else "?"), action, ""
    _, _, key = where.path.lstrip("/").partition("/")
    if not key:
        return "S3", "ListObjectsV2" if "list-type=2" in where.query else f"{method} bucket", ""
    return "S3", f"{method.capitalize()}Object", unquote(key)
