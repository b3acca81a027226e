"""The HTTP contract: every route, who may use it, what it takes, what it answers.

The portal serves what stands here, and schemas/openapi.yaml is generated from it. Problems stand in problems.py.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

from .acts import ActRecorded, ActRequest
from .guide import Guide
from .letters import Letters, LettersRequest
from .manifest import PACKET_PATTERN, PROJECT_CODE_PATTERN, USCC_PATTERN
from .problems import (
    ALREADY_WITHDRAWN,
    INVALID_PARAMETER,
    NO_LETTER,
    NO_RESULT_YET,
    NO_SUCH_DOUBT,
    NOT_APPLIED_YET,
    NOT_FOUND,
    RESULT_ALTERED,
    TOO_LATE,
    ProblemKind,
)
from .result import JointResultDocument
from .rights import EnterpriseShown, PacketRoutes, ProjectRequest, ProjectShown
from .shown import Ledger, Materials, Packets, PacketStatus, Stuck
from .text import Model, Text

PAGE_SIZE = 20  # packets that one answer lists
STUCK_DAYS = 60  # how far back operations may ask


class Group(StrEnum):
    """The groups of the user pool."""

    APPLICANT = "applicant"
    DEPARTMENT = "department"
    WINDOW = "window"
    SUPERVISOR = "supervisor"
    OPERATIONS = "operations"


EVERY_PACKET = frozenset((Group.WINDOW, Group.OPERATIONS))  # these see all packets
READERS = EVERY_PACKET | {Group.APPLICANT, Group.DEPARTMENT}  # the others see those of theirs


class Health(Model):
    """The portal answers."""

    status: Literal["ok"] = "ok"


class Method(StrEnum):
    """What is done to an address."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"


class Parameter(Model):
    """A parameter in a route's path or query."""

    name: str
    where: Literal["path", "query"] = "query"
    pattern: str | None = None
    description: Text


class Route(Model):
    """One thing that can be done at one address. `groups` may use it; none given: everybody, without signing in.

    `body` is what a request carries, as JSON. `statuses` are those of answers that are no problem, the usual one first.
    """

    name: str
    method: Method = Method.GET
    path: str
    summary: Text
    body: type[BaseModel] | None = None
    answer: type[BaseModel]
    statuses: tuple[int, ...] = (200,)
    groups: frozenset[Group] = frozenset()
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[ProblemKind, ...] = ()

    @property
    def open(self) -> bool:
        return not self.groups

    @property
    def of_packet(self) -> bool:
        """Whether it speaks of one packet, which not everybody in its groups may see."""
        return "{packet}" in self.path


_PACKET = Parameter(
    name="packet",
    where="path",
    pattern=PACKET_PATTERN,
    description=Text(zh="材料包编号", en="Identifier of the packet"),
)

_PROJECT = Parameter(
    name="code",
    where="path",
    pattern=PROJECT_CODE_PATTERN,
    description=Text(zh="项目代码（GB/T 40058）", en="The project's code (GB/T 40058)"),
)
_USCC = Parameter(
    name="uscc",
    pattern=USCC_PATTERN,
    description=Text(
        zh="统一社会信用代码；申请人可不填",
        en="The enterprise's credit code; an applicant may leave it out",
    ),
)

