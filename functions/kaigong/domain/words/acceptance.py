"""What the one notice (一次性告知书) says at acceptance: every deficiency, each with what to do.

Sources: mission 5 (告知承诺), 6 (容缺受理: a missing main paper is never tolerated), 7 (一次性告知); 行政许可法 §32
(told once and in full).
"""

from kaigong.domain.model.text import Text

# the application is another one now

APPLICANT_CHANGED = Text(
    zh="本材料包已由另一统一社会信用代码的企业申报，不能更换申请人；请另用新的材料包编号申报。",
    en="This packet was submitted under another credit code, and the applicant cannot be changed. "
    "Apply with a new packet.",
)
MATTERS_CHANGED = Text(
    zh="受理后不能增减事项；请按原事项重新提交清单，其他事项另行申报。",
    en="Matters cannot be added or removed after acceptance. Submit the manifest again with the same "
    "matters, and apply for others separately.",
)


# a way that is not open


def commitment_closed(matter: Text, why: Text) -> Text:
    """A matter was to be done by commitment and cannot be; `why` is whole sentences."""
    return Text(
        zh=f"“{matter.zh}”不能以承诺办理：{why.zh}请从承诺中删去该事项及其承诺书的签署记录，并提交其材料。",
        en=f"{matter.en} cannot be done by commitment: {why.en} Remove it and the signature of its letter "
        "from the commitments, and supply its papers.",
    )


def gap_closed(matter: Text, why: Text) -> Text:
    """A material may not follow later, since one of its matters tolerates no gap; `why` is whole sentences."""
    return Text(zh=f"“{matter.zh}”不能容缺受理：{why.zh}", en=f"{matter.en} tolerates no gap: {why.en}")


# a material that is missing


def main_missing(material: Text, *, promised: bool) -> Text:
    """A main paper; `promised`: the applicant meant to hand it in later."""
    void = "，承诺后补无效" if promised else ""
    do = Text(zh=f"主要材料不得容缺{void}，请上传。", en="A main paper cannot follow later: please upload it.")
    return _missing(material, do)


def missing(material: Text) -> Text:
    """A material that may also follow later."""
    return _missing(material, Text(zh="请上传，或承诺容缺后补。", en="Upload it, or promise to supply it later."))


def missing_now(material: Text) -> Text:
    """One that may not follow later, and of which nobody promised that."""
    return _missing(material, Text(zh="请上传。", en="Upload it."))


def promise_void(material: Text, barred: Text) -> Text:
    """One that was promised for later and may not follow; `barred` says why."""
    return _missing(material, Text(zh=f"{barred.zh}请上传。", en=f"{barred.en} Upload it."))


def _missing(material: Text, do: Text) -> Text:
    return Text(zh=f"缺少“{material.zh}”。{do.zh}", en=f"{material.en} is missing. {do.en}")


# a material that came


def unusable(material: Text, reason: Text) -> Text:
    """One thing that is wrong with it."""
    return Text(zh=f"“{material.zh}”：{reason.zh}", en=f"{material.en}: {reason.en}")
