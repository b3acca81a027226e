"""Early warning: the run that puts the figures together, and the page and the route that show them in one read."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import Packet
from kaigong.domain.model.text import Text
from kaigong.handlers import survey
from kaigong.portal.access import Caller
from kaigong.portal.window import warnings
from kaigong.store import figures as store
from kaigong.store import keys, packets
from kaigong.store.items import to_attributes

from tests.city_figures import figures
from tests.hours import ahead

from .asking import FOREIGN, ask, page_as, played
from .asking import OPERATIONS as CLAIMS
from .story import PACKET
from .test_window_pages import OPERATIONS
from .world import ENVIRONMENT, Context, World

LEADER = Caller(name="leader", called="市领导", groups=frozenset({Group.LEADER}))


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    """A story that is over, and another packet in review."""
    with played() as world:
        yield world


def surveyed(world: World) -> Counter[str]:
    """The figures are put together. Returns what was asked of AWS."""
    world.calls.clear()
    with world.inside("survey"):
        survey.handler({}, Context())
    return Counter(call.rpartition(".")[2] for call in world.calls)


def test_what_happened_is_shown_once_it_was_put_together(stage: World) -> None:
    assert warnings.newest().all.totals.taken == 0
    begun = datetime.now(UTC)
    assert surveyed(stage)["PutItem"] == 1
    found = warnings.newest()
    assert (found.all.totals.taken, found.all.totals.decided, found.all.open) == (2, 1, 1)
    assert [each.code for each in found.processes] == ["industrial"]
    assert found.by_process["industrial"].totals == found.all.totals
    assert sum(step.waiting.all for step in found.all.departments) == 1  # the other packet's one matter
    assert found.at >= begun


def test_a_page_reads_one_item_however_many_packets_are_behind_it(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    with table.batch_writer() as batch:
        for place, counters in figures(10_000, datetime.now(UTC)).items():
            batch.put_item(Item={"pk": keys.figures_pk(7), "sk": place, **counters})
    asked = surveyed(stage)
    assert asked["Query"] <= keys.FIGURES_SHARDS + keys.DUE_BUCKETS + 1
    stage.calls.clear()
    with stage.inside("portal"):
        page = page_as(monkeypatch, OPERATIONS, "/warnings", query={"process": "general"})
    assert page["statusCode"] == 200
    assert Counter(call.rpartition(".")[2] for call in stage.calls)["GetItem"] == 1
    assert "关键路径" in page["body"]
    told = ask("/api/warnings", CLAIMS)
    assert told["statusCode"] == 200
    assert warnings.newest().all.totals.taken == 10_002


def test_a_packet_that_the_index_calls_late_and_is_not_is_left_out(stage: World) -> None:
    since = datetime.now(UTC) - timedelta(days=3)
    place = {"pk": keys.packet_pk(PACKET), "sk": keys.LATE}
    late = {**place, **keys.late_index(PACKET, since)}
    boto3.client("dynamodb").put_item(TableName=ENVIRONMENT["TABLE_NAME"], Item=to_attributes(late))
    assert [found.packet for found in packets.late(datetime.now(UTC), most=1)] == [PACKET]
    surveyed(stage)
    assert warnings.newest().late == (), "the list goes by the packet, which is not late"


@pytest.mark.parametrize(("caller", "place"), [(OPERATIONS, "window/packets"), (LEADER, "packets")])
def test_what_is_late_the_longest_leads_to_where_the_caller_may_go(
    caller: Caller, place: str, stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = datetime.now(UTC) - timedelta(days=3)
    table, pk = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"]), keys.packet_pk(FOREIGN)
    table.put_item(Item={"pk": pk, "sk": keys.LATE, **keys.late_index(FOREIGN, since)})
    on_record = {":since": since.isoformat()}  # as `advance` writes both once its review is late
    header = {"pk": pk, "sk": keys.HEADER}
    table.update_item(Key=header, UpdateExpression="SET late_since = :since", ExpressionAttributeValues=on_record)
    monkeypatch.setattr(survey, "datetime", ahead(timedelta(days=60)))
    surveyed(stage)
    assert {row.packet for row in warnings.newest().late} == {FOREIGN}
    with stage.inside("portal"):
        page = page_as(monkeypatch, caller, "/warnings")
        assert f'/{place}/{FOREIGN}"' in page["body"]
        assert page_as(monkeypatch, caller, f"/{place}/{FOREIGN}")["statusCode"] == 200


def test_one_that_cannot_be_read_among_what_is_late_does_not_keep_the_page_from_going_on(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = boto3.resource("dynamodb").Table(ENVIRONMENT["TABLE_NAME"])
    broken, since = "20260101-broken", datetime.now(UTC) - timedelta(days=30)
    header = {"pk": keys.packet_pk(broken), "sk": keys.HEADER, "status": "no such status"}
    late = {"pk": keys.packet_pk(broken), "sk": keys.LATE, **keys.late_index(broken, since)}
    for item in (header, late):
        table.put_item(Item=item)
    begun = datetime.now(UTC)
    surveyed(stage)
    assert warnings.newest().at >= begun
    read = packets.load_without_uploads

    def silent(packet: str) -> Packet:
        if packet == broken:
            raise ReadTimeoutError(endpoint_url="dynamodb")
        return read(packet)

    monkeypatch.setattr(packets, "load_without_uploads", silent)
    with pytest.raises(ReadTimeoutError):
        surveyed(stage)
    for item in (header, late):
        table.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})


def test_figures_of_another_version_are_not_shown(stage: World) -> None:
    surveyed(stage)
    assert warnings.newest().processes
    store.keep(Text(zh="别的", en="something else"))
    assert warnings.newest().processes == ()


def test_a_process_that_there_is_not_is_refused(stage: World, monkeypatch: pytest.MonkeyPatch) -> None:
    surveyed(stage)
    asked = [{"process": "nothing"}, {"process": ""}, None]
    codes = [page_as(monkeypatch, OPERATIONS, "/warnings", query=query)["statusCode"] for query in asked]
    assert codes == [400, 200, 200]
