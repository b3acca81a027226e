"""What is wrong with the acceptance of a commitment letter.

Source: 国办发〔2020〕42号: a written commitment to a text that was told in full.
"""

from kaigong.domain.model.text import Text

NO_LETTER = Text(
    zh="现行目录中没有该事项的承诺书文本，所签文本无从核对；请删去该项签署记录后重新提交。",
    en="the current catalogue has no letter for this matter, so the signed text cannot be checked. "
    "Remove its signature and resubmit.",
)
TOO_LATE = Text(
    zh="签署时间晚于提交时间；请核对设备时间，重新签署后提交。",
    en="it was signed after it was submitted. Check the clock of your device, sign again and resubmit.",
)
OTHER_REPRESENTATIVE = Text(
    zh="签署人写明以法定代表人身份签署，但与所填法定代表人不是同一人；请更正法定代表人，或者以授权经办人身份重新签署后提交。",
    en="the signer signed as the legal representative, but the application names someone else as that. Correct the "
    "legal representative, or sign again as an authorised agent, and resubmit.",
)
NOT_THE_REPRESENTATIVE = Text(
    zh="申报清单的 signer 写明以法定代表人身份承诺，但与所填法定代表人不是同一人；请更正其中一项后重新提交。",
    en="The manifest's signer is said to be the legal representative, but the enterprise names someone else as that. "
    "Correct one of the two and resubmit.",
)


def another_text(accepted: int, version: int, sha256: str) -> Text:
    """The text that was accepted (its version) is not the one in force (its version and hash)."""
    return Text(
        zh=f"所签文本（第{accepted}版）不是现行文本。现行文本为第{version}版，SHA-256 为 {sha256}，"
        "按本次填报的企业名称、信用代码、项目名称和项目代码生成。请用 POST /api/letters 或 kaigong letter "
        "阅读现行文本，重新签署后提交。",
        en=f"the signed text (version {accepted}) is not the current one. The current text is version "
        f"{version}, SHA-256 {sha256}, made out to the enterprise and project as now entered. Read it "
        "with POST /api/letters or kaigong letter, sign it again and resubmit.",
    )


def of_letter(matter: Text, wrong: Text) -> Text:
    """Which letter it is, and what is wrong with it."""
    return Text(zh=f"“{matter.zh}”的告知承诺书：{wrong.zh}", en=f"Letter of commitment for {matter.en}: {wrong.en}")
