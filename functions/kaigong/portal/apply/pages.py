"""Applying: the list of one's packets and drafts, beginning, the one form with its slots, handing in.

Everything works as plain forms. The script (static/apply.js) saves while one types, uploads in parallel and in parts,
and asks for what was found in papers and what would come of handing in, at most once a second. It gets the same
fragments that the page is made of.

The window draws applications up on the same pages (帮办代办), and hands in where it has a mandate. Accepting letters is
not its to do: there its pages say that the applicant signs in and does it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.application import (
    PartRequest,
    PartsRequest,
    PermitRequest,
    SortRequest,
    accepted_by_choosers,
    media_types,
)
from kaigong.contract.limits import BEGINNINGS, UPLOADS
from kaigong.contract.routes import APPLICANTS, DRAWING_UP, PAGE_SIZE, WINDOW
from kaigong.domain.intake.draft import letter_for, sent_already
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.intake.signing import signer
from kaigong.domain.model.catalogue import Material
from kaigong.domain.model.draft import (
    LONGEST_IN_A_FIELD,
    LONGEST_TYPED,
    MOST_MATTERS,
    MOST_PAPERS,
    Draft,
    EnterpriseTyped,
    Filled,
    ProjectTyped,
)
from kaigong.domain.model.manifest import USCC_PATTERN
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Status
from kaigong.domain.model.people import PersonRights, suffices
from kaigong.domain.words import names
from kaigong.portal import access, audit, parameters
from kaigong.portal.tags import TONES
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web import rights
from kaigong.portal.web.api import PROBLEM
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, elsewhere, redirect, shown
from kaigong.settings import settings
from kaigong.store import catalogues, credit, drafts, lists, packets
from kaigong.store.items import AT_ONCE
from kaigong.views.foreseen import Foreseen
from kaigong.views.packet import PacketSummary, summary, waits_first
from kaigong.views.states import PHASES, SLOT_STATES, SlotState

from . import actions, again, choice, drawn_up, materials, uploads
from .actions import Application

_ASKING = (NoticeKind.RETURNED, NoticeKind.CORRECTION)  # notices that want papers again
_DIGITS = ("phone", "code")
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
    SlotState.BY_RESULT: "good",
    SlotState.BY_FORM: "good",
    SlotState.OPTIONAL: "info",
}


# the list, and beginning


def _any(_: PacketSummary) -> bool:
    return True


_ENDED = (Status.DECIDED, Status.ISSUED, Status.WITHDRAWN)
_STATES: dict[str, Callable[[PacketSummary], bool]] = {
    "mine": lambda row: bool(row.asks),
    "theirs": lambda row: not row.asks and row.status not in _ENDED,
    "ended": lambda row: row.status in _ENDED,
}


def _list(request: Request) -> Reply:
    """What waits for the enterprise first, among its newest hundred; older ones by pages."""
    uscc, after = cast(str, request.caller.uscc), request.query.get("after")
    try:
        headers, more = lists.packets_of(uscc, PAGE_SIZE if after else AT_ONCE, after)
    except lists.NotACursor as error:
        raise Unanswered(problems.NO_SUCH_PAGE) from error
    every = waits_first([summary(header, catalog.load()) for header in headers])
    state, process = request.query.get("state", ""), request.query.get("process", "")
    rows = [row for row in every if _STATES.get(state, _any)(row) and process in ("", row.process.code)]
    begun = actions.listed(request.caller, uscc) if "after" not in request.query else []
    values = {
        "rows": rows,
        "every": every,
        "waiting": sum(bool(row.asks) for row in every),
        "filter": {"state": state if state in _STATES else "", "process": process},
        "today": datetime.now(UTC),
        "drafts": begun,
        "kept": {draft.packet: draft.updated_at + actions.kept(draft) for draft in begun if not draft.handed_in},
        "breaches": actions.enterprise(uscc).breaches if "after" not in request.query else (),
        "processes": catalog.load().processes,
        "more": more,
        "phases": PHASES,
        "tones": TONES,
    }
    return shown("apply/list.html", values)


def _start(request: Request) -> Reply:
    """Which project type, then which matters: two small pages, both addresses that the guide can link to."""
    chosen = request.query.get("process")
    if chosen is not None and chosen not in catalog.load().processes:
        raise Unanswered(problems.NO_SUCH_PAGE)
    if chosen is None:
        return shown("apply/start.html", _beginning(request))
    return shown("apply/matters.html", _choice(request, chosen))


def _begin(request: Request) -> Reply:
    process, matters = request.value("process"), request.form.get("matters", ())
    uscc = _helped(request) or request.caller.uscc
    wrong = choice.TOO_MANY if len(matters) > MOST_MATTERS else None if matters else choice.NONE_CHOSEN
    if process in catalog.load().processes and wrong:
        return shown("apply/matters.html", _choice(request, process) | {"wrong": wrong}, 422)
    return redirect(request, f"apply/{actions.begin(request.caller, uscc, process, matters).draft.packet}")


def _choice(request: Request, code: str) -> dict[str, Any]:
    """The matters of a project type. Until somebody chose, those that it begins with are ticked."""
    process = catalog.load().processes[code]
    chosen = request.form.get("matters") or parameters.codes(request, "matters")
    if not chosen and "q" not in request.query:
        chosen = process.start_matters
    return _beginning(request) | {"process": process} | choice.choice(request, process, chosen, catalog.load())


def _beginning(request: Request) -> dict[str, Any]:
    uscc = _helped(request)
    basic = credit.standing(uscc).basic if uscc else None
    return {
        "process": None,
        "processes": catalog.load().processes.values(),
        "wrong": None,
        "at": request.path.lstrip("/"),
        "helped": uscc,
        "name": basic.name if basic else "",
    }


def _helped(request: Request) -> str | None:
    """The enterprise for which the window begins an application; None on an applicant's own pages."""
    uscc = request.named.get("uscc")
    if uscc is not None and not re.fullmatch(USCC_PATTERN, uscc):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return uscc


