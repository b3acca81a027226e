"""What must hold between the entries of a catalogue, beyond the shape of each one.

Every check looks at all entries and yields what is wrong, so that whoever edits the catalogue
is told everything at once.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from kaigong.domain.catalogue import Code, Department, Material, Matter, Process, Source

FORMATS = frozenset({"pdf", "jpeg", "png"})


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the file (relative to the catalogue's folder), the entry's code, and why, in both languages."""

    file: str
    entry: str
    zh: str
    en: str


@dataclass(frozen=True)
class Located[T]:
    """An entry and the file that it was read from."""

    file: str
    value: T


@dataclass(frozen=True)
class Entries:
    """All entries of a catalogue in the order they were read, and the file names of the samples beside them."""

    departments: tuple[Located[Department], ...]
    materials: tuple[Located[Material], ...]
    matters: tuple[Located[Matter], ...]
    processes: tuple[Located[Process], ...]
    samples: Collection[str]


def problems(entries: Entries) -> list[Problem]:
    """Everything wrong between the entries; empty when they fit together."""
    return [
        *_duplicates(entries.departments),
        *_duplicates(entries.materials),
        *_duplicates(entries.matters),
        *_duplicates(entries.processes),
        *_materials(entries),
        *_matters(entries),
        *_numbers(entries.matters),
        *_cycles(entries.matters),
        *_processes(entries),
    ]


def _codes[T: (Department, Material, Matter, Process)](located: tuple[Located[T], ...]) -> frozenset[Code]:
    return frozenset(entry.value.code for entry in located)


def _duplicates[T: (Department, Material, Matter, Process)](located: tuple[Located[T], ...]) -> Iterator[Problem]:
    first: dict[Code, str] = {}
    for entry in located:
        code = entry.value.code
        if code in first:
            yield Problem(
                entry.file, code, f"编码重复，已见于 {first[code]}", f"the code is already used in {first[code]}"
            )
        first.setdefault(code, entry.file)


def _repeated(codes: tuple[Code, ...]) -> list[Code]:
    return [code for code, count in Counter(codes).items() if count > 1]


def _materials(entries: Entries) -> Iterator[Problem]:
    asked_for = {item.material for matter in entries.matters for item in matter.value.materials}
    for entry in entries.materials:
        file, material = entry.file, entry.value
        if material.sample not in entries.samples:
            yield Problem(
                file,
                material.code,
                f"样本 {material.sample} 不在 samples 文件夹中",
                f"its sample {material.sample!r} is not in the folder samples",
            )
        if material.code not in asked_for:
            yield Problem(file, material.code, "没有事项需要这份材料", "no matter asks for this material")
        for name in material.formats:
            if name not in FORMATS:
                yield Problem(file, material.code, f"不支持的格式 {name}", f"unknown format {name!r}")
        if (material.source is Source.INTERMEDIARY) != (material.intermediary is not None):
            yield Problem(
                file,
                material.code,
                "来源为中介机构的材料应当写明中介机构类别，其他材料不写",
                "a material drawn up by an intermediary names the kind of intermediary, and no other does",
            )


def _matters(entries: Entries) -> Iterator[Problem]:
    departments, materials, matters = _codes(entries.departments), _codes(entries.materials), _codes(entries.matters)
    for entry in entries.matters:
        file, matter = entry.file, entry.value
        wanted = tuple(item.material for item in matter.materials)
        if matter.department not in departments:
            yield _unknown(file, matter.code, "部门", "department", matter.department)
        for code in wanted:
            if code not in materials:
                yield _unknown(file, matter.code, "材料", "material", code)
        for code in _repeated(wanted):
            yield Problem(file, matter.code, f"材料 {code} 列出两次", f"material {code!r} is listed twice")
        for code in matter.prerequisites:
            if code not in matters:
                yield _unknown(file, matter.code, "前置事项", "prerequisite", code)
        if not matter.routes:
            yield Problem(file, matter.code, "没有办理方式", "it has no route")
        if matter.takes_commitment != (matter.commitment_number is not None):
            yield Problem(
                file,
                matter.code,
                "告知承诺方式与告知承诺事项编码应当同时具备",
                "the commitment route and commitment_number come together or not at all",
            )
        if matter.tolerates_gaps and all(item.main for item in matter.materials):
            yield Problem(
                file,
                matter.code,
                "容缺受理事项至少有一份非主要材料",
                "a tolerated matter needs at least one non-main material",
            )


def _numbers(matters: tuple[Located[Matter], ...]) -> Iterator[Problem]:
    """A number names one matter done in one way (国办发〔2020〕42号: by commitment it has another one)."""
    owner: dict[str, Code] = {}
    for entry in matters:
        matter = entry.value
        for number in (matter.number, matter.commitment_number):
            if number is None:
                continue
            if number in owner:
                yield Problem(
                    entry.file,
                    matter.code,
                    f"事项编码 {number} 已由 {owner[number]} 使用",
                    f"number {number!r} is already that of {owner[number]}",
                )
            owner.setdefault(number, matter.code)


def _cycles(matters: tuple[Located[Matter], ...]) -> Iterator[Problem]:
    by_code: Mapping[Code, Located[Matter]] = {entry.value.code: entry for entry in matters}
    graph = {code: entry.value.prerequisites for code, entry in by_code.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[Code] = error.args[1]
        path = " → ".join(cycle)
        yield Problem(
            by_code[cycle[0]].file, cycle[0], f"前置事项成环：{path}", f"its prerequisites form a circle: {path}"
        )


def _processes(entries: Entries) -> Iterator[Problem]:
    matters = _codes(entries.matters)
    for entry in entries.processes:
        file, process = entry.file, entry.value
        for code in process.matters:
            if code not in matters:
                yield _unknown(file, process.code, "事项", "matter", code)
        for code in _repeated(process.matters):
            yield Problem(file, process.code, f"事项 {code} 列出两次", f"matter {code!r} is listed twice")
        for code in process.start_matters:
            if code not in process.matters:
                yield Problem(
                    file,
                    process.code,
                    f"起步事项 {code} 不在本流程的事项中",
                    f"start matter {code!r} is not one of its matters",
                )


def _unknown(file: str, entry: str, kind_zh: str, kind_en: str, code: Code) -> Problem:
    return Problem(file, entry, f"{kind_zh} {code} 不存在", f"unknown {kind_en} {code!r}")
