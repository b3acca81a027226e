"""Applying: the list of one's packets and drafts, beginning, the one form with its slots, handing in.

Everything works as plain forms. The script (static/apply.js) saves while one types, uploads in parallel and in parts,
and asks for the finding of what was uploaded; it gets the same fragments that the page is made of.

The window draws applications up on the same pages (帮办代办). Accepting letters and handing in are not its to do: there
its pages say that the applicant signs in and does it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from kaigong.catalog import load as catalogue
from kaigong.contract import application as said
from kaigong.contract import problems
from kaigong.contract.limits import BEGINNINGS, UPLOADS
from kaigong.contract.routes import APPLICANTS, DRAWING_UP, PAGE_SIZE, WINDOW, Group
from kaigong.domain.intake import draft as rules
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.model.draft import LONGEST_TYPED, Draft, EnterpriseTyped, Filled, ProjectTyped
from kaigong.domain.model.manifest import USCC_PATTERN
from kaigong.domain.model.packet import Status
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.account import pages as account
from kaigong.portal.asking import Unanswered
from kaigong.portal.tags import TONES
from kaigong.portal.web.request import Answered, Page, Raw, Redirect, Shown, Visit
from kaigong.settings import settings
from kaigong.store import credit, drafts, reading
from kaigong.views import packet as view
from kaigong.views import words
from kaigong.views.foreseen import Foreseen, SlotState
from kaigong.views.guide import STAGES, guide

from . import actions as applying
from .actions import Application

_LOOK = "2"  # seconds until a page that waits looks again, with or without scripts
_TONES = {
    SlotState.EXAMINING: "info",
    SlotState.VALID: "good",
    SlotState.WARNING: "warn",
    SlotState.DEFICIENT: "bad",
    SlotState.PROMISED: "info",
    SlotState.MISSING: "warn",
    SlotState.BY_COMMITMENT: "info",
    SlotState.SHARED: "good",
    SlotState.OPTIONAL: "info",
}
_STATES = {
    SlotState.EXAMINING: Text(zh="正在检查", en="Being examined"),
    SlotState.VALID: Text(zh="合格", en="In order"),
    SlotState.WARNING: Text(zh="可用，有提示", en="Usable, please look"),
    SlotState.DEFICIENT: Text(zh="不合格", en="Cannot be used"),
    SlotState.PROMISED: Text(zh="承诺后补", en="Promised"),
    SlotState.MISSING: Text(zh="待上传", en="To be uploaded"),
    SlotState.BY_COMMITMENT: Text(zh="以承诺代替", en="Replaced by commitment"),
    SlotState.SHARED: Text(zh="系统获取", en="Fetched by the system"),
    SlotState.OPTIONAL: Text(zh="可选", en="If you like"),
}


# the list, and beginning


def _list(visit: Visit) -> Answered:
    uscc = cast(str, visit.caller.uscc)
    try:
        headers, more = reading.packets_of(uscc, PAGE_SIZE, visit.query.get("after"))
    except reading.NotACursor as error:
        raise Unanswered(problems.NO_SUCH_PAGE) from error
    rows = [view.summary(header, catalogue()) for header in headers]
    begun = applying.listed(visit.caller, uscc) if "after" not in visit.query else []
    values = {
        "rows": rows,
        "drafts": begun,
        "processes": catalogue().processes,
        "more": more,
        "phases": words.PHASES,
        "tones": TONES,
    }
    return Shown("apply/list.html", values)


def _start(visit: Visit) -> Answered:
    """Which kind of project, then which matters: two small pages, both addresses that the guide can link to."""
    chosen = visit.query.get("process")
    if chosen is not None and chosen not in catalogue().processes:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return Shown("apply/matters.html" if chosen else "apply/start.html", _choice(visit, chosen))


def _begin(visit: Visit) -> Answered:
    process, matters = visit.value("process"), visit.form.get("matters", ())
    uscc = _helped(visit) or visit.caller.uscc
    if process in catalogue().processes and not matters:
        wrong = Text(zh="请至少选择一个事项。", en="Choose at least one matter.")
        return Shown("apply/matters.html", _choice(visit, process) | {"wrong": wrong}, status=422)
    return Redirect(f"apply/{applying.begin(visit.caller, uscc, process, matters).draft.packet}")


def _choice(visit: Visit, process: str | None) -> dict[str, Any]:
    uscc = _helped(visit)
    record = credit.standing(uscc).record if uscc else None
    return {
        "guide": guide(catalogue(), process),
        "stages": STAGES,
        "wrong": None,
        "at": visit.path.lstrip("/"),
        "helped": uscc,
        "name": (record.basic.name if record and record.basic else None) or "",
    }


def _helped(visit: Visit) -> str | None:
    """The enterprise for which the window begins an application; None on an applicant's own pages."""
    uscc = visit.named.get("uscc")
    if uscc is not None and not re.fullmatch(USCC_PATTERN, uscc):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return uscc


