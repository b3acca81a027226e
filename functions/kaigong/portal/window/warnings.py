"""Early warning (可视化决策预警): what `survey` put together last, in one read whatever number of packets there is."""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from kaigong import catalog
from kaigong.contract.routes import EVERY_PACKET
from kaigong.domain.model.deadline import Light
from kaigong.domain.model.packet import ReviewState, Status
from kaigong.domain.words import names
from kaigong.portal import parameters
from kaigong.portal.access import where_packets_are
from kaigong.portal.observe import logger
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.settings import settings
from kaigong.store import figures
from kaigong.views.warnings import DUE, Warnings, warnings

TONES = {Light.RED: "bad", Light.AMBER: "warn", Light.GREEN: "good"}


def newest() -> Warnings:
    """The figures; those of nothing where none were put together yet, or none by the code that is deployed."""
    kept = figures.newest()
    try:
        if kept:
            return Warnings.model_validate_json(kept)
    except ValidationError:
        logger.warning("figures of another version")
    return warnings({}, (), datetime.now(UTC), catalog.load(), catalog.with_calendar(settings().office))


def _warnings(request: Request) -> Reply:
    """A form sends what was not chosen as well, empty."""
    found, catalogue = newest(), catalog.load()
    asked = {name: value for name, value in request.query.items() if value}
    process = parameters.one_of(replace(request, query=asked), "process", [each.code for each in found.processes])
    scope = found.of(process)
    return shown(
        "window/warnings.html",
        {
            "found": found,
            "scope": scope,
            "packets": where_packets_are(request.caller),
            "process": process,
            "named": {step.code: step for step in scope.matters},
            "tones": TONES,
            "lights": names.LIGHTS,
            "withdrawn": names.STATUSES[Status.WITHDRAWN],
            "paused": names.REVIEW_STATES[ReviewState.PAUSED],
            "told": names.REMINDERS,
            "due": [(field, names.label(names.DEADLINES[kind])) for kind, field in DUE.items()],
            "departments": {step.code: step.name for step in scope.departments},
            "promised": {
                step.code: catalogue.matters[step.code].promised_days
                for step in scope.matters
                if step.code in catalogue.matters
            },
            "compared": [
                (each.name, found.of(each.code).totals)
                for each in found.processes
                if found.of(each.code).totals.decided and process in (None, each.code)
            ],
        },
    )


PAGES = (Page("warnings", "/warnings", _warnings, groups=EVERY_PACKET),)
