"""What policies gave: one item for each packet that got something or waits, in a partition beside the packet's, and
what each policy has given so far.

Whatever changes a policy's budget, the cap of an enterprise, who waits or who is capped is written on the version of
one item of the policy, in the transaction that changes the benefit and tells the packet: so sums hold however many work
on it.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from kaigong.domain.model.benefits import Benefit, BenefitFact, BenefitListed, BenefitState, Purse
from kaigong.domain.model.catalogue import Code
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings

from . import keys
from .clients import client
from .items import (
    LATER,
    all_of,
    dump,
    fields,
    from_attributes,
    item_at,
    list_of,
    packed,
    queried,
    to_attributes,
    unpacked,
)

_CHANGED = NewerVersionExists("惠企政策记录已被更新，请重新读取。", "The benefit changed meanwhile; read it again.")


def of(packet: str) -> dict[Code, Benefit]:
    """What policies gave for a packet, by policy. Consistent."""
    found = map(_benefit, queried("pk = :pk", {":pk": keys.benefits_pk(packet)}))
    return {benefit.policy: benefit for benefit in found}


def held(packet: str) -> set[Code]:
    """The policies that gave something for a packet, or have it wait. Consistent."""
    found = queried("pk = :pk", {":pk": keys.benefits_pk(packet)})
    return {keys.name_in(item["sk"]["S"]) for item in found}


def load(packet: str, policy: Code) -> Benefit | None:
    """Consistent."""
    item = _get(keys.benefits_pk(packet), keys.benefit_sk(policy))
    return _benefit(item) if item else None


def purse(policy: Code, uscc: str = "", past: Collection[str] = ()) -> Purse:
    """What a policy has given so far, to all and to one enterprise. Its version is read first: what is read after it
    can only be newer, and then nothing is written on that version. `past`: who waits and is passed by.
    """
    item = _get(keys.policy_pk(policy), keys.BUDGET)
    found = Purse.model_validate(fields(item), extra=LATER) if item else Purse()
    given = _get(keys.policy_pk(policy), keys.given_sk(uscc)) if uscc and found.granted else None
    return found.changed(
        given=int(fields(given)["given"]) if given else 0, first=_first(policy, past) if found.waiting else ""
    )


def _first(policy: Code, past: Collection[str]) -> str:
    """The packet that waits first, behind those that are passed by."""
    return next((packet for packet in waiting(policy, len(past) + 1) if packet not in past), "")


def waiting(policy: Code, most: int) -> list[str]:
    """So many of the packets that wait, the earliest result first. Consistent."""
    page = client("dynamodb").query(
        TableName=settings().table_name,
        KeyConditionExpression="pk = :pk AND begins_with(sk, :waits)",
        ExpressionAttributeValues=to_attributes({":pk": keys.policy_pk(policy), ":waits": keys.WAITS}),
        ConsistentRead=True,
        Limit=most,
    )
    return [keys.waits_of(item["sk"]["S"]) for item in page["Items"]]


def capped(policy: Code, uscc: str = "") -> Iterator[tuple[str, str]]:
    """What is capped, of one enterprise or of all: the enterprise and the packet, the earliest result of each first,
    page after page. Consistent.
    """
    bound = {":pk": keys.policy_pk(policy), ":capped": keys.capped_by(uscc)}
    found = queried("pk = :pk AND begins_with(sk, :capped)", bound)
    return (keys.capped_of(item["sk"]["S"]) for item in found)


def given(policy: Code, enterprises: Iterable[str]) -> dict[str, int]:
    """What a policy has given to each of these enterprises, of those that got something."""
    places = (to_attributes({"pk": keys.policy_pk(policy), "sk": keys.given_sk(uscc)}) for uscc in enterprises)
    return {keys.given_to(item["sk"]["S"]): int(fields(item)["given"]) for item in all_of(places)}


def save(before: Benefit | None, now: Benefit, had: Purse, has: Purse, fact: BenefitFact) -> None:
    """Write a changed benefit, what the policy has given after that, and what the packet is to have on record of it.

    Raises NewerVersionExists where somebody else changed the benefit or the policy's purse; nothing is written then.
    """
    puts = [_on_version(_item(now), before.version if before else 0)]
    deletes = []
    was_capped, is_capped = (each is not None and each.state is BenefitState.CAPPED for each in (before, now))
    if has != had or was_capped != is_capped:  # who is capped is so by what was given until then
        pk = keys.policy_pk(now.policy)
        spent = has.changed(version=had.version + 1, given=0, first="")
        puts.append(_on_version({"pk": pk, "sk": keys.BUDGET, **dump(spent), "version": spent.version}, had.version))
        if has.given != had.given:
            puts.append({"Item": {"pk": pk, "sk": keys.given_sk(now.uscc), "given": has.given}})
        waits = {"pk": pk, "sk": keys.waits_sk(now.decided_at, now.packet)}
        if has.waiting > had.waiting:
            puts.append({"Item": waits})
        elif has.waiting < had.waiting:
            deletes.append(waits)
        room = {"pk": pk, "sk": keys.capped_sk(now.uscc, now.decided_at, now.packet)}
        if is_capped and not was_capped:
            puts.append({"Item": room})
        elif was_capped and not is_capped:
            deletes.append(room)
    place = {"pk": keys.packet_pk(now.packet), "sk": keys.benefit_fact_sk(fact.name)}
    puts.append({"Item": {**place, **dump(fact)}})
    table, api = settings().table_name, client("dynamodb")
    try:
        api.transact_write_items(
            TransactItems=[
                *({"Put": {"TableName": table, **put, "Item": to_attributes(put["Item"])}} for put in puts),
                *({"Delete": {"TableName": table, "Key": to_attributes(place)}} for place in deletes),
            ]
        )
    except (api.exceptions.TransactionCanceledException, api.exceptions.TransactionConflictException) as error:
        raise _CHANGED from error


def to_pay(department: Code, most: int, after: str | None = None) -> tuple[list[BenefitListed], str | None]:
    """What a department is to pay or provide, the oldest first; and where to go on, if there is more."""
    found, more = list_of(keys.payers_pk(department), most, after)
    return [_row(from_attributes(item)) for item in found], more


def _get(pk: str, sk: str) -> dict[str, Any] | None:
    return item_at(to_attributes({"pk": pk, "sk": sk}))


def _on_version(item: dict[str, Any], version: int) -> dict[str, Any]:
    if not version:
        return {"Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
    bound = to_attributes({":version": version})
    return {"Item": item, "ConditionExpression": "version = :version", "ExpressionAttributeValues": bound}


def _item(benefit: Benefit) -> dict[str, Any]:
    item = {
        "pk": keys.benefits_pk(benefit.packet),
        "sk": keys.benefit_sk(benefit.policy),
        "version": benefit.version,
        "content": packed(benefit.model_dump_json(exclude_defaults=True)),
    }
    if benefit.state is BenefitState.GRANTED and benefit.granted_at:
        listed = BenefitListed(
            packet=benefit.packet,
            policy=benefit.policy,
            named=benefit.named,
            service=benefit.service,
            worth=benefit.worth,
            enterprise=benefit.enterprise,
            project=benefit.project,
            in_question=bool(benefit.in_question),
            granted_at=benefit.granted_at,
        )
        item |= keys.payers_index(benefit.name, benefit.department, benefit.granted_at)
        item["gsi2about"] = dump(listed)
    return item


def _benefit(item: dict[str, Any]) -> Benefit:
    return Benefit.model_validate_json(unpacked(fields(item)["content"]), extra=LATER)


def _row(plain: dict[str, Any]) -> BenefitListed:
    return BenefitListed.model_validate(plain["gsi2about"], extra=LATER)
