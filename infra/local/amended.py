"""Runs the emulator, with eight things made otherwise: `python infra/local/amended.py FOLDER`.

- It unpacks code and layers anew for every process of a function that it starts, up to three seconds of a processor
  each. Here they are unpacked once, into FOLDER, and a process gets a link to them. On AWS, too, they are a function's
  to read alone.
- It kills what runs while a function is changed; the message that was worked on comes again when it is no longer
  hidden, minutes later. Here what runs goes on to its end with the code that it began with, as on AWS.
- What a killed process was at comes again when its queue no longer hides it, here and on AWS. Here it does so at once:
  nobody learns anything by waiting.
- It gives a function the time that AWS would. Here it is thirty times that: a machine that is busy with everything at
  once is slow, and nothing is down.
- After each call of a function it waits for lines of the log, a twentieth of a second where there are none, in which
  that process can do nothing else. Here it knows whether there are some.
- Nobody can see whether a table's stream has been read to its end, which on AWS is a metric (IteratorAge). Here the
  mapping of a function that reads it says so: "No records processed" once there is none to process, and not before.
- It has storage's events sent a moment after the upload was answered, and nobody can see those either. Here they are in
  their queue by then.
- Its endpoint for tokens forgets a user's groups at a renewal, where it knows the refresh token from its own sign-in
  pages; those of API calls it renews with groups, as Cognito does all. So it is to know none from its pages.

With `KAIGONG_LOCAL_LATE=2` it is unlucky on top: a function is now and then told, and heard, up to two seconds late.
What a test did not wait for fails then, and not on the one machine that was busy that day.

It runs in the emulator's own environment, where nothing else of ours is installed.
"""

import fcntl
import hashlib
import os
import random
import runpy
import select
import sys
import termios
import threading
import time
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TIMES = 30
_one_at_a_time = threading.Lock()


class Shared(zipfile.ZipFile):
    """An archive that is unpacked into a folder by linking the folder to where it was unpacked before."""

    folder: Path

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        name = hashlib.sha256(repr([(one.filename, one.CRC) for one in self.infolist()]).encode()).hexdigest()
        kept, made = self.folder / name, self.folder / f"{name}.making"
        with _one_at_a_time:
            if not kept.exists():
                super().extractall(made, members, pwd)
                made.rename(kept)
        os.rmdir(path)
        os.symlink(kept, path)


class Forgotten(dict[str, Any]):
    """Keeps nothing."""

    def __setitem__(self, key: str, value: Any) -> None:
        pass


def process(worker: type) -> type:
    """A function's process, which has longer for what it does, and whose log is read without waiting."""

    class Process(worker):  # type: ignore[misc]  # its base is the emulator's
        def __init__(self, func_name: str, config: dict[str, Any], code_zip: bytes) -> None:
            super().__init__(func_name, {**config, "Timeout": TIMES * config.get("Timeout", 3)}, code_zip)
            self._reading = threading.Lock()

        def _read_stderr(self) -> None:
            """What leaves the pipe is in the queue before anybody else has the lock."""
            own = os.dup(self._proc.stderr.fileno())  # the other one may be closed meanwhile
            with open(own, "rb", buffering=0) as log:
                there, rest = select.poll(), b""
                there.register(log, select.POLLIN)
                while there.poll():
                    with self._reading:
                        if not (some := log.read(65536)):
                            return
                        *lines, rest = (rest + some).split(b"\n")
                        for line in lines:
                            self._stderr_queue.put(line.decode(errors="replace"))

        def _drain_stderr_bounded(self, *_: float, **__: float) -> str:
            """A function's lines are in the pipe before its answer is."""
            process, reader = self._proc, self._stderr_thread
            while process and reader and reader.is_alive():
                with self._reading:
                    if not _waits(process.stderr):
                        break
                time.sleep(0.001)
            return str(self._drain_stderr())

    return Process


