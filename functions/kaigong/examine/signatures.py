"""The signatures of a PDF, by pyHanko, in a limited child.

What a signature covers must be as it was signed, and what was appended later may be no more than filling in a form,
signing once more or keeping the proof fresh. Nothing is asked of any network: who signed is known where the trust list
leads to the certificate, and revocation is looked at as far as the document brings answers along.
"""

import io
import unicodedata
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

import lxml.etree  # noqa: F401 - loaded at its first use, else
import pyhanko.pdf_utils.filters  # noqa: F401 - likewise
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from kaigong.domain.model.features import SEALS, SIGNER_LIMIT, Sealed, SealState
from kaigong.errors import Bug

from .child import Emit, RangedFile
from .limits import Limits
from .protocol import DIGESTS
from .sample import document
from .trust import Root, roots_in

_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
_YEARS = range(1990, 2101)  # what is signed at another time was signed by a clock that nobody set
_TIMESTAMP = "/DocTimeStamp"
MOST = SEALS - 1  # that are looked at; the last place is for those that are not


def warm_up() -> None:
    """Read a small document of our own once, so that each child inherits pyHanko ready."""
    read_signatures(io.BytesIO(document()), lambda **_: None, Limits(), "")


def read_signatures(stream: BinaryIO, emit: Emit, limits: Limits, trust_list: str) -> None:  # noqa: ARG001 - called as all readers are
    """Report what each signature is worth, and how many were looked at: whatever ends this, what was reported stays.

    A file on which pyHanko fails in whatever way could not be checked; that says nothing against it.
    """
    seals: list[Sealed] = []
    roots = roots_in(trust_list.encode())
    try:
        reader = PdfFileReader(stream, strict=False)
        if reader.encrypted:
            reader.decrypt("")
        for looked_at, signature in enumerate(reader.embedded_signatures, 1):
            if looked_at > MOST:
                break
            _hash_where_it_lies(signature, stream)
            seal = _checked(signature, roots)
            # A timestamp over the whole document says when, not who; it is told only where it no longer holds.
            if signature.sig_object_type != _TIMESTAMP or seal.state in (SealState.CHANGED, SealState.UNKNOWN):
                seals.append(seal)
            emit(seals=[seal._asdict() for seal in seals], signatures=looked_at)
    except MemoryError:
        raise
    except Exception:  # of any kind: KeyError, AssertionError, RecursionError and more were seen
        return


def _hash_where_it_lies(signature: EmbeddedPdfSignature, stream: BinaryIO) -> None:
    """A large file is not fetched into this process: what a signature covers is hashed where it is fetched."""
    algorithm, parts = signature.external_md_algorithm, _covered(signature.byte_range)
    if isinstance(stream, RangedFile) and algorithm in DIGESTS and parts:
        signature.external_digests[algorithm] = stream.digest(algorithm, parts)


def _covered(byte_range: Sequence[Any]) -> list[tuple[int, int]]:
    """The two parts around a signature's value, as start and end; none where it is said in another way: thousands of
    parts would be as many requests, and no signature that counts has them (ISO 32000-2, 12.8.1).
    """
    if len(byte_range) != 4 or not all(isinstance(number, int) and number >= 0 for number in byte_range):
        return []
    first, length, second, rest = (int(number) for number in byte_range)
    return [(first, first + length), (second, second + rest)] if first + length <= second else []


def _checked(signature: EmbeddedPdfSignature, roots: Sequence[Root]) -> Sealed:
    try:
        known = ValidationContext(trust_roots=list(roots), allow_fetching=False)  # without a list, the system's is read
        if signature.sig_object_type == _TIMESTAMP:
            status: Any = _done(async_validate_pdf_timestamp(signature, known))
        else:
            status = _done(async_validate_pdf_signature(signature, known, key_usage_settings=_USAGE))
        return Sealed(state=_state(status), signer=_name(status.signing_cert), signed_at=_moment(status))
    except MemoryError:
        raise
    except Exception:  # see above
        return Sealed(state=SealState.UNKNOWN)


def _state(status: Any) -> SealState:
    """A signature's state, from what it covers and what came after it."""
    whole = status.coverage in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION)
    permitted = getattr(status, "docmdp_ok", True) is not False
    holds = status.intact and status.valid and whole and permitted
    if not holds or status.modification_level is ModificationLevel.OTHER:
        return SealState.CHANGED
    return SealState.VALID if status.trusted else SealState.UNTRUSTED


def _done[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """What comes of a coroutine that has nothing to wait for. An event loop would want sockets, and gets none here."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # the end's value has no type
    coroutine.close()
    raise Bug("a check of a signature waits for something")


def _name(certificate: Root) -> str:
    """What the certificate says its owner is called."""
    about = certificate.subject.native
    name = about.get("common_name") or about.get("organization_name") or ""
    first = name[0] if isinstance(name, list) else name
    return "".join(c for c in str(first) if not unicodedata.category(c).startswith("C"))[:SIGNER_LIMIT].strip()


def _moment(status: Any) -> str | None:
    """When it was signed: by its timestamp, else as the signer says."""
    stamp = getattr(status, "timestamp_validity", None)
    if stamp and stamp.intact and stamp.valid:
        said: datetime | None = stamp.timestamp
    else:
        said = getattr(status, "signer_reported_dt", None) or getattr(status, "timestamp", None)
    if said is None or said.year not in _YEARS:
        return None
    return said.replace(microsecond=0).astimezone(UTC).isoformat()  # one without zone: UTC, the functions' own
