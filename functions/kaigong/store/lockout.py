"""Failed sign-ins, counted per user name and per client address; works beside the user pool's own lock-out.

Somebody else's failures must not keep a user out: a browser from which a name has signed in before is known, and its
tries count on their own (OWASP's device cookies). Whoever has stolen its mark has five tries more, and nothing else.

A try counts as failed from the moment it is taken until it succeeds, so that a hundred at once are no more than a
hundred one after another. It counts for whatever name is given: whether there is such a user makes no difference.

All are kept as hashes, in items that the table's time to live removes. A sign-in costs two small reads and one
transaction of two small items, a good one as much again: some ten dollars a million.

    browser = lockout.recognised(name, mark, now)       # the mark where it is known for this name, else ""
    until = lockout.check(name, address, now, browser)  # not None: answer 429; the pool is not asked
    if signed in:  lockout.succeeded(name, address, now, browser)
    if no answer:  lockout.unanswered(name, address, now, browser)   # an outage of the pool is nobody's failure
    if refused:    nothing more                         # the try was counted when it was taken
"""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from kaigong.domain.model.limit import counted_address
from kaigong.domain.model.text import Model
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import LATER, dump, fields, from_attributes, item_at, to_attributes

_ATTEMPTS = 4  # others who sign in by the same name or from the same address may get in between
_CROWDED = timedelta(seconds=2)  # how long to wait where they always do
KNOWN_FOR = timedelta(days=180)  # choice: a browser that a name signed in from


class Policy(Model):
    """So many failures within a while, and nobody may try for another while."""

    failures: int
    within: timedelta
    rest: timedelta


class Tries(Model):
    """Failed tries of one user name, or from one address."""

    failures: int = 0
    first_at: datetime
    last_at: datetime


def locked_until(tries: Tries | None, policy: Policy, now: datetime) -> datetime | None:
    """Until when nobody may try; None: go ahead."""
    if tries is None or tries.failures < policy.failures:
        return None
    until = tries.last_at + policy.rest
    return until if now < until else None


def after_try(tries: Tries | None, policy: Policy, now: datetime) -> Tries:
    """With one try more, which counts as failed for now. Old ones are forgotten, and those of a rest that is over."""
    if tries is None or now >= tries.first_at + policy.within or tries.failures >= policy.failures:
        return Tries(failures=1, first_at=now, last_at=now)
    return Tries(failures=tries.failures + 1, first_at=tries.first_at, last_at=max(now, tries.last_at))


def without_one(tries: Tries) -> Tries:
    """With a try taken back: it succeeded, or it was never answered."""
    return tries.changed(failures=max(tries.failures - 1, 0))


def forgotten_at(tries: Tries, policy: Policy) -> datetime:
    """From when on these tries say nothing more."""
    return max(tries.first_at + policy.within, tries.last_at + policy.rest)


def check(name: str, address: str, now: datetime, browser: str = "") -> datetime | None:
    """Take a try. None: ask the pool; else until when nobody may try, and nothing was counted."""
    for _ in range(_ATTEMPTS):
        seen = _read(name, address, browser)
        until = _locked_until(seen, now)
        if until is not None:
            return until
        if _write(seen, {key: after_try(tries, _policy(key), now) for key, tries in seen.items()}):
            return None
    return now + _CROWDED


def succeeded(name: str, address: str, _now: datetime, browser: str = "") -> None:
    """The name's failures are forgotten; the address gets its try back, but keeps what failed for other names."""

    def forgiven(key: _Key, tries: Tries) -> Tries | None:
        return None if key[0] == "ADDRESS" else tries.changed(failures=0)

    _change(lambda: _read(name, address, browser), forgiven)


def unanswered(name: str, address: str, _now: datetime, browser: str = "") -> None:
    """The pool did not say: the try is taken back."""
    _change(lambda: _read(name, address, browser), lambda _key, _tries: None)


def recognised(name: str, mark: str, now: datetime) -> str:
    """The mark of a browser that this name has signed in from; nothing for any other."""
    if not mark:
        return ""
    item = item_at(to_attributes(_known_key(name, mark)), consistent=False)
    return mark if item and from_attributes(item)["expires_at"] > now.timestamp() else ""


def remember(name: str, mark: str, now: datetime) -> None:
    """This name signed in from a browser with this mark."""
    item = {**_known_key(name, mark), "expires_at": int((now + KNOWN_FOR).timestamp())}
    client("dynamodb").put_item(TableName=settings().table_name, Item=to_attributes(item))


_Key = tuple[str, str]
_Seen = dict[_Key, Tries | None]


def _change(read: Callable[[], _Seen], change: Callable[[_Key, Tries], Tries | None]) -> None:
    """Change what is counted; None: one try less. Where others always get in between, the try counts on."""
    for _ in range(_ATTEMPTS):
        seen = read()
        after = {key: change(key, tries) or without_one(tries) for key, tries in seen.items() if tries}
        if not after or _write(seen, after):
            return


def _key(kind: str, value: str, mark: str = "") -> _Key:
    """Which kind of thing is counted, and its hash. Names that a person would call the same are the same."""
    said = unicodedata.normalize("NFKC", value).strip().casefold()
    told = f"{settings().stack_name}\n{kind}\n{said}" + (f"\n{mark}" if mark else "")
    return kind, hashlib.sha256(told.encode()).hexdigest()[:32]


def _known_key(name: str, mark: str) -> dict[str, str]:
    return keys.sign_in_key(*_key("KNOWN", name, mark))


def _policy(key: _Key) -> Policy:
    """An address may stand for a whole office or a mobile network: it fails more often before nobody may try."""
    known = settings()
    failures = known.sign_in_failures_of_address if key[0] == "ADDRESS" else known.sign_in_failures
    return Policy(
        failures=failures,
        within=timedelta(minutes=known.sign_in_minutes),
        rest=timedelta(minutes=known.sign_in_rest_minutes),
    )


def _locked_until(seen: _Seen, now: datetime) -> datetime | None:
    found = [locked_until(tries, _policy(key), now) for key, tries in seen.items()]
    return max((until for until in found if until), default=None)


def _read(name: str, address: str, browser: str) -> _Seen:
    shared = (_key("NAME", name), _key("ADDRESS", counted_address(address)))
    return {key: _tries(key) for key in ((_key("BROWSER", name, browser),) if browser else shared)}


def _tries(key: _Key) -> Tries | None:
    item = item_at(to_attributes(keys.sign_in_key(*key)))
    return Tries.model_validate(fields(item), extra=LATER) if item else None


def _write(seen: _Seen, after: dict[_Key, Tries]) -> bool:
    """Write what changed, both or none. False: somebody was faster."""
    writes = []
    for key, tries in after.items():
        gone = int(forgotten_at(tries, _policy(key)).timestamp()) + 1
        item = to_attributes({**keys.sign_in_key(*key), "failures": 0, **dump(tries), "expires_at": gone})
        writes.append({"Put": {"TableName": settings().table_name, "Item": item, **_unchanged(seen[key])}})
    try:
        client("dynamodb").transact_write_items(TransactItems=writes)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("TransactionCanceledException", "TransactionConflictException"):
            raise
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if reasons <= {"None", "ConditionalCheckFailed", "TransactionConflict"}:
            return False
        raise
    return True


def _unchanged(before: Tries | None) -> dict[str, object]:
    if before is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    known = before.model_dump(mode="json")
    return {
        "ConditionExpression": "failures = :failures AND first_at = :first_at AND last_at = :last_at",
        "ExpressionAttributeValues": to_attributes({f":{name}": value for name, value in known.items()}),
    }
