"""The judgement of facts: pure, without any file."""

import string
from dataclasses import dataclass

import pytest
from kaigong.domain.intake.finding import DEFAULT_MATERIAL, Finding, judge
from kaigong.domain.model.catalogue import Checks, Tolerance
from kaigong.domain.model.facts import (
    TEXT_LIMIT,
    Active,
    Difference,
    Facts,
    Found,
    Kind,
    Limit,
    Opens,
    Other,
    Unseen,
    Verdict,
    normalise,
)
from kaigong.domain.words.finding import DEFICIENCIES, WARNINGS


@dataclass
class Company:
    name: str = "商丘（示范）生物科技有限公司"
    uscc: str = "91411400MA40ABCD1X"


def facts(**changes: object) -> Facts:
    good = {"kind": Kind.PDF, "size": 1000, "opens": Opens.YES, "pages": 2, "text_on_page_1": True, "text": "申请书"}
    return Facts.model_validate(good | {"blank_pages": 0, "all_pages_blank": False} | changes)


def find(checks: Checks | None = None, formats: tuple[str, ...] = ("pdf", "jpeg", "png"), **changes: object) -> Finding:
    material = DEFAULT_MATERIAL.changed(checks=checks or Checks(), formats=formats)
    return judge(facts(**changes), material, Company())


def codes(finding: Finding) -> list[str]:
    return [reason.code for reason in finding.reasons]


def test_a_good_paper_is_valid_and_has_no_reasons() -> None:
    assert find() == Finding(verdict=Verdict.VALID)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"kind": Kind.EMPTY, "size": 0, "opens": Opens.NO}, "empty"),
        ({"kind": Kind.OTHER, "opens": Opens.NO}, "unknown-kind"),
        ({"opens": Opens.LOCKED, "encrypted": True}, "locked"),
        ({"opens": Opens.NO, "encrypted": True}, "unknown-encryption"),
        ({"opens": Opens.NO, "damaged": True}, "unreadable"),
        ({"opens": Opens.NO, "damaged": True, "truncated": True}, "truncated"),
        ({"opens": Opens.NO, "pages": 0}, "no-pages"),
        ({"damaged": True}, "damaged"),
        ({"damaged": True, "truncated": True}, "truncated"),
        ({"blank_pages": 2, "all_pages_blank": True}, "all-pages-blank"),
        ({"javascript": True, "scripts": True}, "javascript"),
        ({"launch": True, "launch_unasked": True}, "launch"),
        *(({"unseen": why}, f"unseen-{why}") for why in Unseen),
        *(({"kind": Kind.OTHER, "opens": Opens.NO, "other": other}, "other-kind") for other in Other),
        ({"over_limits": (Limit.CPU,)}, "over-limits"),
        ({"opens": Opens.NO, "over_limits": (Limit.BYTES,)}, "over-limits"),
        ({"kind": Kind.PNG, "width": 60_000, "height": 60_000, "over_limits": (Limit.PIXELS,)}, "too-many-pixels"),
        ({"kind": Kind.JPEG, "width": 300, "height": 400}, "image-too-small"),
        ({"pages": 10_001}, "too-many-pages"),
    ],
)
def test_what_keeps_a_paper_from_counting_is_a_deficiency(changes: dict[str, object], code: str) -> None:
    finding = find(**changes)
    assert codes(finding) == [code]
    assert finding.verdict is Verdict.DEFICIENT
    assert finding.reasons[0].deficient


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"damaged": True, "mended": True}, "mended"),
        ({"trailing": True}, "trailing"),
        ({"javascript": True}, "field-functions"),
        ({"launch": True}, "pressed-launch"),
        ({"active": tuple(Active)}, "active"),
        ({"over_limits": (Limit.OBJECTS,)}, "partly-examined"),
        ({"embedded_files": True}, "embedded-files"),
        ({"encrypted": True}, "encrypted"),
        ({"blank_pages": 1}, "blank-pages"),
        ({"unreadable_pages": 1}, "unreadable-pages"),
        ({"foreign_start": True}, "foreign-start"),
        ({"text_on_page_1": None, "text": ""}, "text-unknown"),
        ({"second_reader": (Difference.TEXT,)}, "readers-disagree"),
        ({"over_limits": (Limit.SECOND_READER,)}, "second-reader-failed"),
        ({"over_limits": (Limit.REQUESTS,)}, "partly-examined"),
    ],
)
def test_what_the_officer_should_see_is_a_warning(changes: dict[str, object], code: str) -> None:
    finding = find(**changes)
    assert codes(finding) == [code]
    assert finding.verdict is Verdict.WARNING
    assert not finding.reasons[0].deficient


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"scripts": True, "javascript": True}, Found.SCRIPTS),
        ({"launch": True, "launch_unasked": True}, Found.LAUNCH_UNASKED),
        ({"damaged": True, "unreadable_pages": 1}, Found.UNREADABLE_PAGES),
        ({"javascript": True}, Found.JAVASCRIPT),
        ({"launch": True}, Found.LAUNCH),
        ({"active": (Active.SUBMIT,)}, Found.ACTIVE),
        ({"embedded_files": True}, Found.EMBEDDED_FILES),
        ({"unreadable_pages": 1}, Found.UNREADABLE_PAGES),
        ({"blank_pages": 1}, Found.BLANK_PAGES),
    ],
)
def test_a_reason_says_on_which_pages_where_that_is_known(changes: dict[str, object], found: Found) -> None:
    anywhere, there = find(**changes), find(**changes, on_pages={found: (3, 7)})
    assert codes(anywhere) == codes(there)
    assert "页（" not in anywhere.reasons[0].zh
    assert "（第 3、7 页）" in there.reasons[0].zh
    assert " (pages 3, 7)" in there.reasons[0].en


