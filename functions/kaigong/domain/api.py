"""The HTTP contract: every route, who may use it, what it answers, and every problem.

The portal serves what stands here, and schemas/openapi.yaml is generated from it. Problems are those of RFC 9457.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from .guide import Guide
from .manifest import PACKET_PATTERN, USCC_PATTERN
from .result import JointResultDocument
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


class Problem(Model):
    """What went wrong and what to do (RFC 9457). `code` is stable; the texts may change."""

    type: str
    title: str
    status: int
    detail: str = Field(description="Chinese first, then English.")
    code: str
    zh: str = Field(description="The detail in Chinese.")
    en: str = Field(description="The detail in English.")


class ProblemKind(Model):
    """A kind of problem, before it happens."""

    code: str
    status: int
    title: Text
    detail: Text

    def problem(self, detail: Text | None = None) -> Problem:
        """The problem as it is answered, with a detail of its own where the kind's is too general."""
        said = detail or self.detail
        return Problem(
            type=f"urn:kaigong:problem:{self.code}",
            title=f"{self.title.zh} / {self.title.en}",
            status=self.status,
            detail=f"{said.zh} / {said.en}",
            code=self.code,
            zh=said.zh,
            en=said.en,
        )


SIGN_IN_NEEDED = ProblemKind(
    code="sign-in-needed",
    status=401,
    title=Text(zh="需要登录", en="Sign-in needed"),
    detail=Text(
        zh="请登录后重试：以 ID 令牌（不是访问令牌）作为 Bearer 令牌。",
        en="Sign in and try again, with the ID token (not the access token) as bearer token.",
    ),
)
NOT_ALLOWED = ProblemKind(
    code="not-allowed",
    status=403,
    title=Text(zh="无权使用", en="Not allowed"),
    detail=Text(
        zh="您的账号无权进行此项查询。请核对账号所属的企业、部门或用户组，或联系综合窗口。",
        en="Your account may not ask this. Check its enterprise, department or group, or ask the window.",
    ),
)
NOT_FOUND = ProblemKind(
    code="not-found",
    status=404,
    title=Text(zh="没有找到", en="Not found"),
    detail=Text(
        zh="没有这个编号的材料包，或您无权查看。请核对编号。",
        en="There is no packet with this id, or it is not yours to see. Check the id.",
    ),
)
NO_RESULT_YET = ProblemKind(
    code="no-result-yet",
    status=404,
    title=Text(zh="尚无联合审批结果", en="No joint result yet"),
    detail=Text(
        zh="联合审批结果尚未出具。办理进度见 /api/packets/{材料包编号}。",
        en="The joint result is not issued yet. See /api/packets/{packet} for where it is.",
    ),
)
NO_SUCH_ADDRESS = ProblemKind(
    code="no-such-address",
    status=404,
    title=Text(zh="没有这个地址", en="No such address"),
    detail=Text(
        zh="接口没有这个地址或方法，见 schemas/openapi.yaml。", en="See schemas/openapi.yaml for the addresses."
    ),
)
INVALID_PARAMETER = ProblemKind(
    code="invalid-parameter",
    status=400,
    title=Text(zh="参数有误", en="Invalid parameter"),
    detail=Text(zh="请按 schemas/openapi.yaml 核对参数。", en="Check the parameters by schemas/openapi.yaml."),
)
RESULT_ALTERED = ProblemKind(
    code="result-altered",
    status=500,
    title=Text(zh="结果文书与记录不符", en="The result's document does not match the record"),
    detail=Text(
        zh="结果文书与出具时的记录不一致，已停止提供。请联系综合窗口。",
        en="The stored document is not the one that was issued, so it is not given out. Ask the window.",
    ),
)
INTERNAL = ProblemKind(
    code="internal",
    status=500,
    title=Text(zh="系统故障", en="Internal error"),
    detail=Text(zh="系统故障，请稍后重试；仍不行请联系运维。", en="Try again later; if it persists, ask operations."),
)


class Parameter(Model):
    """A parameter in a route's path or query."""

    name: str
    where: Literal["path", "query"] = "query"
    pattern: str | None = None
    description: Text


class Route(Model):
    """One address of the API. `groups` may use it; none given: everybody, without signing in."""

    name: str
    path: str
    summary: Text
    answer: type[BaseModel]
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
            Parameter(
                name="uscc",
                pattern=USCC_PATTERN,
                description=Text(
                    zh="统一社会信用代码；申请人可不填",
                    en="The enterprise's credit code; an applicant may leave it out",
                ),
            ),
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
        name="stuck",
        path="/api/ops/stuck",
        summary=Text(zh="应办未办的材料包", en="Packets that should have moved on by now"),
        answer=Stuck,
        groups=frozenset((Group.OPERATIONS,)),
        parameters=(
            Parameter(
                name="days",
                pattern=r"^\d{1,2}$",
                description=Text(
                    zh=f"回看天数，1 至 {STUCK_DAYS}，默认 2",
                    en=f"Days to look back, 1 to {STUCK_DAYS}; 2 when left out",
                ),
            ),
        ),
        problems=(INVALID_PARAMETER,),
    ),
)
