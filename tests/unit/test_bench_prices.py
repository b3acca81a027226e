"""The arithmetic of the bench: what a request costs, and what a packet costs at least."""

import json
import math
from dataclasses import replace

import pytest

from infra.samples import city_case
from tests.bench import usage
from tests.bench.capacity import Meter, item_size
from tests.bench.counting import Request, named
from tests.bench.floor import floor, size_of, unsealed, workflow
from tests.bench.functions import Work
from tests.bench.prices import CHINA, Line, price, price_list, requests, usd
from tests.bench.scenario import case

KEY = {"pk": {"S": "PACKET#p"}, "sk": {"S": "UPLOAD#s"}}


def put(size: int, **more: str) -> dict[str, object]:
    """A PutItem of an item of that size, the other attributes apart."""
    item = {**KEY, "v": {"S": "x" * (size - item_size(KEY) - 1)}}
    return {"Item": item | {name: {"S": value} for name, value in more.items()}}


def test_every_price_says_what_it_is_for_and_since_when() -> None:
    assert price_list()["region"] == "us-east-1"
    assert len(price_list()["as_of"]) == len("2025-06")
    for name, entry in price_list()["prices"].items():
        assert entry["per"] > 0, name
        assert entry["unit"], name
        assert (price(name) == 0) == (name == "free")


def test_a_price_of_china_says_where_it_was_read_and_none_is_guessed() -> None:
    china = json.loads(CHINA.read_text(encoding="utf-8"))
    assert (china["currency"], china["regions"]) == ("CNY", ["cn-north-1", "cn-northwest-1"])
    assert china["prices"].keys() == price_list()["prices"].keys()
    known = {name: entry for name, entry in china["prices"].items() if entry}
    assert known
    for name, entry in known.items():
        assert (entry["cny"] == 0) == (name == "free")
        assert entry["per"] == price_list()["prices"][name]["per"], name  # in the same units
        assert name == "free" or entry["source"].startswith("https://www.amazonaws.cn/")


def test_a_line_costs_its_quantity_and_not_its_requests() -> None:
    line = Line("DynamoDB", "TransactWriteItems", "advance", 1, "dynamodb-write-unit", 1_000_000)
    assert line.usd == pytest.approx(0.625)
    assert requests([line, line]) == 2
    assert usd([line, line]) == pytest.approx(1.25)


def test_a_price_that_is_not_on_the_list_is_an_error() -> None:
    with pytest.raises(KeyError):
        price("s3-delete")


def test_an_item_weighs_its_names_and_values() -> None:
    item = {
        "pk": {"S": "开工"},  # 2 + 6
        "n": {"N": "-12.5"},  # 1 + two bytes of digits, one more, one for the sign
        "b": {"B": "AAEC"},  # 1 + 3
        "t": {"BOOL": True},  # 1 + 1
        "l": {"L": [{"S": "ab"}, {"NULL": True}]},  # 1 + 3 + (1 + 2) + (1 + 1)
        "m": {"M": {"k": {"S": "v"}}},  # 1 + 3 + (1 + 1 + 1)
        "s": {"SS": ["a", "bc"]},  # 1 + 3
    }
    assert item_size(item) == 8 + 5 + 4 + 2 + 9 + 7 + 4


@pytest.mark.parametrize(("size", "units"), [(100, 1), (1024, 1), (1025, 2), (2049, 3)])
def test_a_write_costs_a_unit_for_each_kb(size: int, units: int) -> None:
    assert Meter().units("PutItem", put(size), {}, True) == (units, 0)


def test_a_write_that_makes_an_item_smaller_costs_what_the_larger_one_did() -> None:
    meter = Meter()
    meter.units("PutItem", put(3000), {}, True)
    assert meter.units("PutItem", put(100), {}, True) == (3, 0)
    assert meter.units("DeleteItem", {"Key": KEY}, {}, True) == (1, 0)
    assert meter.largest() == []


def test_a_write_in_a_transaction_costs_twice() -> None:
    parts = [{"Put": put(1500)}, {"ConditionCheck": {"Key": {**KEY, "sk": {"S": "HEADER"}}}}]
    assert Meter().units("TransactWriteItems", {"TransactItems": parts}, {}, True) == (4 + 2, 0)