# the application


def _application(request: Request) -> Reply:
    what = _of(request)
    values = _page(request, what, actions.ahead(what), earlier=again.earlier(what))
    return shown("apply/application.html", values)


def _state(request: Request) -> Reply:
    """What changes on the page by itself: findings, and what would come of handing in. Its links start from that page,
    not from where it was asked.
    """
    what = _of(request)
    return shown("apply/live.html", _page(request, what, actions.ahead(what), base="../"))


def _told(draft: Draft, status: int = 200, **more: Any) -> Reply:
    """What a save changes on the page: whether it was done, and the version that the next one names. What would come of
    handing in is asked for apart (`_state`).
    """
    return shown(
        "apply/saved.html", {"d": draft, "saved": False, "filled": False, "notice": None, "theirs": (), **more}, status
    )


def _of(request: Request) -> Application:
    return actions.of(request.named["draft"], request.caller)


def _page(request: Request, what: Application, seen: Foreseen, **more: Any) -> dict[str, Any]:
    header, catalogue = what.packet.header, catalogues.of(what.packet, catalog.load())
    has = rights.of_request(request)
    person, representative = request.caller.person, what.draft.enterprise.legal_representative
    on_paper = next((slot.slot for slot in seen.slots if catalogue.materials[slot.slot].letters), None)
    asked_again = _asked_again(what, seen)
    in_parts = [slot.slot for slot in seen.slots if slot.slot != on_paper]
    return {
        "d": what.draft,
        "own": what.own,
        "fills": suffices(has, PersonRights.PREPARE),  # whether the enterprise has this person fill in and upload
        "speaks": suffices(has, PersonRights.ALL),  # and sign and hand in
        "barred": problems.NO_RIGHT.detail,
        "signs": signer(person, representative) if person else None,  # as whom the letters are signed here
        "unnamed": problems.ACCOUNT_UNNAMED,
        "roles": names.ROLES,
        "authors": {typed.slot: typed for typed in what.draft.drawn_up},
        "mandate": what.mandate,
        "signed_letters": on_paper,  # the slot of letters that are signed on paper
        "part": materials.part(in_parts, asked_again, request.query.get("slot")),
        "f": seen,
        "status": header.status if header else None,
        "accepted": bool(header and header.accepted_at),
        "owed": what.packet.owed(),
        "handed_in": what.draft.handed_in is not None and what.packet.header is None,
        "process": catalogue.processes[what.draft.process],
        "known": catalogue.matters,
        "form_names": {code: field.name for code, field in catalogue.form.fields.items()},
        "doubted": DOUBTS,
        "states": SLOT_STATES,
        "tones": _TONES,
        "SlotState": SlotState,
        "again": asked_again,
        "few": choice.few(catalogue.processes[what.draft.process]),
        "kinds": {slot.slot: _kinds(catalogue.materials[slot.slot]) for slot in seen.slots},
        "megabytes": settings().upload_megabytes,
        "earlier": {},  # papers that can be used again; looked for once a page
        "notice": None,
        "theirs": (),
        "saved": False,
        "filled": False,
        **more,
    }


