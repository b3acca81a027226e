"""What no function's role allows: what others write, and queues and streams that are not its own."""

import itertools
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong.store import keys, packets
from kaigong.store.items import to_attributes
from pydantic import ValidationError

from tests.rights import items, roles
from tests.rights.resolved import Resolved, unrolled

REGION, ACCOUNT, STACK = "eu-west-1", "123456789012", "kaigong"
HERE = roles.deployment(REGION, ACCOUNT, STACK)
TABLE = f"{STACK}-packets"
FUNCTIONS = [
    name.removesuffix("Function").lower()
    for name, resource in unrolled().items()
    if resource["Type"] == "AWS::Serverless::Function"
]
PACKET = "20260306-rights"
# What a forger would give each attribute that a reader asks of him; his own pack of bytes for what is packed.
ANY: dict[str, Any] = {"content": packets.packed("{}"), "manifest": packets.packed("{}")}
NOT_READ = {keys.LEASE, keys.ANSWERING, keys.MAIL_TO, keys.PROGRESS_LINK, keys.PROPOSAL, keys.REMARK}  # by no rule


def puts(function: str, pk: str, attributes: set[str]) -> bool:
    """Whether a function may put an item with these attributes."""
    item = {name: {"S": pk if name == "pk" else "x"} for name in attributes | items.KEYS}
    [call] = roles.calls("dynamodb", "PutItem", {"TableName": TABLE, "Item": item}, HERE)
    return roles.allows(function, HERE, call)


def conditions(function: str, partition: str) -> list[dict[str, Any]]:
    """The conditions on which a function puts items into such partitions."""
    return [
        statement["Condition"]
        for statement in roles.role(function, HERE.resolved)
        if "dynamodb:PutItem" in roles.listed(statement["Action"])
        and partition in statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_s_list_of_attributes_is_what_the_store_writes_for_its_function(function: str) -> None:
    found = conditions(function, "PACKET#*")
    named = [each["ForAllValues:StringEquals"]["dynamodb:Attributes"] for each in found]
    kinds = items.WRITERS.get(function)
    assert [sorted(each) for each in named] == ([sorted(items.attributes(function))] if kinds else [])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_writes_into_the_partitions_beside_packets_that_its_function_writes_into(function: str) -> None:
    assert partitions(function, "dynamodb:PutItem") - {"PACKET#*"} == items.BESIDE.get(function, set())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_deletes_from_no_partitions_but_its_function_s(function: str) -> None:
    assert partitions(function, "dynamodb:DeleteItem") == items.DELETES.get(function, set())


def test_who_records_decisions_updates_officers_figures_and_nothing_else() -> None:
    assert partitions("decide", "dynamodb:UpdateItem") == {"TALLY#*"}


def partitions(function: str, action: str) -> set[str]:
    """What the partitions begin with in which a role may do this; without a condition that is a KeyError."""
    found: set[str] = set()
    for statement in roles.role(function, HERE.resolved):
        if action in roles.listed(statement["Action"]):
            found |= set(statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
    return found


def test_the_credit_platform_s_word_cannot_put_breaches_on_record() -> None:
    [condition] = conditions("credit", "CREDIT#*")
    assert set(condition["ForAllValues:StringEquals"]["dynamodb:Attributes"]) == items.CREDIT
    assert not puts("credit", "CREDIT#91411402MA0KG0002N", {"breaches"})


FOREIGN = [
    (function, kind)
    for function, kind in itertools.product(FUNCTIONS, items.PACKET)
    if kind not in items.WRITERS.get(function, ())
]


@pytest.mark.parametrize(("function", "kind"), FOREIGN)
def test_no_function_writes_an_item_of_another_one_so_that_it_is_read(function: str, kind: str) -> None:
    """Either the role refuses what the item needs, or what it lets through is nothing to any reader."""
    listed = items.attributes(function)
    allowed = items.PACKET[kind] & listed
    if not puts(function, keys.packet_pk(PACKET), allowed) or kind in NOT_READ:
        assert kind in NOT_READ or function not in items.WRITERS
        assert kind not in NOT_READ or not items.PACKET[kind] <= listed or function not in items.WRITERS
        return
    item = {"pk": keys.packet_pk(PACKET), "sk": _sk(kind), **{name: ANY.get(name, _any(name)) for name in allowed}}
    try:
        read = packets.assembled(PACKET, [to_attributes(item)])
    except (KeyError, ValidationError):
        return  # it is no such item, and whoever reads the packet says so
    assert read == packets.assembled(PACKET, []) or kind == keys.PUT_BY  # a mark that says that there is history


def _sk(kind: str) -> str:
    if kind == keys.OLD:
        return f"{kind}{keys.UPLOAD}#fire#1"
    history = {keys.REPLACED: keys.HISTORY, keys.PROPOSAL: keys.HISTORY}.get(kind, "")
    return f"{history}{kind}" + ("" if kind in (keys.HEADER, keys.PAPERS, keys.RESULT, keys.LATE) else "#fire#1")


def _any(name: str) -> Any:
    """Something of the right kind: what a forger would write."""
    return {
        "round": 1, "number": 1, "version": 1, "turn": 1, "at": datetime(2026, 3, 6, tzinfo=UTC).isoformat(),
        "sha256": "0" * 64, "kind": "site-visit", "reasons": [],
    }.get(name, "x")  # fmt: skip


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if each != "decide"])
def test_nobody_but_decide_writes_a_decision(function: str) -> None:
    needed = {"matter", "round", "outcome", "officer", "message_id", "received_at"}
    assert not puts(function, keys.packet_pk(PACKET), needed)


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if each != "advance"])
def test_nobody_but_advance_writes_a_header_a_review_a_result_or_an_entry_of_the_ledger(function: str) -> None:
    for needed in ({"packet", "version", "status", "round", "enterprise"}, {"review_id", "state"}, {"content"}):
        assert not puts(function, keys.packet_pk(PACKET), needed)


