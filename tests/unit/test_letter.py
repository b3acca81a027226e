"""The text of a commitment letter: what it says, and that its hash depends on all of it."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.intake.letter import LetterText, text
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.values import legible

from .building import CATALOGUE, ENTERPRISE, PROJECT
from .building import letter as template
from .lettering import LETTERED, in_force

CITY = load()
SEVEN = (
    "land-use-permit",
    "planning-permit",
    "drawing-review",
    "direct-contract-notice",
    "power-connection",
    "telecom-connection",
    "broadcast-connection",
)
names = st.text(min_size=1, max_size=200).filter(lambda name: legible(name).strip())
codes = st.sampled_from(["91411402MA0KG0002N", "91411402MA0KG0003M"])
enterprises = st.builds(Enterprise, name=names, uscc=codes)
projects = st.builds(
    Project, name=names, code=st.none() | st.sampled_from(["2603-411402-04-01-000001", "2603-411402-04-01-000002"])
)


def said_of(enterprise: Enterprise, project: Project) -> tuple[str | None, ...]:
    """What a letter says of its applicant and project: runs of blanks in a name are one space."""
    return " ".join(enterprise.name.split()), enterprise.uscc, " ".join(project.name.split()), project.code


@given(enterprises, projects, enterprises, projects)
def test_two_letters_are_the_same_exactly_where_applicant_and_project_are(
    one: Enterprise, its: Project, other: Enterprise, others: Project
) -> None:
    first, second = in_force(LETTERED, "land-use", one, its), in_force(LETTERED, "land-use", other, others)
    assert (first.sha256 == second.sha256) == (said_of(one, its) == said_of(other, others))
    assert first == in_force(LETTERED, "land-use", one, its)


@given(enterprises, projects)
def test_nothing_written_in_a_name_can_pass_for_a_line_of_the_letter(enterprise: Enterprise, project: Project) -> None:
    filled, plain = in_force(LETTERED, "land-use", enterprise, project), in_force(LETTERED, "land-use").plain
    assert len(filled.plain.splitlines()) == len(plain.splitlines())


def test_what_a_letter_does_not_speak_of_leaves_it_as_it_is() -> None:
    more = ENTERPRISE.changed(legal_representative="王某", phone="13800000000")
    elsewhere = PROJECT.changed(address="别处", serviced_site=False)
    assert in_force(LETTERED, "land-use", more, elsewhere) == in_force(LETTERED, "land-use")


def test_a_new_version_and_another_matter_have_another_hash() -> None:
    matter = CATALOGUE.matters["land-use"]
    department = CATALOGUE.departments[matter.department]
    held = [text(template("land-use", v), matter, department, ENTERPRISE, PROJECT) for v in (1, 2)]
    held.append(in_force(LETTERED, "planning"))
    assert len({letter.sha256 for letter in held}) == 3


def test_the_hash_is_that_of_the_letters_plain_text_in_utf_8() -> None:
    letter = in_force(LETTERED, "land-use")
    assert hashlib.sha256(letter.plain.encode("utf-8")).hexdigest() == letter.sha256
    assert "\r" not in letter.plain
    assert letter.plain.endswith("\n")


def everything(letter: LetterText) -> str:
    return "\n".join(f"{p.zh}\n{p.en}" for section in letter.sections for p in section.points)


def test_the_plain_text_holds_every_point_in_both_languages_chinese_first() -> None:
    letter = in_force(LETTERED, "land-use")
    for line in everything(letter).splitlines():
        assert line in letter.plain
    assert letter.plain.startswith(letter.title.zh + "\n")
    assert letter.plain.index(letter.title.en) > letter.plain.index(letter.sections[-1].points[-1].zh)


def test_a_letter_is_made_out_for_its_applicant_and_project() -> None:
    coded = PROJECT.changed(code="2603-411402-04-01-000001")
    points = everything(in_force(LETTERED, "land-use", ENTERPRISE, coded))
    for value in (ENTERPRISE.name, ENTERPRISE.uscc, PROJECT.name, "2603-411402-04-01-000001"):
        assert value in points
    assert "尚未赋码" in everything(in_force(LETTERED, "land-use"))


def test_a_blank_letter_names_nobody_and_leaves_room() -> None:
    blank = everything(in_force(LETTERED, "land-use", None, None))
    assert ENTERPRISE.name not in blank
    assert "统一社会信用代码：＿" in blank
    assert "项目代码：＿" in blank


@pytest.mark.parametrize("code", SEVEN)
def test_the_citys_letter_tells_basis_conditions_commitment_verification_and_liability(code: str) -> None:
    matter, entry = CITY.matters[code], CITY.letters[code]
    letter = text(entry, matter, CITY.departments[matter.department], ENTERPRISE, PROJECT)
    points = everything(letter)
    assert matter.basis is not None
    for said in (matter.basis, *entry.conditions, *entry.commits, entry.verification):
        assert said.zh in points
        assert said.en in points
    assert f"：{matter.commitment_number}" in points
    assert f"：{matter.number}\n" not in points
    assert f"{entry.verify_working_days}个工作日" in points
    for consequence in ("终止办理", "限期整改", "撤销", "处罚", "信用记录"):
        assert consequence in points


def test_every_matter_by_commitment_of_the_city_has_its_letter_and_no_other_one() -> None:
    assert set(CITY.letters) == {m.code for m in CITY.matters.values() if m.takes_commitment} == set(SEVEN)