def _kinds(material: Material) -> dict[str, Any]:
    """What files may be, for the script that looks at their first bytes and for the browser's chooser."""
    return {"media_types": media_types(material), "accept": accepted_by_choosers(material)}


def _asked_again(what: Application, seen: Foreseen) -> dict[str, tuple[NoticeItem, ...]]:
    """What the newest notice wants mended, by material, while it is awaited; with "" what concerns no one material.

    As it reads now: a credit record that came since may have opened what the notice says is closed.
    """
    header = what.packet.header
    if header is None or header.status not in (Status.RETURNED, Status.CORRECTING):
        return {}
    told = packets.load_shown(what.packet.packet).notices.values()
    newest = max((n for n in told if n.kind in _ASKING), key=lambda n: n.number, default=None)
    found: dict[str, tuple[NoticeItem, ...]] = {}
    now = {(item.code, item.slot, item.matter): item for item in seen.returned}
    for item in newest.items if newest else ():
        reads = now.get((item.code, item.slot, item.matter))
        if reads or item.code != "commitment-not-open":
            found[item.slot or ""] = (*found.get(item.slot or "", ()), reads or item)
    return found


def _filled(request: Request, draft: Draft) -> Filled:
    """The form as it was sent. What is longer than anybody types is cut, so that the rest is not lost."""

    def typed(part: str, names: Mapping[str, Any]) -> dict[str, Any]:
        read = {n: request.code if n in _DIGITS else request.value for n in names if n != "serviced_site"}
        return {n: how(f"{part}.{n}")[:LONGEST_TYPED] for n, how in read.items()}

    sent = {code: request.value(f"form.{code}")[:LONGEST_IN_A_FIELD] for code in _shown_fields(request)}
    site = request.value("project.serviced_site")
    process = catalog.load().processes.get(draft.process)
    known = process.matters if process else draft.matters
    matters = tuple(code for code in request.form.get("matters", ()) if code in known)[:MOST_MATTERS] or draft.matters
    promises = {code for code in request.form.get("promises", ()) if code in catalog.load().materials}
    return Filled(
        matters=matters,
        enterprise=EnterpriseTyped(**typed("enterprise", EnterpriseTyped.model_fields)),
        project=ProjectTyped(
            **typed("project", ProjectTyped.model_fields),
            serviced_site={"yes": True, "no": False}.get(site),
        ),
        form={**(draft.form or {}), **sent} or None,  # those of matters that were taken out stay, should they come back
        promises=tuple(sorted(promises))[:MOST_PAPERS],
        commitments=tuple(code for code in matters if code in request.form.get("commitments", ())),
        drawn_up=drawn_up.typed(request, draft),
    )


def _shown_fields(request: Request) -> list[str]:
    """The fields of the one form that were on the page as it was sent."""
    known = catalog.load().form.fields
    names = (name.removeprefix("form.") for name in request.form if name.startswith("form."))
    return [name for name in names if name in known]


