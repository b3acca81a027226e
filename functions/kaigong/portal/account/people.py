"""The people of an enterprise: who was here, what each may do, and which messages the caller wants."""

from datetime import UTC, datetime

from kaigong.contract import problems
from kaigong.contract.people import MessagesRequest, People, RightsRequest, shown
from kaigong.domain.model.people import Granted, Person, PersonRights
from kaigong.portal.access import Caller
from kaigong.portal.unanswered import Unanswered
from kaigong.store import people


def listed(caller: Caller) -> People:
    """Who was here lately. Notes that the caller is."""
    found, rights = people.of(_uscc(caller))
    me = _me(caller, found)
    if me and me not in found:
        people.put(_uscc(caller), me)
        found = [*(one for one in found if one.account != me.account), me]
    every = tuple(shown(one, rights.get(one.account, PersonRights.ALL), caller.account) for one in found)
    return People(people=every, manages=caller.leads)


def choose(caller: Caller, asked: MessagesRequest) -> None:
    """The caller wants these messages from now on."""
    found, _ = people.of(_uscc(caller))
    if me := _me(caller, found):
        now = datetime.now(UTC)
        people.put(_uscc(caller), me.changed(wants=asked.wants, language=asked.language, chosen=True, seen_at=now))


def grant(caller: Caller, account: str, asked: RightsRequest) -> None:
    """Say what a person of the own enterprise may do. Raises Unanswered: not who manages, nobody known by that."""
    found, _ = people.of(_uscc(caller))
    if account not in {one.account for one in found}:
        raise Unanswered(problems.NO_SUCH_PERSON)
    if not caller.leads or account == caller.account:  # nobody shuts the own door behind oneself
        raise Unanswered(problems.NO_RIGHT)
    said = Granted(account=account, rights=asked.rights, by=caller.account, at=datetime.now(UTC))
    people.grant(_uscc(caller), said)


def _me(caller: Caller, found: list[Person]) -> Person | None:
    """The caller as a person here; what was said before stays, and after a month the day is renewed."""
    if not caller.account:
        return None
    now = datetime.now(UTC)
    before = next((one for one in found if one.account == caller.account), None)
    if before is None:
        return Person(account=caller.account, called=caller.called, manages=caller.leads, seen_at=now)
    old = now - before.seen_at > people.KNOWN_FOR / 12
    return before.changed(called=caller.called, manages=caller.leads, seen_at=now if old else before.seen_at)


def _uscc(caller: Caller) -> str:
    if caller.uscc is None:
        raise Unanswered(problems.NOT_ALLOWED)
    return caller.uscc
