"""One packet from the first upload to the closed gaps, undisturbed."""

from collections import Counter

from kaigong.store import packets

from .story import NOTICES_OF_THE_STORY, PACKET, REVOKED, VISITED, at_its_end
from .world import World, end_of


def test_a_packet_travels_from_upload_to_joint_result_and_its_gaps_close(world: World) -> None:
    at_its_end(world)
    end = end_of(world, PACKET)
    assert end["header"][:3] == ("issued", 3, "green")
    assert end["gaps"] == {"design-qualification": False, "wage-security": False}
    assert {state for m, (state, _) in end["reviews"].items() if m != REVOKED} == {"approved"}
    assert end["reviews"][REVOKED][0] == "recalled"
    assert end["visits"] == {1: ([VISITED], False)}
    assert end["acts"] == ["first-asked.packet"]
    assert [code for _, code in end["result"]] == ["11", "11", "12", "11", "11", "12"]
    assert end["documents"] == [(f"issued/{PACKET}/joint-result.json", 1)]
    kinds = Counter(notice.kind for notice in packets.load_shown(PACKET).notices.values())
    assert {kind: kinds[kind] for kind in NOTICES_OF_THE_STORY} == NOTICES_OF_THE_STORY
    assert end["outbox"] == []


def test_only_the_reviews_that_asked_for_a_correction_are_reopened(world: World) -> None:
    at_its_end(world)
    rounds = {(task["matter"], task["round"]) for task in world.tasks}
    assert {matter for matter, round_ in rounds if round_ == 3} >= {"soil-conservation", "land-use-permit"}
    assert ("power-connection", 3) not in rounds
