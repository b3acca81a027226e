"""The commands that ask the portal for something: what they send, and what they say of the answer."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from kaigong.catalog import load
from kaigong.contract.letters import LettersRequest
from kaigong.contract.letters import letters as in_force
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.signature import Role, Signer
from typer.testing import CliRunner, Result

from infra.command import app, client, clock
from infra.command.client import Connection, Target, archive, deadletters, storage
from infra.command.client.api import Api
from infra.samples import acceptance_case, city_case

TARGET = Target("s", "cn-north-1", "b", "https://sqs.test/s-", "https://portal.test/", "https://issuer.test/", "c")
ACT = {
    "packet": "P-1", "kind": "withdraw", "subject": "packet", "officer": None, "department": None, "reason": "暂缓",
    "at": "2026-03-06T01:30:00Z", "see": "/api/packets/P-1",
}  # fmt: skip
_OPEN = {"zh": "提交全部材料即可申请。", "en": "Hand in every paper."}
_CLOSED = {"zh": "该事项不适用告知承诺。", "en": "Not open to commitment."}
ROUTES = {
    "packet": "P-1",
    "process": {"code": "general", "name": {"zh": "一般项目", "en": "General"}},
    "rights": {
        "channel": "ordinary",
        "why": {"zh": "按普通通道办理。", "en": "Ordinary channel."},
        "granted": [{"privilege": "tolerance", "name": {"zh": "容缺受理", "en": "tolerated gaps"}}],
        "closed": [{"privilege": "team", "name": {"zh": "服务专班", "en": "the service team"}, "why": _CLOSED}],
    },
    "matters": [
        {
            "matter": "soil-conservation",
            "name": {"zh": "水土保持", "en": "Soil conservation"},
            "routes": [
                {"route": "approval", "open": True, "why": _OPEN, "number": "1"},
                {"route": "commitment", "open": False, "why": _CLOSED, "number": None},
            ],
        }
    ],
}


class Portal:
    """Answers one request after another, and notes what was asked."""

    def __init__(self, *answers: tuple[int, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, Any]] = []
        self.roles: list[str] = []
        self.named: list[str | None] = []

    def request(self, method: str, url: str, headers: dict[str, str], json: Any = None) -> Any:
        assert headers["Authorization"] == "Bearer token-of-the-pool"
        self.asked.append((method, urlsplit(url).path, json))
        status, content = self.answers.pop(0)
        return urllib3.HTTPResponse(body=_bytes(content), status=status, preload_content=True)


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Any:
    def make(*answers: tuple[int, Any]) -> Portal:
        made = Portal(*answers)

        def sign_in(api: Api) -> str:
            made.roles.append(api._role)
            made.named.append(api._named)
            return "token-of-the-pool"

        monkeypatch.setattr(client, "connect", lambda _: Connection(TARGET))
        monkeypatch.setattr(Api, "_signed_in", sign_in)
        monkeypatch.setattr(urllib3, "PoolManager", lambda **_: made)
        return made

    return make


@pytest.fixture
def further_west(portal: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The portal of a stack whose hall goes by another clock than most."""

    def make(*answers: tuple[int, Any]) -> Portal:
        made: Portal = portal(*answers)
        monkeypatch.setattr(client, "connect", lambda _: Connection(replace(TARGET, time_zone="Asia/Urumqi")))
        return made

    monkeypatch.setattr(clock, "_zone", clock.zone())  # put back afterwards
    return make


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_times_are_told_by_the_clock_of_the_stacks_hall(further_west: Any) -> None:
    further_west((202, ACT))
    assert "2026-03-06 07:30" in run("withdraw", "P-1", "--reason", "暂缓").stdout


def test_a_time_without_a_zone_is_the_halls(further_west: Any) -> None:
    asked = further_west((200, {"version": 1}), (200, {}))
    run("supervision", "plan", "water", "P-1.soil-conservation", "--at", "2026-03-09T14:00", "--json")
    assert asked.asked[-1][2]["says"]["appointment"] == "2026-03-09T14:00:00+06:00"


