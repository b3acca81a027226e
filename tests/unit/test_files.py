"""A material that is many sheets comes as several files: which count, in which order, and what is said of them."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow import delivery
from kaigong.domain.flow.result import document
from kaigong.domain.flow.settled import settled
from kaigong.domain.intake.application import check
from kaigong.domain.intake.finding import LARGEST_TOGETHER, judge_all
from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.catalogue import Process
from kaigong.domain.model.files import MOST_FILES, Room, natural
from kaigong.domain.model.messages import DecisionReason, Outcome
from kaigong.domain.model.packet import NoticeKind, Status, files_of
from kaigong.views.materials import materials

from .building import DOUBTFUL, EMPTY, GOOD, MORNING, PACKET, Case, catalogue_of, manifest, material, matter, named

SEVERAL = catalogue_of(
    [material("form"), material("photos", max_files=3), material("sheets", max_files=3)],
    [matter("works", "housing", "form sheets", "photos", routes=("approval", "tolerated"))],
    [Process(code="ordinary", name=named("ordinary"), matters=("works",))],
)
QUIET = timedelta(minutes=5)


def case(*names: str) -> Case:
    """A packet with a form and these sheets, uploaded in this order."""
    made = Case(SEVERAL)
    made.upload("form", "photos")
    for name in names:
        made.upload("sheets", name=name)
    return made


def handed_in(made: Case, **more: object) -> Case:
    made.submit("works", **more)  # type: ignore[arg-type] - what a manifest may hold
    made.advance()
    return made


def sheets(made: Case) -> list[str]:
    return [paper.name for paper in made.packet.papers.by_slot["sheets"]]


# which, and in which order


def test_names_are_sorted_as_people_sort_them() -> None:
    names = ["图10.pdf", "图2.pdf", "A-1.pdf", "a-2.pdf", "图1.pdf"]
    assert sorted(names, key=natural) == ["A-1.pdf", "a-2.pdf", "图1.pdf", "图2.pdf", "图10.pdf"]


@given(st.lists(st.text(), max_size=6))
def test_any_names_have_an_order(names: list[str]) -> None:
    backwards = [*reversed(names)]
    assert sorted(names, key=natural) == sorted(backwards, key=natural)


def test_of_a_folder_every_name_counts_once_with_its_newest_file() -> None:
    made = handed_in(case("10.pdf", "2.pdf", "10.pdf"), whole_folder=True)
    assert made.header.status is Status.IN_REVIEW
    assert sheets(made) == ["2.pdf", "10.pdf"]
    newest = max(u.order for u in made.packet.uploads.values() if u.name == "10.pdf")
    assert next(u for u in made.packet.uploads.values() if u.order == newest).mark in {
        p.mark for p in made.packet.papers.by_slot["sheets"]
    }


def test_what_a_manifest_lists_counts_in_its_order_whatever_else_lies_there() -> None:
    made = case("1.pdf", "2.pdf", "3.pdf")
    by_name = {(u.slot, u.name): u for u in made.lying}
    places = ("form", "f.pdf"), ("photos", "f.pdf"), ("sheets", "3.pdf"), ("sheets", "1.pdf")
    assert sheets(handed_in(made, awaits=[by_name[place] for place in places])) == ["3.pdf", "1.pdf"]
    (row,) = [m for m in materials(made.packet, SEVERAL, made.now.date()).materials if m.slot == "sheets"]
    assert [f.name for f in row.files] == ["3.pdf", "1.pdf"]
    assert all(f.reviewed for f in row.files)
    assert [f.name for f in row.earlier] == ["2.pdf"]


def test_a_slot_of_one_file_still_takes_the_newest() -> None:
    made = case("1.pdf")
    made.upload("form", name="another.pdf")
    assert [p.name for p in handed_in(made).packet.papers.by_slot["form"]] == ["another.pdf"]


@given(st.permutations(range(5)))
def test_the_order_in_which_events_come_changes_nothing(order: list[int]) -> None:
    made = Case(SEVERAL)
    came = [made.announced("sheets", GOOD, name) for name in ("2.pdf", "10.pdf", "2.pdf", "1.pdf", "10.pdf")]
    for place in order:
        made.examined(came[place])
    counting = files_of(made.packet.uploads.values(), Room(3))
    assert [file.mark for file in counting] == [came[place].mark for place in (3, 2, 4)]


# what is found


def test_the_worst_file_decides_and_the_notice_names_it() -> None:
    made = case("1.pdf", "2.pdf")
    made.upload("sheets", name="3.pdf", facts=EMPTY)
    handed_in(made)
    assert made.header.status is Status.RETURNED
    [item] = made.last_notice(NoticeKind.RETURNED).items
    assert (item.code, item.slot) == ("empty", "sheets")
    for text in (item.text.zh, item.text.en):
        assert "3.pdf" in text
        assert "1.pdf" not in text


def test_what_is_wrong_with_several_files_is_said_once() -> None:
    made = Case(SEVERAL)
    facts = {"1.pdf": EMPTY, "2.pdf": EMPTY, "3.pdf": DOUBTFUL}
    files = [made.announced("sheets", what, name) for name, what in facts.items()]
    found = judge_all(files, SEVERAL.materials["sheets"], None)
    assert [(r.code, r.text.zh.partition("：")[0]) for r in found.reasons] == [
        ("empty", "1.pdf、2.pdf"),
        ("embedded-files", "3.pdf"),
    ]
    assert [f.verdict.value for f in found.files] == ["deficient", "deficient", "warning"]


def test_one_file_is_spoken_of_as_ever() -> None:
    made = Case(SEVERAL)
    [reason] = judge_all([made.announced("sheets", EMPTY, "1.pdf")], SEVERAL.materials["sheets"], None).reasons
    assert "1.pdf" not in reason.text.zh


@pytest.mark.parametrize(
    ("sizes", "beside", "code"),
    [
        ([1] * 4, 0, "too-many-files"),
        ([LARGEST_TOGETHER * 1024 * 512 + 1] * 2, 0, "too-large-together"),
        ([1] * 3, MOST_FILES - 2, "too-many-in-all"),
    ],
)
def test_too_many_or_too_large_files_are_refused_with_words(sizes: list[int], beside: int, code: str) -> None:
    made = Case(SEVERAL)
    files = [made.announced("sheets", GOOD, f"{n}.pdf").changed(size=size) for n, size in enumerate(sizes)]
    found = judge_all(files, SEVERAL.materials["sheets"], None, beside=beside)
    assert [reason.code for reason in found.reasons if reason.deficient] == [code]


def test_a_manifest_with_too_many_files_of_a_material_is_refused() -> None:
    lying = [Stored(slot="sheets", upload="u", name=f"{n}.pdf", mark=f"m{n}", at=MORNING) for n in range(4)]
    awaited, reasons = check(manifest(["works"]), PACKET, SEVERAL, lying)
    assert [(r.code, r.where) for r in reasons] == [("too-many-files", "sheets")]
    awaited, reasons = check(manifest(["works"]), PACKET, SEVERAL, lying[:3])
    assert ([a.mark for a in awaited], reasons) == (["m0", "m1", "m2"], ())


# replaced, followed


def test_a_correction_of_one_file_keeps_the_others_and_shows_which_is_new() -> None:
    made = handed_in(case("1.pdf", "2.pdf", "3.pdf"))
    made.decide("works", Outcome.CORRECT, DecisionReason(slot="sheets", text="第二张比例尺不符"))
    made.advance()
    made.upload("sheets", name="2.pdf")
    handed_in(made)
    assert made.header.status is Status.IN_REVIEW
    assert [(p.name, p.round) for p in made.packet.papers.by_slot["sheets"]] == [
        ("1.pdf", 1),
        ("2.pdf", 2),
        ("3.pdf", 1),
    ]


def promised() -> Case:
    made = Case(SEVERAL)
    made.upload("form")
    made.upload("sheets", name="1.pdf")
    handed_in(made, promises=["photos"])
    assert set(made.packet.owed()) == {"photos"}
    return made


def test_a_promised_material_of_several_files_waits_until_nothing_more_comes() -> None:
    made = promised()
    made.upload("photos", name="1.pdf")
    assert made.advance() is None
    made.upload("photos", name="2.pdf")
    assert made.advance() is None
    made.now += QUIET
    made.advance()
    assert not made.packet.owed()
    assert [p.name for p in made.packet.papers.by_slot["photos"]] == ["1.pdf", "2.pdf"]


def test_of_a_promised_material_the_good_files_stay_and_the_bad_one_comes_again_under_any_name() -> None:
    made = promised()
    made.upload("photos", name="1.pdf")
    made.upload("photos", name="2.pdf", facts=EMPTY)
    made.now += QUIET
    made.advance()
    [item] = made.last_notice(NoticeKind.GAPS_STILL_OPEN).items
    assert "2.pdf" in item.text.zh
    made.now += QUIET
    assert made.advance() is None  # told once
    made.upload("photos", name="two.pdf")
    made.now += QUIET
    made.advance()
    assert [p.name for p in made.packet.papers.by_slot["photos"]] == ["1.pdf", "two.pdf"]


def test_files_that_may_count_stay_in_the_state_however_often_one_is_replaced() -> None:
    made = case("1.pdf", "2.pdf", *["3.pdf"] * 20)
    kept = {fact.mark for fact in made.lying} - {getattr(fact, "mark", "") for fact in settled(made.packet, SEVERAL)}
    assert len(kept) == len(made.lying)
    assert len(settled(made.packet, SEVERAL)) == 17


# where they are told


def test_task_and_result_have_the_files_in_order() -> None:
    made = handed_in(case("10.pdf", "9.pdf"))
    (task,) = delivery.tasks(made.packet, ("review:works",), SEVERAL, made.now)
    (row,) = [m for m in task.materials if m.slot == "sheets"]
    assert [file.key.rpartition("/")[2] for file in row.files] == ["9.pdf", "10.pdf"]
    assert (row.key, row.version) == (row.files[0].key, row.files[0].version)
    made.decide("works")
    made.advance()
    versions = [paper.version for paper in made.packet.papers.by_slot["sheets"]]
    (entry,) = [p for p in json.loads(document(made.packet, SEVERAL))["papers"] if p["slot"] == "sheets"]
    assert [file["version"] for file in entry["files"]] == versions


def test_a_warning_in_many_files_names_a_few_of_them_in_the_task() -> None:
    many = catalogue_of(
        [material("form"), material("sheets", max_files=9)],
        [matter("works", "housing", "form sheets")],
        [Process(code="ordinary", name=named("ordinary"), matters=("works",))],
    )
    made = Case(many)
    made.upload("form")
    for n in range(9):
        made.upload("sheets", name=f"{n}.pdf", facts=DOUBTFUL)
    handed_in(made)
    (task,) = delivery.tasks(made.packet, ("review:works",), many, made.now)
    finding = task.materials[1].finding
    assert finding is not None
    assert finding.codes == ("embedded-files",)
    assert finding.reasons[0].zh.startswith("0.pdf、1.pdf、2.pdf等 9 个文件：")
    assert finding.reasons[0].en.startswith("0.pdf, 1.pdf, 2.pdf and 6 more: ")
    assert [file.codes for file in task.materials[1].files] == [("embedded-files",)] * 9
