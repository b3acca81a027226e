"""The city's case, played on a local stack from outside: by its applicant and its departments.

An enterprise of grade AAA hands in the industrial start packet. Two papers are promised for later; three matters are
done by commitment, and rules decide them at once; the departments decide the others side by side; the joint result
comes on the same day. Joint acceptance is refused while the promised papers are missing, with the list; they follow,
and the project is accepted; policies give what it qualifies for by then. Afterwards one commitment is inspected and
found broken: the enterprise's privileges are gone until the credit platform says that it was repaired. Source: mission,
"What it changed", 5, 6, 7, 11 to 13.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kaigong import catalog
from kaigong.domain.model.messages import DecisionReason, Outcome, ReviewTask
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.signature import Signing
from kaigong.domain.model.text import Model, Text
from kaigong.errors import Refused
from kaigong.views.states import GENUINE

from infra import local
from infra.command.client.api import Api
from infra.command.client.faults import translated
from infra.samples import Case, acceptance_case, city_case, credit_record, draw, write_packet, write_supplement

from .client import Connection, departments, documents, letters, of_local, packets, proofs

RESULT, ACCEPTANCE, TIMELINE = "joint-result.json", "joint-acceptance.json", "demo.json"
PROOF, CHECKER = "joint-result-proof.json", Path(__file__).parents[2] / "docs" / "verify.py"
VERIFICATION = "verification.json"  # what the city says of each file, and of the ledger
# The folders of the documents: of the permits, of the application for joint acceptance that came too early, of the one
# that was accepted.
DOCUMENTS, RETURNED, ACCEPTED = "documents", "documents/returned", "documents/joint-acceptance"
PATIENCE = 300.0  # seconds for any one step; a warm stack needs a few
CORRECTED = ("soil-conservation", "soil-plan")  # which department asks for a correction, and of what
_NIGHT = timedelta(hours=1)  # a demo that runs over midnight is not late

_APPLICANT = Text(zh="企业", en="Applicant")
_SYSTEM = Text(zh="开工系统", en="Kaigong")
_CREDIT = Text(zh="信用平台", en="Credit platform")


class Event(Model):
    """Who did what, when."""

    at: datetime
    who: Text
    what: Text


class Story(Model):
    """What happened in one run, and what was not as it should be."""

    packet: str
    acceptance: str  # the packet of joint acceptance
    stack: str
    portal_url: str  # the stack stays up after the run
    submitted_at: datetime
    decided_at: datetime
    seconds: float  # from the submission to the joint result
    same_day: bool
    code: ResultCode
    summary: Text
    events: tuple[Event, ...]
    wrong: tuple[Text, ...]


class NotAccepted(Refused):
    """The case did not get past acceptance; `codes` say why."""

    def __init__(self, zh: str, en: str, codes: list[str]) -> None:
        super().__init__(zh, en)
        self.codes = codes


Report = Callable[[str], None]
Watch = Callable[[dict[str, Any]], None]


def play(stack: str, out: Path, *, with_correction: bool, report: Report, watch: Watch) -> Story:
    """Play the case on the local stack of that name, which is brought up where it is not.

    `report` is told each step, `watch` is shown the packet's status again and again. Writes `joint-result.json`,
    `joint-acceptance.json`, the first one's proof, all documents, what verification says of each, and `demo.json` into
    `out`. Raises Refused where the case does not get to its end.
    """
    connection = Connection(of_local(local.up(stack, report=report)))
    out.mkdir(parents=True, exist_ok=True)
    # Each run is a project of its own: what another run left open must not bar this one's joint acceptance.
    code = f"2602-411402-04-01-{datetime.now(UTC).timestamp() % 1_000_000:06.0f}"
    story = _Play(connection, code, report, watch).run(out, with_correction)
    (out / TIMELINE).write_text(story.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return story


class _Play:
    """One run: its packet, and what happened so far."""

    def __init__(self, connection: Connection, project_code: str, report: Report, watch: Watch) -> None:
        self.connection = connection
        self.api = Api(connection)
        self.case, self.acceptance = (_of_project(case, project_code) for case in (city_case(), acceptance_case()))
        self.packet = ""  # the one that is being played
        self.obstacles: list[str] = []
        self.kept: list[str] = []  # privileges that a broken commitment left open
        self.unproven: tuple[Text, ...] = ()
        self._files: list[Path] = []  # what was handed out
        self._events: list[Event] = []
        self._report = report
        self._watch = watch

    def run(self, out: Path, with_correction: bool) -> Story:
        with TemporaryDirectory(prefix="kaigong-demo-") as folder:
            self._publish_credit()
            status = self._permits(Path(folder), out, with_correction)
            accepted = self._accepted(Path(folder), out)
        self._benefits(status["packet"])
        self._supervised(status["packet"])
        self._anchored(status["packet"], out)
        self._verified(status["packet"], out)
        return self._told(status, accepted, json.loads((out / RESULT).read_bytes()))

    def _permits(self, folder: Path, out: Path, with_correction: bool) -> dict[str, Any]:
        """From the land to the permit. Returns the packet's last status."""
        self._hand_in(self.case, folder / "packet")
        with self._departments_at_work(self.case, with_correction) as offices:
            if with_correction:
                status = self._until(lambda found: found["status"] == "correcting", offices)
                self._hand_in_correction(folder / "corrected", status)
            status = self._until(lambda found: found["status"] == "issued", offices)
        self._hands_out(out / RESULT, status)
        self._documents(out / DOCUMENTS, "archive")
        return status

    def _accepted(self, folder: Path, out: Path) -> dict[str, Any]:
        """Joint acceptance: refused while a promised paper is missing, then done. Returns its last status."""
        permits = self.packet
        try:
            self._hand_in(self.acceptance, folder / "too-early")
        except NotAccepted as refused:
            self.obstacles = refused.codes
            count = len(refused.codes)
            self._happened(
                _SYSTEM,
                f"不予联合验收：列明 {count} 份未补齐的容缺材料",
                f"refuses joint acceptance and lists {count} promised papers that are still missing",
            )
        self._documents(out / RETURNED, "documents")
        self.packet = permits
        self._hand_in_promised(folder / "promised")
        status = self._until(lambda found: not any(gap["open"] for gap in found["gaps"]))
        closed = max(gap["closed_at"] for gap in status["gaps"])
        self._happened(_SYSTEM, "容缺材料全部补齐登记", "registers the promised papers: every gap is closed", closed)
        self._hand_in(self.acceptance, folder / "acceptance")
        with self._departments_at_work(self.acceptance, with_correction=False) as offices:
            status = self._until(lambda found: found["status"] == "issued", offices)
        self._hands_out(out / ACCEPTANCE, status)
        self._documents(out / ACCEPTED, "archive")
        return status

    def _documents(self, folder: Path, last: str) -> None:
        """Receipt, notices, letters, result and certificates, sealed: each comes as soon as it is made. `last`: what is
        there once all of it is, the archive of the result or any document.
        """

        def look() -> dict[str, Any] | None:
            found = self.api.documents(self.packet)
            return None if found["pending"] or not found[last] else found

        archive = packets.wait(look, PATIENCE, self.packet)["archive"]
        found = documents.save(self.api, self.packet, folder)["documents"]
        self._files += [folder / f"{document['document']}.pdf" for document in found]
        if archive:
            self._files.append(folder / "result.zip")
            self._files[-1].write_bytes(self.api.document(self.packet, "result-archive"))
        self._happened(
            _SYSTEM,
            f"出具加盖电子印章的文书{len(found)}份",
            f"issues {len(found)} documents with the electronic seal",
            max(document["issued_at"] for document in found),
        )

    def _benefits(self, packet: str) -> None:
        """Once the promised papers are there, policies give what the project qualifies for; nobody applied."""
        found = packets.wait(lambda: self.api.benefits_of(packet)["benefits"] or None, PATIENCE, packet)
        for benefit in found:
            name, gift = benefit["policy"]["name"], benefit["gives"] or benefit["state_name"]
            self._happened(
                Text(**benefit["department"]["name"]),
                f"免申即享“{name['zh']}”：{gift['zh']}，逐条说明理由",
                f"gives without being applied for: {name['en']}, {gift['en']}, and says why line by line",
                benefit["steps"][0]["at"],
            )

    def _supervised(self, packet: str) -> None:
        """After the approval: a commitment is inspected and found broken, contested, and on record until repaired."""
        matter, uscc = self.case.commitments[0], self.case.enterprise.uscc
        found = packets.wait(lambda: self._pushed(packet, matter), PATIENCE, packet)
        name, office = found["matter"]["name"], Text(**found["department"]["name"])
        self._happened(_SYSTEM, "已批准的事项推送监管部门", "pushes what was approved to who supervises it")
        inspector = Api(self.connection, role=f"supervisor-{found['department']['code']}")
        for says in (
            {"kind": "claim"},
            {"kind": "finding", "outcome": "broken", "text": "现场不具备所承诺的条件", "basis": "国办发〔2020〕42号"},
        ):
            found = inspector.supervise(found["record"], found["version"], says)
        self._happened(
            office, f"认领并现场核查“{name['zh']}”：未履行承诺", f"claims and inspects: {name['en']} is broken"
        )
        told = {"kind": "contest", "text": "设备正在安装"}
        Api(self.connection, role="applicant").answer_supervision(packet, matter, told)
        self._happened(_APPLICANT, "申辩一次", "contests the finding")
        version = inspector.supervision_record(found["record"])["version"]
        inspector.supervise(found["record"], version, {"kind": "reply", "stands": True, "text": "承诺时已应具备"})
        self._happened(office, "答复：维持检查意见", "answers: the finding stands")
        known = packets.wait(lambda: self._on_record(uscc, broken=True), PATIENCE, packet)
        self.kept = [granted["privilege"] for p in known["processes"] for granted in p["rights"]["granted"]]
        self._happened(
            _SYSTEM,
            "记入失信记录并告知信用平台：下一次申请不再适用绿色通道、容缺受理和告知承诺",
            "puts the breach on record and tells the credit platform: the next application has no privilege",
        )
        self._publish_credit("修复后重新推送信用记录", "publishes the record anew, repaired")
        packets.wait(lambda: self._on_record(uscc, broken=False), PATIENCE, packet)
        self._happened(_SYSTEM, "恢复企业可享受的便利", "gives the privileges back")

    def _pushed(self, packet: str, matter: str) -> dict[str, Any] | None:
        records = self.api.supervision_of(packet)["records"]
        return next((record for record in records if record["matter"]["code"] == matter), None)

    def _on_record(self, uscc: str, *, broken: bool) -> dict[str, Any] | None:
        found = self.api.enterprise(uscc)
        return found if bool(found["breaches"]) is broken else None

    def _hands_out(self, path: Path, status: dict[str, Any]) -> None:
        path.write_bytes(self.api.result(self.packet))
        self._files.append(path)
        what = status["process"]["name"]
        self._happened(
            _SYSTEM,
            f"出件：联合审批结果（{what['zh']}）",
            f"hands out the joint result ({what['en']})",
            status["result"]["issued_at"],
        )

    def _anchored(self, packet: str, out: Path) -> None:
        """What happens every night happens now: the ledgers are anchored. The joint result's proof is checked by a
        script that knows nothing of this system.
        """
        client = self.connection.client("lambda")
        client.invoke(FunctionName=f"{self.connection.target.stack}-anchor", Payload=b"{}")
        proofs.write(self.api.proof(packet), out / PROOF)
        checked = subprocess.run(
            [sys.executable, "-I", CHECKER, out / PROOF, out / RESULT], capture_output=True, text=True, check=False
        )
        if checked.returncode:
            self.unproven = (Text(zh=f"证明不成立：{checked.stderr}", en=f"The proof does not hold: {checked.stderr}"),)
        self._happened(
            _SYSTEM,
            "签名留存全部办理档案；联合审批结果的证明经离线核验",
            "anchors all ledgers; the joint result's proof is checked offline",
        )

    def _verified(self, packet: str, out: Path) -> None:
        """What anybody is told who asks of these files, and of the permits' ledger."""
        files = [
            {"file": str(path.relative_to(out)), **documents.verified(self.api, path.read_bytes())}
            for path in self._files
        ]
        said = {"ledger": proofs.told(self.api.proof(packet)), "files": files}
        (out / VERIFICATION).write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        self.unproven += tuple(_wrong_verification(said))
        self._happened(_SYSTEM, f"核验出件文书{len(files)}份", f"verifies the {len(files)} files that were handed out")

    def _happened(self, who: Text, zh: str, en: str, at: str | None = None) -> None:
        """Note an event of now, or of the time that the system gives for it."""
        moment = datetime.fromisoformat(at) if at else datetime.now(UTC)
        self._events.append(Event(at=moment, who=who, what=Text(zh=zh, en=en)))  # safe from any thread
        self._report(f"{who.zh}：{zh}\n  {who.en}: {en}")

    def _publish_credit(
        self,
        zh: str = "推送信用记录：AAA，在有效期内",
        en: str = "publishes the credit record: AAA, currently valid",
    ) -> None:
        """The city's credit platform says AAA, and the system has heard it."""
        record = credit_record(datetime.now(UTC))
        sqs, queue = self.connection.client("sqs"), self.connection.target.queue_url("credit")
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

        def heard() -> bool | None:
            found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=counts)["Attributes"]
            return None if any(int(found[name]) for name in counts) else True

        self._happened(_CREDIT, zh, en)
        with translated("SQS"):
            sqs.send_message(QueueUrl=queue, MessageBody=record.model_dump_json(by_alias=True))
            packets.wait(heard, PATIENCE, "")

    def _hand_in(self, case: Case, folder: Path) -> None:
        """Hand a case in as a new packet. Raises NotAccepted with what keeps it from being accepted."""
        papers = write_packet(case, folder)
        self._happened(_APPLICANT, *_handed_in(case, len(papers)))
        who = letters.signer(case.enterprise.legal_representative or case.enterprise.name, "legal-representative")
        prepared = letters.accepted(self.api, packets.first(folder, None, {}), who)
        self.packet = prepared.packet
        packets.hand_in(self.connection, prepared)
        status = packets.answer(self.api, self.packet, (), PATIENCE)
        if reasons := packets.told(status):
            raise NotAccepted(
                "材料包未被受理：" + "；".join(reason["zh"] for reason in reasons),
                "The packet was not accepted: " + " ".join(reason["en"] for reason in reasons),
                [reason["code"] for reason in reasons],
            )
        green = status["channel"] == "green"
        gaps = len(status["gaps"])
        self._happened(
            _SYSTEM,
            f"受理{'，开通绿色通道' if green else ''}" + (f"，容缺 {gaps} 份" if gaps else ""),
            f"accepts the packet{' on the green channel' if green else ''}" + (f" with {gaps} gaps" if gaps else ""),
            at=status["accepted_at"],
        )
        ruled = [m["name"] for m in status["matters"] if m.get("by_rules")]
        if ruled:
            self._happened(
                _SYSTEM,
                f"以承诺为据、由规则即时办结 {len(ruled)} 个事项，并列入监管核查",
                f"decides {len(ruled)} committed matters by rules at once, and marks them for supervision",
                at=status["accepted_at"],
            )

    def _hand_in_correction(self, folder: Path, status: dict[str, Any]) -> None:
        _, slot = CORRECTED
        told = status["notices"][-1]["at"]
        self._happened(_SYSTEM, "一次性告知全部补正意见", "tells every correction in one notice", told)
        folder.mkdir()
        (folder / f"{slot}.pdf").write_bytes(draw(slot, self.case.enterprise, self.case.project))
        name = catalog.load().materials[slot].name
        self._happened(_APPLICANT, f"补正“{name.zh}”", f"hands in a corrected {name.en}")
        packets.hand_in(self.connection, packets.supplement(self.connection, self.api, self.packet, folder))

    def _hand_in_promised(self, folder: Path) -> None:
        papers = write_supplement(self.case, folder)
        self._happened(_APPLICANT, f"补齐 {len(papers)} 份容缺材料", f"hands in the {len(papers)} promised papers")
        packets.hand_in(self.connection, packets.supplement(self.connection, self.api, self.packet, folder))

    @contextmanager
    def _departments_at_work(self, case: Case, with_correction: bool) -> Iterator[list[Future[None]]]:
        """Every department of the case reads its queues and decides, until the block ends."""
        codes = dict.fromkeys(catalog.load().matters[matter].department for matter in case.matters)
        home = threading.Event()
        with ThreadPoolExecutor(len(codes)) as pool:
            try:
                yield [pool.submit(self._office, code, home, with_correction) for code in codes]
            finally:
                home.set()

    def _office(self, department: str, home: threading.Event, with_correction: bool) -> None:
        """A department at work. Tasks of other packets on its queues are put back when it goes home."""
        others: list[departments.Received] = []
        try:
            while not home.is_set():
                for received in departments.receive(self.connection, department, 10, wait=0):
                    if received.task is None or received.task.packet != self.packet:
                        others.append(received)
                    elif received.withdrawn:
                        departments.acknowledge(self.connection, received)
                    else:
                        self._decide(department, received, received.task, with_correction)
        finally:
            for received in others:
                departments.release(self.connection, received)

    def _decide(self, department: str, received: departments.Received, task: ReviewTask, with_correction: bool) -> None:
        office, matter = catalog.load().departments[department].name, task.matter_name
        outcome, reasons = Outcome.APPROVE, list[DecisionReason]()
        if with_correction and task.matter == CORRECTED[0] and task.round == 1:
            text = "附图比例与正文不一致，请更正后重新上传。"
            outcome, reasons = Outcome.CORRECT, [DecisionReason(slot=CORRECTED[1], text=text, basis="GB 50433-2018")]
            self._happened(office, f"要求补正“{matter.zh}”", f"asks for a correction: {matter.en}")
        else:
            self._happened(office, f"通过“{matter.zh}”", f"approves: {matter.en}")
        officer = f"{office.zh}演示经办人"
        departments.decide(self.connection, received, departments.decision(task, outcome, officer, tuple(reasons)))

    def _until(
        self, reached: Callable[[dict[str, Any]], bool], offices: list[Future[None]] | None = None
    ) -> dict[str, Any]:
        """The packet's status once it is so. Raises what a department's work ended with, and TooSlow."""

        def look() -> dict[str, Any] | None:
            for office in offices or ():
                if office.done():
                    office.result()
            status = self.api.status(self.packet)
            self._watch(status)
            return status if reached(status) else None

        return packets.wait(look, PATIENCE, self.packet)

    def _told(self, status: dict[str, Any], accepted: dict[str, Any], document: dict[str, Any]) -> Story:
        submitted, decided = (datetime.fromisoformat(status[name]) for name in ("submitted_at", "decided_at"))
        took = decided - submitted
        zone = self.connection.target.zone
        same_day = submitted.astimezone(zone).date() == decided.astimezone(zone).date()
        by_rules = [matter for matter in document["matters"] if matter["by_rules"]]
        reviewed = [matter for matter in document["matters"] if not matter["by_rules"]]
        offices = {matter["department"]["en"] for matter in reviewed}
        outcome, end = status["result"]["outcome"], accepted["result"]["outcome"]
        return Story(
            packet=status["packet"],
            acceptance=accepted["packet"],
            stack=self.connection.target.stack,
            portal_url=self.connection.target.portal_url,
            submitted_at=submitted,
            decided_at=decided,
            seconds=round(took.total_seconds(), 1),
            same_day=same_day,
            code=ResultCode(status["result"]["code"]),
            summary=Text(
                zh=f"{len(by_rules)} 个事项以承诺即时办结，{len(offices)} 个部门并联审批 {len(reviewed)} 个事项，"
                f"{took.total_seconds():.0f} 秒后{outcome['zh']}；容缺材料补齐后，联合验收{end['zh']}。",
                en=f"Rules decided {len(by_rules)} committed matters at once, and {len(offices)} departments "
                f"{len(reviewed)} matters side by side; the joint result came after {took.total_seconds():.0f} "
                f"seconds: {outcome['en']}. When every gap was closed, joint acceptance: {end['en']}.",
            ),
            events=tuple(sorted(self._events, key=lambda event: event.at)),
            wrong=(
                *_wrong(self.case, status, document, same_day or took < _NIGHT),
                *_wrong_acceptance(self.case, self.obstacles, accepted),
                *_wrong_supervision(self.kept),
                *self.unproven,
            ),
        )


