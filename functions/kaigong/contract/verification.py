"""What is asked and answered when somebody verifies a document, and the proof of a packet's ledger to take home.

The proof is a format: `docs/verify.py` reads it without anything of ours. Source: mission 14.
"""

import base64
import json
import re
from typing import Annotated, Any, Literal, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import Base64Bytes, ConfigDict, Field, model_validator

from kaigong.domain.model.anchor import Anchor, Place, SignedAnchor
from kaigong.domain.model.ledger import Fault
from kaigong.domain.model.manifest import PACKET_PATTERN
from kaigong.domain.model.text import Model, Text

SHA256_PATTERN = "^[0-9a-f]{64}$"
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]
LARGEST = 700_000  # bytes of a file that is sent: as base64 it must fit into a body


_NUMBERS = re.compile(rb"20\d{6}-[0-9A-Za-z-]{1,40}")  # what our numbers look like, in whatever file
_LOOKED_AT = 5  # numbers in a file that are asked about


def numbers_in(content: bytes) -> list[str]:
    """What may be a number of ours in a file: of JSON its `packet`, of others the first that look like one."""
    try:
        said = json.loads(content)
        numbers = [str(said.get("packet", ""))] if isinstance(said, dict) else []
    except (ValueError, RecursionError):
        numbers = [found.decode() for found in dict.fromkeys(_NUMBERS.findall(content))]
    return [number for number in numbers if re.fullmatch(PACKET_PATTERN, number)][:_LOOKED_AT]


def signature_holds(signed: SignedAnchor, public_key: str) -> bool:
    """Whether an anchor is what was signed with this key: DER (SubjectPublicKeyInfo) in base64."""
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(signed.signature), signed.anchor.content, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


class VerifyRequest(Model):
    """What a document is asked about by: its SHA-256, the number on it, both, or the file itself."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sha256: Sha256 | None = Field(default=None, description="Of the file; nothing else of it needs to be sent.")
    number: Annotated[str, Field(pattern=PACKET_PATTERN)] | None = Field(
        default=None, description="The packet's number, as it stands on the document and in its QR code."
    )
    content: Annotated[Base64Bytes, Field(max_length=LARGEST)] | None = Field(
        default=None,
        description="The file in base64, where whoever has it wants to send it, on the page alone. It is not kept.",
    )

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if self.sha256 is None and self.number is None and self.content is None:
            raise ValueError("needs sha256, number or content")
        return self


class ProofEntry(Model):
    """An entry of the ledger, with the very text of its time that its hash covers."""

    seq: int
    at: str
    events: tuple[dict[str, Any], ...]
    previous: str
    hash: str


class ProofFault(Model):
    """Something that is wrong with the ledger, or with an anchor."""

    fault: Fault
    number: int = Field(description="Of the first entry that it shows in; of `anchor-changed`: of the anchor.")
    text: Text


class Proof(Model):
    """A packet's ledger with its place in the newest anchor that has it: all that is needed to check it elsewhere."""

    schema_: Literal["kaigong/proof/1"] = Field(default="kaigong/proof/1", alias="schema")
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    packet: str
    entries: tuple[ProofEntry, ...]
    place: Place | None = Field(description="Null: no anchor has been made since its first entry.")
    anchor: Anchor | None
    signature: str | None = Field(description="ECDSA on P-256 over the anchor's canonical JSON, DER in base64.")
    public_key: str | None = Field(description="DER (SubjectPublicKeyInfo) in base64; the city publishes its own.")
    faults: tuple[ProofFault, ...] = Field(description="What is wrong, compared with every anchor that has the packet.")
