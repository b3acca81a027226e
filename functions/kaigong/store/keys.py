"""Every key of the table and of object storage, and the access patterns that they serve. Keys are spelt here alone.

| pattern | how |
|---|---|
| everything of one packet that a decision needs | Query `PACKET#<packet>`, sk < `~` |
| the same without its uploads; these | Query `PACKET#<packet>`, sk < `UPLOAD`; sk >= `UPLOAD` |
| all that is read of it, with the history that its pages show | Query `PACKET#<packet>`, sk < `~OLD#` |
| whether a submission came | Query `PACKET#<packet>`, sk >= `HEADER`, one item |
| uploads that were put by, and that a submission names | BatchGetItem `PACKET#<packet>` / `~OLD#UPLOAD#<slot>#<hash>` |
| the ledger of one packet | Query `PACKET#<packet>`, sk begins with `~LEDGER` |
| one review, to check a decision | GetItem `PACKET#<packet>` / `REVIEW#<matter>` |
| credit of an enterprise: its record, and breaches put on record here | Query `CREDIT#<uscc>` |
| whether the credit platform is asked at all | GetItem `CREDIT-PLATFORM` / `BREAKER` |
| the part of the catalogue that accepted packets go by | GetItem `CATALOGUE#<fingerprint>` / `RECORD` |
| the record of an intermediary | BatchGetItem `INTERMEDIARY#<uscc>` / `RECORD` |
| a refusal slip | GetItem `SLIP#<number>` / `RECORD` |
| those of an enterprise, newest first | index `applicant`: `SLIPS#<uscc>` |
| the mandates of an enterprise | Query `MANDATES#<uscc>` |
| a project: its record, its packets, their open gaps and forms | Query `PROJECT#<code>` |
| packets of an applicant, newest first | index `applicant`: `APPLICANT#<uscc>` |
| packets by a part of a name, a telephone number or a code, newest first | Query `SUBMITTED#<year>`, sk < a moment |
| an application on its way | GetItem `DRAFT#<packet>` / `DRAFT` |
| those of an applicant, newest first | index `applicant`: `DRAFTS#<uscc>`, sk begins with `open#` or `handed-in#` |
| what a department has to decide, priority first, then by due date | index `department`: `DEPARTMENT#<department>` |
| what waits for the window, the longest first | index `department`: `WINDOW#<bucket>`, sk <= now |
| results to be handed out, the oldest decision first | index `department`: `HAND-OUT#<bucket>`, sk > place |
| where a result is mailed | GetItem `PACKET#<packet>` / `~OLD#MAIL-TO#<fingerprint>` |
| which of a department's officers has which review | index `department`: `LEASE#<department>`, sk > now |
| who answered at the desk by a message | GetItem `PACKET#<packet>` / `~OLD#ANSWERING#<hash of its id>` |
| which reviews wait for a second signature | BatchGetItem `PACKET#<packet>` / `~HISTORY#PROPOSAL#<matter>#<round>` |
| what should have moved on by now | index `due`: `DUE#<day>#<bucket>`, sk <= now |
| supervision of a packet's approved matters | Query `SUPERVISION#<packet>` |
| what a department supervises, by due date | index `department`: `SUPERVISION#<department>` |
| what is late, the oldest first | index `due`: `LATE#<bucket>` |
| the photos of a packet's inspections | Query, BatchGetItem `PHOTOS#<packet>` / `<matter>#<file>` |
| what policies gave for a packet | Query `BENEFIT#<packet>` |
| what a policy has given so far; to one enterprise | GetItem `POLICY#<policy>` / `BUDGET`, `ENTERPRISE#<uscc>` |
| who waits for a policy, the earliest result first | Query `POLICY#<policy>`, sk begins with `WAITS#` |
| what is capped of a policy, by enterprise | Query `POLICY#<policy>`, sk begins with `CAPPED#` |
| what a department is to pay or provide, the oldest first | index `department`: `BENEFIT#<department>` |
| packets of a year, in the order of their first submission | Query `SUBMITTED#<year>` |
| a department's problem list, from a day to a day | Query `PROBLEMS#<department>`, sk between days |
| the seed of a day's draw | GetItem `DRAW` / `<day>` |
| a department's roster of inspectors, the newest or a version | Query, GetItem `ROSTER#<department>` / `<version>` |
| whose ledgers moved on a day | index `due`: `MOVED#<day>#<bucket>` |
| reviews of a department that applicants correct, the oldest first | index `department`: `CORRECTING#<department>` |
| who works at a department's desk, and who is away | Query `OFFICERS#<department>` |
| the people of an enterprise; what one of them may do | Query `PEOPLE#<uscc>`; GetItem `GRANTED#<account>` |
| what an officer did in a month | GetItem `TALLY#<account>` / `<month>` |
| notes to colleagues and records of calls | Query `PACKET#<packet>`, sk begins with `~OLD#REMARK#` |
| messages that were refused, newest last | index `due`: `REFUSED#<day>` |
| an issued document, by the SHA-256 of the file | GetItem `DOCUMENT#<sha256>` / `RECORD` |
| the packet behind a progress link | GetItem `PROGRESS#<sha256 of its token>` / `RECORD` |
| a packet's progress link | GetItem `PACKET#<packet>` / `PROGRESS-LINK` |
| how far the sweep of object storage has come | GetItem `SWEEP` / `CURSOR` |
| the figures of some days | Query `FIGURES#<shard>`, sk BETWEEN days |
| what they come to now, ready to be shown | GetItem `FIGURES` / `NEWEST` |
| how often somebody did what is limited | GetItem `LIMIT#<limit>#<hash>` / `WINDOW#<number>` |
| the session of a browser, by the mark in its cookie | GetItem `SESSION#<sha256 of the mark>` / `RECORD` |
| whether the issuer signed its user out | BatchGetItem `SIGNED-OUT#<sha256>` / `RECORD` |
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from kaigong.domain.model import manifest
from kaigong.domain.model.files import file_id

# Kinds of the items of a packet: what their sort keys begin with, or are.
HEADER = "HEADER"
APPLIED = "APPLIED"
PAPERS = "PAPERS"
LATE = "LATE"  # there while somebody is late: operations find it in the index `due`
RESULT = "RESULT"
ISSUED = "ISSUED"
DOCUMENTS = "DOCUMENTS"
SUBMISSION = "SUBMISSION"
REFUSAL = "REFUSAL"
SIGNED = "SIGNED"
REVIEW = "REVIEW"
LEASE = "LEASE"
ANSWERING = "ANSWERING"
PROPOSAL = "PROPOSAL"
DECISION = "DECISION"
PROCEDURE = "PROCEDURE"
REVOCATION = "REVOCATION"
BREACH = "BREACH"
ACT = "ACT"
MAIL_TO = "MAIL-TO"
REMARK = "REMARK"
COLLEAGUE, ABSENCE = "COLLEAGUE", "ABSENCE"  # of a department's desk
PERSON, GRANTED = "PERSON", "GRANTED"  # of an enterprise's people
REPLACED = "REPLACED"
COUNTED = "COUNTED"  # what the figures have of the packet
SUPERVISED = "SUPERVISED"
SUPERVISION = "SUPERVISION"  # in a partition beside the packet's
BENEFIT = "BENEFIT"  # a fact of the packet; and what policies gave, in a partition beside it
UPLOAD = "UPLOAD"  # behind all that decisions need, so that these are read without

ISSUED_RESULT = f"{ISSUED}#joint-result"
NEWEST_REFUSAL = f"{REFUSAL}#newest"
PUT_BY = "PUT-BY"  # there once uploads were put by

AFTER_PACKET = "~"  # history sorts behind everything that a decision reads
HISTORY = "~HISTORY#"  # what pages show of it, before the ledger
LEDGER = "~LEDGER"  # a change's entry, with its notices
OUTBOX = "~LEDGER-OUTBOX"  # the same of a change that wants something delivered
OLD = "~OLD#"  # what is kept for the record alone
SWEEP = {"pk": "SWEEP", "sk": "CURSOR"}
NEWEST_FIGURES = {"pk": "FIGURES", "sk": "NEWEST"}
FIGURES_SHARDS = 8  # choice: who counts at the same time seldom wants the same one; their sums are read together
CREDIT_BREAKER = {"pk": "CREDIT-PLATFORM", "sk": "BREAKER"}
RECORD = "RECORD"  # of an enterprise, a project, an intermediary, a progress link
PROGRESS_LINK = "PROGRESS-LINK"
DUE = "DUE#"  # partitions of the index `due` in which is what is to be looked after
DUE_BUCKETS = 4  # a day's deadlines, and what waits for the window, are spread over so many partitions of an index


_PACKET, _DRAFT, _REFUSED, _INTERMEDIARY = "PACKET#", "DRAFT#", "REFUSED#", "INTERMEDIARY#"
_SUPERVISION, _BENEFIT, _ENTERPRISE = f"{SUPERVISION}#", f"{BENEFIT}#", "ENTERPRISE#"
BUDGET, WAITS, CAPPED = "BUDGET", "WAITS#", "CAPPED#"  # of a policy: what it has given, who waits, who is capped
OPEN_DRAFTS, HANDED_IN_DRAFTS = "open#", "handed-in#"  # of an enterprise, in the index `applicant`
_FIRST, _THEN = "0#", "1#"  # ranks in the index `department`
UTC_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")  # as `utc` writes it


def packet_pk(packet: str) -> str:
    return f"{_PACKET}{packet}"


def packet_of(pk: str) -> str:
    """The packet whose partition this is; empty where it is none's."""
    return pk.removeprefix(_PACKET) if pk.startswith(_PACKET) else ""


