"""A request as the functions that answer it see it."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from unicodedata import normalize
from urllib.parse import urlencode

from pydantic import BaseModel

from kaigong.domain.model.packet import Packet
from kaigong.domain.model.people import PersonRights
from kaigong.domain.model.text import Lang
from kaigong.portal.access import NOBODY, Caller
from kaigong.settings import settings

from .messages import SPOKEN, languages, own_name

LANGUAGE = "lang"  # the parameter of an address, and the cookie, that say the language
LETTERS, LARGE, USUAL = "letters", "large", "usual"  # likewise: how large letters are


def choices() -> dict[str, tuple[str, ...]]:
    """What a reader may choose for all pages, by the parameter that says so."""
    return {LANGUAGE: languages(), LETTERS: (LARGE, USUAL)}


class _Languages(Protocol):
    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


@dataclass(frozen=True)
class Request:
    """Who asks for what, in which language, and what came along.

    `base` leads from the page that is asked for to the portal's start: the address may have a prefix that the function
    does not see, so every link is relative to the page it stands on.
    """

    path: str
    caller: Caller = NOBODY
    method: str = "GET"
    lang: str = SPOKEN  # of the page: one of `messages.languages`
    large: bool = False  # 长者模式: large letters, one column
    named: Mapping[str, str] = field(default_factory=dict)  # what the path names
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    cookies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""  # of who asks, as API Gateway saw it
    host: str = ""  # the host that the browser asked
    home: str = ""  # the portal's whole address, for what leaves it: QR codes, printed receipts
    sent: str = ""  # what it carries, as it came
    encoded: bool = False  # whether that is in base64
    form_key: str = field(default="", repr=False)  # what forms carry that pages of this sign-in have
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # every value of every field of a page's form
    body: BaseModel | None = None  # what a request to the API carries, as its route has it
    found: Packet | None = None  # the packet that the path names, which the caller may see
    has: PersonRights | None = None  # what the enterprise has the caller do, where that was asked (`rights`)

    @property
    def packet(self) -> Packet:
        """The packet that the path names, which the caller may see."""
        if self.found is None:
            raise LookupError("this path names no packet")
        return self.found

    @property
    def base(self) -> str:
        return "../" * (self.path.count("/") - 1) or "./"

    @property
    def typed(self) -> dict[str, str]:
        """The first value of each field of a form, as it was typed."""
        return {name: values[0] for name, values in self.form.items()}

    @property
    def rules_language(self) -> Lang:
        """The language of rules, notices and dates on the page: they have two, and English is read by more."""
        return "zh" if self.lang == SPOKEN else "en"

    @property
    def other_languages(self) -> list[tuple[str, str, str]]:
        """The other languages that this page can be had in: code, what it calls itself, and the page's query in it."""
        others = [lang for lang in languages() if lang != self.lang]
        return [(lang, own_name(lang), urlencode({**self.query, LANGUAGE: lang})) for lang in others]

    @property
    def other_letters(self) -> str:
        """The query of this page in large letters, or in usual ones again."""
        return urlencode({**self.query, LETTERS: USUAL if self.large else LARGE})

    @property
    def signed_in(self) -> bool:
        return bool(self.caller.name)

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a fragment of the page."""
        return self.headers.get("hx-request") == "true"

    def asked[Asked: BaseModel](self, model: type[Asked]) -> Asked:
        """What a request to the API asks for; `model` is the body of its route."""
        if not isinstance(self.body, model):
            raise TypeError(f"this route takes no {model.__name__}")
        return self.body

    def value(self, name: str, default: str = "") -> str:
        """The one value of a form's field, without spaces around it."""
        values = self.form.get(name, ())
        return values[0].strip() if values else default

    def code(self, name: str) -> str:
        """A number or a code of a form: a Chinese keyboard may type its letters and digits at full width."""
        return normalize("NFKC", self.value(name)).strip()

    def say(self, text: _Languages) -> str:
        """A text in the language of who asks."""
        return text.zh if self.rules_language == "zh" else text.en

    def text(self) -> str:
        """What it carries. Raises ValueError where that is no text."""
        return base64.b64decode(self.sent).decode() if self.encoded else self.sent

    @property
    def kind(self) -> str:
        """The content type of what it carries."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def of_event(event: dict[str, Any]) -> Request:
    """The request as API Gateway hands it on, by nobody yet: nothing in here fails, whatever was sent."""
    context = event.get("requestContext") or {}
    http = context.get("http") or {}
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    cookies = cookies_of(event, headers)
    query = event.get("queryStringParameters") or {}
    asked = query.get(LANGUAGE, cookies.get(LANGUAGE, ""))
    return Request(
        path=event.get("rawPath") or "/",
        method=http.get("method", "GET"),
        lang=asked if asked in languages() else SPOKEN,
        large=query.get(LETTERS, cookies.get(LETTERS)) == LARGE,
        query=query,
        headers=headers,
        cookies=cookies,
        address=http.get("sourceIp", ""),
        host=headers.get("host", ""),
        home=_home(context),
        sent=event.get("body") or "",
        encoded=bool(event.get("isBase64Encoded")),
    )


def _home(context: dict[str, Any]) -> str:
    """The portal's address as people reach it, without a slash at its end. The Host header is not asked: anybody can
    send any.
    """
    given = settings().public_url.replace("{api}", context.get("apiId", ""))
    return given or f"https://{context.get('domainName', '')}"


# RFC 6265, 4.1.1: what a server may set, and so what is believed. A blank that only Unicode knows is part of a name, or
# a page of a neighbouring host could set a session under a name that merely looks like `__Host-…`.
_COOKIE = re.compile(r"""([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([\x21\x23-\x2B\x2D-\x3A\x3C-\x5B\x5D-\x7E]*)""")


def cookies_of(event: dict[str, Any], headers: dict[str, str]) -> dict[str, str]:
    """The cookies, wherever API Gateway put them. Of two values of one name nobody knows which is ours: neither is."""
    parts = [part.strip(" \t") for part in (*event.get("cookies", ()), *headers.get("cookie", "").split(";"))]
    named: dict[str, set[str]] = {}
    for found in filter(None, map(_COOKIE.fullmatch, parts)):
        named.setdefault(found[1], set()).add(found[2])
    return {name: values.pop() for name, values in named.items() if len(values) == 1}
