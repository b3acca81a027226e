"""What the city's catalogue consists of: departments, matters, materials, processes.

The values live in `kaigong/catalog/data`; the loader there checks that they fit together.
Source: mission.md, "The parts of the system" 1, 4, 5, 6, 7, 8 and 11.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from .codes import CODE_PATTERN as CODE_PATTERN
from .codes import Code as Code
from .files import Room
from .form import Form, MatterField
from .policy import Policy
from .text import Model, Text


class Stage(StrEnum):
    """The four national stages, and the matters that run alongside (并行推进)."""

    LAND = "land"  # 立项用地规划许可
    PLANNING = "planning"  # 工程建设许可
    CONSTRUCTION = "construction"  # 施工许可
    ACCEPTANCE = "acceptance"  # 竣工验收
    ALONGSIDE = "alongside"  # 并行推进


class Route(StrEnum):
    """The ways in which one matter can be applied for."""

    APPROVAL = "approval"  # every material is handed in
    TOLERATED = "tolerated"  # 容缺受理: a non-main paper may follow later
    COMMITMENT = "commitment"  # 告知承诺: a written commitment replaces the papers


class Source(StrEnum):
    """Who draws a material up, and so answers for its content (mission 15)."""

    APPLICANT = "applicant"
    INTERMEDIARY = "intermediary"
    SHARED = "shared"  # the credit platform's data: the system fetches them; the applicant need not hand it in


class IntermediaryKind(StrEnum):
    """What an intermediary (中介服务机构) is fit for."""

    PLANNING = "planning"  # 城乡规划编制
    DESIGN = "design"  # 工程设计
    SURVEY = "survey"  # 工程勘察
    MAPPING = "mapping"  # 测绘
    AIR_DEFENCE = "air-defence"  # 人防工程设计
    LIGHTNING = "lightning"  # 防雷装置设计
    SOIL = "soil"  # 水土保持
    WATER = "water"  # 洪水影响评价、水资源论证
    ENVIRONMENT = "environment"  # 环境影响评价
    ENERGY = "energy"  # 节能评估
    SAFETY = "safety"  # 安全评价
    TRAFFIC = "traffic"  # 交通影响评价、公路安全技术评价
    GEOLOGY = "geology"  # 地质灾害危险性评估、压覆矿产资源评估
    LAND = "land"  # 土地咨询
    TESTING = "testing"  # 检验检测
    FIRE = "fire"  # 消防技术服务
    HERITAGE = "heritage"  # 考古发掘
    REVIEW = "review"  # 技术审查、技术评估


class Qualification(Model):
    """What a listed intermediary is fit for, by which certificate, until when."""

    kind: IntermediaryKind
    number: str | None = Field(default=None, max_length=100)  # of the certificate; None: the kind needs none
    valid_until: date | None = None  # None: it has no term


class ShutOut(Model):
    """An intermediary whose papers are not taken (列入失信、暂停执业)."""

    until: date | None = None  # the last day; None: until further notice
    reason: Text


class Intermediary(Model):
    """An intermediary as the city's list has it; the list is open, others may draw papers up too (mission 15)."""

    code: str  # its credit code
    name: str = Field(min_length=1, max_length=200)
    qualifications: tuple[Qualification, ...] = ()
    shut_out: ShutOut | None = None
    example: bool = False  # made up


class Absence(StrEnum):
    """What it means for a matter that one of its prerequisites is neither applied for with it nor on record."""

    REFUSED = "refused"  # the law wants it first: the application is returned
    WARNED = "warned"  # the applicant and the officer are told
    PASSED = "passed"  # it says something about the order alone


class TeamRole(StrEnum):
    """A department's place in the service team "1+6+N" (mission 4)."""

    LEAD = "lead"  # 1: the administrative approval and government information bureau
    CHIEF = "chief"  # 6: each sends a chief representative
    SERVICE = "service"  # N: takes part where the project needs it