def test_withdrawing_asks_as_the_applicant_and_shows_what_is_on_record(portal: Any) -> None:
    asked = portal((202, ACT), (200, ACT))
    for _ in range(2):  # the second time it is on record already
        found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
        assert (found.exit_code, json.loads(found.stdout)) == (0, ACT)
    assert asked.asked == [("POST", "/api/packets/P-1/acts", {"kind": "withdraw", "reason": "暂缓"})] * 2
    assert asked.roles == ["applicant"] * 2


def test_the_window_says_of_a_doubt_that_it_is_true_or_does_not_hold(portal: Any) -> None:
    asked = portal((202, ACT), (202, ACT))
    assert run("doubt", "P-1", "differs-name", "--true", "执照不符").exit_code == 0
    assert run("doubt", "P-1", "differs-name", "--settled", "执照相符").exit_code == 0
    said = [("confirm-doubt", "执照不符"), ("override-doubt", "执照相符")]
    assert [body for _, _, body in asked.asked] == [
        {"kind": kind, "subject": "differs-name", "reason": reason} for kind, reason in said
    ]
    assert asked.roles == ["window"] * 2


def test_whom_an_applicant_s_command_acts_as_can_be_said(portal: Any) -> None:
    asked = portal((202, ACT), (200, ROUTES))
    assert run("withdraw", "P-1", "--reason", "暂缓", "--as", "applicant-2").exit_code == 0
    assert run("routes", "P-1", "--as", "applicant-2").exit_code == 0
    assert asked.named == ["applicant-2"] * 2


def test_withdrawing_tells_people_where_to_look(portal: Any) -> None:
    portal((202, ACT))
    found = run("withdraw", "P-1", "--reason", "暂缓")
    assert "2026-03-06 09:30" in found.stdout
    assert "kaigong status P-1" in found.stdout


def test_a_withdrawal_that_comes_too_late_is_a_refusal_with_its_reason(portal: Any) -> None:
    portal((409, {"code": "too-late", "zh": "已不能撤回。", "en": "Too late."}))
    found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["error"] == {"code": "too-late", "zh": "已不能撤回。", "en": "Too late."}
    assert "已不能撤回。" in found.stderr


def test_the_routes_are_one_document_or_a_table_with_every_reason(portal: Any) -> None:
    asked = portal((200, ROUTES), (200, ROUTES))
    assert json.loads(run("routes", "P-1", "--json").stdout) == ROUTES
    shown = run("routes", "P-1")
    assert shown.exit_code == 0
    for words in ("soil-conservation", "容缺受理", "服务专班", "按普通通道办理。", "Ordinary channel."):
        assert words in shown.stdout
    assert [method for method, _, _ in asked.asked] == ["GET", "GET"]


