"""Identities: a wrong shape is refused; a wrong check character, or a form that differs from the record, is a doubt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.intake import identity
from kaigong.domain.model.facts import normalise
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import BasicData
from kaigong.domain.words.identity import FIELDS
from pydantic import ValidationError

from .building import ENTERPRISE, PROJECT, Case, NoticeKind, credit

PUBLISHED = ["91110000600037341L", "91350100M000100Y43"]  # as their owners and the standard's text publish them
BODIES = st.text(identity.CREDIT_ALPHABET, min_size=17, max_size=17)


def enterprise(uscc: str) -> Enterprise:
    return Enterprise(name="某公司", uscc=uscc)


@pytest.mark.parametrize("uscc", PUBLISHED)
def test_a_published_code_holds(uscc: str) -> None:
    assert identity.doubts(enterprise(uscc), None, PROJECT, "4114") == ()


@given(BODIES, st.integers(0, 16), st.sampled_from(identity.CREDIT_ALPHABET))
def test_one_wrong_character_is_always_doubted(body: str, place: int, other: str) -> None:
    code = body + identity.credit_check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    assert bool(identity.doubts(enterprise(wrong), None, PROJECT, "4114")) == (wrong != code)


def test_a_failing_code_whose_organisation_part_holds_is_told_apart() -> None:
    code = PUBLISHED[0]
    kept = code[:17] + ("A" if code[17] != "A" else "B")
    [doubt] = identity.doubts(enterprise(kept), None, PROJECT, "4114")
    assert "organisation code in it is correct" in doubt.text.en
    lost = code[:16] + ("2" if code[16] != "2" else "3") + code[17]
    [doubt] = identity.doubts(enterprise(lost), None, PROJECT, "4114")
    assert "nor does the organisation code" in doubt.text.en


@pytest.mark.parametrize(
    "uscc", ["", "9111000060003734", "91110000600037341I", "91110000600037341l", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_code_of_a_wrong_shape_is_refused(uscc: str) -> None:
    with pytest.raises(ValidationError):
        enterprise(uscc)


@pytest.mark.parametrize(
    "code",
    [
        "2613-411402-04-01-380164",
        "2600-411402-04-01-380164",
        "2602411402040138016",
        "2602-411402-04-01-38016",
        "２602-411402-04-01-380164",
    ],
)
def test_a_project_code_of_a_wrong_shape_or_month_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        Project(name="某项目", code=code)


def test_a_doubtful_credit_code_is_told_and_does_not_stop_the_packet() -> None:
    wrong = ENTERPRISE.uscc[:17] + ("A" if ENTERPRISE.uscc[17] != "A" else "B")
    case = Case().accepted("soil", enterprise={"name": ENTERPRISE.name, "uscc": wrong})
    assert "credit-code-check" in {item.code for item in case.last_notice(NoticeKind.ACCEPTED).items}


# form and record

FORM = Enterprise(
    name="商丘样例（集团）有限公司", uscc=PUBLISHED[0], legal_representative="王小明", address="商丘市示范区1号"
)
RECORD = BasicData(name="商丘样例（集团）有限公司", legal_representative="王小明", address="商丘市示范区1号")
fields = st.sampled_from(sorted(identity.BASIC_FIELDS))


@given(fields, st.text(min_size=1, max_size=20).filter(lambda value: normalise(value)))
def test_every_field_that_differs_from_the_record_is_told_by_its_name_and_without_its_value(
    field: str, recorded: str
) -> None:
    found = identity.differences(FORM, RECORD.model_copy(update={field: recorded}))
    if normalise(recorded) == normalise(getattr(FORM, field)):
        assert found == ()
        return
    [doubt] = found
    assert doubt.code == f"differs-{field.replace('_', '-')}"
    assert FIELDS[field].zh in doubt.text.zh
    assert doubt == identity.differences(FORM, RECORD.model_copy(update={field: "别的内容"}))[0]


def test_full_width_letters_brackets_and_spaces_are_no_difference() -> None:
    same = RECORD.changed(name="商丘样例(集团) 有限公司", address="商丘市示范区１号")
    assert identity.differences(FORM, same) == ()


@pytest.mark.parametrize("dot", "·•．.・‧∙⋅･᛫")
def test_a_name_with_a_dot_is_one_name_whichever_dot_was_typed(dot: str) -> None:
    for written in (f"买买提{dot}艾力", f"买买提 {dot} 艾力"):
        assert not identity.differ(written, "买买提·艾力")
    assert identity.differ(f"买买提{dot}艾力", "买买提艾力"), "without a dot it may be somebody else"


def test_a_full_stop_between_numbers_and_letters_is_none() -> None:
    assert identity.differ("A.B", "A·B")
    assert normalise("第1.2条 v2.0 a.B") == "第1.2条v2.0a.b"


def test_what_either_side_leaves_out_differs_from_nothing() -> None:
    assert identity.differences(FORM, None) == ()
    assert identity.differences(FORM, BasicData(name=FORM.name)) == ()
    assert identity.differences(Enterprise(name=FORM.name, uscc=FORM.uscc), RECORD) == ()


def test_a_difference_is_told_at_acceptance_and_does_not_stop_the_packet() -> None:
    record = credit("AAA", basic={"name": "改名前的有限公司"})
    case = Case(credit=record).accepted("soil")
    assert "differs-name" in {item.code for item in case.last_notice(NoticeKind.ACCEPTED).items}


written = st.dictionaries(
    st.sampled_from([*identity.BASIC_FIELDS, "phone"]), st.none() | st.sampled_from(["", " ", "某"])
)


@given(written, st.none() | st.just(RECORD) | st.just(BasicData(name="某公司")))
def test_basic_data_fill_what_is_blank_and_what_the_applicant_wrote_stays(
    form: dict[str, str | None], basic: BasicData | None
) -> None:
    filled = identity.filled(form, basic)
    said = {field: value for field, value in form.items() if value and value.strip()}
    assert {field: filled[field] for field in said} == said
    known = basic.model_dump(exclude_none=True) if basic else {}
    assert {field: filled[field] for field in filled.keys() - said.keys()} == {
        field: value for field, value in known.items() if field not in said
    }


@pytest.mark.parametrize(
    ("code", "region", "told"),
    [
        ("2602-411402-04-01-380164", "4114", []),
        ("2602-410102-04-01-380164", "4114", ["project-code-region"]),  # the province's capital
        ("2602-410102-04-01-380164", "", []),  # a catalogue that names no region asks for none
        (None, "4114", []),
    ],
)
def test_a_project_code_of_another_region_is_told_and_does_not_stop_the_packet(
    code: str | None, region: str, told: list[str]
) -> None:
    found = identity.doubts(enterprise("91411402MA0KG0002N"), None, Project(name="项目", code=code), region)
    assert [doubt.code for doubt in found] == told