def _save(request: Request) -> Reply:
    what = _of(request)
    before = what.draft.known
    try:
        what = _kept(what, request)
    except Unanswered as unanswered:
        return _not_kept(what, request, unanswered)
    if request.partial:
        return _told(what.draft, saved=True, filled=what.draft.known != before)
    return redirect(request, f"apply/{what.draft.packet}{_onward(request.value('then'))}")


def _onward(then: str) -> str:
    """Where a page leads once it is saved: to its choice of matters, or to one of its materials."""
    if then == "matters":
        return "/matters"
    slot = then.removeprefix("slot/")
    return _at(slot) if slot in catalog.load().materials else ""


def _at(slot: str) -> str:
    """A material's place on the page of an application that shows it."""
    return f"?slot={slot}#slot-{slot}"


def _accept(request: Request) -> Reply:
    """Accept a letter; what was typed is saved first."""
    what, matter = _of(request), request.value("matter")
    try:
        what = _kept(what, request)
        _check_speaks(request)
        sha256 = request.value(f"sha256.{matter}")
        draft = actions.accept(what, matter, sha256, request.caller, what.draft.version)
    except Unanswered as unanswered:
        return _not_kept(what, request, unanswered)
    if request.partial:
        return _told(draft, saved=True)
    return redirect(request, f"apply/{what.draft.packet}#letters")


def _check_speaks(request: Request) -> None:
    """Raises Unanswered for whom the enterprise has fill in and no more: asked here and not before, so that what was
    typed is saved all the same.
    """
    if not suffices(rights.of_request(request), PersonRights.ALL):
        raise Unanswered(problems.NO_RIGHT)


def _take_out(request: Request) -> Reply:
    """Take a paper out again; what was typed is saved first."""
    what, (slot, _, file) = _of(request), request.value("slot").partition("/")
    try:
        what = _kept(what, request)
        actions.take_out(what, slot, request.caller.name, what.draft.version, file or None)
    except Unanswered as unanswered:
        return _not_kept(what, request, unanswered)
    return redirect(request, f"apply/{what.draft.packet}{_at(slot)}")


def _begin_again(request: Request) -> Reply:
    """Apply again for matters of a packet that ended without an approval."""
    begun = again.begin(request.caller, request.packet, tuple(request.form.get("matters", ())))
    return redirect(request, f"apply/{begun.draft.packet}")


def _reuse(request: Request) -> Reply:
    """Use an earlier paper; what was typed is saved first. A promised paper has no form beside it."""
    what = _of(request)
    slot, _, packet = request.value("reuse").partition("/")
    onward = redirect(request, f"apply/{what.draft.packet}{_at(slot)}")
    if "version" not in request.form:
        again.reuse(what, slot, packet)
        return onward
    try:
        what = _kept(what, request)
        again.reuse(what, slot, packet)
    except Unanswered as unanswered:
        return _not_kept(what, request, unanswered)
    return onward


def _hand_in(request: Request) -> Reply:
    """Hand in; what was typed is saved first. The same form sent twice hands in once."""
    what = _of(request)
    onward = redirect(request, f"apply/{what.draft.packet}/handed-in")
    if _sent_before(what, request):
        return onward
    try:
        kept = _kept(what, request)
        _check_speaks(request)
        actions.hand_in(kept, kept.draft.version, request.rules_language, anyway=request.value("anyway") == "yes")
    except Unanswered as unanswered:
        stored = drafts.load(what.draft.packet)
        if stored and _sent_before(replace(what, draft=stored), request):
            return onward
        return _not_kept(what, request, unanswered)
    return onward


def _sent_before(what: Application, request: Request) -> bool:
    """Whether this very form was handed in already, before or at the same time."""
    draft = what.draft
    if not sent_already(draft, what.packet) or draft.version <= parameters.version(request):
        return False
    return _same(draft, _filled(request, draft))