def test_an_unknown_packet_is_not_replayed_and_it_is_said_where_to_look(
    portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(deadletters, "look_at", lambda _, packet: looked_at.append(packet))
    asked = portal((404, {"code": "not-found", "zh": "没有。", "en": "No."}), (200, {"packet": "P-1"}))
    refused = run("ops", "replay", "P-9", "--json")
    assert (refused.exit_code, looked_at) == (1, [])
    error = json.loads(refused.stdout)["error"]
    assert error["code"] == "not-found"
    for text in (error["zh"], error["en"]):
        assert "P-9" in text
        assert "kaigong ops stuck" in text
    assert run("ops", "replay", "P-1").exit_code == 0
    assert looked_at == ["P-1"]
    assert asked.roles == ["operations"] * 2


@pytest.mark.parametrize(
    ("until", "yes", "words"),
    [
        (None, True, "还在办理"),
        ("2099-01-01T00:00:00+08:00", True, "2099-01-01"),
        ("2020-01-01T00:00:00+08:00", False, "--yes"),
    ],
)
def test_papers_are_not_erased_before_their_time_nor_unasked(
    until: str | None, yes: bool, words: str, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased: list[str] = []
    monkeypatch.setattr(archive, "erase", lambda _, packet: erased.append(packet))
    portal((200, {"erasable_from": until}))
    refused = run("ops", "erase", "P-1", *(["--yes"] if yes else []), "--json")
    assert (refused.exit_code, erased) == (1, [])
    error = json.loads(refused.stdout)["error"]
    assert words in error["zh"]
    assert "P-1" in error["en"]


def test_papers_are_erased_on_request_once_their_time_is_over(portal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "erase", lambda *_: archive.Erased(files=3, texts=2, items=1))
    monkeypatch.setattr(archive, "never_handed_in", lambda _: iter(("P-2", "P-3")))
    over, running = {"erasable_from": "2020-01-01T00:00:00+08:00"}, {"erasable_from": "2099-01-01T00:00:00+08:00"}
    portal((200, over), (200, over), (200, running))
    one = run("ops", "erase", "P-1", "--yes", "--json")
    assert json.loads(one.stdout) == {"packet": "P-1", "files": 3, "texts": 2, "items": 1}
    expired = run("ops", "erase", "--expired", "--yes", "--json")
    assert [entry["packet"] for entry in json.loads(expired.stdout)["erased"]] == ["P-2"]
    assert run("ops", "erase").exit_code == 2


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [(302, b"", "http-302"), (403, {"message": "Forbidden"}, "http-403"), (500, b"<html>", "http-500")],
)
def test_an_answer_that_is_none_of_ours_is_a_refusal_too(portal: Any, status: int, content: Any, code: str) -> None:
    portal((status, content))
    found = run("withdraw", "P-1", "--reason", "暂缓", "--json")
    assert (found.exit_code, json.loads(found.stdout)["error"]["code"]) == (1, code)


def test_a_packet_name_cannot_lead_to_another_address(portal: Any) -> None:
    asked = portal((404, {"code": "not-found", "zh": "没有。", "en": "No."}))
    run("withdraw", "../ops?x=1", "--reason", "暂缓")
    assert asked.asked[0][1] == "/api/packets/..%2Fops%3Fx%3D1/acts"


# one packet's reviews, at the desk


def matter(code: str, state: str, department: str = "water") -> dict[str, Any]:
    return {
        "matter": code, "name": {"zh": "水土保持", "en": "Soil"}, "department": department, "state": state,
        "due": "2026-03-06T09:00:00Z", "due_certain": True,
    }  # fmt: skip


def review(code: str, **changed: Any) -> dict[str, Any]:
    name = {"zh": "方案", "en": "Plan"}
    return {
        "review_id": f"P-1.{code}",
        "packet": "P-1",
        "round": 2,
        "department": {"code": "water", "name": name},
        "channel": "green",
        "enterprise": {"name": "某公司", "uscc": "91411402MA0KG0002N"},
        "project": {"name": "某项目"},
        "matter": matter(code, "open"),
        "materials": [{"slot": "soil-plan", "name": name, "main": True, "key": "packets/x.pdf", "file": "x.pdf"}],
        "sent": False,
        **changed,
    }


OPEN = {
    "matters": [
        matter("soil-conservation", "open"),
        matter("flood-impact", "paused"),
        matter("water-abstraction", "approved"),
        matter("fire-design-review", "open", "housing"),
    ]
}


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    def client_of(_: Connection, service: str) -> Any:
        raise AssertionError(f"{service} was called")

    monkeypatch.setattr(Connection, "client", client_of)


@pytest.mark.usefixtures("no_queue")
def test_the_reviews_of_one_packet_are_decided_at_the_desk_without_its_queue(portal: Any) -> None:
    asked = portal((200, OPEN), (200, review("soil-conservation")), (200, review("flood-impact")), (202, {}), (202, {}))
    done = json.loads(
        run(
            "review", "water", "--packet", "P-1", "--reject", "不符", "--slot", "soil-plan", "--max", "2", "--json"
        ).stdout
    )
    reason = {"slot": "soil-plan", "text": "不符", "basis": "经办人审查意见"}
    assert [(path, body) for method, path, body in asked.asked if method == "POST"] == [
        (
            f"/api/desk/reviews/P-1/{code}/decision",
            {"round": 2, "outcome": "reject", "reasons": [reason], "conditions": []},
        )
        for code in ("soil-conservation", "flood-impact")
    ]
    assert set(asked.roles) == {"officer-water"}
    assert [(entry["queue"], entry["outcome"]) for entry in done["tasks"]] == [("review-water-priority", "reject")] * 2
    task = done["tasks"][0]["task"]
    assert (task["packet"], task["matter"], task["round"]) == ("P-1", "soil-conservation", 2)
    assert [material["slot"] for material in task["materials"]] == ["soil-plan"]


@pytest.mark.usefixtures("no_queue")
@pytest.mark.parametrize(("options", "outcome"), [((), None), (("--correct", "补图", "--slot", "drawings"), None)])
def test_what_is_only_looked_at_stays_as_it_is(portal: Any, options: tuple[str, ...], outcome: str | None) -> None:
    answered = {"decided": {"outcome": "approve"}}
    asked = portal(
        (200, OPEN), (200, review("soil-conservation")), (200, review("flood-impact", **answered)),
        (200, OPEN), (200, review("soil-conservation")), (200, review("flood-impact", sent=True)),
    )  # fmt: skip
    found = json.loads(run("review", "water", "--packet", "P-1", *options, "--json").stdout)
    assert [(entry["task"]["matter"], entry["outcome"]) for entry in found["tasks"]] == [("soil-conservation", outcome)]
    assert {method for method, _, _ in asked.asked} == {"GET"}


@pytest.mark.usefixtures("no_queue")
def test_a_second_officer_signs_what_the_first_one_proposed_or_sends_it_back(portal: Any) -> None:
    def done(*options: str) -> list[str | None]:
        found = run("review", "water", "--packet", "P-1", *options, "--max", "1", "--json")
        return [entry["outcome"] for entry in json.loads(found.stdout)["tasks"]]

    both = (200, review("soil-conservation")), (200, review("flood-impact"))
    portal((200, OPEN), *both, (202, {"proposed": True}))
    assert done("--approve") == ["propose-approve"]
    waits = {"to_sign": True, "proposal": {"id": "p-1"}}
    for options, action, more in (
        (("--sign",), "sign", {}),
        (("--send-back", "请写明防渗要求"), "send-back", {"reason": "请写明防渗要求"}),
    ):
        asked = portal((200, OPEN), (200, review("soil-conservation", **waits)), both[1], (202, {}))
        assert done(*options) == [action]
        assert asked.asked[-1] == (
            "POST",
            "/api/desk/reviews/P-1/soil-conservation/signature",
            {"round": 2, "proposal": "p-1", "action": action, **more},
        )
    portal((200, OPEN), (200, review("soil-conservation", to_sign=False)), both[1])
    assert done("--sign") == [None]


@pytest.mark.usefixtures("no_queue")
def test_a_procedure_starts_at_the_desk_too(portal: Any) -> None:
    asked = portal((200, OPEN), (200, review("soil-conservation")), (200, review("flood-impact")), (202, {}))
    found = run(
        "review", "water", "--packet", "P-1", "--procedure", "hearing", "--note", "听证", "--at", "2026-03-09T14:00",
        "--max", "1", "--json",
    )  # fmt: skip
    assert [entry["outcome"] for entry in json.loads(found.stdout)["tasks"]] == ["hearing-start"]
    assert asked.asked[-1] == (
        "POST",
        "/api/desk/reviews/P-1/soil-conservation/procedure",
        {"round": 2, "kind": "hearing", "action": "start", "note": "听证", "appointment": "2026-03-09T14:00:00+08:00"},
    )


@pytest.mark.usefixtures("no_queue")
def test_a_packet_that_the_department_does_not_review_has_no_tasks_and_one_that_another_has_is_refused(
    portal: Any,
) -> None:
    unknown = {"code": "not-found", "zh": "没有。", "en": "No."}
    portal((404, unknown), (404, unknown))
    assert json.loads(run("review", "water", "--packet", "P-9", "--approve", "--json").stdout)["tasks"] == []
    assert "kaigong status P-9" in run("review", "water", "--packet", "P-9").stdout
    held = {"code": "held-by-another", "zh": "由李四办理。", "en": "Li Si has it."}
    portal((200, {"matters": OPEN["matters"][:1]}), (200, review("soil-conservation")), (409, held))
    refused = run("review", "water", "--packet", "P-1", "--approve", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)["error"]) == (1, held)


