"""Values that the tests of the rules are made of: a small catalogue of our own, cases that move on, and strategies.

Nothing here reads the shipped catalogue: the rules hold for every catalogue, so the tests draw their own.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from kaigong.domain.flow import retraction
from kaigong.domain.flow.progress import advance
from kaigong.domain.flow.step import Step, Surroundings
from kaigong.domain.flow.verification import altered_facts
from kaigong.domain.model.arrivals import Awaited, Examined, Submission
from kaigong.domain.model.catalogue import (
    Catalogue,
    Checks,
    Department,
    Letter,
    Material,
    Matter,
    MatterMaterial,
    Process,
    Route,
    Scheme,
    Source,
    Stage,
)
from kaigong.domain.model.clock import Office
from kaigong.domain.model.facts import Difference, Facts, Kind, Limit, Opens, normalise
from kaigong.domain.model.manifest import Enterprise, Manifest, Project
from kaigong.domain.model.messages import (
    CreditRecord,
    Decision,
    DecisionReason,
    GroundedReason,
    Outcome,
    ProcedureAction,
    ProcedureKind,
    RevocationKind,
)
from kaigong.domain.model.packet import (
    Act,
    ActKind,
    DecisionFact,
    Header,
    Issued,
    LedgerEntry,
    Notice,
    NoticeKind,
    Packet,
    ProcedureFact,
    Review,
    ReviewState,
    RevocationFact,
    Told,
    files_of,
)
from kaigong.domain.model.standing import Missing, ProjectStanding, Standing
from kaigong.domain.model.text import Text

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 3, 6, 9, 30, tzinfo=SHANGHAI)  # a Friday that is worked
OFFICE = Office()
GAP_DAYS = 20
PACKET = "20260306-test"

ENTERPRISE = Enterprise(name="商丘样例生物科技有限公司", uscc="91411402MA0KG0002N")
OTHER_ENTERPRISE = Enterprise(name="另一家有限公司", uscc="91411402MA0KG0003M")
PROJECT = Project(name="年产500吨生物酶制剂项目")

GOOD = Facts(
    kind=Kind.PDF,
    size=1000,
    opens=Opens.YES,
    pages=3,
    text_on_page_1=True,
    text=normalise(ENTERPRISE.name),
    blank_pages=0,
    all_pages_blank=False,
)
DOUBTFUL = GOOD.changed(embedded_files=True)  # a warning: it counts as handed in
EMPTY = Facts(kind=Kind.EMPTY, size=0, opens=Opens.NO)  # deficient for every material
SCRIPTED = GOOD.changed(javascript=True, scripts=True, launch=True, launch_unasked=True)  # deficient for two reasons


def named(code: str) -> Text:
    return Text(zh=f"《{code}》", en=code)


def material(
    code: str, source: Source = Source.APPLICANT, checks: Checks | None = None, max_files: int = 1
) -> Material:
    return Material(
        code=code,
        name=named(code),
        source=source,
        checks=checks or Checks(),
        max_files=max_files,
        sample=f"{code}.pdf",
    )


def matter(code: str, department: str, main: str = "", other: str = "", **more: Any) -> Matter:
    """A matter with its main and its other materials, each a list of codes in one string."""
    more.setdefault("routes", (Route.APPROVAL,))
    if Route.COMMITMENT in more["routes"]:
        more["commitment_number"] = f"C-{code}"
    asked = [MatterMaterial(material=m, main=True) for m in main.split()]
    asked += [MatterMaterial(material=m, main=False) for m in other.split()]
    return Matter(
        code=code,
        name=named(code),
        stage=Stage.CONSTRUCTION,
        department=department,
        legal_days=20,
        promised_days=more.pop("promised_days", 3),
        number=f"N-{code}",
        materials=tuple(asked),
        **more,
    )


SCHEME = Scheme(code="default", name=named("default"), grades=("AAA", "AA", "A", "B", "C", "D"))


def catalogue_of(materials: Iterable[Material], matters: Iterable[Matter], processes: Iterable[Process]) -> Catalogue:
    matters = list(matters)
    return Catalogue(
        version="test",
        departments={m.department: Department(code=m.department, name=named(m.department)) for m in matters},
        materials={m.code: m for m in materials},
        matters={m.code: m for m in matters},
        processes={p.code: p for p in processes},
        letters={m.code: letter(m.code) for m in matters if m.takes_commitment},
        schemes={"default": SCHEME},
    )


def letter(code: str, version: int = 1) -> Letter:
    """The template of a letter for a matter done by commitment."""
    return Letter(
        matter=code,
        version=version,
        conditions=(named(f"condition of {code}"),),
        commits=(named(f"promise of {code}"),),
        verification=named(f"verification of {code}"),
        verify_working_days=30,
    )


_TOLERATED = (Route.APPROVAL, Route.TOLERATED)
_COMMITMENT = (Route.APPROVAL, Route.COMMITMENT)
_MATTERS = (
    matter("land-use", "resources", "form licence land-contract", "site-photo", routes=_COMMITMENT),
    matter("planning", "resources", "form drawings", routes=_COMMITMENT, prerequisites=("land-use",)),
    matter("fire-review", "housing", "form drawings", "fire-plan", routes=_TOLERATED),
    matter(
        "permit",
        "housing",
        "form works-contract",
        "wage-security fire-plan",
        routes=_TOLERATED,
        prerequisites=("planning", "fire-review"),
        promised_days=1,
    ),
    matter("soil", "water", "form", "soil-plan", routes=_TOLERATED),
    matter("flood", "water", "flood-report", "survey"),
)
_CODES = tuple(m.code for m in _MATTERS)

CATALOGUE = catalogue_of(
    [
        material("licence", Source.SHARED),
        *map(
            material,
            ["form", "land-contract", "drawings", "fire-plan", "works-contract", "wage-security"],
        ),
        material("site-photo", max_files=3),
        *(material(code, Source.INTERMEDIARY) for code in ("soil-plan", "flood-report", "survey")),
    ],
    _MATTERS,
    [
        Process(code="ordinary", name=named("ordinary"), matters=_CODES),
        Process(code="industrial", name=named("industrial"), matters=_CODES, green_channel=True, instant=True),
    ],
)


def credit(grade: str = "AAA", breaches: int = 0, **more: Any) -> CreditRecord:
    """A record that is valid at `MORNING` and for years after."""
    return CreditRecord.model_validate(
        {
            "schema": "kaigong/credit/1",
            "id": "credit-1",
            "uscc": ENTERPRISE.uscc,
            "grade": grade,
            "valid_from": MORNING - timedelta(days=30),
            "valid_until": MORNING + timedelta(days=3000),
            "published_at": MORNING - timedelta(days=30),
            "unrepaired_breaches": breaches,
            **more,
        }
    )


def manifest(matters: Iterable[str], process: str = "ordinary", **more: Any) -> Manifest:
    fields = {"packet": PACKET, "enterprise": ENTERPRISE, "project": PROJECT, **more}
    return Manifest.model_validate(
        {"schema": "kaigong/manifest/1", "process": process, "matters": tuple(matters), **fields}
    )


class Case:
    """One packet as it travels: facts come in, as other functions record them, and `advance` looks at it.

    `packet` is what one Query would read; `entries` is its ledger. Nobody orders `documents`, unless they are what a
    test is about: they move nothing else.
    """

    def __init__(
        self, catalogue: Catalogue = CATALOGUE, credit: CreditRecord | None = None, *, documents: bool = False
    ) -> None:
        self.catalogue = catalogue
        self.credit = credit
        self.project = ProjectStanding()
        self.now = MORNING
        self.packet = Packet(packet=PACKET)
        self.entries: list[LedgerEntry] = []
        self.documents = documents
        self._numbers = count(1)

    @property
    def lying(self) -> list[Examined]:
        """The files that count of what lies there."""
        return [
            file
            for slot in self.packet.slots
            for file in files_of((u for u in self.packet.uploads.values() if u.slot == slot), self.catalogue.room(slot))
        ]

    # what comes in

    def upload(self, *slots: str, facts: Facts = GOOD, name: str = "f.pdf") -> None:
        """Newest uploads, already examined."""
        for slot in slots:
            self.examined(self.announced(slot, facts, name))

    def replace(self, slots: Iterable[str]) -> None:
        """Every file that lies in these slots comes once more, and one where there is none."""
        wanted = set(slots)
        there = {(file.slot, file.name) for file in self.lying if file.slot in wanted}
        for slot, name in sorted(there | {(slot, "f.pdf") for slot in wanted - {slot for slot, _ in there}}):
            self.upload(slot, name=name)

    def announced(self, slot: str, facts: Facts = GOOD, name: str = "f.pdf") -> Examined:
        """An upload that lies in storage; `examined` is its event."""
        number = next(self._numbers)
        return Examined(
            slot=slot,
            key=f"packets/{PACKET}/{slot}/u{number}/{name}",
            version=f"v{number}",
            mark=f"mark-{number}",
            sequencer=f"{number:020d}",
            size=facts.size,
            sha256=f"{number:064x}",
            uploaded_at=self._moment(number),
            facts=facts,
        )

    def examined(self, upload: Examined) -> None:
        """What `validate` records of an upload, whatever order the events come in."""
        self._change(uploads={**self.packet.uploads, (upload.slot, upload.mark): upload})

    def _moment(self, number: int) -> datetime:
        """What comes at the same time comes one after the other."""
        return self.now + timedelta(microseconds=number)

    def submit(
        self,
        *matters: str,
        process: str = "ordinary",
        at: datetime | None = None,
        awaits: Iterable[Examined] | None = None,
        whole_folder: bool = False,
        **more: Any,
    ) -> Submission:
        """A manifest with the uploads that it hands in: by default what lies there."""
        number = next(self._numbers)
        lying = self.lying if awaits is None else awaits
        submission = Submission(
            version=f"m{number}",
            sequencer=f"{number:020d}",
            manifest=manifest(matters, process, **more),
            awaited=tuple(Awaited(slot=s.slot, mark=s.mark) for s in lying),
            whole_folder=whole_folder,
            received_at=at or self._moment(number),
        )
        self._change(submissions={**self.packet.submissions, submission.version: submission})
        return submission

    def decide(
        self,
        matter: str,
        outcome: Outcome = Outcome.APPROVE,
        *reasons: DecisionReason,
        conditions: tuple[str, ...] = (),
        signed_by: str = "",
    ) -> None:
        """What `decide` records: the first decision of a matter and round stays."""
        if outcome is not Outcome.APPROVE and not reasons:
            reasons = (DecisionReason(text="不符合要求"),)
        round_ = self.packet.reviews[matter].round
        fact = DecisionFact(
            matter=matter,
            round=round_,
            turn=self.packet.reviews[matter].turn,
            outcome=outcome,
            reasons=reasons,
            conditions=conditions,
            officer="审查员",
            signed_by=signed_by,
            message_id=f"d-{matter}-{round_}",
            received_at=self.now,
        )
        self._change(decisions={(matter, round_): fact, **self.packet.decisions})

    def procedure(
        self,
        matter: str,
        kind: ProcedureKind = ProcedureKind.EXPERT_REVIEW,
        action: ProcedureAction = ProcedureAction.START,
        **more: Any,
    ) -> None:
        """What `decide` records of a special procedure."""
        fields = {"number": 1, "note": "按规定组织", "round": self.packet.reviews[matter].round, **more}
        fact = ProcedureFact(matter=matter, kind=kind, action=action, officer="审查员", received_at=self.now, **fields)
        self._change(procedures={fact.name: fact, **self.packet.procedures})

    def revoke(self, matter: str, kind: RevocationKind = RevocationKind.REVOKE) -> None:
        """What `decide` records of an approval that is taken back."""
        reason = GroundedReason(text="承诺不实", basis="行政许可法 §69")
        fact = RevocationFact(matter=matter, kind=kind, reasons=(reason,), officer="审查员", received_at=self.now)
        self._change(revocations={matter: fact, **self.packet.revocations})

    def act(self, kind: ActKind, subject: str = "packet", **more: Any) -> Act:
        """What the portal records of a person's act."""
        act = Act(kind=kind, subject=subject, by="user-1", at=self.now, **more)
        self._change(acts={act.name: act, **self.packet.acts})
        return act

    def retract(self, matter: str, reason: str = "误判") -> Act | None:
        """What the portal records where a department takes the decision on a matter back, if it is under review."""
        review = self.packet.reviews.get(matter)
        if review is None:
            return None
        act = retraction.new_act(review, "user-1", "审查员", reason, self.now)
        self._change(acts={act.name: act, **self.packet.acts})
        return act

    def issue(self) -> None:
        self._change(issued=Issued(key=f"issued/{PACKET}/joint-result.json", sha256="0" * 64, issued_at=self.now))

    def _change(self, **fields: Any) -> None:
        self.packet = self.packet.changed(**fields)

    # moving on

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(
            catalogue=self.catalogue,
            standing=Standing(record=self.credit, missing=None if self.credit else Missing.UNKNOWN),
            project=self.project,
            now=self.now,
            office=OFFICE,
            gap_working_days=GAP_DAYS,
            new_token=lambda: f"token-{next(self._numbers)}",
        )

    def advance(self) -> LedgerEntry | None:
        self.now += timedelta(minutes=1)
        with nullcontext() if self.documents else patch.object(Step, "make_documents"):
            self.packet, entry = advance(self.packet, self.surroundings)
        if entry:
            self.entries.append(entry)
            assert not altered_facts(self.packet, [entry]), "whoever asks can compare each fact that the ledger covers"
        return entry

    def accepted(self, *matters: str, process: str = "ordinary", **more: Any) -> "Case":
        """Everything handed in that the matters need and that nobody promised, and accepted."""
        left_out = {*more.get("promises", ())}
        wanted = {m.material for code in matters for m in self.catalogue.matters[code].materials}
        self.upload(*sorted(wanted - left_out))
        self.submit(*matters, process=process, **more)
        self.advance()
        assert self.header.accepted_at, self.last_notice(NoticeKind.RETURNED)
        return self

    # looking at it

    @property
    def header(self) -> Header:
        assert self.packet.header is not None
        return self.packet.header

    def notices(self, kind: NoticeKind) -> list[Notice]:
        return [n for _, n in sorted(self.packet.notices.items()) if n.kind is kind]

    def last_notice(self, kind: NoticeKind) -> Notice:
        return self.notices(kind)[-1]

    def open(self) -> list[str]:
        """The matters that departments have."""
        return [m for m, r in self.packet.reviews.items() if r.pending]

    def states(self) -> dict[str, ReviewState]:
        return {m: r.state for m, r in self.packet.reviews.items()}

    def orders(self) -> list[str]:
        """What the last change of the packet wants delivered."""
        outbox = self.packet.outbox.get(self.header.version)
        return list(outbox.orders) if outbox else []

    def told(self) -> tuple[Told, ...]:
        """The notices of the last change, as their messages tell of them."""
        outbox = self.packet.outbox.get(self.header.version)
        return outbox.notices if outbox else ()


