"""How long each handler takes to start: importing it, in the build that is deployed, with the interpreter that runs it.

Each import is a process of its own with an empty environment. It is measured twice: with compiled code beside the
sources, as `infra/sam` leaves it, and without, as SAM's builders alone do; a function's folder is read-only, so that
Lambda would compile anew at every cold start. What the runtime carries (boto3) is compiled in either case. Processor
time, not the clock: this machine may be busy with other things. Without compiled code there is one run alone: it takes
twice as long, and only its size is of interest.
"""

import shutil
import statistics
import subprocess
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.local import build, paths

TIMES = 3
_AS_DEPLOYED = {"POWERTOOLS_SERVICE_NAME": "kaigong", "PYDANTIC_DISABLE_PLUGINS": "__all__"}  # by the template
_MEASURE = """
import sys, time
began = time.process_time()
import {module}
took = time.process_time() - began
beside = sys.modules.get("kaigong.examine.parent")  # what reads papers is a process of its own, and starts with it
print((took + (beside.spent() if beside else 0)) * 1000)
"""


@dataclass(frozen=True)
class ImportTime:
    """Milliseconds of processor time to import one handler; the first a median."""

    compiled: float
    sources: float


def import_times(handlers: Iterable[str]) -> dict[str, ImportTime]:
    """The import time of each handler, by its function's short name."""
    names = list(handlers)
    subprocess.run([paths.tool("ministack"), "-c", "import boto3"], env={}, check=True)  # leaves it compiled
    with _unpacked() as (compiled, sources), ThreadPoolExecutor(2) as pool:
        medians = list(pool.map(partial(_median, compiled, TIMES), names))
        without = list(pool.map(partial(_median, sources, 1), names))
    return {n: ImportTime(compiled=c, sources=s) for n, c, s in zip(names, medians, without, strict=True)}


@contextmanager
def _unpacked() -> Iterator[tuple[Path, Path]]:
    """The build's archives side by side in one folder, with compiled code and without."""
    built = build.build(lambda _: None)
    with TemporaryDirectory(prefix="kaigong-bench-") as folder:
        compiled, sources = Path(folder) / "compiled", Path(folder) / "sources"
        for archive in built.template.parent.glob("*.zip"):
            with zipfile.ZipFile(archive) as content:
                content.extractall(compiled)
        shutil.copytree(compiled, sources, ignore=shutil.ignore_patterns("__pycache__"))
        yield compiled, sources


def _median(folder: Path, times: int, name: str) -> float:
    code = _MEASURE.format(module=f"kaigong.handlers.{name}")
    path = f"{folder}:{folder / 'python'}"  # a layer's libraries lie in python/
    environment = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **_AS_DEPLOYED}
    command: list[str | Path] = [paths.tool("ministack"), "-c", code]
    runs = [
        float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    ]
    return statistics.median(runs)
