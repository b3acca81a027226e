"""A catalogue that changes under packets on their way: they go by the one that they were accepted under."""

import pytest
from kaigong import catalog
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.packet import Status
from kaigong.errors import Bug
from kaigong.handlers import watch
from kaigong.settings import settings
from kaigong.store import catalogues, packets
from kaigong.views.packet import status

from tests.hours import LATER

from . import story
from .story import PACKET, play
from .world import Context, World

MATTER, SLOT = "soil-conservation", "soil-plan"  # a department's, with a correction to come


@pytest.fixture(autouse=True)
def _nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a new process does."""
    catalogues._part.cache_clear()
    monkeypatch.setattr(catalogues, "_kept", set())


def without(today: Catalogue) -> Catalogue:
    """The catalogue once the matter and its material were taken out of it, and every other one was changed."""
    matters = {
        code: matter.changed(promised_days=matter.promised_days + 7, materials=())
        for code, matter in today.matters.items()
        if code != MATTER
    }
    processes = {
        code: process.changed(matters=tuple(m for m in process.matters if m != MATTER))
        for code, process in today.processes.items()
    }
    materials = {code: material for code, material in today.materials.items() if code != SLOT}
    return today.changed(matters=matters, processes=processes, materials=materials, letters={}, version="next")


def test_a_packet_goes_all_its_way_by_the_catalogue_it_was_accepted_under(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, before = without(catalog.load()), catalog.load().matters[MATTER]

    def after_acceptance(_: int) -> None:
        header = packets.load(PACKET).header
        if header and header.accepted_at:
            monkeypatch.setattr(catalog, "load", lambda: changed)

    play(world, after_acceptance)
    packet = packets.load(PACKET)
    assert packet.header
    assert packet.header.status is Status.ISSUED
    assert packet.result
    assert MATTER in {result.matter for result in packet.result.matters}
    assert packet.papers.by_slot[SLOT][0].round == 3  # corrected, under the changed catalogue
    assert not packet.owed()
    assert catalog.load() is changed
    assert catalogues.of(packet, catalog.load()).matters[MATTER] == before
    shown = status(
        packets.load_shown(PACKET), catalogues.of(packet, catalog.load()), packet.header.submitted_at, settings().office
    )
    assert next(m for m in shown.matters if m.matter == MATTER).name.zh != MATTER
    world.run()
    assert watch.handler({}, None)["late"] == 0


def test_a_packet_that_was_not_accepted_yet_goes_by_todays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.submit(story.MANIFEST)  # nothing was uploaded: it is returned
    world.run()
    changed = catalog.load().changed(version="next")
    monkeypatch.setattr(catalog, "load", lambda: changed)
    assert catalogues.of(packets.load(PACKET), catalog.load()) is changed


def test_a_part_that_was_read_is_known_and_one_that_is_not_there_is_asked_for_again(world: World) -> None:
    play(world)
    packet = packets.load(PACKET)
    assert packet.header
    other = without(catalog.load())
    gone = packet.header.changed(catalogue="no-such")
    with world.inside("portal"):
        assert catalogues.of(packet, other).matters == catalogues.of(packet, other).matters
        for _ in range(2):
            with pytest.raises(Bug, match="no-such"):
                catalogues.of_header(gone, other)
    assert catalogues._part.cache_info()[:2] == (1, 3)  # hits, and what was looked for


def test_while_the_catalogue_is_the_same_nothing_is_read(world: World) -> None:
    play(world)
    packet = packets.load(PACKET)
    before = len(world.calls)
    with world.inside("portal"):
        assert catalogues.of(packet, catalog.load()) is catalog.load()
    assert len(world.calls) == before
    assert packet.header
    assert packet.header.catalogue == catalog.load().fingerprint(packet.header.process)


def test_an_upload_to_a_slot_that_the_packet_s_own_catalogue_alone_has_is_found_though_its_event_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    play(world)
    changed = without(catalog.load())
    monkeypatch.setattr(catalog, "load", lambda: changed)
    monkeypatch.setattr(watch, "datetime", LATER)
    monkeypatch.setattr(watch, "FINISHED_EVERY", 1)
    before = packets.load(PACKET).uploads
    world.upload(PACKET, SLOT, b"good, and nobody heard of it")
    world.waiting.clear()
    with world.inside("watch"):
        assert watch.handler({}, Context())["announced"] == 1
    world.run()
    [found] = [upload for place, upload in packets.load(PACKET).uploads.items() if place not in before]
    assert found.slot == SLOT