def answer(review: Review, outcome: Outcome = Outcome.APPROVE, **more: Any) -> Decision:
    """The message with which a department answers a review."""
    fields: dict[str, Any] = {
        "schema": "kaigong/decision/1",
        "id": "decision-1",
        "packet": PACKET,
        "sent_at": MORNING,
        "review_id": review.review_id,
        "round": review.round,
        "reply_token": review.reply_token,
        "outcome": outcome,
        "reasons": [] if outcome is Outcome.APPROVE else [{"text": "不符合要求"}],
        "officer": "审查员",
    }
    return Decision.model_validate(fields | more)


# strategies


class Chance:
    """What Hypothesis chose, a byte a choice: an example with hundreds of choices is a single draw. By a strategy each
    they would take several times as long as the rules that they try. Bytes shrink as draws do: to zeros, which choose
    the first of everything. So it is where no byte is left.
    """

    def __init__(self, given: bytes) -> None:
        self._given = given
        self._bytes = iter(given)

    def __repr__(self) -> str:
        return f"Chance({self._given.rstrip(bytes(1))!r})"

    def below(self, number: int) -> int:
        """0 or more, up to 256 of them."""
        assert number <= 256
        return next(self._bytes, 0) % number

    def between(self, least: int, most: int) -> int:
        return least + self.below(most + 1 - least)

    def of[T](self, values: Iterable[T]) -> T:
        values = tuple(values)
        return values[self.below(len(values))]

    def yes(self) -> bool:
        return bool(self.below(2))

    def some[T](self, values: Iterable[T], min_size: int = 0) -> list[T]:
        """A part of the values, in any order."""
        left = sorted(values)  # type: ignore[type-var]  # codes, and whatever else has an order
        return [left.pop(self.below(len(left))) for _ in range(self.between(min(min_size, len(left)), len(left)))]


