"""What is said of a deployed stack: of a healthy one, and with each part of it broken."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from kaigong.contract.routes import Health

from infra.command.client.doctor import Found, Seen, State, judged
from infra.command.client.logs import FUNCTIONS

NOW = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
ISSUER = "https://issuer.example.test/city"
METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "end_session_endpoint": f"{ISSUER}/logout",
    "code_challenge_methods_supported": ["plain", "S256"],
}
KEY, OTHER_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def certificate(ends: datetime) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "seal")])
    made = x509.CertificateBuilder(name, name, KEY.public_key(), 1, NOW - timedelta(days=900), ends)
    return made.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


HEALTHY = Seen(
    now=NOW,
    stack="prod",
    issuer=ISSUER,
    metadata=METADATA,
    issuer_keys=2,
    health=Health(catalogue="c1"),
    clocks={"AWS": NOW, "issuer": NOW + timedelta(seconds=90)},
    kms={"seal": "Enabled", "anchor": "Enabled"},
    seal_key=public(KEY),
    certificate=certificate(NOW + timedelta(days=400)),
    made=NOW - timedelta(days=300),
    anchored=NOW - timedelta(hours=8),
    dead_letters={"uploads": 0, "review-water": 0},
    missing_queues=(),
    runtimes=dict.fromkeys(FUNCTIONS, "python3.13"),
    runtime="python3.13",
    catalogue="c1",
    known_year=lambda year: year <= 2026,
)


LATE_IN_THE_YEAR = {"now": NOW.replace(month=12), "anchored": NOW.replace(month=12), "clocks": {}}


def parts(**seen: Any) -> dict[str, Found]:
    """What is not well of a stack that differs in this from a healthy one."""
    return {each.part: each for each in judged(replace(HEALTHY, **seen)) if each.state != State.WELL}


def test_of_a_healthy_stack_each_part_is_well_and_nothing_is_to_be_done() -> None:
    found = judged(HEALTHY)
    assert [each.part for each in found] == [
        *(
            "identity",
            "portal",
            "clocks",
            "key-seal",
            "key-anchor",
            "certificate",
            "anchors",
            "queues",
            "calendar",
            "versions",
        ),
    ]
    assert {each.state for each in found} == {State.WELL}
    assert [each.do for each in found if each.do] == []


def test_a_stack_of_today_has_no_anchor_yet() -> None:
    assert parts(made=NOW - timedelta(hours=30), anchored=None) == {}


@pytest.mark.parametrize(
    ("seen", "part", "says"),
    [
        ({"metadata": None}, "identity", "does not answer"),
        (
            {"metadata": METADATA | {"issuer": "https://another.example.test"}},
            "identity",
            "calls itself https://another",
        ),
        ({"metadata": METADATA | {"token_endpoint": ""}}, "identity", "lacks: token_endpoint"),
        (
            {"metadata": METADATA | {"code_challenge_methods_supported": ["plain"]}},
            "identity",
            "code_challenge_methods",
        ),
        ({"metadata": METADATA | {"id_token_signing_alg_values_supported": ["HS256"]}}, "identity", "id_token"),
        ({"issuer_keys": 0}, "identity", "no keys"),
        ({"health": None}, "portal", "does not answer"),
        ({"clocks": {"AWS": NOW, "issuer": NOW - timedelta(minutes=3)}}, "clocks", "issuer -180 s"),
        ({"kms": {"seal": "PendingDeletion"}}, "key-seal", "PendingDeletion"),
        ({"kms": {"anchor": None}}, "key-anchor", "not to be found"),
        ({"kms": {"stores": "Disabled"}}, "key-stores", "Disabled"),
        ({"certificate": None}, "certificate", "no readable certificate"),
        ({"certificate": b"not PEM"}, "certificate", "no readable certificate"),
        ({"certificate": certificate(NOW - timedelta(days=1))}, "certificate", "until 2026-03-05"),
        ({"seal_key": public(OTHER_KEY)}, "certificate", "another key"),
        ({"seal_key": None}, "certificate", "another key"),
        ({"anchored": NOW - timedelta(days=3)}, "anchors", "since 2026-03-03"),
        ({"anchored": None}, "anchors", "no anchor"),
        ({"dead_letters": {"uploads": 0, "issue": 3}}, "queues", "issue 3"),
        ({"missing_queues": ("review-parks",)}, "queues", "review-parks"),
        ({"dead_letters": None}, "queues", "SQS does not answer"),
        ({"known_year": lambda year: year < 2026}, "calendar", "2026"),
        ({"runtimes": HEALTHY.runtimes | {"watch": None}}, "versions", "watch"),
        ({"runtimes": HEALTHY.runtimes | {"watch": "python3.12"}}, "versions", "watch python3.12"),
    ],
)
def test_each_part_that_is_broken_is_named_with_what_to_do(seen: dict[str, Any], part: str, says: str) -> None:
    [(named, found)] = parts(**seen).items()
    assert (named, found.state) == (part, State.BROKEN)
    assert says in found.seen.en
    assert found.seen.zh
    assert found.do
    assert found.do.zh != found.do.en


@pytest.mark.parametrize(
    ("seen", "part", "says"),
    [
        ({"certificate": certificate(NOW + timedelta(days=59))}, "certificate", "until 2026-05-04"),
        ({"metadata": METADATA | {"end_session_endpoint": ""}}, "identity", "no end_session_endpoint"),
        (LATE_IN_THE_YEAR, "calendar", "2027"),  # published in November
        ({"health": Health(catalogue="c0")}, "versions", "catalogue c0"),
    ],
)
def test_what_is_to_be_done_in_time_is_told_before(seen: dict[str, Any], part: str, says: str) -> None:
    [(named, found)] = parts(**seen).items()
    assert (named, found.state) == (part, State.ATTENTION)
    assert says in found.seen.en
    assert found.do
