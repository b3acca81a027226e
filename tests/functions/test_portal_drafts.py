"""Drawing up an application over HTTP: drafts, upload permits with every refusal, handing in; and whose it is."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from kaigong.contract import routes
from kaigong.domain.intake.draft import safe_name
from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import NoticeKind, Status
from kaigong.domain.model.signature import Role, SignatureLevel, Signer, Signing
from kaigong.portal import access
from kaigong.portal.apply import actions as applying
from kaigong.portal.unanswered import Unanswered
from kaigong.store import credit, drafts, files, packets, permits
from kaigong.store.clients import client

from tests.patience import PATIENCE

from . import story
from .asking import (
    APPLICANT,
    DRAFT,
    FOREIGN,
    HOUSING,
    NEW,
    OPERATIONS,
    OTHER,
    OWN,
    PROJECT_CODE,
    STRANGER,
    SUPERVISOR,
    WINDOW,
    address,
    ask,
    logged,
    played,
    problem,
    soil,
    valid,
)
from .world import ENVIRONMENT, World, encrypted

MATTERS = ["soil-conservation"]
SLOTS = ("application-form", "business-licence", "authorisation", "project-filing-certificate", "soil-plan")
PROMISED = "authorisation"  # not a main paper
UNPROMISED = [slot for slot in SLOTS if slot != PROMISED]
FORM = {
    "enterprise": {"name": "商丘样例生物科技有限公司", "phone": "0370-1234567"},
    "project": {"name": "生物酶制剂项目"},
}
NAMELESS = APPLICANT | {"name": ""}  # an account of which the pool does not say whose it is
EARTHWORKS = {"disturbed-area": "1200", "excavation": "300"}  # of the one form, beside the paper
MEGABYTE = 1024 * 1024
OF_DRAFT = [r for r in routes.ROUTES if "{draft}" in r.path and routes.Group.APPLICANT in r.groups]
PLACE = {"slot": "soil-plan", "upload": "20260306T093000-abcdef", "name": "f", "parts": "x"}
BODIES: dict[str, Any] = {
    "save-draft": {"version": 1, "matters": MATTERS},
    "accept-letter": {"version": 1, "matter": "planning-permit", "sha256": "0" * 64},
    "take-out": {"version": 1, "slot": "soil-plan"},
    "reuse-paper": {"slot": "soil-plan", "packet": NEW},
    "hand-in": {"version": 1},
    "permit-upload": {"slot": "soil-plan", "name": "f.pdf", "size": 4, "media_type": "application/pdf"},
    "permit-part": {
        "slot": "soil-plan",
        "upload": "20260306T093000-abcdef",
        "name": "f",
        "parts": "x",
        "number": 1,
        "size": 1,
    },
    "parts": PLACE,
    "finish-parts": PLACE,
    "give-up-parts": PLACE,
    "sort-files": {"names": ["f.pdf"]},
}


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with played() as world:
        yield world


pytestmark = pytest.mark.usefixtures("world")


def asked(path: str, carries: Any = None, claims: dict[str, str] = APPLICANT, method: str = "POST", **more: Any) -> Any:
    """What is answered, which must be what the contract says."""
    answer = ask(path, claims, method=method, carries=carries, **more)
    assert answer["statusCode"] < 300, answer["body"]
    found = json.loads(answer["body"])
    return found


def started(matters: list[str] | None = None, process: str = "general") -> dict[str, Any]:
    return dict(asked("/api/drafts", {"process": process, "matters": MATTERS if matters is None else matters}))


def path_of(draft: dict[str, Any], more: str = "") -> str:
    return f"/api/drafts/{draft['packet']}{more}"


def saved(draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The draft as it was saved, and what would come of handing it in, which is asked for apart."""
    form = {"version": draft["version"], "matters": draft["matters"], **FORM, **more}
    kept = valid(asked(path_of(draft), form, method="PUT"), "DraftSaved")
    shown = valid(asked(path_of(draft), method="GET"), "DraftShown")
    assert {**kept, "foreseen": shown["foreseen"]} == shown
    return shown


def uploaded(world: World, draft: dict[str, Any], *slots: str, content: bytes = b"good") -> None:
    """Files uploaded as a browser does, and announced by object storage."""
    for slot in slots:
        size = {"size": len(content), "media_type": "application/pdf"}
        permit = asked(path_of(draft, "/uploads"), {"slot": slot, "name": "材料 +1%.pdf", **size})
        put = [requests.put(permit["url"], content, headers=permit["headers"], timeout=PATIENCE) for _ in range(2)]
        assert [answer.status_code for answer in put] == [200, 412], "a permit is for one object"
        announce(world, f"packets/{draft['packet']}/{slot}/{permit['upload']}/{permit['name']}")
    world.run()


def announce(world: World, key: str) -> None:
    head = boto3.client("s3").head_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=key)
    world.puts += 1
    world.announce(key, head["VersionId"], head["ETag"].strip('"'), head["ContentLength"], f"{world.puts:016X}")


