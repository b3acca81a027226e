"""The one form: asked once, read as it is written, checked, and in the place of its paper where it is complete."""

from datetime import date, timedelta
from decimal import Decimal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong import catalog
from kaigong.domain.flow import delivery
from kaigong.domain.intake import form
from kaigong.domain.intake.again import form_of
from kaigong.domain.model.catalogue import Catalogue, Route
from kaigong.domain.model.form import FieldGroup, FieldKind, FilledFrom, Form, FormField, Known, MatterField, Relation
from kaigong.domain.model.messages import BasicData, DecisionReason, Outcome, Replacement
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Status
from kaigong.domain.model.standing import OtherPacket, ProjectStanding
from kaigong.domain.model.text import Text
from kaigong.views.form import sheet
from kaigong.views.materials import materials

from .building import CATALOGUE, ENTERPRISE, MORNING, OTHER_ENTERPRISE, Case, credit, named

SHIPPED = catalog.load()
FIELDS = SHIPPED.form.fields
M2 = Text(zh="平方米", en="m²")
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


def number(code: str, decimals: int = 2, **more: object) -> FormField:
    said = {"kind": "number", "unit": M2, "least": -10, "most": 1_000_000, "decimals": decimals, **more}
    return FormField.model_validate({"code": code, "name": named(code), **said})


def of_kind(code: str, kind: str, **more: object) -> FormField:
    return FormField.model_validate({"code": code, "name": named(code), "kind": kind, **more})


AREA, PLAIN = number("area"), number("plain", 0)
START, END = of_kind("start", "date"), of_kind("end", "date")
BUILDER = of_kind("builder", "organisation")
NATURE = of_kind(
    "nature",
    "choice",
    options=[
        {"code": "new", "name": {"zh": "新建", "en": "New"}},
        {"code": "old", "name": {"zh": "改建", "en": "Old"}},
    ],
)
PERSON = of_kind("person", "text", longest=10, filled_from=["project", "enterprise", "record.legal_representative"])


def reads(field: FormField, said: str) -> str | None:
    return form.read(field, said)[0]


def why(field: FormField, said: str) -> str:
    value, problem = form.read(field, said)
    assert value is None
    assert problem
    for text in (problem.text.zh, problem.text.en):
        assert field.name.zh in text or field.name.en in text
    return problem.code


# one value


@given(value=st.decimals(min_value=-10, max_value=1_000_000, places=2), way=st.integers(0, 4))
def test_a_number_is_read_however_it_is_written(value: Decimal, way: int) -> None:
    written = f"{value:f}"
    said = (written, f"{value:,f}", written.translate(WIDE), f" {written} 平方米 ", f"{written} ㎡")[way]
    found = reads(AREA, said)
    assert found is not None
    assert Decimal(found) == value
    assert reads(AREA, found) == found
    assert found == found.strip()


