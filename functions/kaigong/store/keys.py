"""Every key of the table and of object storage, and the access patterns that they serve.

| pattern | how |
|---|---|
| everything of one packet that a decision needs | Query `PACKET#<packet>`, sk < `~` |
| the ledger of one packet | Query `PACKET#<packet>`, sk begins with `~LEDGER#` |
| one review, to check a decision | GetItem `PACKET#<packet>` / `REVIEW#<matter>` |
| credit of an enterprise: its record, and breaches put on record here | Query `CREDIT#<uscc>` |
| whether the credit platform is asked at all | GetItem `CREDIT-PLATFORM` / `BREAKER` |
| a project: its record, and open gaps of its packets | Query `PROJECT#<code>` |
| packets of an applicant, newest first | index `applicant`: `APPLICANT#<uscc>` |
| what should have moved on by now | index `due`: `DUE#<day>#<bucket>`, sk <= now |
| messages that were refused | Query `REFUSED#<packet>` |
| how far the sweep of object storage has come | GetItem `SWEEP` / `CURSOR` |
"""

import hashlib
from datetime import UTC, date, datetime

HEADER = "HEADER"
RIGHTS = "RIGHTS"
PAPERS = "PAPERS"
LATE = "LATE"  # there while somebody is late: operations find it in the index `due`
RESULT = "RESULT"
ISSUED = "ISSUED#joint-result"
AFTER_PACKET = "~"  # the ledger sorts behind everything that a decision reads
SWEEP = {"pk": "SWEEP", "sk": "CURSOR"}
CREDIT_BREAKER = {"pk": "CREDIT-PLATFORM", "sk": "BREAKER"}
RECORD = "RECORD"  # of an enterprise, of a project
DUE_BUCKETS = 4  # a day's deadlines are spread over so many partitions of the index


def packet_pk(packet: str) -> str:
    return f"PACKET#{packet}"


def submission_sk(version: str) -> str:
    return f"SUBMISSION#{version}"


def refusal_sk(version: str) -> str:
    return f"REFUSAL#{version}"


def slot_sk(slot: str) -> str:
    return f"SLOT#{slot}"


def gap_sk(slot: str) -> str:
    return f"GAP#{slot}"


def commitment_sk(matter: str) -> str:
    return f"COMMITMENT#{matter}"


def review_sk(matter: str) -> str:
    return f"REVIEW#{matter}"


def decision_sk(matter: str, round_: int) -> str:
    return f"DECISION#{matter}#{round_:04}"


def procedure_sk(name: str) -> str:
    return f"PROCEDURE#{name}"


def revocation_sk(matter: str) -> str:
    return f"REVOCATION#{matter}"


def visit_sk(number: int) -> str:
    return f"VISIT#{number:04}"


def gap_breach_sk(slot: str) -> str:
    return f"BREACH#{slot}"


def act_sk(name: str) -> str:
    return f"ACT#{name}"


def notice_sk(number: int) -> str:
    return f"NOTICE#{number:08}"


def outbox_sk(version: int) -> str:
    return f"OUTBOX#{version:06}"


def ledger_sk(seq: int) -> str:
    return f"~LEDGER#{seq:06}"


def credit_pk(uscc: str) -> str:
    return f"CREDIT#{uscc}"


def credit_key(uscc: str) -> dict[str, str]:
    return {"pk": credit_pk(uscc), "sk": RECORD}


def breach_sk(packet: str, slot: str) -> str:
    return f"BREACH#{packet}#{slot}"


def project_pk(code: str) -> str:
    return f"PROJECT#{code}"


def project_packet_sk(packet: str) -> str:
    return packet_pk(packet)


def refused_key(packet: str, message_id: str) -> dict[str, str]:
    return {"pk": f"REFUSED#{packet}", "sk": hashlib.sha256(message_id.encode()).hexdigest()[:32]}


def due_pk(day: date, bucket: int) -> str:
    return f"DUE#{day.isoformat()}#{bucket}"


def due_index(packet: str, at: datetime) -> dict[str, str]:
    """The attributes that put an item into the index `due`, in UTC."""
    at = at.astimezone(UTC)
    bucket = hashlib.sha256(packet.encode()).digest()[0] % DUE_BUCKETS
    return {"gsi3pk": due_pk(at.date(), bucket), "gsi3sk": at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def applicant_index(uscc: str, submitted_at: datetime) -> dict[str, str]:
    return {"gsi1pk": f"APPLICANT#{uscc}", "gsi1sk": submitted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


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


def refusal_key(packet: str) -> str:
    return f"{folder(packet)}refusal.json"


def upload_key(packet: str, slot: str, upload: str, name: str) -> str:
    return f"{folder(packet)}{slot}/{upload}/{name}"


def result_key(packet: str) -> str:
    return f"issued/{packet}/joint-result.json"