def handed_in(world: World, draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = asked(path_of(draft, "/submission"), {"version": draft["version"], **more})
    announce(world, f"packets/{draft['packet']}/manifest.json")
    world.run()
    return dict(found)


def refused(draft: dict[str, Any], more: str = "", carries: Any = None, method: str = "POST", **claims: Any) -> Any:
    return problem(path_of(draft, more), claims.get("claims", APPLICANT), method=method, carries=carries)


# the whole way


def test_an_application_is_drawn_up_handed_in_returned_and_handed_in_again(world: World) -> None:
    draft = valid(started(), "DraftShown")
    assert draft["foreseen"]["wanting"]
    draft = saved(draft)
    uploaded(world, draft, *SLOTS[:-1])
    uploaded(world, draft, SLOTS[-1], content=b"broken")
    found = valid(asked(path_of(draft), method="GET"), "DraftShown")
    states = {slot["slot"]: slot["state"] for slot in found["foreseen"]["slots"]}
    assert states["soil-plan"] == "deficient"
    told = [item["text"] for item in found["foreseen"]["returned"]]
    assert refused(draft, "/submission", {"version": draft["version"]}) == (409, "would-be-returned")
    handed_in(world, draft, anyway=True)
    packet = packets.load_shown(draft["packet"])
    assert packet.header
    assert packet.header.status is Status.RETURNED
    (notice,) = [n for n in packet.notices.values() if n.kind is NoticeKind.RETURNED]
    assert [item.text.model_dump() for item in notice.items] == told

    uploaded(world, draft, "soil-plan")
    draft = asked(path_of(draft), method="GET")
    assert draft["foreseen"]["returned"] == []
    handed_in(world, draft)
    packet = packets.load(draft["packet"])
    assert packet.header
    assert packet.header.accepted_at
    assert packet.header.enterprise.name == "商丘样例生物科技有限公司"
    assert refused(draft, "/submission", {"version": draft["version"] + 1}) == (409, "not-awaited")


def test_a_promise_and_a_letter_go_into_the_packet(world: World) -> None:
    draft = started(["soil-conservation", "power-connection"])
    draft = saved(draft, promises=[PROMISED], commitments=["power-connection"])
    (letter,) = draft["foreseen"]["letters"]
    assert letter["accepted"] is None
    acceptance = {"version": draft["version"], "matter": "power-connection", "sha256": letter["letter"]["sha256"]}
    wrong = acceptance | {"sha256": "0" * 64}
    assert refused(draft, "/letters", wrong) == (409, "draft-changed")
    assert refused(draft, "/letters", acceptance | {"matter": "soil-conservation"}) == (400, "no-letter")
    assert problem(path_of(draft, "/letters"), NAMELESS, method="POST", carries=acceptance) == (409, "account-unnamed")
    draft = valid(asked(path_of(draft, "/letters"), acceptance), "DraftShown")
    assert draft["foreseen"]["letters"][0]["accepted"]["by"] == "李四"
    uploaded(world, draft, *UNPROMISED)
    handed_in(world, draft)
    packet = packets.load(draft["packet"])
    assert packet.header
    assert packet.header.accepted_at, [n.items for n in packet.notices.values()]
    assert list(packet.gaps) == [PROMISED]
    commitment = packet.commitments["power-connection"]
    assert (commitment.signing, commitment.level) == (Signing.ELECTRONIC, SignatureLevel.CONFIRMED)
    assert commitment.signer == Signer(name="李四", role=Role.AUTHORISED_AGENT)


def test_the_enterprise_is_filled_in_from_the_credit_platforms_data() -> None:
    now = datetime.now(UTC)
    record = {
        "schema": "kaigong/credit/1",
        "id": "credit-of-other",
        "uscc": OTHER,
        "grade": "AA",
        "valid_from": now - timedelta(days=1),
        "valid_until": now + timedelta(days=300),
        "published_at": now,
        "unrepaired_breaches": 0,
        "basic": {"name": "另一家有限公司", "legal_representative": "李工", "address": "某路2号"},
    }
    credit.record(CreditRecord.model_validate(record), now)
    draft = asked("/api/drafts", {"process": "general", "matters": MATTERS}, STRANGER)
    assert draft["enterprise"] == {
        "name": "另一家有限公司",
        "legal_representative": "李工",
        "phone": "",
        "address": "某路2号",
    }


def test_a_packet_that_came_through_object_storage_alone_can_be_gone_on_with(world: World) -> None:
    world.upload("20260306-alone", "soil-plan", b"broken", name="a.pdf", upload="1")
    manifest = {**story.MANIFEST, "packet": "20260306-alone", "matters": MATTERS, "promises": [], "commitments": []}
    world.submit({**manifest, "files": [{"slot": "soil-plan", "upload": "1", "name": "a.pdf"}]})
    world.run()
    draft = asked("/api/drafts/20260306-alone", method="GET")
    assert (draft["version"], draft["matters"]) == (0, MATTERS)
    assert drafts.load("20260306-alone") is None
    draft = saved(draft)
    assert draft["version"] == 1
    uploaded(world, draft, *SLOTS)
    handed_in(world, draft)
    header = packets.load("20260306-alone").header
    assert header
    assert header.accepted_at


def test_an_application_of_a_kind_that_has_left_the_guide_says_so() -> None:
    draft = drafts.load(started()["packet"])
    assert draft
    drafts.put(draft.changed(process="gone", version=draft.version + 1))
    assert problem(f"/api/drafts/{draft.packet}", APPLICANT) == (409, "not-awaited")


# saving


def test_whatever_was_typed_is_kept_and_named_where_it_cannot_be_right() -> None:
    draft = saved(started(), project={"name": "", "code": "错的"}, enterprise={"name": "某公司", "phone": "1"})
    assert (draft["project"]["code"], draft["enterprise"]["phone"]) == ("错的", "1")
    assert {w["field"] for w in draft["foreseen"]["wanting"]} == {"enterprise.phone", "project.name", "project.code"}
    assert refused(draft, "/submission", {"version": draft["version"]}) == (409, "draft-incomplete")


def test_of_two_windows_the_second_is_told_and_overwrites_nothing() -> None:
    draft = started()
    first = saved(draft, project={"name": "甲"})
    second = {"version": draft["version"], "matters": MATTERS, **FORM, "project": {"name": "乙"}}
    assert refused(draft, "", second, "PUT") == (409, "draft-changed")
    assert asked(path_of(draft), method="GET")["project"]["name"] == "甲"
    assert saved(first, project={"name": "乙"})["project"]["name"] == "乙"


@pytest.mark.parametrize(
    "wrong",
    [
        {"process": "no-such-process"},
        {"process": "general", "matters": ["no-such-matter"]},
        {"process": "Ordinary"},
        {"process": "general", "owner": OTHER},
        {},
    ],
)
def test_an_application_for_what_there_is_not_is_not_begun(wrong: Any) -> None:
    assert problem("/api/drafts", APPLICANT, method="POST", carries=wrong) == (400, "invalid-body")


def test_matters_of_another_process_are_not_saved() -> None:
    draft = started()
    form = {"version": draft["version"], "matters": ["no-such-matter"], **FORM}
    assert refused(draft, "", form, "PUT") == (400, "invalid-body")
    assert refused(draft, "", form | {"matters": []}, "PUT") == (400, "invalid-body")


def test_without_matters_those_that_the_process_begins_with_are_taken() -> None:
    from kaigong.catalog import load

    assert started([], "industrial")["matters"] == list(load().processes["industrial"].start_matters)


def test_drafts_are_listed_until_their_packet_is(world: World) -> None:
    def names() -> list[str]:
        return list(listed())

    def listed() -> dict[str, Any]:
        return {row["packet"]: row for row in valid(asked("/api/drafts", method="GET"), "Drafts")["drafts"]}

    draft = saved(started())
    row = listed()[draft["packet"]]
    kept = datetime.fromisoformat(row["kept_until"]) - datetime.fromisoformat(row["updated_at"])
    assert kept == timedelta(days=90)
    uploaded(world, draft, *SLOTS)
    asked(path_of(draft, "/submission"), {"version": draft["version"]})
    assert listed()[draft["packet"]]["kept_until"] is None
    announce(world, f"packets/{draft['packet']}/manifest.json")
    world.run()
    assert draft["packet"] not in names()
    assert draft["packet"] in [row["packet"] for row in asked("/api/packets", method="GET")["packets"]]
    assert draft["packet"] not in str(asked("/api/drafts", claims=STRANGER, method="GET"))


def test_more_drafts_are_listed_by_as_many_requests(world: World) -> None:
    def listed() -> tuple[set[str], list[str]]:
        begun = len(world.calls)
        with world.inside("portal"):
            rows = valid(asked("/api/drafts", method="GET"), "Drafts")["drafts"]
        return {row["packet"] for row in rows}, world.calls[begun:]

    begun = {started()["packet"]}
    found, for_one = listed()
    assert found >= begun  # other tests have some, too
    begun |= {started()["packet"] for _ in range(5)}
    found, for_more = listed()
    assert found >= begun
    assert for_more == for_one
    assert any("BatchGetItem" in call for call in for_more)


# handing in


def test_pressing_twice_hands_in_once(world: World) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    for _ in range(3):
        asked(path_of(draft, "/submission"), {"version": draft["version"]})
    versions = boto3.client("s3").list_object_versions(
        Bucket=ENVIRONMENT["BUCKET_NAME"], Prefix=f"packets/{draft['packet']}/manifest.json"
    )
    assert len(versions["Versions"]) == 1
    again = asked(path_of(draft), method="GET")  # the page was looked at again before anything was announced
    asked(path_of(draft, "/submission"), {"version": again["version"]})
    versions = boto3.client("s3").list_object_versions(
        Bucket=ENVIRONMENT["BUCKET_NAME"], Prefix=f"packets/{draft['packet']}/manifest.json"
    )
    assert len(versions["Versions"]) == 1


def test_a_version_after_the_one_that_came_back_is_not_taken_for_handed_in(world: World) -> None:
    draft = saved(started())
    uploaded(world, draft, *UNPROMISED)
    sent = handed_in(world, draft, anyway=True)
    assert (sent["handed_in"], sent["version"]) == (True, draft["version"] + 1)
    assert packets.load(draft["packet"]).header.status is Status.RETURNED  # type: ignore[union-attr]  # it was looked at
    later = saved(sent, promises=[PROMISED])
    assert later["handed_in"] is False
    assert refused(draft, "/submission", {"version": sent["version"]}) == (409, "draft-changed")
    assert files.manifest_mark(draft["packet"]) == drafts.load(draft["packet"]).handed_in.md5  # type: ignore[union-attr]  # it is there
    handed_in(world, later)
    assert packets.load(draft["packet"]).header.accepted_at  # type: ignore[union-attr]  # it was looked at


def test_a_death_between_the_draft_and_the_manifest_is_mended_by_pressing_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)

    def dies(*_: Any) -> bool:
        raise ConnectionError

    with monkeypatch.context() as dying, logged():
        dying.setattr(files, "put_manifest", dies)
        assert refused(draft, "/submission", {"version": draft["version"]}) == (500, "internal")
    again = asked(path_of(draft), method="GET")
    handed_in(world, again)
    assert packets.load(draft["packet"]).header


