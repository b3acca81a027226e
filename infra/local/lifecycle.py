"""Bring a stack up and take it down. Both may be called at any time and in any state."""

import json
import time
from datetime import UTC, datetime
from itertools import batched, product

from infra.places import PACKET
from infra.samples import credit_record

from . import build, deploy, paths, people, sealing
from .emulator import Emulator
from .stack import Stack, client

DEFAULT_STACK = "kaigong"
STACK = "stack.json"


def up(stack: str = DEFAULT_STACK, report: build.Report = lambda _: None) -> Stack:
    """A running stack, deployed from the sources as they are now.

    One that is up already and was deployed from the same sources is left as it is. One whose code changed is updated
    and keeps its data. One whose template changed starts afresh, as the emulator does not see every such change; so
    does one that the emulator lost because it was killed. `report` is told what takes time. Raises Refused.
    """
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        built = build.build(report)
        known, origin = _read(emulator), None
        stopped = not emulator.is_running()
        if known:
            _start(emulator, report)
            origin = deploy.origin(stack, emulator.endpoint_url)
        if known is None or origin is None or origin.template != built.origin.template:
            if known:
                report(
                    "模板已改或本地数据已失,重新开始 … / the template changed or the data are lost: starting afresh …"
                )
            known = origin = None
            emulator.stop()
            emulator.forget()
            _start(emulator, report)
        address = emulator.endpoint_url
        sealing.start(emulator.folder)
        if known and known.endpoint_url == address and origin == built.origin:
            if stopped:
                _look_again(known)
            return known
        if origin != built.origin:
            report("部署 … / deploying …")
            stamps = sealing.address(emulator.folder)
            deploy.deploy(stack, built, address, stamps, emulator.folder / "deploy.log")
            deploy.lock_anchors(stack, address)
        deployed = _describe(stack, address, known)
        _write(emulator, deployed)
        if known and stopped:
            _look_again(deployed)
        return deployed


def down(stack: str = DEFAULT_STACK, *, forget: bool = False) -> None:
    """Stop a stack. It keeps its data for the next `up`, unless they are to be forgotten."""
    emulator = Emulator(stack)
    with paths.locked(paths.RUNS / f"{stack}.lock"):
        emulator.stop()
        if forget:
            emulator.forget()


def _describe(name: str, address: str, known: Stack | None) -> Stack:
    facts, queues = deploy.describe(name, address), deploy.queues(name, address)
    # The API's own host name resolves in browsers alone; this address works everywhere.
    portal_url = f"{address}/_aws/execute-api/{facts['ApiId']}/$default"
    deploy.send_back_to(name, address, portal_url)
    pool = deploy.identity(name, address)["UserPoolId"]
    identity = client(address, "cognito-idp", deploy.REGION)
    kms, ssm = client(address, "kms", deploy.REGION), client(address, "ssm", deploy.REGION)
    sealing.certify(name, Emulator(name).folder, facts["SealKeyId"], kms, ssm)
    if known is None:
        _publish_credit(address, queues["credit"])
    return Stack(
        stack=name,
        portal_url=portal_url,
        endpoint_url=address,
        region=deploy.REGION,
        bucket=facts["BucketName"],
        table=facts["TableName"],
        queues=queues,
        topic=facts["NoticesTopicArn"],
        time_zone=facts["TimeZone"],
        user_pool_id=pool,
        user_pool_client_id=facts["IdentityClientId"],
        command_client_id=facts["IdentityAudiences"],
        users=known.users if known else people.create(identity, pool, facts["Departments"].split(",")),
        droppers=(known and known.droppers)
        or people.droppers(client(address, "iam", deploy.REGION), name, facts["BucketName"]),
    )


def _publish_credit(address: str, queue: str) -> None:
    """The credit platform's record of the demo's enterprise, so that its people find their form filled in.

    Waits until it was heard, minutes at most: whoever applies next finds it.
    """
    sqs = client(address, "sqs", deploy.REGION)
    counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    sqs.send_message(QueueUrl=queue, MessageBody=credit_record(datetime.now(UTC)).model_dump_json(by_alias=True))
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=counts)["Attributes"]
        if not any(int(found[name]) for name in counts):
            return
        time.sleep(0.2)


def _look_again(stack: Stack) -> None:
    """Have every packet looked at once: what the streams had still to tell was lost when the emulator stopped."""
    pages = (
        client(stack.endpoint_url, "dynamodb", deploy.REGION)
        .get_paginator("scan")
        .paginate(
            TableName=stack.table,
            ProjectionExpression="pk",
            FilterExpression="begins_with(pk, :packet)",
            ExpressionAttributeValues={":packet": {"S": PACKET}},
        )
    )
    names = sorted({item["pk"]["S"].removeprefix(PACKET) for page in pages for item in page["Items"]})
    sqs = client(stack.endpoint_url, "sqs", deploy.REGION)
    for queue, some in product(("advance", "dispatch"), batched(names, 10)):
        entries = [{"Id": str(n), "MessageBody": json.dumps({"packet": name})} for n, name in enumerate(some)]
        sqs.send_message_batch(QueueUrl=stack.queues[queue], Entries=entries)


def _start(emulator: Emulator, report: build.Report) -> None:
    if not emulator.is_running():
        report("启动本地 AWS … / starting local AWS …")
        emulator.start()


def _read(emulator: Emulator) -> Stack | None:
    file = emulator.folder / STACK
    return Stack.model_validate_json(file.read_text()) if file.exists() else None


def _write(emulator: Emulator, stack: Stack) -> None:
    file = emulator.folder / STACK
    file.touch(mode=0o600)  # the users' passwords are in it
    file.write_text(stack.model_dump_json(indent=2))
