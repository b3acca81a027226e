"""The largest packet that the schemas allow fits the table at every step: 100 writes a change, 400 KB an item.

All its words are of signs that take four bytes and cannot be compressed; every limit of a contract is used up.
"""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from kaigong.domain.flow import delivery, window
from kaigong.domain.flow.settled import settled
from kaigong.domain.intake.identity import BASIC_FIELDS, DOUBTS
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Catalogue, IntermediaryKind, Process, Route
from kaigong.domain.model.facts import SIGNER_LIMIT, Facts, Seal, SealState
from kaigong.domain.model.files import MOST_FILES
from kaigong.domain.model.form import LONGEST_VALUE, MOST_FIELDS, FieldGroup, FieldKind, Form, FormField, MatterField
from kaigong.domain.model.messages import DecisionReason, GroundedReason, Outcome, ProcedureAction, ProcedureKind
from kaigong.domain.model.packet import ActKind, Packet, RevocationFact, Status
from kaigong.domain.model.standing import OtherPacket, ProjectStanding
from kaigong.store import packets
from kaigong.store.items import size

from .building import GOOD, Case, catalogue_of, credit, material, matter, named
from .lettering import signed, with_letters

MATTERS, PROMISES, ANSWER = 40, 100, 3_000  # of the manifest's schema, and of a department's answers
LARGEST_MESSAGE = 256 * 1024  # bytes that a queue takes
REASON = 1_000  # of what the window finds
MESSAGE = 262_144  # bytes of a message on a queue
STATE = 2_000_000  # bytes, while every department has its say at once


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TABLE_NAME", "BUCKET_NAME", "STACK_NAME", "QUEUE_URL_BASE", "NOTICES_TOPIC_ARN"):
        monkeypatch.setenv(name, "x")


class Words:
    """Words that cannot be made shorter."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - words, no secrets

    def __call__(self, count: int) -> str:
        return "".join(map(chr, self._chance.choices(range(0x20000, 0x2A6E0), k=count)))

    def shared_out(self, count: int, parts: int) -> list[str]:
        return [self(count // parts) for _ in range(parts)]


def largest_catalogue(matters: int, promises: int) -> Catalogue:
    """Each matter of its own department, with one main paper; the others may follow."""
    others: list[list[str]] = [[f"other-{n}" for n in range(i, promises, matters)] for i in range(matters)]
    entries = [
        matter(f"m-{i}", f"d-{i}", f"main-{i}", " ".join(others[i]), routes=(Route.APPROVAL, Route.TOLERATED))
        for i in range(matters)
    ]
    drawn_up_by = (IntermediaryKind.SOIL,)
    materials = [material(e.material).changed(drawn_up_by=drawn_up_by) for entry in entries for e in entry.materials]
    process = Process(code="ordinary", name=named("ordinary"), matters=tuple(entry.code for entry in entries))
    fields = tuple(FormField(code=f"f-{n}", name=named(f"f-{n}"), kind=FieldKind.TEXT) for n in range(MOST_FIELDS))
    asked = tuple(MatterField(field=f.code) for f in fields)
    entries = [entry.changed(form=asked[i % 2 :: 2]) for i, entry in enumerate(entries)]
    form = Form(groups=(FieldGroup(code="all", name=named("all"), fields=fields),))
    return catalogue_of(materials, entries, [process]).changed(form=form)


class Largest(Case):
    """A packet whose every change must fit, and whose settled facts leave its state."""

    def goes_on(self) -> None:
        for _ in range(200):
            before = self.packet
            entry = self.advance()
            if entry is None:
                break
            packets.writes(before, self.packet, entry, window.waits(self.packet))  # raises where it does not fit
            self._change(notices={}, outbox={})
        else:
            raise AssertionError("it goes on for ever")
        for fact in settled(self.packet, self.catalogue):
            self._change(**dict(self._without(fact)))

    def _without(self, fact: object) -> Iterator[tuple[str, object]]:
        for name in ("submissions", "decisions", "procedures", "uploads"):
            yield name, {key: value for key, value in getattr(self.packet, name).items() if value is not fact}

    def sheets(self, words: Words, count: int, facts: Facts) -> None:
        """So many files, some in every slot that takes several."""
        several = [code for code, m in self.catalogue.materials.items() if m.max_files > 1]
        for number in range(count):
            slot = several[number % len(several)]
            upload = self.announced(slot, facts.changed(blank_pages=number + 1, pages=2 * count))
            place, mark = f"{words(60)}/{words(160)}", f"{words(100)}/{number:016}"
            self.examined(upload.changed(key=f"packets/{self.packet.packet}/{slot}/{place}", mark=mark))

    def uploads(self, words: Words, *slots: str) -> None:
        for slot in slots:
            upload: Examined = self.announced(slot, GOOD)
            self.examined(upload.changed(key=f"packets/{self.packet.packet}/{slot}/u/{words(200)}"))


def test_so_many_files_as_a_packet_may_have_fit_every_item_message_and_notice() -> None:
    """Names, marks and findings of each file are as long as they may be, and each is another one's."""
    words, matters = Words(1), 5
    slots = [[f"sheets-{m}-{n}" for n in range(3)] for m in range(matters)]
    entries = [matter(f"m-{m}", f"d-{m}", " ".join(slots[m])) for m in range(matters)]
    process = Process(code="ordinary", name=named("ordinary"), matters=tuple(entry.code for entry in entries))
    catalogue = catalogue_of([material(s, max_files=34) for found in slots for s in found], entries, [process])
    seals = tuple(
        Seal(state=state, signer=words(SIGNER_LIMIT)) for state in SealState if state is not SealState.CHANGED
    )
    bad = GOOD.changed(javascript=True, launch=True, damaged=True)
    odd = GOOD.changed(embedded_files=True, text="", seals=seals * 6)

    case = Largest(catalogue)
    case.sheets(words, MOST_FILES, bad)
    case.submit(*catalogue.matters)
    case.goes_on()
    assert case.header.status is Status.RETURNED

    case = Largest(catalogue)
    case.sheets(words, MOST_FILES, odd)
    case.submit(*catalogue.matters)
    case.goes_on()
    assert sum(map(len, case.packet.papers.by_slot.values())) == len(case.packet.uploads) == MOST_FILES
    tasks = delivery.tasks(case.packet, tuple(f"review:{code}" for code in catalogue.matters), catalogue, case.now)
    assert max(len(task.model_dump_json(by_alias=True).encode()) for task in tasks) < LARGEST_MESSAGE


