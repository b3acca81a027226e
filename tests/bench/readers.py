"""The examination of PDFs beside pypdf asked for the same facts: processor time, with that of all that reads for us.

On the files that the tests make, and on those of a folder; `python -m tests.bench.readers [FOLDER]` compares alone.
pypdf gets 10 s a file: it has no bound of its own.
"""

import io
import logging
import resource
import signal
import statistics
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
from kaigong.examine import examine, parent, pipeline, warm_up

from tests.unit import test_examine_real as real
from tests.unit.documents import hostile, papers
from tests.unit.test_examine import Memory

LONGEST = 10  # seconds that pypdf may take for a file
MEDIAN, P99, SHARE, WORST = 0.012, 0.075, 1 / 3, 2.0  # aims: seconds, and the share of pypdf's processor time


class TooLong(Exception):
    """It did not come to an end."""


@dataclass(frozen=True)
class Times:
    """Processor time of a reader over all files, in seconds."""

    median: float
    p99: float
    worst: float
    total: float


@dataclass(frozen=True)
class Readers:
    """Both readers, on as many files."""

    files: int
    ours: Times
    pypdf: Times

    @property
    def share(self) -> float:
        return self.ours.total / self.pypdf.total


def compare(folder: Path | None = None) -> Readers:
    """Both readers on the tests' own files, and on the PDFs of a folder."""
    warm_up()
    files = [*_made(), *([path.read_bytes() for path in sorted(folder.glob("*.pdf"))] if folder else [])]
    for readers in (pipeline.CHANGED, pipeline.SIGNED):  # what loads on first use is start-up
        parent.ready(readers)
    for reader in (lambda data: examine(Memory(data)), _by_pypdf):
        reader(files[0])
    ours = _times(lambda data: examine(Memory(data)), files)
    return Readers(len(files), ours, _times(_by_pypdf, files))


def _made() -> Iterable[bytes]:
    yield papers.paper(["申请表", "商丘样例生物科技有限公司"], ["附图"])
    yield from real.SOUND.values()
    yield from real.MENDED.values()
    yield from (data for data, _ in real.REFUSED.values())
    yield hostile.outline_circle()
    yield hostile.two_faced()


def _times(read: Callable[[bytes], Any], files: Iterable[bytes]) -> Times:
    took = sorted(_one(read, data) for data in files)
    return Times(statistics.median(took), took[int(0.99 * (len(took) - 1))], took[-1], sum(took))


def _one(read: Callable[[bytes], Any], data: bytes) -> float:
    before = _spent()
    read(data)
    return _spent() - before


def _spent() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return parent.spent() + sum(usage.ru_utime + usage.ru_stime for usage in both)


def _by_pypdf(data: bytes) -> None:
    """Pages, active content, attachments, signatures and the first page's text, as pypdf gives them."""

    def stop(*_: object) -> None:
        raise TooLong

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    with suppress(Exception):
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        root = reader.trailer["/Root"]
        for key in ("/OpenAction", "/AA", "/Names", "/AcroForm"):
            str(root.get(key))
        dict(reader.attachments)
        reader.get_fields()
        for page in reader.pages:
            str(page.get("/Annots"))
            contents = page.get_contents()
            if contents is not None:
                contents.get_data()
        reader.pages[0].extract_text()
    signal.alarm(0)


def lines(found: Readers) -> list[str]:
    """What came out, for people."""

    def ms(times: Times) -> str:
        return f"{times.median * 1000:.1f} / {times.p99 * 1000:.1f} / {times.worst * 1000:.0f} ms, {times.total:.1f} s"

    met = found.ours.median <= MEDIAN and found.ours.p99 <= P99 and found.share <= SHARE and found.ours.worst <= WORST
    return [
        f"审查 PDF，{found.files} 个文件，处理器时间（中位 / p99 / 最长，合计） / examining PDFs, {found.files} files, "
        f"processor time (median / p99 / worst, total): {ms(found.ours)}; pypdf: {ms(found.pypdf)}; "
        f"{found.share:.2f} × pypdf（目标 / aim ≤ {MEDIAN * 1000:.0f} / {P99 * 1000:.0f} / {WORST * 1000:.0f} ms, "
        f"{SHARE:.2f} ×{'' if met else '，未达到 / missed'}）"
    ]


if __name__ == "__main__":
    print(*lines(compare(Path(sys.argv[1]) if sys.argv[1:] else None)), sep="\n")