ROUTES = (
    Route(
        name="health",
        path="/api/health",
        summary=Text(zh="门户是否应答", en="Whether the portal answers"),
        answer=Health,
    ),
    Route(
        name="guide",
        path="/api/guide",
        summary=Text(
            zh="一份办事指南：事项、部门、途径、材料、时限",
            en="One guide: matters, departments, routes, materials, time limits",
        ),
        answer=Guide,
        parameters=(
            Parameter(
                name="process", description=Text(zh="办理流程；不填为全部", en="The kind of project; left out: all")
            ),
            Parameter(name="stage", description=Text(zh="阶段；不填为全部", en="The stage; left out: all")),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="packets",
        path="/api/packets",
        summary=Text(zh="企业的材料包，新的在前", en="The packets of an enterprise, newest first"),
        answer=Packets,
        groups=EVERY_PACKET | {Group.APPLICANT},
        parameters=(
            _USCC,
            Parameter(name="after", description=Text(zh="上一页的 next", en="`next` of the page before")),
        ),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="packet",
        path="/api/packets/{packet}",
        summary=Text(
            zh="办到哪一步、下一步、由谁办、何时、为何", en="Where it is, what is next, who has it, by when, and why"
        ),
        answer=PacketStatus,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="materials",
        path="/api/packets/{packet}/materials",
        summary=Text(zh="各项材料及检查结果", en="The materials and what was found in them"),
        answer=Materials,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="result",
        path="/api/packets/{packet}/result",
        summary=Text(zh="联合审批结果文书", en="The document of the joint result, byte for byte as issued"),
        answer=JointResultDocument,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NO_RESULT_YET, RESULT_ALTERED),
    ),
    Route(
        name="ledger",
        path="/api/packets/{packet}/ledger",
        summary=Text(zh="办理记录链及其校验", en="The ledger, and whether its chain holds"),
        answer=Ledger,
        groups=READERS,
        parameters=(_PACKET,),
        problems=(NOT_FOUND,),
    ),
    Route(
        name="routes",
        path="/api/packets/{packet}/routes",
        summary=Text(
            zh="各事项可以选择的办理途径，可享受和暂不适用的便利及原因",
            en="The routes open to each matter; the privileges granted and closed, and why",
        ),
        answer=PacketRoutes,
        groups=EVERY_PACKET | {Group.APPLICANT},
        parameters=(_PACKET,),
        problems=(NOT_FOUND, NOT_APPLIED_YET),
    ),
    Route(
        name="act",
        method=Method.POST,
        path="/api/packets/{packet}/acts",
        summary=Text(
            zh="撤回申请（申请人）、核实身份疑点（综合窗口）、登记首问责任人（综合窗口、部门）。"
            "每项只登记一次：已登记的，以 200 答复原记录",
            en="Withdraw (applicant), settle a doubt about an identity (window), name the officer first asked (window, "
            "department). Each is recorded once: what is on record already is answered as it is, with 200",
        ),
        body=ActRequest,
        answer=ActRecorded,
        statuses=(202, 200),
        groups=frozenset((Group.APPLICANT, Group.DEPARTMENT, Group.WINDOW)),
        parameters=(_PACKET,),
        problems=(NOT_FOUND, TOO_LATE, ALREADY_WITHDRAWN, NO_SUCH_DOUBT),
    ),
    Route(
        name="enterprise",
        path="/api/enterprise",
        summary=Text(
            zh="企业基本信息（用于填表）、信用等级、各类项目可享受的便利、失信记录及可修复日期",
            en="Basic data that fill the form, credit grade, privileges for each kind of project, breaches and when "
            "they can be repaired",
        ),
        answer=EnterpriseShown,
        groups=EVERY_PACKET | {Group.APPLICANT},
        parameters=(_USCC,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="letters",
        method=Method.POST,
        path="/api/letters",
        summary=Text(
            zh="现行告知承诺书全文，按企业、项目和事项生成。在申报清单 manifest.json 的 letters 中写明版本和 SHA-256，"
            "即为电子签署",
            en="The commitment letters in force, in full, made out for an enterprise, a project and matters. To accept "
            "one electronically, the manifest's `letters` names its version and SHA-256",
        ),
        body=LettersRequest,
        answer=Letters,
        groups=EVERY_PACKET | {Group.APPLICANT},
        problems=(NO_LETTER,),
    ),
    Route(
        name="project",
        path="/api/projects/{code}",
        summary=Text(
            zh="项目的登记情况和未补齐的容缺材料", en="What is on record of a project, and its open promised materials"
        ),
        answer=ProjectShown,
        groups=EVERY_PACKET,
        parameters=(_PROJECT,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="record-project",
        method=Method.PUT,
        path="/api/projects/{code}",
        summary=Text(
            zh="登记项目：是否重点项目、用地配套是否到位。以本次内容替换原登记",
            en="Record a project: whether it is a key project, whether its site has its services. Replaces what was "
            "recorded",
        ),
        body=ProjectRequest,
        answer=ProjectShown,
        groups=EVERY_PACKET,
        parameters=(_PROJECT,),
        problems=(INVALID_PARAMETER,),
    ),
    Route(
        name="stuck",
        path="/api/ops/stuck",
        summary=Text(zh="应办未办的材料包", en="Packets that should have moved on by now"),
        answer=Stuck,
        groups=frozenset((Group.OPERATIONS,)),
        parameters=(
            Parameter(
                name="days",
                pattern="^[0-9]{1,2}$",
                description=Text(
                    zh=f"回看天数，1 至 {STUCK_DAYS}，默认 2",
                    en=f"Days to look back, 1 to {STUCK_DAYS}; 2 when left out",
                ),
            ),
        ),
        problems=(INVALID_PARAMETER,),
    ),
)
