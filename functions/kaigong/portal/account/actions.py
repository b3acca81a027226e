"""Signing in and out at the issuer. It asks for passwords and second factors; nothing of them comes here."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from kaigong.portal import access
from kaigong.portal.observe import logger
from kaigong.settings import settings
from kaigong.store import issuer, sessions

from .attempt import Attempt


class Failed(StrEnum):
    """Why somebody is not signed in: a code, for the audit log."""

    NOT_BEGUN_HERE = "not-begun-here"  # no state of this browser's, or another issuer's answer
    REFUSED = "refused"  # the issuer, or the person at it, said no
    NOT_VOUCHED_FOR = "not-vouched-for"  # a code that counts no more, or a token that does not hold
    SECOND_FACTOR = "second-factor"  # an officer without one


@dataclass(frozen=True)
class Came:
    """Who came back from the issuer, what it said of them, and the tokens that a session is kept by."""

    caller: access.Caller
    claims: dict[str, Any] = field(repr=False)
    tokens: issuer.Tokens = field(repr=False)
    strong: bool


def address(attempt: Attempt, redirect_uri: str) -> str:
    """Where a browser goes to sign in. Raises IssuerSilent."""
    known = settings()
    asked = {
        "response_type": "code",
        "client_id": known.identity_client_id,
        "redirect_uri": redirect_uri,
        "scope": known.identity_scopes,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": attempt.challenge,
        "code_challenge_method": "S256",
    }
    if attempt.stronger:  # who signed in already signs in once more, with what officers must show
        asked |= {"acr_values": " ".join(sorted(known.officer_factors)), "prompt": "login"}
    return _with(issuer.metadata().authorization_endpoint, asked)


def sign_out_address(home: str) -> str | None:
    """Where a browser ends its session at the issuer, to come back to `home`; None where the issuer has no such place.

    RP-Initiated Logout 1.0 without `id_token_hint`, which would put a person's name into an address. Cognito calls the
    way back `logout_uri`; what an issuer does not know it does not heed (RFC 6749, 3.1). Raises IssuerSilent.
    """
    known, there = settings(), issuer.metadata().end_session_endpoint
    asked = {"client_id": known.identity_client_id, "post_logout_redirect_uri": home, "logout_uri": home}
    return _with(there, asked) if there else None


def came_from(said: str | None) -> bool:
    """Whether an answer is the issuer's, by what it says of itself: no other's may be mixed in (RFC 9207, 2.4)."""
    if said is None:
        return not issuer.metadata().authorization_response_iss_parameter_supported
    return said == settings().identity_issuer


def revoke(session: sessions.Session) -> None:
    """End what a session holds at the issuer. An outage there stops nobody from signing out."""
    if session.refresh_token:
        try:
            issuer.revoke(session.refresh_token)
        except Exception as error:
            logger.warning("not ended at the issuer", error=type(error).__name__)


def signed_out(account: str, sid: str, at: datetime) -> None:
    """Note that the issuer ended a session of its own, or all of a user's where it names none."""
    [whom] = sessions.signed_out_of("" if sid else account, sid)
    sessions.sign_out(whom, min(at, datetime.now(UTC)))


def _with(address: str, asked: dict[str, str]) -> str:
    """An address of the issuer's, which may have a query of its own, with what is asked."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query="&".join(filter(None, (parts.query, urlencode(asked))))))