@pytest.mark.parametrize("own_key", [False, True])
def test_a_manifest_that_was_put_and_whose_answer_was_lost_is_handed_in(
    world: World, monkeypatch: pytest.MonkeyPatch, *, own_key: bool
) -> None:
    """The client asks again, and S3 says that something lies there: this very manifest, by its bytes."""
    if own_key:
        encrypted(monkeypatch)
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    put = client("s3").put_object

    def twice(**request: Any) -> Any:
        put(**request)
        return put(**request)

    with monkeypatch.context() as losing:
        losing.setattr(client("s3"), "put_object", twice)
        asked(path_of(draft, "/submission"), {"version": draft["version"]})
    assert len(manifests(draft)) == 1


@pytest.mark.parametrize("own_key", [False, True])
def test_a_form_that_is_sent_again_is_put_once(world: World, monkeypatch: pytest.MonkeyPatch, *, own_key: bool) -> None:
    """Also where the portal died before it answered, and whatever storage calls the manifest by."""
    if own_key:
        encrypted(monkeypatch)
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    asked(path_of(draft, "/submission"), {"version": draft["version"]})
    again = asked(path_of(draft), method="GET")
    asked(path_of(draft, "/submission"), {"version": again["version"]})
    assert len(manifests(draft)) == 1


def test_a_manifest_that_came_another_way_meanwhile_is_not_taken_for_the_own_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    put = files.put_manifest

    def late(packet: str, document: bytes, before: str | None) -> bool:
        assert put(packet, document + b"\n", before)
        return put(packet, document, before)

    with monkeypatch.context() as racing:
        racing.setattr(files, "put_manifest", late)
        assert refused(draft, "/submission", {"version": draft["version"]}) == (409, "draft-changed")


