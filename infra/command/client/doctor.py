"""A deployed stack, looked at from outside: what of it does not work, and what is to be done.

`look` asks AWS, the issuer of identities and the portal, and keeps what each said; `judged` decides by that alone. That
nobody answers is something that was seen, so that one part that is down does not hide the others.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from kaigong import catalog
from kaigong.contract.routes import Health
from kaigong.domain.model.clock import is_known, years_due
from kaigong.domain.model.text import Text
from pydantic import ValidationError

from . import deadletters, ledgers, logs
from .connection import Connection
from .faults import CallRefused, Unreachable, translated

SECONDS = 120  # by how much the portal lets clocks differ: a token of a later one is refused
ANCHORED = timedelta(days=2)  # one is made every night; the second one that is missing says that something is wrong
EXPIRES = timedelta(days=60)  # choice: an authority takes weeks for a new certificate


class State(StrEnum):
    """How a part is."""

    WELL = "well"
    ATTENTION = "attention"  # it works, and something is to be done in time
    BROKEN = "broken"


@dataclass(frozen=True)
class Found:
    """One part, what was seen of it, and what is to be done."""

    part: str
    state: State
    seen: Text
    do: Text | None = None


@dataclass(frozen=True)
class Seen:
    """What each part said. None: it said nothing, or no."""

    now: datetime
    stack: str
    issuer: str
    metadata: Mapping[str, Any] | None  # what the issuer says of itself
    issuer_keys: int
    health: Health | None
    clocks: Mapping[str, datetime]  # of others, by their names
    kms: Mapping[str, str | None]  # state of each key, by what it is for
    seal_key: bytes | None  # its public half, DER
    certificate: bytes | None  # PEM, leaf first
    made: datetime  # the stack
    anchored: datetime | None  # when the newest anchor was put
    dead_letters: Mapping[str, int] | None  # None: nobody says
    missing_queues: tuple[str, ...]
    runtimes: Mapping[str, str | None]  # of each function
    runtime: str  # that the stack was told to have
    catalogue: str = field(default_factory=lambda: catalog.load().version)  # of this checkout
    known_year: Callable[[int], bool] = lambda year: is_known(year, catalog.load().calendar)


def examined(connection: Connection) -> list[Found]:
    """Look at every part, and judge. Raises Refused, Unreachable where there is no stack to look at."""
    return judged(look(connection))


def look(connection: Connection) -> Seen:
    """What every part says now."""
    name = connection.target.stack
    with translated("CloudFormation"):
        answer = connection.client("cloudformation").describe_stacks(StackName=name)
    [stack] = answer["Stacks"]
    told = {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", ())}
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    clocks = {"AWS": answer["ResponseMetadata"]["HTTPHeaders"].get("date")}
    issuer = told.get("IdentityIssuer", "")
    where = told.get("IdentityMetadataUrl") or f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    metadata, clocks["issuer"] = _json(where)
    keys, _ = _json(str(metadata.get("jwks_uri", ""))) if metadata else (None, None)
    health, clocks["portal"] = _json(f"{connection.target.portal_url.rstrip('/')}/api/health")
    seal, anchor = outputs.get("SealKeyId", ""), ledgers.signing_key(told, name)
    used = {"seal": seal, "anchor": anchor} | ({"stores": key} if (key := told.get("StoreKeyArn")) else {})
    wanted = [f"{deadletters.REVIEW}{department}" for department in catalog.load().departments]
    known = sorted({*told.get("Departments", "").split(","), *catalog.load().departments} - {""})
    depths = _said("SQS", lambda: deadletters.depths(connection, known))
    there = None if depths is None else {depth.queue: depth.messages for depth in depths}
    return Seen(
        now=datetime.now(UTC),
        stack=name,
        issuer=issuer,
        metadata=metadata,
        issuer_keys=len(keys.get("keys", ())) if keys else 0,
        health=_health(health),
        clocks={whose: parsedate_to_datetime(said) for whose, said in clocks.items() if said},
        kms={use: _key_state(connection, key) for use, key in used.items()},
        seal_key=_said("KMS", lambda: bytes(connection.client("kms").get_public_key(KeyId=seal)["PublicKey"])),
        certificate=_said("Parameter Store", lambda: _certificate(connection)),
        made=stack["CreationTime"],
        anchored=_said("S3", lambda: ledgers.anchored(connection)),
        dead_letters=there,
        missing_queues=tuple(queue for queue in wanted if there is not None and queue not in there),
        runtimes={each: _runtime(connection, each) for each in logs.FUNCTIONS},
        runtime=told.get("Runtime", ""),
    )


def judged(seen: Seen) -> list[Found]:
    """What is to be said of each part."""
    return [
        _identity(seen),
        _portal(seen),
        _clocks(seen),
        *(_key(seen.stack, use, state) for use, state in seen.kms.items()),
        _sealing(seen),
        _anchoring(seen),
        _queues(seen),
        _calendar(seen),
        _versions(seen),
    ]


def _identity(seen: Seen) -> Found:
    if seen.metadata is None:
        what = Text(zh=f"{seen.issuer} 没有应答。", en=f"{seen.issuer} does not answer.")
    elif (named := seen.metadata.get("issuer", "")) != seen.issuer:
        what = Text(zh=f"该处自称 {named}。", en=f"What answers calls itself {named}.")
    elif lacking := _lacking(seen.metadata):
        what = Text(zh=f"它缺少：{lacking}。", en=f"It lacks: {lacking}.")
    elif not seen.issuer_keys:
        what = Text(zh="没有公布签名公钥。", en="It publishes no keys.")
    else:
        return _signing_out(seen)
    return _broken(
        "identity",
        what,
        "无人能登录。请核对参数 IdentityIssuer、IdentityMetadataUrl，以及身份服务是否在运行、网络是否可达。",
        "Nobody can sign in. Check the parameters IdentityIssuer and IdentityMetadataUrl, and whether the issuer is up "
        "and can be reached.",
    )


def _lacking(metadata: Mapping[str, Any]) -> str:
    """What the portal cannot do without, of what an issuer says of itself. Silence on a list forbids nothing."""
    wanted = {
        "code_challenge_methods_supported": {"S256"},
        "response_types_supported": {"code"},
        "id_token_signing_alg_values_supported": {"RS256", "PS256", "ES256"},
    }
    lists = [name for name, values in wanted.items() if not values & set(metadata.get(name) or values)]
    return ", ".join([name for name in ("authorization_endpoint", "token_endpoint") if not metadata.get(name)] + lists)


def _signing_out(seen: Seen) -> Found:
    """An issuer at which people can sign in; whether they can sign out there too."""
    if seen.metadata and seen.metadata.get("end_session_endpoint"):
        return _well("identity", f"{seen.issuer} 应答正常。", f"{seen.issuer} answers.")
    return Found(
        "identity",
        State.ATTENTION,
        Text(zh="它没有公布退出地址。", en="It publishes no end_session_endpoint."),
        Text(
            zh="退出只在本系统有效，身份服务处仍保持登录；请在身份服务处启用 RP-Initiated Logout。",
            en="Signing out ends the session here alone; switch RP-Initiated Logout on at the issuer.",
        ),
    )


def _portal(seen: Seen) -> Found:
    if seen.health:
        return _well("portal", "门户应答正常。", "The portal answers.")
    return _broken(
        "portal",
        Text(zh="门户没有应答。", en="The portal does not answer."),
        f"请看日志 /aws/lambda/{seen.stack}-portal；在中国区域，域名未备案的也不通。",
        f"Read the log /aws/lambda/{seen.stack}-portal; in AWS China nothing answers without an ICP filing either.",
    )


def _clocks(seen: Seen) -> Found:
    off = {whose: round((at - seen.now).total_seconds()) for whose, at in seen.clocks.items()}
    wrong = {whose: seconds for whose, seconds in off.items() if abs(seconds) > SECONDS}
    if not wrong:
        return _well("clocks", f"各处时钟相差不超过 {SECONDS} 秒。", f"Clocks differ by {SECONDS} seconds at most.")
    named = ", ".join(f"{whose} {seconds:+d} s" for whose, seconds in wrong.items())
    return _broken(
        "clocks",
        Text(zh=f"与本机时钟相差：{named}。", en=f"They differ from this machine's: {named}."),
        "只有一处偏差时校正该处（NTP）；各处偏差相同时校正本机。相差两分钟以上，登录会被拒绝。",
        "If one is off, set that one right (NTP); if all are, this machine's. Beyond two minutes sign-in is refused.",
    )


def _key(stack: str, use: str, state: str | None) -> Found:
    part = f"key-{use}"
    if state == "Enabled":
        return _well(part, "密钥可用。", "The key can be used.")
    return _broken(
        part,
        Text(zh=f"密钥状态：{state or '查不到'}。", en=f"The key is {state or 'not to be found'}."),
        f"请在 KMS 中启用或取消删除；{stack} 用它之前的操作会一直等待。新密钥须按 docs/deploy.md 重新申请证书。",
        f"Enable it in KMS, or cancel its deletion; what {stack} needs it for waits until then. A new key wants a new "
        "certificate: docs/deploy.md.",
    )


def _sealing(seen: Seen) -> Found:
    do = (
        f"请按 docs/deploy.md 为印章密钥申请证书，存入参数 /{seen.stack}/seal-certificate；此前文书只排队、不签章。",
        f"Get a certificate for the seal's key as docs/deploy.md says and put it into /{seen.stack}/seal-certificate; "
        "until then documents wait.",
    )
    try:
        leaf = x509.load_pem_x509_certificate(seen.certificate or b"")
    except ValueError:
        return _broken("certificate", Text(zh="没有可读的印章证书。", en="There is no readable certificate."), *do)
    if leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != seen.seal_key:
        what = Text(zh="证书不是这把印章密钥的。", en="The certificate is for another key than the seal's.")
        return _broken("certificate", what, *do)
    ends = leaf.not_valid_after_utc
    until = Text(zh=f"有效期至 {ends:%Y-%m-%d}。", en=f"It is good until {ends:%Y-%m-%d}.")
    if ends <= seen.now:
        return _broken("certificate", until, *do)
    if ends - seen.now <= EXPIRES:
        return Found("certificate", State.ATTENTION, until, Text(zh=do[0], en=do[1]))
    return Found("certificate", State.WELL, until)


def _anchoring(seen: Seen) -> Found:
    """Each night all ledgers that moved are anchored; nobody misses an anchor before a proof is asked for."""
    last = seen.anchored
    if seen.now - (last or seen.made) <= ANCHORED:
        if last is None:
            return _well("anchors", "尚无签名留存，今夜进行。", "There is no anchor yet; the first is made tonight.")
        return _well("anchors", f"最近签名留存：{last:%Y-%m-%d}。", f"The newest anchor is of {last:%Y-%m-%d}.")
    found = Text(zh="没有签名留存。", en="There is no anchor.")
    if last:
        found = Text(zh=f"{last:%Y-%m-%d} 以后没有签名留存。", en=f"There is no anchor since {last:%Y-%m-%d}.")
    return _broken(
        "anchors",
        found,
        f"请看日志 /aws/lambda/{seen.stack}-anchor，以及定时 {seen.stack}-anchor 是否启用；"
        "修复后手动运行一次，会补上此前的变动。",
        f"Read the log /aws/lambda/{seen.stack}-anchor, and look whether the schedule {seen.stack}-anchor is enabled; "
        "then invoke it by hand: it has what was left out.",
    )


def _queues(seen: Seen) -> Found:
    if seen.dead_letters is None:
        return _broken(
            "queues",
            Text(zh="SQS 没有应答，或者没有查看权限。", en="SQS does not answer, or does not let you look."),
            "请核对本账号的权限和网络，再运行一次。",
            "Check this account's rights and the network, then run this again.",
        )
    if seen.missing_queues:
        named = ", ".join(seen.missing_queues)
        return _broken(
            "queues",
            Text(zh=f"缺少队列：{named}。", en=f"Queues are missing: {named}."),
            "这些部门收不到任务。请在参数 Departments 中补上部门代码后重新部署。",
            "Those departments get no tasks. Add their codes to the parameter Departments and deploy.",
        )
    if dead := {queue: number for queue, number in seen.dead_letters.items() if number}:
        named = ", ".join(f"{queue} {number}" for queue, number in dead.items())
        return _broken(
            "queues",
            Text(zh=f"有死信：{named}。", en=f"There are dead letters: {named}."),
            "先看 kaigong ops dead-letters 说的原因，修复后用 --redrive 重新投递。",
            "kaigong ops dead-letters says why; mend that, then send them again with --redrive.",
        )
    return _well("queues", "没有死信。", "There are no dead letters.")


def _calendar(seen: Seen) -> Found:
    today = seen.now.date()
    unknown = [year for year in years_due(today) if not seen.known_year(year)]
    if not unknown:
        last = years_due(today)[-1]
        return _well("calendar", f"{last} 年放假安排已知。", f"The holidays of {last} are known.")
    years = ", ".join(map(str, unknown))
    do = Text(
        zh="期限只按周末推算。请升级 chinese-calendar，或在 calendar.json 中补上该年，再部署。",
        en="Time limits go by weekends alone. Upgrade chinese-calendar or put the year into calendar.json, and deploy.",
    )
    state = State.BROKEN if today.year in unknown else State.ATTENTION
    return Found("calendar", state, Text(zh=f"不知道 {years} 年的放假安排。", en=f"Holidays not known: {years}."), do)


def _versions(seen: Seen) -> Found:
    do = (
        "请从同一份源码重新构建并部署（infra/sam build、deploy）。",
        "Build and deploy from one checkout (infra/sam).",
    )
    if wrong := [f"{each} {runtime or '—'}" for each, runtime in seen.runtimes.items() if runtime != seen.runtime]:
        named = ", ".join(wrong)
        what = Text(zh=f"应为 {seen.runtime}，却是：{named}。", en=f"Meant to be {seen.runtime}, and are not: {named}.")
        return _broken("versions", what, *do)
    if seen.health and seen.health.catalogue != seen.catalogue:
        what = Text(
            zh=f"系统的事项清单是 {seen.health.catalogue} 版，这里的是 {seen.catalogue} 版。",
            en=f"The stack goes by catalogue {seen.health.catalogue}; the one here is {seen.catalogue}.",
        )
        return Found("versions", State.ATTENTION, what, Text(zh=do[0], en=do[1]))
    return _well(
        "versions", f"{seen.runtime}，事项清单 {seen.catalogue}。", f"{seen.runtime}, catalogue {seen.catalogue}."
    )


def _well(part: str, zh: str, en: str) -> Found:
    return Found(part, State.WELL, Text(zh=zh, en=en))


def _broken(part: str, seen: Text, zh: str, en: str) -> Found:
    return Found(part, State.BROKEN, seen, Text(zh=zh, en=en))


def _said[T](whom: str, call: Callable[[], T]) -> T | None:
    """What AWS answers; None where it says no, or nothing."""
    with suppress(CallRefused, Unreachable), translated(whom):
        return call()
    return None


def _key_state(connection: Connection, key: str) -> str | None:
    return _said("KMS", lambda: str(connection.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"]))


def _runtime(connection: Connection, function: str) -> str | None:
    name, functions = f"{connection.target.stack}-{function}", connection.client("lambda")
    return _said("Lambda", lambda: str(functions.get_function_configuration(FunctionName=name)["Runtime"]))


def _certificate(connection: Connection) -> bytes:
    name = f"/{connection.target.stack}/seal-certificate"
    return str(connection.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]).encode()


def _json(address: str) -> tuple[dict[str, Any] | None, str | None]:
    """What lies at an address, and by which clock it was given; None where there is nothing of that kind."""
    with suppress(urllib3.exceptions.HTTPError, ValueError):
        answer = urllib3.PoolManager(timeout=10).request("GET", address, retries=1, redirect=False)
        found = json.loads(answer.data) if answer.status == 200 else None
        return found if isinstance(found, dict) else None, answer.headers.get("Date")
    return None, None


def _health(found: dict[str, Any] | None) -> Health | None:
    try:
        return Health.model_validate(found) if found is not None else None
    except ValidationError:
        return None
