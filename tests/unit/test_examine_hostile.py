"""Files and readers that try to hang, kill, fill or deceive the examination. The caller gets facts all the same."""

import os
import resource
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.domain.model.facts import Difference, Facts, Limit, Opens
from kaigong.examine import FileSource, Limits, examine
from kaigong.examine.child import Emit, Outcome, run_limited
from kaigong.examine.source import Blocks

from tests.patience import PATIENCE

from .documents import hostile, papers
from .documents.raw import assemble, one_page, scan
from .test_examine import Memory

TIGHT = replace(Limits(), cpu=1, wall=PATIENCE)
FOR_EVER = 24 * 3600  # seconds: who is not ended is found by the test's own time limit


def facts_of(data: bytes, limits: Limits | None = None) -> Facts:
    return examine(Memory(data), limits=limits)


def codes(facts: Facts) -> list[str]:
    return [reason.code for reason in judge(facts, DEFAULT_MATERIAL, None).reasons]


@pytest.mark.parametrize("make", [hostile.self_drawing_form, hostile.multiplying_forms, hostile.content_bomb])
def test_a_page_that_would_choke_the_text_reader_has_unknown_text_and_nothing_worse(make: Any) -> None:
    facts = facts_of(make())
    assert (facts.opens, facts.pages, facts.text_on_page_1) == (Opens.YES, 1, None)
    assert "text-unknown" in codes(facts)
    assert "over-limits" not in codes(facts)


def test_the_text_reader_may_die_of_a_file_and_only_the_text_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    from kaigong.examine import content

    class Blind(content.Survey):
        def _survey(self, page: object) -> bool:
            self.words = True
            return page is not None  # lets the page through that kills pdfium

    monkeypatch.setattr("kaigong.examine.structure.Survey", Blind)
    facts = facts_of(hostile.self_drawing_form())
    assert (facts.opens, facts.pages, facts.text_on_page_1, facts.over_limits) == (Opens.YES, 1, None, ())


def test_a_structure_too_large_to_decode_is_never_taken_as_sound() -> None:
    facts = facts_of(hostile.structure_bomb())
    assert facts.damaged
    assert judge(facts, DEFAULT_MATERIAL, None).verdict == "deficient"


def test_a_structure_beyond_our_limits_is_told_from_a_broken_one() -> None:
    facts = facts_of(hostile.deep_nesting())
    assert facts.over_limits == (Limit.SYNTAX,)
    assert codes(facts)[0] == "over-limits"


def test_a_page_tree_that_doubles_is_not_counted_to_its_end() -> None:
    facts = facts_of(hostile.page_tree_of_doubles())
    assert facts.pages is not None
    assert facts.pages <= Limits().pages


def test_more_pages_than_our_limit_are_over_our_limits() -> None:
    facts = facts_of(hostile.too_many_pages(30), replace(Limits(), pages=20))
    assert facts.over_limits == (Limit.PAGES,)
    assert codes(facts)[0] == "over-limits"


@pytest.mark.parametrize("make", [hostile.page_tree_circle, hostile.cross_reference_circle])
def test_a_structure_in_a_circle_is_read_once(make: Any) -> None:
    facts = facts_of(make())
    assert (facts.opens, facts.pages) == (Opens.YES, 1)


def test_bookmarks_in_a_circle_are_followed_once_and_their_script_is_found() -> None:
    assert facts_of(hostile.outline_circle()).javascript


def test_more_objects_than_our_limit_end_the_search_for_active_content() -> None:
    links = b"".join(b"<</Subtype/Link/A<</S/URI/URI(x)>>>>" for _ in range(500))
    facts = facts_of(assemble(one_page(page=b"/Annots[" + links + b"]")), replace(Limits(), objects=300))
    assert facts.over_limits == (Limit.OBJECTS,)
    assert codes(facts) == ["partly-examined"]  # sixty thousand links are no fault; the officer is told


@pytest.mark.parametrize(
    "tail", [b"", b"\x00" * 3000, os.urandom(3000), b"1 0 obj\n<<" * 300, b"trailer<</Root 1 0 R>>" * 99]
)
def test_garbage_behind_a_header_does_not_open(tail: bytes) -> None:
    facts = facts_of(b"%PDF-1.7\n" + tail)
    assert (facts.opens, facts.over_limits) == (Opens.NO, ())


def test_a_picture_that_claims_sixty_thousand_pixels_square_is_never_decoded() -> None:
    facts = facts_of(hostile.png_of(60_000, 60_000))
    assert (facts.opens, facts.over_limits, facts.width) == (Opens.NO, (Limit.PIXELS,), 60_000)
    assert codes(facts) == ["too-many-pixels"]