UPLOAD = keys.upload_key(PACKET, "fire", "u", "a.pdf")
READ = {
    "validate": (UPLOAD, keys.photo_key(PACKET, "fire", "u", "a.jpg"), "trust/cas.pem"),
    "portal": (UPLOAD,),
}


@pytest.mark.parametrize(("function", "name"), [(function, name) for function in READ for name in READ[function]])
def test_who_may_meet_what_is_not_there_any_more_may_look_whether_it_is(function: str, name: str) -> None:
    """S3 answers "denied" to who may not list; without the right nobody could tell the two apart."""
    for operation, named in (("GetObject", {"Key": name}), ("ListObjectsV2", {"Prefix": name})):
        [call] = roles.calls("s3", operation, {"Bucket": f"{STACK}-packets"} | named, HERE)
        assert roles.allows(function, HERE, call)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_deletes_and_updates_nothing_that_is_not_named(function: str) -> None:
    update = {"TableName": TABLE, "Key": {"pk": {"S": keys.packet_pk(PACKET)}, "sk": {"S": "HEADER"}}}
    for expression in ("SET outcome = :x", "SET #s = :x", "SET content = :x"):
        named = update | {"UpdateExpression": expression, "ExpressionAttributeNames": {"#s": "status"}}
        [call] = roles.calls("dynamodb", "UpdateItem", named, HERE)
        assert not roles.allows(function, HERE, call)
    [call] = roles.calls("dynamodb", "DeleteItem", update, HERE)
    assert roles.allows(function, HERE, call) == (function in ("advance", "watch"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_is_our_own_and_reads_no_queue_and_no_stream_but_its_function_s(function: str) -> None:
    """SAM would attach policies of AWS's to a role that it makes, for every queue, stream and log of the account."""
    properties = unrolled()[f"{function.capitalize()}Function"]["Properties"]
    assert properties["Role"] == {"Fn::GetAtt": [f"{function.capitalize()}FunctionRole", "Arn"]}
    assert "Policies" not in properties
    assert "ManagedPolicyArns" not in HERE.resolved.resources[f"{function.capitalize()}FunctionRole"]["Properties"]
    resolved = HERE.resolved
    sources = [event["Properties"] for event in properties.get("Events", {}).values()]
    own = {resolved.of(source.get("Queue") or source.get("Stream")) for source in sources} - {None}
    reads = {"sqs:ReceiveMessage", "dynamodb:GetRecords"}
    for statement in roles.role(function, resolved):
        assert "*" not in roles.listed(statement["Resource"])
        if reads & set(roles.listed(statement["Action"])):
            desk = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-review-*"  # officers at the portal take their tasks
            assert set(roles.listed(statement["Resource"])) <= own | ({desk} if function == "desk" else set())


def test_who_runs_in_subnets_has_rights_on_network_interfaces_and_nobody_else() -> None:
    subnets = Resolved(parameters={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]})
    for function in FUNCTIONS:
        told = [
            [action for each in roles.role(function, of) for action in roles.listed(each["Action"])]
            for of in (subnets, HERE.resolved)
        ]
        assert ["ec2:CreateNetworkInterface" in actions for actions in told] == [True, False]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_s_policies_are_as_short_as_iam_wants_them(function: str) -> None:
    """10,240 characters, without blanks, for all inline policies of a role; names in it may be long."""
    long = Resolved(partition="aws-cn", region="cn-northwest-1", suffix="amazonaws.com.cn", stack="a" * 24)
    assert len(json.dumps(roles.role(function, long), separators=(",", ":"))) < 10_000