chances = st.binary(min_size=800, max_size=800).map(Chance)  # what the longest journeys use up


def a_catalogue(chance: Chance) -> Catalogue:
    """Any catalogue whose entries fit together: the rules may count on nothing more."""
    codes = [f"paper-{i}" for i in range(chance.between(2, 5))]
    matters: list[Matter] = []
    for i in range(chance.between(1, 5)):
        asked = chance.some(codes, min_size=1)
        main = [code for code in asked if chance.of([False, False, True])]
        routes = [Route.APPROVAL, *chance.of([[Route.TOLERATED], [Route.COMMITMENT], [], [*Route][1:]])]
        matters.append(
            matter(
                f"matter-{i}",
                f"department-{chance.below(3)}",
                " ".join(main),
                " ".join([f"own-{i}", *(code for code in asked if code not in main)]),
                routes=tuple(routes),
                prerequisites=tuple(chance.some(m.code for m in matters)),
                promised_days=chance.below(6),
                rules=chance.of([(), (), ("main-complete", "papers-valid"), ("no-gap",)]),
            )
        )
    process = Process(
        code="process",
        name=named("process"),
        matters=tuple(m.code for m in matters),
        green_channel=chance.yes(),
        instant=chance.yes(),
    )
    shared = [material(code, chance.of(Source), max_files=chance.of([1, 1, 3])) for code in codes]
    return catalogue_of([*shared, *(material(f"own-{i}") for i in range(len(matters)))], matters, [process])


