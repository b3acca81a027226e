"""Who may read and do what. Pure: the one place that decides it, for every route.

Applicants see the packets of their enterprise, officers those that their department reviews, the window and operations
all; supervisors see no packet, but the records of what their department supervises. A packet that somebody may not see
is to that person one that does not exist.

An API client speaks by the bearer token in its header, which no other site can make a browser send; cookies say
nothing there. Pages have the mark of a session in a cookie, which a browser sends by itself: what writes asks for a
proof against cross-site requests too (SameSite, the origin of the request, and a key of the session's in its form).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import Field

from kaigong.contract.acts import (
    Answer,
    AppointVisit,
    Ask,
    Asked,
    ChooseHandOut,
    ConfirmDoubt,
    FirstAsked,
    HandOver,
    LetIn,
    OverrideDoubt,
    PickUp,
    Received,
    SendByMail,
    Withdraw,
)
from kaigong.contract.routes import AT_WORK, EVERY_PACKET, Group
from kaigong.domain.model.benefits import Benefit
from kaigong.domain.model.packet import Packet, Review
from kaigong.domain.model.supervision import SupervisionRecord
from kaigong.domain.model.text import Model
from kaigong.domain.model.values import legible

_CALLED = 200  # characters of a person's name, as a decision takes them


class Caller(Model):
    """Who asks, as the issuer vouches for it. A group counts only with what it needs to mean something."""

    name: str = Field(default="", repr=False)  # the user's name at the issuer: on record beside what the user does
    account: str = Field(default="", repr=False)  # its stable id (`sub`), which is never another person's: on record
    called: str = Field(default="", repr=False)  # the person's name as the issuer has it, else the user's: on decisions
    person: str = Field(default="", repr=False)  # the person's name as the issuer has it alone: on letters
    groups: frozenset[Group] = frozenset()
    uscc: str | None = None  # the enterprise an applicant acts for
    department: str | None = None  # the department an officer belongs to
    leads: bool = False  # the people of that department or enterprise: hands over, says what others may do


LEADS = "lead"  # a group of the issuer that opens no route: whose work may be handed over, whose rights may be said
NOBODY = Caller()
OFFICERS = frozenset(Group) - {Group.APPLICANT}  # who act for the city


class Names(Model):
    """What an issuer calls what is asked of its tokens: a claim by its name, or the way to it with dots between."""

    user: str
    name: str
    groups: str
    uscc: str
    department: str
    group_names: Mapping[str, str] = {}  # its name of a group: ours
    department_names: Mapping[str, str] = {}  # its name of a department: ours

    def of(self, claims: Mapping[str, Any], name: str) -> Any:
        """A claim; None where there is none."""
        if name in claims:
            return claims[name]
        found: Any = claims
        for part in name.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def text(self, claims: Mapping[str, Any], name: str) -> str | None:
        """A claim that is a text with something in it; of several texts none, since nobody knows which counts."""
        found = self.of(claims, name)
        listed = [found] if isinstance(found, str) else found if isinstance(found, list) and len(found) == 1 else []
        return next((text for text in listed if isinstance(text, str) and text), None)


def caller(claims: Mapping[str, Any], names: Names) -> Caller | None:
    """The caller of verified claims; None where they name nobody."""
    account = claims.get("sub")
    if not isinstance(account, str) or not account:
        return None
    user, uscc = names.text(claims, names.user) or account, names.text(claims, names.uscc)
    department = names.text(claims, names.department)
    department = names.department_names.get(department, department) if department else None
    told = names.of(claims, names.groups)
    told = {told} if isinstance(told, str) else {each for each in told if isinstance(each, str)} if told else set()
    named = {names.group_names.get(each, each) for each in told}
    groups = {group for group in Group if group in named}
    if uscc is None:
        groups.discard(Group.APPLICANT)
    if department is None:
        groups -= {Group.DEPARTMENT, Group.SUPERVISOR}
    person = legible(str(names.text(claims, names.name) or "")).strip()[:_CALLED]
    return Caller(
        name=user,
        account=account,
        called=person or user[:_CALLED],
        person=person,
        groups=frozenset(groups),
        uscc=uscc,
        department=department,
        leads=LEADS in named and (department is not None or uscc is not None),
    )


def program(subject: str, department: str) -> Caller:
    """A department's own system, which acts as the department does."""
    groups = frozenset({Group.DEPARTMENT})
    return Caller(name=subject, account=subject, called=subject[:_CALLED], groups=groups, department=department)


def proven(claims: Mapping[str, Any], factors: frozenset[str]) -> bool:
    """Whether a sign-in showed one of these factors: by its class (`acr`) or a method of it (`amr`, RFC 8176)."""
    methods = claims.get("amr")
    shown = {claims.get("acr"), *(methods if isinstance(methods, list) else ())}
    return not factors or any(isinstance(each, str) and each in factors for each in shown)


def may_go_on(before: Caller, now: Caller) -> bool:
    """Whether a session goes on with what the issuer now says: the same person who has lost nothing."""
    same = (before.account, before.uscc, before.department) == (now.account, now.uscc, now.department)
    return same and before.groups <= now.groups


class Guarded(Protocol):
    """A route or a page: what it is for."""

    @property
    def open(self) -> bool: ...

    @property
    def groups(self) -> frozenset[Group]: ...


def on(route: Guarded, caller: Caller) -> Caller | None:
    """The caller as a route knows it, by the groups that it names; None where the caller may not use it at all.

    Somebody in several groups gains nothing on a route by a group that the route is not for.
    """
    if route.open:
        return caller
    groups = caller.groups & route.groups
    return caller.changed(groups=groups) if groups else None