def _kept(what: Application, request: Request) -> Application:
    """The application with the form saved, where it says anything new."""
    filled = _filled(request, what.draft)
    if what.draft.version and _same(what.draft, filled):
        return what  # whatever version it was filled in on: nothing of anybody's is lost
    return replace(what, draft=actions.save(what, filled, parameters.version(request)))


def _same(draft: Draft, filled: Filled) -> bool:
    return all(
        getattr(draft, name) == getattr(filled, name)
        if name in ("enterprise", "project", "form")
        else set(getattr(draft, name)) == set(getattr(filled, name))
        for name in Filled.model_fields
    )


def _not_kept(what: Application, request: Request, unanswered: Unanswered) -> Reply:
    """The page again with what was typed, why it was not done, and what somebody else saved meanwhile."""
    stored = drafts.load(what.draft.packet) or what.draft
    mine = _filled(request, stored)
    problem, told = unanswered.problem, unanswered.text
    theirs = tuple(_differences(stored, mine))
    if request.partial:
        return _told(stored, problem.status, notice=told, theirs=theirs)
    typed = stored.changed(
        matters=mine.matters,
        enterprise=mine.enterprise,
        project=mine.project,
        form=mine.form,
        promises=mine.promises,
        commitments=mine.commitments,
        drawn_up=mine.drawn_up,
    )
    again = replace(what, draft=typed)
    values = _page(request, again, actions.ahead(again), notice=told, theirs=theirs)
    return shown("apply/application.html", values, problem.status)


def _differences(stored: Draft, mine: Filled) -> list[tuple[str, str]]:
    """The fields of the form in which what is stored is not what was sent: the field, and what is stored."""
    before, after = stored.form or {}, mine.form or {}
    fields = [(f"form.{c}", before.get(c, "")) for c in {**before, **after} if before.get(c, "") != after.get(c, "")]
    return fields + [
        (f"{part}.{name}", str(value))
        for part in ("enterprise", "project")
        for name, value in getattr(stored, part).model_dump().items()
        if value != getattr(getattr(mine, part), name)
    ]


def _handed_in(request: Request) -> Reply:
    """What came of handing in: seconds later it is accepted, and there is the receipt; or it is returned."""
    what = _of(request)
    packet, header = what.packet, what.packet.header
    taken = what.draft.handed_in
    if header and header.accepted_at and not packet.untaken() and header.status is not Status.CORRECTING:
        return redirect(request, f"packets/{packet.packet}/receipt")
    if packet.standing_refusal() or (header and taken and header.round >= taken.round and not packet.untaken()):
        return redirect(request, f"apply/{packet.packet}")
    if taken is None and not packet.untaken():
        return redirect(request, f"apply/{packet.packet}")
    return shown("apply/handed-in.html", {"d": what.draft}, headers={"Refresh": _LOOK})


def _sheet(request: Request) -> Reply:
    """The form with what is filled in now, to print; also to fill in by hand, sign and stamp."""
    what = _of(request)
    return shown("apply/form_sheet.html", {"d": what.draft, "sheet": actions.print_form(what)})


# uploads


def _slot(request: Request) -> Reply:
    """One material, with forms that send a file straight to object storage, for who has no scripts. Storage leads back
    here with what it calls the file, which no address is to keep.
    """
    what, code = _of(request), request.named["slot"]
    here = f"apply/{what.draft.packet}/slots/{code}"
    if "key" in request.query:
        return redirect(request, here)
    seen = actions.ahead(what)
    row = next((slot for slot in seen.slots if slot.slot == code), None)
    if row is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    material = catalogues.of(what.packet, catalog.load()).materials[code]
    values = _page(request, what, seen)
    may_come = row.why_no_paper is None and values["fills"]
    forms = uploads.forms(what.draft.packet, material, f"{request.home}/{here}") if may_come else ()
    return shown("apply/slot.html", {**values, "slot": row, "forms": forms})