def a_credit(chance: Chance) -> CreditRecord | None:
    return credit(chance.of(["AAA", "AA", "D"]), chance.of([0, 0, 1])) if chance.yes() else None


def a_paper(chance: Chance) -> Facts:
    return chance.of([GOOD, GOOD, DOUBTFUL, EMPTY, SCRIPTED])


catalogues, credits_ = chances.map(a_catalogue), chances.map(a_credit)


def tolerable(catalogue: Catalogue) -> list[str]:
    """The materials that may follow later, whatever is applied for."""
    askers = [(m, entry) for m in catalogue.matters.values() for entry in m.materials]
    barred = {entry.material for m, entry in askers if entry.main or not m.tolerates_gaps}
    shared = {code for code, m in catalogue.materials.items() if m.source is Source.SHARED}
    return sorted({entry.material for _, entry in askers} - barred - shared)


@st.composite
def any_facts(draw: st.DrawFn) -> Facts:
    """Facts about any file, also such as no examination would ever give."""
    maybe = st.none() | st.integers(0, 3)
    flags = (
        "encrypted",
        "damaged",
        "truncated",
        "foreign_start",
        "scripts",
        "launch_unasked",
        "embedded_files",
        "signed",
    )
    return Facts(
        kind=draw(st.sampled_from(Kind)),
        size=draw(st.integers(0, 10**9)),
        opens=draw(st.sampled_from(Opens)),
        pages=draw(maybe),
        **{flag: draw(st.booleans()) for flag in flags},
        text_on_page_1=draw(st.none() | st.booleans()),
        text=draw(st.sampled_from(["", normalise(ENTERPRISE.name)])),
        blank_pages=draw(maybe),
        all_pages_blank=draw(st.none() | st.booleans()),
        width=draw(st.none() | st.integers(1, 2000)),
        height=draw(st.none() | st.integers(1, 2000)),
        over_limits=tuple(draw(st.lists(st.sampled_from(Limit), unique=True, max_size=3))),
        second_reader=draw(st.none() | st.lists(st.sampled_from(Difference), unique=True).map(tuple)),
    )
