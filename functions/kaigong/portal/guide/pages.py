"""The home page, one guide (一份办事指南, mission 8), and what the portal says of itself: all without signing in."""

import re
from collections import Counter
from unicodedata import normalize

from kaigong import catalog
from kaigong.catalog.reform import reform
from kaigong.contract import problems
from kaigong.domain.model.catalogue import Route, Source, Stage
from kaigong.domain.model.ids import PACKET_ID
from kaigong.domain.words import names
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings
from kaigong.views.guide import guide, kinds

_LINK = re.compile(r"/p/([A-Za-z0-9_-]{32})(?:[/?#]|$)")
_NO_NUMBER = N_("没有认出编号。请填写受理单上的申请编号（字母、数字和“-”），或粘贴扫码得到的进度链接。")
_A_DAY = {"Cache-Control": "public, max-age=86400"}


def _home(_: Request) -> Reply:
    return _tasks()


def _tasks(asked: str = "", wrong: Message | None = None) -> Reply:
    """What people come for; `asked` and `wrong`: what was looked for, and why nothing was found."""
    acceptance = next((p for p in catalog.load().processes.values() if p.joint_acceptance), None)
    values = {"figures": reform(), "acceptance": acceptance, "asked": asked, "wrong": wrong}
    return shown("home.html", values, 422 if wrong else 200)


def _find(request: Request) -> Reply:
    """Where an application's number leads, or a progress link that was scanned and pasted."""
    asked = normalize("NFKC", request.query.get("number", "")).strip()
    if link := _LINK.search(asked):
        return redirect(request, f"p/{link[1]}")
    if PACKET_ID.fullmatch(asked):
        return redirect(request, f"packets/{asked}")
    return _tasks(asked, _NO_NUMBER)


def _accessibility(_: Request) -> Reply:
    return shown("about/accessibility.html")


def _privacy(_: Request) -> Reply:
    return shown("about/privacy.html")


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
    Page("find", "/progress", _find),
    Page("accessibility", "/accessibility", _accessibility),
    Page("privacy", "/privacy", _privacy),
    Page("guide", "/guide", _guide),
    Page("sample", "/guide/samples/{material}", _sample),
)
