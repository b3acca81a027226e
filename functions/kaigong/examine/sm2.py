"""Whether the electronic seal of an OFD document holds: the signature of GB/T 38540 and of GM/T 0031 before it, by SM2.

No chain to a national root is checked, and no revocation: who sealed is what the certificate says of itself.
"""

import hashlib
from contextlib import suppress
from typing import NamedTuple

from gmalg import SM2

from kaigong.domain.model.features import SIGNER_LIMIT, Sealed, SealState

from .limits import Unreadable

_USER = b"1234567812345678"  # GB/T 35276: the user whose digest is signed, unless both sides agree on another
_SEQUENCE, _INTEGER, _BITS, _OCTETS, _CONTEXT_0 = 0x30, 0x02, 0x03, 0x04, 0xA0
_COMMON_NAME = bytes.fromhex("0603550403")
_POINT = 65  # bytes of a public key: 04 and two coordinates


class _Value(NamedTuple):
    """A value of DER: its tag, where it begins with its tag, where its content begins, and where it ends."""

    tag: int
    at: int
    start: int
    end: int


class _Malformed(Unreadable):
    """Not DER, or not a seal's."""


def signature_holds(signature: bytes, signed: bytes) -> Sealed:
    """What can be said of a seal's signature over this part of the document."""
    try:
        return _checked(signature, signed)
    except (_Malformed, IndexError):
        return Sealed(state=SealState.UNKNOWN)


def _checked(data: bytes, signed: bytes) -> Sealed:
    outer = _inside(data, _value(data, 0))
    to_sign, second = outer[0], outer[1]
    inner = _inside(data, to_sign)
    digest = inner[3]
    if second.tag == _OCTETS:  # GB/T 38540-2020: certificate, algorithm and signature stand behind what is signed
        certificate, bits = second, outer[3]
    else:  # GM/T 0031-2014: the certificate is part of it
        certificate, bits = inner[5], second
    if certificate.tag != _OCTETS or {digest.tag, bits.tag} != {_BITS}:
        raise _Malformed
    issued = data[certificate.start : certificate.end]
    signer = _common_name(issued)
    if data[digest.start + 1 : digest.end] != hashlib.new("sm3", signed).digest():
        return Sealed(state=SealState.CHANGED, signer=signer)
    numbers = data[bits.start + 1 : bits.end]
    r, s = _inside(numbers, _value(numbers, 0))
    holds = _verified(_key(issued), data[to_sign.at : to_sign.end], numbers[r.start : r.end], numbers[s.start : s.end])
    return Sealed(state=SealState.VALID if holds else SealState.CHANGED, signer=signer)


def _verified(key: bytes, message: bytes, r: bytes, s: bytes) -> bool:
    return bool(SM2(uid=_USER, pk=key).verify(message, r[-32:].rjust(32, b"\0"), s[-32:].rjust(32, b"\0")))


def _value(data: bytes, at: int) -> _Value:
    length, start = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        length, start = int.from_bytes(data[start : start + count]), start + count
    if start + length > len(data):
        raise _Malformed
    return _Value(data[at], at, start, start + length)


def _inside(data: bytes, outer: _Value) -> list[_Value]:
    """The values in a sequence. Raises _Malformed."""
    if outer.tag not in (_SEQUENCE, _CONTEXT_0):
        raise _Malformed
    found, at = [], outer.start
    while at < outer.end:
        found.append(_value(data, at))
        at = found[-1].end
    return found


def _key(certificate: bytes) -> bytes:
    """The public key of an X.509 certificate, as a point. Raises _Malformed."""
    parts = _inside(certificate, _inside(certificate, _value(certificate, 0))[0])
    parts = parts[1:] if parts[0].tag == _CONTEXT_0 else parts  # the version may be left out
    bits = _inside(certificate, parts[5])[1]
    point = certificate[bits.start + 1 : bits.end]
    if len(point) != _POINT or point[0] != 4:
        raise _Malformed
    return point


def _common_name(certificate: bytes) -> str:
    """What the certificate says its owner is called; empty where it does not."""
    at = certificate.rfind(_COMMON_NAME)  # the owner's stands behind the issuer's
    with suppress(_Malformed, IndexError, UnicodeError):
        if at >= 0:
            value = _value(certificate, at + len(_COMMON_NAME))
            encoding = "utf-16-be" if value.tag == 0x1E else "utf-8"
            return certificate[value.start : value.end].decode(encoding)[:SIGNER_LIMIT]
    return ""
