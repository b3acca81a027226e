"""What the application page says to each material before handing in: what is to be done with it.

Sources: mission 7 (guidance before submission), 6 (容缺受理: until when, and what comes of a late one), 5 (letters).
"""

from kaigong.domain.model.clock import Due
from kaigong.domain.model.text import Text
from kaigong.domain.words.clock import spelled

from ..states import SlotState

TO_DO = {
    SlotState.EXAMINING: Text(zh="正在检查，几秒内给出结果。", en="Being checked; the result is here within seconds."),
    SlotState.VALID: Text(zh="已通过检查，无需处理。", en="Checks passed; nothing to do."),
    SlotState.WARNING: Text(
        zh="可以提交；请核对上述提示，需要时重新上传。",
        en="It can be submitted. Please look at the points above, and upload it again if needed.",
    ),
    SlotState.BY_COMMITMENT: Text(
        zh="由告知承诺书代替，无需上传。", en="Replaced by the letter of commitment; no upload needed."
    ),
    SlotState.SHARED: Text(zh="由系统共享获取，无需上传。", en="The system fetches it; no upload needed."),
    SlotState.BY_RESULT: Text(
        zh="由本申请或本项目此前的批准结果代替，无需上传。",
        en="Replaced by the approval, applied for here or already on record for the project; no upload needed.",
    ),
    SlotState.BY_FORM: Text(
        zh="已在网上填齐，无需上传；也可以改为上传签章的申请表。",
        en="Filled in here completely; no upload needed. You may upload it signed and stamped instead.",
    ),
    SlotState.OPTIONAL: Text(
        zh="承诺书可以在线签署，也可以打印签章后扫描上传；在线签署的无需上传。",
        en="Sign the letters online, or print, sign and seal them and upload the scan. One of the two is enough.",
    ),
}

# letters on paper

SIGNED_HERE = Text(zh="承诺书均已在线签署，无需上传。", en="Every letter has been signed online; no upload needed.")
SIGN_AGAIN = Text(
    zh="请按上述提示修改后重新上传，或者在线签署承诺书。",
    en="Correct it as described above and upload it again, or sign the letters online.",
)

# what is promised

NOT_MAIN = Text(zh="主要材料，不能容缺后补。", en="A main paper: it cannot follow later.")


def owed(due: Due) -> Text:
    """An accepted packet still owes it."""
    until = spelled(due)
    return Text(
        zh=f"已承诺后补，须于{until.zh}前、申请联合验收前补齐，逾期按失信处理。请上传。",
        en=f"Promised by {until.en} and before joint acceptance; an overdue paper counts as a breach. Please "
        "upload it.",
    )


def promised(due: Due) -> Text:
    """It is promised with this application."""
    until = spelled(due)
    return Text(
        zh=f"已承诺后补：今天提交的，须于{until.zh}前、申请联合验收前补齐，逾期按失信处理。",
        en=f"Promised: if you submit today, supply it by {until.en} and before joint acceptance; an "
        "overdue paper counts as a breach.",
    )


# what is missing, or cannot be used

UPLOAD = Text(zh="请上传。", en="Please upload it.")
MEND = Text(
    zh="请按上述提示修改后重新上传，只替换这一份。",
    en="Correct it as described above and upload it again; only this paper is replaced.",
)


FILL_IN = Text(
    zh="请在“申请表”一节填齐各项数据，或上传签章的申请表。",
    en="Fill in the form's fields above, or upload it signed and stamped.",
)


def or_promise(first: Text, due: Due) -> Text:
    until = spelled(due)
    return Text(
        zh=f"{first.zh}也可以勾选“承诺后补”，最迟{until.zh}补齐。",
        en=f"{first.en} Or tick “I promise to supply it later”, by {until.en} at the latest.",
    )


def no_promise(first: Text, why: Text) -> Text:
    return Text(zh=f"{first.zh}{why.zh}", en=f"{first.en} {why.en}")
