"""Papers in memory are read there, not by calls for a few bytes each."""

import io
import mmap
from typing import Any

import pikepdf
import pytest
from kaigong.examine.inmemory import mapped
from kaigong.examine.limits import Limits
from kaigong.examine.structure import read_structure

from .documents import papers

PAPER = papers.paper(["申请表", "商丘样例生物科技有限公司"], ["附图"])


class Counting(io.RawIOBase):
    """A file that is not in memory, and how often it is asked."""

    def __init__(self, data: bytes) -> None:
        self._file, self.asked = io.BytesIO(data), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def readinto(self, buffer: Any) -> int:
        self.asked += 1
        return self._file.readinto(buffer)


class Unasked(io.BytesIO):
    """A paper in memory that is not to be asked for bytes while it is opened and looked into."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("asked")

    readinto = None  # type: ignore[assignment]  # it has none


def facts_of(stream: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    read_structure(stream, lambda **facts: found.update(facts), Limits())
    return found


def test_both_ways_find_the_same() -> None:
    ranged = Counting(PAPER)
    found = facts_of(ranged)
    assert ranged.asked
    assert found["pages"] == 2
    assert facts_of(io.BytesIO(PAPER)) == found


def test_a_paper_in_memory_is_asked_for_nothing() -> None:
    with mapped(Unasked(PAPER)) as (source, access), pikepdf.open(source, access_mode=access) as document:
        assert len(document.pages) == 2
        assert document.pages[0].Contents.read_bytes()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", PAPER[: len(PAPER) // 2]])
def test_files_are_mapped_as_ever_afterwards(data: bytes, tmp_path: Any) -> None:
    facts_of(io.BytesIO(data))
    (tmp_path / "file").write_bytes(b"of the system")
    with (tmp_path / "file").open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as of_file:
        assert bytes(of_file) == b"of the system"
