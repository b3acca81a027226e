"""The emulator's process: one for each stack, found again by the lock that it holds as long as it lives.

What it needs, and what it does otherwise than AWS: local-aws.md.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from uuid import uuid4

from kaigong.errors import Refused

from . import paths

READY_SECONDS = 240.0  # half a second on a quiet machine
STOP_SECONDS = 240.0  # it writes its state down first
LATE = "KAIGONG_LOCAL_LATE"  # how many seconds late a function may be told: `amended.comes_late`


class Emulator:
    """The emulator of one stack. Its data, log and state are under `.local/run/<stack>`."""

    def __init__(self, stack: str) -> None:
        self.folder = paths.RUNS / stack
        self.log = self.folder / "emulator.log"
        self._alive = self.folder / "alive"
        self._address = self.folder / "address"  # "<pid> <port>"

    @property
    def endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self._read_address()[1]}"

    def is_running(self) -> bool:
        """Whether its process lives: a lock cannot be mistaken for another process as a number can."""
        if not self._alive.exists():
            return False
        with self._alive.open("w") as handle:
            try:
                flock(handle, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def start(self) -> None:
        """Start it, with the data that it had when it was last stopped. Raises Refused."""
        python = paths.tool("ministack")
        shutil.rmtree(self.folder / "code", ignore_errors=True)  # of what was deployed before, and of a start that died
        for name in ("tmp", "state", "s3", "code"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._go_on()
        port = self._free_port()
        # Nothing of the caller's environment: real AWS credentials must never reach it, nor its functions.
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.folder / "tmp"),
            "STATE_DIR": str(self.folder / "state"),
            "S3_DATA_DIR": str(self.folder / "s3"),
            "PERSIST_STATE": "1",
            "S3_PERSIST": "1",
            "AUTH": "true",  # the functions' roles are enforced
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "IOT_MTLS_ENABLED": "0",
            # A function's process that nobody needed for so long ends. The next one imports everything again, for half
            # a second of a processor: a run of the tests keeps those that it has.
            "LAMBDA_WARM_TTL_SECONDS": "900",
            LATE: os.environ.get(LATE, ""),
        }
        with self._alive.open("w") as alive, self.log.open("a") as log:
            flock(alive, LOCK_EX)
            process = subprocess.Popen(
                [python, Path(__file__).with_name("amended.py"), self.folder / "code"],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[alive.fileno()],  # the lock lives as long as the process
                start_new_session=True,  # a Ctrl-C at the command is not for it
            )
        self._address.write_text(f"{process.pid} {port}")
        self._wait_until_ready(process)

    def stop(self) -> None:
        """Stop it gracefully: it keeps its data, messages in flight too. Does nothing where none runs."""
        if not self.is_running():
            return
        pid, _ = self._read_address()
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                os.killpg(pid, signal.SIGKILL)
                deadline += STOP_SECONDS
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)

    def forget(self) -> None:
        """Delete its data. It must be stopped.

        What was unpacked of the functions is many thousand files, which a slow disk takes long to delete: nobody waits
        for that.
        """
        if self.folder.exists():
            self.folder.rename(paths.RUNS / f".{self.folder.name}-{uuid4().hex}")
        if gone := list(paths.RUNS.glob(".*/")):
            process = subprocess.Popen(["rm", "-rf", *gone], start_new_session=True)
            process.returncode = 0  # it goes on without us

    def _go_on(self) -> None:
        """Let the readers of streams begin at the start, and functions have at once what they were at when it stopped.

        The emulator keeps how far streams were read, but not the records that it counted, and would pass over as many
        new ones. And it keeps messages hidden, for up to half an hour, of functions that ended with it.
        """
        functions, queues = self.folder / "state" / "lambda.json", self.folder / "state" / "sqs.json"
        if not functions.exists() or not queues.exists():
            return
        kept, messages = json.loads(functions.read_text()), json.loads(queues.read_text())
        kept["payload"].pop("dynamodb_stream_positions", None)
        functions.write_text(json.dumps(kept))
        read = {source["EventSourceArn"] for source in kept["payload"]["esms"]["data"].values()}
        for queue in messages["payload"]["queues"]["data"].values():
            for message in queue["messages"] if queue["attributes"]["QueueArn"] in read else ():
                if message["receive_count"]:  # another one has only begun to wait
                    message["visible_at"] = 0
        queues.write_text(json.dumps(messages))

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if self._answers():
                process.returncode = 0  # it goes on without us: Popen need not wait for it, nor warn that it did not
                return
            time.sleep(0.05)
        process.terminate()
        raise Refused(
            f"本地 AWS 未能启动,详见 {self.log}:\n{_tail(self.log)}",
            f"Local AWS did not start; see {self.log}.",
        )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.endpoint_url}/_ministack/ready", timeout=2) as answer:  # noqa: S310 - http, to ourselves
                return bool(answer.status == 200)
        except OSError:  # refused, or not ready: urllib's errors are OSErrors
            return False

    def _free_port(self) -> int:
        """The port that it had, so that addresses stay as they were, or else any that is free."""
        wanted = self._read_address()[1] if self._address.exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe, contextlib.suppress(OSError):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
        raise Refused("本机没有空闲端口。", "No port is free on this machine.")

    def _read_address(self) -> tuple[int, int]:
        pid, port = self._address.read_text().split()
        return int(pid), int(port)


def _tail(file: Path, lines: int = 8) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
