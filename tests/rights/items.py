"""Which function writes which items, and so which attributes: what the conditions of the template's roles must say.

IAM sees an item's partition and the names of its attributes, never its sort key. Within a packet's partition a role is
therefore told apart by attributes: what it may not write, it cannot write so that it is read.
"""

from kaigong.domain.model.arrivals import Refusal
from kaigong.domain.model.benefits import BenefitFact
from kaigong.domain.model.documents import DocumentSet
from kaigong.domain.model.hand_out import MailAddress
from kaigong.domain.model.messages import CreditRecord
from kaigong.domain.model.packet import (
    Act,
    DecisionFact,
    Header,
    Issued,
    ProcedureFact,
    Proposal,
    Review,
    RevocationFact,
    Signature,
)
from kaigong.domain.model.remark import Remark
from kaigong.domain.model.standing import Said
from kaigong.domain.model.supervision import SupervisionFact
from kaigong.domain.model.waiting import Lease
from kaigong.store import keys
from kaigong.store.desk import Answering
from kaigong.store.progress_links import ProgressLink
from pydantic import BaseModel

KEYS = {"pk", "sk"}
ENDS = {"expires_at"}
APPLICANT, DEPARTMENT, DUE = ({f"gsi{number}pk", f"gsi{number}sk"} for number in (1, 2, 3))
LISTED = DEPARTMENT | {"gsi2about"}


def of(model: type[BaseModel], *said_by_the_key: str) -> set[str]:
    names = {field.alias or name for name, field in model.model_fields.items()}
    return names - set(said_by_the_key)


# The items of a packet, by kind: all attributes that one may have.
PACKET: dict[str, set[str]] = {
    keys.HEADER: of(Header) | APPLICANT | LISTED | DUE,
    keys.APPLIED: {"content"},
    keys.PAPERS: {"content"},
    keys.RESULT: {"content"},
    keys.LATE: DUE,
    keys.PUT_BY: set(),
    keys.COUNTED: {"figures", "counting"},
    keys.REVIEW: of(Review) | LISTED,
    keys.LEDGER: {"content"} | DUE,
    keys.OUTBOX: {"content"} | DUE,
    keys.REPLACED: {"content"},
    keys.SUBMISSION: {"whole_folder", "received_at", "dropped_by", "manifest"} | DUE,
    keys.UPLOAD: {"path", "version", "etag", "order", "size", "at_us", "facts", "text", "sha256"},
    keys.OLD: {"content", "first_page"},  # uploads that were put by
    keys.REFUSAL: of(Refusal, "schema"),
    keys.ISSUED: of(Issued),
    keys.DOCUMENTS: of(DocumentSet),
    keys.DECISION: of(DecisionFact),
    keys.PROCEDURE: of(ProcedureFact),
    keys.REVOCATION: of(RevocationFact),
    keys.SUPERVISED: of(SupervisionFact),
    keys.BENEFIT: of(BenefitFact),
    keys.ACT: of(Act),
    keys.SIGNED: of(Signature),
    keys.LEASE: of(Lease, "packet") | DEPARTMENT | ENDS,
    keys.PROPOSAL: of(Proposal, "packet"),
    keys.ANSWERING: of(Answering) | ENDS,
    keys.MAIL_TO: of(MailAddress) | ENDS,
    keys.REMARK: of(Remark),
    keys.PROGRESS_LINK: of(ProgressLink),
}

# What each function puts into the partitions of packets.
WRITERS: dict[str, tuple[str, ...]] = {
    "validate": (keys.SUBMISSION, keys.UPLOAD, keys.REFUSAL),
    "advance": (
        keys.HEADER, keys.APPLIED, keys.PAPERS, keys.RESULT, keys.LATE, keys.PUT_BY, keys.REVIEW, keys.LEDGER,
        keys.OUTBOX, keys.REPLACED, keys.PROGRESS_LINK, keys.OLD,
    ),
    "decide": (keys.DECISION, keys.PROCEDURE, keys.REVOCATION),
    "issue": (keys.ISSUED,),
    "document": (keys.DOCUMENTS,),
    "supervise": (keys.SUPERVISED,),
    "benefit": (keys.BENEFIT,),
    "portal": (
        keys.ACT, keys.SIGNED, keys.MAIL_TO, keys.REMARK, keys.PROGRESS_LINK, keys.SUPERVISED, keys.BENEFIT,
    ),
    "desk": (keys.ACT, keys.LEASE, keys.PROPOSAL, keys.ANSWERING, keys.REMARK),
}  # fmt: skip

# What acts have that others do: officers hand matters over at the desk, all else about a packet is said at the portal.
SAID_ELSEWHERE = {"portal": {"assigned"}, "desk": {"appointment", "hand_out"}}

# What each function puts into partitions beside them, by what these begin with.
BESIDE: dict[str, set[str]] = {
    "advance": {"CATALOGUE#*", "PROJECT#*", "PROGRESS#*", "SUBMITTED#*", "CREDIT#*"},
    "decide": {"REFUSED#*"},
    "validate": {"PHOTOS#*"},
    "issue": {"DOCUMENT#*"},
    "document": {"DOCUMENT#*"},
    "credit": {"CREDIT#*", "REFUSED#*"},
    "supervise": {"SUPERVISION#*", "REFUSED#*"},
    "benefit": {"BENEFIT#*", "POLICY#*"},
    "dispatch": {"SUPERVISION#*", "INTERMEDIARY#*", "FIGURES#*", "DRAW"},
    "survey": {"FIGURES"},
    "watch": {"SWEEP"},
    "anchor": {"DRAW"},
    "daily": {"PROBLEMS#*"},
    "portal": {
        "DRAFT#*", "MANDATES#*", "SLIP#*", "PROJECT#*", "PROGRESS#*", "SUPERVISION#*", "LIMIT#*", "SESSION#*",
        "SIGNED-OUT#*", "ROSTER#*", "BENEFIT#*", "POLICY#*", "PEOPLE#*",
    },
    "desk": {"LIMIT#*", "OFFICERS#*", "SESSION#*"},
}  # fmt: skip

# What each function deletes from, by what partitions begin with.
DELETES: dict[str, set[str]] = {
    "advance": {"PACKET#*"},
    "benefit": {"POLICY#*"},
    "watch": {"PACKET#*", "DRAFT#*"},  # applications that were never handed in
}

CREDIT = (
    KEYS | of(CreditRecord) | of(Said) | {"published", "heard_at"}
)  # all but `breaches`, which `advance` puts there


def attributes(function: str) -> set[str]:
    """All that a function may write into an item of a packet."""
    kinds = WRITERS.get(function, ())
    return KEYS.union(*(PACKET[kind] for kind in kinds)) - SAID_ELSEWHERE.get(function, set())