# the application


def _application(visit: Visit) -> Answered:
    what = _of(visit)
    return Shown("apply/application.html", _shown(what, applying.ahead(what)))


def _state(visit: Visit) -> Answered:
    """What changes on the page by itself: findings, and what would come of handing in."""
    return _live(_of(visit))


def _live(what: Application, status: int = 200, **more: Any) -> Shown:
    """The part of an application's page that changes. Its links start from that page, not from where it was asked."""
    return Shown("apply/live.html", _shown(what, applying.ahead(what), base="../", **more), status=status)


def _of(visit: Visit) -> Application:
    return applying.of(visit.named["draft"], visit.caller)


def _shown(what: Application, seen: Foreseen, **more: Any) -> dict[str, Any]:
    header = what.packet.header
    on_paper = (slot.slot for slot in seen.slots if catalogue().materials[slot.slot].letters)
    return {
        "d": what.draft,
        "own": what.own,
        "signed_letters": next(on_paper, None),  # the slot of letters that are signed on paper
        "f": seen,
        "status": header.status if header else None,
        "accepted": bool(header and header.accepted_at),
        "owed": what.packet.owed(),
        "handed_in": what.draft.handed_in is not None and what.packet.header is None,
        "process": catalogue().processes[what.draft.process],
        "known": catalogue().matters,
        "doubted": DOUBTS,
        "states": _STATES,
        "tones": _TONES,
        "SlotState": SlotState,
        "kinds": {slot.slot: ",".join(said.media_types(catalogue().materials[slot.slot])) for slot in seen.slots},
        "megabytes": settings().upload_megabytes,
        "notice": None,
        "theirs": (),
        "saved": False,
        **more,
    }


def _filled(visit: Visit, draft: Draft) -> Filled:
    """The form as it was sent. What is longer than anybody types is cut, so that the rest is not lost."""

    def typed(part: str, names: Mapping[str, Any]) -> dict[str, Any]:
        return {n: visit.value(f"{part}.{n}")[:LONGEST_TYPED] for n in names if n != "serviced_site"}

    site = visit.value("project.serviced_site")
    known = catalogue().processes[draft.process].matters
    matters = tuple(code for code in visit.form.get("matters", ()) if code in known) or draft.matters
    promises = {code for code in visit.form.get("promises", ()) if code in catalogue().materials}
    return Filled(
        matters=matters,
        enterprise=EnterpriseTyped(**typed("enterprise", EnterpriseTyped.model_fields)),
        project=ProjectTyped(
            **typed("project", ProjectTyped.model_fields),
            serviced_site={"yes": True, "no": False}.get(site),
        ),
        promises=tuple(sorted(promises)),
        commitments=tuple(code for code in matters if code in visit.form.get("commitments", ())),
    )


def _version(visit: Visit) -> int:
    version = visit.value("version")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1