def _of_project(case: Case, code: str) -> Case:
    return replace(case, project=case.project.changed(code=code))


def _handed_in(case: Case, papers: int) -> tuple[str, str]:
    zh, en = (
        f"提交 {len(case.matters)} 个事项、{papers} 份材料",
        f"hands in {papers} papers for {len(case.matters)} matters",
    )
    if case.promises:
        zh, en = f"{zh}，承诺后补 {len(case.promises)} 份", f"{en}, promises {len(case.promises)} more"
    if case.commitments:
        zh = f"{zh}，{len(case.commitments)} 个事项以告知承诺办理，承诺书由法定代表人电子签署"
        en = f"{en}, does {len(case.commitments)} matters by commitment, their letters accepted electronically by its "
        en += "legal representative"
    return zh, en


def _wrong(case: Case, status: dict[str, Any], document: dict[str, Any], in_time: bool) -> Iterator[Text]:
    """What the run should have come to and did not. Source: mission, "The worked case", and 6."""
    if status["channel"] != "green" or status["credit_grade"] != "AAA":
        yield Text(zh="AAA 企业应走绿色通道。", en="An AAA enterprise should be on the green channel.")
    if document["code"] != ResultCode.APPROVED_WITH_GAPS or status["result"]["code"] != document["code"]:
        yield Text(zh="联合审批结果应为容缺通过（12）。", en="The joint result should be approved with gaps (12).")
    if {gap["slot"] for gap in document["gaps"]} != set(case.promises):
        yield Text(zh="结果应列明承诺后补的材料。", en="The result should name the promised papers.")
    if [matter["matter"] for matter in document["matters"]] != list(case.matters):
        yield Text(zh="结果应包含全部事项。", en="The result should hold every matter.")
    if not in_time:
        yield Text(zh="应当日办结。", en="The result should come on the same day.")
    if {matter["matter"] for matter in document["matters"] if matter["by_rules"]} != set(case.commitments):
        yield Text(zh="承诺事项应由规则即时办结。", en="Rules should decide the committed matters at once.")
    if {c["matter"] for c in status["commitments"] if c["signing"] == Signing.ELECTRONIC} != set(case.commitments):
        yield Text(zh="告知承诺书应为电子签署。", en="The commitment letters should be accepted electronically.")


