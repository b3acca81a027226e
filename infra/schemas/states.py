"""The state charts of a packet and of a review, and the national codes, drawn from the tables that the rules use."""

from collections.abc import Mapping
from enum import StrEnum

from kaigong.domain.model.benefits import BENEFITS, BenefitState
from kaigong.domain.model.packet import ReviewState, Status
from kaigong.domain.model.states import PACKET, REVIEW, PacketEvent, ReviewEvent
from kaigong.domain.model.supervision import SUPERVISION, SupervisionState
from kaigong.domain.model.text import Text
from kaigong.domain.words import names
from kaigong.views import national

_HEAD = """\
# 状态图 State charts

由 `domain/model/` 中的 `states.py`、`supervision.py`、`benefits.py` 与 `views/national.py` 生成，请勿手改：
运行 `make schemas`。
Generated from `states.py`, `supervision.py`, `benefits.py` in `domain/model/` and `views/national.py`: run
`make schemas`, do not edit.
"""


def text() -> str:
    """The page, in Markdown with Mermaid charts."""
    return "\n".join(
        [
            _HEAD,
            "## 材料包 A packet\n",
            _chart(PACKET, names.STATUSES, names.PACKET_EVENTS, frozenset((Status.ISSUED, Status.WITHDRAWN))),
            "## 事项审查 The review of one matter\n",
            _chart(
                REVIEW,
                names.REVIEW_STATES,
                names.REVIEW_EVENTS,
                frozenset(set(ReviewState) - {before for before, _ in REVIEW if before}),
            ),
            "## 监管 Supervision of an approved matter\n",
            _chart(
                SUPERVISION,
                names.SUPERVISION_STATES,
                names.SUPERVISION_EVENTS,
                frozenset((SupervisionState.CLOSED,)),
            ),
            "## 免申即享 A benefit without application\n",
            _chart(
                BENEFITS,
                names.BENEFIT_STATES,
                names.BENEFIT_EVENTS,
                frozenset((BenefitState.DECLINED, BenefitState.REVOKED)),
            ),
            "## 国家标准状态码 Codes of the national standard\n",
            _codes(),
        ]
    )


def _chart[S: StrEnum, E: StrEnum](
    ways: Mapping[tuple[S | None, E], S], states: Mapping[S, Text], events: Mapping[E, Text], ends: frozenset[S]
) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    lines += [f'    state "{_called(states[state])}" as {_name(state)}' for state in states]
    lines += [
        f"    {_name(before)} --> {_name(after)}: {_called(events[event])}" for (before, event), after in ways.items()
    ]
    lines += [f"    {_name(state)} --> [*]" for state in states if state in ends]
    return "\n".join([*lines, "```", ""])


def _name(state: StrEnum | None) -> str:
    return state.value.replace("-", "_") if state else "[*]"


def _called(name: Text) -> str:
    return f"{name.zh} {names.within(name).en}"


def _codes() -> str:
    rows = ["| code | 名称 name | when |", "|---|---|---|"]
    for row in national.TABLE:
        when = ", ".join(f"{_of(event)}{event}" for event in row.when)
        rows.append(f"| {row.code.value} | {row.name.zh} {row.name.en} | {when or 'never: a rejection is 13'} |")
    return "\n".join([*rows, ""])


def _of(event: str) -> str:
    """Whose event it is; one that is neither packet's nor review's says so itself."""
    match event:
        case PacketEvent():
            return "packet "
        case ReviewEvent():
            return "review "
    return ""
