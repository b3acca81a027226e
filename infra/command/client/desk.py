"""A department's desk by the API: the reviews of one packet, with the department's queues left alone.

A queue gives out what lies in front. To find one packet's task there, others' tasks are taken with it: SQS counts each
look as a delivery, and after ten a task is a dead letter. The desk knows what is open, and decides by the same way.
"""

from datetime import datetime
from typing import Any

from kaigong.contract.desk import DeskDecision, DeskProcedureRequest, DeskReason, DeskSignature
from kaigong.domain.model.messages import Channel, DecisionReason, Outcome, ProcedureAction, ProcedureKind, TaskMaterial
from kaigong.views.states import MatterState

from .api import Api
from .departments import review_queues
from .packets import status

_PENDING = (MatterState.OPEN, MatterState.PAUSED)


def reviews(api: Api, department: str, packet: str) -> list[dict[str, Any]]:
    """The reviews of a packet that the department has to decide, as its officers see them.

    None for a packet that the department does not review: it is told nothing else of it.
    """
    found = status(api, packet)
    matters = [m for m in found["matters"] if m["department"] == department] if found else []
    open_ = [api.desk_review(packet, m["matter"]) for m in matters if m["state"] in _PENDING]
    return [review for review in open_ if not review.get("decided") and not review["sent"]]


def decide(api: Api, review: dict[str, Any], outcome: Outcome, reasons: tuple[DecisionReason, ...] = ()) -> bool:
    """Send a decision. Returns whether it is a proposal, which another officer is to sign. Raises CallRefused where it
    would not count, as while another officer has the review.
    """
    said = tuple(DeskReason(slot=r.slot, text=r.text, basis=r.basis) for r in reasons)
    asked = DeskDecision(round=review["round"], outcome=outcome, reasons=said)
    sent = api.desk_answer(review["packet"], review["matter"]["matter"], "decision", asked)
    return bool(sent.get("proposed"))


def sign(api: Api, review: dict[str, Any], sent_back: str | None) -> None:
    """Sign what another officer proposed, or send it back with a reason. Raises CallRefused where it is one's own."""
    asked = DeskSignature(
        round=review["round"],
        proposal=review["proposal"]["id"],
        action="sign" if sent_back is None else "send-back",
        reason=sent_back,
    )
    api.desk_answer(review["packet"], review["matter"]["matter"], "signature", asked)


def hold(
    api: Api,
    review: dict[str, Any],
    kind: ProcedureKind,
    action: ProcedureAction,
    note: str,
    appointment: datetime | None,
) -> None:
    """Start or end a special procedure. Raises CallRefused where none can start or end."""
    asked = DeskProcedureRequest(round=review["round"], kind=kind, action=action, note=note, appointment=appointment)
    api.desk_answer(review["packet"], review["matter"]["matter"], "procedure", asked)


def entry(review: dict[str, Any], did: str) -> dict[str, Any]:
    """What is told of a review: the same of it as of its task on the queue, where that still lies."""
    department, matter = review["department"]["code"], review["matter"]
    priority, ordinary = review_queues(department)
    task = {name: review[name] for name in ("packet", "review_id", "round", "channel", "enterprise", "project")} | {
        "matter": matter["matter"],
        "matter_name": matter["name"],
        "department": department,
        "due": matter["due"],
        "due_certain": matter["due_certain"],
        "materials": [
            {name: value for name, value in material.items() if name in TaskMaterial.model_fields}
            for material in review["materials"]
        ],
    }
    queue = priority if review["channel"] == Channel.GREEN else ordinary
    return {"queue": queue, "outcome": did or None, "task": task}
