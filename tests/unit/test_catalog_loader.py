"""The loader refuses a catalogue that does not fit together, and names the file, the entry and the reason."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kaigong.catalog import DATA, CatalogueError, load, load_from, open_folder
from kaigong.domain.model.catalogue import Catalogue

from tests.city import write_city

Entry = dict[str, Any]
SAMPLES = frozenset(path.name for path in (DATA / "samples").iterdir())
# Fixtures of one test are shared by its examples; every example here copies the catalogue into a folder of its own.
PROPERTY = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[], Path]:
    """Makes a fresh copy of the catalogue, without the bytes of its samples."""

    def make() -> Path:
        target = tmp_path / f"copy-{len(list(tmp_path.iterdir()))}"
        shutil.copytree(DATA, target, ignore=shutil.ignore_patterns("samples"))
        return target

    return make


def edit(folder: Path, name: str, change: Callable[[list[Entry]], object]) -> None:
    path = folder / name
    entries = json.loads(path.read_text(encoding="utf-8"))
    change(entries)
    path.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")


def on(code: str, **fields: object) -> Callable[[list[Entry]], None]:
    """A change that sets fields of the entry with that code."""

    def change(entries: list[Entry]) -> None:
        next(entry for entry in entries if entry["code"] == code).update(fields)

    return change


def adding(**fields: object) -> Callable[[list[Entry]], None]:
    """A change that appends a copy of the first entry with other fields."""
    return lambda entries: entries.append(entries[0] | fields)


def letter(code: str, **fields: object) -> Callable[[list[Entry]], None]:
    """A change that sets fields of the letter of that matter."""

    def change(entries: list[Entry]) -> None:
        next(entry for entry in entries if entry["matter"] == code).update(fields)

    return change


def refused(folder: Path, samples: frozenset[str] = SAMPLES) -> set[tuple[str, str, str]]:
    with pytest.raises(CatalogueError) as caught:
        load_from(folder, samples=samples)
    for problem in caught.value.problems:
        assert f"{problem.file}：{problem.entry}：{problem.zh}" in caught.value.zh
        assert f"{problem.file}: {problem.entry}: {problem.en}" in caught.value.en
    return {(problem.file, problem.entry, problem.en) for problem in caught.value.problems}


HOUSING, RESOURCES, POWER = "matters/housing.json", "matters/resources.json", "matters/power.json"
KINDS = (
    "a material of an intermediary says which kinds are fit for it (drawn_up_by; [] for its own certificate), and "
    "no other does"
)
LICENCE = {"material": "business-licence"}


@pytest.mark.parametrize(
    ("file", "change", "entry", "reason"),
    [
        (POWER, on("power-connection", department="gas"), "power-connection", "unknown department 'gas'"),
        (
            HOUSING,
            on("fire-acceptance", materials=[{"material": "photos"}]),
            "fire-acceptance",
            "unknown material 'photos'",
        ),
        (
            HOUSING,
            on("fire-acceptance", materials=[LICENCE, LICENCE]),
            "fire-acceptance",
            "material 'business-licence' is listed twice",
        ),
        (
            HOUSING,
            on("construction-permit", prerequisites=["land"]),
            "construction-permit",
            "unknown prerequisite 'land'",
        ),
        (HOUSING, on("fire-acceptance", routes=[]), "fire-acceptance", "it has no route"),
        (
            RESOURCES,
            on("land-use-permit", commitment_number=None),
            "land-use-permit",
            "the commitment route and commitment_number come together or not at all",
        ),
        (
            RESOURCES,
            on("site-opinion", commitment_number="SQ-RESOURCES-01-C"),
            "site-opinion",
            "the commitment route and commitment_number come together or not at all",
        ),
        (
            HOUSING,
            on("construction-permit", materials=[LICENCE]),
            "construction-permit",
            "a tolerated matter needs at least one non-main paper",
        ),
        (
            RESOURCES,
            on("planning-permit", number="SQ-POWER-01-C"),
            "planning-permit",
            "number 'SQ-POWER-01-C' is already that of power-connection",
        ),
        (POWER, on("power-connection", supervisor="gas"), "power-connection", "unknown supervisor 'gas'"),
        (
            "matters/reform.json",
            on("project-filing", rules=["looks-good"]),
            "project-filing",
            "unknown rule 'looks-good'",
        ),
        (
            "processes.json",
            on("general", matters=["project-filing", "fire-acceptance"]),
            "general",
            "matter 'fire-acceptance' is of the acceptance stage; a project type of joint acceptance has such "
            "matters only, and no other has any",
        ),
        (
            "processes.json",
            on("joint-acceptance", start_matters=[], matters=["fire-acceptance", "project-filing"]),
            "joint-acceptance",
            "matter 'project-filing' is not of the acceptance stage; a project type of joint acceptance has such "
            "matters only, and no other has any",
        ),
        ("letters.json", letter("power-connection", matter="sun"), "sun", "unknown matter 'sun'"),
        (
            "letters.json",
            letter("power-connection", matter="project-filing"),
            "project-filing",
            "the matter does not take a commitment",
        ),
        (
            "letters.json",
            letter("power-connection", matter="land-use-permit"),
            "land-use-permit",
            "the matter has two letters",
        ),
        (
            POWER,
            adding(code="solar", number="S", commitment_number="S-C"),
            "solar",
            "it takes a commitment, and letters.json has no letter for it",
        ),
        ("schemes.json", list.clear, "-", "there must be at least one credit scheme"),
        ("schemes.json", on("default", grades=["A", "B", "A"]), "default", "grade 'A' is listed twice"),
        ("schemes.json", adding(), "default", "the code is already used in schemes.json"),
        (
            "materials.json",
            on("drawings", letters=True),
            "drawings",
            "the commitment letters come with the applicant's choice; no matter lists them",
        ),
        ("processes.json", on("general", matters=["party"]), "general", "unknown matter 'party'"),
        (
            "processes.json",
            on("general", matters=["project-filing", "project-filing"]),
            "general",
            "matter 'project-filing' is listed twice",
        ),
        (
            "processes.json",
            on("industrial", start_matters=["energy-review"]),
            "industrial",
            "start matter 'energy-review' is not one of its matters",
        ),
        ("departments.json", adding(), "approvals", "the code is already used in departments.json"),
        ("materials.json", adding(), "application-form", "the code is already used in materials.json"),
        (POWER, adding(), "power-connection", f"the code is already used in {POWER}"),
        ("processes.json", adding(), "industrial", "the code is already used in processes.json"),
        (
            "matters/water.json",
            adding(code="power-connection"),
            "power-connection",
            f"the code is already used in {POWER}",
        ),
        ("materials.json", adding(code="poem"), "poem", "no matter asks for this material"),
        (
            "materials.json",
            on("drawings", sample="none.pdf"),
            "drawings",
            "its sample 'none.pdf' is not in the folder samples",
        ),
        ("materials.json", on("drawings", formats=["dwg"]), "drawings", "unknown format 'dwg'"),
        (
            "materials.json",
            lambda entries: next(e for e in entries if e["code"] == "drawings").pop("drawn_up_by"),
            "drawings",
            KINDS,
        ),
        (
            "materials.json",
            on("application-form", drawn_up_by=["soil"]),
            "application-form",
            KINDS,
        ),
        (
            "intermediaries.json",
            on("91411402MA0KG10132", qualifications=[]),
            "91411402MA0KG10132",
            "it names nothing that it is qualified for",
        ),
        ("intermediaries.json", adding(), "91411402MA0KG10132", "the code is already used in intermediaries.json"),
        (
            "intermediaries.json",
            adding(code="9141"),
            "9141",
            "its code does not have the shape of a credit code",
        ),
        (
            "materials.json",
            on("drawings", intermediary=None),
            "drawings",
            "a material drawn up by an intermediary names the kind of intermediary, and no other does",
        ),
    ],
)
def test_entries_that_do_not_fit_together_are_refused_by_file_entry_and_reason(
    copy: Callable[[], Path], file: str, change: Callable[[list[Entry]], None], entry: str, reason: str
) -> None:
    folder = copy()
    edit(folder, file, change)
    assert (file, entry, reason) in refused(folder)


def field(named: str, **fields: object) -> Callable[[Entry], None]:
    """A change of one field of the form; None takes a property out."""

    def change(form: Entry) -> None:
        found = next(f for group in form["groups"] for f in group["fields"] if f["code"] == named)
        found.update({name: value for name, value in fields.items() if value is not None})
        for name in [name for name, value in fields.items() if value is None]:
            del found[name]

    return change


def relation(**fields: object) -> Callable[[Entry], None]:
    return lambda form: form["relations"].append(fields)


@pytest.mark.parametrize(
    ("change", "entry", "reason"),
    [
        (field("trees", code="sewage"), "sewage", "the code is used twice"),
        (field("trees", most=None), "trees", "a number needs a range, least no larger than most"),
        (field("contract-price", unit=None), "contract-price", "an amount of money needs a unit"),
        (field("river", decimals=2), "river", "only numbers and money have a unit, a range and decimals"),
        (
            field("river", options=[{"code": "a", "name": {"zh": "甲", "en": "A"}}] * 2),
            "river",
            "a choice has two options or more, each with names of its own; no other kind has any",
        ),
        (
            relation(kind="at-most", field="trees", of=["sun"]),
            "trees",
            "a relation names the unknown field 'sun'",
        ),
        (
            relation(kind="sum", field="sewage", of=["water-use"]),
            "sewage",
            "a relation 'sum' names too many or too few fields, or one twice",
        ),
        (
            relation(kind="not-before", field="sewage", of=["water-use"]),
            "sewage",
            "a relation 'not-before' is between dates",
        ),
        (
            relation(kind="at-most", field="sewage", of=["site-area"]),
            "sewage",
            "fields that are added or compared need the same unit",
        ),
    ],
)
def test_a_form_that_does_not_fit_is_refused_by_field_and_reason(
    copy: Callable[[], Path], change: Callable[[Entry], None], entry: str, reason: str
) -> None:
    folder = copy()
    path = folder / "form.json"
    form = json.loads(path.read_text(encoding="utf-8"))
    change(form)
    path.write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    assert ("form.json", entry, reason) in refused(folder)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["sun"], "the form has no field 'sun'"),
        (["power-load", "power-load"], "field 'power-load' is listed twice"),
        ([], "a matter that asks for the application form (by_form) lists its fields (form), and no other does"),
        ([f"f-{n}" for n in range(41)], "a matter asks for 40 fields at most"),
    ],
)
def test_a_matter_asks_for_fields_of_the_form(copy: Callable[[], Path], asked: list[str], reason: str) -> None:
    folder = copy()
    edit(folder, POWER, on("power-connection", form=[{"field": code} for code in asked]))
    assert (POWER, "power-connection", reason) in refused(folder)


def test_a_catalogue_without_a_form_asks_for_paper_alone(copy: Callable[[], Path]) -> None:
    folder = copy()
    (folder / "form.json").unlink()
    (folder / "policies.json").unlink()  # they ask for what the form says
    for path in folder.glob("matters/*.json"):
        edit(folder, f"matters/{path.name}", lambda entries: [entry.pop("form") for entry in entries])
    edit(folder, "materials.json", lambda entries: entries[0].pop("by_form"))
    assert load_from(folder, samples=SAMPLES).form.fields == {}


@pytest.mark.parametrize("code", ["Water", "water_works", "-water", "water-", "水利", "", "w" * 25])
def test_a_code_of_a_wrong_shape_is_refused(copy: Callable[[], Path], code: str) -> None:
    folder = copy()
    edit(folder, "departments.json", lambda entries: entries[5].update(code=code))
    [(file, entry, reason)] = refused(folder)
    assert (file, entry) == ("departments.json", code or "#6")
    assert reason.startswith("code: String should")


def test_an_unknown_field_is_refused_by_its_name(copy: Callable[[], Path]) -> None:
    folder = copy()
    edit(folder, POWER, on("power-connection", promised_hours=4))
    assert refused(folder) == {(POWER, "power-connection", "promised_hours: Extra inputs are not permitted")}


def test_a_letter_of_a_wrong_shape_is_named_by_its_matter(copy: Callable[[], Path]) -> None:
    folder = copy()
    edit(folder, "letters.json", letter("power-connection", version=0))
    [(file, entry, reason)] = refused(folder)
    assert (file, entry, reason.partition(":")[0]) == ("letters.json", "power-connection", "version")


def test_an_entry_that_is_no_object_is_named_by_its_place(copy: Callable[[], Path]) -> None:
    folder = copy()
    edit(folder, "departments.json", lambda entries: entries.insert(1, "water"))
    [(file, entry, _)] = refused(folder)
    assert (file, entry) == ("departments.json", "#2")


def test_a_file_that_is_no_json_or_missing_is_refused_together_with_the_others(copy: Callable[[], Path]) -> None:
    folder = copy()
    (folder / "materials.json").write_text("[{", encoding="utf-8")
    (folder / "processes.json").unlink()
    (folder / "catalogue.json").write_text('{"edition": 1}', encoding="utf-8")
    found = {(file, entry): reason for file, entry, reason in refused(folder)}
    assert found.pop(("materials.json", "-")).startswith("Invalid JSON")
    assert found.pop(("processes.json", "-")) == "the file does not exist"
    assert found.keys() == {("catalogue.json", "-")}


def test_a_sample_that_is_missing_is_refused_by_the_material_that_names_it(copy: Callable[[], Path]) -> None:
    reason = "its sample 'land-contract.pdf' is not in the folder samples"
    assert refused(copy(), SAMPLES - {"land-contract.pdf"}) == {("materials.json", "land-contract", reason)}


def test_samples_are_looked_for_beside_the_catalogue(copy: Callable[[], Path]) -> None:
    folder = copy()
    shutil.copytree(DATA / "samples", folder / "samples")
    assert load_from(folder) == load()
    (folder / "samples" / "drawings.pdf").unlink()
    with pytest.raises(CatalogueError, match=r"materials\.json: drawings: its sample"):
        load_from(folder)


def test_every_problem_is_told_at_once(copy: Callable[[], Path]) -> None:
    folder = copy()
    edit(folder, POWER, on("power-connection", department="gas", prerequisites=["sun"]))
    edit(folder, "processes.json", on("general", matters=["party"], start_matters=[]))
    assert refused(folder) == {
        (POWER, "power-connection", "unknown department 'gas'"),
        (POWER, "power-connection", "unknown prerequisite 'sun'"),
        ("processes.json", "general", "unknown matter 'party'"),
    }


@PROPERTY
@given(code=st.sampled_from(sorted(load().departments)))
def test_without_a_department_each_of_its_matters_is_refused(copy: Callable[[], Path], code: str) -> None:
    folder = copy()
    edit(folder, "departments.json", lambda entries: entries.remove(next(e for e in entries if e["code"] == code)))
    matters = load().matters.values()
    assert {(entry, reason) for _, entry, reason in refused(folder)} == {
        (matter.code, f"unknown department {code!r}") for matter in matters if matter.department == code
    } | {(matter.code, f"unknown supervisor {code!r}") for matter in matters if matter.supervisor == code} | {
        (policy.code, f"unknown department {code!r}")
        for policy in load().policies.values()
        if policy.department == code
    }


def ancestors(catalogue: Catalogue, code: str) -> set[str]:
    before = set(catalogue.before(code))
    return before.union(*(ancestors(catalogue, each) for each in before))


@PROPERTY
@given(data=st.data())
def test_prerequisites_that_lead_back_to_their_matter_are_refused(
    copy: Callable[[], Path], data: st.DataObject
) -> None:
    catalogue = load()
    late = data.draw(st.sampled_from([code for code in catalogue.matters if catalogue.matters[code].prerequisites]))
    early = data.draw(st.sampled_from(sorted({late, *ancestors(catalogue, late)})))
    before = [*catalogue.matters[early].prerequisites, late]
    folder = copy()
    edit(folder, f"matters/{catalogue.matters[early].department}.json", on(early, prerequisites=before))
    [(_, entry, reason)] = refused(folder)
    assert reason.startswith(f"its prerequisites form a circle: {entry} → ")
    assert {early, late} <= set(reason.partition(": ")[2].split(" → "))


@pytest.mark.parametrize("read", [load_from, open_folder])
def test_a_catalogue_of_the_citys_full_size_loads(tmp_path: Path, read: Callable[[Path], Catalogue]) -> None:
    write_city(tmp_path / "city")
    city = read(tmp_path / "city")
    assert (len(city.departments), len(city.matters)) == (40, 2147)  # mission 1 and 11
    assert sum(matter.supervisor is not None for matter in city.matters.values()) == 831
    assert {matter.department for matter in city.matters.values()} == city.departments.keys()
    assert sum(matter.takes_commitment for matter in city.matters.values()) == 7
    assert len(city.slots) > len(city.matters)


def test_functions_read_what_the_checks_have_read(copy: Callable[[], Path]) -> None:
    folder = copy()
    assert open_folder(folder) == load_from(folder, samples=SAMPLES)


@pytest.mark.parametrize("name", ["materials.json", POWER, "letters.json"])
@pytest.mark.parametrize("content", ["[{", "", "{}[", "[1]", '[{"name": {}}]'])
def test_functions_do_not_start_with_a_file_that_does_not_parse(
    copy: Callable[[], Path], name: str, content: str
) -> None:
    folder = copy()
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        open_folder(folder)
    assert {problem.file for problem in caught.value.problems} == {name}


def test_a_question_that_leads_nowhere_or_shares_its_code_is_refused(copy: Callable[[], Path]) -> None:
    folder = copy()
    path = folder / "questions.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["always"][0]["matter"] = "no-such-matter"
    content["asked"][1]["answers"][0]["reasons"][0]["processes"] = ["no-such-process"]
    content["asked"] += [content["asked"][0] | {"code": "again"}, content["asked"][0] | {"answers": []}]
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    assert refused(folder) == {
        ("questions.json", "always", "unknown matter 'no-such-matter'"),
        ("questions.json", "trees", "unknown project type 'no-such-process'"),
        ("questions.json", "before", "the code of a question is used twice"),
        *(("questions.json", a["code"], "the code of an answer is used twice") for a in content["asked"][0]["answers"]),
    }


def test_functions_do_not_start_with_a_file_missing(copy: Callable[[], Path]) -> None:
    folder = copy()
    (folder / "materials.json").unlink()
    (folder / "calendar.json").unlink()
    with pytest.raises(CatalogueError) as caught:
        open_folder(folder)
    assert {(problem.file, problem.en) for problem in caught.value.problems} == {
        ("materials.json", "the file does not exist"),
        ("calendar.json", "the file does not exist"),
    }


def test_a_matter_of_a_wrong_shape_is_refused_when_a_function_asks_for_it_and_harms_no_other(
    copy: Callable[[], Path],
) -> None:
    folder = copy()
    edit(folder, POWER, on("power-connection", stage="later", promised_hours=4))
    catalogue = open_folder(folder)
    assert "power-connection" in catalogue.matters
    assert catalogue.matters["gas-connection"].code == "gas-connection"
    with pytest.raises(CatalogueError) as caught:
        catalogue.matters["power-connection"]
    assert {(p.file, p.entry, p.en.partition(":")[0]) for p in caught.value.problems} == {
        (POWER, "power-connection", "stage"),
        (POWER, "power-connection", "promised_hours"),
    }


def test_a_matter_that_there_is_not_is_no_entry() -> None:
    assert "poem" not in load().matters
    assert load().matters.get("poem") is None


def test_an_entry_is_read_once() -> None:
    assert load().matters["power-connection"] is load().matters["power-connection"]


def test_the_catalogue_is_read_once_per_process() -> None:
    assert load() is load()
