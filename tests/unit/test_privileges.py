"""What an enterprise may use: green channel, commitment, tolerated gaps."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.catalogue import Process
from kaigong.domain.messages import Channel, CreditRecord
from kaigong.domain.privileges import privileges

from .building import CATALOGUE, MORNING, credit, credits_

ORDINARY, INDUSTRIAL = CATALOGUE.processes["ordinary"], CATALOGUE.processes["industrial"]
processes = st.sampled_from([ORDINARY, INDUSTRIAL])
MINUTE = timedelta(minutes=1)


@given(processes, credits_().filter(bool), st.integers(1, 9))
def test_an_unrepaired_breach_closes_every_privilege(process: Process, record: CreditRecord, breaches: int) -> None:
    rights = privileges(process, record.model_copy(update={"unrepaired_breaches": breaches}), MORNING)
    assert (rights.channel, rights.commitment, rights.tolerance) == (Channel.ORDINARY, False, False)


@given(processes, credits_())
def test_commitment_and_tolerance_are_open_to_everybody_without_a_breach(
    process: Process, record: CreditRecord | None
) -> None:
    rights = privileges(process, record, MORNING)
    trusted = record is None or not record.unrepaired_breaches
    assert (rights.commitment, rights.tolerance) == (trusted, trusted)


@pytest.mark.parametrize(
    ("grade", "channel"),
    [("AAA", Channel.GREEN), *((grade, Channel.ORDINARY) for grade in ("AA", "A", "B", "C", "D"))],
)
def test_the_highest_grade_alone_opens_the_green_channel(grade: str, channel: Channel) -> None:
    assert privileges(ORDINARY, credit(grade), MORNING).channel is channel


def test_without_a_credit_record_nothing_is_refused_and_no_channel_opens() -> None:
    rights = privileges(ORDINARY, None, MORNING)
    assert (rights.channel, rights.commitment, rights.tolerance) == (Channel.ORDINARY, True, True)


def test_the_industrial_process_opens_the_green_channel_for_any_grade() -> None:
    assert privileges(INDUSTRIAL, None, MORNING).channel is Channel.GREEN
    assert privileges(INDUSTRIAL, credit("D"), MORNING).channel is Channel.GREEN


@pytest.mark.parametrize(
    ("starts", "ends", "channel"),
    [
        (-MINUTE, MINUTE, Channel.GREEN),
        (0 * MINUTE, MINUTE, Channel.GREEN),
        (MINUTE, 2 * MINUTE, Channel.ORDINARY),  # not valid yet
        (-MINUTE, 0 * MINUTE, Channel.ORDINARY),  # expired this moment
    ],
)
def test_only_a_currently_valid_rating_counts(starts: timedelta, ends: timedelta, channel: Channel) -> None:
    record = credit("AAA", valid_from=MORNING + starts, valid_until=MORNING + ends)
    assert privileges(ORDINARY, record, MORNING).channel is channel
