"""Files and readers that try to hang, kill, fill or deceive the examination. The caller gets facts all the same."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, judge
from kaigong.domain.model.facts import Difference, Facts, Limit, Opens
from kaigong.examine import FileSource, Limits, examine, parent, pipeline
from kaigong.examine.limits import OverLimit
from kaigong.examine.parent import Outcome, Readers
from kaigong.examine.source import Blocks

from tests.patience import PATIENCE

from . import reading_alone
from .documents import hostile, papers
from .documents.raw import assemble, one_page, scan
from .reading_alone import MISREADERS
from .test_examine import Memory

TIGHT = replace(Limits(), cpu=1, wall=PATIENCE)


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


def read_by(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on, the structure of a document is read by one of the misreaders."""
    monkeypatch.setattr(pipeline, "_STRUCTURE", f"{MISREADERS}:{reader}")
    monkeypatch.setattr(pipeline, "PDF", Readers("misread", (*pipeline.PDF.modules, MISREADERS)))


def test_the_text_reader_may_die_of_a_file_and_only_the_text_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    read_by("see_every_page", monkeypatch)
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
    monkeypatch.setattr(pipeline, "_SECOND", f"{MISREADERS}:sleep")
    monkeypatch.setattr(pipeline, "SIGNED", Readers("others", (*pipeline.SIGNED.modules, MISREADERS)))
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


def test_what_storage_raises_reaches_the_caller_and_leaves_no_child(tmp_path: Path) -> None:
    class Failing(FileSource):
        def read(self, start: int, end: int) -> bytes:
            if start == 0 or end == self.size:
                return super().read(start, end)
            raise ConnectionResetError("storage went away")

    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=False)
    with Failing(path) as source, pytest.raises(ConnectionResetError):
        examine(source)
    zygote = parent.zygote("pdf")._pid
    assert Path(f"/proc/{zygote}/task/{zygote}/children").read_text() == ""


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


def run(reader: str, limits: Limits = TIGHT, blocks: Blocks | None = None, **arguments: Any) -> Outcome:
    return reading_alone.run(reader, limits, blocks, **arguments)


def in_time[T](read: Callable[[Limits], T], began: Callable[[T], bool]) -> T:
    """What is read where readers have little time, but as much as they need on this machine before the point comes."""
    limits = replace(TIGHT, wall=0.5)
    while not began(found := read(limits)) and limits.wall < PATIENCE:
        limits = replace(limits, wall=4 * limits.wall)
    return found


@pytest.mark.parametrize(
    ("reader", "limit"),
    [
        ("eat", Limit.MEMORY),
        ("die", Limit.CRASH),
        ("chatter", Limit.MEMORY),
        ("babble", Limit.CRASH),
        ("grab", Limit.CRASH),
        ("fail", Limit.CRASH),
        ("leave", Limit.CRASH),
        ("play_dead", Limit.CRASH),
    ],
)
@pytest.mark.long
def test_a_reader_that_misbehaves_is_ended_and_what_it_found_before_is_kept(reader: str, limit: Limit) -> None:
    outcome = run(reader)
    assert outcome.limit is limit
    assert outcome.facts["opens"] == "yes"


@pytest.mark.parametrize(
    "wanted",
    [
        '{"algorithm": ["sha256"], "ranges": []}',
        '{"algorithm": "sha256"}',
        '{"algorithm": "sha256", "ranges": null}',
        '{"algorithm": "sha256", "ranges": [3]}',
        '{"algorithm": "sha256", "ranges": [[0, 1, 2]]}',
        '{"algorithm": "sha256", "ranges": [[0, null]]}',
        '{"algorithm": "sha256", "ranges": [[0, 1e999]]}',
        '{"algorithm": "md5", "ranges": []}',
        '["sha256"]',
        "[" * 60_000,
    ],
    ids=lambda wanted: wanted[:50],
)
def test_a_reader_that_asks_for_a_digest_of_nonsense_is_ended(wanted: str) -> None:
    outcome = run("ask_for_a_digest", wanted=wanted)
    assert (outcome.limit, outcome.facts) == (Limit.CRASH, {"opens": "yes"})


def test_no_number_of_ranges_costs_more_requests_than_the_largest_signed_scan() -> None:
    source = Memory(bytes(20_000))
    blocks = Blocks(source, replace(Limits(), whole=0))
    with pytest.raises(OverLimit) as over:
        blocks.digest("sha256", ((at, at + 1) for at in range(10_000)))
    assert (over.value.limit, len(source.asked)) == (Limit.REQUESTS, Limits().hash_requests)


def test_fetching_is_not_the_readers_time_up_to_a_bound_over_all_readers() -> None:
    blocks = Blocks(Memory(b"%PDF-"), replace(Limits(), fetching=10.0))
    assert [blocks.excused(seconds) for seconds in (4, 4, 4, 4)] == [4, 4, 2, 0]


def test_a_reader_that_does_not_end_is_ended_and_what_it_found_before_is_kept() -> None:
    outcome = in_time(lambda limits: run("sleep", limits), lambda outcome: bool(outcome.facts))
    assert (outcome.limit, outcome.facts) == (Limit.TIME, {"opens": "yes"})


@pytest.mark.long
def test_a_reader_that_computes_for_ever_is_ended_by_its_processor_time() -> None:
    outcome = run("spin")
    assert (outcome.limit, outcome.facts) == (Limit.CPU, {"opens": "yes"})


def test_after_a_reader_that_died_the_next_one_reads_in_another_child() -> None:
    blocks = Blocks(Memory(b"%PDF-"), TIGHT)
    with parent.Child(reading_alone.CONFINED, blocks, TIGHT) as child:
        read = [child.read(f"{MISREADERS}:{reader}") for reader in ("say_done", "die", "say_done")]
    assert [outcome.limit for outcome in read] == [None, Limit.CRASH, None]


@pytest.mark.long
def test_time_spent_on_storage_is_not_the_readers(tmp_path: Path) -> None:
    class Slow(FileSource):
        wall = 0.0

        def read(self, start: int, end: int) -> bytes:
            time.sleep(self.wall / 2)
            return super().read(start, end)

    path = tmp_path / "scan.pdf"
    scan(path, pages=100, image=2_000_000, together=True)
    with Slow(path) as source:

        def read(limits: Limits) -> Outcome:
            source.wall, limits = limits.wall, replace(limits, fetching=10 * limits.wall)
            return run("read_four_places", limits, Blocks(source, limits))

        outcome = in_time(read, lambda outcome: outcome.limit is None)
    assert (outcome.limit, outcome.facts) == (None, {"done": True})


def test_nothing_that_a_reader_prints_is_seen(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("shout").facts == {"done": True}
    assert capfd.readouterr() == ("", "")


def test_a_reader_has_no_file_or_connection_but_its_own(tmp_path: Path) -> None:
    with (tmp_path / "secret").open("w+"):
        assert run("count_open_files").facts == {"open": [0, 1, 2, 3]}


def test_a_reader_can_write_no_file_and_dump_no_core(tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert run("scribble", target=str(target)).facts == {"refused": True, "core": 0}
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
    read_by("repeat_what_the_file_says", monkeypatch)
    facts = facts_of(b"%PDF-" + json.dumps(lie).encode())
    assert (facts.opens, facts.over_limits, facts.pages) == (Opens.NO, (Limit.CRASH,), None)
    assert codes(facts)[0] == "over-limits"
