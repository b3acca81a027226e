"""How long a catalogue of the city's full size takes to load, and what it adds to a process's memory.

Each run is a process of its own, after its imports: what a cold start adds. Its files are in the machine's page cache.
Processor time, not the clock: this machine may be busy with other things.
`python -m tests.bench.catalogue` measures this alone; it needs no stack.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.city import write_city

AIM_MS = 50.0  # for a function to open it
TIMES = 7
_FUNCTIONS = Path(__file__).parents[2] / "functions"
_MEASURE = """
import json, sys, time
from pathlib import Path
from kaigong.catalog import load_from, open_folder
import kaigong.catalog.checks
from tests.bench.memory import peak_mb

def timed(do):
    began = time.process_time()
    return do(), (time.process_time() - began) * 1000

folder, checked = Path(sys.argv[1]), sys.argv[2] == "checked"
before = peak_mb()
city, load_ms = timed(lambda: (load_from if checked else open_folder)(folder))
added = peak_mb() - before
asked = city.processes["industrial"].start_matters
_, packet_ms = timed(lambda: [city.materials[m.material] for code in asked for m in city.matters[code].materials])
_, all_ms = timed(lambda: [*city.matters.values(), *city.materials.values()])
sizes = {"departments": len(city.departments), "matters": len(city.matters), "materials": len(city.materials)}
supervised = sum(matter.supervisor is not None for matter in city.matters.values())
times = {"load_ms": load_ms, "packet_ms": packet_ms, "all_ms": all_ms}
print(json.dumps(sizes | times | {"supervised": supervised, "added_mb": added, "peak_mb": peak_mb()}))
"""


@dataclass(frozen=True)
class Load:
    """One way of loading; medians over fresh processes. Milliseconds of processor time."""

    load_ms: float
    packet_ms: float  # then reading the matters and materials of one packet
    all_ms: float  # then reading every other one
    added_mb: float  # to the process's peak, by loading
    peak_mb: float  # of the process in the end, with everything read


@dataclass(frozen=True)
class CatalogueLoad:
    """What was loaded, and how long it took."""

    departments: int
    matters: int
    supervised: int
    materials: int
    file_bytes: int
    opened: Load  # as functions do
    checked: Load  # everything read and held against everything else, as before a deployment


def catalogue_load() -> CatalogueLoad:
    """Write the catalogue, and load it in fresh processes."""
    with TemporaryDirectory(prefix="kaigong-bench-") as temporary:
        folder = Path(temporary) / "city"
        write_city(folder)
        opened, checked = (list(_runs(folder, way)) for way in ("opened", "checked"))
        return CatalogueLoad(
            **{name: int(opened[0][name]) for name in ("departments", "matters", "supervised", "materials")},
            file_bytes=sum(path.stat().st_size for path in folder.rglob("*.json")),
            opened=_median(opened),
            checked=_median(checked),
        )


def lines(found: CatalogueLoad) -> list[str]:
    """What people read of it."""
    opened = found.opened
    verdict = f"目标 / aim ≤ {AIM_MS:g} ms{'' if opened.load_ms <= AIM_MS else '，未达到 / missed'}"
    return [
        f"全量事项清单 / the catalogue at full size: {found.departments} 个部门 / departments, "
        f"{found.matters} 个事项 / matters（{found.supervised} 个已对应监管部门 / with a supervisor）, "
        f"{found.materials} 份材料 / materials, {found.file_bytes:,} B",
        f"函数加载 / a function opens it: {_told(opened)}（{verdict}）; 另读一份材料包的事项和材料 / then one packet's "
        f"entries: {opened.packet_ms:.1f} ms; 读其余全部 / then all the others: {opened.all_ms:.0f} ms",
        f"全部读入并检查 / everything read and checked: {_told(found.checked)}",
    ]


def _told(load: Load) -> str:
    return f"{load.load_ms:.1f} ms, +{load.added_mb:.1f} MB"


def _runs(folder: Path, way: str) -> Iterable[dict[str, float]]:
    environment = {
        "PYTHONPATH": f"{_FUNCTIONS}{os.pathsep}{_FUNCTIONS.parent}",
        "PATH": os.environ.get("PATH", os.defpath),
    }
    for _ in range(TIMES):
        command: list[str | Path] = [sys.executable, "-c", _MEASURE, folder, way]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        yield json.loads(done.stdout)


def _median(runs: list[dict[str, float]]) -> Load:
    return Load(**{name: round(statistics.median(run[name] for run in runs), 2) for name in Load.__annotations__})


if __name__ == "__main__":
    for line in lines(catalogue_load()):
        print(line)