def test_of_many_pages_the_first_are_named() -> None:
    (reason,) = find(pages=90, blank_pages=40, on_pages={Found.BLANK_PAGES: tuple(range(1, 11))}).reasons
    assert "（第 1、2、3、4、5、6、7、8、9、10 页等）" in reason.zh
    assert reason.en.count("10 and others") == 1


def test_everything_wrong_is_told_at_once_and_the_worst_gives_the_verdict() -> None:
    strict = Checks(max_pages=1, field_functions=Tolerance.DEFICIENT, pressed_launch=Tolerance.DEFICIENT)
    finding = find(strict, javascript=True, launch=True, embedded_files=True)
    assert codes(finding) == ["javascript", "launch", "too-many-pages", "embedded-files"]
    assert finding.verdict is Verdict.DEFICIENT


def test_our_limits_are_not_called_damage() -> None:
    finding = find(opens=Opens.NO, damaged=True, over_limits=(Limit.MEMORY,))
    assert codes(finding) == ["over-limits"]
    assert "内存" in finding.reasons[0].zh
    assert "memory" in finding.reasons[0].en


def test_a_format_that_the_material_does_not_take_is_named_with_those_it_takes() -> None:
    finding = find(formats=("pdf",), kind=Kind.JPEG, width=1240, height=1754)
    assert codes(finding) == ["format-not-accepted"]
    assert "JPEG" in finding.reasons[0].en
    assert "PDF" in finding.reasons[0].zh


def test_too_few_pages_are_counted_against_the_material() -> None:
    finding = find(Checks(min_pages=3))
    assert codes(finding) == ["too-few-pages"]
    assert "2" in finding.reasons[0].en
    assert "3" in finding.reasons[0].zh


def test_the_name_is_found_whatever_its_width_spacing_and_case() -> None:
    page = normalise("申 请 人：商丘(示范)生物\n科技有限公司")
    assert find(Checks(names_enterprise=True), text=page).verdict is Verdict.VALID


def test_a_name_with_a_dot_is_found_whichever_dot_the_paper_has() -> None:
    material = DEFAULT_MATERIAL.changed(checks=Checks(names_enterprise=True))
    named = Company("商丘买买提·艾力商行")
    for dot in "·•．.・":
        page = normalise(f"申请人：商丘买买提{dot}艾力商行")
        assert judge(facts(text=page), material, named).verdict is Verdict.VALID, dot


def test_the_credit_code_stands_for_the_name() -> None:
    page = normalise("统一社会信用代码 ９１４１１４００ ma40abcd1x")
    assert find(Checks(names_enterprise=True), text=page).verdict is Verdict.VALID


def test_a_paper_that_names_somebody_else_is_a_warning() -> None:
    assert codes(find(Checks(names_enterprise=True))) == ["name-missing"]


def test_a_scan_without_text_cannot_name_the_company_which_is_a_warning() -> None:
    finding = find(Checks(names_enterprise=True), text_on_page_1=False, text="")
    assert codes(finding) == ["name-not-checkable"]
    assert finding.verdict is Verdict.WARNING


def test_without_an_enterprise_nobody_need_be_named() -> None:
    material = DEFAULT_MATERIAL.changed(checks=Checks(names_enterprise=True))
    assert judge(facts(), material, None).verdict is Verdict.VALID


def test_a_missing_signature_is_a_warning_only_where_one_is_expected() -> None:
    assert codes(find(Checks(signed=True))) == ["not-signed"]
    assert find(Checks(signed=True), signed=True).verdict is Verdict.VALID
    assert find(signed=False).verdict is Verdict.VALID


def test_every_message_has_both_languages_with_the_same_placeholders() -> None:
    assert not DEFICIENCIES.keys() & WARNINGS
    for code, text in (DEFICIENCIES | WARNINGS).items():
        zh, en = text.zh, text.en
        chinese, english = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (zh, en))
        assert chinese == english, code
        assert any("\u4e00" <= c <= "\u9fff" for c in zh), code
        assert en.isascii() or "“{name}”" in en, code


def test_normalising_removes_what_readers_add_and_fonts_change() -> None:
    assert normalise(" ⽤ 地\u200b\x00\n（Ａ）\ufeff") == "用地(a)"


def test_the_text_of_a_paper_does_not_show_when_facts_are_printed() -> None:
    assert "申请书" not in repr(facts())
    assert "申请书" not in str(facts())


def test_facts_keep_no_more_text_than_they_say() -> None:
    with pytest.raises(ValueError, match="at most 4000"):
        facts(text="文" * (TEXT_LIMIT + 1))