def manifests(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """Every version of its manifest."""
    prefix = f"packets/{draft['packet']}/manifest.json"
    found = boto3.client("s3").list_object_versions(Bucket=ENVIRONMENT["BUCKET_NAME"], Prefix=prefix)
    return list(found["Versions"])


def test_a_manifest_that_came_another_way_meanwhile_is_not_overwritten() -> None:
    assert files.put_manifest("20260306-race", b"{}", None)
    assert not files.put_manifest("20260306-race", b"[]", None)
    assert files.put_manifest("20260306-race", b"[]", files.manifest_mark("20260306-race"))


def test_what_is_handed_in_lists_exactly_the_newest_files(world: World) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    uploaded(world, draft, "soil-plan")
    asked(path_of(draft, "/submission"), {"version": draft["version"]})
    body = boto3.client("s3").get_object(
        Bucket=ENVIRONMENT["BUCKET_NAME"], Key=f"packets/{draft['packet']}/manifest.json"
    )["Body"]
    listed = {f["slot"]: f["upload"] for f in json.loads(body.read())["files"]}
    assert set(listed) == set(SLOTS)
    assert listed["soil-plan"] in packets.load(draft["packet"]).slots["soil-plan"].key


# permits


def permit(**more: Any) -> dict[str, Any]:
    return {**BODIES["permit-upload"], **more}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"slot": "no-such-slot"}, (400, "upload-refused")),
        ({"media_type": "image/png"}, (400, "upload-refused")),  # a plan is a PDF
        ({"size": 500 * MEGABYTE + 1}, (400, "upload-refused")),
        ({"media_type": "image/jpg"}, (400, "upload-refused")),
        ({"media_type": "x" * 201}, (400, "invalid-body")),
        ({"size": 0}, (400, "invalid-body")),
        ({"name": ""}, (400, "invalid-body")),
        ({"slot": "../../issued"}, (400, "invalid-body")),
        ({"upload": "mine"}, (400, "invalid-body")),
    ],
)
def test_a_permit_is_for_a_material_a_type_and_a_size_that_may_be(more: Any, expected: Any) -> None:
    draft = started()
    assert refused(draft, "/uploads", permit(**more)) == expected


@pytest.mark.parametrize("called", ["application/wps-office.pdf", "text/html", "application/octet-stream", ""])
def test_a_type_of_which_nothing_is_known_leaves_the_file_to_its_examination(called: str) -> None:
    draft = started()
    found = valid(asked(path_of(draft, "/uploads"), permit(media_type=called)), "Permit")
    assert found["media_type"] in ("application/pdf", "application/octet-stream")
    assert (found["media_type"] == "application/pdf") is called.endswith("pdf")


def test_a_permit_signs_one_place_the_size_and_the_type() -> None:
    draft = started()
    found = valid(asked(path_of(draft, "/uploads"), permit(name="../../a\\b.pdf")), "Permit")
    assert found["name"] == safe_name("../../a\\b.pdf")
    assert f"packets/{draft['packet']}/soil-plan/{found['upload']}/_.._a_b.pdf" in found["url"].replace("%2F", "/")
    signed = found["url"].lower()
    assert "x-amz-signedheaders=content-length%3bcontent-type%3bhost%3bif-none-match" in signed
    assert "x-amz-expires=3600" in signed
    assert "checksum" not in signed