# commitment letters

CITY = city_case().manifest()
REFUSED = {
    "code": "no-letter",
    "zh": "“水土保持”（soil-conservation）不适用告知承诺。",
    "en": "It takes no commitment.",
}


def held(matters: Iterable[str]) -> dict[str, Any]:
    """The letters in force for the city's case, as the API answers them."""
    asked = LettersRequest.model_validate(
        {"enterprise": CITY["enterprise"], "project": CITY["project"], "matters": list(matters)}
    )
    return in_force(asked, load()).model_dump(mode="json")


def folder(path: Path, **changes: Any) -> str:
    (path / "project.json").write_text(json.dumps(CITY | changes), encoding="utf-8")
    return str(path)


@pytest.fixture
def manifests(monkeypatch: pytest.MonkeyPatch) -> list[Manifest]:
    """The manifests handed in; nothing goes to object storage."""
    handed_in: list[Manifest] = []
    monkeypatch.setattr(storage, "upload", lambda *_: ())
    monkeypatch.setattr(storage, "submit", lambda _, manifest: handed_in.append(manifest))
    return handed_in


def test_the_letters_of_a_folder_are_those_of_its_commitments(portal: Any, tmp_path: Path) -> None:
    asked = portal((200, held(CITY["commitments"])))
    found = run("letter", folder(tmp_path), "--json")
    assert (found.exit_code, json.loads(found.stdout)) == (0, held(CITY["commitments"]))
    sent = {"enterprise": CITY["enterprise"], "project": CITY["project"], "matters": CITY["commitments"]}
    assert asked.asked == [("POST", "/api/letters", sent)]


