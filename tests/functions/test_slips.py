"""Refusal slips: written by the window, found by whom they are for, printed, and never two for one refusal."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from kaigong.contract.routes import Group
from kaigong.portal import access

from .asking import (
    APPLICANT,
    HOUSING,
    OPERATIONS,
    OTHER,
    OWN,
    STRANGER,
    WINDOW,
    ask,
    body,
    logged,
    page_as,
    played,
    valid,
)
from .world import World

OFFICER = WINDOW | {"cognito:username": "c", "name": "赵敏", "custom:department": "approvals"}
REFUSED = {
    "kind": "not-ours",
    "to": "商丘样例生物科技有限公司",
    "uscc": OWN,
    "what": "取水许可（省管河流）",
    "reason": "所申请河段由省水利厅管理。",
    "basis": "《取水许可管理办法》",
    "next": "请向省水利厅申请，窗口电话 0371-12345678。",
}
CALLERS = {
    "window": access.Caller(name="c", called="赵敏", groups=frozenset({Group.WINDOW}), department="approvals"),
    "own": access.Caller(name="a", called="申", groups=frozenset({Group.APPLICANT}), uscc=OWN),
    "other": access.Caller(name="b", called="外", groups=frozenset({Group.APPLICANT}), uscc=OTHER),
}


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


def recorded(**more: Any) -> Any:
    answer = ask("/api/slips", OFFICER, method="POST", carries=REFUSED | more)
    assert answer["statusCode"] == 201, answer["body"]
    return json.loads(answer["body"])


@pytest.mark.usefixtures("stage")
def test_a_slip_says_all_that_the_law_wants_and_is_one_however_often_it_is_sent() -> None:
    with logged() as log:
        slip = recorded()
    valid(slip, "SlipShown")
    assert recorded()["number"] == slip["number"]
    assert [one["number"] for one in body("/api/slips", APPLICANT)["slips"]].count(slip["number"]) == 1
    assert (slip["to"], slip["officer"], slip["department"]) == (REFUSED["to"], "赵敏", "approvals")
    assert slip["basis"][0]["zh"].endswith("第（二）项")
    assert "行政复议" in slip["remedy"]["zh"]
    assert "行政诉讼" in slip["remedy"]["zh"]
    assert slip["at"]
    assert not [word for word in (REFUSED["to"], "赵敏", OWN) if word in log.getvalue()]
    assert recorded(reason="另一理由")["number"] != slip["number"]


@pytest.mark.usefixtures("stage")
def test_a_slip_is_for_the_window_and_whom_it_was_given_to() -> None:
    path, nobody = f"/api/slips/{recorded()['number']}", f"/api/slips/{recorded(uscc=None)['number']}"
    for claims, status in ((APPLICANT, 200), (WINDOW, 200), (OPERATIONS, 200), (STRANGER, 404), (HOUSING, 403)):
        assert ask(path, claims)["statusCode"] == status
    assert ask(nobody, APPLICANT)["statusCode"] == 404
    assert ask("/api/slips", STRANGER, {"uscc": OWN})["statusCode"] == 403
    assert ask("/api/slips", APPLICANT, method="POST", carries=REFUSED)["statusCode"] == 403
    for missing in ("reason", "next", "what", "to", "kind"):
        assert ask("/api/slips", OFFICER, method="POST", carries=REFUSED | {missing: ""})["statusCode"] == 400


def test_the_window_writes_one_on_a_page_and_the_enterprise_prints_it(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(who: str, path: str, form: Any = None, **query: str) -> Any:
        with stage.inside("portal"):
            return page_as(monkeypatch, CALLERS[who], path, form, query=query or None)

    assert f'value="{OWN}"' in look("window", "/window/slips", uscc=OWN)["body"]
    wrong = look("window", "/window/slips", REFUSED | {"reason": ""})
    assert (wrong["statusCode"], REFUSED["what"] in wrong["body"]) == (422, True)
    wide = "９１４１１４０２ＭＡ０ＫＧ０００２Ｎ"  # as a Chinese keyboard may have it: it is the same slip
    sent, again = (look("window", "/window/slips", REFUSED | {"uscc": typed}) for typed in (OWN, wide))
    assert again["headers"]["Location"] == sent["headers"]["Location"]
    assert sent["statusCode"] == 303
    path = "/" + sent["headers"]["Location"].lstrip("./")
    for who in ("window", "own"):
        page = look(who, path)["body"]
        for said in (REFUSED["to"], REFUSED["reason"], REFUSED["next"], "赵敏", "行政复议", "第三十二条"):
            assert said in page
    assert look("other", path)["statusCode"] == 404
    number = path.removeprefix("/slips/")
    assert number in look("own", "/slips")["body"]
    assert number in look("window", f"/window/enterprises/{OWN}")["body"]


def test_a_manifest_that_was_not_taken_in_has_a_slip_while_that_stands(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet = "20260306-no-manifest"
    stage.upload(packet, "soil-plan", b"good")
    stage.submit({"packet": packet, "schema": "kaigong/manifest/1"})
    stage.run()
    slip = body(f"/api/packets/{packet}/refusal-slip", WINDOW)
    assert slip["number"].startswith(packet)
    assert slip["reasons"]
    assert "行政复议" in slip["remedy"]["zh"]
    with stage.inside("portal"):
        page = page_as(monkeypatch, CALLERS["window"], f"/packets/{packet}/refusal")["body"]
    assert slip["reasons"][0]["zh"] in page
    assert "重新提交" in page
    assert ask("/api/packets/20260306-new/refusal-slip", WINDOW)["statusCode"] == 404
