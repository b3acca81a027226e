"""Failed sign-ins, counted per user name and per client address; works beside the user pool's own lock-out.

Both are kept as hashes, for minutes, in items that the table's time to live removes. A sign-in costs two small reads
and one transaction of two small items, a good one as much again: some ten dollars a million.

    until = lockout.check(name, address, now)      # not None: answer 429; the pool is not asked
    if signed in:  lockout.succeeded(name, address, now)
    if refused:    until = lockout.failed(name, address, now)
    if no answer:  lockout.unanswered(name, address, now)   # an outage of the pool is nobody's failure
"""

import hashlib
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from kaigong.domain.contract import lockout as rules
from kaigong.domain.contract.lockout import Policy, Tries
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import dump, fields, to_attributes

_ATTEMPTS = 4  # others who sign in by the same name or from the same address may get in between
_CROWDED = timedelta(seconds=2)  # how long to wait where they always do


def check(name: str, address: str, now: datetime) -> datetime | None:
    """Take a try. None: ask the pool; else until when nobody may try, and nothing was counted."""
    for _ in range(_ATTEMPTS):
        seen = _read(name, address)
        until = _locked_until(seen, now)
        if until is not None:
            return until
        if _write(seen, {key: rules.after_try(tries, _policy(key), now) for key, tries in seen.items()}):
            return None
    return now + _CROWDED


def failed(name: str, address: str, now: datetime) -> datetime | None:
    """Until when nobody may try after this failure; None: there are tries left. The try was counted already."""
    return _locked_until(_read(name, address), now)


def succeeded(name: str, address: str, _now: datetime) -> None:
    """The name's failures are forgotten; the address gets its try back, but keeps what failed for other names."""
    user = _key("NAME", name)
    _change(name, address, lambda key, tries: tries.model_copy(update={"failures": 0}) if key == user else None)


def unanswered(name: str, address: str, _now: datetime) -> None:
    """The pool did not say: the try is taken back."""
    _change(name, address, lambda _key, _tries: None)


_Key = tuple[str, str]


def _change(name: str, address: str, change: Callable[[_Key, Tries], Tries | None]) -> None:
    """Change what is counted; None: one try less. Where others always get in between, the try counts on."""
    for _ in range(_ATTEMPTS):
        seen = _read(name, address)
        after = {key: change(key, tries) or rules.without_one(tries) for key, tries in seen.items() if tries}
        if not after or _write(seen, after):
            return


def _key(kind: str, value: str) -> _Key:
    """Which kind of thing is counted, and its hash. Names that a person would call the same are the same."""
    said = unicodedata.normalize("NFKC", value).strip().casefold()
    return kind, hashlib.sha256(f"{settings().stack_name}\n{kind}\n{said}".encode()).hexdigest()[:32]


def _policy(key: _Key) -> Policy:
    """An address may stand for a whole office or a mobile network: it fails more often before nobody may try."""
    known = settings()
    failures = known.sign_in_failures if key[0] == "NAME" else known.sign_in_failures_of_address
    return Policy(
        failures=failures,
        within=timedelta(minutes=known.sign_in_minutes),
        rest=timedelta(minutes=known.sign_in_rest_minutes),
    )


def _locked_until(seen: dict[_Key, Tries | None], now: datetime) -> datetime | None:
    found = [rules.locked_until(tries, _policy(key), now) for key, tries in seen.items()]
    return max((until for until in found if until), default=None)


def _read(name: str, address: str) -> dict[_Key, Tries | None]:
    return {key: _tries(key) for key in (_key("NAME", name), _key("ADDRESS", address))}


def _tries(key: _Key) -> Tries | None:
    place = to_attributes(keys.sign_in_key(*key))
    found = client("dynamodb").get_item(TableName=settings().table_name, Key=place, ConsistentRead=True)
    if "Item" not in found:
        return None
    values = fields(found["Item"])
    del values["expires_at"]
    return Tries.model_validate(values)


def _write(seen: dict[_Key, Tries | None], after: dict[_Key, Tries]) -> bool:
    """Write what changed, both or none. False: somebody was faster."""
    writes = []
    for key, tries in after.items():
        gone = int(rules.forgotten_at(tries, _policy(key)).timestamp()) + 1
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