def test_a_letter_is_shown_in_full_with_its_version_and_hash(portal: Any, tmp_path: Path) -> None:
    asked = portal((200, held(["planning-permit"])))
    found = run("letter", folder(tmp_path), "--matters", "planning-permit, ")
    (letter,) = held(["planning-permit"])["letters"]
    assert letter["plain"] in found.stdout
    assert f"SHA-256 {letter['sha256']}" in found.stdout
    assert f"第{letter['version']}版" in found.stdout
    assert asked.asked[0][2]["matters"] == ["planning-permit"]


def test_a_matter_without_a_letter_is_a_refusal_that_names_it(portal: Any, tmp_path: Path) -> None:
    portal((400, REFUSED))
    found = run("letter", folder(tmp_path), "--matters", "soil-conservation", "--json")
    assert (found.exit_code, json.loads(found.stdout)["error"]) == (1, REFUSED)


def test_submitting_accepts_the_letter_of_every_commitment_by_name_now(
    portal: Any, manifests: list[Manifest], tmp_path: Path
) -> None:
    committed = [*CITY["commitments"], "planning-permit"]
    asked = portal((200, held(committed)))
    stale = {"matter": "drawing-review", "version": 9, "sha256": "0" * 64, "by": "李四", "at": "2026-01-01T00:00:00Z"}
    arguments = ("submit", folder(tmp_path, letters=[stale]), "--commit", "planning-permit", "--accept-as", " 张开 ")
    arguments += ("--accept-role", "authorised-agent")
    begun = datetime.now(UTC)
    found = run(*arguments, "--json")
    assert found.exit_code == 0, found.output
    assert asked.asked[0][2]["matters"] == committed
    (manifest,) = manifests
    expected = [(letter["matter"], letter["version"], letter["sha256"]) for letter in held(committed)["letters"]]
    assert [(entry.matter, entry.version, entry.sha256) for entry in manifest.letters] == expected
    assert {entry.by for entry in manifest.letters} == {"张开"}
    assert {entry.signer for entry in manifest.letters} == {Signer(name="张开", role=Role.AUTHORISED_AGENT)}
    assert all(begun <= entry.at <= datetime.now(UTC) for entry in manifest.letters)
    told = json.loads(found.stdout)["letters"]
    assert told == json.loads(manifest.model_dump_json())["letters"]