def test_an_entry_of_an_index_is_written_when_it_comes_and_goes_and_twice_when_it_moves() -> None:
    meter = Meter()
    assert meter.units("PutItem", put(100, gsi3pk="DUE#1", gsi3sk="a"), {}, True) == (1 + 1, 0)
    assert meter.units("PutItem", put(100, gsi3pk="DUE#1", gsi3sk="a"), {}, True) == (1, 0)
    assert meter.units("PutItem", put(100, gsi3pk="DUE#1", gsi3sk="b"), {}, True) == (1 + 2, 0)
    gone = {"Key": KEY, "UpdateExpression": "REMOVE gsi3pk, gsi3sk"}
    assert meter.units("UpdateItem", gone, {}, True) == (1 + 1, 0)
    assert meter.units("UpdateItem", gone, {}, True) == (1, 0)


def test_an_update_is_weighed_with_what_the_item_had_before() -> None:
    meter = Meter()
    update = {
        "Key": KEY,
        "UpdateExpression": "SET #text = :text ADD seen :mark",
        "ExpressionAttributeNames": {"#text": "text"},
        "ExpressionAttributeValues": {":text": {"S": "x" * 900}, ":mark": {"SS": ["m" * 60]}},
    }
    assert meter.units("UpdateItem", update, {}, True) == (1, 0)
    update["ExpressionAttributeValues"] = {":text": {"S": "x" * 900}, ":mark": {"SS": ["n" * 60]}}
    assert meter.units("UpdateItem", update, {}, True) == (2, 0)  # now it has seen two
    assert meter.largest() == [("UPLOAD#s", item_size(KEY) + len("text") + 900 + len("seen") + 120)]


def test_what_is_added_to_a_counter_weighs_as_the_sum() -> None:
    meter = Meter()
    for added in (999, 1):
        update = {
            "Key": KEY,
            "UpdateExpression": "ADD #0 :0",
            "ExpressionAttributeNames": {"#0": "taken"},
            "ExpressionAttributeValues": {":0": {"N": str(added)}},
        }
        assert meter.units("UpdateItem", update, {}, True) == (1, 0)
    assert meter.largest() == [("UPLOAD#s", item_size({**KEY, "taken": {"N": "1000"}}))]


def test_a_write_that_a_condition_stopped_is_paid_for_and_changes_nothing() -> None:
    meter = Meter()
    assert meter.units("PutItem", put(2000), {}, False) == (2, 0)
    assert meter.largest() == []


@pytest.mark.parametrize(
    ("request_", "sizes", "units"),
    [
        ({"ConsistentRead": True}, [3000, 3000], 2),
        ({"ConsistentRead": True}, [], 1),
        ({}, [3000, 3000], 1),
        ({}, [], 0.5),
    ],
)
def test_a_query_costs_a_unit_for_each_4_kb_read_together(
    request_: dict[str, bool], sizes: list[int], units: float
) -> None:
    answer = {"Items": [put(size)["Item"] for size in sizes]}
    assert Meter().units("Query", request_, answer, True) == (0, units)


def test_an_operation_that_the_bench_does_not_know_is_not_free() -> None:
    with pytest.raises(NotImplementedError):
        Meter().units("BatchWriteItem", {}, {}, True)
    with pytest.raises(NotImplementedError):
        usage.wire_lines([Request("advance", "Firehose", "PutRecord", b"", b"", 200)], Meter())


def test_a_message_beyond_64_kb_counts_as_two_requests() -> None:
    sent = Request("dispatch", "SQS", "SendMessageBatch", b"x" * (64 * 1024 + 1), b"", 200)
    (line,) = usage.wire_lines([sent], Meter())
    assert (line.requests, line.quantity) == (1, 2)


def test_a_batch_from_a_queue_is_a_receive_a_delete_and_an_invocation() -> None:
    uploads = [Request("applicant", "S3", "PutObject", b"", b"", 200, key) for key in ("packets/p/s/1/a", "issued/p/r")]
    works = [Work("validate", 512, from_queue=[5, 3]), Work("advance", 256, from_stream=[2])]
    found = {(line.operation, line.caller): line.requests for line in usage.derived_lines(uploads, works)}
    assert found == {
        ("SendMessage", "S3"): 1,  # what is issued is not announced
        ("ReceiveMessage", "poller of validate"): 2,
        ("DeleteMessageBatch", "poller of validate"): 2,
        ("Invoke", "validate"): 2,
        ("Invoke", "advance"): 1,  # the stream's poller is free
    }


