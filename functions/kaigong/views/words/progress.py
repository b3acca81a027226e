"""What everybody may read after the joint result, where the packet's own next step could tell of doubts and breaches.

Source: mission 8 (the QR code on the acceptance receipt); nothing here names a paper's content, a person or a breach.
"""

from kaigong.domain.model.text import Text

from .next_step import ISSUED, NOTHING

__all__ = ["CHECK", "COLLECT", "ISSUED", "MAIL", "NOTHING", "hand_in"]

CHECK = Text(zh="核对登记信息。", en="Verify the registered details.")
COLLECT = Text(zh="到综合窗口领取结果文书。", en="Collect the result at the service window.")
MAIL = Text(zh="邮寄结果文书并登记送达。", en="Mail the result and record its delivery.")


def hand_in(materials: Text) -> Text:
    return Text(zh=f"补齐承诺的材料：{materials.zh}。", en=f"Supply the promised papers: {materials.en}.")
