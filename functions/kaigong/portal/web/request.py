"""A request for a page, and what it is answered with. Pages are functions from the one to the other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from kaigong.contract.routes import Group
from kaigong.domain.model.limit import Limit
from kaigong.domain.model.packet import Packet
from kaigong.portal.access import Caller

Lang = Literal["zh", "en"]


class _Languages(Protocol):
    @property
    def zh(self) -> str: ...

    @property
    def en(self) -> str: ...


@dataclass(frozen=True)
class Visit:
    """Who asks for a page, in which language, and what came with the request.

    `base` leads from the page to the portal's start: the address may have a prefix that the function does not see, so
    every link is relative to the page it stands on.
    """

    path: str
    caller: Caller
    method: str = "GET"
    lang: Lang = "zh"
    named: Mapping[str, str] = field(default_factory=dict)  # what the path names
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # every value of every field that was sent
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    cookies: Mapping[str, str] = field(default_factory=dict)
    address: str = ""  # of who asks, as API Gateway saw it
    host: str = ""  # the host that the browser asked
    home: str = ""  # the portal's whole address, for what leaves it: QR codes, printed receipts
    packet: Packet | None = None  # on a page of a packet, which the caller may see

    @property
    def base(self) -> str:
        return "../" * (self.path.count("/") - 1) or "./"

    @property
    def other_language(self) -> str:
        """The query of this page in the other language."""
        return urlencode({**self.query, "lang": "zh" if self.lang == "en" else "en"})

    @property
    def signed_in(self) -> bool:
        return bool(self.caller.name)

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a fragment of the page."""
        return self.headers.get("hx-request") == "true"

    def value(self, name: str, default: str = "") -> str:
        """The one value of a form's field, without spaces around it."""
        values = self.form.get(name, ())
        return values[0].strip() if values else default

    def say(self, text: _Languages) -> str:
        """A text in the visitor's language."""
        return text.en if self.lang == "en" else text.zh


@dataclass(frozen=True)
class Shown:
    """A template and what it shows. `status` is that of HTTP."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Redirect:
    """See another page of the portal: `to` is its path from the portal's start, without a slash before it."""

    to: str
    cookies: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Raw:
    """Content that is no page: JSON for a script, a picture, a document to keep."""

    content: bytes
    kind: str  # the content type
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Answered = Shown | Redirect | Raw


@dataclass(frozen=True)
class Page:
    """One address of the portal that people open. `groups` may use it; none given: everybody, without signing in.

    A path that names `{packet}` is a page of that packet, which the caller must be allowed to see.
    """

    name: str
    path: str
    answer: Callable[[Visit], Answered]
    groups: frozenset[Group] = frozenset()
    method: Literal["GET", "POST"] = "GET"
    limit: Limit | None = None  # how often one caller may ask

    @property
    def open(self) -> bool:
        return not self.groups

    @property
    def of_packet(self) -> bool:
        return "{packet}" in self.path