def test_a_large_file_goes_in_parts_and_goes_on_where_it_broke_off(world: World) -> None:
    draft = saved(started())
    size = permits.PLAIN + 1
    large = valid(asked(path_of(draft, "/uploads"), permit(size=size, name="扫描件.pdf")), "Permit")
    assert (large["url"], large["part_size"]) == (None, permits.PART)
    place = {name: large[name] for name in ("slot", "upload", "name", "parts")}
    content = b"good" + b" " * (size - 4)
    pieces = [content[at : at + permits.PART] for at in range(0, size, permits.PART)]

    def put(number: int) -> None:
        part = {**place, "number": number, "size": len(pieces[number - 1])}
        where = valid(asked(path_of(draft, "/uploads/part"), part), "PartPermit")["url"]
        assert requests.put(where, data=pieces[number - 1], timeout=PATIENCE).status_code == 200

    put(1)
    came = valid(asked(path_of(draft, "/uploads/parts"), place), "PartsCame")["parts"]
    assert [(p["number"], p["size"]) for p in came] == [(1, permits.PART)]
    for number in range(2, len(pieces) + 1):
        put(number)
    done = valid(asked(path_of(draft, "/uploads/finish"), place), "UploadDone")
    assert done["size"] == size
    key = f"packets/{draft['packet']}/soil-plan/{large['upload']}/扫描件.pdf"
    announce(world, key)
    world.run()
    assert packets.load(draft["packet"]).slots["soil-plan"].key == key
    assert refused(draft, "/uploads/finish", place) == (404, "no-such-upload")
    assert refused(draft, "/uploads/parts", place) == (404, "no-such-upload")


def test_parts_that_make_no_file_yet_are_told_and_can_still_come() -> None:
    draft = saved(started())
    large = asked(path_of(draft, "/uploads"), permit(size=permits.PLAIN + 1))
    place = {name: large[name] for name in ("slot", "upload", "name", "parts")}
    assert refused(draft, "/uploads/finish", place) == (409, "parts-incomplete"), "none came"
    for number, size in ((1, 1), (2, 1)):
        part = asked(path_of(draft, "/uploads/part"), {**place, "number": number, "size": size})
        assert requests.put(part["url"], data=b"x" * size, timeout=PATIENCE).status_code == 200
    assert refused(draft, "/uploads/finish", place) == (409, "parts-incomplete"), "the first is too small"
    first = asked(path_of(draft, "/uploads/part"), {**place, "number": 1, "size": permits.PART})
    assert requests.put(first["url"], data=b"x" * permits.PART, timeout=PATIENCE).status_code == 200
    assert asked(path_of(draft, "/uploads/finish"), place)["size"] == permits.PART + 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("MalformedXML", "parts-incomplete"),
        ("InvalidPart", "parts-incomplete"),
        ("InvalidPartOrder", "parts-incomplete"),
        ("ConditionalRequestConflict", "no-such-upload"),  # somebody else finishes it at the same time
        ("PreconditionFailed", "no-such-upload"),
    ],
)
def test_what_object_storage_says_of_parts_is_told(monkeypatch: pytest.MonkeyPatch, said: str, code: str) -> None:
    draft = saved(started())
    large = asked(path_of(draft, "/uploads"), permit(size=permits.PLAIN + 1))
    place = {name: large[name] for name in ("slot", "upload", "name", "parts")}
    part = asked(path_of(draft, "/uploads/part"), {**place, "number": 1, "size": 1})
    assert requests.put(part["url"], data=b"x", timeout=PATIENCE).status_code == 200

    def fails(**_: Any) -> None:
        raise ClientError({"Error": {"Code": said}}, "CompleteMultipartUpload")

    monkeypatch.setattr(permits.client("s3"), "complete_multipart_upload", fails)
    assert refused(draft, "/uploads/finish", place)[1] == code


def test_an_upload_that_is_given_up_leaves_nothing() -> None:
    draft = started()
    large = asked(path_of(draft, "/uploads"), permit(size=permits.PLAIN + 1))
    place = {name: large[name] for name in ("slot", "upload", "name", "parts")}
    for _ in range(2):
        assert asked(path_of(draft, "/uploads/give-up"), place)["size"] == 0
    assert refused(draft, "/uploads/parts", place) == (404, "no-such-upload")


@pytest.mark.parametrize(
    "more", [{"size": permits.PART + 1}, {"number": 64}, {"name": "a/b"}, {"name": "../x"}, {"slot": "no-such-slot"}]
)
def test_parts_are_never_more_than_a_file_may_be_nor_of_another_place(more: Any) -> None:
    draft = started()
    assert refused(draft, "/uploads/part", {**BODIES["permit-part"], **more}) == (400, "upload-refused")


def test_papers_may_come_only_while_they_are_awaited(world: World) -> None:
    draft = saved(started(), promises=[PROMISED])
    uploaded(world, draft, *UNPROMISED)
    asked(path_of(draft, "/submission"), {"version": draft["version"]})
    announce(world, f"packets/{draft['packet']}/manifest.json")
    world.run()
    form = permit(slot="application-form")
    assert refused(draft, "/uploads", form) == (409, "not-awaited")
    assert refused(draft, "/uploads/part", {**BODIES["permit-part"], "slot": "application-form"}) == (
        409,
        "not-awaited",
    )
    assert refused(draft, "", {"version": draft["version"] + 1, "matters": MATTERS}, "PUT") == (409, "not-awaited")
    uploaded(world, draft, PROMISED)
    assert not packets.load(draft["packet"]).owed()
    assert refused(draft, "/uploads", permit(slot=PROMISED)) == (409, "not-awaited")


