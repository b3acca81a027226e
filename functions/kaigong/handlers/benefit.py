"""benefit: looks at what policies give for a packet, now that its facts changed, and serves who waits.

Whatever is given is written with the policy's purse and with a fact of the packet, on the versions that were read; so a
message may come twice, and any number of workers may look at the same policy.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from kaigong import catalog
from kaigong.domain.flow import benefits as rules
from kaigong.domain.model.benefits import BenefitState
from kaigong.domain.model.policy import Policy
from kaigong.errors import NewerVersionExists
from kaigong.settings import settings
from kaigong.store import benefits, packets, queues

from .apart import apart
from .observe import logger
from .queue import each_message

TRIES = 5  # several workers on one policy: the slower ones look again, and then their message comes again
SERVED = 20  # choice: how many who wait, and how many who are capped, one message looks at; the rest by the next


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return each_message(event, context, look)


def look(message: SQSRecord) -> None:
    name = str(message.json_body["packet"])
    packet = packets.load_without_uploads(name)
    found = rules.case(packet)
    if found is None:
        return
    there, failures = benefits.held(name), list[Exception]()
    for policy in catalog.load().policies.values():
        if policy.code in there or rules.entitled(policy, found, settings().office.zone):
            try:  # each apart: the message comes again, and the others are not held up by that
                _look_at_capped(policy, found.uscc)
                _settle(policy, name)
                _serve(policy, name)
            except Exception as failure:
                failures.append(failure)
    if failures:
        raise failures[0]


def _settle(policy: Policy, name: str, past: Collection[str] = ()) -> BenefitState | None:
    """What the policy gives for the packet as both are now. Returns where that is. `past`: who waits before it and is
    passed by.

    The packet may change between its reading and the writing: what is written is a fact of the packet, by which
    policies look at it once more.
    """
    for left in reversed(range(TRIES)):
        packet, before = packets.load_without_uploads(name), benefits.load(name, policy.code)
        purse = benefits.purse(policy.code, packet.header.enterprise.uscc if packet.header else "", past)
        now, has = rules.looked_at(
            policy, packet, before, purse, catalog.load(), datetime.now(UTC), settings().office.zone
        )
        fact = rules.fact(before, now) if now else None
        if now is None or fact is None:
            return now.state if now else None
        try:
            benefits.save(before, now, purse, has, fact)
        except NewerVersionExists:
            if not left:
                raise
        else:
            logger.info("benefit", packet=name, policy=policy.code, state=now.state)
            return now.state
    return None


def _look_at_capped(policy: Policy, uscc: str) -> None:
    """Look again at what is capped of the enterprise while it has room: something came back, or the cap was raised."""
    for _, name in islice(benefits.capped(policy.code, uscc), SERVED):
        if benefits.purse(policy.code, uscc).given >= policy.cap:
            return
        with apart("capped packet cannot be looked at", packet=name, policy=policy.code):
            _settle(policy, name)


def _serve(policy: Policy, asked: str) -> None:
    """Serve who waits while the budget has room, the earliest result first. Whoever cannot be read keeps the place, and
    is passed by.
    """
    past: list[str] = []
    for _ in range(SERVED):
        first = benefits.purse(policy.code, past=past).first
        if not first:
            return
        state = None
        with apart("who waits cannot be served", packet=first, policy=policy.code):
            state = _settle(policy, first, past)
        if state is BenefitState.WAITING:
            return
        past += [first] if state is None else []
    if len(past) < SERVED:
        queues.look_at("benefits", [asked])
