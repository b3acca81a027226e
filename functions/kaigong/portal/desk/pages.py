"""The workbench of a department's officers: the queue, and one review with its papers beside the form for it.

Each action is a plain form. Who typed something that cannot be sent gets the page again with every word, and with what
to do: a colleague was first, the queue does not answer, a reason is missing.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from kaigong import catalog
from kaigong.catalog.reasons import UsualReason, usual_reasons
from kaigong.contract import problems
from kaigong.contract.desk import (
    DeskDecision,
    DeskProcedureRequest,
    DeskReason,
    DeskRetraction,
    DeskSignature,
    PaperAddress,
)
from kaigong.contract.limits import ACTS
from kaigong.contract.routes import OFFICERS
from kaigong.contract.work import RemarkRequest
from kaigong.domain.flow.lease import LEASE
from kaigong.domain.model.messages import LONGEST_ANSWER, Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import Packet, Review
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.portal import audit, parameters, remarks
from kaigong.portal.tags import TONES
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, elsewhere, redirect, shown
from kaigong.settings import settings
from kaigong.store import catalogues
from kaigong.views.desk_queue import DeskRow, is_mine, is_place
from kaigong.views.desk_review import DeskFile, DeskMaterial, DeskTask
from kaigong.views.states import MATTER_STATES

from . import actions, work

_BEAT = int(LEASE.total_seconds()) // 4  # seconds between two signs of life of who works on a page
_ROWS = 20  # choice: reviews that a page lists
_REJECTIONS = 3  # reasons that the form of a rejection has room for
_VERDICTS = {verdict.value: (TONES[verdict], name) for verdict, name in names.VERDICTS.items()}
_PHOTOS, _DRAWN = ("jpeg", "png", "webp", "heic"), ("jpeg", "png", "webp")  # by kind: photos, and what is drawn of them
_SAY_MORE = N_("填写的内容有缺漏：请写明问题或理由；只填依据、不写问题的，不能送出。")
_SAY_LESS = N_("理由和条件合计不得超过 %(most)s 字，请删减后再送出。", most=LONGEST_ANSWER)
_SAY_WHY = N_("请写明收回决定的理由（不超过 1000 字）。")
_SAY_WHAT = N_("请填写备注或通话内容（不超过 1000 字）；通话还须写明与谁通话，备注不填。")
_ANSWER_IT = N_("请填写答复（不超过 1000 字）。")
_WHEN = N_("请按“年-月-日 时:分”填写时间。")


# the queue


def _queue(request: Request) -> Reply:
    after = parameters.after(request, is_place, page=True)
    found = actions.queue(request.caller, after)
    asked = _filter(request)
    rows = [row for row in found.rows if asked.takes(row)]
    number = min(asked.page, max(1, -(-len(rows) // _ROWS)))
    processes = catalog.load().processes
    values = {
        "queue": found,
        "rows": rows[(number - 1) * _ROWS : number * _ROWS],
        "taken": len(rows),
        "number": number,
        "pages": -(-len(rows) // _ROWS),
        "filter": asked,
        "processes": {code: process.name for code, process in processes.items()},
        "after": after,
        "nothing": "none" in request.query,
        **_words(),
    }
    return shown("desk/rows.html" if request.partial else "desk/queue.html", values)


@dataclass(frozen=True)
class _Filter:
    """Which rows of the queue are shown, and which page of them; each choice stands in the address."""

    process: str
    due: str  # "today": what is due today, or late
    whose: str  # "mine", or "nobody"
    page: int

    def takes(self, row: DeskRow) -> bool:
        today = row.overdue or row.days_left == 0
        held = {"mine": is_mine(row), "nobody": row.held is None and row.officer is None}.get(self.whose, True)
        return held and (not self.process or row.process == self.process) and (self.due != "today" or today)

    @property
    def query(self) -> str:
        """The choices as an address carries them, without the page."""
        said = {"process": self.process, "due": self.due, "whose": self.whose}
        return urlencode({name: value for name, value in said.items() if value})


def _filter(request: Request) -> _Filter:
    query, page = request.query, request.query.get("page", "1")
    return _Filter(
        process=query.get("process", ""),
        due=query.get("due", ""),
        whose=query.get("whose", ""),
        page=max(1, int(page)) if re.fullmatch("[0-9]{1,3}", page) else 1,
    )


def _next(request: Request) -> Reply:
    found = actions.take_next(request.caller)
    if found is None:
        return redirect(request, "desk?none=1")
    packet, review = found
    return redirect(request, _path(packet, review))


# one review


def _review(request: Request) -> Reply:
    packet, review = _asked_for(request)
    if request.partial and "lease" in request.query:
        return _lease(request, packet, review)
    if reason := _usual(request):
        return _page(request, packet, review, panel=reason.outcome, begun=reason)
    return _page(request, packet, review)


def _usual(request: Request) -> UsualReason | None:
    """The usual reason that an address names: the form begins with it, for who has no scripts."""
    return next((r for r in usual_reasons() if r.code == request.query.get("reason")), None)


def _paper(request: Request) -> Reply:
    """A paper in a window of its own: on to its address in storage."""
    packet, review = _asked_for(request)
    file, before, slot = request.query.get("file", ""), request.query.get("before"), request.named["slot"]
    found = actions.paper(packet, review, slot, file, before)
    audit.looked(request.caller, packet.owner, packet.packet, slot, file)
    return elsewhere(found.address)


def _take(request: Request) -> Reply:
    packet, review = _asked_for(request)
    return _done(request, packet, review, "", lambda: actions.take(request.caller, packet, review))


def _extend(request: Request) -> Reply:
    """A sign of life: who works on the page keeps the review. Answered with the line that says so."""
    packet, review = _asked_for(request)
    try:
        actions.take(request.caller, packet, review)
    except Unanswered as told:
        if not request.partial:
            return _page(request, packet, review, told=told)
    if not request.partial:
        return redirect(request, _path(packet, review))
    return _lease(request, packet, review)


def _lease(request: Request, packet: Packet, review: Review) -> Reply:
    """Who has the review, or what became of it: the part of its page that comes again by itself."""
    task = actions.task(request.caller, packet, review, whole=False)
    return shown("desk/lease.html", {"task": task, "panel": "", "wrong": None, "typed": {}, **_words()})


def _give_back(request: Request) -> Reply:
    packet, review = _asked_for(request)
    actions.give_back(request.caller, packet, review)
    return redirect(request, "desk")


def _decide(request: Request) -> Reply:
    packet, review = _asked_for(request)
    outcome = request.value("outcome")
    if outcome not in set(Outcome):
        raise Unanswered(problems.NO_SUCH_PAGE)
    try:
        asked = _decision(request, Outcome(outcome))
    except (ValidationError, ValueError):
        typed = sum(len(words) for name in ("text", "basis", "conditions") for words in request.form.get(name, ()))
        wrong = _SAY_LESS if typed > LONGEST_ANSWER else _SAY_MORE
        return _page(request, packet, review, panel=outcome, wrong=wrong)
    return _done(request, packet, review, outcome, lambda: actions.decide(request.caller, packet, review, asked))


def _sign(request: Request) -> Reply:
    packet, review = _asked_for(request)
    panel = request.value("action")
    if panel not in ("sign", "send-back"):
        raise Unanswered(problems.NO_SUCH_PAGE)
    try:
        asked = DeskSignature.model_validate(
            {
                "round": _round(request),
                "proposal": request.value("proposal"),
                "action": panel,
                "reason": request.value("reason") or None,
            }
        )
    except (ValidationError, ValueError):
        return _page(request, packet, review, panel=panel, wrong=_SAY_MORE)
    return _done(request, packet, review, panel, lambda: actions.sign(request.caller, packet, review, asked))


def _procedure(request: Request) -> Reply:
    packet, review = _asked_for(request)
    kind, action = request.value("kind"), request.value("action")
    if kind not in set(ProcedureKind) or action not in set(ProcedureAction):
        raise Unanswered(problems.NO_SUCH_PAGE)
    panel = f"end-{kind}" if action == ProcedureAction.END else "procedure"
    try:
        appointment = _moment(request.value("appointment"))
    except ValueError:
        return _page(request, packet, review, panel=panel, wrong=_WHEN)
    try:
        asked = DeskProcedureRequest(
            round=_round(request),
            kind=ProcedureKind(kind),
            action=ProcedureAction(action),
            note=request.value("note"),
            appointment=appointment,
        )
    except (ValidationError, ValueError):
        return _page(request, packet, review, panel=panel, wrong=_SAY_MORE)
    return _done(request, packet, review, panel, lambda: actions.procedure(request.caller, packet, review, asked))


def _retract(request: Request) -> Reply:
    packet, review = _asked_for(request)
    try:
        asked = DeskRetraction(
            round=_round(request), turn=int(request.value("turn") or 1), reason=request.value("reason")
        )
    except (ValidationError, ValueError):
        return _page(request, packet, review, panel="retract", wrong=_SAY_WHY)
    return _done(request, packet, review, "retract", lambda: actions.retract(request.caller, packet, review, asked))


def _remark(request: Request) -> Reply:
    """A note to colleagues, or the record of a call."""
    packet, review = _asked_for(request)
    try:
        asked = RemarkRequest.model_validate(
            {
                "kind": request.value("kind"),
                "text": request.value("text"),
                "contact": request.value("contact") or None,
            }
        )
    except ValidationError:
        return _page(request, packet, review, panel="remark", wrong=_SAY_WHAT)
    return _done(request, packet, review, "remark", lambda: remarks.put(request.caller, packet, asked))


def _answer(request: Request) -> Reply:
    """What the applicant asked about the correction is answered."""
    packet, review = _asked_for(request)
    question, text = request.value("question"), request.value("text")
    try:
        return _done(
            request, packet, review, "answer", lambda: work.answer(request.caller, packet, review, question, text)
        )
    except ValidationError:
        return _page(request, packet, review, panel="answer", wrong=_ANSWER_IT)


def _done(request: Request, packet: Packet, review: Review, panel: str, act: Callable[[], object]) -> Reply:
    """Back to the review as it is after the act; or, where the act came to nothing, the page with what was typed."""
    try:
        act()
    except Unanswered as told:
        return _page(request, packet, review, panel=panel, told=told)
    return redirect(request, _path(packet, review) + (f"?sent={panel}" if panel else ""))


def _page(
    request: Request,
    packet: Packet,
    review: Review,
    panel: str = "",
    wrong: Message | Text | None = None,
    told: Unanswered | None = None,
    begun: UsualReason | None = None,
) -> Reply:
    """The page of a review. `panel` is the form that is open, `wrong` and `told` say why nothing was sent; the form
    of a usual reason begins with that.
    """
    task = actions.task(request.caller, packet, review)
    chosen = _chosen(request, task, packet)
    file = _file(request, chosen) if chosen else None
    if told:
        wrong = told.text
    if chosen and file:
        audit.looked(request.caller, packet.owner, packet.packet, chosen.slot, file.id)
    values = {
        "task": task,
        "paper": actions.paper(packet, review, chosen.slot, file.id) if chosen and file else None,
        "chosen": chosen,
        "chosen_file": file,
        "photos": _photos(request, packet, review, chosen) if chosen else (),
        "panel": panel,
        "wrong": wrong,
        "typed": _begun(request, task, chosen, begun) if begun else request.form,
        "usual": usual_reasons(),
        "sent": task.why_not is None and request.query.get("sent", "").startswith(("procedure", "end-")),
        "may": task.why_not is None,
        "remarks": remarks.of(request.caller, packet).remarks,
        **_words(),
    }
    return shown("desk/review.html", values, told.problem.status if told else 422 if wrong else 200)


def _file(request: Request, chosen: DeskMaterial) -> DeskFile | None:
    """The file of the paper that is shown: the one asked for, else the first in which something was noticed."""
    shown = [file for file in chosen.files if file.kind]
    noticed = sorted(shown, key=lambda file: file.verdict == "valid")  # others stay in their order
    return next((file for file in shown if file.id == request.query.get("file")), next(iter(noticed), None))


def _photos(
    request: Request, packet: Packet, review: Review, chosen: DeskMaterial
) -> tuple[tuple[DeskFile, PaperAddress], ...]:
    """The photos of a paper, all of them in their order, unless one is asked for."""
    if len(chosen.files) < 2 or "file" in request.query or any(file.kind not in _PHOTOS for file in chosen.files):
        return ()
    shown = [(file, actions.paper(packet, review, chosen.slot, file.id)) for file in chosen.files]
    return tuple(shown) if all(address.kind in _DRAWN for _, address in shown) else ()


def _chosen(request: Request, task: DeskTask, packet: Packet) -> DeskMaterial | None:
    """The paper that is shown: the one asked for, else the one that matters most here.

    That is one about which examination noticed something; else one that fewest matters of the packet ask for, an
    intermediary's before an applicant's own, a main one before others: the plan rather than the form that all have.
    """
    papers = {m.slot: m for m in task.materials if any(file.kind for file in m.files)}
    catalogue = catalogues.of(packet, catalog.load())
    asked = Counter(
        m.material for code in packet.routes if code in catalogue.matters for m in catalogue.matters[code].materials
    )

    def rank(material: DeskMaterial) -> tuple[bool, int, bool, bool]:
        noticed = material.finding is not None and material.finding.verdict != "valid"
        known = catalogue.materials.get(material.slot)
        return not noticed, asked[material.slot], not (known and known.intermediary), not material.main

    return papers.get(request.query.get("paper", "")) or min(papers.values(), key=rank, default=None)


def _begun(request: Request, task: DeskTask, chosen: DeskMaterial | None, reason: UsualReason) -> Mapping[str, Any]:
    """The form with a usual reason in the row of the paper that is shown, or in the first of a rejection."""
    slots = [m.slot for m in task.materials]
    place = slots.index(chosen.slot) if chosen and reason.outcome == "correct" else 0
    before = ("",) * place
    return {"text": (*before, request.say(reason.text)), "basis": (*before, reason.basis)}


def _words() -> Mapping[str, Any]:
    return {
        "states": MATTER_STATES,
        "channels": names.CHANNELS,
        "routes": names.ROUTES,
        "tones": TONES,
        "verdicts": _VERDICTS,
        "in_its_place": names.REPLACEMENTS,
        "signed": names.SIGNINGS,
        "levels": names.SIGNATURE_LEVELS,
        "seal_states": names.SEAL_STATES,
        "roles": names.ROLES,
        "kinds": names.PROCEDURES,
        "rejections": _REJECTIONS,
        "beat": _BEAT,
    }


# what was typed


def _decision(request: Request, outcome: Outcome) -> DeskDecision:
    """Raises ValueError (pydantic's too) where what was typed cannot be a decision."""
    conditions = [line.strip() for line in request.value("conditions").splitlines() if line.strip()]
    identity = request.value("identity")
    return DeskDecision(
        round=_round(request),
        identity=datetime.fromisoformat(identity) if identity else None,
        outcome=outcome,
        reasons=tuple(_reasons(request)) if outcome is not Outcome.APPROVE else (),
        conditions=tuple(conditions) if outcome is Outcome.APPROVE else (),
    )


def _reasons(request: Request) -> list[DeskReason]:
    """The rows in which something stands: of each paper, and of the application as a whole."""
    rows = zip(*(request.form.get(name, ()) for name in ("slot", "text", "basis")), strict=True)
    typed = [[part.strip() for part in row] for row in rows]
    return [
        DeskReason(slot=slot or None, text=text, basis=basis or None) for slot, text, basis in typed if text or basis
    ]


def _round(request: Request) -> int:
    return int(request.value("round"))


def _moment(typed: str) -> datetime | None:
    """A time as a form gives it, in the hall's time zone. Raises ValueError where it is none."""
    return datetime.fromisoformat(typed).replace(tzinfo=settings().office.zone) if typed else None


def _asked_for(request: Request) -> tuple[Packet, Review]:
    return request.packet, actions.review_of(request.caller, request.packet, request.named["matter"])


def _path(packet: Packet, review: Review) -> str:
    return f"desk/{packet.packet}/{review.matter}"


_ONE = "/desk/{packet}/{matter}"

PAGES = (
    Page("desk", "/desk", _queue, groups=OFFICERS),
    Page("desk-next", "/desk/next", _next, groups=OFFICERS, method="POST"),
    Page("desk-review", _ONE, _review, groups=OFFICERS),
    Page("desk-paper", f"{_ONE}/papers/{{slot}}", _paper, groups=OFFICERS),
    Page("desk-take", f"{_ONE}/take", _take, groups=OFFICERS, method="POST"),
    Page("desk-extend", f"{_ONE}/extend", _extend, groups=OFFICERS, method="POST"),
    Page("desk-give-back", f"{_ONE}/give-back", _give_back, groups=OFFICERS, method="POST"),
    Page("desk-decide", f"{_ONE}/decide", _decide, groups=OFFICERS, method="POST"),
    Page("desk-sign", f"{_ONE}/sign", _sign, groups=OFFICERS, method="POST"),
    Page("desk-procedure", f"{_ONE}/procedure", _procedure, groups=OFFICERS, method="POST"),
    Page("desk-remark", f"{_ONE}/remark", _remark, groups=OFFICERS, method="POST", limit=ACTS),
    Page("desk-answer", f"{_ONE}/answer", _answer, groups=OFFICERS, method="POST", limit=ACTS),
    Page("desk-retract", f"{_ONE}/retract", _retract, groups=OFFICERS, method="POST", limit=ACTS),
)
