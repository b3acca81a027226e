"""The command of a department: its queue consumer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from kaigong.domain.model.messages import DecisionReason, Outcome, ProcedureAction, ProcedureKind, ReviewTask
from pydantic import ValidationError

from . import clock, show
from .options import AsJson, StackName
from .terminal import Command, answer

if TYPE_CHECKING:
    from infra.command.client.api import Api
    from infra.command.client.departments import Received

    from .client import Connection

app = typer.Typer()

_OFFICER = "演示经办人"  # made up
_BASIS = "经办人审查意见"
_WITHDRAWN = "withdrawn"  # what became of a task that was taken back
_NOTE = 500  # characters of a written note, as the message allows


@dataclass(frozen=True)
class _Asked:
    """What is to be done with each review. Both ways of doing it return what was done; empty: it stays as it is."""

    outcome: Outcome | None
    reasons: tuple[DecisionReason, ...]
    slot: str | None
    kind: ProcedureKind | None
    action: ProcedureAction
    note: str
    held_at: datetime | None
    officer: str
    sign: bool  # what another officer proposed, at the desk alone
    send_back: str | None

    @property
    def acts(self) -> bool:
        """Whether anything is to be done, or the reviews are only looked at."""
        return self.kind is not None or self.outcome is not None

    def on_queue(self, connection: "Connection", received: "Received", task: ReviewTask) -> str:
        """With a task that was taken from the queue."""
        from .client import departments

        if self._passes_over([material.slot for material in task.materials]):
            return ""
        if self.kind:
            said = departments.procedure(task, self.kind, self.action, self.note, self.officer, self.held_at)
            departments.tell(connection, said)
        elif self.outcome:
            departments.decide(
                connection, received, departments.decision(task, self.outcome, self.officer, self.reasons)
            )
        return self._done()

    def at_desk(self, api: "Api", review: dict[str, Any]) -> str:
        """With a review that the desk shows."""
        from .client import desk

        if self._passes_over([material["slot"] for material in review["materials"]]):
            return ""
        if self.sign or self.send_back is not None:
            if not review["to_sign"]:
                return ""
            desk.sign(api, review, self.send_back)
            return "sign" if self.sign else "send-back"
        if self.kind:
            desk.hold(api, review, self.kind, self.action, self.note, self.held_at)
        elif self.outcome and desk.decide(api, review, self.outcome, self.reasons):
            return f"propose-{self.outcome.value}"
        return self._done()

    def _passes_over(self, slots: Collection[str]) -> bool:
        """A reason about a paper goes to those alone who have it before them."""
        return self.slot is not None and self.slot not in slots

    def _done(self) -> str:
        return f"{self.kind.value}-{self.action.value}" if self.kind else self.outcome.value if self.outcome else ""


@app.command(cls=Command)
def review(
    department: Annotated[str, typer.Argument(metavar="DEPT", help="部门代码 / The department's code.")],
    approve: Annotated[bool, typer.Option("--approve", help="通过 / Approve.")] = False,
    correct: Annotated[
        str | None, typer.Option(metavar="TEXT", help="要求补正及理由 / Ask for a correction, and why.")
    ] = None,
    reject: Annotated[str | None, typer.Option(metavar="TEXT", help="不予通过及理由 / Reject, and why.")] = None,
    sign: Annotated[
        bool, typer.Option("--sign", help="签批同事的审核意见，须用 --packet / Sign what a colleague proposed.")
    ] = False,
    send_back: Annotated[
        str | None, typer.Option(metavar="TEXT", help="不予签批、退回及理由 / Send it back instead, and why.")
    ] = None,
    slot: Annotated[str | None, typer.Option(help="理由所指的材料 / The paper that the reason is about.")] = None,
    basis: Annotated[str, typer.Option(help="依据 / The basis of the reason.")] = _BASIS,
    procedure: Annotated[
        ProcedureKind | None, typer.Option(help="开始特别程序，时限暂停 / Start a special procedure: the limit rests.")
    ] = None,
    end: Annotated[bool, typer.Option("--end", help="结束该特别程序 / End that procedure instead.")] = False,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="特别程序的书面告知 / The procedure's written note.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME", help="举行时间，如 2026-03-09T14:00 / When it takes place.")
    ] = None,
    packet: Annotated[
        str | None, typer.Option(help="只办理该材料包，不取用队列 / This packet alone, by the desk.")
    ] = None,
    most: Annotated[int, typer.Option("--max", min=1, metavar="N", help="最多处理的任务数 / Tasks at most.")] = 100,
    wait: Annotated[
        float, typer.Option(min=0, max=3600, metavar="SECONDS", help="无任务时等待的秒数 / Wait for tasks.")
    ] = 0,
    officer: Annotated[
        str | None,
        typer.Option(
            help="经办人；用 --packet 时登记账号的姓名 / The officer; with --packet the account's name counts."
        ),
    ] = None,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """取审查任务并作出决定 / Take a department's review tasks, the priority queue's first, and decide them.

    Without a decision the tasks are shown and stay on the queue; with --procedure a special procedure starts in each,
    or ends, and they stay there too: they are decided later. SQS counts each look as a delivery: after ten, a task is a
    dead letter. A task that was withdrawn is passed over and told as such.

    With --packet nothing is taken from the queue: an officer's account answers at the desk, by its own name. The task
    stays on the queue, and who takes it later finds it answered. Where two officers decide, the first one's decision is
    a proposal, which another account signs with --sign.
    """
    from .client import connect

    outcome, text = _decision(approve, correct, reject)
    if slot and not text:
        raise typer.BadParameter("--slot 须与 --correct 或 --reject 同用 / goes with --correct or --reject")
    held_at = _procedure(procedure, end=end, note=note, at=at, decided=outcome is not None)
    _signature(sign=sign, send_back=send_back, packet=packet, other=outcome is not None or procedure is not None)
    known(department)
    reasons = (_reason(slot, text, basis),) if text else ()
    connection = connect(stack)
    asked = _Asked(
        outcome=outcome,
        reasons=reasons,
        slot=slot,
        kind=procedure,
        action=ProcedureAction.END if end else ProcedureAction.START,
        note=(note or "").strip(),
        held_at=clock.placed(held_at) if held_at else None,
        officer=officer or _OFFICER,
        sign=sign,
        send_back=send_back,
    )
    if packet is None:
        done = _through(connection, department, most, wait, asked)
    else:
        done = _at_desk(connection, department, packet, most, wait, asked.at_desk)
    answer(
        {"department": department, "tasks": done},
        as_json=as_json,
        show=lambda console: show.tasks(console, done, packet),
    )


def _at_desk(
    connection: "Connection",
    department: str,
    packet: str,
    most: int,
    wait: float,
    act: "Callable[[Api, dict[str, Any]], str]",
) -> list[dict[str, Any]]:
    """Act on up to `most` reviews of one packet; ends when no other one opened for `wait` seconds."""
    import time

    from infra.command.client.api import Api

    from .client import desk
    from .client.packets import LOOK_EVERY

    api, until = Api(connection, role=f"officer-{department}"), time.monotonic() + wait
    done: dict[tuple[str, int], dict[str, Any]] = {}
    while len(done) < most:
        found = [r for r in desk.reviews(api, department, packet) if (r["review_id"], r["round"]) not in done]
        for review in found[: most - len(done)]:
            done[review["review_id"], review["round"]] = desk.entry(review, act(api, review))
        if found:
            until = time.monotonic() + wait
        elif time.monotonic() >= until:
            break
        else:
            time.sleep(LOOK_EVERY)
    return list(done.values())


def _through(
    connection: "Connection",
    department: str,
    most: int,
    wait: float,
    asked: _Asked,
) -> list[dict[str, Any]]:
    """Take tasks and act on each; what was not decided is on the queue again at the end, and not before. One that was
    withdrawn is passed over, and leaves the queue with the word that says so.
    """
    from .client import departments

    done: list[dict[str, Any]] = []
    left: list[Received] = []
    withdrawn: set[tuple[str, int]] = set()
    try:
        for received in departments.receive(connection, department, most, wait):
            left.append(received)
            task = received.task
            if task and task.withdrawn:
                withdrawn.add((task.review_id, task.round))
            if task and (task.review_id, task.round) in withdrawn:
                did = _WITHDRAWN
                if asked.acts:
                    departments.acknowledge(connection, received)
                    left.pop()
            else:
                did = asked.on_queue(connection, received, task) if task else ""
                if did in set(Outcome):
                    left.pop()
            done.append(_entry(received, did))
    finally:
        for received in left:
            departments.release(connection, received)
    return done


def known(department: str) -> None:
    """Refuse a department that the catalogue does not have, as wrong usage."""
    from kaigong import catalog

    codes = catalog.load().departments
    if department not in codes:
        raise typer.BadParameter(f"没有部门 {department} / no such department; {', '.join(codes)}", param_hint="DEPT")


def _decision(approve: bool, correct: str | None, reject: str | None) -> tuple[Outcome | None, str | None]:
    asked: list[tuple[Outcome, str | None]] = []
    if approve:
        asked.append((Outcome.APPROVE, None))
    if correct is not None:
        asked.append((Outcome.CORRECT, correct))
    if reject is not None:
        asked.append((Outcome.REJECT, reject))
    if len(asked) > 1:
        raise typer.BadParameter("--approve、--correct、--reject 只能选一个 / choose one of them")
    if not asked:
        return None, None
    outcome, text = asked[0]
    if outcome is not Outcome.APPROVE and not (text or "").strip():
        raise typer.BadParameter("须写明理由 / say why", param_hint=f"--{outcome.value}")
    return outcome, text


def _signature(*, sign: bool, send_back: str | None, packet: str | None, other: bool) -> None:
    """Refuse options that do not go together, as wrong usage."""
    if not sign and send_back is None:
        return
    if other or (sign and send_back is not None):
        raise typer.BadParameter("--sign、--send-back 单独使用 / go with no decision and no procedure, one of them")
    if packet is None:
        raise typer.BadParameter("须用 --packet / needs --packet: signing is done at the desk")
    if send_back is not None and not (0 < len(send_back.strip()) <= _NOTE):
        raise typer.BadParameter(f"须写明理由，至多 {_NOTE} 字 / say why, in {_NOTE} characters at most")


def _procedure(
    kind: ProcedureKind | None, *, end: bool, note: str | None, at: str | None, decided: bool
) -> datetime | None:
    """Refuse options that do not go together, as wrong usage. Returns the appointment as it was typed."""
    if kind is None:
        if end or note is not None or at is not None:
            raise typer.BadParameter("--end、--note、--at 须与 --procedure 同用 / go with --procedure")
        return None
    if decided:
        raise typer.BadParameter("--procedure 不能与决定同用 / does not go with a decision")
    if not (note or "").strip() or len(note or "") > _NOTE:
        raise typer.BadParameter(
            f"须写明书面告知，至多 {_NOTE} 字 / needed, {_NOTE} characters at most", param_hint="--note"
        )
    if at is None:
        return None
    try:
        return datetime.fromisoformat(at)
    except ValueError as error:
        raise typer.BadParameter("如 2026-03-09T14:00 / for example 2026-03-09T14:00", param_hint="--at") from error


def _reason(slot: str | None, text: str, basis: str) -> DecisionReason:
    try:
        return DecisionReason(slot=slot, text=text, basis=basis)
    except ValidationError as error:
        where = ", ".join(str(item["loc"][0]) for item in error.errors())
        raise typer.BadParameter(f"{where} 不合格式 / is too long or not in the right form") from error


def _entry(received: "Received", did: str) -> dict[str, Any]:
    """What is told of a task; never its reply token."""
    if received.task is None:
        return {"queue": received.queue, "problem": received.problem, "outcome": None}
    task = received.task.model_dump(mode="json", by_alias=True, exclude={"reply_token"}, exclude_none=True)
    return {"queue": received.queue, "outcome": did or None, "task": task}