def supervision_pk(packet: str) -> str:
    """Apart from the packet: no rule of the packet reads it, and who writes there may write nothing else."""
    return f"{_SUPERVISION}{packet}"


def supervised_of(pk: str) -> str:
    """The packet whose supervision this is; empty where it is none's."""
    return pk.removeprefix(_SUPERVISION) if pk.startswith(_SUPERVISION) else ""


def supervision_sk(matter: str) -> str:
    return f"{_SUPERVISION}{matter}"


def supervised_sk(name: str) -> str:
    return f"{SUPERVISED}#{name}"


def benefits_pk(packet: str) -> str:
    """Apart from the packet, as its supervision is."""
    return f"{_BENEFIT}{packet}"


def benefits_of(pk: str) -> str:
    """The packet for which policies gave what is in this partition."""
    return pk.removeprefix(_BENEFIT)


def benefit_sk(policy: str) -> str:
    return f"{_BENEFIT}{policy}"


def benefit_fact_sk(name: str) -> str:
    return f"{BENEFIT}#{name}"


def policy_pk(policy: str) -> str:
    """All that a policy gives changes on the version of one item here: budget and caps hold however many work on it."""
    return f"POLICY#{policy}"


def given_sk(uscc: str) -> str:
    return f"{_ENTERPRISE}{uscc}"


