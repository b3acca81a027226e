"""The API's routes of what everybody may know."""

from kaigong import catalog
from kaigong.contract.routes import Health
from kaigong.domain.model.catalogue import Stage
from kaigong.portal import parameters
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply
from kaigong.views.guide import guide

_PUBLIC = {"Cache-Control": "public, max-age=300"}


def _health(_: Request) -> Reply:
    return Reply(Health())


def _guide(request: Request) -> Reply:
    process = parameters.one_of(request, "process", catalog.load().processes)
    stage = parameters.one_of(request, "stage", sorted(Stage))
    return Reply(guide(catalog.load(), process, stage), headers=_PUBLIC)


ANSWERS = {"health": _health, "guide": _guide}
