"""The loader refuses a catalogue that does not fit together, and names the file, the entry and the reason."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kaigong.catalog import DATA, CatalogueError, load, load_from
from kaigong.domain.catalogue import Catalogue

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


def refused(folder: Path, samples: frozenset[str] = SAMPLES) -> set[tuple[str, str, str]]:
    with pytest.raises(CatalogueError) as caught:
        load_from(folder, samples=samples)
    for problem in caught.value.problems:
        assert f"{problem.file}：{problem.entry}：{problem.zh}" in caught.value.zh
        assert f"{problem.file}: {problem.entry}: {problem.en}" in caught.value.en
    return {(problem.file, problem.entry, problem.en) for problem in caught.value.problems}


HOUSING, RESOURCES, POWER = "matters/housing.json", "matters/resources.json", "matters/power.json"
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
            "a tolerated matter needs at least one non-main material",
        ),
        (
            RESOURCES,
            on("planning-permit", number="SQ-POWER-01-C"),
            "planning-permit",
            "number 'SQ-POWER-01-C' is already that of power-connection",
        ),
        ("processes.json", on("general", matters=["party"]), "general", "unknown matter 'party'"),
        (
            "processes.json",
            on("general", matters=["fire-acceptance", "fire-acceptance"]),
            "general",
            "matter 'fire-acceptance' is listed twice",
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
    edit(folder, "processes.json", on("general", matters=["party"]))
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
    owned = {matter.code for matter in load().matters.values() if matter.department == code}
    assert {(entry, reason) for _, entry, reason in refused(folder)} == {
        (matter, f"unknown department {code!r}") for matter in owned
    }


def ancestors(catalogue: Catalogue, code: str) -> set[str]:
    before = set(catalogue.matters[code].prerequisites)
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


def test_a_catalogue_of_the_citys_full_size_loads(tmp_path: Path) -> None:
    departments, matters = 40, 2147  # mission 1 and 11
    name = {"zh": "名称", "en": "Name"}

    def matter(number: int) -> Entry:
        own = [{"material": f"paper-{number % 300}", "main": False}, {"material": "licence"}]
        return {
            "code": f"matter-{number}",
            "name": name,
            "stage": "alongside",
            "department": f"d{number % departments}",
            "legal_days": 20,
            "promised_days": 1,
            "routes": ["approval", "tolerated"],
            "number": str(number),
            "prerequisites": [f"matter-{number - 1}"] if number % 5 else [],
            "materials": own,
        }

    papers = ["licence", *(f"paper-{number}" for number in range(300))]
    files: dict[str, object] = {
        "catalogue.json": {"version": "full"},
        "departments.json": [{"code": f"d{number}", "name": name} for number in range(departments)],
        "materials.json": [{"code": code, "name": name, "sample": "s.pdf"} for code in papers],
        "processes.json": [{"code": "all", "name": name, "matters": [f"matter-{n}" for n in range(matters)]}],
        **{
            f"matters/d{d}.json": [matter(number) for number in range(d, matters, departments)]
            for d in range(departments)
        },
    }
    (tmp_path / "matters").mkdir()
    for file, content in files.items():
        (tmp_path / file).write_text(json.dumps(content), encoding="utf-8")
    catalogue = load_from(tmp_path, samples={"s.pdf"})
    assert (len(catalogue.departments), len(catalogue.matters), len(catalogue.slots)) == (40, 2147, 301)


def test_the_catalogue_is_read_once_per_process() -> None:
    assert load() is load()
