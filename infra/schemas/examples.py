"""One example of each published document, made by the rules themselves from the city's worked case.

The enterprise and the project are made up. Times, tokens and hashes of files are fixed, so the same rules and the same
catalogue always give the same examples.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from kaigong import catalog
from kaigong.contract.letters import LettersRequest, letters
from kaigong.domain import words
from kaigong.domain.flow import delivery, supervision
from kaigong.domain.flow.progress import advance
from kaigong.domain.flow.result import document
from kaigong.domain.flow.step import Surroundings
from kaigong.domain.intake import application
from kaigong.domain.model.arrivals import Awaited, Examined, Refusal, Stored, Submission
from kaigong.domain.model.clock import Office
from kaigong.domain.model.daily import ExchangeFile, PartAsked, run_of
from kaigong.domain.model.facts import Facts, Kind, Opens, normalise
from kaigong.domain.model.ledger import GENESIS, chain
from kaigong.domain.model.manifest import LetterAccepted, Manifest, ManifestFile
from kaigong.domain.model.messages import (
    CreditRecord,
    Decision,
    DecisionReason,
    GroundedReason,
    NoticeMessage,
    Outcome,
    Procedure,
    ProcedureAction,
    ProcedureKind,
    ReviewTask,
    Revocation,
    RevocationKind,
    SupervisionAnswer,
    TaskWithdrawn,
    WithdrawnBy,
)
from kaigong.domain.model.packet import Breach, DecisionFact, Packet, ReviewState, breach_key
from kaigong.domain.model.standing import Standing
from kaigong.domain.model.supervision import Finding, FindingOutcome
from kaigong.errors import Bug
from kaigong.views import exchange, storage
from kaigong.views.events import Event, events
from pydantic import BaseModel

from infra.places import EXCHANGE, PAPERS
from infra.samples.case import Case, city_case

PACKET = "20260306-0001"
UPLOADED = datetime.fromisoformat("2026-03-06T09:30:00+08:00")
SHOWN_TASK = "fire-design-review"  # one of its materials is promised for later


def examples() -> dict[str, Any]:
    """The examples by the name of their contract, as JSON values."""
    case = city_case()
    manifest, credit = _manifest(case), _credit(case)
    packet, task = _through_review(manifest, credit)
    return {
        "manifest": _sent(manifest),
        "refusal": _sent(_refusal(manifest)),
        "review-task": _sent(task),
        "review-task-withdrawn": _sent(_taken_back(task)),
        "decision": _sent(_decision(task)),
        "procedure": _sent(_procedure(task)),
        "revocation": _sent(_revocation(task)),
        "notice": _sent(_notice(packet)),
        "credit": _sent(credit),
        "documents": _sent(delivery.documents_request(packet, UPLOADED)),
        **_supervised(packet),
        "issue": _sent(delivery.issue_request(packet, packet.result.decided_at if packet.result else UPLOADED)),
        "joint-result": json.loads(document(packet, catalog.load())),
        "event": _sent(_event()),
        "exchange": _sent(_exchange()),
        "status": json.loads(storage.document(packet, catalog.load(), UPLOADED + timedelta(hours=1), Office())),
    }


def _event() -> Event:
    """What is told for analysis of a department's wish for a correction."""
    said = {"event": "notice", "kind": "correction", "number": 2, "items": [["correction", SHOWN_TASK, "fire-design"]]}
    entry = chain(4, GENESIS, (said,), UPLOADED + timedelta(days=1))
    return next(events(PACKET, "industrial", [entry], catalog.load(), Office().zone))


def _exchange() -> exchange.ExchangeManifest:
    """The manifest of a day on which a matter was applied for."""
    asked = PartAsked(day=UPLOADED.date(), run=run_of([PACKET], {}), index=0, parts=1, packets=(PACKET,))
    file = ExchangeFile(
        table=exchange.STEPS,
        key=f"{EXCHANGE}day={asked.day}/run={asked.run}/table={exchange.STEPS}/part-00000.jsonl",
        rows=3,
        size=1200,
        sha256=hashlib.sha256(PACKET.encode()).hexdigest(),
    )
    return exchange.ExchangeManifest(
        day=asked.day,
        region=exchange.region_code(catalog.load()),
        run=asked.run,
        packets=1,
        files=(file,),
        made_at=UPLOADED + timedelta(days=1),
    )


def _notice(packet: Packet) -> NoticeMessage:
    told = packet.outbox[min(packet.outbox)].notices
    found = delivery.notices(packet, told, UPLOADED + timedelta(seconds=6))[0]
    return found.changed(link=f"https://kaigong.example.cn{found.link}")


def _sent(model: BaseModel) -> Any:
    return json.loads(model.model_dump_json(by_alias=True, exclude_none=True))


