"""From what was counted to lines with a price.

Counted: every request that comes over the wire. Derived, because the emulator does it inside itself:
- the poller of a queue: one receive and one batch delete for each invocation that a queue caused. AWS charges these;
  its empty receives while nothing is there are no packet's, see `standing`;
- S3's announcement of an upload: a message that the queue's owner pays for;
- the poller of the table's stream: free for Lambda.

Estimated: the time that AWS would bill. A function has a share of a processor by its memory, so its time there is the
processor time that it took here divided by that share, and the time that it waits for AWS. Cold starts are not in it.
"""

import math
from collections import defaultdict
from collections.abc import Iterable

from .capacity import Meter
from .counting import Request
from .functions import Work
from .prices import Line

MB_OF_A_PROCESSOR = 1769  # Lambda developer guide, "Configure Lambda function memory": one vCPU
# choice: usual times of an answer within a region
WAIT_MS = {"DynamoDB": 5, "S3": 20, "SQS": 10, "SNS": 15, "KMS": 20, "SSM": 10}
CHUNK = 64 * 1024  # bytes that one request to SQS or SNS may hold before it counts as two
_S3_WRITES = ("PutObject", "ListObjectsV2", "PostObject", "CopyObject")
_POLLER = "poller"


def wire_lines(requests: Iterable[Request], meter: Meter) -> list[Line]:
    """The requests that were counted, by service, operation and caller."""
    quantities: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    for request in requests:
        for price, quantity in _charges(request, meter):
            quantities[request.service, request.operation, request.caller, price].append(quantity)
    return [
        Line(service, operation, caller, len(each), price, sum(each))
        for (service, operation, caller, price), each in sorted(quantities.items())
    ]


def _charges(request: Request, meter: Meter) -> Iterable[tuple[str, float]]:
    match request.service:
        case "DynamoDB":
            writes, reads = meter.units(request.operation, request.sent(), request.answered(), request.done)
            yield ("dynamodb-write-unit", writes) if writes else ("dynamodb-read-unit", reads)
        case "S3" if request.operation == "DeleteObject":
            yield "free", 1
        case "S3":
            yield "s3-write" if request.operation in _S3_WRITES else "s3-read", 1
        case "SQS":
            yield "sqs-request", _chunks(max(len(request.body), len(request.answer)))
        case "SNS":
            yield "sns-publish", _chunks(len(request.body))
        case "KMS":
            yield "kms-sign", 1
        case "SSM":
            yield "free", 1  # a standard parameter
        case _:
            raise NotImplementedError(f"the bench has no price for {request.service} {request.operation}")


def _chunks(size: int) -> int:
    return max(1, math.ceil(size / CHUNK))


def derived_lines(requests: Iterable[Request], works: Iterable[Work]) -> list[Line]:
    """What the emulator does inside itself and AWS charges for."""
    announced = [r for r in requests if r.operation == "PutObject" and r.done and r.key.startswith("packets/")]
    lines = [Line("SQS", "SendMessage", "S3", len(announced), "sqs-request", len(announced))] if announced else []
    for work in works:
        for operation in ("ReceiveMessage", "DeleteMessageBatch") if work.from_queue else ():
            count = len(work.from_queue)
            lines.append(Line("SQS", operation, f"{_POLLER} of {work.name}", count, "sqs-request", count))
        if work.invocations:
            count = work.invocations
            lines.append(Line("Lambda", "Invoke", work.name, count, "lambda-request", count))
    return lines


def compute_lines(requests: Iterable[Request], works: Iterable[Work]) -> list[Line]:
    """Processor time and logs; no requests."""
    requests, lines = list(requests), []
    for work in works:
        if work.invocations:
            seconds = billed_seconds(work, requests)
            lines.append(Line("Lambda", "time", work.name, 0, "lambda-gb-second", seconds * work.memory / 1024))
            lines.append(Line("Logs", "ingestion", work.name, 0, "logs-gb", work.log_bytes / 1024**3))
    return lines


def billed_seconds(work: Work, requests: Iterable[Request]) -> float:
    """Seconds of this function that AWS would bill, cold starts apart; see above."""
    waited = sum(WAIT_MS[r.service] for r in requests if r.caller == work.name) / 1000
    return work.cpu * MB_OF_A_PROCESSOR / work.memory + waited
