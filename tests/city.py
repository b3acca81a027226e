"""A catalogue of the city's full size (mission 1 and 11), written as data files as the city would keep them.

The shipped catalogue, over and over: the same texts, materials and prerequisites under other codes, so that the files
are as heavy as real ones. Every repetition has materials of its own; what all share is handed in once in the city too.
"""

import json
from collections.abc import Iterable
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from kaigong.catalog import DATA

DEPARTMENTS, MATTERS, SUPERVISED = 40, 2147, 831
SAMPLE = "sample.pdf"
_SHARED = {"application-form", "business-licence", "authorisation", "commitment-letters"}

Entry = dict[str, Any]


def write_city(folder: Path) -> None:
    """Write the whole catalogue into `folder`, one file of matters per department, with one sample for all."""
    (folder / "matters").mkdir(parents=True)
    (folder / "samples").mkdir()
    (folder / "samples" / SAMPLE).write_bytes(b"")
    departments = _departments()
    matters = list(islice(chain.from_iterable(map(_repetition, count())), MATTERS))
    for place, matter in enumerate(matters):
        matter["department"] = departments[place % DEPARTMENTS]["code"]
        matter.pop("supervisor", None)
    for matter in matters[:SUPERVISED]:
        matter["supervisor"] = matter["department"]
    codes = {matter["code"] for matter in matters}
    for matter in matters:  # the last repetition is cut short
        matter["prerequisites"] = [code for code in matter.get("prerequisites", ()) if code in codes]
        matter["absence"] = {code: said for code, said in matter.get("absence", {}).items() if code in codes}
    asked = {item["material"] for matter in matters for item in matter["materials"]}
    materials = [material for material in _materials() if material["code"] in asked or material.get("letters")]
    for material in materials:
        if material.get("result_of") not in codes:
            material.pop("result_of", None)
    shipped = len(_read("matters"))
    files: dict[str, object] = {
        "catalogue.json": {"version": "full"},
        "departments.json": departments,
        "materials.json": materials,
        "processes.json": _processes(matters[shipped:]),
        "letters.json": _read("letters"),
        "form.json": json.loads((DATA / "form.json").read_text(encoding="utf-8")),
        "schemes.json": _read("schemes"),
        "calendar.json": {},
    }
    for department in departments:
        own = [matter for matter in matters if matter["department"] == department["code"]]
        files[f"matters/{department['code']}.json"] = own
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")


def _read(name: str) -> list[Entry]:
    paths = sorted((DATA / name).glob("*.json")) if (DATA / name).is_dir() else [DATA / f"{name}.json"]
    return [entry for path in paths for entry in json.loads(path.read_text(encoding="utf-8"))]


def _departments() -> list[Entry]:
    shipped = _read("departments")
    return [
        shipped[n] if n < len(shipped) else shipped[n % len(shipped)] | {"code": f"department-{n}", "role": "service"}
        for n in range(DEPARTMENTS)
    ]


def _repetition(number: int) -> Iterable[Entry]:
    """The shipped matters under the codes of one repetition; those of the first are the shipped ones themselves."""
    for matter in _read("matters"):
        if number:
            matter |= {
                "code": _named(matter["code"], number),
                "number": f"{matter['number']}-{number}",
                "prerequisites": [_named(code, number) for code in matter.get("prerequisites", ())],
                "absence": {_named(code, number): said for code, said in matter.get("absence", {}).items()},
                "routes": [route for route in matter.get("routes", ["approval"]) if route != "commitment"],
                "materials": [
                    item | {"material": code if (code := item["material"]) in _SHARED else _named(code, number)}
                    for item in matter["materials"]
                ],
            }
            matter.pop("commitment_number", None)
        yield matter


def _materials() -> list[Entry]:
    repetitions = -(-MATTERS // len(_read("matters")))
    return [
        material
        | {"code": _named(material["code"], number), "sample": SAMPLE}
        | ({"result_of": _named(material["result_of"], number)} if "result_of" in material else {})
        for number in range(repetitions)
        for material in _read("materials")
        if not number or material["code"] not in _SHARED
    ]


def _processes(others: list[Entry]) -> list[Entry]:
    """The shipped processes, and two that hold every other matter, joint acceptance apart."""
    late = [matter["code"] for matter in others if matter["stage"] == "acceptance"]
    early = [matter["code"] for matter in others if matter["stage"] != "acceptance"]
    name = {"zh": "其余事项", "en": "All other matters"}
    return [
        *_read("processes"),
        {"code": "others", "name": name, "matters": early},
        {"code": "others-acceptance", "name": name, "joint_acceptance": True, "matters": late},
    ]


def _named(code: str, number: int) -> str:
    return f"{code[:33]}-x{number}" if number else code
