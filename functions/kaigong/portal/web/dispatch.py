"""From a request to its answer, the same way for pages and for JSON: who asks, may they, how often, about what.

What there is stands in the table that a dispatcher is given. What differs between pages and JSON is an adapter: how the
caller is found, how a request is read, how an answer or a problem is shown (`pages`, `api`).
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from kaigong.contract import problems
from kaigong.contract.routes import Group
from kaigong.domain.model.limit import Limit
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.people import PersonRights, suffices
from kaigong.portal import access, audit
from kaigong.portal.observe import logger, where
from kaigong.portal.unanswered import Unanswered
from kaigong.store import packets

from . import limits, rights
from .request import Request
from .response import Reply
from .session import Session

_SEGMENT = re.compile(r"[-._~()'!*:@,;=+&$%<> \[\]{}|^\w]+")  # RFC 3986's characters, and what API Gateway decodes


class Route(Protocol):
    """What can be done at one address, and who may. A path that names `{packet}` is about that packet, which the caller
    must be allowed to see.
    """

    @property
    def name(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def groups(self) -> frozenset[Group]: ...
    @property
    def limit(self) -> Limit | None: ...
    @property
    def of_packet(self) -> bool: ...
    @property
    def needs(self) -> PersonRights: ...


class Adapter[R: Route](Protocol):
    """How one kind of request comes in and goes out."""

    WHAT: str  # a route of this kind, in the log
    DONE: str  # that it was answered, in the log
    NOTHING: problems.ProblemKind  # there is no such address

    def session(self, route: R, request: Request, /) -> Session:
        """Who asks, and the cookies to set for that. Raises Unanswered where too much is asked."""

    def trusted(self, route: R, request: Request, /) -> bool:
        """Whether nobody else can have made the caller's browser ask."""

    def signed_out(self, route: R, request: Request, /) -> Reply:
        """The answer to nobody, where somebody must ask. Raises Unanswered."""

    def barred(self, route: R, request: Request, /) -> Reply:
        """The answer to whom the enterprise has not do this. Raises Unanswered."""

    def read(self, route: R, request: Request, /) -> Request | Reply:
        """The request with what it carries; or the answer, where that must be confirmed first. Raises Unanswered where
        it carries nothing for this route.
        """

    def failed(self, route: R, request: Request, error: Exception, /) -> Reply:
        """The answer where a part of the system fails, or we did."""

    def problem(self, told: Unanswered, /) -> Reply:
        """The answer to what is not done."""

    def response(self, request: Request, reply: Reply, cookies: tuple[str, ...] = (), /) -> dict[str, Any]:
        """A reply as API Gateway takes it; `cookies` are the session's."""


@dataclass(frozen=True)
class Entry:
    """A line of the table: a route, what answers it, and how its kind comes in and goes out."""

    route: Route
    answer: Callable[[Request], Reply]
    adapter: Adapter[Any]

    def named(self, path: str) -> dict[str, str] | None:
        """What a path names, where it is one of this route."""
        wanted, given = self.route.path.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        found = {}
        for place, part in zip(wanted, given, strict=True):
            if place.startswith("{") and _SEGMENT.fullmatch(part):
                found[place[1:-1]] = part
            elif place != part:
                return None
        return found


class Dispatcher:
    """Answers what the table has. `elsewhere` is the adapter by whose problem an address that is not there is told."""

    def __init__(self, table: Iterable[Entry], elsewhere: Callable[[str], Adapter[Any]]) -> None:
        self._table = tuple(table)
        self._elsewhere = elsewhere

    def answer(self, request: Request) -> dict[str, Any]:
        """The answer to a request, as API Gateway takes it."""
        for entry in self._table:
            if request.method in _served(entry.route.method):
                named = entry.named(request.path)
                if named is not None:
                    return _answered(entry, replace(request, named=named))
        return self._not_there(request)

    def _not_there(self, request: Request) -> dict[str, Any]:
        """The answer to an address that there is not, or at which something else is to be done (RFC 9110, 15.5.6)."""
        adapter = self._elsewhere(request.path)
        here = [entry.route.method for entry in self._table if entry.named(request.path) is not None]
        told = Unanswered(adapter.NOTHING)
        if taken := sorted({method for known in here for method in _served(known)}):
            told = Unanswered(problems.NO_SUCH_METHOD, headers={"Allow": ", ".join(taken)})
        return adapter.response(request, adapter.problem(told))


def _served(method: str) -> tuple[str, ...]:
    """The methods that one of them stands for: whoever answers GET answers HEAD."""
    return ("GET", "HEAD") if method == "GET" else (str(method),)


def _answered(entry: Entry, request: Request) -> dict[str, Any]:
    started, route, adapter = time.monotonic(), entry.route, entry.adapter
    name: dict[str, Any] = {adapter.WHAT: route.name} | _about(request)
    cookies: tuple[str, ...] = ()
    try:
        session = adapter.session(route, request)
        request = replace(request, caller=session.caller, form_key=session.form_key)
        cookies = session.cookies
        response = adapter.response(request, _reply(entry, request), cookies)
    except Unanswered as told:
        audit.refused(request.caller, told.problem, route.name, request.named.get("packet", ""))
        limits.even_out(told.problem, started)
        response = adapter.response(request, adapter.problem(told), cookies)
    except Exception as error:
        # The message of an error may quote a paper or a person: its kind and place are logged, no more.
        logger.error("failed", **name, error=type(error).__name__, where=where(error))
        response = adapter.response(request, adapter.failed(route, request, error), cookies)
    logger.info(adapter.DONE, **name, status=response["statusCode"])
    return response


def _about(request: Request) -> dict[str, str]:
    """The packet that a request is about, for the log; a record and a benefit are named by their packet first."""
    of = request.named.get("record") or request.named.get("benefit") or ""
    named = request.named.get("packet") or of.rpartition(".")[0]
    return {"packet": named} if re.fullmatch(PACKET_PATTERN, named) else {}


def _reply(entry: Entry, request: Request) -> Reply:
    """Whether the caller may have an answer is decided by `access` alone. Raises Unanswered.

    What a request carries is read last: who may not ask learns nothing of what would be asked for.
    """
    route, adapter = entry.route, entry.adapter
    if not adapter.trusted(route, request):
        raise Unanswered(problems.FOREIGN_ORIGIN)
    if not route.open and not request.signed_in:
        return adapter.signed_out(route, request)
    caller = access.on(route, request.caller)
    if caller is None:
        raise Unanswered(problems.NOT_ALLOWED)
    if route.limit:
        limits.check(route.limit, caller, request.address, datetime.now(UTC))
    has = rights.of(caller) if _asks_for_rights(route) else None
    if has and not suffices(has, route.needs):
        return adapter.barred(route, request)
    request = replace(request, caller=caller, has=has)
    if route.of_packet:
        request = replace(request, found=_packet(request.named["packet"], caller))
    came = adapter.read(route, request)
    return came if isinstance(came, Reply) else entry.answer(came)


def _asks_for_rights(route: Route) -> bool:
    """Whether it is asked what the enterprise has its account do: where something is written alone."""
    return not route.open and route.method != "GET" and route.needs is not PersonRights.READ


def _packet(name: str, caller: access.Caller) -> Packet:
    """The packet of this id. Raises Unanswered, not found, where there is none or the caller may not see it."""
    found = packets.load_shown(name) if re.fullmatch(PACKET_PATTERN, name) else Packet(packet=name)
    if not found.is_there or not access.may_see(caller, found):
        raise Unanswered(problems.NOT_FOUND)
    return found
