"""One guide (一份办事指南): what a project has to do, hand in and wait for.

Sources: mission 8 (one guide, one form, a sample of every material, materials submitted once), 5 (the letter's form,
content and liability are told in one go), 6 (routes), 9 (parallel), 14 (what rules decide).
"""

from collections.abc import Iterator

from pydantic import Field

from kaigong.domain.flow.rules import RULES
from kaigong.domain.intake.acceptance import Need, gap_closed, needs
from kaigong.domain.intake.letter import Section, in_force
from kaigong.domain.intake.privileges import FOR_EVERYONE, Privileges
from kaigong.domain.intake.routes import RouteAnswer, routes
from kaigong.domain.model.catalogue import (
    Catalogue,
    Checks,
    Code,
    Material,
    Matter,
    MatterMaterial,
    Process,
    Route,
    Source,
    Stage,
    TeamRole,
)
from kaigong.domain.model.form import FieldKind, MatterField, Option
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from . import words
from .schedule import Plan, plan

MATTERS = 40  # choice: matters on a page of the guide; all of the shipped catalogue


class GuideProcess(Model):
    """A project type, and what all of it comes to."""

    code: Code
    name: Text
    summary: Text | None = Field(description="In one line: which projects it is for, and what is special about it.")
    green_channel: bool
    instant: bool = Field(description="Every matter is finished on the working day it is accepted (即办件).")
    matters: int = Field(description="How many matters it may need.")
    materials: int = Field(description="How many materials they ask for together, each handed in once.")
    stages: tuple[Stage, ...] = Field(description="Those that its matters belong to, in order.")
    links: int = Field(description="How many stages come one after another; what runs alongside is none of them.")
    working_days: int = Field(description="All its matters side by side, on time; 1: a single working day.")


class GuideStage(Model):
    code: Stage
    name: Text


class GuideRoute(Model):
    """A way in which a matter can be applied for, and what it means."""

    code: Route
    name: Text
    meaning: Text
    who: Text = Field(description="Who may choose it.")


class GuideDepartment(Model):
    code: Code
    name: Text
    role: TeamRole = Field(description="Its place in the service team 1+6+N.")
    matters: tuple[Code, ...]


class GuideLetter(Model):
    """The commitment letter of a matter, blank: what it says before it is made out for an enterprise and a project."""

    version: int
    title: Text
    sections: tuple[Section, ...]


class GuideField(Model):
    """One thing that a matter asks for on the one form."""

    field: Code = Field(description="By which a manifest's `form` names it.")
    name: Text
    kind: FieldKind
    unit: Text | None
    options: tuple[Option, ...]
    help: Text | None
    required: bool


class GuideMatter(Model):
    """One matter. Days are working days; 0 promised: finished on the working day it is accepted."""

    code: Code
    name: Text
    number: str
    commitment_number: str | None = None
    stage: Stage
    department: Code
    department_name: Text
    supervisor: Code | None = Field(description="The department that supervises it afterwards.")
    necessary: bool = Field(description="Whether it is one of the approvals that every project needs.")
    routes: tuple[Route, ...]
    ways: tuple[RouteAnswer, ...] = Field(
        description="Every route with the reason why it is offered or not, for an applicant without a breach."
    )
    promised_days: int
    legal_days: int
    basis: Text | None = None
    certificate: Text | None = Field(description="What is handed out at the end.")
    by_rules: tuple[Text, ...] = Field(
        description="Where all of these hold, rules decide it at once; none: a department decides."
    )
    letter: GuideLetter | None = Field(description="What replaces its papers where it is done by commitment.")
    prerequisites: tuple[Code, ...] = Field(description="Matters that come first where they are applied for as well.")
    start: bool = Field(description="Whether a packet of this process begins with it.")
    materials: tuple[Code, ...]
    form: tuple[GuideField, ...] = Field(description="What it asks for on the application form.")
    replaced: tuple[Code, ...] = Field(
        description="Materials that its letter of commitment replaces, and that nobody needs where every matter of the "
        "guide with such a letter is done by commitment."
    )
    still_asked: tuple[Code, ...] = Field(
        description="Materials that its letter replaces, but that matters of the guide without such a letter ask for."
    )
    chosen: bool = Field(description="Whether the entry is this system's choice, not the city's report's.")