def _waits(pipe: Any) -> int:
    """How many bytes."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


class Finishing:
    """Lets what runs go on to its end where `lambda_runtime` would kill it, and ends its process then."""

    _OLD = "changed since:"  # a pool whose name nobody asks for; when the emulator stops it goes with the others

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._invalidate: Callable[..., None] = runtime.invalidate_worker
        self._release: Callable[[Any], None] = runtime.release_worker
        runtime.invalidate_worker, runtime.release_worker = self.invalidate, self.release

    def invalidate(self, func_name: str, *only: Any, **scope: Any) -> None:
        """Give a function's next calls new processes."""
        with self._runtime._lock:
            pools = self._runtime._workers
            for key in [key for key in pools if func_name in key.split(":") and not key.startswith(self._OLD)]:
                pools.setdefault(self._OLD + key, []).extend(worker for worker in pools[key] if worker.in_use)
                pools[key] = [worker for worker in pools[key] if not worker.in_use]
        self._invalidate(func_name, *only, **scope)

    def release(self, worker: Any) -> None:
        """A call is over."""
        self._release(worker)
        with self._runtime._lock:
            pools = [
                pool for key, pool in self._runtime._workers.items() if key.startswith(self._OLD) and worker in pool
            ]
            for pool in pools:
                pool.remove(worker)
        if pools:
            self._runtime.kill_workers([worker])


class Again:
    """Shows a queue's function again, at once, what a process of it was at that was killed."""

    _DIED = ("Worker process died", "Worker process exited immediately", "[Errno 32]")  # as the emulator says it

    def __init__(self, service: Any) -> None:
        self._here = threading.local()
        self._run, self._execute = service._run_sqs_batch, service._execute_function
        service._run_sqs_batch, service._execute_function = self.run, self.execute

    def run(self, source: Any, function: Any, event: Any, batch: list[dict[str, Any]], *more: Any) -> None:
        """Have a function take messages."""
        self._here.died = False
        self._run(source, function, event, batch, *more)
        for message in batch if self._here.died else ():
            message["visible_at"] = 0

    def execute(self, *function: Any, **more: Any) -> Any:
        """Have a function do something."""
        found = self._execute(*function, **more)
        body = found.get("body")
        self._here.died = isinstance(body, dict) and str(body.get("errorMessage")).startswith(self._DIED)
        return found


def says_what_is_left(service: Any, tables: Any) -> None:
    """Have a function's mapping say how many records of a stream are left for it."""
    shown = service._esm_response

    def mapping(source: dict[str, Any]) -> Any:
        answer = shown(source)
        if ":dynamodb:" in (stream := source["EventSourceArn"]):
            table = stream.partition("/stream/")[0].rpartition("/")[2]
            begin, end = tables.stream_start_position(table), tables.stream_end_position(table)
            left = end - max(begin, service._dynamodb_stream_positions.get(source["UUID"], begin))
            answer["LastProcessingResult"] = f"{left} records left" if left > 0 else "No records processed"
        return answer

    service._esm_response = mapping


def sends_at_once(service: Any) -> None:
    """Have storage send its events before it answers."""

    def send(bucket: str, key: str, event: str, **more: Any) -> None:
        if bucket in service._bucket_notifications:
            sequencer = service._next_event_sequencer(event)
            service._fire_s3_event(bucket, key, event, sequencer=sequencer, **more)

    service._fire_s3_event_async = send


def comes_late(service: Any, seconds: float) -> None:
    """Have one function in three told late, and one in three heard late, and streams read late: up to so long."""
    execute, read = service._execute_function, service._poll_dynamodb_streams

    def dawdle() -> None:
        if random.random() < 1 / 3:  # noqa: S311 - luck, nothing secret
            time.sleep(seconds * random.random() ** 3)  # noqa: S311 - as above; mostly short, so that the order changes

    def late(*function: Any, **more: Any) -> Any:
        dawdle()
        found = execute(*function, **more)
        dawdle()
        return found

    def read_late() -> Any:
        dawdle()
        return read()

    service._execute_function, service._poll_dynamodb_streams = late, read_late


if __name__ == "__main__":
    from ministack.core import lambda_runtime  # type: ignore[import-not-found]  # it is in the environment named above

    Finishing(lambda_runtime)  # before others import what it puts in place
    lambda_runtime.Worker = process(lambda_runtime.Worker)
    from ministack.services import cognito, dynamodb, lambda_svc, s3  # type: ignore[import-not-found]  # as above

    Again(lambda_svc)
    if seconds := os.environ.get("KAIGONG_LOCAL_LATE"):
        comes_late(lambda_svc, float(seconds))
    says_what_is_left(lambda_svc, dynamodb)
    sends_at_once(s3)
    Shared.folder = Path(sys.argv.pop(1))
    lambda_runtime.zipfile = types.SimpleNamespace(**{**vars(zipfile), "ZipFile": Shared})
    cognito._refresh_tokens = Forgotten()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
