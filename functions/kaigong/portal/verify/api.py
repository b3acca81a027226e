"""The API's routes of verifying."""

from pydantic import ValidationError

from kaigong.contract import problems
from kaigong.contract.verification import VerifyRequest
from kaigong.domain.model.text import Text
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.store import packets

from . import actions


def _verify(request: Request) -> Reply:
    given = {name: request.query[name] for name in ("sha256", "number") if name in request.query}
    try:
        asked = VerifyRequest.model_validate(given)
    except ValidationError as error:
        raise Unanswered(problems.INVALID_PARAMETER, _WHICH) from error
    return Reply(actions.document(asked))


def _proof(request: Request) -> Reply:
    return Reply(actions.proof(packets.load_shown(request.packet.packet)))


_WHICH = Text(
    zh="请以 sha256 给出文件的 SHA-256（64 位小写十六进制），或以 number 给出文件上的申请编号。",
    en="Give the file's SHA-256 as sha256 (64 characters of lower-case hexadecimal), or the number on it as number.",
)

ANSWERS = {"verify": _verify, "proof": _proof}
