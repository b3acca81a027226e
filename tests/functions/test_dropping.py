"""Whoever drops a manifest is somebody: the portal, or who is mapped to the enterprise that the manifest names."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from kaigong.domain.intake.draft import begun, handed
from kaigong.domain.model.draft import Draft
from kaigong.settings import settings
from kaigong.store import drafts, packets

from . import story
from .asking import OTHER, OWN, soil
from .world import ENVIRONMENT, World, encrypted

PACKET = "20260306-drop"
DROPPER, FOREIGNER = "AROADROPPER", "AROAFOREIGN"
SESSION = f"AWS:{DROPPER}:a-session"


@pytest.fixture(autouse=True)
def mapped(monkeypatch: pytest.MonkeyPatch, world: World) -> None:  # noqa: ARG001 - whose settings are read anew
    monkeypatch.setenv("PORTAL_PRINCIPAL", "AROAPORTAL")
    monkeypatch.setenv("DROPPERS", f"{DROPPER}={OWN},{FOREIGNER}={OTHER}")
    settings.cache_clear()


def drop(world: World, manifest: dict[str, Any], by: str) -> None:
    """The papers lie there; the manifest is put by a principal, and S3 says by whom."""
    world.submit(manifest)
    [record] = [r for r in world.waiting["validate"] if "manifest.json" in r["body"]]
    event = json.loads(record["body"])
    event["Records"][0]["userIdentity"] = {"principalId": by}
    record["body"] = json.dumps(event)
    world.run()


def refused() -> list[str]:
    refusal = packets.load(PACKET).refusal
    return [reason.code for reason in refusal.reasons] if refusal else []


def manifest(world: World) -> dict[str, Any]:
    return soil(world, PACKET, story.MANIFEST["enterprise"])


def test_who_is_mapped_to_the_enterprise_applies_for_it_and_the_submission_says_who_it_was(world: World) -> None:
    drop(world, manifest(world), SESSION)
    packet = packets.load_shown(PACKET)
    assert packet.header is not None
    assert [each.dropped_by for each in packet.submissions.values()] == [DROPPER]
    assert not refused()


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("AWS:AROANOBODY:session", "dropper-unknown"),
        (f"AWS:AROANOBODY:{DROPPER}", "dropper-unknown"),  # a session is called what its maker likes
        (DROPPER.lower(), "dropper-unknown"),
        ("", "dropper-unknown"),  # found by a listing, which does not say who put it
        (f"AWS:{FOREIGNER}:session", "dropper-foreign"),
    ],
)
def test_a_foreign_principal_s_manifest_is_refused_with_words_and_nothing_else_happens(
    by: str, code: str, world: World
) -> None:
    drop(world, manifest(world), by)
    packet = packets.load(PACKET)
    assert (refused(), packet.submissions, packet.header) == ([code], {}, None)
    key = f"packets/{PACKET}/refusal.json"
    written = boto3.client("s3").get_object(Bucket=ENVIRONMENT["BUCKET_NAME"], Key=key)["Body"].read()
    [reason] = json.loads(written)["reasons"]
    assert reason["text"]["zh"]
    assert reason["text"]["en"]


def test_a_draft_stays_its_owner_s(world: World) -> None:
    """Though who drops is known, and names its own enterprise: the packet's name is another one's."""
    drafts.put(a_draft(OTHER))
    drop(world, manifest(world), SESSION)
    assert refused() == ["dropper-foreign"]
    assert packets.load(PACKET).submissions == {}


@pytest.mark.parametrize("own_key", [False, True])
def test_what_the_portal_put_counts_also_where_a_listing_found_it(
    world: World, monkeypatch: pytest.MonkeyPatch, *, own_key: bool
) -> None:
    """Also where a key of the city's encrypts, so that storage calls nothing by its MD5."""
    if own_key:
        encrypted(monkeypatch)
    said = manifest(world)
    md5 = hashlib.md5(json.dumps(said, ensure_ascii=False).encode(), usedforsecurity=False).hexdigest()
    draft = a_draft(OWN)
    drafts.put(draft)
    drafts.put(handed(draft, 1, md5, draft.updated_at))
    drop(world, said, "")
    assert [each.dropped_by for each in packets.load_shown(PACKET).submissions.values()] == ["portal"]
    assert not refused()


def test_the_portal_is_known_by_its_role_whatever_became_of_the_draft(world: World) -> None:
    drop(world, manifest(world), "AWS:AROAPORTAL:kaigong-portal")
    assert [each.dropped_by for each in packets.load_shown(PACKET).submissions.values()] == ["portal"]


def a_draft(owner: str) -> Draft:
    return begun(PACKET, owner, "somebody", "industrial", ["soil-conservation"], None, datetime(2026, 3, 6, tzinfo=UTC))


def test_droppers_are_named_in_one_shape() -> None:
    given = settings().model_dump()
    for wrong in (
        "somebody",
        f"{DROPPER}=",
        f"={OWN}",
        f"{DROPPER}=short",
        f"{DROPPER}={OWN},",
        f"{DROPPER}={OWN[:-1]}I",
    ):
        with pytest.raises(ValueError, match="needs principals"):
            type(settings()).model_validate(given | {"droppers": wrong})
