"""What is told when an approval is taken back (撤回 or 撤销).

Sources: 行政许可法 §8 and §69; 国办发〔2020〕42号 (a false commitment); mission 6 and 12. The remedies are told with
it: 行政许可法 §7.
"""

from collections.abc import Iterable

from kaigong.domain.model.messages import DecisionReason, RevocationKind
from kaigong.domain.model.text import Text, unstopped

from . import names
from .remedies import REMEDY


def taken_back(kind: RevocationKind, department: Text, matter: Text, reasons: Iterable[DecisionReason]) -> Text:
    """Who took which approval back, why and on what basis, and what can be done against it."""
    word = names.REVOCATIONS[kind]
    why = "；".join(f"{unstopped(reason.text)}（{reason.basis}）" for reason in reasons)
    return Text(
        zh=f"{department.zh}已{word.zh}“{matter.zh}”的批准：{why}。{REMEDY.zh}",
        en=f"{department.en} has {word.en} the approval of {matter.en}: {why}. {REMEDY.en}",
    )
