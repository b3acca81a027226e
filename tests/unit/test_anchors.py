"""Anchors: what a ledger had come to cannot be written anew unseen, whatever is done to the table."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.flow.verification import Anchored, Fault, Found, altered_facts, anchor_faults, faults
from kaigong.domain.model.anchor import (
    Anchor,
    Head,
    Place,
    SignedAnchor,
    climbed,
    leads_there,
    leaf,
    ordered,
    part_of,
    parts_for,
    path,
    place,
    root,
)
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.packet import LedgerEntry
from kaigong.store.keys import moved_index

from tests.bench import anchoring

from .building import MORNING, Case
from .test_ledger import ledgers

Tree = tuple[SignedAnchor, list[list[Head]]]


def head(number: int) -> Head:
    return Head(f"20260306-{number:06}", number % 40 + 1, hashlib.sha256(str(number).encode()).hexdigest())


def anchored(heads: list[Head], number: int = 1, previous: str = GENESIS) -> Tree:
    """An anchor over heads, and the heads of its parts. Its signature is not looked at here."""
    count = parts_for(len(heads))
    parts = [ordered(h for h in heads if part_of(h.packet, count) == index) for index in range(count)]
    roots = tuple(root([leaf(h) for h in part]) for part in parts)
    anchor = Anchor(
        number=number,
        previous=previous,
        since=MORNING - timedelta(days=1),
        until=MORNING,
        heads=len(heads),
        root=root(roots),
    )
    return SignedAnchor(anchor=anchor, signature="", public_key="", parts=roots), parts


def placed(tree: Tree, packet: str) -> Place | None:
    signed, parts = tree
    return place(packet, parts[part_of(packet, len(parts))], signed.parts)


def kept(entries: list[LedgerEntry], upto: int | None = None) -> Anchored:
    """The head of a ledger as it was anchored among others, when it had so many entries."""
    at = len(entries) if upto is None else upto
    tree = anchored([head(1), Head("packet", at, entries[at - 1].hash), head(2)])
    found = placed(tree, "packet")
    assert found
    return Anchored(anchor=tree[0].anchor, place=found)


def noted(entries: list[LedgerEntry]) -> tuple[int, str]:
    return len(entries), entries[-1].hash


def again(entries: list[LedgerEntry], first: int) -> list[LedgerEntry]:
    """The entries from one on chained anew, as somebody who may write the whole table would."""
    found = entries[:first]
    for entry in entries[first:]:
        before = found[-1].hash if found else GENESIS
        found.append(chain(len(found) + 1, before, entry.events, entry.at))
    return found


# the tree


@given(st.integers(0, 40), st.data())
def test_each_head_proves_its_place_and_no_other_head_does(count: int, data: st.DataObject) -> None:
    hashes = [leaf(head(number)) for number in range(count + 1)]
    index = data.draw(st.integers(0, count))
    way = path(hashes, index)
    assert climbed(hashes[index], way) == root(hashes)
    assert climbed(leaf(head(99)), way) != root(hashes)
    assert len(way) <= max(count, 1).bit_length() + 1


def test_many_heads_lie_in_parts_and_each_path_is_short() -> None:
    heads = [head(number) for number in range(5000)]
    tree = anchored(heads)
    assert len(tree[0].parts) == 5
    for wanted in heads[::500]:
        found = placed(tree, wanted.packet)
        assert found
        assert leads_there(found, tree[0].anchor)
        assert len(found.path) <= 14
        assert not leads_there(found.changed(seq=found.seq + 1), tree[0].anchor)
    assert placed(tree, "20260306-not-there") is None


def test_an_anchor_of_a_day_on_which_nothing_moved_is_one_too() -> None:
    signed, _ = anchored([])
    assert signed.anchor.root == root(signed.parts)
    assert anchor_faults([signed], [True]) == []


# what is done to a ledger


def _changed(entries: list[LedgerEntry], at: int) -> list[LedgerEntry]:
    return [*entries[:at], entries[at].changed(events=({"event": "made up"},)), *entries[at + 1 :]]


def _removed(entries: list[LedgerEntry], at: int) -> list[LedgerEntry]:
    return entries[:at] + entries[at + 1 :]


def _swapped(entries: list[LedgerEntry], at: int) -> list[LedgerEntry]:
    return [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]]


def _inserted(entries: list[LedgerEntry], at: int) -> list[LedgerEntry]:
    made = chain(at + 1, entries[at].previous, ({"event": "made up"},), entries[at].at)
    return [*entries[:at], made, *entries[at:]]


def _replaced(entries: list[LedgerEntry], at: int) -> list[LedgerEntry]:
    """With its own hash made right."""
    made = chain(at + 1, entries[at].previous, ({"event": "made up"},), entries[at].at)
    return [*entries[:at], made, *entries[at + 1 :]]


@pytest.mark.parametrize(
    ("tampered", "fault", "later"),
    [
        (_changed, Fault.CHANGED, 0),
        (_removed, Fault.REMOVED, 0),
        (_swapped, Fault.REORDERED, 0),
        (_inserted, Fault.INSERTED, 1),
        (_replaced, Fault.REWRITTEN, 0),
    ],
)
@given(entries=ledgers(), data=st.data())
def test_what_was_done_to_an_entry_is_found_and_named(
    tampered: Callable[[list[LedgerEntry], int], list[LedgerEntry]],
    fault: Fault,
    later: int,
    entries: list[LedgerEntry],
    data: st.DataObject,
) -> None:
    at = data.draw(st.integers(0, len(entries) - 2))
    assert faults(entries, noted(entries), [kept(entries)]) == []
    found = faults(tampered(entries, at), noted(entries), [kept(entries)])
    assert found[0] == Found(fault=fault, number=at + 1 + later)


@given(ledgers(), st.data())
def test_a_packet_rewritten_to_the_end_with_its_own_note_is_found_by_the_anchor(
    entries: list[LedgerEntry], data: st.DataObject
) -> None:
    at, upto = data.draw(st.integers(0, len(entries) - 1)), len(entries)
    rewritten = again(_changed(entries, at), at)
    assert faults(rewritten, noted(rewritten)) == []  # it holds in itself: nothing in the table tells
    anchor = kept(entries, upto)
    assert faults(rewritten, noted(rewritten), [anchor]) == [Found(fault=Fault.REWRITTEN, number=upto)]
    longer = [*rewritten, chain(upto + 1, rewritten[-1].hash, ({"event": "more"},), MORNING)]
    assert Found(fault=Fault.REWRITTEN, number=upto) in faults(longer, noted(longer), [anchor])


@given(ledgers(), st.data())
def test_a_ledger_cut_off_with_its_note_is_found_by_the_anchor(entries: list[LedgerEntry], data: st.DataObject) -> None:
    left = entries[: data.draw(st.integers(1, len(entries) - 1))]
    assert faults(left, noted(left)) == []
    assert faults(left, noted(left), [kept(entries)]) == [Found(fault=Fault.CUT_OFF, number=len(left) + 1)]
    assert faults([], (0, ""), [kept(entries)]) == [Found(fault=Fault.CUT_OFF, number=1)]


@given(ledgers())
def test_a_ledger_that_grew_after_its_anchor_holds(entries: list[LedgerEntry]) -> None:
    assert faults(entries, noted(entries), [kept(entries, 1)]) == []


def test_what_a_department_said_and_was_altered_behind_the_ledger_is_found() -> None:
    case = Case().accepted("soil")
    case.decide("soil")
    case.advance()
    assert altered_facts(case.packet, case.entries) == []
    (place, fact), *_ = case.packet.decisions.items()
    for change in ({"officer": "别人"}, {"conditions": ("另加一条",)}, {"by": "other"}):
        other = case.packet.changed(decisions={**case.packet.decisions, place: fact.model_copy(update=change)})
        [found] = altered_facts(other, case.entries)
        assert found.fault is Fault.FACT_CHANGED


# what is done to anchors


def test_a_changed_anchor_is_found_and_named() -> None:
    first, _ = anchored([head(1), head(2)])
    second, _ = anchored([head(3)], 2, first.anchor.hash)
    third, _ = anchored([head(4)], 3, second.anchor.hash)
    row = [first, second, third]
    assert anchor_faults(row, [True] * 3) == []
    altered = second.changed(anchor=second.anchor.changed(heads=9))
    assert [f.number for f in anchor_faults([first, altered, third], [True] * 3)] == [3]  # what follows names another
    assert [f.number for f in anchor_faults([first, altered, third], [True, False, True])] == [2, 3]
    assert anchor_faults([first, third], [True] * 2) == [Found(fault=Fault.ANCHOR_CHANGED, number=2)]
    other_root = second.changed(parts=(leaf(head(7)),))
    assert anchor_faults([first, other_root, third], [True] * 3) == [Found(fault=Fault.ANCHOR_CHANGED, number=2)]


@given(ledgers())
def test_an_anchor_that_was_changed_for_a_packet_proves_nothing(entries: list[LedgerEntry]) -> None:
    good = kept(entries)
    for bad in (
        good.changed(holds=False),
        good.changed(anchor=good.anchor.changed(root="f" * 64)),
        good.changed(place=good.place.changed(hash="f" * 64)),
        good.changed(place=good.place.changed(path=good.place.path[:-1])),
    ):
        assert faults(entries, noted(entries), [bad]) == [Found(fault=Fault.ANCHOR_CHANGED, number=1)]


def test_the_night_of_a_million_packets_costs_less_than_a_dollar() -> None:
    found = anchoring.priced(3_000, anchoring.night(3_000))
    assert (found.path <= 14, found.requests["s3-write"]) == (True, 4), "three parts and the anchor"
    assert 0 < found.part_bytes < found.written < 3_000 * 120
    assert found.usd * 1_000_000 / found.heads < 1


def test_what_moved_is_found_by_its_day_in_utc() -> None:
    assert moved_index("p", MORNING)["gsi3pk"].startswith("MOVED#2026-03-06#")
