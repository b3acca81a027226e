"""The command of a department: its queue consumer."""

from typing import Annotated, Any

import typer
from kaigong.domain.messages import DecisionReason, Outcome, ReviewTask
from pydantic import ValidationError

from . import show
from .options import AsJson, StackName
from .terminal import Command, answer

app = typer.Typer()

_OFFICER = "演示经办人"  # made up
_BASIS = "经办人审查意见"


@app.command(cls=Command)
def review(
    department: Annotated[str, typer.Argument(metavar="DEPT", help="部门代码 / The department's code.")],
    approve: Annotated[bool, typer.Option("--approve", help="通过 / Approve.")] = False,
    correct: Annotated[
        str | None, typer.Option(metavar="TEXT", help="要求补正及理由 / Ask for a correction, and why.")
    ] = None,
    reject: Annotated[str | None, typer.Option(metavar="TEXT", help="不予通过及理由 / Reject, and why.")] = None,
    slot: Annotated[str | None, typer.Option(help="理由所指的材料 / The material that the reason is about.")] = None,
    basis: Annotated[str, typer.Option(help="依据 / The basis of the reason.")] = _BASIS,
    most: Annotated[int, typer.Option("--max", min=1, metavar="N", help="最多处理的任务数 / Tasks at most.")] = 100,
    wait: Annotated[
        float, typer.Option(min=0, max=3600, metavar="SECONDS", help="无任务时等待的秒数 / Wait for tasks.")
    ] = 0,
    officer: Annotated[str, typer.Option(help="经办人 / The officer.")] = _OFFICER,
    stack: StackName = None,
    as_json: AsJson = False,
) -> None:
    """取审查任务并作出决定 / Take a department's review tasks, the priority queue's first, and decide them.

    Without a decision the tasks are shown and stay on the queue. SQS counts each look as a delivery: after ten, a task
    is a dead letter.
    """
    from infra.client import connect, departments

    outcome, text = _decision(approve, correct, reject)
    if slot and not text:
        raise typer.BadParameter("--slot 须与 --correct 或 --reject 同用 / goes with --correct or --reject")
    known(department)
    reasons = (_reason(slot, text, basis),) if text else ()
    connection = connect(stack)
    done: list[dict[str, Any]] = []
    left: list[departments.Received] = []
    try:
        for received in departments.receive(connection, department, most, wait):
            task = received.task
            if task is None or outcome is None or (slot and not _asks_for(task, slot)):
                left.append(received)
            else:
                departments.decide(connection, received, departments.decision(task, outcome, officer, reasons))
            done.append(_entry(received, None if received in left else outcome))
    finally:
        for received in left:
            departments.release(connection, received)
    answer({"department": department, "tasks": done}, as_json=as_json, show=lambda console: show.tasks(console, done))


def known(department: str) -> None:
    """Refuse a department that the catalogue does not have, as wrong usage."""
    from kaigong.catalog import load

    codes = load().departments
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


def _reason(slot: str | None, text: str, basis: str) -> DecisionReason:
    try:
        return DecisionReason(slot=slot, text=text, basis=basis)
    except ValidationError as error:
        where = ", ".join(str(item["loc"][0]) for item in error.errors())
        raise typer.BadParameter(f"{where} 不合格式 / is too long or not in the right form") from error


def _asks_for(task: ReviewTask, slot: str) -> bool:
    return any(material.slot == slot for material in task.materials)


def _entry(received: Any, outcome: Outcome | None) -> dict[str, Any]:
    """What is told of a task; never its reply token."""
    if received.task is None:
        return {"queue": received.queue, "problem": received.problem, "outcome": None}
    task = received.task.model_dump(mode="json", by_alias=True, exclude={"reply_token"}, exclude_none=True)
    return {"queue": received.queue, "outcome": outcome.value if outcome else None, "task": task}