def test_nothing_may_come_while_a_submission_is_being_looked_at() -> None:
    assert problem(f"/api/drafts/{NEW}/uploads", APPLICANT, method="POST", carries=BODIES["permit-upload"]) == (
        409,
        "not-awaited",
    )


# whose it is


@pytest.mark.parametrize("route", OF_DRAFT, ids=lambda route: route.name)
def test_an_application_that_is_not_ones_own_answers_exactly_as_one_that_is_not_there(route: routes.Route) -> None:
    draft = started()
    carries, method = BODIES.get(route.name), route.method.value
    not_there = ask(address(route, "20260306-nothing"), APPLICANT, method=method, carries=carries)
    assert (not_there["statusCode"], json.loads(not_there["body"])["code"]) == (404, "not-found")
    for packet in (FOREIGN, "a", "x" * 65):
        assert ask(address(route, packet), APPLICANT, method=method, carries=carries) == not_there
    for packet in (draft["packet"], story.PACKET):
        assert ask(address(route, packet), STRANGER, method=method, carries=carries) == not_there


@pytest.mark.parametrize("claims", [HOUSING, OPERATIONS, SUPERVISOR, {"cognito:groups": "[applicant]"}])
def test_applications_are_for_applicants_and_the_window_alone(claims: dict[str, str]) -> None:
    draft = started()
    for route in OF_DRAFT:
        carries, method = BODIES.get(route.name), route.method.value
        assert problem(address(route, draft["packet"]), claims, method=method, carries=carries) == (403, "not-allowed")
    start = {"process": "general"}
    assert problem("/api/drafts", claims, method="POST", carries=start) == (403, "not-allowed")
    assert problem("/api/drafts", claims) == (403, "not-allowed")


def test_an_applicant_begins_and_lists_nothing_for_another_enterprise() -> None:
    start = {"process": "general", "matters": MATTERS, "uscc": OTHER}
    assert problem("/api/drafts", APPLICANT, method="POST", carries=start) == (403, "not-allowed")
    assert problem("/api/drafts", APPLICANT, {"uscc": OTHER}) == (403, "not-allowed")
    assert problem("/api/drafts", APPLICANT, {"uscc": "9141"}) == (400, "invalid-parameter")


# the window, which helps


def test_the_window_draws_up_what_the_applicant_hands_in(world: World) -> None:
    start = {"process": "general", "matters": MATTERS, "uscc": OWN}
    draft = valid(asked("/api/drafts", start, WINDOW), "DraftShown")
    assert (draft["uscc"], draft["by_window"]) == (OWN, True)
    form = {"version": draft["version"], "matters": MATTERS, **FORM, "promises": [PROMISED]}
    draft = asked(path_of(draft), form, WINDOW, "PUT")
    for slot in UNPROMISED:
        size = {"size": 4, "media_type": "application/pdf"}
        permit = asked(path_of(draft, "/uploads"), {"slot": slot, "name": "材料.pdf", **size}, WINDOW)
        requests.put(permit["url"], data=b"good", headers=permit["headers"], timeout=PATIENCE)
        announce(world, f"packets/{draft['packet']}/{slot}/{permit['upload']}/{permit['name']}")
    world.run()
    draft = asked(path_of(draft), claims=WINDOW, method="GET")
    assert draft["foreseen"]["accepted"]
    hand_in = {"version": draft["version"]}
    assert refused(draft, "/submission", hand_in, claims=WINDOW) == (409, "no-mandate")

    (mine,) = [d for d in asked("/api/drafts", method="GET")["drafts"] if d["packet"] == draft["packet"]]
    assert mine["by_window"]
    handed_in(world, draft)
    assert list(packets.load(draft["packet"]).owed()) == [PROMISED]
    permit = asked(path_of(draft, "/uploads"), {"slot": PROMISED, "name": "x.pdf", **size}, WINDOW)
    requests.put(permit["url"], data=b"good", headers=permit["headers"], timeout=PATIENCE)
    announce(world, f"packets/{draft['packet']}/{PROMISED}/{permit['upload']}/x.pdf")
    world.run()
    assert not packets.load(draft["packet"]).owed()