def _save(visit: Visit) -> Answered:
    what = _of(visit)
    try:
        what = _kept(what, visit)
    except Unanswered as unanswered:
        return _not_kept(what, visit, unanswered)
    if visit.partial:
        return _live(what, saved=True)
    return Redirect(f"apply/{what.draft.packet}")


def _accept(visit: Visit) -> Answered:
    """Accept a letter; what was typed is saved first."""
    what, matter = _of(visit), visit.value("matter")
    try:
        what = _kept(what, visit)
        sha256 = visit.value(f"sha256.{matter}")
        draft = applying.accept(what, matter, sha256, visit.caller.name, what.draft.version)
    except Unanswered as unanswered:
        return _not_kept(what, visit, unanswered)
    what = replace(what, draft=draft)
    if visit.partial:
        return _live(what, saved=True)
    return Redirect(f"apply/{what.draft.packet}#letters")


def _hand_in(visit: Visit) -> Answered:
    """Hand in; what was typed is saved first. The same form sent twice hands in once."""
    what = _of(visit)
    onward = Redirect(f"apply/{what.draft.packet}/handed-in")
    if _sent_before(what.draft, visit):
        return onward
    try:
        kept = _kept(what, visit)
        applying.hand_in(kept, kept.draft.version, anyway=visit.value("anyway") == "yes")
    except Unanswered as unanswered:
        if _sent_before(drafts.load(what.draft.packet), visit):
            return onward
        return _not_kept(what, visit, unanswered)
    return onward


def _sent_before(draft: Draft | None, visit: Visit) -> bool:
    """Whether this very form was handed in already, before or at the same time."""
    if draft is None or draft.handed_in is None or draft.version <= _version(visit):
        return False
    return _same(draft, _filled(visit, draft))


def _kept(what: Application, visit: Visit) -> Application:
    """The application with the form saved, where it says anything new."""
    filled = _filled(visit, what.draft)
    if what.draft.version and _same(what.draft, filled):
        return what  # whatever version it was filled in on: nothing of anybody's is lost
    return replace(what, draft=applying.save(what, filled, _version(visit)))


def _same(draft: Draft, filled: Filled) -> bool:
    return all(
        getattr(draft, name) == getattr(filled, name)
        if name in ("enterprise", "project")
        else set(getattr(draft, name)) == set(getattr(filled, name))
        for name in Filled.model_fields
    )


def _not_kept(what: Application, visit: Visit, unanswered: Unanswered) -> Answered:
    """The page again with what was typed, why it was not done, and what somebody else saved meanwhile."""
    stored = drafts.load(what.draft.packet) or what.draft
    mine = _filled(visit, stored)
    again = replace(what, draft=stored.changed(**dict(mine)))
    problem = unanswered.problem
    told = Text(zh=problem.zh, en=problem.en)
    theirs = tuple(_differences(stored, mine))
    if visit.partial:
        return _live(again, problem.status, notice=told, theirs=theirs)
    values = _shown(again, applying.ahead(again), notice=told, theirs=theirs)
    return Shown("apply/application.html", values, status=problem.status)


def _differences(stored: Draft, mine: Filled) -> list[tuple[str, str]]:
    """The fields of the form in which what is stored is not what was sent: the field, and what is stored."""
    return [
        (f"{part}.{name}", str(value))
        for part in ("enterprise", "project")
        for name, value in getattr(stored, part).model_dump().items()
        if value != getattr(getattr(mine, part), name)
    ]


def _handed_in(visit: Visit) -> Answered:
    """What came of handing in: seconds later it is accepted, and there is the receipt; or it is returned."""
    what = _of(visit)
    packet, header = what.packet, what.packet.header
    taken = what.draft.handed_in
    if header and header.accepted_at and not packet.untaken() and header.status is not Status.CORRECTING:
        return Redirect(f"packets/{packet.packet}/receipt")
    if packet.standing_refusal() or (header and taken and header.round >= taken.round and not packet.untaken()):
        return Redirect(f"apply/{packet.packet}")
    if taken is None and not packet.untaken():
        return Redirect(f"apply/{packet.packet}")
    return Shown("apply/handed-in.html", {"d": what.draft}, headers={"Refresh": _LOOK})


