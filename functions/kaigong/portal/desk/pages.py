"""The workbench of a department's officers: the queue, one review with its papers beside the form, and the answers.

Each action is a plain form. Who typed something that cannot be sent gets the page again with every word, and with what
to do: a colleague was first, the queue does not answer, a reason is missing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from kaigong.contract import desk as answers
from kaigong.contract import problems
from kaigong.contract.routes import OFFICERS, Group
from kaigong.domain.flow.lease import LEASE
from kaigong.domain.model.clock import PAUSE_NAMES
from kaigong.domain.model.messages import Outcome, ProcedureAction, ProcedureKind, Replacement, in_our_time
from kaigong.domain.model.packet import Packet, Review
from kaigong.domain.model.text import Text
from kaigong.portal.account import pages as account
from kaigong.portal.asking import Unanswered
from kaigong.portal.tags import TONES
from kaigong.portal.web.request import Answered, Page, Raw, Redirect, Shown, Visit
from kaigong.settings import settings
from kaigong.views import words
from kaigong.views.desk_queue import is_place
from kaigong.views.desk_review import DeskMaterial, DeskTask
from kaigong.views.guide import ROUTES

from . import actions as desk

_BEAT = int(LEASE.total_seconds()) // 4  # seconds between two signs of life of who works on a page
_REJECTIONS = 3  # reasons that the form of a rejection has room for
_VERDICTS = {
    "valid": ("good", Text(zh="检查合格", en="sound")),
    "warning": ("warn", Text(zh="检查有提示", en="worth a look")),
    "deficient": ("bad", Text(zh="检查不合格", en="not sound")),
}
_IN_ITS_PLACE = {
    Replacement.COMMITMENT: Text(zh="以告知承诺代替", en="replaced by the commitment"),
    Replacement.SHARED: Text(zh="系统共享获取，无需提交", en="fetched by the system"),
    Replacement.GAP: Text(zh="容缺，承诺后补", en="promised for later"),
}
_SAY_MORE = Text(
    zh="填写的内容有缺漏：请写明问题或理由；只填依据、不写问题的，不能送出。",
    en="Something is missing: say what is wrong or why. A basis alone, without words, cannot be sent.",
)
_SAY_LESS = Text(
    zh=f"理由和条件合计不得超过 {answers.LONGEST_DECISION} 字，请删减后再送出。",
    en=f"All reasons and conditions together have {answers.LONGEST_DECISION} characters at most: shorten them.",
)
_WHEN = Text(zh="请按“年-月-日 时:分”填写时间。", en="Give the time as year-month-day hour:minute.")


# the queue


def _queue(visit: Visit) -> Answered:
    after = visit.query.get("after")
    if after is not None and not is_place(after):
        raise Unanswered(problems.NO_SUCH_PAGE)
    values = {"queue": desk.queue(visit.caller, after), "after": after, "nothing": "none" in visit.query, **_words()}
    return Shown("desk/rows.html" if visit.partial else "desk/queue.html", values)


def _next(visit: Visit) -> Answered:
    found = desk.take_next(visit.caller)
    if found is None:
        return Redirect("desk?none=1")
    packet, review = found
    return Redirect(_path(packet, review))


# one review


def _review(visit: Visit) -> Answered:
    packet, review = _asked_for(visit)
    if visit.partial and "lease" in visit.query:
        return Shown("desk/lease.html", {"task": desk.task(visit.caller, packet, review), **_words()})
    return _shown(visit, packet, review)


def _paper(visit: Visit) -> Answered:
    """A paper in a window of its own: on to its address in storage."""
    packet, review = _asked_for(visit)
    found = desk.paper(packet, review, visit.named["slot"])
    return Raw(b"", "text/plain", 303, {"Location": found.address})


def _take(visit: Visit) -> Answered:
    packet, review = _asked_for(visit)
    return _done(visit, packet, review, "", lambda: desk.take(visit.caller, packet, review))


def _extend(visit: Visit) -> Answered:
    """A sign of life: who works on the page keeps the review. Answered with the line that says so."""
    packet, review = _asked_for(visit)
    try:
        desk.take(visit.caller, packet, review)
    except Unanswered as told:
        if not visit.partial:
            return _shown(visit, packet, review, told=told)
    if not visit.partial:
        return Redirect(_path(packet, review))
    return Shown("desk/lease.html", {"task": desk.task(visit.caller, packet, review), **_words()})


def _give_back(visit: Visit) -> Answered:
    packet, review = _asked_for(visit)
    desk.give_back(visit.caller, packet, review)
    return Redirect("desk")


def _decide(visit: Visit) -> Answered:
    packet, review = _asked_for(visit)
    outcome = visit.value("outcome")
    if outcome not in set(Outcome):
        raise Unanswered(problems.NO_SUCH_PAGE)
    try:
        asked = _decision(visit, Outcome(outcome))
    except (ValidationError, ValueError):
        typed = sum(len(words) for name in ("text", "basis", "conditions") for words in visit.form.get(name, ()))
        wrong = _SAY_LESS if typed > answers.LONGEST_DECISION else _SAY_MORE
        return _shown(visit, packet, review, panel=outcome, wrong=wrong)
    return _done(visit, packet, review, outcome, lambda: desk.decide(visit.caller, packet, review, asked))


def _procedure(visit: Visit) -> Answered:
    packet, review = _asked_for(visit)
    kind, action = visit.value("kind"), visit.value("action")
    if kind not in set(ProcedureKind) or action not in set(ProcedureAction):
        raise Unanswered(problems.NO_SUCH_PAGE)
    panel = f"end-{kind}" if action == ProcedureAction.END else "procedure"
    try:
        appointment = _moment(visit.value("appointment"))
    except ValueError:
        return _shown(visit, packet, review, panel=panel, wrong=_WHEN)
    try:
        asked = answers.DeskProcedureRequest(
            round=_round(visit),
            kind=ProcedureKind(kind),
            action=ProcedureAction(action),
            note=visit.value("note"),
            appointment=appointment,
        )
    except (ValidationError, ValueError):
        return _shown(visit, packet, review, panel=panel, wrong=_SAY_MORE)
    return _done(visit, packet, review, panel, lambda: desk.procedure(visit.caller, packet, review, asked))


def _done(visit: Visit, packet: Packet, review: Review, panel: str, act: Callable[[], object]) -> Answered:
    """Back to the review as it is after the act; or, where the act came to nothing, the page with what was typed."""
    try:
        act()
    except Unanswered as told:
        return _shown(visit, packet, review, panel=panel, told=told)
    return Redirect(_path(packet, review) + (f"?sent={panel}" if panel else ""))


def _shown(
    visit: Visit,
    packet: Packet,
    review: Review,
    panel: str = "",
    wrong: Text | None = None,
    told: Unanswered | None = None,
) -> Shown:
    """The page of a review. `panel` is the form that is open, `wrong` and `told` say why nothing was sent."""
    task = desk.task(visit.caller, packet, review)
    chosen = _chosen(visit, task)
    if told:
        wrong = Text(zh=told.problem.zh, en=told.problem.en)
    values = {
        "task": task,
        "paper": desk.paper(packet, review, chosen.slot) if chosen else None,
        "chosen": chosen,
        "panel": panel,
        "wrong": wrong,
        "typed": visit.form,
        "sent": task.why_not is None and "sent" in visit.query,
        "may": task.why_not is None,
        **_words(),
    }
    return Shown("desk/review.html", values, status=told.problem.status if told else 422 if wrong else 200)


def _chosen(visit: Visit, task: DeskTask) -> DeskMaterial | None:
    """The paper that is shown: the one asked for, else the first that can be shown."""
    papers = {m.slot: m for m in task.materials if m.kind}
    return papers.get(visit.query.get("paper", "")) or next(iter(papers.values()), None)


def _words() -> Mapping[str, Any]:
    return {
        "states": words.MATTER_STATES,
        "channels": words.CHANNELS,
        "routes": {code: name for code, (name, _) in ROUTES.items()},
        "tones": TONES,
        "verdicts": _VERDICTS,
        "in_its_place": _IN_ITS_PLACE,
        "signed": words.SIGNINGS,
        "kinds": {kind.value: PAUSE_NAMES[kind.value] for kind in ProcedureKind},
        "rejections": _REJECTIONS,
        "beat": _BEAT,
    }


# what was typed


def _decision(visit: Visit, outcome: Outcome) -> answers.DeskDecision:
    """Raises ValueError (pydantic's too) where what was typed cannot be a decision."""
    conditions = [line.strip() for line in visit.value("conditions").splitlines() if line.strip()]
    return answers.DeskDecision(
        round=_round(visit),
        outcome=outcome,
        reasons=tuple(_reasons(visit)) if outcome is not Outcome.APPROVE else (),
        conditions=tuple(conditions) if outcome is Outcome.APPROVE else (),
    )


def _reasons(visit: Visit) -> list[answers.DeskReason]:
    """The rows in which something stands: of each paper, and of the application as a whole."""
    rows = zip(*(visit.form.get(name, ()) for name in ("slot", "text", "basis")), strict=True)
    typed = [[part.strip() for part in row] for row in rows]
    return [
        answers.DeskReason(slot=slot or None, text=text, basis=basis or None)
        for slot, text, basis in typed
        if text or basis
    ]


def _round(visit: Visit) -> int:
    return int(visit.value("round"))


def _moment(typed: str) -> datetime | None:
    """A time as a form gives it, in the hall's time zone. Raises ValueError where it is none."""
    if not typed:
        return None
    return in_our_time(datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(settings().time_zone)))


def _asked_for(visit: Visit) -> tuple[Packet, Review]:
    assert visit.packet is not None  # noqa: S101 - every path here names a packet
    return visit.packet, desk.review_of(visit.caller, visit.packet, visit.named["matter"])


def _path(packet: Packet, review: Review) -> str:
    return f"desk/{packet.packet}/{review.matter}"


account.START[Group.DEPARTMENT] = "desk"

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
    Page("desk-procedure", f"{_ONE}/procedure", _procedure, groups=OFFICERS, method="POST"),
)