class Department(Model):
    """One department of the city; it owns matters, has its own review queues, and may supervise matters."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=24)
    name: Text
    role: TeamRole = TeamRole.SERVICE
    telephone: str | None = Field(default=None, max_length=40)  # for whoever asks about a matter


class Tolerance(StrEnum):
    """What is done about something that a document need not have."""

    WARNING = "warning"
    DEFICIENT = "deficient"


class Checks(Model):
    """What a document must satisfy beyond opening cleanly, for one material."""

    names_enterprise: bool = False  # first-page text should name the enterprise or its credit code
    signed: bool = False  # an electronic signature is expected; none is a warning
    min_pages: int = Field(default=1, ge=1)
    max_pages: int = Field(default=10_000, ge=1)
    field_functions: Tolerance = Tolerance.WARNING  # Acrobat's own functions for form fields: formats, checks, sums
    pressed_launch: Tolerance = Tolerance.WARNING  # a link that starts another program when somebody presses it


class Material(Model):
    """One paper of a packet. A material shared by several matters is handed in once (mission 8)."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    also_called: tuple[str, ...] = ()  # common words by which people name its file
    source: Source = Source.APPLICANT
    intermediary: Text | None = None  # what the intermediary is called that draws it up, when one does
    drawn_up_by: tuple[IntermediaryKind, ...] = ()  # kinds of which one is fit for it; none of its own certificate
    formats: tuple[str, ...] = ("pdf", "ofd")  # of `kaigong.domain.model.facts.Kind`
    checks: Checks = Field(default_factory=Checks)
    max_files: int = Field(default=1, ge=1, le=40)  # how many files it may be handed in as: drawings are many sheets
    max_pictures: int = Field(default=1, ge=1, le=40)  # of a paper of one file: how many photos may be its pages
    letters: bool = False  # the signed commitment letters handed in as one paper; no matter asks for it by name
    by_form: bool = False  # the application form: its data, filled in here, stand in its place
    mandate: bool = False  # the letter of authorisation, on which the window may hand in for the enterprise
    result_of: Code | None = None  # the matter whose certificate it is: that matter's approval stands in its place
    sample: str  # file name of its sample under catalog/data/samples (mission 8)

    @property
    def room(self) -> Room:
        return Room(self.max_files, self.max_pictures)


class MatterMaterial(Model):
    """A matter asks for a material, as a main (主要材料) or a non-main one."""

    material: Code
    main: bool = True


class Matter(Model):
    """One service matter (事项) that a department decides."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    stage: Stage
    department: Code
    supervisor: Code | None = None  # department that supervises it afterwards (mission 11); None: not matched yet
    necessary: bool = False  # one of the approvals that remain necessary for every project (mission 1)
    legal_days: int = Field(ge=1)  # working days the law allows
    promised_days: int = Field(ge=0)  # working days the city promises; 0: instant matter (即办件)
    routes: tuple[Route, ...] = (Route.APPROVAL,)
    number: str  # number of the matter when done by approval
    commitment_number: str | None = None  # 告知承诺: the same matter has another number
    basis: Text | None = None  # the law that the matter rests on
    certificate: Text | None = None  # what the department hands out at the end
    prerequisites: tuple[Code, ...] = ()
    absence: dict[Code, Absence] = Field(default_factory=dict)  # of a prerequisite; WARNED where it is not named
    valid_years: int | None = Field(default=None, ge=1)  # how long an approval of it counts; None: it does not end
    rules: tuple[Code, ...] = ()  # rules that decide it at once where all of them hold (智能审批, mission 14)
    second_signature: bool = False  # 审核、签批: at the desk a second officer signs what the first one proposes
    materials: tuple[MatterMaterial, ...]
    form: tuple[MatterField, ...] = ()  # what it asks for on the one form
    chosen: bool = False  # True where the city's report is silent and this entry is our choice

    @property
    def tolerates_gaps(self) -> bool:
        return Route.TOLERATED in self.routes

    @property
    def takes_commitment(self) -> bool:
        return Route.COMMITMENT in self.routes


class Process(Model):
    """A project type and the matters it may need."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    summary: Text | None = None  # in one line: which projects it is for, and what is special about it
    green_channel: bool = False  # the process itself opens the green channel (mission 7)
    instant: bool = False  # every matter of it is an instant matter (即办件, mission 7)
    joint_acceptance: bool = False  # 联合验收: refused while a gap of the project is open (mission 6)
    keep_years: int = Field(default=30, ge=1)  # choice: after its end a packet's case file is kept for so long
    keep_text_days: int = Field(default=0, ge=0)  # choice: the text of papers' first pages, after its end
    keep_draft_days: int = Field(default=90, ge=1)  # choice: what was never handed in, after it was last saved
    matters: tuple[Code, ...]
    start_matters: tuple[Code, ...] = ()  # those that a packet of this process begins with unless it names others