def given_to(sk: str) -> str:
    """The enterprise that got something."""
    return sk.removeprefix(_ENTERPRISE)


def waits_sk(decided_at: datetime, packet: str) -> str:
    """By the moment of the joint result: who was decided first is served first."""
    return f"{WAITS}{utc(decided_at)}#{packet}"


def waits_of(sk: str) -> str:
    """The packet that waits."""
    return sk.rpartition("#")[2]


def capped_sk(uscc: str, decided_at: datetime, packet: str) -> str:
    """By the enterprise, whose room under the cap it waits for, and then as who waits."""
    return f"{capped_by(uscc)}{utc(decided_at)}#{packet}"


def capped_by(uscc: str) -> str:
    """What begins the keys of all of an enterprise; of every one where none is named."""
    return f"{CAPPED}{uscc}#" if uscc else CAPPED


def capped_of(sk: str) -> tuple[str, str]:
    """The enterprise and the packet that is capped."""
    _, uscc, _, packet = sk.split("#")
    return uscc, packet


def payers_pk(department: str) -> str:
    return f"{_BENEFIT}{department}"


def payers_index(name: str, department: str, granted_at: datetime) -> dict[str, str]:
    """The attributes that put a benefit into the index `department` while it is to be paid, the oldest first."""
    return {"gsi2pk": payers_pk(department), "gsi2sk": f"{utc(granted_at)}#{name}"}


