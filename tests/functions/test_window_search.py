"""The window finds packets by a part of a name, a telephone number or a code; an answer reads a bounded part."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from kaigong.contract.routes import PAGE_SIZE, Group
from kaigong.domain.intake.search import spellings, words
from kaigong.portal import access
from kaigong.settings import settings
from kaigong.store import keys, search
from kaigong.store.clients import client
from kaigong.store.items import to_attributes
from kaigong.store.lists import NotACursor

from . import story
from .asking import DRAFT, FOREIGN, OTHER, OWN, PROJECT_CODE, WINDOW, ask, page_as, played, soil
from .world import World

OFFICER = access.Caller(name="c", called="赵窗口", groups=frozenset({Group.WINDOW}))
OPERATIONS = access.Caller(name="o", called="运维", groups=frozenset({Group.OPERATIONS}))
NOW = datetime(2026, 3, 9, tzinfo=UTC)
CALLED = "20260306-called"
Looks = Callable[..., Any]


def put(packet: str, at: datetime, sought_by: str) -> None:
    item = keys.submitted_key(packet, at) | {"sought_by": sought_by}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


def found(typed: str, limit: int = 20, before: str = "") -> search.Sought:
    return search.packets_with([spellings(word) for word in words(typed)], NOW, limit, before)


@pytest.mark.usefixtures("world")
def test_every_page_goes_on_where_the_one_before_ended_newest_first_through_the_years() -> None:
    made = [
        (f"20{year}-p{month}", datetime(2000 + year, month, 5, tzinfo=UTC)) for year in (24, 26) for month in (1, 2)
    ]
    for packet, at in made:
        put(packet, at, f"某牛奶厂\n{packet}")
    put("2026-other", datetime(2026, 2, 7, tzinfo=UTC), "某钢铁厂")
    listed: list[str] = []
    place = ""
    while True:
        page = found("牛奶", 1, place)
        listed += page.packets
        if page.more is None:
            break
        place = page.more
    assert listed == [packet for packet, _ in sorted(made, key=lambda made: made[1], reverse=True)]
    assert found("牛奶 p1").packets == ("2026-p1", "2024-p1")
    assert found("牛奶", before="2026-01-20T00:00:00Z").packets == ("2026-p1", "2024-p2", "2024-p1")


class Slow:
    """DynamoDB, where a single item is as much as it reads at once."""

    def query(self, **request: Any) -> Any:
        return client("dynamodb").query(**request, Limit=1)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("most", [1, 2, 3])
def test_who_reads_enough_stops_says_so_and_the_next_answer_goes_on(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        put(f"2026-steel-{n}", datetime(2026, 1, 1, 0, 0, n, tzinfo=UTC), "某钢铁厂")
    put("2025-milk", datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC), "某牛奶厂")
    put("2025-first", datetime(2025, 1, 1, tzinfo=UTC), "某牛奶厂")
    put("2017-milk", datetime(2017, 5, 5, tzinfo=UTC), "某牛奶厂")
    monkeypatch.setattr(search, "client", lambda _: Slow())
    monkeypatch.setattr(search, "MOST_READ", most)
    answers, place = [found("牛奶")], ""
    while answers[-1].more is not None and len(answers) < 20:
        assert answers[-1].cut
        assert answers[-1].more != place
        place = answers[-1].more
        answers.append(found("牛奶", before=place))
    assert [packet for page in answers for packet in page.packets] == ["2025-milk", "2025-first", "2017-milk"]
    assert not answers[-1].cut
    assert len(answers) >= 8 // most


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "place", ["x", "2026", "2026-01-01T00:00:00Z#../x", "~", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z"]
)
def test_a_place_that_nobody_gave_out_is_refused(place: str) -> None:
    with pytest.raises(NotACursor):
        found("牛奶", before=place)


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        enterprise = {"name": "豫东（商丘）ＡＢ 乳业有限公司", "uscc": OTHER, "phone": "０３７０-123 4567"}
        world.submit(soil(world, CALLED, enterprise, project={"name": "鲜奶加工", "code": PROJECT_CODE}))
        world.run()
        yield world


@pytest.fixture
def looks(stage: World, monkeypatch: pytest.MonkeyPatch) -> Looks:
    def look(typed: str, caller: access.Caller = OFFICER, **more: str) -> Any:
        with stage.inside("portal"):
            return page_as(monkeypatch, caller, "/window/search", {"q": typed, **more})

    return look


@pytest.mark.parametrize(
    "typed",
    [
        "乳业",
        "商丘 乳业",
        "ab",
        "ＡＢ　乳业",
        "鲜奶",
        "03701234567",
        "0370-1234567",
        "1234567",
        "411400-04-01",
        "306-called",
    ],
)
def test_a_packet_is_found_by_a_part_of_what_it_is_known_by(looks: Looks, typed: str) -> None:
    page = looks(typed)["body"]
    assert f'href="../window/packets/{CALLED}"' in page
    assert page.count(f'href="../window/packets/{FOREIGN}"') == 0


def test_what_was_looked_for_stands_in_no_address_and_a_day_leaves_later_ones_out(looks: Looks, stage: World) -> None:
    answer = looks("乳业")
    assert answer["statusCode"] == 200
    assert "Location" not in answer["headers"]
    assert 'method="post" action="../window/search"' in answer["body"]
    assert CALLED not in looks("乳业", until="2020-01-01")["body"]
    assert CALLED in looks("乳业", until="2099-01-01")["body"]
    with stage.inside("portal"):
        moved = page_as(pytest.MonkeyPatch(), OFFICER, "/window/search", query={"q": "乳业"})
    assert (moved["statusCode"], moved["headers"]["Location"]) == (303, "../window")


@pytest.mark.parametrize("more", [{"q": "乳"}, {"until": "2026-02-30"}, {"until": "9999-12-31"}])
def test_a_search_that_can_be_none_says_what_to_type(looks: Looks, more: dict[str, str]) -> None:
    answer = looks(**{"typed": more.get("q", "乳业"), **{k: v for k, v in more.items() if k != "q"}})
    assert answer["statusCode"] == 422
    assert "至少填写两个字" in answer["body"]


def test_only_the_window_looks_for_parts_of_names(looks: Looks) -> None:
    assert CALLED not in looks("乳业", OPERATIONS)["body"]
    assert "没有找到" in looks("乳业", OPERATIONS)["body"]
    assert DRAFT not in looks("20260306")["body"]  # nothing was submitted yet


def test_the_api_finds_the_same_and_refuses_a_place_that_is_none(stage: World) -> None:
    with stage.inside("portal"):
        answer = ask("/api/search", WINDOW, method="POST", carries={"q": "乳业"})
        wrong = ask("/api/search", WINDOW, method="POST", carries={"q": "乳业", "after": "x"})
        every = ask("/api/search", WINDOW, method="POST", carries={"q": "2026"})
    assert CALLED in answer["body"]
    assert (wrong["statusCode"], "invalid-body" in wrong["body"]) == (400, True)
    assert story.PACKET in every["body"]
    assert every["body"].count('"submitted_at"') <= PAGE_SIZE
    assert OWN in every["body"]


def test_a_packet_of_another_name_is_found_by_the_new_one(stage: World, looks: Looks) -> None:
    """What it is found by changes in the transaction that takes the new name."""
    returned = soil(stage, "20260306-renamed", {"name": "旧名称有限公司", "uscc": OTHER})
    stage.upload("20260306-renamed", "soil-plan", b"bad")
    stage.submit(returned)
    stage.run()
    assert "20260306-renamed" in looks("旧名称")["body"]
    stage.submit(soil(stage, "20260306-renamed", {"name": "新名称有限公司", "uscc": OTHER}))
    stage.run()
    assert "20260306-renamed" in looks("新名称")["body"]
    assert "20260306-renamed" not in looks("旧名称")["body"]
