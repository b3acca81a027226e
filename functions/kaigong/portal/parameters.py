"""What an address of the API names, checked. Each raises Unanswered, with what is right, for what can be nothing."""

import re
from collections.abc import Callable, Collection

from kaigong.contract import problems
from kaigong.domain.model.manifest import PROJECT_CODE_PATTERN, USCC_PATTERN
from kaigong.domain.model.text import Text

from .unanswered import Unanswered
from .web.request import Request

_MOST_CODES = 100  # an application has forty matters, and the questions have fewer answers
NEXT = Text(zh="after 须为上一页给出的 next。", en="Give as after the next of the page before.")
WHICH_ENTERPRISE = Text(
    zh="请以 uscc 给出 18 位统一社会信用代码。", en="Give the credit code of 18 characters as uscc."
)
_PROJECT_CODE = Text(
    zh="项目代码的格式为 YYMM-RRRRRR-DD-TT-NNNNNN，如 2603-411400-04-01-123456。",
    en="A project's code has the form YYMM-RRRRRR-DD-TT-NNNNNN, for example 2603-411400-04-01-123456.",
)


def enterprise(request: Request) -> str:
    """The credit code that the query names, or else the applicant's own."""
    uscc = request.query.get("uscc", request.caller.uscc)
    if uscc is None or not re.fullmatch(USCC_PATTERN, uscc):
        raise Unanswered(problems.INVALID_PARAMETER, WHICH_ENTERPRISE)
    return uscc


def project(request: Request) -> str:
    """The project that the path names."""
    code = request.named["code"]
    if not re.fullmatch(PROJECT_CODE_PATTERN, code):
        raise Unanswered(problems.INVALID_PARAMETER, _PROJECT_CODE)
    return code


def one_of(request: Request, name: str, known: Collection[str]) -> str | None:
    """One of the values that there are, or none."""
    value = request.query.get(name)
    if value is not None and value not in known:
        choices = ", ".join(known)
        detail = Text(zh=f"{name} 可选：{choices}。", en=f"Choose {name} from: {choices}.")
        raise Unanswered(problems.INVALID_PARAMETER, detail)
    return value


def codes(request: Request, name: str) -> tuple[str, ...]:
    """Several codes: a form sends its parameter several times, which API Gateway puts together with commas."""
    return tuple(dict.fromkeys(filter(None, request.query.get(name, "").split(",", _MOST_CODES)[:_MOST_CODES])))


def after(request: Request, is_place: Callable[[str], bool], *, page: bool = False) -> str | None:
    """Where a list goes on; None: at its beginning. What is no place is a wrong parameter, or a `page` not there."""
    place = request.query.get("after")
    if place is not None and not is_place(place):
        raise Unanswered(problems.NO_SUCH_PAGE) if page else Unanswered(problems.INVALID_PARAMETER, NEXT)
    return place


def page(request: Request) -> int:
    """Which page of a list, from 1; the first where the address says nothing that is a number."""
    asked = request.query.get("page", "")
    return int(asked) if re.fullmatch("[0-9]{1,4}", asked) else 1


def version(request: Request) -> int:
    """The version of a draft that a form was filled in on; -1 where it names none."""
    version = request.value("version")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def days(request: Request, usual: int, most: int) -> int:
    """A number of days."""
    asked = request.query.get("days", str(usual))
    if not re.fullmatch("[0-9]{1,2}", asked) or not 1 <= int(asked) <= most:
        detail = Text(zh=f"days 须为 1 至 {most}。", en=f"Give days as a number from 1 to {most}.")
        raise Unanswered(problems.INVALID_PARAMETER, detail)
    return int(asked)