def figures_pk(shard: int) -> str:
    return f"FIGURES#{shard}"


def officers_pk(department: str) -> str:
    """A department's desk: who works there, and who is away."""
    return f"OFFICERS#{department}"


def colleague_key(department: str, account: str) -> dict[str, str]:
    return {"pk": officers_pk(department), "sk": f"{COLLEAGUE}#{account}"}


def absence_key(department: str, account: str, at: datetime) -> dict[str, str]:
    """Each word of its own, by its moment: none is written over."""
    return {"pk": officers_pk(department), "sk": f"{ABSENCE}#{account}#{utc(at)}"}


def people_pk(uscc: str) -> str:
    return f"PEOPLE#{uscc}"


def person_key(uscc: str, account: str) -> dict[str, str]:
    return {"pk": people_pk(uscc), "sk": f"{PERSON}#{account}"}


def granted_key(uscc: str, account: str) -> dict[str, str]:
    """Apart from what the person chose: another one writes it."""
    return {"pk": people_pk(uscc), "sk": f"{GRANTED}#{account}"}


def tally_key(account: str, month: str) -> dict[str, str]:
    """Of an officer's month, such as `2026-03`."""
    return {"pk": f"TALLY#{account}", "sk": month}


def remark_sk(mark: str) -> str:
    """Among what no rule and no applicant reads; by the hash of its words, which its act names."""
    return f"{OLD}{REMARK}#{mark[:32]}"


PROBLEMS_OF_ALL = ""  # in place of a department: sums of each, for who sees all of them


def problems_pk(department: str) -> str:
    """Of a day each department has an item, which the nightly run puts whole: it may be put again."""
    return f"PROBLEMS#{department}"


def problems_key(department: str, day: date) -> dict[str, str]:
    return {"pk": problems_pk(department), "sk": day.isoformat()}


def draw_key(day: date) -> dict[str, str]:
    return {"pk": "DRAW", "sk": day.isoformat()}


def photos_pk(packet: str) -> str:
    """Apart from the records: who examines photos may write no record."""
    return f"PHOTOS#{packet}"


def photo_sk(matter: str, file: str) -> str:
    return f"{matter}#{file}"


def roster_pk(department: str) -> str:
    return f"ROSTER#{department}"


def roster_key(department: str, version: int) -> dict[str, str]:
    return {"pk": roster_pk(department), "sk": f"{version:06}"}


def kind_of(sk: str) -> str:
    """Which kind of a packet's items this is, in the history or not."""
    return _plain(sk).partition("#")[0]


def name_in(sk: str) -> str:
    """Which of its kind: a slot, a matter, a version."""
    return _plain(sk).partition("#")[2]


def is_put_by(sk: str) -> bool:
    """Whether `advance` put it behind what rules read."""
    return sk.startswith((HISTORY, OLD))


def _plain(sk: str) -> str:
    return sk.removeprefix(HISTORY).removeprefix(OLD)


def submission_sk(version: str) -> str:
    return f"{SUBMISSION}#{version}"


def refusal_sk(version: str) -> str:
    return f"{OLD}{REFUSAL}#{version}"


def slot_sk(slot: str, mark: str) -> str:
    """By a hash of the mark: an upload's name may be as long as a whole key of object storage."""
    return upload_sk(slot, file_id(mark))


def upload_sk(slot: str, file: str) -> str:
    """By the file's id."""
    return f"{UPLOAD}#{slot}#{file}"


def papers_sk(part: int) -> str:
    """The papers are one value; where hundreds of files make it larger than an item may be, it lies in parts."""
    return f"{PAPERS}#{part:02}" if part else PAPERS


def signed_sk(matter: str) -> str:
    return f"{SIGNED}#{matter}"


def review_sk(matter: str) -> str:
    return f"{REVIEW}#{matter}"


