"""Credit by message and by call, and what is known of a project: on moto, with the platform's stand-in on localhost."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from kaigong.domain.model.clock import Due
from kaigong.domain.model.messages import Channel, CreditRecord
from kaigong.domain.model.packet import Breach, Header, Status
from kaigong.domain.model.standing import Missing, OpenGap, OtherPacket, ProjectRecord, ProjectStanding
from kaigong.settings import settings
from kaigong.store import breaker, credit, credit_platform, keys, lists, packets, projects
from kaigong.store.items import dump, packed, to_attributes

from tests.credit_platform import CreditPlatform, Fault
from tests.patience import PATIENCE, eventually

from .story import CREDIT, MANIFEST, PACKET, SLOTS
from .world import ENVIRONMENT, World

USCC: str = CREDIT["uscc"]
NOW = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)
TOKEN = "a token for tests"
REST, FAILURES = 30.0, 3  # seconds of the breaker's rest, and after how many failures
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODE = "2603-411402-04-01-380164"


def record(**changes: Any) -> CreditRecord:
    return CreditRecord.model_validate({**CREDIT, **changes})


def put(item: dict[str, Any]) -> None:
    boto3.client("dynamodb").put_item(TableName=ENVIRONMENT["TABLE_NAME"], Item=to_attributes(item))


def breach(slot: str = "soil-plan") -> Breach:
    found = Breach(packet="p-1", subject=slot, at=NOW - 90 * DAY, repairable_from=NOW)
    put({"pk": keys.credit_pk(USCC), "sk": keys.breach_sk(f"p-{slot}"), "breaches": [dump(found)]})
    return found


pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture
def platform(
    world: World,  # noqa: ARG001 - the stack is there before the secret
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CreditPlatform]:
    """The platform, known to the functions by its address and the secret of its token."""
    secret = boto3.client("secretsmanager").create_secret(Name="credit", SecretString=TOKEN)
    with CreditPlatform(TOKEN, PATIENCE).running() as server:
        monkeypatch.setenv("CREDIT_PLATFORM_URL", server.url)
        monkeypatch.setenv("CREDIT_PLATFORM_SECRET_ARN", secret["ARN"])
        monkeypatch.setenv("CREDIT_PLATFORM_SECONDS", str(PATIENCE))
        monkeypatch.setenv("CREDIT_PLATFORM_REST_SECONDS", str(REST))
        monkeypatch.setenv("CREDIT_PLATFORM_FAILURES", str(FAILURES))
        settings.cache_clear()
        credit_platform._token.cache_clear()
        server.records[USCC] = CREDIT
        yield server


@pytest.fixture
def impatient(platform: CreditPlatform, monkeypatch: pytest.MonkeyPatch) -> CreditPlatform:
    """The platform, given less time than it takes."""
    monkeypatch.setenv("CREDIT_PLATFORM_SECONDS", "0.2")
    settings.cache_clear()
    credit_platform._token()  # read before, as by a function that has asked already
    return platform


# what is stored


def test_the_newest_published_record_counts_and_the_same_again_is_heard_anew() -> None:
    newer = record(id="credit-2", grade="A", published_at="2026-02-01T00:00:00+08:00")
    assert credit.record(newer, NOW)
    assert not credit.record(record(), NOW + HOUR)
    assert not credit.record(newer.changed(id="credit-3"), NOW + HOUR)
    assert (credit.standing(USCC).record, credit.standing(USCC).heard_at) == (newer, NOW)
    assert credit.record(newer, NOW + HOUR)
    assert credit.standing(USCC).heard_at == NOW + HOUR


def test_a_standing_is_the_record_with_the_breaches_that_it_does_not_clear() -> None:
    assert credit.standing(USCC).missing is Missing.UNKNOWN
    ours = breach()
    assert (credit.standing(USCC).record, credit.standing(USCC).breaches) == (None, (ours,))
    credit.record(record(), NOW)
    assert (credit.standing(USCC).record, credit.standing(USCC).breaches) == (record(), (ours,))
    repaired = record(id="credit-2", published_at=NOW.isoformat())
    credit.record(repaired, NOW)
    assert (credit.standing(USCC).record, credit.standing(USCC).unrepaired) == (repaired, False)


def test_basic_data_stay_whatever_order_the_records_come_in() -> None:
    basic = {"name": "登记的名称", "legal_representative": "李工", "address": "登记的住所"}
    credit.record(record(id="c-2", published_at=NOW), NOW)
    credit.record(record(id="c-1", published_at=NOW - DAY, basic=basic), NOW)  # late: not the newest record
    found = credit.standing(USCC)
    assert found.record == record(id="c-2", published_at=NOW)
    assert found.basic
    assert (found.basic.model_dump(), found.basic_since) == (basic, NOW - DAY)
    credit.record(record(id="c-3", published_at=NOW + HOUR, basic={"name": "另一个名称"}), NOW)
    credit.record(record(id="c-0", published_at=NOW - 2 * DAY, basic=basic), NOW)
    found = credit.standing(USCC)
    assert found.basic
    assert found.basic.model_dump(exclude_none=True) == {"name": "另一个名称"}


def test_a_record_from_before_it_was_noted_when_it_came_still_counts() -> None:
    put({**keys.credit_key(USCC), **dump(record()), "published": 1})
    assert (credit.standing(USCC).record, credit.standing(USCC).heard_at) == (record(), None)


def test_a_project_is_its_record_and_the_open_gaps_of_its_other_packets() -> None:
    assert projects.standing(CODE, "p-1") == ProjectStanding()
    due = Due(at=NOW + DAY)
    for packet in ("p-1", "p-2"):
        told = packed(json.dumps({"gaps": [{"slot": "soil-plan", "due": dump(due)}]}))
        sk = keys.project_packet_sk(packet)
        put({"pk": keys.project_pk(CODE), "sk": sk, "packet": packet, "uscc": USCC, "content": told})
    place = {"pk": keys.project_pk(CODE), "sk": keys.project_packet_sk("p-3")}
    put({**place, "packet": "p-3", "uscc": USCC, "content": packed(json.dumps({"gaps": []}))})
    left = (OpenGap(packet="p-2", uscc=USCC, slot="soil-plan", due=due),)
    others = tuple(OtherPacket(packet=packet, uscc=USCC) for packet in ("p-2", "p-3"))
    assert projects.standing(CODE, "p-1") == ProjectStanding(open_gaps=left, others=others)
    for serviced in (True, False):
        projects.put(ProjectRecord(code=CODE, key_project=True, serviced_site=serviced, by="window-1", at=NOW))
        found = projects.standing(CODE, "p-1")
        assert found == ProjectStanding(key_project=True, serviced_site=serviced, open_gaps=left, others=others)


# asking


def test_the_platform_is_asked_with_its_token_and_no_code_stands_in_an_address(platform: CreditPlatform) -> None:
    assert credit_platform.ask(USCC, NOW) == record()
    assert (platform.asked, platform.paths) == ([USCC], ["/credit/query"])


def test_an_enterprise_that_the_platform_does_not_know_is_no_failure(platform: CreditPlatform) -> None:
    platform.records.clear()
    for _ in range(FAILURES + 1):
        assert credit_platform.ask(USCC, NOW) is Missing.UNKNOWN
    assert len(platform.asked) == FAILURES + 1


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.DROPPED, Fault.CUT])
def test_a_platform_that_is_busy_or_loses_the_connection_is_asked_once_more(
    platform: CreditPlatform, fault: Fault
) -> None:
    platform.faults = [fault]
    assert credit_platform.ask(USCC, NOW) == record()
    assert len(platform.asked) == platform.connections == 2  # none that may be closed meanwhile is used again


@pytest.mark.parametrize(
    ("faults", "reason", "asked"),
    [
        ([Fault.BUSY, Fault.BUSY], "status-503", 2),
        ([Fault.DROPPED, Fault.DROPPED], "not-reached", 2),
        ([Fault.BROKEN], "status-500", 1),
        ([Fault.GARBAGE], "unreadable", 1),
        ([Fault.HUGE], "too-large", 1),
        ([Fault.REDIRECT], "status-307", 1),
        ([Fault.OTHER], "another-enterprise", 1),
    ],
)
def test_whatever_else_the_platform_says_is_no_answer(
    platform: CreditPlatform, faults: list[Fault], reason: str, asked: int
) -> None:
    platform.faults = list(faults)
    with pytest.raises(credit_platform.NoAnswer) as silence:
        credit_platform.ask(USCC, NOW)
    assert silence.value.reason == reason
    assert platform.paths == ["/credit/query"] * asked  # a redirect was not followed


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.DRIP])
def test_asking_ends_however_slowly_the_platform_speaks(impatient: CreditPlatform, fault: Fault) -> None:
    impatient.faults = [fault]  # it would go on for longer than any test run
    with pytest.raises(credit_platform.NoAnswer):
        credit_platform.ask(USCC, NOW)
    assert eventually(lambda: impatient.asked) == [USCC]  # on a busy machine the question itself comes late


@pytest.mark.usefixtures("platform")
def test_a_platform_that_is_gone_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_PLATFORM_URL", "http://127.0.0.1:1/credit")
    settings.cache_clear()
    with pytest.raises(credit_platform.NoAnswer, match="not-reached"):
        credit_platform.ask(USCC, NOW)


def test_a_token_that_was_renewed_is_read_again_once_the_platform_refuses_the_old(platform: CreditPlatform) -> None:
    assert credit_platform.ask(USCC, NOW) == record()
    platform.token = "a renewed token"
    boto3.client("secretsmanager").put_secret_value(SecretId="credit", SecretString=platform.token)
    with pytest.raises(credit_platform.NoAnswer, match="status-401"):
        credit_platform.ask(USCC, NOW)
    assert credit_platform.ask(USCC, NOW) == record()


@pytest.mark.usefixtures("platform")
def test_a_secret_that_cannot_be_read_is_no_answer() -> None:
    boto3.client("secretsmanager").delete_secret(SecretId="credit", ForceDeleteWithoutRecovery=True)
    with pytest.raises(credit_platform.NoAnswer, match="error"):
        credit_platform.ask(USCC, NOW)


# the breaker


def fails(platform: CreditPlatform, at: datetime = NOW) -> str:
    platform.faults = [Fault.BROKEN]
    with pytest.raises(credit_platform.NoAnswer) as silence:
        credit_platform.ask(USCC, at)
    platform.faults = []
    return silence.value.reason


def test_after_failures_in_a_row_nobody_asks_until_the_rest_is_over(platform: CreditPlatform) -> None:
    assert [fails(platform) for _ in range(FAILURES + 2)] == ["status-500"] * FAILURES + ["resting"] * 2
    assert len(platform.asked) == FAILURES
    over = NOW + timedelta(seconds=REST)
    assert fails(platform, over - timedelta(seconds=1)) == "resting"
    assert credit_platform.ask(USCC, over) == record()
    assert fails(platform, over) == "status-500"  # it counts from the beginning


def test_a_good_answer_between_failures_starts_the_count_anew(platform: CreditPlatform) -> None:
    for _ in range(3):
        assert [fails(platform) for _ in range(FAILURES - 1)] == ["status-500"] * (FAILURES - 1)
        assert credit_platform.ask(USCC, NOW) == record()


def test_after_the_rest_one_tries_and_its_failure_starts_the_next(platform: CreditPlatform) -> None:
    for _ in range(FAILURES):
        fails(platform)
    over = NOW + timedelta(seconds=REST)
    assert [fails(platform, over), fails(platform, over)] == ["status-500", "resting"]
    assert fails(platform, over + timedelta(seconds=REST)) == "status-500"


def test_of_many_that_see_the_rest_end_at_the_same_time_one_tries(platform: CreditPlatform) -> None:
    for _ in range(FAILURES):
        fails(platform)
    over = NOW + timedelta(seconds=REST)
    came, tried = [], []

    def attempt(number: int) -> None:
        try:
            with breaker.guarded(over):
                tried.append(number)
                came.append(number)
                eventually(lambda: len(came) == 6)  # the others come meanwhile
        except breaker.Resting:
            came.append(number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(6)))
    assert len(tried) == 1


@pytest.mark.usefixtures("platform")
def test_a_good_call_costs_one_read_and_no_write(world: World) -> None:
    with world.inside("advance"):
        credit_platform.ask(USCC, NOW)
    calls = [call.split(":")[1] for call in world.calls if "dynamodb" in call]
    assert calls == ["dynamodb.GetItem"]


# a packet


def submitted(world: World, packet: str = PACKET, **changes: Any) -> Header:
    """A packet with all its papers, looked at; of an ordinary project, so that credit alone opens the channel."""
    for slot in SLOTS:
        world.upload(packet, slot, b"good " + slot.encode())
    world.submit({**MANIFEST, "packet": packet, "process": "general", **changes})
    world.run()
    found = packets.load(packet).header
    assert found is not None
    return found


def why(packet: str) -> str:
    """Why the packet has its channel, as its applicant is told."""
    rights = packets.load(packet).rights
    assert rights is not None
    return rights.why.zh


def test_a_packet_gets_the_channel_of_the_record_that_was_asked_for(platform: CreditPlatform, world: World) -> None:
    header = submitted(world)
    assert (header.channel, header.credit_grade, header.credit_at) == (Channel.GREEN, "AAA", record().published_at)
    assert "最高等级" in why(header.packet)
    assert platform.asked == [USCC]
    assert credit.standing(USCC).record == record()


def test_a_record_that_was_heard_lately_is_not_asked_for_again(platform: CreditPlatform, world: World) -> None:
    credit.record(record(grade="A"), datetime.now(UTC) - HOUR)
    assert submitted(world).credit_grade == "A"
    assert platform.asked == []


@pytest.mark.parametrize(
    ("changes", "heard"),
    [({}, 25 * HOUR), ({"valid_until": "2026-01-02T00:00:00+08:00"}, HOUR)],
    ids=["heard long ago", "expired"],
)
def test_a_record_that_is_old_or_expired_is_asked_for_and_the_newer_counts(
    platform: CreditPlatform, world: World, changes: dict[str, Any], heard: timedelta
) -> None:
    credit.record(
        record(id="old", grade="A", published_at="2025-12-01T00:00:00+08:00", **changes), datetime.now(UTC) - heard
    )
    assert submitted(world).credit_grade == "AAA"
    assert platform.asked == [USCC]


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.GARBAGE, Fault.SLOW])
def test_no_answer_never_holds_a_packet_up(impatient: CreditPlatform, world: World, fault: Fault) -> None:
    impatient.faults = [fault]
    header = submitted(world)
    assert (header.status, header.channel, header.credit_grade) == (Status.IN_REVIEW, Channel.ORDINARY, None)
    assert "暂时没有答复" in why(header.packet)


def test_without_an_answer_an_older_record_that_is_still_valid_counts(platform: CreditPlatform, world: World) -> None:
    credit.record(record(), datetime.now(UTC) - 48 * HOUR)
    platform.faults = [Fault.BROKEN]
    assert submitted(world).channel is Channel.GREEN


def test_an_enterprise_without_a_record_goes_on_as_ordinary_and_is_told(platform: CreditPlatform, world: World) -> None:
    platform.records.clear()
    header = submitted(world)
    assert (header.status, header.channel) == (Status.IN_REVIEW, Channel.ORDINARY)
    assert "没有该企业的信用记录" in why(header.packet)


def test_where_no_platform_is_configured_nobody_is_asked(
    platform: CreditPlatform, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_PLATFORM_URL", "")
    settings.cache_clear()
    assert submitted(world).channel is Channel.ORDINARY
    assert platform.paths == []


def test_a_key_project_has_the_green_channel(world: World) -> None:
    projects.put(ProjectRecord(code=CODE, key_project=True, by="window-1", at=NOW))
    header = submitted(world, project={"name": "某项目", "code": CODE})
    assert header.channel is Channel.GREEN


def test_the_papers_of_a_returned_packet_do_not_ask_the_platform_again(platform: CreditPlatform, world: World) -> None:
    platform.records[USCC] = {**CREDIT, "unrepaired_breaches": 1}
    assert submitted(world).status is Status.RETURNED  # commitments and promises are closed
    credit.record(record(id="expired", valid_until="2026-01-02T00:00:00+08:00", published_at=NOW.isoformat()), NOW)
    world.upload(PACKET, SLOTS[0], b"good once more")
    world.run()
    assert platform.asked == [USCC]


# by message


def test_a_newer_record_by_message_has_the_packets_of_its_enterprise_looked_at_again(world: World) -> None:
    world.send("credit", {**CREDIT, "unrepaired_breaches": 1})
    world.run()
    assert submitted(world).status is Status.RETURNED
    other = {"name": "另一家有限公司", "uscc": "91411402MA0KG0003M"}
    submitted(world, "20260306-other", enterprise=other)
    looked_at = world.queues_used["advance"]
    world.send("credit", {**CREDIT, "id": "credit-2", "published_at": "2026-03-01T00:00:00+08:00"})
    world.run()
    assert world.queues_used["advance"] == looked_at + 1
    header = packets.load(PACKET).header
    assert header is not None
    assert (header.status, header.channel) == (Status.IN_REVIEW, Channel.GREEN)  # without a new submission
    world.send("credit", {**CREDIT, "id": "credit-0", "published_at": "2025-03-01T00:00:00+08:00"})
    world.run()
    assert world.queues_used["advance"] == looked_at + 1  # an older record changes nothing


def test_a_packet_that_was_submitted_long_ago_is_left_alone() -> None:
    put({"pk": keys.packet_pk("old"), "sk": keys.HEADER, **keys.applicant_index(USCC, NOW - 91 * DAY)})
    put({"pk": keys.packet_pk("new"), "sk": keys.HEADER, **keys.applicant_index(USCC, NOW - 89 * DAY)})
    assert list(credit.recent_packets(USCC, NOW - 90 * DAY)) == ["new"]


def test_every_page_of_an_enterprise_s_packets_is_read() -> None:
    many = [f"packet-{number:03}" for number in range(120)]
    for packet in many:
        filler = {"filler": "x" * 10_000}  # an index page ends at one megabyte of items
        put({"pk": keys.packet_pk(packet), "sk": keys.HEADER, **keys.applicant_index(USCC, NOW), **filler})
    assert sorted(credit.recent_packets(USCC, NOW - DAY)) == many


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("not json", "unreadable"),
        (json.dumps({**CREDIT, "uscc": "short"}), "unreadable"),
        (json.dumps({**CREDIT, "published_at": "2199-01-01T00:00:00+08:00"}), "published-in-the-future"),
    ],
)
def test_a_record_that_cannot_be_is_refused_on_record(world: World, body: str, reason: str) -> None:
    world._arrived("credit", body)
    world.run()
    [refused] = lists.refused(datetime.now(UTC), 2)
    assert (refused.about, refused.reason, refused.department) == ("credit", reason, None)
    items = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["TABLE_NAME"])["Items"]
    assert [int(item["expires_at"]["N"]) > datetime.now(UTC).timestamp() for item in items] == [True]  # nothing else
