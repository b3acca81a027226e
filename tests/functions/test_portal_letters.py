"""The commitment letters over HTTP: who is given them, for which matters, and that accepting one counts."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from kaigong.catalog import load
from kaigong.contract.problems import BODY_LIMIT
from kaigong.domain.intake.letter import in_force
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.signature import SignatureLevel, Signer, Signing
from kaigong.store import packets

from . import story
from .asking import (
    APPLICANT,
    HOUSING,
    NO_GROUP,
    OPERATIONS,
    OTHER,
    OWN,
    PROJECT_CODE,
    STRANGER,
    SUPERVISOR,
    TELECOM,
    WATER,
    WINDOW,
    ask,
    logged,
    played,
    problem,
    soil,
    valid,
)
from .world import World

PATH = "/api/letters"
PEOPLE = {"legal_representative": "张开", "phone": "0370-1234567", "address": "商丘市某路1号"}
PROJECT = {"name": "年产500吨生物酶制剂项目", "code": PROJECT_CODE}
MATTERS = ["power-connection", "planning-permit"]


@pytest.fixture(scope="module")
def stage() -> Iterator[World]:
    with played() as world:
        yield world


pytestmark = pytest.mark.usefixtures("stage")


def of(uscc: str = OWN, **more: Any) -> dict[str, Any]:
    """A right request for an enterprise, with what else it says."""
    return {"enterprise": {"name": "某公司", "uscc": uscc} | PEOPLE, "project": PROJECT, "matters": MATTERS} | more


def given(claims: dict[str, str], asked: Any) -> list[dict[str, Any]]:
    """The letters that are answered."""
    answer = ask(PATH, claims, method="POST", carries=asked)
    assert answer["statusCode"] == 200, answer["body"]
    found = json.loads(answer["body"])
    valid(found, "Letters")
    assert list(found) == ["letters"]
    return list(found["letters"])


@pytest.mark.parametrize(
    ("claims", "own", "foreign"),
    [
        (APPLICANT, 200, 403),
        (STRANGER, 403, 200),
        (WINDOW, 200, 200),
        (OPERATIONS, 200, 200),
        (HOUSING, 403, 403),
        (WATER | {"custom:uscc": OWN}, 403, 403),
        (TELECOM, 403, 403),
        (SUPERVISOR, 403, 403),
        (NO_GROUP, 403, 403),
        ({"cognito:groups": "[applicant]"}, 403, 403),  # acts for no enterprise
        (None, 401, 401),
        (STRANGER | HOUSING | {"cognito:groups": "[applicant department]"}, 403, 200),
        (STRANGER | {"cognito:groups": "[applicant window]"}, 200, 200),
    ],
)
def test_letters_are_for_the_enterprise_they_are_made_out_for_the_window_and_operations(
    claims: dict[str, str] | None, own: int, foreign: int
) -> None:
    for uscc, expected in ((OWN, own), (OTHER, foreign)):
        assert ask(PATH, claims, method="POST", carries=of(uscc))["statusCode"] == expected
        # who may not ask learns nothing of the matters either
        unknown = ask(PATH, claims, method="POST", carries=of(uscc, matters=["no-such-matter"]))
        assert unknown["statusCode"] == (400 if expected == 200 else expected)


def test_each_letter_is_the_one_in_force_in_full_and_in_the_order_asked_for() -> None:
    asked = of(matters=[*MATTERS, MATTERS[0]])
    found = given(APPLICANT, asked)
    assert [letter["matter"] for letter in found] == MATTERS
    enterprise, project = Enterprise.model_validate(asked["enterprise"]), Project.model_validate(asked["project"])
    for letter in found:
        held = in_force(load().matters[letter["matter"]], load(), enterprise, project)
        assert held is not None
        assert letter == held.model_dump(mode="json")


def test_every_matter_without_a_letter_is_named_at_once() -> None:
    asked = of(matters=["power-connection", "soil-conservation", "no-such-matter"])
    answer = ask(PATH, WINDOW, method="POST", carries=asked)
    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["code"]) == (400, "no-letter")
    for words in (told["zh"], told["en"]):
        assert "soil-conservation" in words
        assert "no-such-matter" in words
        assert "power-connection" not in words


def test_a_letter_that_was_read_and_accepted_is_a_commitment_made_electronically(stage: World) -> None:
    packet = accepting(stage, "20260306-letters-1", PROJECT)
    (commitment,) = packets.load(packet).commitments.values()
    assert (commitment.matter, commitment.signing) == ("power-connection", Signing.ELECTRONIC)
    assert (commitment.signer, commitment.level) == (Signer(name="张开"), SignatureLevel.STATED)


def test_a_letter_made_out_for_another_project_is_returned_with_the_way_to_the_one_in_force(stage: World) -> None:
    packet = accepting(stage, "20260306-letters-2", PROJECT | {"name": "另一项目"})
    (notice,) = packets.load_shown(packet).notices.values()
    (item,) = notice.items
    assert (item.code, item.matter) == ("letter-changed", "power-connection")
    assert f"POST {PATH}" in item.text.zh
    assert f"POST {PATH}" in item.text.en


def accepting(stage: World, packet: str, read_for: dict[str, str]) -> str:
    """Hand in a packet whose one letter was read for a project. Returns its name."""
    enterprise = story.MANIFEST["enterprise"]
    asked = {"enterprise": enterprise, "project": read_for, "matters": ["power-connection"]}
    (letter,) = given(APPLICANT, asked)
    entry = {name: letter[name] for name in ("matter", "version", "sha256")}
    said = {
        "project": PROJECT,
        "matters": ["soil-conservation", "power-connection"],
        "commitments": ["power-connection"],
        "letters": [entry | {"by": "张开", "at": "2026-03-06T09:30:00+08:00"}],
    }
    stage.submit(soil(stage, packet, enterprise, **said))
    stage.run()
    return packet


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("{", "-"),
        ([], "-"),
        (of(matters=[]), "matters"),
        (of(matters=["soil-conservation"] * 41), "matters"),
        (of(matters=["No Code"]), "matters.0"),
        (of(matters="power-connection"), "matters"),
        (of(uscc="91411402"), "enterprise.uscc"),
        (of(project={"name": ""}), "project.name"),
        (of(project=None), "project"),
        (of(by="张开"), "by"),
        ({"matters": MATTERS}, "enterprise"),
    ],
)
def test_a_request_that_is_not_what_is_asked_for_is_a_problem_that_says_where(asked: Any, where: str) -> None:
    answer = ask(PATH, WINDOW, method="POST", carries=asked)
    told = json.loads(answer["body"])
    assert (answer["statusCode"], told["code"]) == (400, "invalid-body"), told
    assert f"{where} (" in told["en"]


def test_a_request_is_bounded_and_the_longest_right_one_fits() -> None:
    longest = "𠀀" * 200  # each is twelve signs in this notation
    enterprise = {"name": longest, "legal_representative": longest, "address": longest, "phone": "𠀀" * 40, "uscc": OWN}
    project = {"name": longest, "address": longest, "code": PROJECT_CODE, "serviced_site": False}
    asked = json.dumps({"enterprise": enterprise, "project": project, "matters": ["x" * 40] * 40})
    assert problem(PATH, APPLICANT, method="POST", carries=asked) == (400, "no-letter")
    assert problem(PATH, APPLICANT, method="POST", carries=" " * BODY_LIMIT + "{}") == (413, "body-too-large")


def test_nothing_of_who_asks_and_for_what_is_logged() -> None:
    with logged() as log:
        for asked in (of(), of(OTHER), of(matters=["no-such-matter"]), of(secret="秘密")):
            ask(PATH, APPLICANT | {"cognito:username": "zhang-san"}, method="POST", carries=asked)
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("letters", 200), ("letters", 403), ("letters", 400), ("letters", 400)
    ]  # fmt: skip
    hidden = (
        OWN,
        OTHER,
        PROJECT_CODE,
        PROJECT["name"],
        "某公司",
        "zhang-san",
        "no-such-matter",
        "秘密",
        *PEOPLE.values(),
    )
    assert not [words for words in hidden if words in json.dumps(lines, ensure_ascii=False)]


def test_letters_are_kept_by_nobody_on_the_way() -> None:
    answer = ask(PATH, APPLICANT, method="POST", carries=of())
    assert answer["headers"]["Cache-Control"] == "no-store"
    assert problem(PATH, APPLICANT) == (405, "no-such-method")  # not by GET
