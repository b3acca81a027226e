"""Facts whose event never came are found by the watch. Those of the story are lost in `test_die_anywhere.py`."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from kaigong.domain.model.documents import ACCEPTED, DocumentKind, DocumentName, DocumentSet, MadeDocument
from kaigong.handlers import watch
from kaigong.store import keys, packets

from tests.hours import LATER

from .asking import played
from .story import PACKET
from .test_supervision import BROKEN, COMMITTED, said
from .world import Context, World


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "datetime", LATER)
    monkeypatch.setattr(watch, "FINISHED_EVERY", 1)


@pytest.fixture
def ended() -> Iterator[World]:
    """The story at its end."""
    with played() as world:
        yield world


def look_after(world: World) -> None:
    with world.inside("watch"):
        watch.handler({}, Context())
    world.run()


def test_a_finding_of_supervision_whose_event_never_came_is_acted_on(ended: World) -> None:
    ended.faults.lose = lambda sk: keys.kind_of(sk) == keys.SUPERVISED
    said(ended, COMMITTED, BROKEN)
    before = packets.load(PACKET)
    assert before.supervised
    assert COMMITTED not in before.supervised_to
    look_after(ended)
    assert COMMITTED in packets.load(PACKET).supervised_to


def test_documents_whose_event_never_came_are_put_on_record(ended: World) -> None:
    receipt = MadeDocument(name=DocumentName(kind=DocumentKind.RECEIPT), sha256="0" * 64, size=1)
    packets.record_documents(PACKET, DocumentSet(occasion=ACCEPTED, documents=(receipt,), at=datetime.now(UTC)))
    assert _ordered(ACCEPTED)
    look_after(ended)
    assert not _ordered(ACCEPTED)


def _ordered(occasion: str) -> bool:
    header = packets.load(PACKET).header
    return header is not None and occasion in header.documents
