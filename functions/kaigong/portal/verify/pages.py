"""核验: whoever holds a document learns whether it is ours and still stands, without signing in.

A browser computes the file's hash itself, and asks by that; the file is sent only where the person wants it, and is not
kept. A number is typed, or comes with a QR code. None of the answers names an enterprise or a person.
"""

import re
from typing import Any

from pydantic import ValidationError

from kaigong.contract.limits import VERIFY
from kaigong.contract.routes import READERS
from kaigong.contract.verification import VerifyRequest
from kaigong.portal.web.messages import N_
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.store import packets
from kaigong.views.states import DocumentState
from kaigong.views.verification import Verified

from . import actions

_WRONG = N_("看不出这是编号还是文件校验值：编号如 20260306-101500-abc123，校验值是 64 位的 0–9、a–f。请核对后再试。")
_TOO_LARGE = N_("文件过大或不完整，没有送出。请改用编号核验。")
_TONES = {
    DocumentState.CURRENT: "good",
    DocumentState.SUPERSEDED: "warn",
    DocumentState.REVOKED: "bad",
    DocumentState.CHANGED: "bad",
    DocumentState.UNKNOWN: "bad",
}


def _verify(request: Request) -> Reply:
    """The form; with the answer, where the address says what to verify: QR codes lead here."""
    typed = request.query.get("number", "").strip()
    if not typed:
        return _shown()
    sha256 = typed.replace(" ", "").lower()
    asked = {"sha256": sha256} if re.fullmatch("[0-9a-f]{64}", sha256) else {"number": typed}
    try:
        found = actions.document(VerifyRequest.model_validate(asked))
    except ValidationError:
        return _shown(typed=typed, wrong=_WRONG, status=400)
    return _shown(found, typed="" if "sha256" in asked else typed)


def _file(request: Request) -> Reply:
    """A file that somebody chose to send."""
    try:
        found = actions.document(VerifyRequest.model_validate({"content": request.value("content")}))
    except ValidationError:
        return _shown(wrong=_TOO_LARGE, status=400)
    return _shown(found)


def _shown(found: Verified | None = None, typed: str = "", wrong: Any = None, status: int = 200) -> Reply:
    tone = _TONES[found.verdict] if found else ""
    return shown("verify/verify.html", {"found": found, "tone": tone, "typed": typed, "wrong": wrong}, status)


def _proof(request: Request) -> Reply:
    """The proof of a packet's ledger as a file to keep."""
    packet = request.packet.packet
    proof = actions.proof(packets.load_shown(packet))
    headers = {"Content-Disposition": f'attachment; filename="{packet}-proof.json"'}
    content = proof.model_dump_json(by_alias=True, indent=1).encode()
    return Reply(content, kind="application/json; charset=utf-8", headers=headers)


PAGES = (
    Page("verify", "/verify", _verify, limit=VERIFY),
    Page("verify-file", "/verify", _file, method="POST", limit=VERIFY),
    Page("proof", "/packets/{packet}/proof", _proof, groups=READERS),
)