def test_the_window_hands_in_on_a_mandate_and_the_enterprise_is_told_and_may_end_it(world: World) -> None:
    agent, other = (WINDOW | {"cognito:username": name, "name": name} for name in ("赵敏", "钱进"))
    draft = asked("/api/drafts", {"process": "general", "matters": MATTERS, "uscc": OWN}, agent)
    draft = asked(path_of(draft), {"version": draft["version"], "matters": MATTERS, **FORM}, agent, "PUT")
    today = datetime.now(UTC).date()
    paper = {"scope": "packet", "since": str(today - timedelta(days=1)), "until": str(today + timedelta(days=30))}
    assert refused(draft, "/mandate", paper, claims=agent) == (409, "no-mandate")  # nothing was uploaded
    for slot in SLOTS:
        world.upload(draft["packet"], slot, b"good")
    world.run()
    assert refused(draft, "/mandate", paper, claims=APPLICANT) == (403, "not-allowed")
    mandate = valid(asked(path_of(draft, "/mandate"), paper, agent), "MandateShown")
    assert (mandate["agent"], mandate["in_force"]) == ("赵敏", True)
    assert asked(path_of(draft, "/mandate"), paper, agent)["id"] == mandate["id"]
    hand_in = {"version": draft["version"]}
    assert refused(draft, "/submission", hand_in, claims=other) == (409, "no-mandate")
    another = asked("/api/drafts", {"process": "general", "matters": MATTERS, "uscc": OWN}, agent)
    assert refused(another, "/submission", {"version": 1}, claims=agent) == (409, "no-mandate")

    asked(path_of(draft, "/submission"), hand_in, agent)
    announce(world, f"packets/{draft['packet']}/manifest.json")
    world.run()
    packet = asked(f"/api/packets/{draft['packet']}", method="GET")
    assert packet["status"] == "in-review"
    assert packet["on_mandate"] == {"number": mandate["id"], "agent": "赵敏"}
    kinds = [notice["kind"] for notice in world.notices if notice["packet"] == draft["packet"]]
    assert kinds.count("on-mandate") == 1
    assert "赵敏" not in json.dumps(packet["notices"], ensure_ascii=False)

    assert problem(f"/api/mandates/{mandate['id']}/end", STRANGER, method="POST", carries={})[0] == 404
    ended = asked(f"/api/mandates/{mandate['id']}/end", {})["mandates"]
    assert [found["in_force"] for found in ended] == [False]
    with world.inside("portal"):
        asked(f"/api/packets/{draft['packet']}/acts", {"kind": "withdraw", "reason": "非本意"})
    world.run()
    assert packets.load(draft["packet"]).header.status is Status.WITHDRAWN  # type: ignore[union-attr]  # it was taken


def test_the_window_goes_on_with_what_an_applicant_began_and_accepts_no_letter() -> None:
    draft = saved(started(["soil-conservation", "power-connection"]), commitments=["power-connection"])
    assert not draft["by_window"]
    (letter,) = draft["foreseen"]["letters"]
    acceptance = {"version": draft["version"], "matter": "power-connection", "sha256": letter["letter"]["sha256"]}
    assert refused(draft, "/letters", acceptance, claims=WINDOW) == (403, "not-allowed")
    form = {"version": draft["version"], "matters": draft["matters"], **FORM, "project": {"name": "窗口改的"}}
    changed = asked(path_of(draft), form, WINDOW, "PUT")
    assert not changed["by_window"]
    assert asked(path_of(draft), method="GET")["project"]["name"] == "窗口改的"


def test_even_asked_directly_an_applicants_word_is_not_given_by_another() -> None:
    window = access.Caller(name="c", groups=frozenset({routes.Group.WINDOW}))
    what = applying.of(started()["packet"], window)
    with pytest.raises(Unanswered, match="not-allowed"):
        applying.accept(what, "power-connection", "0" * 64, window.name, what.draft.version)
    with pytest.raises(Unanswered, match="no-mandate"):
        applying.hand_in(what, what.draft.version, "zh", anyway=True)


def test_the_window_says_for_which_enterprise() -> None:
    start = {"process": "general", "matters": MATTERS}
    assert problem("/api/drafts", WINDOW, method="POST", carries=start) == (400, "invalid-body")
    assert problem("/api/drafts", WINDOW, method="POST", carries=start | {"uscc": "9141"}) == (400, "invalid-body")
    assert problem("/api/drafts", WINDOW) == (400, "invalid-parameter")
    assert valid(asked("/api/drafts", claims=WINDOW, method="GET", query={"uscc": OTHER}), "Drafts")


def test_a_packet_that_came_through_object_storage_alone_is_gone_on_with_by_the_window_for_its_applicant(
    world: World,
) -> None:
    name = "20260306-helped"
    world.upload(name, "soil-plan", b"broken")
    manifest = {**story.MANIFEST, "packet": name, "matters": MATTERS, "promises": [], "commitments": []}
    world.submit(manifest)
    world.run()
    draft = asked(f"/api/drafts/{name}", claims=WINDOW, method="GET")
    form = {"version": draft["version"], "matters": MATTERS, **FORM}
    asked(path_of(draft), form, WINDOW, "PUT")
    stored = drafts.load(name)
    assert stored
    assert (stored.owner, stored.by_window) == (OWN, True)


def test_papers_that_nobody_applied_for_are_no_application_for_the_window_either() -> None:
    assert problem(f"/api/drafts/{DRAFT}", WINDOW) == (404, "not-found")


# whose it is, once handed in


def test_once_handed_in_the_packet_says_whose_it_is() -> None:
    draft = drafts.load(started()["packet"])
    assert draft
    taken = draft.changed(packet=FOREIGN, owner=OWN)
    drafts.put(taken)  # as if somebody had begun one with the id of a foreign packet
    assert problem(f"/api/drafts/{FOREIGN}", APPLICANT) == (404, "not-found")


def test_nothing_that_was_typed_is_logged() -> None:
    with logged() as log:
        saved(started(), project={"name": "秘密项目"})
    assert "秘密" not in log.getvalue()


