"""Who may use what: every route and every page × every group × own and foreign objects × every way of not being
signed in. The table below is written from the issue's words, not from the code: applicants see their own packets only,
departments what was sent to them, supervisors the records of theirs and no packet, the window and operations all where
they are named. Leaders see how the city stands, and every packet, and do nothing.
The window draws up applications for any enterprise, and hands in where it has a mandate (which has tests of its own);
accepting letters stays the enterprise's own.
Nobody learns whether a foreign packet exists: its answer, and what it costs, are those of one that is not there.

A route or a page without a row here fails the test: say first who may use it.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from kaigong.contract import routes
from kaigong.contract.routes import Group
from kaigong.domain.model.benefits import Benefit, BenefitEvent, BenefitFact, BenefitState, Purse
from kaigong.domain.model.documents import ACCEPTED, DocumentKind, DocumentName, DocumentSet, MadeDocument
from kaigong.domain.model.text import Text
from kaigong.portal import access
from kaigong.portal.web import session
from kaigong.portal.web.pages import Page
from kaigong.store import benefits, drafts, packets

from tests.faces import PAGES

from . import story
from .asking import FOREIGN, OTHER, OWN, PROJECT_CODE, ask, played
from .pool import Pool, keyed
from .test_pages import HOST
from .world import World

NOWHERE, NO_DRAFT = "20260306-nothing", "20260306-nowhere"
SESSION_READ = "portal:dynamodb.GetItem"
UNKNOWN = "91411402MA0KG0009X"  # an enterprise that nothing is known of
POLICY = "example"  # which gave something for the own packet, to be paid by housing
MATTER, SLOT = "fire-design-review", "fire-design"  # housing's, in the story

# Of each: applicant, department, window, supervisor, operations, leader.
#   own   its own object, and a foreign one is not there      all   every object
#   yes   it has no object                                    -     not for this group
# `open` stands for everybody, signed in or not.
OPEN = "open"
READING = "own own all  -   all  all"
TABLE = {
    "health": OPEN,
    "guide": OPEN,
    "needed": OPEN,
    "matters": OPEN,
    "verify": OPEN,  # by what stands on a document, or the document
    "proof": READING,
    "progress": OPEN,  # by a token that nobody can guess
    "packets": "own -   all  -   all -",
    "packet": READING,
    "materials": READING,
    "result": READING,
    "documents": "own -   all  -   -   -",
    "document": "own -   all  -   -   -",
    "ledger": READING,
    "routes": "own -   all  -   all -",
    "act": "own own all  -   -   -",
    "hand-out": "own -   all  -   -   -",
    "help": "-   -   yes  -   -   -",
    "hand-outs": "-   -   yes  -   -   -",
    "record-slip": "-   -   yes  -   -   -",
    "slips": "own -   all  -   all -",
    "slip": "yes -   yes  -   yes -",  # whose it is has a test of its own
    "refusal-slip": "own -   all  -   all -",
    "link": "own -   all  -   -   -",
    "withdraw-link": "own -   all  -   -   -",
    "enterprise": "own -   all  -   all -",
    "letters": "own -   all  -   all -",
    "drafts": "own -   all  -   -   -",
    "start-draft": "own -   all  -   -   -",
    "draft": "own -   all  -   -   -",
    "save-draft": "own -   all  -   -   -",
    "accept-letter": "own -   -    -   -   -",  # the applicant's word, which the window does not give
    "take-out": "own -   all  -   -   -",
    "earlier-papers": "own -   all  -   -   -",
    "reuse-paper": "own -   all  -   -   -",  # of papers of the same enterprise alone
    "hand-in": "own -   all  -   -   -",  # the window on a mandate
    "record-mandate": "-   -   all  -   -   -",
    "mandates": "own -   all  -   -   -",
    "end-mandate": "yes -   yes  -   -   -",
    "permit-upload": "own -   all  -   -   -",
    "sort-files": "own -   all  -   -   -",
    "permit-part": "own -   all  -   -   -",
    "parts": "own -   all  -   -   -",
    "finish-parts": "own -   all  -   -   -",
    "give-up-parts": "own -   all  -   -   -",
    "search": "-   -   yes  -   -   -",
    "project": "-   -   yes  -   yes -",
    "record-project": "-   -   yes  -   -   -",
    "story": "yes yes yes  -   yes yes",  # of the packets that each may see
    "desk": "-   yes -    -   -   -",
    "desk-next": "-   yes -    -   -   -",
    "desk-review": "-   own -    -   -   -",
    "desk-paper": "-   own -    -   -   -",
    "desk-lease": "-   own -    -   -   -",
    "desk-decision": "-   own -    -   -   -",
    "desk-signature": "-   own -    -   -   -",
    "desk-procedure": "-   own -    -   -   -",
    "desk-retraction": "-   own -    -   -   -",
    "people": "yes -   -    -   -   -",
    "choose-messages": "yes -   -    -   -   -",
    "grant-rights": "yes -   -    -   -   -",  # whoever manages the enterprise's people: a test of its own
    "desk-work": "-   yes -    -   -   -",
    "desk-officer": "-   own -    -   -   -",  # whose work one may hand over has a test of its own
    "desk-absence": "-   yes -    -   -   -",
    "remarks": "-   own all  -   -   -",  # whose notes one reads has a test of its own; no applicant reads any
    "remark": "-   own all  -   -   -",
    "supervision": "-   -   -    yes -   -",
    "supervision-record": "-   -   -    own -   -",  # of the department that supervises the matter
    "supervision-say": "-   -   -    own -   -",
    "permit-photo": "-   -   -    own -   -",
    "photo": "-   -   -    own -   -",
    "told-photo": READING,
    "packet-supervision": READING,
    "supervision-answer": "own -   -    -   -   -",  # the enterprise's own word
    "roster": "-   -   -    yes -   -",  # of the own department
    "save-roster": "-   -   -    yes -   -",
    "roster-numbers": OPEN,
    "draw": OPEN,
    "policies": OPEN,
    "policy-facts": "-   -   -    -   yes -",
    "benefits": "-   yes -    -   -   -",  # what the officer's department is to pay
    "benefit": "-   own -    -   -   -",  # of the department that pays
    "benefit-say": "-   own -    -   -   -",
    "packet-benefits": READING,
    "benefit-decline": "own -   -    -   -   -",  # the enterprise's own word
    "deadlines": "-   yes yes  yes yes yes",  # of a department what is its own; of the lead everything
    "problems": "-   yes yes  yes yes yes",  # likewise
    "packet-risk": "-   own all  -   all all",
    "warnings": "-   -   yes  -   yes yes",  # of the whole city, and of no packet
    "stuck": "-   -   -    -   yes -",
    "inspect": "-   -   -    -   all -",
    "refused": "-   -   -    -   yes -",
}
PAGE_TABLE = {
    "home": OPEN,
    "find": OPEN,
    "accessibility": OPEN,
    "privacy": OPEN,
    "guide": OPEN,
    "guide-search": OPEN,
    "guide-questions": OPEN,
    "guide-needed": OPEN,
    "guide-matter": OPEN,
    "sample": OPEN,
    "sign-in": OPEN,
    "signed-in": OPEN,
    "backchannel-logout": OPEN,
    "sign-out": OPEN,
    "progress": OPEN,
    "progress-live": OPEN,
    "verify": OPEN,
    "verify-file": OPEN,
    "proof": READING,
    "me": "yes yes yes  yes yes yes",
    "packets": "yes -   -    -   -   -",
    "start": "yes -   -    -   -   -",
    "begin": "yes -   -    -   -   -",
    "application": "own -   all  -   -   -",
    "more-matters": "own -   all  -   -   -",
    "choose-matters": "own -   all  -   -   -",
    "application-state": "own -   all  -   -   -",
    "save": "own -   all  -   -   -",
    "accept": "own -   -    -   -   -",  # the applicant's word, which the window does not give
    "take-out": "own -   all  -   -   -",
    "reuse": "own -   all  -   -   -",
    "again": "own -   all  -   -   -",
    "hand-in": "own -   all  -   -   -",
    "handed-in": "own -   all  -   -   -",
    "mandate": "-   -   all  -   -   -",
    "record-mandate": "-   -   all  -   -   -",
    "mandates": "yes -   -    -   -   -",
    "end-mandate": "yes -   yes  -   -   -",
    "slot": "own -   all  -   -   -",
    "draft-letter": "own -   all  -   -   -",
    "draft-form": "own -   all  -   -   -",
    "own-paper": "own -   all  -   -   -",
    "permit": "own -   all  -   -   -",
    "sort": "own -   all  -   -   -",
    "part": "own -   all  -   -   -",
    "parts": "own -   all  -   -   -",
    "finish": "own -   all  -   -   -",
    "give-up": "own -   all  -   -   -",
    "story": "yes yes yes  -   yes yes",
    "packet": READING,
    "packet-live": READING,
    "notice": READING,
    "letter": READING,
    "ledger": READING,
    "result": READING,
    "receipt": "own -   all  -   -   -",
    "form": "own -   all  -   -   -",
    "paper": "own -   all  -   -   -",
    "document": "own -   all  -   -   -",
    "withdrawal": "own -   -    -   -   -",
    "withdraw": "own -   -    -   -   -",
    "hand-out": "own -   -    -   -   -",
    "choose-hand-out": "own -   -    -   -   -",
    "people": "yes -   -    -   -   -",
    "choose-messages": "yes -   -    -   -   -",
    "grant-rights": "yes -   -    -   -   -",
    "questions": "own -   -    -   -   -",
    "ask": "own -   -    -   -   -",
    "dates": "own -   all  -   -   -",
    "all-dates": "yes -   -    -   -   -",
    "project-enterprises": "own -   -    -   -   -",
    "let-in": "own -   -    -   -   -",
    "refuse": "-   -   yes  -   -   -",
    "record-slip": "-   -   yes  -   -   -",
    "slips": "yes -   -    -   -   -",
    "slip": "yes -   yes  -   yes -",
    "refusal-slip": "own -   all  -   all -",
    "window-help": "-   -   yes  -   -   -",
    "deadlines": "-   yes yes  yes yes yes",
    "problems": "-   yes yes  yes yes yes",
    "problems-csv": "-   yes yes  yes yes yes",
    "packet-risk": "-   own all  -   all all",
    "warnings": "-   -   yes  -   yes yes",
    "window-hand-outs": "-   -   yes  -   -   -",
    "share": "own -   all  -   -   -",
    "renew-link": "own -   all  -   -   -",
    "withdraw-link": "own -   all  -   -   -",
    "desk": "-   yes -    -   -   -",
    "desk-next": "-   yes -    -   -   -",
    "desk-review": "-   own -    -   -   -",
    "desk-paper": "-   own -    -   -   -",
    "desk-take": "-   own -    -   -   -",
    "desk-extend": "-   own -    -   -   -",
    "desk-give-back": "-   own -    -   -   -",
    "desk-decide": "-   own -    -   -   -",
    "desk-sign": "-   own -    -   -   -",
    "desk-procedure": "-   own -    -   -   -",
    "desk-retract": "-   own -    -   -   -",
    "desk-remark": "-   own -    -   -   -",
    "desk-answer": "-   own -    -   -   -",
    "work": "-   yes yes  yes -   -",
    "work-hand-over": "-   yes -    -   -   -",
    "work-absence": "-   yes -    -   -   -",
    "window-remark": "-   -   all  -   -   -",
    "supervision": "-   -   -    yes -   -",
    "roster": "-   -   -    yes -   -",
    "save-roster": "-   -   -    yes -   -",
    "supervision-record": "-   -   -    own -   -",
    "supervision-say": "-   -   -    own -   -",
    "photos": "-   -   -    own -   -",
    "photo": "-   -   -    own -   -",
    "told-photo": READING,
    "packet-supervision": READING,
    "supervision-answer": "own -   -    -   -   -",
    "policies": OPEN,
    "benefits": "-   yes -    -   -   -",
    "benefit": "-   own -    -   -   -",
    "benefit-say": "-   own -    -   -   -",
    "packet-benefits": READING,
    "benefit-decline": "own -   -    -   -   -",
    "window": "-   -   yes  -   yes -",
    "window-searched": "-   -   yes  -   yes -",
    "window-search": "-   -   yes  -   yes -",
    "window-enterprise": "-   -   yes  -   yes -",
    "window-start": "-   -   all  -   -   -",
    "window-begin": "-   -   all  -   -   -",
    "window-project": "-   -   yes  -   yes -",
    "window-record-project": "-   -   yes  -   -   -",
    "window-packet": "-   -   all  -   all -",
    "window-act": "-   -   all  -   -   -",
}
CLAIMS: dict[Group, dict[str, Any]] = {
    Group.APPLICANT: {"custom:uscc": OWN},
    Group.DEPARTMENT: {"custom:department": "housing"},
    Group.WINDOW: {"custom:department": "approvals"},
    Group.SUPERVISOR: {"custom:department": "housing"},
    Group.OPERATIONS: {},
    Group.LEADER: {},
}
OF_ENTERPRISE = (
    "packets",
    "enterprise",
    "letters",
    "drafts",
    "start-draft",
    "mandates",
    "slips",
)  # routes that are told a credit code
PART = {"slot": "soil-plan", "upload": "20260306T093000-abcdef", "name": "f.pdf", "parts": "x"}
BODIES: dict[str, dict[str, Any]] = {  # one that each route takes, so that only who asks decides
    "record-slip": {"kind": "not-ours", "to": "某公司", "what": "某事", "reason": "不归本局", "next": "请到另一局"},
    "help": {"packets": [NOWHERE]},
    "link": {},
    "search": {"q": "科技"},
    "letters": {"project": {"name": "-"}, "matters": ["drawing-review"]},
    "start-draft": {"process": "general", "matters": ["soil-conservation"]},
    "save-draft": {"version": 1, "matters": ["soil-conservation"]},
    "accept-letter": {"version": 1, "matter": "planning-permit", "sha256": "0" * 64},
    "take-out": {"version": 1, "slot": "soil-plan"},
    "reuse-paper": {"slot": "soil-plan", "packet": NOWHERE},
    "hand-in": {"version": 1},
    "record-mandate": {"scope": "packet", "since": "2026-01-01", "until": "2026-12-31"},
    "end-mandate": {"uscc": OWN},
    "permit-upload": {"slot": "soil-plan", "name": "f.pdf", "size": 4, "media_type": "application/pdf"},
    "permit-part": PART | {"number": 1, "size": 1},
    "parts": PART,
    "finish-parts": PART,
    "give-up-parts": PART,
    "sort-files": {"names": ["f.pdf"]},
    "record-project": {"key_project": False, "serviced_site": None},
    "desk-lease": {"action": "take"},
    "desk-decision": {"round": 2, "outcome": "approve"},
    "desk-signature": {"round": 2, "proposal": "x", "action": "sign"},
    "desk-procedure": {"round": 2, "kind": "hearing", "action": "start", "note": "听证"},
    "desk-retraction": {"round": 2, "reason": "误判"},
    "desk-officer": {"to": "nobody-known"},
    "desk-absence": {"stand_in": "nobody-known", "since": "2026-03-06", "until": "2026-03-09"},
    "choose-messages": {"wants": "asks"},
    "grant-rights": {"rights": "read"},
    "remark": {"kind": "note", "text": "已核对"},
    "supervision-say": {"version": 9999, "says": {"kind": "claim"}},
    "save-roster": {"version": 9999, "inspectors": []},
    "permit-photo": {"name": "p.jpg", "size": 4, "media_type": "image/jpeg"},
    "supervision-answer": {"version": 9999, "says": {"kind": "contest", "text": "不实"}},
    "benefit-say": {"version": 9999, "says": {"kind": "pay", "reference": "1"}},
    "benefit-decline": {"version": 9999, "says": {"kind": "decline"}},
}
FORMS: dict[str, dict[str, Any]] = {  # likewise, where a form that lacks everything would be answered before that
    "begin": {"process": "general"},
    "window-begin": {"process": "general", "matters": "soil-conservation"},
    "permit": BODIES["permit-upload"],
    "part": BODIES["permit-part"],
    "parts": PART,
    "finish": PART,
    "give-up": PART,
    "sort": {"names": "f.pdf"},
    "supervision-say": {"kind": "claim", "version": "9999"},
    "save-roster": {"version": "9999"},
    "supervision-answer": {"kind": "contest", "version": "9999", "text": "不实"},
    "benefit-say": {"kind": "pay", "version": "9999", "reference": "1"},
    "benefit-decline": {"version": "9999"},
}
ACTS: dict[Group, dict[str, Any]] = {  # what each group may do at all; who may do which act has a test of its own
    Group.APPLICANT: {"kind": "withdraw", "reason": "不办了"},
    Group.DEPARTMENT: {"kind": "first-asked"},
    Group.WINDOW: {"kind": "pick-up"},
    Group.SUPERVISOR: {"kind": "pick-up"},
    Group.OPERATIONS: {"kind": "pick-up"},
    Group.LEADER: {"kind": "pick-up"},
}


RECEIPT = DocumentSet(
    occasion=ACCEPTED,
    documents=(MadeDocument(name=DocumentName(kind=DocumentKind.RECEIPT), sha256="0" * 64, size=1),),
    at=datetime(2026, 3, 6, tzinfo=UTC),
)


def given_by(packet: str, department: str) -> None:
    """What a policy gave for a packet: its department may pay it, its enterprise decline it."""
    name = Text(zh="样例", en="example")
    benefit = Benefit(
        packet=packet,
        policy=POLICY,
        state=BenefitState.GRANTED,
        department=department,
        uscc=OWN if packet == story.PACKET else OTHER,
        enterprise="某公司",
        project="某项目",
        named=name,
        worth=1,
        decided_at=RECEIPT.at,
        because=(),
    )
    event, now = BenefitEvent.GRANTED, RECEIPT.at
    fact = BenefitFact(policy=POLICY, named=name, department=department, version=1, event=event, at=now)
    benefits.save(None, benefit, Purse(), Purse(), fact)


@dataclass(frozen=True)
class Objects:
    """What is asked about. Each is somebody's own, somebody else's, or not there."""

    packet: str
    draft: str
    uscc: str

    def fill(self, path: str) -> str:
        made = path.replace("{packet}", self.packet).replace("{draft}", self.draft).replace("{uscc}", self.uscc)
        made = made.replace("{matter}", MATTER).replace("{slot}", SLOT).replace("{code}", PROJECT_CODE)
        made = made.replace("{mandate}", "0" * 16).replace("{slip}", "20260306-0123456789")
        made = made.replace("{benefit}", f"{self.packet}.{POLICY}").replace("{policy}", POLICY)
        made = made.replace("{record}", f"{self.packet}.{MATTER}").replace("{day}", "2026-03-06")
        made = made.replace("{department}", "housing").replace("{version}", "1").replace("{photo}", "0" * 16)
        made = made.replace("{token}", "a" * 43).replace("{number}", "1").replace("{material}", "business-licence")
        made = made.replace("{document}", "receipt").replace("{account}", "nobody")
        assert "{" not in made, f"{path} names something that this test does not know"
        return made


@dataclass(frozen=True)
class Stage:
    """The world with its objects and the pool."""

    world: World
    pool: Pool
    own: Objects
    foreign: Objects
    nothing: Objects = Objects(NOWHERE, NO_DRAFT, UNKNOWN)


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with played() as world, pytest.MonkeyPatch.context() as patch:
        pool = Pool().patch(patch)
        for packet, payer in ((story.PACKET, "housing"), (FOREIGN, "water")):
            given_by(packet, payer)
        for packet in (story.PACKET, FOREIGN):
            packets.record_documents(packet, RECEIPT)
        own, foreign = (_drafted(uscc) for uscc in (OWN, OTHER))
        yield Stage(world, pool, Objects(story.PACKET, own, OWN), Objects(FOREIGN, foreign, OTHER))


def _drafted(uscc: str) -> str:
    """A draft of an enterprise."""
    claims = {"cognito:groups": "[applicant]", "custom:uscc": uscc}
    answer = ask("/api/drafts", claims, method="POST", carries=BODIES["start-draft"])
    name = str(json.loads(answer["body"])["packet"])
    assert drafts.load(name)
    return name


# asking


def of_route(stage: Stage, route: routes.Route, claims: dict[str, Any] | None, about: Objects) -> dict[str, Any]:
    body = BODIES.get(route.name)
    if route.name == "act":
        group = next((g for g in Group if claims and g in claims["cognito:groups"]), Group.OPERATIONS)
        body = ACTS[group]
    if route.body and body is None:
        raise AssertionError(f"give the body that {route.name} takes")
    if route.name == "letters":
        body = {**BODIES["letters"], "enterprise": {"name": "某公司", "uscc": about.uscc}}
    if route.name == "start-draft":
        body = {**BODIES["start-draft"], "uscc": about.uscc}
    query = {"uscc": about.uscc} if route.name in ("packets", "enterprise", "drafts", "mandates", "slips") else None
    with stage.world.inside("portal"):
        return dict(ask(about.fill(route.path), claims, query, route.method.value, body))


def of_page(
    stage: Stage, page: Page, cookies: tuple[str, ...], about: Objects, form: dict[str, str] | None = None, **more: str
) -> dict[str, Any]:
    headers = {"host": HOST, "accept": "text/html", "origin": f"https://{HOST}", **more}
    if page.method == "POST":
        headers["content-type"] = "application/x-www-form-urlencoded"
    form = form or FORMS.get(page.name, {"x": "1"})
    fields = {"body": keyed(urlencode(form), cookies)} if page.method == "POST" else {}
    with stage.world.inside("portal"):
        answer = ask(about.fill(page.path), method=page.method, headers=headers, cookies=list(cookies), **fields)
    if answer.get("isBase64Encoded"):
        answer["body"] = base64.b64decode(answer["body"]).decode("utf-8", "replace")
    return dict(answer)


def outcome(answer: dict[str, Any]) -> str:
    """What became of a request: let in, not allowed, not there, or sent to sign in."""
    location = answer["headers"].get("Location", "")
    if answer["statusCode"] == 401 or "sign-in" in location:
        return "sign in"
    if answer["statusCode"] == 403:
        return "not allowed"
    code = re.search(r'"code":"([a-z-]+)"|(?:代码|Code)：([a-z-]+)', answer["body"] or "")
    if answer["statusCode"] == 404 and code and "not-found" in code.groups():
        return "not there"
    assert answer["statusCode"] < 500, answer["body"]
    assert not code or not {"invalid-body", "not-json"} & {*code.groups()}, "what was sent decided, not who asked"
    return "in"


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """All that an answer tells."""
    return {name: answer.get(name) for name in ("statusCode", "headers", "multiValueHeaders", "cookies", "body")}


def claims_of(group: Group) -> dict[str, Any]:
    """Whoever manages the people of an enterprise is in a group that opens nothing by itself."""
    named = f"{group} {access.LEADS}" if group is Group.APPLICANT else group
    return {"cognito:groups": f"[{named}]", **CLAIMS[group]}


def cookies_of(stage: Stage, group: Group, **more: Any) -> tuple[str, ...]:
    claims = {"custom:uscc": "", "cognito:groups": [group.value], **CLAIMS[group], **more}
    return stage.pool.session(**claims)


def rights(row: str) -> dict[Group, str]:
    return dict(zip(Group, row.split(), strict=True))


# the table


def test_every_route_and_every_page_has_a_row_and_every_row_has_one() -> None:
    assert {route.name for route in routes.ROUTES} == set(TABLE)
    assert {page.name for page in PAGES} == set(PAGE_TABLE)
    assert len({route.name for route in routes.ROUTES}) == len(routes.ROUTES)
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert list(Group) == ["applicant", "department", "window", "supervisor", "operations", "leader"]


@pytest.mark.parametrize("thing", [*routes.ROUTES, *PAGES], ids=lambda thing: f"{type(thing).__name__}-{thing.name}")
def test_each_group_gets_what_the_table_says_and_nothing_else(stage: Stage, thing: routes.Route | Page) -> None:
    row = (TABLE if isinstance(thing, routes.Route) else PAGE_TABLE)[thing.name]
    expected = dict.fromkeys(Group, "yes") if row == OPEN else rights(row)
    for group, right in expected.items():
        asked = {}
        for name, about in (("own", stage.own), ("foreign", stage.foreign), ("nothing", stage.nothing)):
            before = len(stage.world.calls)
            if isinstance(thing, routes.Route):
                answer = of_route(stage, thing, claims_of(group), about)
            else:
                answer = of_page(stage, thing, cookies_of(stage, group), about)
            calls = stage.world.calls[before:]
            if isinstance(thing, Page) and calls[:1] == [SESSION_READ]:
                calls = calls[1:]  # who asks
            asked[name] = (answer, calls)
        outcomes = {name: outcome(answer) for name, (answer, _) in asked.items()}
        who = f"{group} on {thing.name}: {outcomes}"
        match right:
            case "-":
                assert set(outcomes.values()) == {"not allowed"}, who
                assert not any(calls for _, calls in asked.values()), f"{who} read something first"
            case "yes":
                assert outcomes["own"] == "in", who
            case "all":
                assert (outcomes["own"], outcomes["foreign"]) == ("in", "in"), who
            case "own":
                hidden = (
                    "not allowed" if thing.name in OF_ENTERPRISE and isinstance(thing, routes.Route) else "not there"
                )
                assert (outcomes["own"], outcomes["foreign"], outcomes["nothing"]) == ("in", hidden, hidden), who
        if right in ("own", "-"):  # nobody learns whether a foreign object exists
            (foreign, paid), (nothing, cost) = asked["foreign"], asked["nothing"]
            assert told(foreign) == told(nothing), who
            assert paid == cost, who


# What a look leaves behind, and why it does: docs/decisions.md.
NOTED = {
    "work": "that the officer works at this desk, so that colleagues can hand over",
    "desk-work": "the same",
    "people": "that the person is one of the enterprise's, so that rights can be given and messages addressed",
    "supervision-record": "that the department has it before it",
}
_WRITES = re.compile(r":\w+\.(Put|Update|Delete|Transact|BatchWrite|Send|Publish|Copy|Create)")


@pytest.mark.parametrize(
    "thing",
    [t for t in (*routes.ROUTES, *PAGES) if str(t.method) == "GET"],
    ids=lambda t: f"{type(t).__name__}-{t.name}",
)
def test_who_only_looks_changes_nothing_but_what_is_said_here(stage: Stage, thing: routes.Route | Page) -> None:
    for group in Group:
        before = len(stage.world.calls)
        if isinstance(thing, routes.Route):
            of_route(stage, thing, claims_of(group), stage.own)
        else:
            of_page(stage, thing, cookies_of(stage, group), stage.own)
        written = [call for call in stage.world.calls[before:] if _WRITES.search(call)]
        assert not written or thing.name in NOTED, f"{group}: {written}"


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: route.name)
def test_a_route_that_is_not_open_answers_nobody_who_is_not_signed_in(stage: Stage, route: routes.Route) -> None:
    everything = {"cognito:groups": f"[{' '.join(Group)}]", "custom:uscc": OWN, "custom:department": "housing"}
    wrong: list[dict[str, Any] | None] = [None, everything | {"token_use": "access"}, everything | {"sub": ""}]
    for claims in wrong:
        found = outcome(of_route(stage, route, claims, stage.own))
        assert found == ("in" if TABLE[route.name] == OPEN else "sign in")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_that_is_not_open_sends_everybody_without_a_session_to_sign_in(stage: Stage, page: Page) -> None:
    may = {} if PAGE_TABLE[page.name] == OPEN else rights(PAGE_TABLE[page.name])
    group = next((group for group, right in may.items() if right != "-"), Group.WINDOW)
    valid = cookies_of(stage, group)[0]
    wrong: list[tuple[str, ...]] = [
        (),
        cookies_of(stage, group, again=None, expires=timedelta(minutes=-10)),
        (valid[:-4] + "AAAA",),
        (f"{session.SESSION}=nonsense",),
        (f"{session.SESSION}={stage.pool.token()}",),  # a token is no session
    ]
    before = len(stage.world.calls)
    for cookies in wrong:
        answer = of_page(stage, page, cookies, stage.own)
        if PAGE_TABLE[page.name] == OPEN:
            assert answer["statusCode"] in (200, 303, 400, 401, 404, 422, 429)
            continue
        assert outcome(answer) == "sign in"
        fragment = of_page(stage, page, cookies, stage.own, **{"hx-request": "true"})
        assert outcome(fragment) == "sign in"
    if PAGE_TABLE[page.name] != OPEN:  # whether there is such a session is all that was asked
        assert set(stage.world.calls[before:]) <= {SESSION_READ}


@pytest.mark.parametrize("thing", [*routes.ROUTES, *PAGES], ids=lambda thing: f"{type(thing).__name__}-{thing.name}")
def test_a_user_in_no_group_and_a_group_without_what_it_needs_get_nothing(
    stage: Stage, thing: routes.Route | Page
) -> None:
    """An applicant acts for an enterprise, an officer belongs to a department: without it, the group means nothing."""
    if (TABLE if isinstance(thing, routes.Route) else PAGE_TABLE)[thing.name] == OPEN:
        return
    for groups in ([], ["applicant"], ["department"], ["supervisor"], ["windows", "Operations"]):
        if isinstance(thing, routes.Route):
            answer = of_route(stage, thing, {"cognito:groups": f"[{' '.join(groups)}]"}, stage.own)
        else:
            cookies = stage.pool.session(**{"cognito:groups": groups, "custom:uscc": ""})
            answer = of_page(stage, thing, cookies, stage.own)
        assert outcome(answer) == "not allowed"
