"""The home page, one guide (一份办事指南, mission 8), and what the portal says of itself: all without signing in.

A project type with many matters is shown as a list to search, a page at a time. Each matter has a page of its own.
"""

import re
from collections import Counter
from typing import Any
from unicodedata import normalize

from kaigong import catalog
from kaigong.catalog.reform import reform
from kaigong.contract import problems
from kaigong.domain.model.catalogue import Route, Source, Stage
from kaigong.domain.model.ids import PACKET_ID
from kaigong.domain.words import names
from kaigong.portal import parameters
from kaigong.portal.unanswered import Unanswered
from kaigong.portal.web.messages import N_, Message
from kaigong.portal.web.pages import Page
from kaigong.portal.web.request import Request
from kaigong.portal.web.response import Reply, redirect, shown
from kaigong.settings import settings
from kaigong.views.guide import Guide, kinds, of_kind, one
from kaigong.views.needed import needed
from kaigong.views.search import MANY, listed

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
    """A choice of the project types; below it the guide of the one that is chosen, of one stage or of all.

    Both choices stand in the address, so that a link leads to them. A stage that is named without a project type
    goes along into the links.
    """
    process, stage = _process(request), _stage(request)
    if process is None:
        return shown("guide/kinds.html", {"kinds": kinds(catalog.load()), "stage": stage})
    if len(catalog.load().processes[process].matters) > MANY:
        return _search(request)
    catalogue = catalog.load()
    matters = [catalogue.matters[code] for code in catalogue.processes[process].matters]
    values = _words(of_kind(catalogue, process, stage)) | {
        "kinds": catalogue.processes.values(),
        "matters_of": Counter(matter.stage for matter in matters),
        "names": {matter.code: matter.name for matter in matters},
    }
    return shown("guide/guide.html", values)


def _words(found: Guide) -> dict[str, Any]:
    """What the parts of a guide say beside it."""
    return {
        "guide": found,
        "papers": {material.code: material for material in found.materials},
        "roles": names.TEAM_ROLES,
        "Source": Source,
        "Route": Route,
        "gap_days": settings().gap_working_days,
        "megabytes": settings().upload_megabytes,
    }


def _matter(request: Request) -> Reply:
    """One matter with all that is to be said of it, its materials, and its letter in full."""
    catalogue, code, process = catalog.load(), request.named["matter"], _process(request)
    if code not in catalogue.matters or (process and code not in catalogue.processes[process].matters):
        raise Unanswered(problems.NO_SUCH_PAGE)
    found = one(catalogue, code, process)
    matter = found.matters[0]
    concerned = {code: catalogue.matters[code].name for code in (code, *matter.prerequisites)}
    values = _words(found) | {"names": concerned, "telephone": catalogue.departments[matter.department].telephone}
    return shown("guide/matter.html", values)


def _search(request: Request) -> Reply:
    """The matters in which the words are found, of a project type and a stage or of all; a page at a time."""
    catalogue, process, stage = catalog.load(), _process(request), _stage(request)
    asked = request.query.get("q", "").strip()
    values = {
        "found": listed(catalogue, asked, process, stage, parameters.page(request)),
        "kind": catalogue.processes[process] if process else None,
        "processes": catalogue.processes.values(),
        "stages": names.STAGES,
    }
    return shown("guide/search.html", values)


def _questions(request: Request) -> Reply:
    """Which matters do I need: a few questions in plain words. What was ticked before stays ticked."""
    process = _process(request)
    if process is None:
        return redirect(request, "guide")
    return shown("guide/questions.html", _needed(request, process))


def _answers(request: Request) -> Reply:
    """The matters that the project needs by the answers in the address, each with its reasons."""
    process = _process(request)
    if process is None:
        return redirect(request, "guide")
    return shown("guide/needed.html", _needed(request, process))


def _needed(request: Request, process: str) -> dict[str, Any]:
    answers = parameters.codes(request, "answers")
    return {
        "needed": needed(catalog.load(), process, answers),
        "usual": needed(catalog.load(), process, ()),
        "answers": ",".join(answers),
    }


def _process(request: Request) -> str | None:
    """The project type that the address names."""
    process = request.query.get("process") or None
    if process is not None and process not in catalog.load().processes:
        raise Unanswered(problems.NO_SUCH_PAGE)
    return process


def _stage(request: Request) -> Stage | None:
    stage = request.query.get("stage") or None
    if stage is not None and stage not in set(Stage):
        raise Unanswered(problems.NO_SUCH_PAGE)
    return Stage(stage) if stage else None


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
    Page("guide-search", "/guide/search", _search),
    Page("guide-questions", "/guide/questions", _questions),
    Page("guide-needed", "/guide/needed", _answers),
    Page("guide-matter", "/guide/matters/{matter}", _matter),
    Page("sample", "/guide/samples/{material}", _sample),
)