# uploads


def _slot(visit: Visit) -> Answered:
    """One material, with a form that sends a file straight to object storage, for who has no scripts."""
    what, code = _of(visit), visit.named["slot"]
    seen = applying.ahead(what)
    row = next((slot for slot in seen.slots if slot.slot == code), None)
    if row is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    url, fields = applying.form(what.draft.packet, code) if row.why_no_paper is None else ("", {})
    return Shown("apply/slot.html", {**_shown(what, seen), "slot": row, "url": url, "fields": fields})


def _letter(visit: Visit) -> Answered:
    """The letter of a matter as it reads for what is filled in now, alone on a page: to print, sign and seal."""
    what = _of(visit)
    letter = rules.letter_for(what.draft, visit.named["matter"], catalogue())
    if letter is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return Shown("apply/letter.html", {"d": what.draft, "letter": letter})


def _uploading[Asked: BaseModel](
    model: type[Asked], answer: Callable[[str, access.Caller, Asked], BaseModel]
) -> Callable[[Visit], Answered]:
    """A page's script asks as the API is asked, with a form's fields, and is answered the same."""

    def answered(visit: Visit) -> Answered:
        try:
            asked = model.model_validate({name: values[0] for name, values in visit.form.items()})
            found = answer(visit.named["draft"], visit.caller, asked)
        except ValidationError:  # the error would quote the request
            return _problem(Unanswered(problems.INVALID_BODY))
        except Unanswered as unanswered:
            return _problem(unanswered)
        return Raw(found.model_dump_json().encode(), "application/json; charset=utf-8")

    return answered


def _problem(unanswered: Unanswered) -> Raw:
    problem = unanswered.problem
    return Raw(problem.model_dump_json().encode(), "application/problem+json; charset=utf-8", status=problem.status)


account.START[Group.APPLICANT] = "packets"

PAGES = (
    Page("packets", "/packets", _list, groups=APPLICANTS),
    Page("start", "/apply", _start, groups=APPLICANTS),
    Page("begin", "/apply", _begin, groups=APPLICANTS, method="POST", limit=BEGINNINGS),
    Page("window-start", "/window/enterprises/{uscc}/apply", _start, groups=WINDOW),
    Page("window-begin", "/window/enterprises/{uscc}/apply", _begin, groups=WINDOW, method="POST", limit=BEGINNINGS),
    Page("application", "/apply/{draft}", _application, groups=DRAWING_UP),
    Page("application-state", "/apply/{draft}/state", _state, groups=DRAWING_UP),
    Page("save", "/apply/{draft}/save", _save, groups=DRAWING_UP, method="POST"),
    Page("accept", "/apply/{draft}/accept", _accept, groups=APPLICANTS, method="POST"),
    Page("hand-in", "/apply/{draft}/hand-in", _hand_in, groups=APPLICANTS, method="POST"),
    Page("handed-in", "/apply/{draft}/handed-in", _handed_in, groups=APPLICANTS),
    Page("slot", "/apply/{draft}/slots/{slot}", _slot, groups=DRAWING_UP),
    Page("draft-letter", "/apply/{draft}/letters/{matter}", _letter, groups=DRAWING_UP),
    *(
        Page(name, f"/apply/{{draft}}/{path}", answer, groups=DRAWING_UP, method="POST", limit=UPLOADS)
        for name, path, answer in (
            ("permit", "uploads", _uploading(said.PermitRequest, applying.permit)),
            ("part", "uploads/part", _uploading(said.PartRequest, applying.part)),
            ("parts", "uploads/parts", _uploading(said.PartsRequest, applying.parts)),
            ("finish", "uploads/finish", _uploading(said.PartsRequest, applying.finish)),
            ("give-up", "uploads/give-up", _uploading(said.PartsRequest, applying.give_up)),
        )
    ),
)
