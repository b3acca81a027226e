"""One attempt to sign in, from the request for a code to the answer that brings it (OpenID Connect Core 3.1; RFC 7636).

Nothing is kept of it but the random secret in the browser's own cookie, of which all that protects the attempt is made
anew: `state` shows that this browser began it, `nonce` that the token is for it, the verifier that nobody else uses the
code. So several windows may sign in at once, and nobody can fill the table. Pure.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

_LONGEST = 1500  # characters of what an attempt leads to: some issuers take no more than 2048 of a state
_SALT = 16  # bytes


@dataclass(frozen=True)
class Attempt:
    """What an attempt is protected by, and where it leads."""

    state: str
    nonce: str
    verifier: str
    onward: str
    stronger: bool  # whether a second factor was asked for, after a sign-in without one

    @property
    def challenge(self) -> str:
        """What the issuer is shown of the verifier: S256 (RFC 7636, 4.2)."""
        return _text(hashlib.sha256(self.verifier.encode()).digest())


def begun(secret: str, onward: str, *, stronger: bool = False) -> Attempt:
    """A new attempt of the browser with this secret. What is too long to come back is not gone to."""
    onward = onward if len(onward) <= _LONGEST else ""
    said = f"{_text(secrets.token_bytes(_SALT))}.{int(stronger)}.{_text(onward.encode())}"
    return _made(secret, said, onward, stronger=stronger)


def resumed(secret: str, state: str) -> Attempt | None:
    """The attempt that an answer belongs to; None where the browser with this secret began no such."""
    said, _, _ = state.rpartition(".")
    parts = said.split(".")
    if not secret or len(parts) != 3 or not hmac.compare_digest(state.encode(), _state(secret, said).encode()):
        return None
    onward = base64.urlsafe_b64decode(f"{parts[2]}{'=' * (-len(parts[2]) % 4)}").decode()
    return _made(secret, said, onward, stronger=parts[1] == "1")


def _made(secret: str, said: str, onward: str, *, stronger: bool) -> Attempt:
    return Attempt(
        state=_state(secret, said),
        nonce=_derived(secret, "nonce", said),
        verifier=_derived(secret, "verifier", said),
        onward=onward,
        stronger=stronger,
    )


def _state(secret: str, said: str) -> str:
    return f"{said}.{_derived(secret, 'state', said)}"


def _derived(secret: str, what: str, said: str) -> str:
    return _text(hmac.new(secret.encode(), f"{what}\n{said}".encode(), hashlib.sha256).digest())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