def lease_sk(matter: str, round_: int) -> str:
    return f"{OLD}{LEASE}#{matter}#{round_:04}"


def answering_sk(message_id: str) -> str:
    """By a hash: a department's own system names its messages as it likes."""
    return f"{OLD}{ANSWERING}#{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"


def proposal_sk(matter: str, round_: int) -> str:
    return f"{HISTORY}{PROPOSAL}#{matter}#{round_:04}"


def decision_sk(matter: str, round_: int, turn: int = 1) -> str:
    return f"{DECISION}#{matter}#{round_:04}" + (f"#{turn}" if turn > 1 else "")


def procedure_sk(name: str) -> str:
    return f"{PROCEDURE}#{name}"


def revocation_sk(matter: str) -> str:
    return f"{REVOCATION}#{matter}"


def act_sk(name: str) -> str:
    return f"{ACT}#{name}"


def mail_to_sk(fingerprint: str) -> str:
    return f"{OLD}{MAIL_TO}#{fingerprint[:32]}"


def replaced_sk(round_: int) -> str:
    return f"{HISTORY}{REPLACED}#{round_:04}"


def documents_sk(occasion: str) -> str:
    return f"{DOCUMENTS}#{occasion}"


def outbox_sk(version: int) -> str:
    return f"{OUTBOX}#{version:06}"


def ledger_sk(seq: int) -> str:
    return f"{LEDGER}#{seq:06}"


def catalogue_key(fingerprint: str) -> dict[str, str]:
    return {"pk": f"CATALOGUE#{fingerprint}", "sk": RECORD}


def credit_pk(uscc: str) -> str:
    return f"CREDIT#{uscc}"


def said_sk(field: str) -> str:
    return f"SAID#{field}"


def credit_key(uscc: str) -> dict[str, str]:
    return {"pk": credit_pk(uscc), "sk": RECORD}


def breach_sk(packet: str) -> str:
    return f"{BREACH}#{packet}"


def slip_key(number: str) -> dict[str, str]:
    return {"pk": f"SLIP#{number}", "sk": RECORD}


def slips_pk(uscc: str) -> str:
    return f"SLIPS#{uscc}"


def slips_index(uscc: str, at: datetime) -> dict[str, str]:
    return {"gsi1pk": slips_pk(uscc), "gsi1sk": utc(at)}


def mandates_pk(uscc: str) -> str:
    return f"MANDATES#{uscc}"


def mandate_key(uscc: str, mandate: str) -> dict[str, str]:
    return {"pk": mandates_pk(uscc), "sk": f"MANDATE#{mandate}"}


def project_pk(code: str) -> str:
    return f"PROJECT#{code}"


def project_packet_sk(packet: str) -> str:
    return packet_pk(packet)


def intermediary_pk(uscc: str) -> str:
    return f"{_INTERMEDIARY}{uscc}"


def intermediary_key(uscc: str) -> dict[str, str]:
    return {"pk": intermediary_pk(uscc), "sk": RECORD}


def intermediary_of(pk: str) -> str:
    """The intermediary whose partition this is, by its credit code."""
    return pk.removeprefix(_INTERMEDIARY)


def submitted_pk(year: int) -> str:
    return f"SUBMITTED#{year}"


def submitted_key(packet: str, submitted_at: datetime) -> dict[str, str]:
    """By the moment of the first submission, in UTC, which never changes."""
    at = submitted_at.astimezone(UTC)
    return {"pk": submitted_pk(at.year), "sk": f"{utc(at)}#{packet}"}


SUBMITTED = re.compile(rf"{UTC_SECOND.pattern}(#{manifest.PACKET_PATTERN.strip('^$')})?")  # a place in that order


def refused_key(about: str, message_id: str) -> dict[str, str]:
    return {"pk": f"{_REFUSED}{about}", "sk": hashlib.sha256(message_id.encode()).hexdigest()[:32]}


def refused_about(pk: str) -> str:
    """What a refused message was about: a packet, or the sender that named none."""
    return pk.removeprefix(_REFUSED)


def refused_pk(day: date) -> str:
    return f"{_REFUSED}{day.isoformat()}"