def test_billed_time_is_processor_time_at_the_functions_share_and_the_waits() -> None:
    calls = [
        Request("decide", "DynamoDB", "GetItem", b"", b"", 200),
        Request("other", "S3", "GetObject", b"", b"", 200),
    ]
    work = Work("decide", 1769, from_queue=[1], cpu=2.0)
    assert usage.billed_seconds(work, calls) == pytest.approx(2.005)
    assert usage.billed_seconds(replace(work, memory=1769 // 4), calls) == pytest.approx(8.005, rel=0.01)


@pytest.mark.parametrize(
    ("on_the_wire", "is_"),
    [
        (("POST", "/", {"X-Amz-Target": "DynamoDB_20120810.Query"}, b"{}"), ("DynamoDB", "Query", "")),
        (("POST", "/", {"x-amz-target": "AmazonSQS.SendMessage"}, b"{}"), ("SQS", "SendMessage", "")),
        (("POST", "/", {}, b"Action=PublishBatch&Version=2010-03-31"), ("SNS", "PublishBatch", "")),
        (("GET", "/bucket?list-type=2&prefix=packets%2F", {}, b""), ("S3", "ListObjectsV2", "")),
        (("PUT", "/bucket/packets/p/s/1/%E7%94%B3.pdf", {}, b"x"), ("S3", "PutObject", "packets/p/s/1/申.pdf")),
        (("HEAD", "/bucket/packets/p?versionId=1", {}, b""), ("S3", "HeadObject", "packets/p")),
    ],
)
def test_a_request_is_named_by_what_is_on_the_wire(
    on_the_wire: tuple[str, str, dict[str, str], bytes], is_: tuple[str, str, str]
) -> None:
    assert named(*on_the_wire) == is_


def test_the_measured_packet_promises_nothing_and_commits_to_nothing() -> None:
    assert (case().promises, case().commitments) == ((), ())
    assert (len(case().materials), len(case().matters)) == (14, 9)


def test_a_matter_waits_for_its_prerequisites_so_its_department_gets_another_message() -> None:
    """land-use, then planning, then fire design, then construction: four waves; nobody has two tasks in one."""
    assert size_of(city_case()).sends == 9
    both = replace(case(), matters=("drawing-review", "fire-design-review"))  # both housing's, planning not asked for
    assert size_of(both).sends == 1


SUPERVISORS = 7  # departments that supervise the nine matters


def test_the_floor_of_the_packet_is_the_sum_of_what_nobody_can_avoid() -> None:
    found = floor(size_of(case()))
    uploads = 15 * 4  # put, looked at, read, kept: 14 papers and the manifest
    acceptance = 1 + 1 + 1 + 1 + 2 + 1  # what lay there, read, kept, told; found by other keys; status.json
    tasks = 9 * 4  # sent, listed, received, deleted
    decisions = 9 * 6  # sent, received, a function, read, kept, deleted
    result = 1 + 1 + 1 + 1 + 1  # written, kept, told; what the project knows; status.json
    supervision = 9 + SUPERVISORS  # each approval is a record; each department that supervises is told
    documents = 12 * 3 + 1 + 2  # sealed, stored, found by content, as the result's data are; all are kept
    figures = 1 + 9 + 1  # acceptance, each decision and the result are counted
    assert uploads + acceptance + tasks + decisions + result == 162
    assert requests(found) == 162 + supervision + documents + figures
    assert all(line.why for line in found)
    millionths = (
        19 * 5 + 15 * 0.4 + 24 * 0.2 + 2 * 0.5 + (54 + SUPERVISORS) * 0.4 + (38 + 9 + figures) * 0.625 + 12.5 * 0.125
    )
    assert usd(found) == pytest.approx((millionths + 12 * (15 + 5) + 15 * 0.625) / 1e6)
    assert usd(unsealed(found)) == pytest.approx(usd(found) - 12 * 15 / 1e6)


def test_the_floor_grows_with_papers_and_matters() -> None:
    size = size_of(case())
    assert requests(floor(replace(size, papers=15))) == requests(floor(size)) + 4
    assert requests(floor(replace(size, matters=10, sends=10))) == requests(floor(size)) + 12


def test_a_workflow_engine_pays_for_every_state() -> None:
    found = workflow(size_of(case()))
    assert requests(found) == 14 * 2 + 4 + 9 * 4 + 6
    assert math.isclose(usd(found), requests(found) * 0.000025)
