"""The ledger: whoever changes, removes or moves an entry is found out."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.ledger import GENESIS, chain, first_break
from kaigong.domain.model.packet import LedgerEntry

from .building import MORNING, Case

plain = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
events = st.lists(
    st.dictionaries(st.text(max_size=5), plain | st.lists(plain, max_size=3), max_size=3), min_size=1, max_size=3
)


@st.composite
def ledgers(draw: st.DrawFn) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for seq in range(1, draw(st.integers(2, 6)) + 1):
        previous = entries[-1].hash if entries else GENESIS
        entries.append(chain(seq, previous, tuple(draw(events)), MORNING + timedelta(minutes=seq)))
    return entries


@given(ledgers())
def test_an_untouched_ledger_holds_also_after_it_was_stored(entries: list[LedgerEntry]) -> None:
    assert first_break(entries) is None
    stored = [LedgerEntry.model_validate_json(entry.model_dump_json()) for entry in entries]
    assert first_break(stored) is None


@given(ledgers(), st.data())
def test_a_changed_entry_is_found(entries: list[LedgerEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    entry = entries[place]
    changes: list[dict[str, Any]] = [
        {"events": (*entry.events, {"event": "made up"})},
        {"events": entry.events[1:]},
        {"at": entry.at + timedelta(microseconds=1)},
        {"seq": entry.seq + 1},
        {"previous": "f" * 64},
        {"hash": "f" * 64},
    ]
    entries[place] = entry.changed(**data.draw(st.sampled_from(changes)))
    assert first_break(entries) == place + 1


@given(ledgers(), st.data())
def test_an_entry_that_was_changed_with_its_hash_is_found_at_the_next_one(
    entries: list[LedgerEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    entry = entries[place]
    entries[place] = chain(entry.seq, entry.previous, (*entry.events, {"event": "made up"}), entry.at)
    assert first_break(entries) == place + 2


@given(ledgers(), st.data())
def test_a_removed_entry_is_found(entries: list[LedgerEntry], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 2))
    del entries[place]
    assert first_break(entries) == place + 1


@given(ledgers(), st.data())
def test_a_moved_or_repeated_entry_is_found(entries: list[LedgerEntry], data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True))
    moved = entries.copy()
    moved[one], moved[other] = moved[other], moved[one]
    assert first_break(moved) == min(one, other) + 1
    repeated = [*entries[: one + 1], *entries[one:]]
    assert first_break(repeated) == one + 2


def test_the_packets_head_tells_when_the_newest_entries_were_removed() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.advance()
    assert first_break(case.entries[:-1]) is None  # a chain that ends early holds in itself
    assert case.entries[-2].hash != case.header.ledger_hash
    assert case.entries[-1].hash == case.header.ledger_hash
    assert case.packet.result
    assert case.packet.result.ledger_hash == case.header.ledger_hash


def test_a_ledger_begins_with_the_first_change_of_its_packet() -> None:
    case = Case().accepted("soil")
    assert case.entries[0].previous == GENESIS
    assert case.entries[0].seq == 1
    assert first_break([]) is None