def may_see(caller: Caller, packet: Packet) -> bool:
    """Whether the caller may read this packet."""
    return bool(caller.groups & EVERY_PACKET) or _owns(caller, packet) or _reviews(caller, packet)


def may_read(caller: Caller, owner: str, *, accepted: bool) -> bool:
    """Whether the caller may be one who reads a packet of which no more is known than this: a department has reviews
    of accepted ones alone. Whoever reads it is asked again, by `may_see`.
    """
    reviews = accepted and Group.DEPARTMENT in caller.groups
    return reviews or bool(caller.groups & EVERY_PACKET) or may_apply(caller, owner)


def may_review(caller: Caller, packet: Packet, matter: str) -> Review | None:
    """The review of a matter where the caller is an officer of its department; None: to this caller there is none."""
    review = packet.reviews.get(matter)
    mine = Group.DEPARTMENT in caller.groups and review is not None and review.department == caller.department
    return review if mine else None


def may_hand_over(caller: Caller, review: Review, now: datetime) -> bool:
    """Whether the caller may hand this review to a colleague: the own work, what nobody has, and whoever leads all."""
    mine = Group.DEPARTMENT in caller.groups and review.department == caller.department
    return mine and (caller.leads or review.assigned is None or review.assigned.of(caller.account, now))


def may_say_away(caller: Caller, account: str) -> bool:
    """Whether the caller may say that somebody of the department is away: oneself, and whoever leads."""
    return Group.DEPARTMENT in caller.groups and (caller.leads or caller.account == account)


def may_supervise(caller: Caller, record: SupervisionRecord) -> bool:
    """Whether the caller is of the department that supervises this matter."""
    return Group.SUPERVISOR in caller.groups and caller.department == record.department


def may_pay(caller: Caller, benefit: Benefit) -> bool:
    """Whether the caller is of the department that pays or provides this benefit."""
    return Group.DEPARTMENT in caller.groups and caller.department == benefit.department


def may_act(caller: Caller, packet: Packet, asked: Asked) -> bool:
    """Whether the caller may do this to a packet that it may see.

    The applicant withdraws, and the window one of two packets that apply for the same; the window settles doubts or
    finds them true, appoints site visits, picks packets up and hands results out, in the way that the applicant
    chooses; that it was asked first is said by an account of the window or of a department that reviews the packet, and
    the window may name another department.
    """
    match asked:
        case Withdraw():
            twice = any(caution.elsewhere for caution in packet.cautions.values())
            return _owns(caller, packet) or (twice and Group.WINDOW in caller.groups)
        case ChooseHandOut() | LetIn():
            return _owns(caller, packet)
        case OverrideDoubt() | ConfirmDoubt() | AppointVisit() | PickUp() | SendByMail() | HandOver() | Received():
            return Group.WINDOW in caller.groups
        case FirstAsked():
            own = _reviews(caller, packet) and asked.department in (None, caller.department)
            return own or Group.WINDOW in caller.groups
        case Ask():
            return _owns(caller, packet)
        case Answer():
            return may_review(caller, packet, asked.question.partition(".")[0]) is not None


def may_draw_up(caller: Caller, owner: str | None) -> bool:
    """Whether the caller may begin an application of this enterprise, fill it in and add papers to it, also later ones
    that were promised: its own people, and the window for them (帮办代办, mission 3).
    """
    return owner is not None and (Group.WINDOW in caller.groups or may_apply(caller, owner))


def may_apply(caller: Caller, owner: str | None) -> bool:
    """Whether the caller speaks for this enterprise, and so accepts its commitment letters.

    Its own people alone. Choice: whoever helps writes down what the applicant wants, but a commitment is the
    applicant's word, and what follows from a broken one falls on the applicant.
    """
    return Group.APPLICANT in caller.groups and owner is not None and caller.uscc == owner


def may_hand_in(caller: Caller, owner: str | None, *, on_mandate: bool) -> bool:
    """Whether the caller may hand in for this enterprise: its own people, and the window on a mandate in force."""
    return may_apply(caller, owner) or (on_mandate and Group.WINDOW in caller.groups and may_draw_up(caller, owner))


def may_ask_about(caller: Caller, uscc: str) -> bool:
    """Whether the caller may ask about this enterprise: its packets, its credit."""
    return bool(caller.groups & EVERY_PACKET) or (Group.APPLICANT in caller.groups and caller.uscc == uscc)


def sees_all(caller: Caller, lead: str | None) -> bool:
    """Whether a list over all departments shows the caller all of them: the window, operations, the city's leaders, and
    the people of the department that leads the service team. Everybody else sees the own department's.
    """
    return bool(caller.groups & EVERY_PACKET) or (lead is not None and caller.department == lead)


def where_packets_are(caller: Caller) -> str:
    """Where lists over all packets lead whoever may open each: to work on it, or to read it. Empty: nowhere."""
    if caller.groups & AT_WORK:
        return "window/packets"
    return "packets" if caller.groups & EVERY_PACKET else ""


def _owns(caller: Caller, packet: Packet) -> bool:
    owner = packet.applicant
    return Group.APPLICANT in caller.groups and owner is not None and owner.uscc == caller.uscc


def _reviews(caller: Caller, packet: Packet) -> bool:
    reviewing = {review.department for review in packet.reviews.values()}
    return Group.DEPARTMENT in caller.groups and caller.department in reviewing
