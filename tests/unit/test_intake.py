"""Whether a manifest is an application, and that its refusal says where and why."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake.application import MOST_REASONS, check, look, read
from kaigong.domain.model.arrivals import RefusalReason, Stored
from kaigong.domain.model.manifest import Manifest

from .building import CATALOGUE, ENTERPRISE, PACKET, manifest

FORM = Stored(slot="form", upload="u1", name="申请 表.pdf", mark="mark-1")
PLAN = Stored(slot="soil-plan", upload="u2", name="f.pdf", mark="mark-2")

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(Manifest.model_fields)), inner),
    max_leaves=12,
)
NOON, HOUR = datetime(2026, 3, 6, 12, tzinfo=UTC), timedelta(hours=1)
LETTER = {"matter": "soil", "version": 1, "sha256": "0" * 64, "by": "经办人", "at": "2026-03-06T09:00:00+08:00"}


def refused(*matters: str, stored: tuple[Stored, ...] = (), packet: str = PACKET, **more: Any) -> list[tuple[str, str]]:
    _, reasons = check(manifest(matters, **more), packet, CATALOGUE, stored)
    return [(reason.code, reason.where) for reason in reasons]


def test_an_application_counts_on_every_file_that_lies_there() -> None:
    awaited, reasons = check(manifest(["soil"]), PACKET, CATALOGUE, [FORM, PLAN])
    assert not reasons
    assert [(a.slot, a.mark) for a in awaited] == [(s.slot, s.mark) for s in (FORM, PLAN)]


def test_an_application_that_lists_its_files_counts_on_those_alone() -> None:
    files = [{"slot": "form", "upload": "u1", "name": "申请 表.pdf"}]
    awaited, reasons = check(manifest(["soil"], files=files), PACKET, CATALOGUE, [FORM, PLAN])
    assert not reasons
    assert [a.mark for a in awaited] == ["mark-1"]


def test_an_application_without_any_file_is_an_application() -> None:
    assert check(manifest(["soil"]), PACKET, CATALOGUE, []) == ((), ())


@pytest.mark.parametrize(
    ("matters", "more", "found"),
    [
        (["soil"], {"packet": "another-packet"}, [("packet-mismatch", "packet")]),
        (["soil"], {"process": "unheard-of"}, [("unknown-process", "process")]),
        (["soil", "unheard-of"], {}, [("unknown-matter", "matters.1")]),
        (["soil", "flood", "soil"], {}, [("duplicate-matter", "matters")]),
        (["soil"], {"promises": ["soil-plan", "unheard-of"]}, [("unknown-slot", "promises.1")]),
        (["soil"], {"form": {"unheard-of": 1}}, [("unknown-field", "form.unheard-of")]),
        (["soil"], {"commitments": ["planning"]}, [("unknown-matter", "commitments.0")]),
        (["soil"], {"letters": [LETTER]}, [("unknown-matter", "letters.0")]),
        (["soil"], {"letters": [LETTER, LETTER], "commitments": ["soil"]}, [("duplicate-letter", "letters")]),
        (["soil"], {"files": [{"slot": "form", "upload": "u9", "name": "f.pdf"}]}, [("file-missing", "files.0")]),
        (["soil"], {"files": [{"slot": "novel", "upload": "u1", "name": "f.pdf"}]}, [("unknown-slot", "files.0")]),
    ],
)
def test_a_manifest_that_is_no_application_is_refused_where_it_is_wrong(
    matters: list[str], more: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    folder = more.pop("packet", PACKET)
    assert refused(*matters, packet=folder, stored=(FORM,), **more) == found


def test_a_file_in_a_slot_that_no_material_has_is_refused() -> None:
    assert refused("soil", stored=(FORM, FORM.changed(slot="novel"))) == [("unknown-slot", "files.1")]


def test_a_matter_of_another_process_is_refused() -> None:
    short = CATALOGUE.processes["ordinary"].changed(matters=("flood",))
    catalogue = CATALOGUE.changed(processes={"ordinary": short})
    _, reasons = check(manifest(["flood", "soil"]), PACKET, catalogue, [])
    assert [(r.code, r.where) for r in reasons] == [("matter-not-in-process", "matters.1")]


def test_everything_wrong_with_a_manifest_is_told_at_once() -> None:
    codes = {code for code, _ in refused("nothing", packet="elsewhere", process="no-such", promises=["no-paper"])}
    assert codes == {"packet-mismatch", "unknown-process", "unknown-matter", "unknown-slot"}


VALID: dict[str, Any] = {
    "schema": "kaigong/manifest/1",
    "packet": PACKET,
    "process": "ordinary",
    "matters": ["soil"],
    "enterprise": {**ENTERPRISE.model_dump(exclude_none=True), "phone": "13800000000"},
    "project": {"name": "项目", "code": "2603-411402-04-01-000001"},
}
SECRET = "不得重复的内容"


def broken(content: str) -> tuple[RefusalReason, ...]:
    found, reasons = read(content.encode())
    assert found is None
    return reasons


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("schema", SECRET),
        ("packet", "../" + SECRET),
        ("process", SECRET),
        ("matters", [SECRET]),
        ("matters", []),
        ("enterprise.uscc", SECRET),
        ("enterprise.phone", SECRET * 10),
        ("enterprise.name", SECRET * 40),
        ("project.code", SECRET),
        ("files", [{"slot": "form", "upload": f"{SECRET}/x", "name": "f.pdf"}]),
        ("promises", SECRET),
        ("letters", [{**LETTER, "by": SECRET * 40}]),
        ("letters", [{**LETTER, "at": "2026-03-06T09:00:00"}]),
    ],
)
def test_a_broken_manifest_is_refused_field_by_field_without_repeating_what_it_says(where: str, value: object) -> None:
    content = json.loads(json.dumps(VALID))
    *parents, last = where.split(".")
    target = content
    for parent in parents:
        target = target[parent]
    target[last] = value
    reasons = broken(json.dumps(content))
    assert {reason.code for reason in reasons} == {"manifest-schema"}
    assert all(reason.where.startswith(where) for reason in reasons)
    assert SECRET not in "".join(reason.model_dump_json() for reason in reasons)


@given(st.text(max_size=30).filter(lambda text: not text.strip().startswith("{")))
def test_any_text_is_answered_with_reasons(text: str) -> None:
    assert broken(text)


CHINESE = json.dumps(VALID, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "code", "zh", "en"),
    [
        (b"", "manifest-not-json", "空的", "empty"),
        (b'{"schema": ', "manifest-not-json", "第 1 行第 12 个字符", "line 1, character 12"),
        ('{\n"schema"： 1}'.encode(), "manifest-not-json", "第 2 行第 9 个字符", "line 2, character 9"),
        (b'{"a": NaN}', "manifest-not-json", "JSON", "JSON"),
        (b"[" * 100_000, "manifest-not-json", "JSON", "JSON"),
        (CHINESE.encode("gbk"), "manifest-encoding", "GBK", "GBK"),
        (CHINESE.encode("utf-16"), "manifest-encoding", "UTF-16", "UTF-16"),
        (CHINESE.encode("utf-16-le"), "manifest-encoding", "UTF-16", "UTF-16"),
        (json.dumps(VALID).encode("utf-16-be"), "manifest-encoding", "UTF-16", "UTF-16"),
        (b"\x81\xff\xff", "manifest-encoding", "不是 UTF-8", "not text in UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_by_place_and_cause_in_both_languages(
    content: bytes, code: str, zh: str, en: str
) -> None:
    found, [reason] = read(content)
    assert found is None
    assert reason.code == code
    assert zh in reason.text.zh
    assert en in reason.text.en


def test_the_mark_that_editors_put_before_a_manifest_is_passed_over() -> None:
    assert read(json.dumps(VALID).encode("utf-8-sig")) == (Manifest.model_validate(VALID), ())


def test_a_valid_manifest_is_none_of_these() -> None:
    assert Manifest.model_validate_json(json.dumps(VALID)).matters == ("soil",)


def test_a_refusal_stays_short_however_much_is_wrong() -> None:
    assert len(broken(json.dumps({f"field-{i}": i for i in range(100)}))) == MOST_REASONS + 1


def test_of_a_folder_the_newest_file_of_each_slot_is_handed_in() -> None:
    old, new = (
        Stored(slot="form", upload=u, name="f.pdf", mark=u, at=at) for u, at in (("a", NOON), ("b", NOON + HOUR))
    )
    awaited, _ = check(manifest(["soil"]), PACKET, CATALOGUE, [new, old, PLAN])
    assert {a.mark for a in awaited} == {"b", "mark-2"}


def test_files_of_one_second_cannot_be_told_apart_by_storage_and_are_all_waited_for() -> None:
    both = [Stored(slot="form", upload=u, name="f.pdf", mark=u, at=NOON) for u in ("a", "b")]
    awaited, _ = check(manifest(["soil"]), PACKET, CATALOGUE, both)
    assert {a.mark for a in awaited} == {"a", "b"}


def test_a_folder_of_thousands_of_files_makes_no_endless_list() -> None:
    many = [Stored(slot="form", upload=f"u{n}", name="f.pdf", mark=f"m{n}", at=NOON) for n in range(3000)]
    awaited, _ = check(manifest(["soil"]), PACKET, CATALOGUE, many)
    assert 0 < len(awaited) <= 10


def test_a_refusal_has_an_end_however_much_is_wrong() -> None:
    files = [{"slot": "form", "upload": f"u{n}", "name": "名" * 1000} for n in range(500)]
    _, reasons = check(manifest(["soil"], files=files), PACKET, CATALOGUE, [])
    assert [reasons[-1].code, len(reasons)] == ["more", 51]
    assert "450" in reasons[-1].text.zh
    assert "450" in reasons[-1].text.en
    assert sum(len(reason.model_dump_json()) for reason in reasons) < 100_000


def test_one_refusal_tells_what_breaks_the_schema_and_everything_else_without_a_library_s_codes() -> None:
    said = {
        **VALID,
        "matters": ["Not A Code", "no-such-matter"],
        "promises": ["no-such-slot"],
        "form": {"no-such-field": "x", "Not A Code": "x", "area": ["x"]},
        "files": [{"slot": "form"}, {"slot": "form", "upload": "u1", "name": "never-came.pdf"}],
        "surprise": 1,
    }
    del said["project"]
    found, awaited, reasons = look(json.dumps(said).encode(), PACKET, CATALOGUE, [])
    assert (found, awaited) == (None, ())
    assert {(reason.code, reason.where) for reason in reasons} >= {
        ("manifest-schema", "matters.0"),
        ("unknown-matter", "matters.1"),
        ("unknown-slot", "promises.0"),
        ("unknown-field", "form.no-such-field"),
        ("manifest-schema", "form.Not A Code.[key]"),
        ("manifest-schema", "form.area"),
        ("manifest-schema", "files.0.upload"),
        ("file-missing", "files.1"),
        ("manifest-schema", "surprise"),
        ("manifest-schema", "project"),
    }
    for reason in reasons:
        assert not re.search(r"[a-z]+_[a-z]+", reason.text.zh + reason.text.en), reason


def test_what_could_not_be_read_in_full_makes_no_other_reason_up() -> None:
    """A commitment to a matter that could not be read may well be to one that is applied for."""
    said = {**VALID, "matters": [{"code": "soil"}, "soil"], "commitments": ["flood"]}
    _, _, reasons = look(json.dumps(said).encode(), PACKET, CATALOGUE, [])
    assert {(reason.code, reason.where) for reason in reasons} == {("manifest-schema", "matters.0")}


@given(VALUES)
def test_whatever_is_put_there_has_an_answer(content: object) -> None:
    found, _, reasons = look(json.dumps(content).encode(), PACKET, CATALOGUE, [])
    assert (found is None) == bool(reasons)


def test_how_many_more_there_are_counts_every_one() -> None:
    said = {f"field-{i}": i for i in range(100)} | {"matters": ["no-such-matter"]}
    _, whole = read(json.dumps({**said, "matters": ["soil"]}).encode())
    _, _, reasons = look(json.dumps(said).encode(), PACKET, CATALOGUE, [])
    assert (len(whole), len(reasons)) == (MOST_REASONS + 1, MOST_REASONS + 1)
    before, now = (int(re.findall("[0-9]+", told[-1].text.en)[0]) for told in (whole, reasons))
    assert now == before + 1  # the unknown matter