class Reason(Model):
    """Why a project needs a matter."""

    matter: Code
    because: Text
    processes: tuple[Code, ...] = ()  # the project types for which it holds; none: each that has the matter


class Answer(Model):
    """Something that may hold of a project, and what follows."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    text: Text
    reasons: tuple[Reason, ...] = Field(min_length=1)


class Question(Model):
    """A question in plain words. Several of its answers may hold, or none."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    text: Text
    answers: tuple[Answer, ...]


class Questions(Model):
    """What tells which matters a project needs (不知怎么办): what always is, and what people are asked."""

    always: tuple[Reason, ...] = ()
    asked: tuple[Question, ...] = ()


class Letter(Model):
    """The template of a commitment letter (告知承诺书) for one matter.

    Source: 国办发〔2020〕42号: basis, conditions, what is committed, how it is verified, liability. A changed text is a
    new version; a packet keeps the version and the hash of the text that was accepted.
    """

    matter: Code
    version: int = Field(ge=1)
    conditions: tuple[Text, ...] = Field(min_length=1)  # what must hold for the matter to be approved
    commits: tuple[Text, ...] = Field(min_length=1)  # what the applicant commits to, beside the general points
    verification: Text  # who verifies it, how
    verify_working_days: int = Field(ge=1)  # after the approval


class Grading(Model):
    """How enterprises of some credit grades are supervised (分级分类监管)."""

    grades: tuple[str, ...] = ()  # none: whoever is in no other, or has no grade
    percent: int = Field(ge=0, le=100)  # of their approvals, how many are drawn for an inspection
    inspect_working_days: int = Field(ge=1)  # after the approval


class Supervision(Model):
    """Shares and terms of supervision after the decision. All of them are choices: the city's report names none."""

    claim_working_days: int = Field(default=2, ge=1)  # until a record is claimed
    escalate_working_days: int = Field(default=2, ge=1)  # from a reminder until the lead is told
    recheck_working_days: int = Field(default=5, ge=1)  # until a rectification is looked at
    contest_working_days: int = Field(default=5, ge=1)  # in which a finding can be contested
    reply_working_days: int = Field(default=5, ge=1)  # until that is answered
    inspectors: int = Field(default=2, ge=1, le=5)  # that are drawn for a record; 行政处罚法 §42 wants two
    gradings: tuple[Grading, ...] = Field(
        default_factory=lambda: (
            Grading(grades=("AAA",), percent=5, inspect_working_days=40),
            Grading(grades=("AA", "A"), percent=20, inspect_working_days=30),
            Grading(grades=("C", "D"), percent=100, inspect_working_days=10),
        )
    )
    otherwise: Grading = Field(default_factory=lambda: Grading(percent=40, inspect_working_days=20))

    def grading(self, grade: str | None) -> Grading:
        """How an enterprise of this grade is supervised."""
        return next((found for found in self.gradings if grade in found.grades), self.otherwise)


class Scheme(Model):
    """A credit rating scheme: its grades, the highest first.

    They differ by city (mission, "Facts from law and standards").
    """

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    grades: tuple[str, ...] = Field(min_length=1)


class DayOff(Model):
    """A day on which the local calendar differs from the State Council's, or knows a year before it is published."""

    day: date
    worked: bool
    name: Text


