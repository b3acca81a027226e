"""What must hold between the entries of a catalogue, beyond the shape of each one.

Every check looks at all entries and yields what is wrong, so that whoever edits the catalogue
is told everything at once.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from kaigong.domain.flow.rules import RULES
from kaigong.domain.model.catalogue import (
    Code,
    Department,
    Intermediary,
    Letter,
    Material,
    Matter,
    Process,
    Questions,
    Scheme,
    Source,
    Stage,
)
from kaigong.domain.model.facts import PICTURES, Kind
from kaigong.domain.model.form import Form
from kaigong.domain.model.manifest import USCC_PATTERN
from kaigong.domain.model.policy import Policy

from . import form_checks, policy_checks
from .problem import Located, Problem

MOST_BEYOND_ONE = 100  # choice: files of a matter's materials, beyond one each
FORMATS = frozenset((Kind.PDF, Kind.OFD, *PICTURES))


@dataclass(frozen=True)
class Entries:
    """All entries of a catalogue in the order they were read, and the file names of the samples beside them."""

    departments: tuple[Located[Department], ...]
    materials: tuple[Located[Material], ...]
    matters: tuple[Located[Matter], ...]
    processes: tuple[Located[Process], ...]
    form: Form
    letters: tuple[Located[Letter], ...]
    schemes: tuple[Located[Scheme], ...]
    intermediaries: tuple[Located[Intermediary], ...]
    questions: Questions
    policies: tuple[Located[Policy], ...]
    samples: Collection[str]


def problems(entries: Entries) -> list[Problem]:
    """Everything wrong between the entries; empty when they fit together."""
    return [
        *_duplicates(entries.departments),
        *_duplicates(entries.materials),
        *_duplicates(entries.matters),
        *_duplicates(entries.processes),
        *_duplicates(entries.schemes),
        *_duplicates(entries.intermediaries),
        *_materials(entries),
        *_matters(entries),
        *_numbers(entries.matters),
        *_cycles(entries),
        *_processes(entries),
        *_acceptance(entries),
        *_files(entries),
        *_letters(entries),
        *form_checks.problems(entries.form, entries.materials, entries.matters, entries.processes),
        *_schemes(entries.schemes),
        *_intermediaries(entries.intermediaries),
        *_questions(entries),
        *_policies(entries),
    ]


def _codes[T: (Department, Material, Matter, Process, Scheme)](located: tuple[Located[T], ...]) -> frozenset[Code]:
    return frozenset(entry.value.code for entry in located)


def _duplicates[T: (Department, Intermediary, Material, Matter, Process, Scheme)](
    located: tuple[Located[T], ...],
) -> Iterator[Problem]:
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
    matters = _codes(entries.matters)
    for entry in entries.materials:
        file, material = entry.file, entry.value
        if material.sample not in entries.samples:
            yield Problem(
                file,
                material.code,
                f"样本 {material.sample} 不在 samples 文件夹中",
                f"its sample {material.sample!r} is not in the folder samples",
            )
        if not material.letters and material.code not in asked_for:
            yield Problem(file, material.code, "没有事项需要这份材料", "no matter asks for this material")
        if material.letters and material.code in asked_for:
            yield Problem(
                file,
                material.code,
                "告知承诺书按申请人的选择提交，不列入事项材料",
                "the commitment letters come with the applicant's choice; no matter lists them",
            )
        if material.result_of is not None and material.result_of not in matters:
            yield _unknown(
                file, material.code, "出具该材料的事项", "matter that it is the result of", material.result_of
            )
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
        theirs, told = material.source is Source.INTERMEDIARY, "drawn_up_by" in material.model_fields_set
        if (material.drawn_up_by and not theirs) or (theirs and not told):
            yield Problem(
                file,
                material.code,
                "来源为中介机构的材料应当写明需要哪类资质（drawn_up_by；机构自身的证照写 []），其他材料不写",
                "a material of an intermediary says which kinds are fit for it (drawn_up_by; [] for its own "
                "certificate), and no other does",
            )


def _matters(entries: Entries) -> Iterator[Problem]:
    departments, materials, matters = _codes(entries.departments), _codes(entries.materials), _codes(entries.matters)
    for entry in entries.matters:
        file, matter = entry.file, entry.value
        wanted = tuple(item.material for item in matter.materials)
        if matter.department not in departments:
            yield _unknown(file, matter.code, "部门", "department", matter.department)
        if matter.supervisor is not None and matter.supervisor not in departments:
            yield _unknown(file, matter.code, "监管部门", "supervisor", matter.supervisor)
        for code in wanted:
            if code not in materials:
                yield _unknown(file, matter.code, "材料", "material", code)
        for code in _repeated(wanted):
            yield Problem(file, matter.code, f"材料 {code} 列出两次", f"material {code!r} is listed twice")
        for code in matter.prerequisites:
            if code not in matters:
                yield _unknown(file, matter.code, "前置事项", "prerequisite", code)
        for code in matter.absence:
            if code not in matter.prerequisites:
                yield Problem(
                    file,
                    matter.code,
                    f"缺少时如何处理写了 {code}，但它不是前置事项",
                    f"says what the absence of {code!r} means, which is none of its prerequisites",
                )
        for code in matter.rules:
            if code not in RULES:
                yield _unknown(file, matter.code, "规则", "rule", code)
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
                "a tolerated matter needs at least one non-main paper",
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


def _cycles(entries: Entries) -> Iterator[Problem]:
    """A matter waits for its prerequisites and for those of which it asks for the certificate."""
    by_code: Mapping[Code, Located[Matter]] = {entry.value.code: entry for entry in entries.matters}
    results = {entry.value.code: entry.value.result_of for entry in entries.materials}
    graph = {
        code: {*entry.value.prerequisites, *filter(None, (results.get(m.material) for m in entry.value.materials))}
        for code, entry in by_code.items()
    }
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
                    f"起步事项 {code} 不在本项目类型的事项中",
                    f"start matter {code!r} is not one of its matters",
                )


def _acceptance(entries: Entries) -> Iterator[Problem]:
    """Joint acceptance is applied for apart: it is refused while a gap of the project is open (mission 6)."""
    stages = {entry.value.code: entry.value.stage for entry in entries.matters}
    for entry in entries.processes:
        for code in entry.value.matters:
            late = stages.get(code) is Stage.ACCEPTANCE
            if code in stages and late != entry.value.joint_acceptance:
                yield Problem(
                    entry.file,
                    entry.value.code,
                    f"事项 {code} {'属' if late else '不属'}竣工验收阶段，竣工验收阶段的事项只能且只应列入联合验收",
                    f"matter {code!r} is {'' if late else 'not '}of the acceptance stage; a project type of "
                    "joint acceptance has such matters only, and no other has any",
                )


def _files(entries: Entries) -> Iterator[Problem]:
    """Materials of several files: of a matter so many that its review task fits a queue."""
    more = {entry.value.code: entry.value.room.most - 1 for entry in entries.materials}
    for entry in entries.matters:
        count = sum(more.get(item.material, 0) for item in entry.value.materials)
        if count > MOST_BEYOND_ONE:
            yield Problem(
                entry.file,
                entry.value.code,
                f"各材料合计可多交 {count} 个文件，超过 {MOST_BEYOND_ONE} 个；请调低 max_files 或 max_pictures",
                f"its materials may have {count} files beyond one each, and the bound is {MOST_BEYOND_ONE}: lower "
                "their max_files or max_pictures",
            )


def _letters(entries: Entries) -> Iterator[Problem]:
    matters = {entry.value.code: entry.value for entry in entries.matters}
    written = tuple(entry.value.matter for entry in entries.letters)
    for entry in entries.letters:
        file, code = entry.file, entry.value.matter
        if code not in matters:
            yield _unknown(file, code, "事项", "matter", code)
        elif not matters[code].takes_commitment:
            yield Problem(file, code, "该事项不能以告知承诺方式办理", "the matter does not take a commitment")
    for code in _repeated(written):
        yield Problem("letters.json", code, "同一事项有两份告知承诺书", "the matter has two letters")
    for located in entries.matters:
        if located.value.takes_commitment and located.value.code not in written:
            yield Problem(
                located.file,
                located.value.code,
                "可以告知承诺办理，但 letters.json 中没有它的告知承诺书",
                "it takes a commitment, and letters.json has no letter for it",
            )


def _schemes(schemes: tuple[Located[Scheme], ...]) -> Iterator[Problem]:
    if not schemes:
        yield Problem("schemes.json", "-", "至少要有一套信用等级", "there must be at least one credit scheme")
    for entry in schemes:
        for grade in _repeated(entry.value.grades):
            yield Problem(entry.file, entry.value.code, f"等级 {grade} 列出两次", f"grade {grade!r} is listed twice")


def _intermediaries(listed: tuple[Located[Intermediary], ...]) -> Iterator[Problem]:
    for entry in listed:
        file, found = entry.file, entry.value
        if not re.fullmatch(USCC_PATTERN, found.code):
            yield Problem(
                file, found.code, "统一社会信用代码格式不符", "its code does not have the shape of a credit code"
            )
        if not found.qualifications:
            yield Problem(file, found.code, "没有写明任何资质类别", "it names nothing that it is qualified for")
        for kind in _repeated(tuple(q.kind.value for q in found.qualifications)):
            yield Problem(file, found.code, f"资质类别 {kind} 列出两次", f"kind {kind!r} is listed twice")


def _policies(entries: Entries) -> Iterator[Problem]:
    known = policy_checks.Known(
        departments=_codes(entries.departments),
        processes=_codes(entries.processes),
        matters=_codes(entries.matters),
        grades={grade for scheme in entries.schemes for grade in scheme.value.grades},
        form=entries.form,
    )
    yield from policy_checks.problems(entries.policies, known)


def _questions(entries: Entries) -> Iterator[Problem]:
    file, asked = "questions.json", entries.questions.asked
    processes, matters = _codes(entries.processes), _codes(entries.matters)
    for code in _repeated(tuple(question.code for question in asked)):
        yield Problem(file, code, "问题编码重复", "the code of a question is used twice")
    for code in _repeated(tuple(answer.code for question in asked for answer in question.answers)):
        yield Problem(file, code, "回答编码重复", "the code of an answer is used twice")
    reasons = [("always", reason) for reason in entries.questions.always]
    reasons += [(a.code, reason) for question in asked for a in question.answers for reason in a.reasons]
    for entry, reason in reasons:
        if reason.matter not in matters:
            yield _unknown(file, entry, "事项", "matter", reason.matter)
        for code in reason.processes:
            if code not in processes:
                yield _unknown(file, entry, "项目类型", "project type", code)


def _unknown(file: str, entry: str, kind_zh: str, kind_en: str, code: Code) -> Problem:
    return Problem(file, entry, f"{kind_zh} {code} 不存在", f"unknown {kind_en} {code!r}")