def refused_index(at: datetime, reason: str, department: str, message_id: str) -> dict[str, str]:
    """The attributes that put a refused message into the index `due`, by its day and with all that a list shows."""
    return {"gsi3pk": refused_pk(at.astimezone(UTC).date()), "gsi3sk": f"{utc(at)}#{reason}#{department}#{message_id}"}


def document_key(sha256: str) -> dict[str, str]:
    return {"pk": f"DOCUMENT#{sha256}", "sk": RECORD}


def progress_key(token: str) -> dict[str, str]:
    """By the token's hash: who reads this item alone holds no link."""
    return {"pk": f"PROGRESS#{hashlib.sha256(token.encode()).hexdigest()}", "sk": RECORD}


def limit_key(name: str, hashed: str, window: int) -> dict[str, str]:
    return {"pk": f"LIMIT#{name}#{hashed}", "sk": f"WINDOW#{window}"}


def session_key(mark: str) -> dict[str, str]:
    return {"pk": f"SESSION#{hashlib.sha256(mark.encode()).hexdigest()}", "sk": RECORD}


def signed_out_key(whom: str) -> dict[str, str]:
    return {"pk": f"SIGNED-OUT#{hashlib.sha256(whom.encode()).hexdigest()}", "sk": RECORD}


def as_place(sk: str) -> str:
    """A sort key as a place in a list that an address can carry."""
    return sk.replace("#", "~")


def from_place(place: str) -> str:
    return place.replace("~", "#")


def utc(at: datetime) -> str:
    """A moment as indexes sort it: in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def due_pk(day: date, bucket: int) -> str:
    return f"{DUE}{day.isoformat()}#{bucket}"


def due_index(packet: str, at: datetime) -> dict[str, str]:
    """The attributes that put an item into the index `due`, in UTC."""
    return {"gsi3pk": due_pk(at.astimezone(UTC).date(), _bucket(packet)), "gsi3sk": utc(at)}


def late_pk(bucket: int) -> str:
    return f"{LATE}#{bucket}"


def late_index(packet: str, at: datetime) -> dict[str, str]:
    """The same for what is late: people find it, the oldest first, and no run looks at it for that."""
    return {"gsi3pk": late_pk(_bucket(packet)), "gsi3sk": utc(at)}


def is_due(item: Mapping[str, Any]) -> bool:
    """Whether an item, in DynamoDB's spelling, is in the index to be looked after: it may be there by another mark."""
    return "gsi3pk" in item and str(item["gsi3pk"]["S"]).startswith(DUE)


def _bucket(packet: str) -> int:
    return hashlib.sha256(packet.encode()).digest()[0] % DUE_BUCKETS


def moved_pk(day: date, bucket: int) -> str:
    return f"MOVED#{day.isoformat()}#{bucket}"


def moved_index(packet: str, at: datetime) -> dict[str, str]:
    """The attributes that put a ledger entry into the index `due`: the first one of its packet on a day, in UTC."""
    return {"gsi3pk": moved_pk(at.astimezone(UTC).date(), _bucket(packet)), "gsi3sk": utc(at)}


def applicant_pk(uscc: str) -> str:
    return f"APPLICANT#{uscc}"


def applicant_index(uscc: str, submitted_at: datetime) -> dict[str, str]:
    return {"gsi1pk": applicant_pk(uscc), "gsi1sk": utc(submitted_at)}


def department_pk(department: str) -> str:
    return f"DEPARTMENT#{department}"


def leases_pk(department: str) -> str:
    return f"{LEASE}#{department}"


def department_index(review_id: str, department: str, due: datetime, priority: bool) -> dict[str, str]:
    """The attributes that put a pending review into the index `department`: priority first, then what is due first."""
    rank = _FIRST if priority else _THEN
    return {"gsi2pk": department_pk(department), "gsi2sk": f"{rank}{utc(due)}#{review_id}"}


def correcting_pk(department: str) -> str:
    return f"CORRECTING#{department}"