class GuideAsker(Model):
    """What one matter makes of a material."""

    matter: Code
    main: bool
    may_follow: bool = Field(description="Whether it may be promised for later (容缺).")
    replaced_by_commitment: bool = Field(description="Whether this matter can be done by commitment without it.")


class GuideMaterial(Model):
    """One material, handed in once for all the matters that ask for it."""

    code: Code
    name: Text
    source: Source = Field(description="Who draws it up: the applicant, an intermediary, or nobody: it is shared data.")
    intermediary: Text | None = None
    handed_in: bool = Field(description="False: the system fetches it itself.")
    formats: tuple[str, ...]
    min_pages: int
    max_pages: int
    signed: bool = Field(description="Whether an electronic signature or seal is expected.")
    checks: tuple[Text, ...] = Field(description="What is looked at when it is uploaded.")
    sample: str = Field(description="File name of its sample.")
    main: bool = Field(description="Main for at least one of the matters: cannot follow later.")
    may_follow: bool = Field(description="May be promised for later with all of the guide's matters applied for.")
    why_first: Text | None = Field(description="Why it cannot follow later; None: it may, or is not handed in.")
    asked_by: tuple[GuideAsker, ...]


class Guide(Model):
    """The guide for a process and a stage, or for all."""

    catalogue: str = Field(description="Version of the catalogue.")
    process: GuideProcess | None
    stage: GuideStage | None
    matters: tuple[GuideMatter, ...]
    materials: tuple[GuideMaterial, ...]
    departments: tuple[GuideDepartment, ...]
    schedule: Plan | None = Field(description="How long these matters take on their papers; None without a process.")
    routes: tuple[GuideRoute, ...]
    processes: tuple[GuideProcess, ...]
    stages: tuple[GuideStage, ...]
    page: int = Field(default=1, description="Which page of the matters this is.")
    pages: int = 1
    choices: tuple[Text, ...]


def guide(catalogue: Catalogue, process: Code | None = None, stage: str | None = None) -> Guide:
    """The guide for one process and one stage; None: for all of them.

    Raises KeyError for a process that the catalogue does not have, ValueError for a stage that there is not.
    """
    return _part(catalogue, process, stage, kinds(catalogue))


def of_kind(catalogue: Catalogue, process: Code, stage: str | None = None) -> Guide:
    """The guide for one process as its page shows it: without what the other project types come to, for which every
    matter of the city would have to be read. Raises as `guide` does.
    """
    return _part(catalogue, process, stage, ())


def paged(catalogue: Catalogue, process: Code | None, stage: str | None, page: int) -> Guide:
    """A page of the guide: so many matters with their materials and departments. What a matter or a material comes to
    beside all the others is as in the whole guide. A page that there is not is the last. Raises as `guide` does.
    """
    return _part(catalogue, process, stage, kinds(catalogue), page)