def _paper(request: Request) -> Reply:
    """A file of a material, as a browser shows it."""
    what, slot, file = _of(request), request.named["slot"], request.query.get("file", "")
    found = actions.paper(what, slot, file)
    audit.looked(request.caller, what.draft.owner, what.draft.packet, slot, file)
    return elsewhere(found.address)


def _letter(request: Request) -> Reply:
    """The letter of a matter as it reads for what is filled in now, alone on a page: to print, sign and seal."""
    what = _of(request)
    letter = letter_for(what.draft, request.named["matter"], catalogues.of(what.packet, catalog.load()))
    if letter is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return shown("apply/letter.html", {"d": what.draft, "letter": letter})


def _upload[Asked: BaseModel](
    model: type[Asked], act: Callable[[str, access.Caller, Asked], BaseModel]
) -> Callable[[Request], Reply]:
    """A page's script asks as the API is asked, with a form's fields, and is answered the same."""

    def answered(request: Request) -> Reply:
        try:
            asked = model.model_validate({n: v if n == "names" else v[0] for n, v in request.form.items()})
            return Reply(act(request.named["draft"], request.caller, asked))
        except ValidationError:  # the error would quote the request
            return _problem(problems.INVALID_BODY.problem())
        except Unanswered as told:
            return _problem(told.problem)

    return answered


def _problem(problem: problems.Problem) -> Reply:
    return Reply(problem, problem.status, PROBLEM)


PAGES = (
    Page("packets", "/packets", _list, groups=APPLICANTS),
    Page("start", "/apply", _start, groups=APPLICANTS),
    Page("begin", "/apply", _begin, groups=APPLICANTS, method="POST", limit=BEGINNINGS),
    Page("window-start", "/window/enterprises/{uscc}/apply", _start, groups=WINDOW),
    Page("window-begin", "/window/enterprises/{uscc}/apply", _begin, groups=WINDOW, method="POST", limit=BEGINNINGS),
    Page("application", "/apply/{draft}", _application, groups=DRAWING_UP),
    *choice.PAGES,
    Page("application-state", "/apply/{draft}/state", _state, groups=DRAWING_UP),
    Page("save", "/apply/{draft}/save", _save, groups=DRAWING_UP, method="POST"),
    Page("accept", "/apply/{draft}/accept", _accept, groups=APPLICANTS, method="POST"),
    Page("take-out", "/apply/{draft}/take-out", _take_out, groups=DRAWING_UP, method="POST"),
    Page("reuse", "/apply/{draft}/reuse", _reuse, groups=DRAWING_UP, method="POST", limit=UPLOADS),
    Page("again", "/packets/{packet}/again", _begin_again, groups=DRAWING_UP, method="POST", limit=BEGINNINGS),
    Page("hand-in", "/apply/{draft}/hand-in", _hand_in, groups=DRAWING_UP, method="POST"),
    Page("handed-in", "/apply/{draft}/handed-in", _handed_in, groups=DRAWING_UP),
    Page("slot", "/apply/{draft}/slots/{slot}", _slot, groups=DRAWING_UP),
    Page("own-paper", "/apply/{draft}/papers/{slot}", _paper, groups=DRAWING_UP),
    Page("draft-form", "/apply/{draft}/form", _sheet, groups=DRAWING_UP),
    Page("draft-letter", "/apply/{draft}/letters/{matter}", _letter, groups=DRAWING_UP),
    *(
        Page(name, f"/apply/{{draft}}/{path}", act, groups=DRAWING_UP, method="POST", limit=UPLOADS)
        for name, path, act in (
            ("permit", "uploads", _upload(PermitRequest, uploads.permit)),
            ("sort", "uploads/sort", _upload(SortRequest, uploads.sort)),
            ("part", "uploads/part", _upload(PartRequest, uploads.part)),
            ("parts", "uploads/parts", _upload(PartsRequest, uploads.parts)),
            ("finish", "uploads/finish", _upload(PartsRequest, uploads.finish)),
            ("give-up", "uploads/give-up", _upload(PartsRequest, uploads.give_up)),
        )
    ),
)