def correcting_index(review_id: str, department: str, since: datetime) -> dict[str, str]:
    """The attributes that put a review into the index `department` while the applicant corrects it."""
    return {"gsi2pk": correcting_pk(department), "gsi2sk": f"{utc(since)}#{review_id}"}


def supervisors_pk(department: str) -> str:
    return f"{_SUPERVISION}{department}"


def supervisors_index(name: str, department: str, due: datetime) -> dict[str, str]:
    """The attributes that put an open supervision record into the index `department`: what is due first, first."""
    return {"gsi2pk": supervisors_pk(department), "gsi2sk": f"{utc(due)}#{name}"}


def has_priority(gsi2sk: str) -> bool:
    """Whether a pending review stands among those with priority."""
    return gsi2sk.startswith(_FIRST)


def window_pk(bucket: int) -> str:
    return f"WINDOW#{bucket}"


def window_index(packet: str, since: datetime) -> dict[str, str]:
    """The attributes that put a packet's header into the index `department` while it waits for the window."""
    return {"gsi2pk": window_pk(_bucket(packet)), "gsi2sk": f"{utc(since)}#{packet}"}


def hand_out_pk(bucket: int) -> str:
    return f"HAND-OUT#{bucket}"


def hand_out_index(packet: str, since: datetime) -> dict[str, str]:
    """The attributes that put a packet's header into the index `department` while its result is to be handed out."""
    return {"gsi2pk": hand_out_pk(_bucket(packet)), "gsi2sk": f"{utc(since)}#{packet}"}


def window_until(now: datetime) -> str:
    """What sorts behind every packet that has waited for the window by now."""
    return f"{utc(now)}~"


def lease_index(packet: str, matter: str, department: str, until: datetime) -> dict[str, str]:
    """The attributes that put a lease into the index `department`, by its end: those that ended sort before now."""
    return {"gsi2pk": leases_pk(department), "gsi2sk": f"{utc(until)}#{packet}.{matter}"}


def draft_key(packet: str) -> dict[str, str]:
    """Apart from the packet, so that no decision reads it."""
    return {"pk": f"{_DRAFT}{packet}", "sk": "DRAFT"}


def draft_of(pk: str) -> str:
    """The draft whose partition this is, by the id of its packet."""
    return pk.removeprefix(_DRAFT)


def drafts_pk(uscc: str) -> str:
    return f"DRAFTS#{uscc}"


def drafts_index(uscc: str, updated_at: datetime, *, handed_in: bool) -> dict[str, str]:
    """Those handed in apart from the others: they are listed only until their packet is."""
    group = HANDED_IN_DRAFTS if handed_in else OPEN_DRAFTS
    return {"gsi1pk": drafts_pk(uscc), "gsi1sk": f"{group}{utc(updated_at)}"}


def sequencer(raw: str) -> str:
    """S3's sequencer in a form that compares as text: S3 says to fill the shorter one with zeros on the right.

    Empty stays empty: an upload that `watch` found has none.
    """
    return raw.upper().ljust(40, "0") if raw else ""


def mark(upload: str, etag: str) -> str:
    """What tells one uploaded content from another: the upload and the start of the object's ETag."""
    return f"{upload}/{etag.strip(chr(34))[:16]}"


# object storage

UPLOADS = "packets/"


def folder(packet: str) -> str:
    return f"{UPLOADS}{packet}/"


def manifest_key(packet: str) -> str:
    return f"{folder(packet)}manifest.json"


def status_key(packet: str) -> str:
    return f"{folder(packet)}status.json"


def refusal_key(packet: str) -> str:
    return f"{folder(packet)}refusal.json"


def upload_key(packet: str, slot: str, upload: str, name: str) -> str:
    return f"{folder(packet)}{slot}/{upload}/{name}"


PHOTOS = "inspections/"


def photo_key(packet: str, matter: str, upload: str, name: str) -> str:
    """By the upload first, which begins with its time: so `watch` finds what came lately."""
    return f"{PHOTOS}{upload}/{packet}/{matter}/{name}"