def test_a_picture_too_large_to_decode_here_is_judged_by_its_checksums() -> None:
    facts = facts_of(hostile.png_of(12_000, 12_000, b"\x00" * 12_001 * 12_000))
    assert (facts.opens, facts.all_pages_blank, facts.over_limits) == (Opens.YES, None, ())


def test_two_readers_that_see_two_documents_are_reported() -> None:
    facts = facts_of(hostile.two_faced())
    assert facts.second_reader == (Difference.TEXT,)
    assert facts.text == "somebodyelseowesahundredmilliondollars"
    assert "readers-disagree" in codes(facts)


def test_a_second_reading_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from kaigong.examine import second

    monkeypatch.setattr(second, "read_second", lambda *_, **__: time.sleep(FOR_EVER))
    only_this_one = (Limit.SECOND_READER,)  # the readers before it had the time that they need on this machine
    facts = in_time(
        lambda limits: facts_of(hostile.two_faced(), limits), lambda facts: facts.over_limits == only_this_one
    )
    assert (facts.signed, facts.second_reader, facts.over_limits) == (True, None, only_this_one)
    assert "second-reader-failed" in codes(facts)


def test_a_script_in_a_part_that_cannot_be_decoded_does_not_pass_as_sound() -> None:
    facts = facts_of(hostile.script_in_a_bomb())
    assert not facts.damaged
    assert codes(facts)[0] == "over-limits"


def test_a_scan_of_200_megabytes_costs_a_few_requests(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=True)
    with FileSource(path) as source:
        facts = examine(source)
    assert facts.size > 200_000_000
    assert (facts.opens, facts.pages, facts.text_on_page_1, facts.blank_pages) == (Opens.YES, 100, False, 0)
    assert facts.requests <= 8
    assert facts.bytes_read < 1_000_000
    assert facts.over_limits == ()


@pytest.mark.parametrize(
    ("pages", "image", "together", "share"),
    [(100, 2_000_000, True, 0.01), (100, 2_000_000, False, 0.01), (2000, 100_000, False, 0.05)],
)
def test_of_a_scan_little_is_read_wherever_its_pages_stand(
    pages: int, image: int, together: bool, share: float, tmp_path: Path
) -> None:
    path = tmp_path / "scan.pdf"
    scan(path, pages=pages, image=image, together=together)
    with FileSource(path) as source:
        facts = examine(source)
    assert (facts.pages, facts.opens) == (pages, Opens.YES)
    assert facts.bytes_read <= share * facts.size
    assert facts.requests <= min(1.2 * pages, Limits().max_requests)
    assert facts.over_limits in ((), (Limit.REQUESTS,))


def test_a_scan_beyond_the_requests_allowed_is_examined_in_part(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=False)
    with FileSource(path) as source:
        facts = examine(source, limits=replace(Limits(), max_requests=40))
    assert (facts.opens, facts.pages) == (Opens.YES, 100)
    assert facts.over_limits == (Limit.REQUESTS,)
    assert facts.requests <= 40
    assert codes(facts)[0] == "partly-examined"
    assert judge(facts, DEFAULT_MATERIAL, None).verdict == "warning"


def test_a_cut_off_scan_of_120_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=True)
    os.truncate(path, 120_000_000)
    with FileSource(path) as source:
        facts = examine(source)
    assert (facts.opens, facts.truncated, facts.over_limits) == (Opens.NO, True, ())
    assert facts.bytes_read < 1_000_000
    assert codes(facts) == ["truncated"]


def test_what_storage_raises_reaches_the_caller_and_leaves_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forked: list[int] = []  # by their numbers: the process may have other children, an emulator for example
    fork = os.fork

    def noted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)

    class Failing(FileSource):
        def read(self, start: int, end: int) -> bytes:
            if start == 0 or end == self.size:
                return super().read(start, end)
            raise ConnectionResetError("storage went away")

    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=False)
    with Failing(path) as source, pytest.raises(ConnectionResetError):
        examine(source)
    assert forked
    for pid in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


def test_a_source_that_returns_less_than_asked_is_storage_failing_not_the_file() -> None:
    class Short(Memory):
        def read(self, start: int, end: int) -> bytes:
            return super().read(start, end)[:-1]

    with pytest.raises(OSError, match="for a range of"):
        examine(Short(papers.paper(["一"])))


def test_reading_straight_on_takes_longer_and_longer_ranges() -> None:
    source = Memory(bytes(8 * 1024 * 1024))
    blocks = Blocks(source, Limits())
    for start in range(0, blocks.size, 65536):
        blocks.read(start, start + 65536)
    assert blocks.bytes_read == blocks.size
    assert blocks.requests <= 13


# What a reader may do to us, without any file that makes it do so.


