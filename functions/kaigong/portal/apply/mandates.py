"""Mandates on paper: put on record by the agent, at the window; ended by the enterprise or the window."""

from datetime import UTC, date, datetime

from kaigong import catalog
from kaigong.contract import problems
from kaigong.contract.mandates import MandateRequest, Mandates, MandateShown, mandate_id, shown
from kaigong.domain.intake.draft import manifest
from kaigong.domain.intake.finding import judge
from kaigong.domain.intake.mandate import why_not_recorded
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.mandate import Mandate, MandateScope
from kaigong.portal import access
from kaigong.portal.unanswered import Unanswered
from kaigong.settings import settings
from kaigong.store import catalogues, mandates

from .actions import Application, scanned_mandate


def listed(caller: access.Caller, uscc: str) -> Mandates:
    """The mandates of an enterprise. Raises Unanswered: not allowed."""
    if not access.may_draw_up(caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    found = sorted(mandates.of(uscc), key=lambda m: m.at, reverse=True)
    return Mandates(mandates=tuple(shown(mandate, _today()) for mandate in found))


def record(what: Application, caller: access.Caller, asked: MandateRequest) -> MandateShown:
    """Put the letter of authorisation in this application on record, with the caller as the agent that it names.

    Raises Unanswered: not allowed to the enterprise's own people, who need none; with the reason where it cannot be.
    """
    if what.own:
        raise Unanswered(problems.NOT_ALLOWED)
    scan, owner = scanned_mandate(what), what.draft.owner
    project = manifest(what.draft, (), catalogues.of(what.packet, catalog.load()))[0].project.code or ""
    known = len(mandates.of(owner))
    why = why_not_recorded(asked.scope, asked.since, asked.until, _verdict(what, scan), project, known, _today())
    if why is not None or scan is None:
        raise Unanswered(problems.NO_MANDATE, why)
    about = project if asked.scope is MandateScope.PROJECT else ""
    said = (what.draft.packet, scan.mark, caller.name, asked.scope, about, str(asked.since), str(asked.until))
    mandate = Mandate(
        id=mandate_id(*said),
        uscc=owner,
        agent=caller.called,
        by=caller.name,
        scope=asked.scope,
        packet=what.draft.packet,
        project=about,
        since=asked.since,
        until=asked.until,
        slot=scan.slot,
        mark=scan.mark,
        sha256=scan.sha256 or "",
        at=datetime.now(UTC),
    )
    mandates.put(mandate)
    return shown(mandate, _today())


def _verdict(what: Application, scan: Examined | None) -> Verdict | None:
    catalogue = catalogues.of(what.packet, catalog.load())
    enterprise = manifest(what.draft, (), catalogue)[0].enterprise
    return judge(scan.facts, catalogue.materials[scan.slot], enterprise).verdict if scan else None


def end(caller: access.Caller, uscc: str | None, mandate: str) -> Mandates:
    """End a mandate before its term: what was handed in on it stays, and can be withdrawn. Raises Unanswered."""
    if uscc is None or not access.may_draw_up(caller, uscc):
        raise Unanswered(problems.NOT_ALLOWED)
    if not mandates.end(uscc, mandate, caller.name, datetime.now(UTC)):
        raise Unanswered(problems.NO_SUCH_MANDATE)
    return listed(caller, uscc)


def _today() -> date:
    return datetime.now(settings().office.zone).date()