def items_of(packet: Packet) -> int:
    return sum(size(item) for item in packets._advanced_items(packet, {}).values())


@pytest.mark.long
@given(seed=st.integers(0, 2**32), matters=st.integers(MATTERS - 3, MATTERS), promises=st.integers(60, PROMISES))
@settings(max_examples=2, phases=[Phase.generate])
def test_the_largest_packet_goes_all_its_way(seed: int, matters: int, promises: int) -> None:
    words, catalogue = Words(seed), largest_catalogue(matters, promises)
    case = Largest(catalogue.changed(region="4114"), credit(basic={n: words(200) for n in BASIC_FIELDS}))
    codes = list(catalogue.matters)
    promised = [code for code in catalogue.materials if code.startswith("other")]
    case.uploads(words, *(f"main-{i}" for i in range(matters)))
    said = {"enterprise": {"uscc": "91411402MA0KG0002A", **{name: words(200) for name in BASIC_FIELDS}}}
    said["drawn_up"] = [
        {
            "slot": slot,
            "name": words(200),
            "uscc": f"91411402MA0KG{number:05}",
            "certificate": words(100),
            "valid_until": "2099-12-31",
            "responsible": words(100),
        }
        for number, slot in enumerate(list(catalogue.materials)[:100])
    ]
    filled = {f"f-{n}": words(LONGEST_VALUE) for n in range(MOST_FIELDS)}
    before = OtherPacket(
        packet="p", uscc="91411402MA0KG0002A", accepted_at=case.now, form=dict.fromkeys(filled, words(200))
    )
    case.project = ProjectStanding(others=(before,), enterprises=("91411402MA0KG0009X",))
    project = {"name": words(200), "address": words(200), "code": "2603-410102-04-01-123456"}
    case.submit(*codes, promises=promised, project=project, form=filled, **said)
    case.goes_on()
    assert len(case.packet.gaps) == promises
    assert len(case.packet.reviews) == matters
    assert case.packet.form
    assert len(case.packet.form.differing) == MOST_FIELDS
    tasks = delivery.tasks(case.packet, tuple(f"review:{code}" for code in codes), catalogue, case.now)
    assert max(len(task.model_dump_json().encode()) for task in tasks) < MESSAGE

    for action in ProcedureAction:  # every department: nine procedures of each kind, at the same time
        for code in codes:
            for kind in ProcedureKind:
                for number in range(1, 10):
                    case.procedure(code, kind, action, number=number, note=words(500))
        case.goes_on()
        assert not case.packet.procedures
    assert items_of(case.packet) < STATE

    doubts = case.header.doubts
    assert set(doubts) == set(DOUBTS)
    for code in doubts:
        case.act(ActKind.CONFIRM_DOUBT, code, reason=words(REASON))
    reasons = [tuple(DecisionReason(text=t) for t in words.shared_out(ANSWER, 50)) for _ in codes]
    for code, why in zip(codes, reasons, strict=True):
        case.decide(code, Outcome.CORRECT, *why)
    case.goes_on()
    assert case.header.status is Status.CORRECTING
    assert set(case.header.confirmed) == set(doubts)
    for code in doubts:
        case.act(ActKind.OVERRIDE_DOUBT, code, reason=words(REASON))
    case.goes_on()

    case.uploads(words, *(f"main-{i}" for i in range(matters)))
    case.submit(*codes, promises=promised, project=project, **said)
    case.goes_on()
    assert case.header.status is Status.IN_REVIEW
    assert not case.packet.decisions  # those of the first round are history

    for code in codes:
        case.decide(code, conditions=tuple(words.shared_out(ANSWER, 50)))
    case.goes_on()
    assert case.header.status is Status.DECIDED
    case.issue()
    case.now += timedelta(days=90)  # every promise lapses, together
    case.goes_on()
    assert len(case.packet.breaches) == promises

    for code in codes:
        grounds = tuple(GroundedReason(text=t, basis="法") for t in words.shared_out(ANSWER - 50, 50))
        fact = RevocationFact(matter=code, kind="revoke", reasons=grounds, officer=words(200), received_at=case.now)
        case._change(revocations={**case.packet.revocations, code: fact})
    case.goes_on()
    assert all(review.state == "revoked" for review in case.packet.reviews.values())


