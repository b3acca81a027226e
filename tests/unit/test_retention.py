"""How long papers are kept, and when they may be erased."""

from datetime import timedelta

from kaigong.domain.flow import texts
from kaigong.domain.intake.finding import judge
from kaigong.domain.intake.retention import ended, erasable_from
from kaigong.domain.model.catalogue import Process
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.packet import Packet

from .building import CATALOGUE, GOOD, MORNING, OTHER_ENTERPRISE, Case


def kept(case: Case, **changes: int) -> Process:
    return case.catalogue.processes[case.header.process].changed(**changes)


def test_a_case_file_is_kept_for_the_years_that_its_process_says_after_its_end() -> None:
    case = Case().accepted("soil")
    assert erasable_from(case.packet, kept(case)) is None  # under way
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    assert case.header.decided_at
    assert erasable_from(case.packet, kept(case, keep_years=10)) == case.header.decided_at.replace(
        year=case.header.decided_at.year + 10
    )


def at_its_end(days: int, *, promises: tuple[str, ...] = ()) -> Case:
    """Decided and issued under a catalogue that keeps the papers' text for so many days."""
    process = CATALOGUE.processes["ordinary"].changed(keep_text_days=days)
    case = Case(CATALOGUE.changed(processes={**CATALOGUE.processes, "ordinary": process}))
    case.accepted("soil", promises=promises)
    case.decide("soil")
    case.advance()
    case.issue()
    case.advance()
    return case


def test_the_text_of_first_pages_goes_at_the_result_or_days_after_it_as_the_catalogue_says() -> None:
    at_once = at_its_end(0)
    assert (at_once.header.texts_dropped, texts.ORDER in at_once.orders()) == (True, True)
    assert at_once.advance() is None, "once"
    later = at_its_end(30)
    assert (later.header.texts_dropped, texts.ORDER in later.orders()) == (False, False)
    assert later.header.decided_at
    assert later.header.wake_at == later.header.decided_at + timedelta(days=30)
    later.now = later.header.wake_at
    entry = later.advance()
    assert entry
    assert [event["event"] for event in entry.events] == ["texts-dropped"]
    assert later.header.wake_at is None


def test_while_a_promised_paper_is_to_come_the_text_is_kept() -> None:
    case = at_its_end(0, promises=("soil-plan",))
    assert not case.header.texts_dropped
    case.upload("soil-plan")
    case.advance()
    assert case.header.texts_dropped


def test_a_paper_whose_text_is_gone_is_judged_as_it_was() -> None:
    material = CATALOGUE.materials["form"]
    material = material.changed(checks=material.checks.changed(names_enterprise=True))
    named = OTHER_ENTERPRISE
    facts = GOOD.changed(text="", text_on_page_1=True)
    assert "name-missing" in [r.code for r in judge(facts, material, named).reasons]
    assert judge(facts.changed(text_dropped=True), material, named).reasons == ()


def test_what_was_never_accepted_is_kept_for_days_after_its_last_word() -> None:
    case = Case().accepted("soil")
    draft = case.packet.changed(header=None)
    last = max(s.received_at for s in draft.submissions.values())
    last = max([last, *(u.uploaded_at for u in draft.uploads.values())])
    process = kept(case, keep_draft_days=90)
    assert erasable_from(draft, process) == last + timedelta(days=90)
    saved = last + timedelta(days=50)
    assert erasable_from(draft, process, saved) == saved + timedelta(days=90), "while its draft is worked on"


def test_an_application_that_was_never_handed_in_ends_by_itself_after_the_days_of_its_process() -> None:
    short = CATALOGUE.processes["ordinary"].changed(keep_draft_days=30)
    today = CATALOGUE.changed(processes={**CATALOGUE.processes, "ordinary": short})
    longest = max(process.keep_draft_days for process in today.processes.values())
    nothing, came = Case().packet, MORNING
    draft = Draft(
        packet=nothing.packet,
        owner="o",
        by="b",
        process="ordinary",
        matters=("soil",),
        updated_at=came + timedelta(days=10),
    )

    def days(at: int, draft: Draft | None = draft, packet: Packet = nothing) -> timedelta | None:
        return ended(packet, draft, today, came, came + timedelta(days=at))

    assert [days(at) for at in (29, 39, 40)] == [None, None, timedelta(days=30)]
    assert [days(at, None) for at in (40, longest)] == [None, timedelta(days=longest)], "of what it was nobody knows"
    accepted = Case().accepted("soil").packet
    assert days(10_000, None, accepted) is None
    assert days(10_000, None, accepted.changed(header=None)) is None, "it was handed in, and nobody looked at it yet"