def photo_place(key: str) -> tuple[str, str, str, str] | None:
    """Packet, matter, upload and name of a photo's key; None: no photo lies there."""
    parts = key.removeprefix(PHOTOS).split("/", 3)
    if not key.startswith(PHOTOS) or len(parts) != 4 or not all(parts):
        return None
    upload, packet, matter, name = parts
    return packet, matter, upload, name


def photo_copy_key(packet: str, matter: str, file: str) -> str:
    """Where its copy for browsers lies: as `copy_key` has it."""
    return f"{copies_folder(packet)}{PHOTOS}{matter}/{file}"


_SYSTEM = re.compile(
    r"\.DS_Store|\._.*|\.Spotlight-V100|\.Trashes|__MACOSX|Thumbs\.db(:encryptable)?|ehthumbs\.db|desktop\.ini"
    r"|~\$.*|\.~lock\..*#|\.git(keep|ignore)|\.directory|\.keep",
    re.IGNORECASE,
)


def paper_place(key: str) -> tuple[str, str, str, str] | None:
    """Packet, slot, upload and name of a paper's key; None: no paper lies there.

    No paper is a folder's marker, which consoles and rclone put, nor a file that a system puts beside one's own (macOS,
    Windows, Office, Git).
    """
    packet, *rest = key.removeprefix(UPLOADS).split("/", 3)
    if not key.startswith(UPLOADS) or len(rest) != 3 or rest[2].endswith("/") or not all(rest):
        return None
    parts = (*rest[:2], *rest[2].split("/"))
    return None if any(map(_SYSTEM.fullmatch, parts)) else (packet, rest[0], rest[1], rest[2])


def copy_key(packet: str, slot: str, mark: str) -> str:
    """Where the copy of one uploaded content lies that browsers can draw."""
    return f"{copies_folder(packet)}{slot}/{file_id(mark)}"


def copies_folder(packet: str) -> str:
    return f"shown/{packet}/"


def issued_folder(packet: str) -> str:
    return f"issued/{packet}/"


def result_key(packet: str) -> str:
    return f"{issued_folder(packet)}joint-result.json"


def issued_key(packet: str, document: str) -> str:
    """By the document's code."""
    return f"{issued_folder(packet)}{document}.pdf"


def archive_key(packet: str) -> str:
    """All documents of the result at once."""
    return f"{issued_folder(packet)}result.zip"


# what the nightly run leaves: its parts, which only it reads again; and the exchange, which others read

DAILY, EXCHANGE = "daily/", "exchange/"


def daily_parts(day: date, run: str) -> str:
    """Where the parts of one run lie that counted a day."""
    return f"{DAILY}{day.isoformat()}/{run}/"


def daily_part_key(day: date, run: str, index: int) -> str:
    return f"{daily_parts(day, run)}{index:05}.json"


def exchange_day(day: date) -> str:
    return f"{EXCHANGE}day={day.isoformat()}/"


def exchange_file_key(day: date, run: str, table: str, index: int) -> str:
    """Partitioned as query engines know it: by day, run and table."""
    return f"{exchange_day(day)}run={run}/table={table}/part-{index:05}.jsonl"


def exchange_manifest_key(day: date, resent: str = "") -> str:
    """Of a day; of rows that are sent again, by the run that made them."""
    return f"{exchange_day(day)}{f'resend-{resent}' if resent else 'manifest'}.json"


# the bucket of anchors, which is written once

ANCHORS = "anchors/"


def anchor_key(number: int) -> str:
    return f"{ANCHORS}{number:08}.json"


def anchor_number(key: str) -> int:
    return int(key.removeprefix(ANCHORS).removesuffix(".json"))


def anchor_part_key(number: int, index: int, root: str) -> str:
    return f"parts/{number:08}/{index:05}-{root}.json"


# the bucket of events, which are read by whoever analyses them

EVENTS = "events/v1/"  # by the version of their shape: views/events


def events_key(day: date, part: int) -> str:
    return f"{EVENTS}day={day.isoformat()}/part-{part}.json.gz"


def events_day(folder: str) -> date:
    """The day of such a folder."""
    return date.fromisoformat(folder.removeprefix(EVENTS).removeprefix("day=").rstrip("/"))
