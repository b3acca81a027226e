"""How long papers are kept, and when they may be erased."""

from datetime import timedelta

from kaigong.domain.intake.retention import erasable_from
from kaigong.domain.model.catalogue import Process

from .building import Case


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


def test_what_was_never_accepted_is_kept_for_days_after_its_last_word() -> None:
    case = Case().accepted("soil")
    draft = case.packet.changed(header=None)
    last = max(s.received_at for s in draft.submissions.values())
    last = max([last, *(u.uploaded_at for u in draft.uploads.values())])
    assert erasable_from(draft, kept(case, keep_draft_days=90)) == last + timedelta(days=90)