def _manifest(case: Case) -> Manifest:
    """The application as the portal hands it in: its form is data, so that the form's paper is not among the files."""
    materials = catalog.load().materials
    slots = [slot for slot in case.materials if slot not in case.promises and not materials[slot].by_form]
    files = tuple(
        ManifestFile(slot=slot, upload="1", name=f"{catalog.load().materials[slot].name.zh}.pdf") for slot in slots
    )
    return Manifest.model_validate(
        {
            "schema": "kaigong/manifest/1",
            "packet": PACKET,
            **case.manifest(),
            "letters": _accepted(case),
            "files": files,
        }
    )


def _accepted(case: Case) -> tuple[LetterAccepted, ...]:
    """The letters of the case as they read now, accepted electronically between uploading and handing in."""
    asked = LettersRequest(enterprise=case.enterprise, project=case.project, matters=case.commitments)
    signer = case.enterprise.legal_representative or case.enterprise.name
    return tuple(
        LetterAccepted(
            matter=letter.matter,
            version=letter.version,
            sha256=letter.sha256,
            by=signer,
            at=UPLOADED + timedelta(minutes=1),
        )
        for letter in letters(asked, catalog.load()).letters
    )


def _credit(case: Case) -> CreditRecord:
    return CreditRecord.model_validate(
        {
            "schema": "kaigong/credit/1",
            "id": "credit-2026-000001",
            "uscc": case.enterprise.uscc,
            "grade": "AAA",
            "valid_from": "2026-01-01T00:00:00+08:00",
            "valid_until": "2027-01-01T00:00:00+08:00",
            "published_at": "2026-01-04T10:00:00+08:00",
        }
    )


def _refusal(manifest: Manifest) -> Refusal:
    """What is answered when a listed paper was never uploaded and a material's code is mistyped."""
    files = manifest.files or ()
    stored = [_lying(file) for file in files[1:]]
    mistyped = ManifestFile(slot="bussiness-licence", upload="1", name="营业执照.pdf")
    wrong = manifest.changed(files=(*files, mistyped))
    _, reasons = application.check(wrong, PACKET, catalog.load(), stored)
    return Refusal(packet=PACKET, version="3Lg1a6e0nXq2mvZ0c4Wd", reasons=reasons, at=UPLOADED + timedelta(minutes=1))


def _lying(file: ManifestFile) -> Stored:
    return Stored(slot=file.slot, upload=file.upload, name=file.name, mark=_mark(file.slot))


def _mark(slot: str) -> str:
    return f"1/{hashlib.sha256(slot.encode()).hexdigest()[:16]}"


def _submitted(manifest: Manifest) -> Packet:
    """The packet with its papers examined, none of them wanting."""
    lying = [_lying(file) for file in manifest.files or ()]
    uploads = {(stored.slot, stored.mark): _examined(stored, manifest) for stored in lying}
    submission = Submission(
        version="s0bM1t0000000000000001",
        sequencer="",
        manifest=manifest,
        awaited=tuple(Awaited(slot=stored.slot, mark=stored.mark) for stored in lying),
        received_at=UPLOADED + timedelta(minutes=2),
    )
    return Packet(packet=PACKET, uploads=uploads, submissions={submission.version: submission})


def _examined(stored: Stored, manifest: Manifest) -> Examined:
    material = catalog.load().materials[stored.slot]
    pages = material.checks.min_pages
    key = f"{PAPERS}{PACKET}/{stored.slot}/{stored.upload}/{stored.name}"
    return Examined(
        slot=stored.slot,
        key=key,
        version=hashlib.sha256(key.encode()).hexdigest()[:20],
        mark=stored.mark,
        sequencer="",
        size=68_000,
        sha256=hashlib.sha256(stored.mark.encode()).hexdigest(),
        uploaded_at=UPLOADED,
        facts=Facts(
            kind=Kind.PDF,
            size=68_000,
            opens=Opens.YES,
            pages=pages,
            signed=True,
            text_on_page_1=True,
            text=normalise(manifest.enterprise.name + manifest.enterprise.uscc),
        ),
    )


def _through_review(manifest: Manifest, credit: CreditRecord) -> tuple[Packet, ReviewTask]:
    """The packet after every department has approved, and the task that is shown, as it was sent."""
    packet, task, now = _submitted(manifest), None, UPLOADED + timedelta(minutes=2, seconds=5)
    while packet.result is None:
        packet, entry = advance(packet, _around(credit, now))
        if entry is None:
            raise Bug("the worked case stands still: look at its papers and matters")
        for sent in delivery.tasks(packet, _orders(packet), catalog.load(), now + timedelta(seconds=1)):
            task = sent if sent.matter == SHOWN_TASK else task
        now += timedelta(minutes=10)
        packet = _all_approve(packet, now)
    if task is None:
        raise Bug(f"the worked case has no review of {SHOWN_TASK}")
    return packet, task