def test_submitting_says_which_letters_were_accepted(portal: Any, manifests: list[Manifest], tmp_path: Path) -> None:
    portal((200, held(CITY["commitments"])))
    found = run("submit", folder(tmp_path), "--accept-as", "张开")
    assert "张开" in found.stdout
    assert all(matter in found.stdout for matter in CITY["commitments"])
    assert len(manifests) == 1


def test_a_packet_that_commits_to_nothing_has_no_letter_to_accept(
    portal: Any, manifests: list[Manifest], tmp_path: Path
) -> None:
    asked = portal()
    (tmp_path / "project.json").write_text(json.dumps(acceptance_case().manifest()), encoding="utf-8")
    assert "无需签署承诺书" in run("submit", str(tmp_path), "--accept-as", "张开").stdout
    assert json.loads(run("submit", str(tmp_path), "--accept-as", "张开", "--json").stdout)["letters"] == []
    assert [manifest.letters for manifest in manifests] == [(), ()]
    assert asked.asked == []


def test_without_a_name_the_manifest_says_what_the_project_says(
    portal: Any, manifests: list[Manifest], tmp_path: Path
) -> None:
    asked = portal()
    signed = {"matter": "drawing-review", "version": 1, "sha256": "0" * 64, "by": "李四", "at": "2026-01-01T00:00:00Z"}
    for letters in ([], [signed]):
        found = run("submit", folder(tmp_path, letters=letters), "--json")
        assert "letters" not in json.loads(found.stdout)
        assert json.loads(manifests.pop().model_dump_json(exclude_none=True))["letters"] == letters
    assert asked.asked == []


def test_where_a_letter_cannot_be_read_nothing_is_handed_in(
    portal: Any, manifests: list[Manifest], tmp_path: Path
) -> None:
    portal((400, REFUSED))
    found = run("submit", folder(tmp_path), "--commit", "soil-conservation", "--accept-as", "张开")
    assert found.exit_code == 1
    assert "soil-conservation" in found.stderr
    assert manifests == []


KNOWN = {
    "verdict": "revoked", "title": {"zh": "批准已收回", "en": "Taken back"}, "number": "P-1", "kind": None,
    "reasons": [{"text": {"zh": "批准已撤回。", "en": "Recalled."}, "at": "2026-03-06T01:30:00Z"}],
}  # fmt: skip
PROOF = {"packet": "P-1", "entries": [{}, {}], "place": {"seq": 2}, "anchor": {"number": 7, "until": "2026-03-07"}}
CUT = {"fault": "cut-off", "number": 2, "text": {"zh": "末尾被删除。", "en": "The end was cut off."}}


def test_of_a_document_its_hash_and_number_alone_are_sent(
    portal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, asked = tmp_path / "result.json", list[dict[str, str]]()
    file.write_text('{"packet": "P-1"}', "utf-8")
    portal()
    answers = [KNOWN, KNOWN | {"verdict": "superseded"}]
    monkeypatch.setattr(Api, "verify", lambda _, **said: (asked.append(said), answers.pop(0))[1])
    found = run("verify", str(file))
    assert (found.exit_code, "Recalled." in found.stdout) == (1, True)
    assert asked == [{"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "number": "P-1"}]
    assert run("verify", str(file)).exit_code == 0  # genuine, and its approvals stand


def test_of_a_packet_the_ledger_is_verified_and_the_proof_kept(portal: Any, tmp_path: Path) -> None:
    asked = portal((200, PROOF | {"faults": []}), (200, PROOF | {"faults": [CUT]}))
    found = run("verify", "P-1", "--out", str(tmp_path / "proof.json"))
    assert (found.exit_code, "2 of them anchored" in found.stdout) == (0, True)
    assert asked.asked == [("GET", "/api/packets/P-1/proof", None)]
    assert json.loads((tmp_path / "proof.json").read_text("utf-8"))["place"] == {"seq": 2}
    found = run("verify", "P-1")
    assert (found.exit_code, "The end was cut off." in found.stdout) == (1, True)
