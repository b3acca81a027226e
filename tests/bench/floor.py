"""The requests that no design can do without, and what a workflow engine would take, for the same packet.

The floor keeps what the city demands and the contracts of the design say, and nothing else: papers and a manifest
in object storage, examined as they come; one truth in a table; a queue for each department and one for their decisions;
the departments answer apart from each other, as in the measured packet. Counted is what is left when everything goes
well and is small: every item fits into one unit, no transaction is needed, no event is lost, nothing is written to find
again what stood still, no index changes but by the write of the item that it lists.

Figures by department and day need a write where something happened: acceptance, each decision, the result.

What is looked for by another key than the packet's needs an entry under that key, in an index or as an item of its own,
whatever the design: what a department has to decide, what the window finds by a part of a name, what a project has.
What somebody reads from object storage alone has to be put there: of the newest state the two that end a wait, that the
packet is accepted and that it is decided. What lay there when the manifest came only a look into the folder tells,
since events come late and in any order; one listing is cheaper than asking for each of fourteen papers.

Documents are made when the packet is accepted and when its result is out, each a file with a seal of its own; whoever
holds one asks by its SHA-256 whether it is ours, so that is a key. The joint result as data is one more of these. That
all of them lie in one archive as well is ours.

Not counted, though a design of ours pays for it: the ledger, which a design might keep within what it writes anyway;
delivery in spite of deaths; a queue between storage and the function that looks at a paper; the joint result's queue.
It is a bound to measure against, no system.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from kaigong import catalog

from infra.samples import Case

from .counting import APPLICANT, DEPARTMENT
from .prices import Line

SYSTEM = "system"
SEAL = "kms-sign"


@dataclass(frozen=True)
class Size:
    """What a packet's floor depends on."""

    papers: int
    matters: int
    sends: int  # requests that put review tasks on queues: one for each department of each wave
    supervisors: int  # departments that supervise what was approved
    documents: int  # that the city issues and seals: a receipt, the form, the joint result, one of each matter


def size_of(case: Case) -> Size:
    """The packet's size. A wave is what can be reviewed at once: a matter whose prerequisites are approved."""
    waves = _waves(case)
    offices = chain.from_iterable({catalog.load().matters[matter].department for matter in wave} for wave in waves)
    supervisors = {
        entry.supervisor or entry.department for entry in map(catalog.load().matters.__getitem__, case.matters)
    }
    return Size(
        papers=len(case.materials),
        matters=len(case.matters),
        sends=len(list(offices)),
        supervisors=len(supervisors),
        documents=2 + bool(case.form) + len(case.matters),
    )


def _waves(case: Case) -> list[list[str]]:
    left, waves = list(case.matters), list[list[str]]()
    while left:
        wave = [m for m in left if not set(catalog.load().matters[m].prerequisites) & set(left)]
        if not wave:
            raise ValueError(f"matters that wait for each other: {left}")
        left = [m for m in left if m not in wave]
        waves.append(wave)
    return waves


