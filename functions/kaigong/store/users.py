"""The user pool: sign-in, renewal and sign-out. These calls are open to everybody, as the pool means them to be."""

import json
from dataclasses import dataclass, field
from typing import Any

import urllib3  # botocore cannot do without it, so it is wherever boto3 is

from kaigong.errors import Refused, TryAgain
from kaigong.settings import settings

from .clients import client, is_outage

_NOT_IN = (
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidParameterException",  # a name or password of a form that none can have
    "CodeMismatchException",
)
_LONGEST, _SESSION = 256, range(20, 2049)  # characters of a password; of a challenge's session: what the pool takes


@dataclass(frozen=True)
class Tokens:
    """What the pool gives who signed in."""

    id_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Challenge:
    """The pool asks for something more first: a password of one's own in place of the one that the window gave."""

    name: str
    session: str = field(repr=False)


class PoolSilent(TryAgain):
    """The pool did not answer as it should."""


def sign_in(name: str, password: str) -> Tokens | Challenge | None:
    """The tokens of a user; None where name and password do not belong together, whichever of the two is wrong."""
    if not (name and password) or len(name) > _LONGEST or len(password) > _LONGEST:
        return None
    return _answered(
        "initiate_auth",
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=settings().identity_client_id,
        AuthParameters={"USERNAME": name, "PASSWORD": password},
    )


class TooWeak(Refused):
    """The pool's rules for passwords want a better one."""


def own_password(name: str, password: str, session: str) -> Tokens | Challenge | None:
    """Answer the challenge of a first sign-in with a password of one's own. None where the session is over.

    Raises TooWeak.
    """
    if not name or len(password) > _LONGEST or len(session) not in _SESSION:
        return None
    return _answered(
        "respond_to_auth_challenge",
        ClientId=settings().identity_client_id,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=session,
        ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": password},
    )


def renewed(refresh_token: str) -> Tokens | None:
    """New tokens for who is still signed in; None where that is over."""
    found = _answered(
        "initiate_auth",
        AuthFlow="REFRESH_TOKEN_AUTH",
        ClientId=settings().identity_client_id,
        AuthParameters={"REFRESH_TOKEN": refresh_token},
    )
    return found if isinstance(found, Tokens) else None


def sign_out(refresh_token: str) -> None:
    """End a session at the pool as well. A token that is no more is no error: it is over."""
    pool = client("cognito-idp")
    try:
        pool.revoke_token(Token=refresh_token, ClientId=settings().identity_client_id)
    except pool.exceptions.ClientError as error:
        if is_outage(error):
            raise


def keys() -> dict[str, Any]:
    """The public keys that the issuer signs with, from where its metadata say. Raises PoolSilent."""
    issuer = settings().identity_issuer
    metadata = _fetched(settings().identity_metadata_url or f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if metadata.get("issuer") != issuer:  # another's keys would vouch for anybody (OpenID Connect Discovery, 4.3)
        raise silent()
    return _fetched(str(metadata.get("jwks_uri", "")))


def _fetched(address: str) -> dict[str, Any]:
    try:
        http = urllib3.PoolManager(timeout=settings().call_seconds)
        answer = http.request("GET", address, retries=1, redirect=False)
        if answer.status == 200 and isinstance(found := json.loads(answer.data), dict):
            return found
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise silent() from error
    raise silent()


def _answered(call: str, **arguments: Any) -> Tokens | Challenge | None:
    pool = client("cognito-idp")
    try:
        answer = getattr(pool, call)(**arguments)
    except pool.exceptions.ClientError as error:
        if error.response["Error"]["Code"] in _NOT_IN:
            return None
        if error.response["Error"]["Code"] == "InvalidPasswordException":
            raise TooWeak("密码不符合要求。", "The password does not meet the rules.") from error
        raise
    if "ChallengeName" in answer:
        return Challenge(answer["ChallengeName"], answer.get("Session", ""))
    result = answer["AuthenticationResult"]
    return Tokens(result["IdToken"], result.get("RefreshToken"))


def silent() -> PoolSilent:
    return PoolSilent("登录服务暂时没有应答，请稍后再试。", "The sign-in service does not answer; try again later.")
