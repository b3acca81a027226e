"""The city's credit platform, asked about one enterprise (mission 2: credit data reach approval by call, too).

`POST <address>/query` with `{"uscc": …}` and a bearer token; 200 answers with a kaigong/credit/1 record, 404 says that
the platform has none. A POST, since a credit code in an address would stand in the logs of every proxy on the way.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from queue import Empty, SimpleQueue
from threading import Thread

import urllib3  # not in requirements.txt: botocore cannot do without it, so it is wherever boto3 is
from pydantic import ValidationError
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ProtocolError

from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.standing import Missing, untimely
from kaigong.errors import TryAgain
from kaigong.settings import settings

from . import breaker
from .clients import client

LIMIT = 64 * 1024  # bytes of an answer; a record takes under one thousand
CONNECT_SECONDS = 0.7  # choice: so that a second try fits into the time
_NOT_CONNECTED = (NewConnectionError, ConnectTimeoutError, ProtocolError)
_BUSY = (502, 503, 504)


class NoAnswer(TryAgain):
    """The platform gave no answer that can be used. `reason` is a code, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"信用平台未作答复：{reason}", f"The credit platform gave no answer: {reason}")
        self.reason = reason


def ask(uscc: str, now: datetime) -> CreditRecord | Missing:
    """The platform's record, or Missing.UNKNOWN where it has none.

    Raises NoAnswer whatever else comes of it, at the latest after `credit_platform_seconds`.
    """
    try:
        with breaker.guarded(now):
            record = _in_time(partial(_ask, uscc))
    except breaker.Resting:
        raise NoAnswer("resting") from None
    if isinstance(record, CreditRecord) and (why := untimely(record, now)):
        raise NoAnswer(why)
    return record


def _in_time[T](call: Callable[[], T]) -> T:
    """What a call gives, or NoAnswer when the time is over.

    In a thread: the timeouts of a socket hold for one read each, so that a platform that sends a byte now and then
    would never run into them.
    """
    outcome: SimpleQueue[T | Exception] = SimpleQueue()

    def run() -> None:
        try:
            outcome.put(call())
        except Exception as error:  # the waiting thread raises it
            outcome.put(error)

    Thread(target=run, daemon=True).start()
    try:
        found = outcome.get(timeout=settings().credit_platform_seconds)
    except Empty:
        raise NoAnswer("slow") from None
    if isinstance(found, NoAnswer):
        raise found
    if isinstance(found, Exception):
        raise NoAnswer("error") from found
    return found


def _ask(uscc: str) -> CreditRecord | Missing:
    try:
        status, content = _twice(partial(_post, uscc, _token()))
    except HTTPError as error:
        raise NoAnswer("not-reached") from error
    if status == 404:
        return Missing.UNKNOWN
    if status in (401, 403):
        _token.cache_clear()  # it may have been renewed meanwhile
    if status != 200:
        raise NoAnswer(f"status-{status}")
    if len(content) > LIMIT:
        raise NoAnswer("too-large")
    try:
        record = CreditRecord.model_validate_json(content)
    except ValidationError:
        raise NoAnswer("unreadable") from None  # the error would quote the record
    if record.uscc != uscc:
        raise NoAnswer("another-enterprise")
    return record


def _twice(post: Callable[[], tuple[int, bytes]]) -> tuple[int, bytes]:
    """Once more where the first try did not reach the platform, or it was busy: asking changes nothing there."""
    try:
        status, content = post()
    except _NOT_CONNECTED:
        return post()
    return post() if status in _BUSY else (status, content)


def _post(uscc: str, token: str) -> tuple[int, bytes]:
    """Status and content of the answer, at most one byte more than is allowed. Raises urllib3's HTTPError."""
    # A connection is used once: between two events a function is frozen, and what it kept open dies unseen.
    with urllib3.PoolManager(num_pools=1, cert_reqs="CERT_REQUIRED") as http:
        response = http.request(
            "POST",
            f"{settings().credit_platform_url.rstrip('/')}/query",
            body=json.dumps({"uscc": uscc}),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "Connection": "close",
            },
            retries=False,  # and no redirect is followed: the token is for this address
            redirect=False,
            preload_content=False,
            enforce_content_length=True,  # the default of urllib3 2; in the runtime it may be 1.26
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=settings().credit_platform_seconds),
        )
        try:
            content = b""
            while len(content) <= LIMIT and (part := response.read(LIMIT + 1 - len(content), decode_content=False)):
                content += part
            return response.status, content
        finally:
            response.close()


@cache
def _token() -> str:
    found = client("secretsmanager").get_secret_value(SecretId=settings().credit_platform_secret_arn)
    return str(found["SecretString"])