def test_the_largest_packet_by_commitment_fits_with_everybody_who_signed() -> None:
    words = Words(1)
    entries = [
        matter(f"m-{i}", f"d-{i}", f"main-{i}", routes=(Route.APPROVAL, Route.COMMITMENT)) for i in range(MATTERS)
    ]
    materials = [material(e.material) for entry in entries for e in entry.materials]
    process = Process(code="ordinary", name=named("ordinary"), matters=tuple(entry.code for entry in entries))
    catalogue = with_letters(catalogue_of(materials, entries, [process]))
    case, codes = Largest(catalogue), [entry.code for entry in entries]
    letters = [
        {**entry, "by": words(200), "signer": {"name": words(200), "role": "authorised-agent"}}
        for entry in signed(catalogue, *codes)
    ]
    case.submit(*codes, commitments=codes, letters=letters)
    case.goes_on()
    assert len(case.packet.commitments) == MATTERS
    assert items_of(case.packet) < STATE


def test_manifests_that_wait_for_a_paper_do_not_stop_the_packet() -> None:
    case = Largest()
    case.upload("form")
    late = case.announced("soil-plan")
    for _ in range(120):
        case.submit("soil", awaits=[*case.packet.slots.values(), late])
    case.goes_on()
    case.examined(late)
    case.goes_on()
    assert (case.header.status, case.header.round) == (Status.IN_REVIEW, 1)
    assert len(case.packet.submissions) == 1


def test_uploads_that_were_replaced_leave_the_state_and_those_that_count_do_not() -> None:
    case = Largest().accepted("soil")
    reviewed = case.packet.papers.by_slot["soil-plan"][0].mark
    for _ in range(50):
        case.upload("soil-plan", "form")
    case.goes_on()
    assert ("soil-plan", reviewed) in case.packet.uploads
    assert len(case.packet.uploads) == 2 * (3 + 1)
