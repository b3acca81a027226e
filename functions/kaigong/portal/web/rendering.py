"""Templates to HTML: escaped by default, in the visitor's language, dates spelled out."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from kaigong import catalog
from kaigong.contract.routes import Group
from kaigong.domain.model.values import legible
from kaigong.domain.words import names
from kaigong.domain.words.clock import day, moment
from kaigong.portal.access import Caller
from kaigong.settings import settings

from . import messages
from .request import Request

HERE = Path(__file__).parent.parent
STATIC = HERE / "static"
FORM_KEY = "form-key"  # the field of forms by which they show that they come from a page of ours
_POSTS, _TO_STORAGE = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>'), 'enctype="multipart/form-data"'
LARGE = "large/"  # before the path of a style sheet: as it is with large letters
COMPILED = HERE / "compiled"  # the templates as Python, where a build made it (`compiling`)


@cache
def environment() -> Environment:
    """The templates' environment. A name that a template uses and nobody gave is an error, never an empty place."""
    made = Environment(
        loader=ModuleLoader(COMPILED) if COMPILED.is_dir() else FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.filters |= {"t": _text, "when": _when, "day": _day, "own": _own, "plain": legible}
    made.globals |= {"asset": _asset}
    said: Any = made  # its extension gives it this method
    said.install_gettext_callables(_gettext, _ngettext, newstyle=True, pgettext=_pgettext)
    return made


def render(template: str, request: Request, values: Mapping[str, Any]) -> str:
    """A template's HTML for a request."""
    hours = f"{settings().office_opens:%H:%M}–{settings().office_closes:%H:%M}"
    common = {
        "visit": request,
        "lang": request.lang,
        "base": request.base,
        "hours": hours,
        "city": settings().city,
        "who": _who(request.caller),
    }
    return _keyed(environment().get_template(template).render({**common, **values}), request.form_key)


def _keyed(page: str, key: str) -> str:
    """A page whose forms carry the key of their reader's sign-in, whichever template they stand in. What people typed
    has no `<` of its own by now. Forms that bring files go to object storage, which must not learn the key.
    """
    if not key:
        return page
    given = f'<input type="hidden" name="{FORM_KEY}" value="{key}">'
    return _POSTS.sub(lambda found: found[0] if _TO_STORAGE in found[0] else found[0] + given, page)


def _who(caller: Caller) -> dict[str, Any]:
    """Who is signed in, and for whom: an enterprise by its credit code, a department by its name, or the window."""
    department = catalog.load().departments.get(caller.department or "")
    acts_for = caller.uscc or (department.name if department else None)
    if acts_for is None and Group.WINDOW in caller.groups:
        acts_for = names.label(names.WINDOW)
    return {"person": caller.called, "acts_for": acts_for}


@pass_context
def _text(context: Context, text: Any) -> str:
    """A message of a page or a Text in the visitor's language; nothing for None."""
    if isinstance(text, messages.Message):
        return messages.say(text, context["lang"])
    return "" if text is None else str(context["visit"].say(text))


def _own(words: str) -> Markup:
    """What somebody typed, as it is seen; set apart, so that what stands around it stays in order."""
    return Markup("<bdi>{}</bdi>").format(legible(words))


@pass_context
def _gettext(context: Context, message: str) -> str:
    return messages.catalogue(context["lang"]).gettext(message)


@pass_context
def _ngettext(context: Context, one: str, many: str, number: int) -> str:
    return messages.catalogue(context["lang"]).ngettext(one, many, number)


@pass_context
def _pgettext(context: Context, where: str, message: str) -> str:
    """A message that is said otherwise in one place than in others: as a table's column, under a number."""
    return messages.catalogue(context["lang"]).pgettext(where, message)


@pass_context
def _when(context: Context, at: datetime | None) -> str:
    """A moment in the hall's time zone, spelled out: 2026年3月6日17:30."""
    if at is None:
        return ""
    return str(context["visit"].say(moment(_here(at))))


@pass_context
def _day(context: Context, at: date | None) -> str:
    """A date, or that of a moment in the hall's time zone, spelled out."""
    if at is None:
        return ""
    return str(context["visit"].say(day(_here(at) if isinstance(at, datetime) else at)))


def _here(at: datetime) -> datetime:
    """A moment in the hall's time zone; one at the beginning of time, which has no place there, as it is."""
    try:
        return at.astimezone(ZoneInfo(settings().time_zone))
    except OverflowError:
        return at


@pass_context
def _asset(context: Context, path: str) -> str:
    """The address of a file in `static`, with a mark of its content: browsers keep it until it changes."""
    large = LARGE if context["visit"].large and is_ours(path) else ""
    return f"{context['base']}static/{large}{path}?v={mark(path)}"


def is_ours(path: str) -> bool:
    """Whether a file is a style sheet of the portal's own, which has another form for large letters."""
    return path.endswith(".css") and not path.startswith("vendor/")


@lru_cache(maxsize=256)
def mark(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
