"""A stand-in for the city's credit platform: it speaks the same interface on 127.0.0.1, and fails where it is told.

`POST /query` with `{"uscc": …}` and the bearer token answers 200 with a kaigong/credit/1 record, or 404.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Fault(StrEnum):
    """How one request is answered instead."""

    BUSY = "busy"  # 503
    BROKEN = "broken"  # 500
    SLOW = "slow"  # nothing for `patience` seconds
    DRIP = "drip"  # a byte of the head now and then, for ever
    DROPPED = "dropped"  # the connection is closed without an answer
    CUT = "cut"  # the connection is closed in the middle of the record
    GARBAGE = "garbage"  # 200 with a page instead of a record
    HUGE = "huge"  # 200 with megabytes
    REDIRECT = "redirect"  # to another address, which must not get the token
    OTHER = "other"  # the record of another enterprise


class CreditPlatform(ThreadingHTTPServer):
    """`records` by credit code; `faults` are used up one a request, in order; `asked` is what was asked, in order.

    `connections` counts those that were opened.
    """

    daemon_threads = True

    def __init__(self, token: str, patience: float = 5.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.token = token
        self.patience = patience
        self.records: dict[str, dict[str, Any]] = {}
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.paths: list[str] = []
        self.connections = 0
        self.closing = threading.Event()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/credit"

    @contextmanager
    def running(self) -> Iterator["CreditPlatform"]:
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self.shutdown()
            thread.join()
            self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: CreditPlatform
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.close_connection = False  # as behind proxies that keep theirs open, whatever the client asks for
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        if self.path != "/credit/query":
            self._answer(410, b"")
            return
        if self.headers["Authorization"] != f"Bearer {self.server.token}":
            self._answer(401, b"")
            return
        uscc = json.loads(body)["uscc"]
        self.server.asked.append(uscc)
        if self.server.faults:
            self._fail(self.server.faults.pop(0), uscc)
        elif uscc in self.server.records:
            self._answer(200, json.dumps(self.server.records[uscc]).encode())
        else:
            self._answer(404, b"")

    def _fail(self, fault: Fault, uscc: str) -> None:
        match fault:
            case Fault.BUSY:
                self._answer(503, b"busy", {"Retry-After": "60"})
            case Fault.BROKEN:
                self._answer(500, b"")
            case Fault.SLOW:
                self.server.closing.wait(self.server.patience)
                self.close_connection = True
            case Fault.DRIP:
                self._drip()
            case Fault.DROPPED:
                self.close_connection = True
            case Fault.CUT:
                self._answer(200, b'{"schema"', {"Content-Length": "500"})
                self.close_connection = True
            case Fault.GARBAGE:
                self._answer(200, "<html>维护中</html>".encode())
            case Fault.HUGE:
                self._answer(200, b" " * 4_000_000)
            case Fault.REDIRECT:
                self._answer(307, b"", {"Location": "/elsewhere"})
            case Fault.OTHER:
                self._answer(200, json.dumps({**self.server.records[uscc], "uscc": "91411402MA0KG0003M"}).encode())

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        until = time.monotonic() + self.server.patience
        while time.monotonic() < until and not self.server.closing.wait(0.05):
            self.wfile.write(b"X")
            self.wfile.flush()
        self.close_connection = True

    def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:  # whoever asked has read enough
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a credit code does not belong in a terminal."""
