"""What the window puts on record about a packet: doubts about an identity that it settled, and who was asked first.

Sources: mission, "Facts from law and standards" (an officer may override a check character, on record); mission 7
(首问负责制: the first officer asked stays responsible).
"""

from .acts import why_not
from .ledger import fingerprint
from .packet import Act, ActKind, NoticeItem, NoticeKind
from .step import Step
from .text import Text


def take(step: Step) -> None:
    """Put what the window did into the ledger. Who did it is not repeated there: the entry carries the act's hash."""
    for name, act in sorted(step.packet.acts.items()):
        if act.kind is ActKind.WITHDRAW or name in step.header.acts:
            continue
        refused = why_not(step.packet, act)
        step.change_header(acts=(*step.header.acts, name))
        step.happened(act.kind.value, subject=act.subject, act=fingerprint(act), refused=refused)
        if act.kind is ActKind.OVERRIDE_DOUBT and refused is None:
            _settle(step, act)


def _settle(step: Step, act: Act) -> None:
    step.change_header(doubts=tuple(doubt for doubt in step.header.doubts if doubt != act.subject))
    text = Text(
        zh="工作人员已核实您的身份信息，原有疑点已消除，无需再办。",
        en="An officer checked your identity data; the doubt is settled and nothing is left to do.",
    )
    step.notify(NoticeKind.SETTLED, (NoticeItem(code=act.subject, text=text),))
