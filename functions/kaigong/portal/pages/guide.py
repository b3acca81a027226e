"""The home page, and one guide (一份办事指南, mission 8): public, without signing in."""

from kaigong.catalog import load as catalogue
from kaigong.catalog.loader import SAMPLES
from kaigong.domain.contract import problems
from kaigong.domain.model.catalogue import Source, Stage
from kaigong.domain.views.guide import guide
from kaigong.portal.asking import Unanswered
from kaigong.portal.visit import Answered, Page, Raw, Shown, Visit

_A_DAY = {"Cache-Control": "public, max-age=86400"}


def _home(_: Visit) -> Answered:
    return Shown("home.html")


def _guide(visit: Visit) -> Answered:
    process, stage = visit.query.get("process") or None, visit.query.get("stage") or None
    if process is not None and process not in catalogue().processes:
        raise Unanswered(problems.NO_SUCH_PAGE)
    if stage is not None and stage not in set(Stage):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return Shown("guide.html", {"guide": guide(catalogue(), process, stage), "Source": Source})


def _sample(visit: Visit) -> Answered:
    """The sample of a material, as a PDF to keep."""
    material = catalogue().materials.get(visit.named["material"])
    if material is None:
        raise Unanswered(problems.NO_SUCH_PAGE)
    headers = _A_DAY | {"Content-Disposition": f'inline; filename="{material.sample}"'}
    return Raw((SAMPLES / material.sample).read_bytes(), "application/pdf", headers=headers)


PAGES = (
    Page("home", "/", _home),
    Page("guide", "/guide", _guide),
    Page("sample", "/guide/samples/{material}", _sample),
)