def floor(size: Size) -> list[Line]:
    """The requests of the packet that no design can do without, with the reason of each."""
    papers, matters, sends = size.papers, size.matters, size.sends
    return [
        _line(APPLICANT, "S3", "PutObject", papers + 1, "s3-write", "each paper and the manifest are objects"),
        _line(SYSTEM, "Lambda", "Invoke", papers + 1, "lambda-request", "each is looked at as it comes; S3 can call"),
        _line(SYSTEM, "S3", "GetObject", papers + 1, "s3-read", "each is read once"),
        _line(SYSTEM, "S3", "ListObjectsV2", 1, "s3-write", "what lay in the folder when the manifest came"),
        _line(SYSTEM, "DynamoDB", "PutItem", papers + 1, "dynamodb-write-unit", "findings and submission are kept"),
        _line(SYSTEM, "DynamoDB", "Query", 1, "dynamodb-read-unit", "acceptance looks at all of it once", papers / 4),
        _line(SYSTEM, "DynamoDB", "PutItem", 1, "dynamodb-write-unit", "acceptance is kept"),
        _line(SYSTEM, "DynamoDB", "PutItem", 2, "dynamodb-write-unit", "the window's search, the project know of it"),
        _line(SYSTEM, "S3", "PutObject", 1, "s3-write", "status.json: that it is accepted"),
        _line(SYSTEM, "SNS", "Publish", 1, "sns-publish", "the applicant is told: acceptance receipt"),
        _line(SYSTEM, "SQS", "SendMessageBatch", sends, "sqs-request", "each wave's tasks, to each department"),
        _line(SYSTEM, "DynamoDB", "PutItem", sends, "dynamodb-write-unit", "and its desk lists them"),
        _line(DEPARTMENT, "SQS", "ReceiveMessage", sends, "sqs-request", "the department takes what lies there"),
        _line(DEPARTMENT, "SQS", "DeleteMessageBatch", sends, "sqs-request", "and strikes it off"),
        _line(DEPARTMENT, "SQS", "SendMessage", matters, "sqs-request", "each decision comes for itself"),
        _line(SYSTEM, "SQS", "ReceiveMessage", matters, "sqs-request", "it is taken"),
        _line(SYSTEM, "Lambda", "Invoke", matters, "lambda-request", "by a function"),
        _line(SYSTEM, "DynamoDB", "GetItem", matters, "dynamodb-read-unit", "that looks at what is decided"),
        _line(SYSTEM, "DynamoDB", "PutItem", matters, "dynamodb-write-unit", "and keeps it, off the desk's list"),
        _line(SYSTEM, "SQS", "DeleteMessage", matters, "sqs-request", "and strikes it off"),
        _line(SYSTEM, "DynamoDB", "UpdateItem", matters + 2, "dynamodb-write-unit", "all of it is counted"),
        _line(SYSTEM, "DynamoDB", "PutItem", 1, "dynamodb-write-unit", "the project knows what was approved"),
        _line(SYSTEM, "S3", "PutObject", 1, "s3-write", "status.json: that it is decided"),
        _line(SYSTEM, "S3", "PutObject", 1, "s3-write", "the joint result is a document"),
        _line(SYSTEM, "DynamoDB", "PutItem", 1, "dynamodb-write-unit", "that it was issued is kept"),
        _line(SYSTEM, "SNS", "Publish", 1, "sns-publish", "the applicant is told: joint result"),
        _line(SYSTEM, "DynamoDB", "PutItem", matters, "dynamodb-write-unit", "each approval is one to supervise"),
        _line(SYSTEM, "SQS", "SendMessageBatch", size.supervisors, "sqs-request", "and goes to who supervises it"),
        _line(SYSTEM, "KMS", "Sign", size.documents, SEAL, "each document is sealed: it is given away alone"),
        _line(SYSTEM, "S3", "PutObject", size.documents, "s3-write", "and is a file"),
        _line(SYSTEM, "DynamoDB", "PutItem", size.documents + 1, "dynamodb-write-unit", "each is found by its content"),
        _line(SYSTEM, "DynamoDB", "PutItem", 2, "dynamodb-write-unit", "the packet knows what was issued, twice"),
    ]


def unsealed(lines: Iterable[Line]) -> list[Line]:
    """Without the seals' signatures, which cost the same in every design and more than anything else."""
    return [line for line in lines if line.price != SEAL]


def _line(caller: str, service: str, operation: str, count: int, price: str, why: str, each: float = 1) -> Line:
    return Line(service, operation, caller, count, price, count * each, why)


def workflow(size: Size) -> list[Line]:
    """The transitions of a Step Functions Standard workflow for the packet; Lambda, S3 and SQS come on top, as here.

    Assumed: one execution for a packet, a Map over the papers and a Map over each wave; service integrations write to
    the table and the queues themselves; a review waits for its task token. No retries, no error branches.
    """
    return [
        _transitions(2 * size.papers, "each paper: examine it, keep its finding"),
        _transitions(4, "Map of the papers, check acceptance, choice, keep acceptance"),
        _transitions(
            4 * size.matters, "each review: send and wait for the token, keep the decision, choice, open next"
        ),
        _transitions(6, "receipt, Map of the reviews, assemble, issue, keep, tell"),
    ]


def _transitions(count: int, why: str) -> Line:
    return Line("Step Functions", "StateTransition", "workflow", count, "state-transition", count, why)