def _around(credit: CreditRecord, now: datetime) -> Surroundings:
    return Surroundings(
        catalogue=catalog.load(),
        standing=Standing(record=credit),
        now=now,
        office=Office(),
        gap_working_days=20,
        new_token=lambda: "made-up-token-of-this-example",
    )


def _supervised(packet: Packet) -> dict[str, Any]:
    """A commitment that goes to who supervises it, is found broken, and becomes a breach."""
    now = UPLOADED + timedelta(days=5)
    around = supervision.Around(now=now, office=Office(), terms=catalog.load().supervision)
    token = "made-up-token-of-this-example"  # noqa: S105 - made up
    pushed = supervision.records(packet, catalog.load(), around, "made-up-seed", lambda: token, {})
    record = next(r for r in pushed if r.matter in packet.commitments)
    finding = Finding(
        kind="finding",
        outcome=FindingOutcome.BROKEN,
        text="现场核查，承诺的条件不具备，且未在期限内整改。",
        basis="国办发〔2020〕42号；告知承诺书第四条",
    )
    answer = SupervisionAnswer(
        schema_="kaigong/supervision-answer/1",
        id=f"{record.department}-2026-000020",
        packet=packet.packet,
        sent_at=now + timedelta(days=3),
        record=record.name,
        reply_token=record.token,
        says=finding,
        officer="检查员（示例）",
    )
    key = breach_key(record.matter, "supervision")
    breach = Breach(
        packet=packet.packet,
        subject=record.matter,
        kind="supervision",
        text=finding.text or "",
        basis=finding.basis or "",
        at=now + timedelta(days=10),
        repairable_from=now + timedelta(days=100),
    )
    broken = packet.changed(breaches={key: breach})
    return {
        "supervision-task": _sent(delivery.supervision_task(packet, record, catalog.load(), now)),
        "supervision-answer": _sent(answer),
        "breach": _sent(delivery.breaches(broken, [f"breach:{key}"], catalog.load(), breach.at)[0]),
    }


def _orders(packet: Packet) -> tuple[str, ...]:
    return packet.outbox[max(packet.outbox)].orders if packet.outbox else ()


def _all_approve(packet: Packet, now: datetime) -> Packet:
    decided = {
        (matter, review.round): DecisionFact(
            matter=matter,
            round=review.round,
            outcome=Outcome.APPROVE,
            officer="示例",
            message_id=f"{review.review_id}.{review.round}",
            received_at=now,
        )
        for matter, review in packet.reviews.items()
        if review.state is ReviewState.OPEN
    }
    return packet.changed(decisions={**packet.decisions, **decided})


def _taken_back(task: ReviewTask) -> ReviewTask:
    """The same task, had the applicant withdrawn the application meanwhile."""
    by, at = WithdrawnBy.APPLICANT, task.sent_at + timedelta(hours=1)
    withdrawn = TaskWithdrawn(at=at, by=by, text=words.withdrawal.NOT_REVIEWED[by])
    return task.changed(id=f"{task.id}.withdrawn", sent_at=at, withdrawn=withdrawn)


def _decision(task: ReviewTask) -> Decision:
    return Decision(
        schema_="kaigong/decision/1",
        id=f"{task.department}-2026-000017",
        packet=task.packet,
        sent_at=task.sent_at + timedelta(minutes=9),
        review_id=task.review_id,
        round=task.round,
        reply_token=task.reply_token,
        outcome=Outcome.CORRECT,
        reasons=(
            DecisionReason(
                slot="fire-design", text="请补充消防电梯前室的防烟设计。", basis="《建筑防火通用规范》GB 55037-2022"
            ),
        ),
        officer="审查员（示例）",
    )


def _procedure(task: ReviewTask) -> Procedure:
    return Procedure(
        schema_="kaigong/procedure/1",
        id=f"{task.department}-2026-000018",
        packet=task.packet,
        sent_at=task.sent_at + timedelta(minutes=5),
        review_id=task.review_id,
        round=task.round,
        reply_token=task.reply_token,
        kind=ProcedureKind.SITE_VISIT,
        action=ProcedureAction.START,
        note="请建设单位安排人员到场，踏勘消防车道与登高场地。",
        appointment=task.sent_at + timedelta(days=3),
        officer="审查员（示例）",
    )


def _revocation(task: ReviewTask) -> Revocation:
    reason = GroundedReason(text="承诺补交的材料逾期未补齐。", basis="《中华人民共和国行政许可法》第六十九条")
    return Revocation(
        schema_="kaigong/revocation/1",
        id=f"{task.department}-2026-000019",
        packet=task.packet,
        sent_at=task.sent_at + timedelta(days=60),
        review_id=task.review_id,
        reply_token=task.reply_token,
        kind=RevocationKind.REVOKE,
        reasons=(reason,),
        officer="审查员（示例）",
    )
