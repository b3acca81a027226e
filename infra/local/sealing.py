"""What a stack's seal needs on a machine without an authority: a certificate for its key, and time stamps.

Both are by an authority of this stack alone, whose names say LOCAL TEST (infra/authority). The time stamps come from a
process of their own, which ends with the emulator.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kaigong.errors import Refused

from infra.authority import Authority

from . import paths

KEYS, PORT = "authority.pem", "stamps-port"
READY_SECONDS = 240.0  # as the emulator
LARGEST_REQUEST = 64 * 1024  # bytes


def address(folder: Path) -> str:
    """Where this stack's time stamps come from."""
    return f"http://127.0.0.1:{_port(folder)}/"


def start(folder: Path) -> None:
    """Have time stamps, where there are none. Raises Refused."""
    if _answers(folder):
        return
    _authority(folder)
    with (folder / "stamps.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, folder.name],
            cwd=paths.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    process.returncode = 0  # it goes on without us
    end = time.monotonic() + READY_SECONDS
    while not _answers(folder):
        if time.monotonic() > end:
            raise Refused("本地时间戳服务未能启动。", "The local time stamps did not start.")
        time.sleep(0.05)


def certify(stack: str, folder: Path, key_id: str, kms: Any, ssm: Any) -> None:
    """Put a certificate of the stack's key where `document` reads it, unless one lies there."""
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    name = f"/{stack}/seal-certificate"
    with contextlib.suppress(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name=name)
        return
    public: Any = load_der_public_key(kms.get_public_key(KeyId=key_id)["PublicKey"])
    chain = _authority(folder).chain(public, stack).decode()
    ssm.put_parameter(Name=name, Value=chain, Type="String", Overwrite=True)


def _authority(folder: Path) -> Authority:
    file = folder / KEYS
    if file.exists():
        return Authority(kept=file.read_bytes())
    made = Authority()
    file.touch(mode=0o600)
    file.write_bytes(made.keys())
    return made


def _port(folder: Path) -> int:
    """The same for as long as the stack has its data: the deployed function knows it."""
    file = folder / PORT
    if not file.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            file.write_text(str(probe.getsockname()[1]))
    return int(file.read_text())


def _answers(folder: Path) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", _port(folder))) == 0


def serve(stack: str) -> None:
    """Answer requests for time stamps until the stack's emulator is gone."""
    from .emulator import Emulator

    emulator = Emulator(stack)
    authority = _authority(emulator.folder)

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length", 0)), LARGEST_REQUEST)
            answer = authority.stamp(self.rfile.read(length))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", _port(emulator.folder)), Stamps)

    def end() -> None:
        while emulator.is_running():
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=end, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    serve(sys.argv[1])