def _wrong_acceptance(case: Case, obstacles: list[str], status: dict[str, Any]) -> Iterator[Text]:
    """What joint acceptance should have come to and did not. Source: mission 6."""
    if obstacles != ["project-gap-open"] * len(case.promises):
        yield Text(
            zh="容缺材料未补齐时，联合验收应被退回并列明。",
            en="Joint acceptance should be refused with the list of what is missing.",
        )
    if status["result"]["code"] != ResultCode.APPROVED:
        yield Text(zh="联合验收应通过（11）。", en="Joint acceptance should be approved (11).")


def _wrong_verification(said: dict[str, Any]) -> Iterator[Text]:
    """What verification should say of what was just handed out, and does not."""
    for found in said["files"]:
        if found["verdict"] not in GENUINE:
            yield Text(
                zh=f"{found['file']} 未通过核验：{found['verdict']}。",
                en=f"{found['file']} is not verified: {found['verdict']}.",
            )
    if not said["ledger"]["holds"]:
        yield Text(zh="办理档案未通过核验。", en="The ledger is not proven.")


def _wrong_supervision(kept: list[str]) -> Iterator[Text]:
    """What a broken commitment should have come to and did not. Source: mission 12."""
    if kept:
        yield Text(zh="失信后不应再有任何便利。", en="A broken commitment should leave no privilege open.")