class Calendar(Model):
    """The local override of the State Council's calendar: `years` are those whose days are all known by it."""

    days: tuple[DayOff, ...] = ()
    years: tuple[int, ...] = ()

    @cached_property
    def by_day(self) -> dict[date, DayOff]:
        return {entry.day: entry for entry in self.days}


class Catalogue(Model):
    """Everything above, by code."""

    version: str
    region: str = Field(default="", pattern=r"^[0-9]{0,6}$")  # how the codes of the city's regions begin; "": any
    choices: tuple[Text, ...] = ()  # what in these entries is our choice because the city's report is silent
    departments: dict[Code, Department]
    materials: Mapping[Code, Material]
    matters: Mapping[Code, Matter]
    processes: dict[Code, Process]
    form: Form = Field(default_factory=Form)
    letters: dict[Code, Letter] = Field(default_factory=dict)  # by matter
    schemes: dict[Code, Scheme] = Field(default_factory=dict)
    calendar: Calendar = Field(default_factory=Calendar)
    intermediaries: Mapping[str, Intermediary] = Field(default_factory=dict)  # by credit code
    questions: Questions = Field(default_factory=Questions)
    supervision: Supervision = Field(default_factory=Supervision)
    policies: dict[Code, Policy] = Field(default_factory=dict)  # 惠企政策, whose benefits need no application

    @property
    def lead(self) -> Department | None:
        """The department that leads the service team (mission 4)."""
        return next((d for d in self.departments.values() if d.role is TeamRole.LEAD), None)

    def before(self, matter: Code) -> tuple[Code, ...]:
        """What comes before a matter where it is applied for too: its prerequisites, and the matters of which it asks
        for the certificate. Raises KeyError for a matter that there is not.
        """
        entry = self.matters[matter]
        asked = (self.materials.get(item.material) for item in entry.materials)
        results = (material.result_of for material in asked if material and material.result_of)
        return tuple(dict.fromkeys((*entry.prerequisites, *results)))

    def room(self, slot: Code) -> Room:
        """How many files of a slot count. A packet may have one that has left the catalogue."""
        material = self.materials.get(slot)
        return material.room if material else Room()

    @cached_property
    def slots(self) -> frozenset[Code]:
        """Every slot name that an upload may use."""
        return frozenset(self.materials)

    @cached_property
    def known_by(self) -> dict[Code, tuple[str, str, str]]:
        """What its matters are found by, once somebody searched."""
        return {}

    @cached_property
    def fingerprints(self) -> dict[Code, str]:
        """Those that were asked for, by process."""
        return {}

    def fingerprint(self, process: Code) -> str:
        """What tells this process's part from any other; empty where there is no such process."""
        if process not in self.fingerprints:
            known = process in self.processes
            content = self.part(process).model_dump_json(exclude_defaults=True).encode() if known else b""
            self.fingerprints[process] = hashlib.sha256(content).hexdigest()[:32] if known else ""
        return self.fingerprints[process]

    def part(self, process: Code) -> "Catalogue":
        """All that a packet of this process goes by. Raises KeyError for a process that there is not."""
        found = self.processes[process]
        matters = {code: self.matters[code] for code in found.matters}
        materials = {m.material: self.materials[m.material] for entry in matters.values() for m in entry.materials}
        materials |= {code: material for code, material in self.materials.items() if material.letters}
        asked = frozenset(entry.field for matter in matters.values() for entry in matter.form)
        concerned = {code for entry in matters.values() for code in (entry.department, entry.supervisor) if code}
        return self.changed(
            processes={process: found},
            matters=matters,
            materials=dict(sorted(materials.items())),
            departments={code: self.departments[code] for code in sorted(concerned)},
            form=self.form.part(asked),
            letters={code: letter for code, letter in self.letters.items() if code in matters},
            choices=(),
            calendar=Calendar(),
            intermediaries={},  # who is fit is asked of today's list
            questions=Questions(),
            supervision=Supervision(),  # its terms are today's
            policies={},  # likewise
            version="",
        )
