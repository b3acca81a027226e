"""What a ledger entry records, in words: what was done, and by whom.

An entry holds codes, versions and hashes, and never a person's name; so an officer is told here by the department, and
the window by its name. Source: mission 14 (the ledger), 7 (no passing the buck).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kaigong.domain.flow.result import APPROVALS
from kaigong.domain.flow.rules import RULES
from kaigong.domain.intake.identity import DOUBTS
from kaigong.domain.model.benefits import BenefitEvent
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.deadline import DeadlineKind, Reminder
from kaigong.domain.model.facts import SealState
from kaigong.domain.model.messages import Channel, RevocationKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import ActRefusal, NoticeKind, ResultCode, ReviewState
from kaigong.domain.model.signature import Role, SignatureLevel
from kaigong.domain.model.supervision import SupervisionEvent
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import deadlines, names
from kaigong.domain.words.acts import REFUSALS

from .words import ledger as words


class Line(Model):
    """One thing that an entry records: what, and by whom. `notice` is the number of a notice that can be read."""

    text: Text
    by: Text
    notice: int | None = None


def said(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    """An event in words. A packet is read for years: what is not known any more, or was forged, is told by its code."""
    name = str(event.get("event", ""))
    try:
        return EVENTS[name](event, catalogue)
    except (KeyError, TypeError, ValueError):
        return Line(text=words.other(name), by=names.SYSTEM)


# who, and what it concerns


def _department(matter: str, catalogue: Catalogue) -> Text:
    entry = catalogue.matters.get(matter)
    return name_of(catalogue.departments, entry.department if entry else "")


def _matter(event: Mapping[str, Any], catalogue: Catalogue) -> Text:
    return name_of(catalogue.matters, event["matter"])


def _matters(codes: Iterable[str], catalogue: Catalogue) -> Text:
    return joined(name_of(catalogue.matters, code) for code in codes)


def _materials(codes: Iterable[str], catalogue: Catalogue) -> Text:
    return joined(name_of(catalogue.materials, code) for code in codes)


# what


def _submitted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    text = words.submitted(event["round"], len(event["matters"]), len(event["papers"]))
    return Line(text=_with_seals(text, event, catalogue), by=names.APPLICANT)


def _with_seals(text: Text, event: Mapping[str, Any], catalogue: Catalogue) -> Text:
    """With what the seals and signatures on the papers came to, where there were any."""
    if not event.get("seals"):
        return text
    found = (
        words.found_in(name_of(catalogue.materials, slot), joined(names.SEAL_STATES[SealState(s)] for s in states))
        for slot, states in event["seals"].items()
    )
    return words.sealed(text, joined(found))


def _accepted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    parts = [words.accepted(Channel(event["channel"]))]
    if event["gaps"]:
        parts.append(words.promised(_materials(event["gaps"], catalogue)))
    if event["commitments"]:
        parts.append(words.committed(joined(_committed(c, catalogue) for c in event["commitments"])))
    if event.get("drawn_up"):
        parts.append(words.drawn_up(joined(_drawn_up(event["drawn_up"], catalogue))))
    if event["doubts"]:
        parts.append(_doubtful(event))
    return Line(text=words.together(parts), by=names.SYSTEM)


def _drawn_up(papers: Mapping[str, str], catalogue: Catalogue) -> Iterable[Text]:
    for slot, code in papers.items():
        known = catalogue.intermediaries.get(code)
        yield words.by(name_of(catalogue.materials, slot), known.name if known else code)


def _committed(made: Mapping[str, Any], catalogue: Catalogue) -> Text:
    role = names.ROLES[Role(made["role"])] if made["role"] else None
    return words.signed(_matter(made, catalogue), role, SignatureLevel(made["level"]))


def _doubtful(event: Mapping[str, Any]) -> Text:
    return words.doubtful(joined(DOUBTS.get(code, Text(zh=code, en=code)) for code in event["doubts"]))


def _reassessed(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.reassessed(Channel(event["channel"])), by=names.SYSTEM)


def _resubmitted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    if not event["complete"]:
        return Line(text=words.not_complete(event["round"]), by=names.APPLICANT)
    if not event["reopened"]:  # what was to be put right was the form
        return Line(text=words.complete(event["round"]), by=names.APPLICANT)
    text = words.corrected(event["round"], _matters(event["reopened"], catalogue))
    return Line(text=_with_seals(text, event, catalogue), by=names.APPLICANT)


def _identity_corrected(event: Mapping[str, Any], _: Catalogue) -> Line:
    parts = [words.identity_corrected(event["parts"])]
    if event["doubts"]:
        parts.append(_doubtful(event))
    return Line(text=words.together(parts), by=names.APPLICANT)


def _reviews(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    said = (("opened", words.opened), ("decided", words.decided_at_once), ("never", words.never_opens))
    parts = [say(_matters(event[what], catalogue)) for what, say in said if event[what]]
    return Line(text=words.together(parts), by=names.SYSTEM)


def _by_rules(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    rules = joined(RULES[rule["rule"]].name for rule in event["rules"])
    return Line(text=words.by_rules(_matter(event, catalogue), rules), by=names.SYSTEM)


def _decided(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    signed = event["fact"] if event.get("signed") else None
    text = words.decided(_matter(event, catalogue), event["round"], ReviewState(event["state"]), signed)
    return Line(text=text, by=_department(event["matter"], catalogue))


def _retracted(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    why = REFUSALS[ActRefusal(event["refused"])] if event["refused"] else None
    text = words.act(words.retracted(_matter(event, catalogue), event["round"]), why)
    return Line(text=text, by=_department(event["matter"], catalogue))


def _in_hands(what: Text) -> Callable[[Mapping[str, Any], Catalogue], Line]:
    """What was put on record about one matter; its subject begins with the matter."""

    def line(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
        why = REFUSALS[ActRefusal(event["refused"])] if event["refused"] else None
        code = str(event["subject"]).partition(".")[0]
        by = names.APPLICANT if event["event"] == "ask" else _department(code, catalogue)
        return Line(text=words.act(words.about(name_of(catalogue.matters, code), what), why), by=by)

    return line


def _procedure_started(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    text = words.procedure_started(_matter(event, catalogue), event["kind"])
    return Line(text=text, by=_department(event["matter"], catalogue))


def _procedure_ended(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    by = joined({d.zh: d for m in event["matters"] if (d := _department(m, catalogue))}.values())
    return Line(text=words.procedure_ended(_matters(event["matters"], catalogue), event["kind"]), by=by)


def _visit_asked(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    return Line(text=words.visit_asked(_matters(event["matters"], catalogue)), by=names.SYSTEM)


def _visit_reported(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    text = words.visit_reported(_matter(event, catalogue), event["finding"])
    return Line(text=text, by=_department(event["matter"], catalogue))


def _visit_over(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    silent = _matters(event["silent"], catalogue) if event["silent"] else None
    return Line(text=words.visit_over(_matters(event["matters"], catalogue), silent), by=names.SYSTEM)


def _overdue(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    return Line(text=words.overdue(_matters(event["matters"], catalogue)), by=names.SYSTEM)


def _notice(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.notice(NoticeKind(event["kind"])), by=names.SYSTEM, notice=int(event["number"]))


def _result(event: Mapping[str, Any], _: Catalogue) -> Line:
    codes = {ResultCode(code) for _, code in event["matters"]}
    partial = bool(codes & APPROVALS) and bool(codes - APPROVALS)
    outcome = names.IN_PART if partial else names.RESULTS[ResultCode(event["code"])]
    return Line(text=words.result(len(event["matters"]), outcome), by=names.SYSTEM)


def _issued(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.issued(event["sha256"]), by=names.SYSTEM)


def _documents(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.documents(len(event["files"])), by=names.SYSTEM)


def _documents_late(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.DOCUMENTS_LATE, by=names.SYSTEM)


def _texts_dropped(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.TEXTS_DROPPED, by=names.SYSTEM)


def _approval_ended(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    text = words.approval_ended(_matter(event, catalogue), RevocationKind(event["kind"]))
    return Line(text=text, by=_department(event["matter"], catalogue))


def _supervised(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    text = words.supervised(_matter(event, catalogue), SupervisionEvent(event["what"]))
    return Line(text=text, by=words.SUPERVISORS)


def _benefit(event: Mapping[str, Any], _: Catalogue) -> Line:
    what, payer = BenefitEvent(event["what"]), words.PAYER
    by = {BenefitEvent.DECLINED: names.APPLICANT, BenefitEvent.PAID: payer, BenefitEvent.REVOKED: payer}
    return Line(text=words.benefit(Text.model_validate(event["named"]), what), by=by.get(what, names.SYSTEM))


def _withdrawn(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.WITHDRAWN, by=names.WINDOW if event.get("window") else names.APPLICANT)


def _not_awaited(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.NOT_AWAITED, by=names.APPLICANT)


def _correction_reminded(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.CORRECTION_REMINDED, by=names.SYSTEM)


def _pressed(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
    found = [(Reminder(stage), DeadlineKind(kind), code) for stage, kind, code in event["limits"]]
    said = [(deadlines.what(kind, deadlines.subject(kind, code, catalogue)), stage) for stage, kind, code in found]
    return Line(text=words.pressed(said), by=names.SYSTEM)


def _correction_lapsed(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.CORRECTION_LAPSED, by=names.SYSTEM)


def _withdrawal_refused(_: Mapping[str, Any], __: Catalogue) -> Line:
    return Line(text=words.NOT_WITHDRAWN, by=names.APPLICANT)


def _gaps(what: Text, by: Text) -> Callable[[Mapping[str, Any], Catalogue], Line]:
    """What happened to promised papers."""

    def line(event: Mapping[str, Any], catalogue: Catalogue) -> Line:
        return Line(text=words.gaps(what, _materials(event["slots"], catalogue)), by=by)

    return line


def _act(what: Text, by: Text) -> Callable[[Mapping[str, Any], Catalogue], Line]:
    """What a person put on record; where it could not be, why."""

    def line(event: Mapping[str, Any], _: Catalogue) -> Line:
        why = REFUSALS[ActRefusal(event["refused"])] if event["refused"] else None
        return Line(text=words.act(what, why), by=by)

    return line


def _on_mandate(event: Mapping[str, Any], _: Catalogue) -> Line:
    return Line(text=words.on_mandate(event["mandate"]), by=names.WINDOW)


EVENTS: dict[str, Callable[[Mapping[str, Any], Catalogue], Line]] = {
    "submitted": _submitted,
    "accepted": _accepted,
    "resubmitted": _resubmitted,
    "reassessed": _reassessed,
    "identity-corrected": _identity_corrected,
    "reviews": _reviews,
    "decided-by-rules": _by_rules,
    "decided": _decided,
    "retracted": _retracted,
    "procedure-started": _procedure_started,
    "procedure-ended": _procedure_ended,
    "visit-asked": _visit_asked,
    "visit-reported": _visit_reported,
    "visit-over": _visit_over,
    "reviews-overdue": _overdue,
    "notice": _notice,
    "result": _result,
    "issued": _issued,
    "documents": _documents,
    "documents-late": _documents_late,
    "texts-dropped": _texts_dropped,
    "approval-ended": _approval_ended,
    "supervised": _supervised,
    "benefit": _benefit,
    "withdrawn": _withdrawn,
    "not-awaited": _not_awaited,
    "correction-reminded": _correction_reminded,
    "pressed": _pressed,
    "correction-lapsed": _correction_lapsed,
    "withdrawal-refused": _withdrawal_refused,
    "gaps-closed": _gaps(words.GAPS_CLOSED, names.APPLICANT),
    "gaps-still-open": _gaps(words.GAPS_STILL_OPEN, names.APPLICANT),
    "gaps-reminded": _gaps(words.GAPS_REMINDED, names.SYSTEM),
    "gaps-overdue": _gaps(words.GAPS_OVERDUE, names.SYSTEM),
    "override-doubt": _act(words.DOUBT_SETTLED, names.WINDOW),
    "confirm-doubt": _act(words.DOUBT_CONFIRMED, names.WINDOW),
    "first-asked": _act(words.FIRST_ASKED, words.WINDOW_OR_DEPARTMENT),
    "appoint-visit": _act(words.VISIT_APPOINTED, names.WINDOW),
    "pick-up": _act(words.PICKED_UP, names.WINDOW),
    "assign": _in_hands(words.ASSIGNED),
    "stand-in": _in_hands(words.STOOD_IN),
    "ask": _in_hands(words.ASKED),
    "answer": _in_hands(words.ANSWERED),
    "note": _act(words.NOTED, words.WINDOW_OR_DEPARTMENT),
    "call": _act(words.CALLED, words.WINDOW_OR_DEPARTMENT),
    "on-mandate": _on_mandate,
    "let-in": _act(words.LET_IN, names.APPLICANT),
    "choose-hand-out": _act(words.HAND_OUT_CHOSEN, names.APPLICANT),
    "send-by-mail": _act(words.MAILED, names.WINDOW),
    "hand-over": _act(words.HANDED_OVER, names.WINDOW),
    "received": _act(words.RECEIVED, names.WINDOW),
}