def spin(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    while True:
        pass


def sleep(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    time.sleep(FOR_EVER)


def eat(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    bytearray(3 * 1024**3)


def die(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    os.kill(os.getpid(), signal.SIGABRT)


def chatter(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    while True:
        emit(text="x" * 10_000)


def babble(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    os.write(3, b"\xff" * 17)
    time.sleep(FOR_EVER)


def grab(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    os.write(3, b"R" + (0).to_bytes(8) + (2**62).to_bytes(8))
    time.sleep(FOR_EVER)


def fail(_: BinaryIO, emit: Emit) -> None:
    emit(opens="yes")
    raise RuntimeError("a library's own error")


def run(task: Any, limits: Limits = TIGHT) -> Outcome:
    return run_limited(task, Blocks(Memory(b"%PDF-"), limits), limits)


def in_time[T](read: Callable[[Limits], T], began: Callable[[T], bool]) -> T:
    """What is read where readers have little time, but as much as they need on this machine before the point comes."""
    limits = replace(TIGHT, wall=0.5)
    while not began(found := read(limits)) and limits.wall < PATIENCE:
        limits = replace(limits, wall=4 * limits.wall)
    return found


@pytest.mark.parametrize(
    ("task", "limit"),
    [
        (eat, Limit.MEMORY),
        (die, Limit.CRASH),
        (chatter, Limit.MEMORY),
        (babble, Limit.CRASH),
        (grab, Limit.CRASH),
        (fail, Limit.CRASH),
    ],
)
def test_a_reader_that_misbehaves_is_ended_and_what_it_found_before_is_kept(task: Any, limit: Limit) -> None:
    outcome = run(task)
    assert outcome.limit is limit
    assert outcome.facts["opens"] == "yes"


def test_a_reader_that_does_not_end_is_ended_and_what_it_found_before_is_kept() -> None:
    outcome = in_time(lambda limits: run(sleep, limits), lambda outcome: bool(outcome.facts))
    assert (outcome.limit, outcome.facts) == (Limit.TIME, {"opens": "yes"})


def test_a_reader_that_computes_for_ever_is_ended_by_its_processor_time() -> None:
    outcome = run(spin)
    assert (outcome.limit, outcome.facts) == (Limit.CPU, {"opens": "yes"})


def test_time_spent_on_storage_is_not_the_readers(tmp_path: Path) -> None:
    class Slow(FileSource):
        wall = 0.0

        def read(self, start: int, end: int) -> bytes:
            time.sleep(self.wall / 2)
            return super().read(start, end)

    def read_four_places(stream: BinaryIO, emit: Emit) -> None:
        for at in (0, 30_000_000, 90_000_000, 150_000_000):
            stream.seek(at)
            stream.read(10)
        emit(done=True)

    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=True)
    with Slow(path) as source:

        def read(limits: Limits) -> Outcome:
            source.wall = limits.wall
            return run_limited(read_four_places, Blocks(source, limits), limits)

        outcome = in_time(read, lambda outcome: outcome.limit is None)
    assert (outcome.limit, outcome.facts) == (None, {"done": True})


def test_nothing_that_a_reader_prints_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    def shout(_: BinaryIO, emit: Emit) -> None:
        os.write(1, b"to standard output")
        os.write(2, b"to standard error")
        print("by print", flush=True)
        emit(done=True)

    assert run(shout).facts == {"done": True}
    assert capfd.readouterr() == ("", "")


def test_a_reader_has_no_file_or_connection_of_its_caller(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w+") as secret:
        number = secret.fileno()

        def pry(_: BinaryIO, emit: Emit) -> None:
            try:
                os.fstat(number)
            except OSError:
                emit(closed=True)

        assert number > 4
        assert run(pry).facts == {"closed": True}


def test_a_reader_can_write_no_file_and_dump_no_core(tmp_path: Path) -> None:
    target = tmp_path / "out"

    def scribble(_: BinaryIO, emit: Emit) -> None:
        try:
            target.write_bytes(b"x")
        except OSError:
            emit(refused=True, core=resource.getrlimit(resource.RLIMIT_CORE)[0])

    assert run(scribble).facts == {"refused": True, "core": 0}
    assert not target.exists() or target.stat().st_size == 0


def test_twenty_examinations_leave_no_open_file_behind() -> None:
    pdf = papers.paper(["一"])
    facts_of(pdf)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        facts_of(pdf)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "lie", [{"pages": "many"}, {"pages": -1}, {"over_limits": []}, {"limits": ["none"]}, {"text": 1}]
)
def test_a_reader_that_reports_nonsense_is_not_believed(lie: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from kaigong.examine import structure

    def taken_over(_: BinaryIO, emit: Emit, **__: Any) -> None:
        emit(opens="yes", pages=1)
        emit(**lie)

    monkeypatch.setattr(structure, "read_structure", taken_over)
    facts = facts_of(papers.paper(["一"]))
    assert (facts.opens, facts.over_limits, facts.pages) == (Opens.NO, (Limit.CRASH,), None)
    assert codes(facts) == ["over-limits"]