@pytest.mark.parametrize(
    ("field", "said", "code"),
    [
        (AREA, "十二", "form-number"),
        (AREA, "1,2345", "form-number"),
        (AREA, "1.2.3", "form-number"),
        (AREA, "1e3", "form-unit"),
        (AREA, "12 亩", "form-unit"),
        (AREA, "1.5 公顷", "form-unit"),
        (AREA, "1.234", "form-decimals"),
        (PLAIN, "1.5", "form-decimals"),
        (AREA, "-11", "form-range"),
        (AREA, "1000000.01", "form-range"),
        (START, "2026-02-30", "form-date"),
        (START, "0026-02-03", "form-date"),
        (START, "明年", "form-date"),
        (NATURE, "拆除", "form-choice"),
        (PERSON, "一二三四五六七八九十一", "form-length"),
        (BUILDER, "中建", "form-organisation"),
        (BUILDER, "91411402MA0KG0002N", "form-organisation"),
        (BUILDER, "商丘样例建设有限公司 91411402MA0KG0002I", "form-credit-code"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_field(field: FormField, said: str, code: str) -> None:
    assert why(field, said) == code


@given(day=st.dates(date(1990, 1, 1), date(2199, 12, 31)), way=st.integers(0, 4))
def test_a_date_is_read_in_any_of_the_usual_ways(day: date, way: int) -> None:
    written = day.isoformat()
    said = (
        written,
        written.translate(WIDE),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    )[way]
    assert reads(START, said) == written


def test_a_choice_is_read_by_its_code_and_its_names_and_an_organisation_with_its_code() -> None:
    assert [reads(NATURE, said) for said in ("new", "新建", " NEW ", "ｎｅｗ")] == ["new"] * 4
    name = "商丘样例建设有限公司"
    assert reads(BUILDER, name) == name
    for said in (f"{name} 91411402MA0KG0002N", f"{name}（91411402ma0kg0002n）", f"{name}，９１４１１４０２MA0KG0002N"):
        assert form.read(BUILDER, said) == (f"{name} 91411402MA0KG0002N", None)
    value, problem = form.read(BUILDER, f"{name} 91411402MA0KG0002P")
    assert value
    assert problem
    assert (problem.code, problem.certain) == ("form-check", False)


@given(field=st.sampled_from(sorted(FIELDS)), said=st.text(min_size=1, max_size=200))
def test_whatever_is_typed_is_read_or_told_and_what_is_read_reads_the_same_again(field: str, said: str) -> None:
    value, problem = form.read(FIELDS[field], said)
    assert (value is None) == bool(problem and problem.certain)
    if value is not None and FIELDS[field].kind is not FieldKind.TEXT:
        assert form.read(FIELDS[field], value)[0] == value
    if problem:
        assert FIELDS[field].name.zh in problem.text.zh
        assert normalize("NFKC", FIELDS[field].name.en) in normalize("NFKC", problem.text.en)


# several values

WHOLE, PARTS = number("whole"), [number(f"part-{n}") for n in range(3)]


def related(kind: str, field: FormField, *of: FormField, certain: bool = True) -> Form:
    relation = Relation.model_validate(
        {"kind": kind, "field": field.code, "of": tuple(f.code for f in of), "certain": certain}
    )
    group = FieldGroup(code="all", name=named("all"), fields=(field, *of))
    return Form(groups=(group,), relations=(relation,))


def problems(asked: Form, values: dict[str, str]) -> list[str]:
    wanted = tuple(form.Asked(field=f, matters=("m",), required=False) for f in asked.fields.values())
    found = form.look(values, wanted, asked).problems
    assert all(problem.certain == asked.relations[0].certain for problem in found)
    return [problem.code for problem in found]


@given(parts=st.lists(st.decimals(0, 1000, places=2), min_size=3, max_size=3), off=st.decimals(-50, 50, places=2))
def test_parts_add_up_to_the_whole_but_for_what_rounding_takes(parts: list[Decimal], off: Decimal) -> None:
    values = {f"part-{n}": f"{part:f}" for n, part in enumerate(parts)} | {"whole": f"{sum(parts) + off + 100:f}"}
    whole = related("sum", WHOLE, *PARTS)
    wrong = abs(off + 100) > Decimal("0.02")
    assert problems(whole, values) == (["form-sum"] if wrong else [])
    assert problems(whole, values | {"whole": f"{sum(parts):f}"}) == []
    one_blank = {**values, "part-0": "", "whole": f"{sum(parts[1:]):f}"}
    assert problems(whole, one_blank) == []  # the blank one may be nothing
    assert problems(whole, one_blank | {"whole": f"{sum(parts[1:]) - 1:f}"}) == ["form-sum"]  # it cannot be less


@given(one=st.dates(date(2000, 1, 1), date(2100, 1, 1)), later=st.integers(-500, 500))
def test_dates_are_in_order(one: date, later: int) -> None:
    values = {"start": one.isoformat(), "end": (one + timedelta(days=later)).isoformat()}
    assert problems(related("not-before", END, START), values) == (["form-not-before"] if later < 0 else [])


@given(part=st.decimals(0, 1000, places=2), whole=st.decimals(0, 1000, places=2))
def test_a_part_is_no_more_than_the_whole(part: Decimal, whole: Decimal) -> None:
    values = {"part-0": f"{part:f}", "whole": f"{whole:f}"}
    asked = related("at-most", PARTS[0], WHOLE, certain=False)
    assert problems(asked, values) == (["form-at-most"] if part > whole else [])


def test_a_product_may_be_a_tenth_off_before_people_are_told() -> None:
    asked = related("product", WHOLE, PARTS[0], PARTS[1], certain=False)
    given_ = {"part-0": "10000", "part-1": "1.5"}
    assert [problems(asked, {**given_, "whole": w}) for w in ("15000", "16500", "13500", "16501", "13499")] == [
        [],
        [],
        [],
        ["form-product"],
        ["form-product"],
    ]
    assert problems(asked, {"part-0": "10000", "whole": "1"}) == []


def test_a_problem_of_a_shipped_relation_names_every_field_in_both_languages() -> None:
    values = {"total-investment": "100", "own-funds": "50", "bank-loans": "30", "other-funds": "30"}
    found = form.applied(values, ["project-filing"], (), SHIPPED)
    (problem,) = found.wrong
    for code in values:
        assert FIELDS[code].name.zh in problem.text.zh
        assert FIELDS[code].name.en in problem.text.en
    assert "110" in problem.text.zh


# asked once


@given(matters=st.lists(st.sampled_from(sorted(SHIPPED.matters)), min_size=1, unique=True), data=st.data())
def test_every_field_is_asked_once_and_a_commitment_requires_none(matters: list[str], data: st.DataObject) -> None:
    committed = data.draw(st.sets(st.sampled_from(matters)))
    asked = form.applied({}, matters, committed, SHIPPED).asked
    wanted = {entry.field for code in matters for entry in SHIPPED.matters[code].form}
    assert sorted(entry.field.code for entry in asked) == sorted(wanted)
    assert {entry.field.code for entry in asked if entry.required} == {
        item.field for code in set(matters) - committed for item in SHIPPED.matters[code].form if item.required
    }


# in the place of its paper


def catalogue() -> Catalogue:
    """The catalogue of the tests, its `form` being the application form, of which two matters ask for fields."""
    groups = (FieldGroup(code="all", name=named("all"), fields=(AREA, START, PERSON)),)
    asked = {"soil": (MatterField(field="area"), MatterField(field="person", required=False))}
    asked["fire-review"] = asked["planning"] = (MatterField(field="area"), MatterField(field="start"))
    return CATALOGUE.changed(
        materials={**CATALOGUE.materials, "form": CATALOGUE.materials["form"].changed(by_form=True)},
        matters={c: m.changed(form=asked.get(c, ())) for c, m in CATALOGUE.matters.items()},
        form=Form(groups=groups),
    )


FILLED = {"area": "１２，０００.５0 平方米", "start": "2026年4月1日"}


def handed_in(*matters: str, papers: str = "drawings fire-plan soil-plan", **said: object) -> Case:
    case = Case(catalogue(), said.pop("credit", None))  # type: ignore[arg-type] - a record or none
    case.project = said.pop("project_standing", case.project)  # type: ignore[assignment] - likewise
    case.upload(*papers.split())
    case.submit(*matters, **said)  # type: ignore[arg-type] - fields of a manifest
    case.advance()
    return case


def returned(case: Case) -> list[NoticeItem]:
    assert case.header.status is Status.RETURNED
    return list(case.last_notice(NoticeKind.RETURNED).items)


def test_a_complete_form_takes_the_place_of_its_paper_and_departments_read_it() -> None:
    case = handed_in("soil", "fire-review", form=FILLED | {"person": "王工"})
    assert case.header.status is Status.IN_REVIEW
    assert case.packet.form
    assert case.packet.form.values == {"area": "12000.5", "start": "2026-04-01", "person": "王工"}
    tasks = delivery.tasks(case.packet, tuple(case.orders()), case.catalogue, case.now)
    said = {task.matter: {entry.field: entry.value for entry in task.form} for task in tasks}
    assert said == {
        "soil": {"area": "12000.5", "person": "王工"},
        "fire-review": {"area": "12000.5", "start": "2026-04-01"},
    }
    assert all(task.materials[0].replaced_by is Replacement.FORM for task in tasks)
    row = next(m for m in materials(case.packet, case.catalogue, case.now.date()).materials if m.slot == "form")
    assert row.replaced_by is Replacement.FORM
    shown = sheet(case.packet, case.catalogue)
    assert shown
    assert len(shown.groups[0].rows) == 3


def test_without_data_the_paper_is_asked_for_and_with_the_paper_no_data_are() -> None:
    (item,) = returned(handed_in("soil"))
    assert (item.code, item.slot) == ("material-missing", "form")
    on_paper = handed_in("soil", papers="form soil-plan")
    assert on_paper.header.status is Status.IN_REVIEW
    assert on_paper.packet.form is None
    assert sheet(on_paper.packet, on_paper.catalogue) is None


def test_an_incomplete_form_without_paper_is_returned_with_what_is_missing() -> None:
    (item,) = returned(handed_in("soil", "fire-review", form={"area": "12", "person": " "}))
    assert (item.code, item.slot, item.field) == ("form-incomplete", "form", "start")
    assert START.name.zh in item.text.zh
    assert AREA.name.zh not in item.text.zh
    with_paper = handed_in("soil", "fire-review", papers="form drawings fire-plan soil-plan", form={"area": "12"})
    assert with_paper.packet.form
    assert not with_paper.packet.form.complete


def test_a_value_that_cannot_be_is_returned_also_beside_the_paper() -> None:
    for papers in ("soil-plan", "form soil-plan"):
        (item,) = returned(handed_in("soil", papers=papers, form={"area": "十二亩"}))
        assert (item.code, item.field) == ("form-number", "area")


def test_what_is_applied_for_again_has_what_the_form_said_of_its_matters() -> None:
    taken = handed_in("soil", "fire-review", form=FILLED | {"person": "王工"})
    assert form_of(taken.packet, ("soil",), taken.catalogue) == {"area": "12000.5", "person": "王工"}
    assert form_of(taken.packet, ("fire-review",), taken.catalogue) == {"area": "12000.5", "start": "2026-04-01"}
    came_back = handed_in("soil", papers="soil-plan", form={"area": "十二亩"})
    assert form_of(came_back.packet, ("soil",), came_back.catalogue) == {"area": "十二亩"}
    for nothing in (handed_in("soil"), Case(catalogue())):
        assert form_of(nothing.packet, ("soil",), nothing.catalogue) is None


def test_a_matter_done_by_commitment_needs_no_field_and_its_officer_sees_what_there_is() -> None:
    more = {"commitments": ("planning",), "credit": credit()}
    case = handed_in("planning", "soil", form={"area": "12"}, **more)
    assert case.header.status is Status.IN_REVIEW
    assert case.packet.routes["planning"] is Route.COMMITMENT
    assert [entry.field for entry in delivery.filled(case.packet, case.catalogue, "planning")] == ["area"]


def test_a_correction_of_the_form_comes_as_data_or_as_paper() -> None:
    for again, expected in (
        ({"form": {"area": "13"}}, Status.IN_REVIEW),
        ({"form": {"area": "12"}}, Status.CORRECTING),  # as it was
        ({"form": {"area": "x"}}, Status.CORRECTING),
        ({"form": {"person": "王工"}}, Status.CORRECTING),
        ({}, Status.CORRECTING),
        ({"paper": True}, Status.IN_REVIEW),
    ):
        case = handed_in("soil", form={"area": "12"})
        case.decide("soil", Outcome.CORRECT, DecisionReason(slot="form", text="面积不符"))
        case.advance()
        assert case.header.status is Status.CORRECTING
        if again.get("paper"):
            case.upload("form")
        case.submit("soil", **({"form": again["form"]} if "form" in again else {}))
        case.advance()
        assert case.header.status is expected, again
        assert case.packet.form
        assert case.packet.form.values == {"area": "13" if again == {"form": {"area": "13"}} else "12"}


# what is on record


def other(packet: str, days: int, said: dict[str, str], uscc: str = ENTERPRISE.uscc) -> OtherPacket:
    return OtherPacket(packet=packet, uscc=uscc, form=said, accepted_at=MORNING - timedelta(days=days))


def test_a_field_is_filled_in_from_the_first_place_that_knows_it() -> None:
    basic = BasicData(name=ENTERPRISE.name, legal_representative="张开")
    older, newer = other("p-1", 9, {"area": "1", "person": "甲"}), other("p-2", 3, {"area": "2"})
    assert form.known([AREA, PERSON, START], basic, [older, newer]) == {
        "area": Known(value="2", source=FilledFrom.PROJECT, packet="p-2"),
        "person": Known(value="甲", source=FilledFrom.PROJECT, packet="p-1"),
    }
    assert form.known([AREA, PERSON], basic, [], [older]) == {
        "person": Known(value="甲", source=FilledFrom.ENTERPRISE, packet="p-1")
    }
    assert form.known([PERSON], basic, []) == {
        "person": Known(value="张开", source=FilledFrom.LEGAL_REPRESENTATIVE, packet="")
    }


def test_officers_are_told_what_differs_from_the_record_of_the_same_enterprise() -> None:
    project = ProjectStanding(
        others=(
            other("p-1", 9, {"area": "99", "person": "王工"}),
            other("p-2", 3, {"area": "5"}, OTHER_ENTERPRISE.uscc),
        )
    )
    case = handed_in("soil", form={"area": "12", "person": "王工"}, project_standing=project)
    area, person = delivery.filled(case.packet, case.catalogue, "soil")
    assert "99" in area.notes[0].zh
    assert "p-1" in area.notes[0].en
    assert person.notes == ()


def test_what_the_ledger_keeps_tells_one_form_from_another() -> None:
    events = [e for entry in handed_in("soil", form={"area": "12"}).entries for e in entry.events]
    kept = next(e for e in events if e["event"] == "accepted")
    assert kept["form"] == form.digest({"area": "12"}) != form.digest({"area": "13"})


def test_what_is_begun_and_what_is_blank() -> None:
    nothing = form.applied({"site-area": "  ", "unasked": "x"}, ["land-use-permit"], (), SHIPPED)
    assert not nothing.begun
    assert not nothing.complete
