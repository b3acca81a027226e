"""Every problem that the HTTP API answers with, in both languages (RFC 9457): what is wrong, and what to do.

`code` is stable; the texts may change.
"""

from pydantic import Field

from .acts import REFUSALS, ActRefusal
from .text import Model, Text

BODY_LIMIT = 16 * 1024  # bytes of a request's body; the longest one that keeps its model has some 15,000


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
        zh="您的账号无权进行此项操作。请核对账号所属的企业、部门或用户组，或联系综合窗口。",
        en="Your account may not do this. Check its enterprise, department or group, or ask the window.",
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
NOT_APPLIED_YET = ProblemKind(
    code="not-applied-yet",
    status=404,
    title=Text(zh="尚未申报", en="Nothing applied for yet"),
    detail=Text(
        zh="尚未收到申报清单 manifest.json，不知道申报哪些事项。各事项的途径见 /api/guide。",
        en="No manifest.json came yet to say what is applied for. /api/guide has the routes of every matter.",
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
INVALID_BODY = ProblemKind(
    code="invalid-body",
    status=400,
    title=Text(zh="请求内容有误", en="Invalid body"),
    detail=Text(
        zh="请求内容不是合格的 JSON，请按 schemas/openapi.yaml 核对。",
        en="The body is not JSON of the right form: check it by schemas/openapi.yaml.",
    ),
)
NOT_JSON = ProblemKind(
    code="not-json",
    status=415,
    title=Text(zh="请求内容类型不支持", en="Unsupported media type"),
    detail=Text(
        zh="请以 application/json 提交请求内容，并注明 Content-Type。",
        en="Send the body as application/json, and say so in Content-Type.",
    ),
)
BODY_TOO_LARGE = ProblemKind(
    code="body-too-large",
    status=413,
    title=Text(zh="请求内容过大", en="Body too large"),
    detail=Text(zh=f"请求内容不得超过 {BODY_LIMIT} 字节。", en=f"A body may have {BODY_LIMIT} bytes at most."),
)
NO_LETTER = ProblemKind(
    code="no-letter",
    status=400,
    title=Text(zh="没有告知承诺书", en="No letter of commitment"),
    detail=Text(
        zh="所列事项中有不适用告知承诺的事项。可以告知承诺办理的事项见办事指南 /api/guide。",
        en="A matter asked for takes no commitment. The guide at /api/guide has those that do.",
    ),
)
TOO_LATE = ProblemKind(
    code=ActRefusal.TOO_LATE.value,
    status=409,
    title=Text(zh="已不能撤回", en="Too late to withdraw"),
    detail=REFUSALS[ActRefusal.TOO_LATE],
)
ALREADY_WITHDRAWN = ProblemKind(
    code=ActRefusal.ALREADY_WITHDRAWN.value,
    status=409,
    title=Text(zh="已经撤回", en="Already withdrawn"),
    detail=REFUSALS[ActRefusal.ALREADY_WITHDRAWN],
)
NO_SUCH_DOUBT = ProblemKind(
    code=ActRefusal.NO_SUCH_DOUBT.value,
    status=409,
    title=Text(zh="没有这一疑点", en="No such doubt"),
    detail=REFUSALS[ActRefusal.NO_SUCH_DOUBT],
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
