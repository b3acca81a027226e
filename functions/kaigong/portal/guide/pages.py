"""The home page, and one guide (一份办事指南, mission 8): public, without signing in."""

from collections import Counter

from kaigong import catalog
from kaigong.contract import problems
from kaigong.domain.model.catalogue import Route, Source, Stage
from kaigong.domain.words import names
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, shown
from kaigong.settings import settings
from kaigong.views.guide import guide, kinds

_A_DAY = {"Cache-Control": "public, max-age=86400"}


def _home(_: Request) -> Reply:
    return shown("home.html")


def _guide(request: Request) -> Reply:
    """A choice of the kinds of project; below it the guide of the one that is chosen, of one stage or of all.

    Both choices stand in the address, so that a link leads to them. A stage that is named without a kind of project
    goes along into the links.
    """
    process, stage = request.query.get("process") or None, request.query.get("stage") or None
    if process is not None and process not in catalog.load().processes:
        raise Unanswered(problems.NO_SUCH_PAGE)
    if stage is not None and stage not in set(Stage):
        raise Unanswered(problems.NO_SUCH_PAGE)
    if process is None:
        return shown("guide/kinds.html", {"kinds": kinds(catalog.load()), "stage": stage})
    found = guide(catalog.load(), process, stage)
    whole = guide(catalog.load(), process) if stage else found
    values = {
        "guide": found,
        "matters_of": Counter(matter.stage for matter in whole.matters),
        "names": {matter.code: matter.name for matter in whole.matters},
        "papers": {material.code: material for material in found.materials},
        "roles": names.TEAM_ROLES,
        "Source": Source,
        "Route": Route,
        "gap_days": settings().gap_working_days,
        "megabytes": settings().upload_megabytes,
    }
    return shown("guide/guide.html", values)


def _sample(request: Request) -> Reply:
    """The sample of a material, as a PDF to keep."""
    material = catalog.load().materials.get(request.named["material"])
    if material is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    headers = _A_DAY | {"Content-Disposition": f'inline; filename="{material.sample}"'}
    return Reply((catalog.SAMPLES / material.sample).read_bytes(), kind="application/pdf", headers=headers)


PAGES = (
    Page("home", "/", _home),
    Page("guide", "/guide", _guide),
    Page("sample", "/guide/samples/{material}", _sample),
)