def _part(
    catalogue: Catalogue,
    process: Code | None,
    stage: str | None,
    processes: tuple[GuideProcess, ...],
    page: int | None = None,
) -> Guide:
    chosen = catalogue.processes[process] if process is not None else None
    codes = chosen.matters if chosen else tuple(catalogue.matters)
    within = _stage(stage) if stage is not None else None
    matters = [m for m in (catalogue.matters[code] for code in codes) if within is None or m.stage is within.code]
    if page is None:
        return _guide(catalogue, matters, chosen, within, processes)
    pages = max(1, -(-len(matters) // MATTERS))
    page = min(max(page, 1), pages)
    here = matters[(page - 1) * MATTERS : page * MATTERS]
    return _guide(catalogue, matters, chosen, within, processes, here).changed(page=page, pages=pages)


def one(catalogue: Catalogue, matter: Code, process: Code | None = None) -> Guide:
    """The guide for a single matter, of a project type or of none; without a list of the kinds.

    Raises KeyError for a process that the catalogue does not have, and for a matter that it, or the process, has not.
    """
    chosen = catalogue.processes[process] if process is not None else None
    if chosen and matter not in chosen.matters:
        raise KeyError(matter)
    return _guide(catalogue, [catalogue.matters[matter]], chosen, None, ())


def _guide(
    catalogue: Catalogue,
    matters: list[Matter],
    chosen: Process | None,
    within: GuideStage | None,
    processes: tuple[GuideProcess, ...],
    here: list[Matter] | None = None,
) -> Guide:
    """The guide for `matters`; of them those in `here` are told of, all if it is None."""
    here = matters if here is None else here
    departments = dict.fromkeys(matter.department for matter in here)
    elsewhere = {entry.material for matter in matters if not matter.takes_commitment for entry in matter.materials}
    return Guide(
        catalogue=catalogue.version,
        process=_process(chosen, catalogue) if chosen else None,
        stage=within,
        matters=tuple(_matter(matter, chosen, elsewhere, catalogue) for matter in here),
        materials=_materials(matters, here, catalogue),
        departments=tuple(
            GuideDepartment(
                code=code,
                name=catalogue.departments[code].name,
                role=catalogue.departments[code].role,
                matters=tuple(m.code for m in here if m.department == code),
            )
            for code in departments
        ),
        schedule=plan([matter.code for matter in matters], chosen.code, catalogue) if chosen else None,
        routes=tuple(
            GuideRoute(code=code, name=name, meaning=words.guide.MEANINGS[code], who=words.guide.WHO[code])
            for code, name in names.ROUTES.items()
        ),
        processes=processes,
        stages=tuple(_stage(code) for code in Stage),
        choices=catalogue.choices,
    )


def kinds(catalogue: Catalogue) -> tuple[GuideProcess, ...]:
    """The project types, each with what all of it comes to: the choice that a guide begins with."""
    return tuple(_process(process, catalogue) for process in catalogue.processes.values())


def _process(process: Process, catalogue: Catalogue) -> GuideProcess:
    matters = [catalogue.matters[code] for code in process.matters]
    stages = {matter.stage for matter in matters}
    papers = {entry.material for matter in matters for entry in matter.materials}
    return GuideProcess(
        code=process.code,
        name=process.name,
        summary=process.summary,
        green_channel=process.green_channel,
        instant=process.instant,
        matters=len(matters),
        materials=sum(catalogue.materials[code].source is not Source.SHARED for code in papers),
        stages=tuple(stage for stage in Stage if stage in stages),
        links=len(stages - {Stage.ALONGSIDE}),
        working_days=plan(process.matters, process.code, catalogue).parallel_days,
    )


def _stage(code: str) -> GuideStage:
    return GuideStage(code=Stage(code), name=names.STAGES[Stage(code)])


_OPEN = Privileges(
    channel=Channel.ORDINARY,
    granted=FOR_EVERYONE,
    why=words.guide.NO_BREACH,
    closed={},
)
"""What everybody may use who has no breach: nobody is known here, so that the list of the city alone decides."""


def _matter(matter: Matter, process: Process | None, elsewhere: set[Code], catalogue: Catalogue) -> GuideMatter:
    """One matter; `elsewhere`: what matters that are never done by commitment ask for."""
    papers = needs([matter], catalogue) if matter.takes_commitment else ()
    return GuideMatter(
        code=matter.code,
        name=matter.name,
        number=matter.number,
        commitment_number=matter.commitment_number,
        stage=matter.stage,
        department=matter.department,
        department_name=catalogue.departments[matter.department].name,
        supervisor=matter.supervisor,
        necessary=matter.necessary,
        routes=matter.routes,
        ways=routes(matter, _OPEN),
        promised_days=0 if process and process.instant else matter.promised_days,
        legal_days=matter.legal_days,
        basis=matter.basis,
        certificate=matter.certificate,
        by_rules=tuple(RULES[code].name for code in matter.rules),
        letter=_letter(matter, catalogue),
        prerequisites=tuple(p for p in matter.prerequisites if process is None or p in process.matters),
        start=process is not None and matter.code in process.start_matters,
        materials=tuple(entry.material for entry in matter.materials),
        form=tuple(_field(entry, catalogue) for entry in matter.form),
        replaced=tuple(code for code in papers if code not in elsewhere),
        still_asked=tuple(code for code in papers if code in elsewhere),
        chosen=matter.chosen,
    )


def _field(entry: MatterField, catalogue: Catalogue) -> GuideField:
    field = catalogue.form.fields[entry.field]
    return GuideField(
        field=field.code,
        name=field.name,
        kind=field.kind,
        unit=field.unit,
        options=field.options,
        help=field.help,
        required=entry.required,
    )


def _letter(matter: Matter, catalogue: Catalogue) -> GuideLetter | None:
    blank = in_force(matter, catalogue, None, None)
    if blank is None:
        return None
    return GuideLetter(version=blank.version, title=blank.title, sections=blank.sections)


def _materials(matters: list[Matter], here: list[Matter], catalogue: Catalogue) -> tuple[GuideMaterial, ...]:
    """Each material of the matters in `here` once. Whether it is main and may follow later is by acceptance's own rule,
    as if all `matters` were applied for.
    """
    needed = needs(matters, catalogue)
    main = {entry.material for matter in matters for entry in matter.materials if entry.main}
    askers: dict[Code, list[GuideAsker]] = {}
    for matter in here:
        for entry in matter.materials:
            asker = _asker(matter, entry, catalogue.materials[entry.material])
            askers.setdefault(entry.material, []).append(asker)
    return tuple(
        _material(catalogue.materials[code], tuple(asked), code in main, needed.get(code), catalogue)
        for code, asked in askers.items()
    )


def _asker(matter: Matter, entry: MatterMaterial, material: Material) -> GuideAsker:
    handed_in = material.source is not Source.SHARED
    return GuideAsker(
        matter=matter.code,
        main=entry.main,
        may_follow=handed_in and not entry.main and matter.tolerates_gaps,
        replaced_by_commitment=handed_in and matter.takes_commitment,
    )


def _material(
    material: Material, asked_by: tuple[GuideAsker, ...], main: bool, need: Need | None, catalogue: Catalogue
) -> GuideMaterial:
    return GuideMaterial(
        code=material.code,
        name=material.name,
        source=material.source,
        intermediary=material.intermediary,
        handed_in=need is not None,
        formats=material.formats,
        min_pages=material.checks.min_pages,
        max_pages=material.checks.max_pages,
        signed=material.checks.signed,
        checks=tuple(_checks(material)),
        sample=material.sample,
        main=main,
        may_follow=need is not None and need.tolerable,
        why_first=_why_first(need, catalogue) if need else None,
        asked_by=asked_by,
    )


def _why_first(need: Need, catalogue: Catalogue) -> Text | None:
    """Why a material must be there at once, where all of the guide's matters are applied for on paper."""
    if not need.main:
        return gap_closed(need, catalogue, _OPEN)
    spared = all(catalogue.matters[code].takes_commitment for code in need.matters)
    return words.guide.MAIN_UNLESS_COMMITTED if spared else words.guide.MAIN


def _checks(material: Material) -> Iterator[Text]:
    """What examination looks at, in words; `finding.judge` is what does it."""
    if material.source is Source.SHARED:
        return
    yield words.guide.opens(material.formats)
    checks, any_ = material.checks, Checks()
    if (checks.min_pages, checks.max_pages) != (any_.min_pages, any_.max_pages):
        yield words.guide.pages(checks.min_pages, checks.max_pages)
    if checks.names_enterprise:
        yield words.guide.NAMES_ENTERPRISE
    if checks.signed:
        yield words.guide.SIGNED