def test_a_paper_that_is_taken_out_again_is_not_handed_in_and_another_may_follow(world: World) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    before = asked(path_of(draft), method="GET")
    wrong = next(slot for slot in before["foreseen"]["slots"] if slot["slot"] == "soil-plan")
    assert wrong["state"] == "warning"  # nobody is named as its intermediary
    out = valid(asked(path_of(draft) + "/taken-out", {"version": draft["version"], "slot": "soil-plan"}), "DraftShown")
    row = next(slot for slot in out["foreseen"]["slots"] if slot["slot"] == "soil-plan")
    assert (row["state"], row.get("uploaded")) == ("missing", None)
    assert out["version"] == draft["version"] + 1
    assert refused(out, "/taken-out", {"version": out["version"], "slot": "soil-plan"}) == (404, "no-such-paper")
    kept = drafts.load(draft["packet"])
    assert kept
    assert [(t.slot, bool(t.by)) for t in kept.taken_out] == [("soil-plan", True)]  # on record

    uploaded(world, draft, "soil-plan")
    handed_in(world, asked(path_of(draft), method="GET"))
    packet = packets.load(draft["packet"])
    assert packet.header
    assert packet.header.accepted_at
    assert packet.papers.by_slot["soil-plan"][0].mark not in {t.mark for t in kept.taken_out}


def test_an_application_without_a_paper_that_was_taken_out_is_returned_for_it(world: World) -> None:
    draft = saved(started())
    uploaded(world, draft, *SLOTS)
    out = asked(path_of(draft) + "/taken-out", {"version": draft["version"], "slot": "soil-plan"})
    handed_in(world, out, anyway=True)
    (notice,) = packets.load_shown(draft["packet"]).notices.values()
    assert [item.slot for item in notice.items] == ["soil-plan"]


# applying again, and papers of earlier packets


def refused_packet(world: World, **more: Any) -> str:
    """One whose only matter was not approved."""
    packet = f"20260306-refused-{world.uploads}"
    world.submit(soil(world, packet, story.MANIFEST["enterprise"], **more))
    world.run()
    task = next(t for t in reversed(world.tasks) if t["packet"] == packet)
    reasons = [{"text": "方案不符", "basis": "水土保持法"}]
    world.send("decisions", story.decision(task, outcome="reject", reasons=reasons, round=task["round"]))
    world.run()
    return packet


def copies(world: World, packet: str) -> dict[str, str]:
    """What was copied into a packet's folder, announced as object storage does: upload's name by slot."""
    stored = files.lying(packet)[0]
    for file in stored:
        announce(world, f"packets/{packet}/{file.slot}/{file.upload}/{file.name}")
    world.run()
    return {file.slot: file.upload for file in stored}


def test_one_press_begins_a_draft_for_what_was_refused_with_form_and_papers(world: World) -> None:
    packet = refused_packet(world)
    shown = asked(f"/api/packets/{packet}", method="GET")
    assert shown["again"] == MATTERS
    begun = valid(asked("/api/drafts", {"process": shown["process"]["code"], "follows": packet}), "DraftShown")
    assert (begun["follows"], begun["project"]["name"]) == (packet, story.MANIFEST["project"]["name"])
    came = copies(world, begun["packet"])
    assert set(came) == set(packets.load(packet).papers.by_slot) >= {"application-form", "soil-plan"}
    assert all(upload.endswith(f"-from-{packet}") for upload in came.values())
    before, after = packets.load(packet).papers.by_slot["soil-plan"], packets.load(begun["packet"])
    assert after.slots["soil-plan"].sha256 == before[0].sha256, "the same bytes, examined anew"
    once_more = asked("/api/drafts", {"process": "general", "follows": packet, "matters": MATTERS})
    assert once_more["packet"] == begun["packet"], "pressed twice, it is begun once"
    assert len(files.lying(begun["packet"])[0]) == len(came)
    handed_in(world, once_more)
    found = asked(f"/api/packets/{begun['packet']}", method="GET")
    assert (found["status"], found["follows"]) == ("in-review", packet)


def test_what_is_applied_for_again_has_its_form_and_what_is_on_record_in_blank_fields(world: World) -> None:
    project = {"name": "项目", "code": PROJECT_CODE}
    said = {"contact-person": "王工", "excavation": "299"}
    for form in (said, EARTHWORKS):
        packet = refused_packet(world, project=project, form=form)
    begun = asked("/api/drafts", {"process": "general", "follows": packet})
    assert begun["form"] == EARTHWORKS | {"contact-person": "王工"}


def test_what_is_under_review_or_another_s_cannot_be_applied_for_again(world: World) -> None:
    follows = {"process": "general", "follows": refused_packet(world)}
    for claims, packet, code in (
        (STRANGER, follows["follows"], "not-found"),
        (APPLICANT, FOREIGN, "not-found"),
        (APPLICANT, NEW, "not-awaited"),
    ):
        assert problem("/api/drafts", claims, method="POST", carries=follows | {"follows": packet})[1] == code


def test_a_paper_of_an_earlier_packet_is_offered_and_used_and_of_the_same_enterprise_alone(world: World) -> None:
    refused_packet(world)
    draft = started()
    offered = valid(asked(path_of(draft, "/earlier"), method="GET"), "EarlierPapers")["papers"]
    packet = next(paper["packet"] for paper in offered if paper["slot"] == "soil-plan")  # of the newest second
    foreign = {"slot": "soil-plan", "packet": FOREIGN}
    assert refused(draft, "/earlier", foreign)[1] == "no-such-paper"
    own = {"slot": "soil-plan", "packet": packet}
    assert refused(draft, "/earlier", own, claims=STRANGER)[1] == "not-found"
    asked(path_of(draft, "/earlier"), own)
    assert set(copies(world, draft["packet"])) == {"soil-plan"}
    shown = asked(path_of(draft), method="GET")
    row = next(slot for slot in shown["foreseen"]["slots"] if slot["slot"] == "soil-plan")
    assert row["state"] == "warning"  # nobody is named as its intermediary
