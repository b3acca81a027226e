"""How the applicant accepted the commitment letter of each matter, and whether that is the letter in force.

Source: 国办发〔2020〕42号: a written commitment to a text that was told in full. An electronic acceptance in the
manifest names the text by version and hash; a signed letter may be uploaded instead; without either, handing in the
manifest that names the matter accepts the letter as it reads that day.
"""

from collections.abc import Iterable
from datetime import timedelta

from kaigong.domain.model.catalogue import Catalogue, Code, Matter
from kaigong.domain.model.manifest import LetterAccepted
from kaigong.domain.model.packet import Commitment, NoticeItem, Signing, Submission
from kaigong.domain.model.text import Model, Text

from .letter import LetterText, in_force

CLOCK_SKEW = timedelta(minutes=5)  # choice: how far the applicant's clock may be ahead of ours


class Signed(Model):
    """The commitments as they were accepted. It counts when `deficiencies` is empty."""

    commitments: dict[Code, Commitment]
    deficiencies: tuple[NoticeItem, ...]

    @property
    def electronic(self) -> bool:
        """Whether every letter was accepted electronically, so that no signed paper is looked for."""
        return all(commitment.signing is Signing.ELECTRONIC for commitment in self.commitments.values())


def read(matters: Iterable[Matter], submission: Submission, catalogue: Catalogue, *, uploaded: bool) -> Signed:
    """The acceptance of each letter; `uploaded`: a signed paper lies in the slot of letters and can be used."""
    entries = {entry.matter: entry for entry in submission.manifest.letters}
    commitments: dict[Code, Commitment] = {}
    deficiencies: list[NoticeItem] = []
    for matter in matters:
        letter = in_force(matter, catalogue, submission.manifest.enterprise, submission.manifest.project)
        entry = entries.get(matter.code)
        wrong = _wrong(entry, matter, letter, submission) if entry else []
        deficiencies += wrong
        commitments[matter.code] = Commitment(
            matter=matter.code,
            version=letter.version if letter else 0,
            sha256=letter.sha256 if letter else "",
            accepted_at=entry.at if entry and not wrong else submission.received_at,
            by=entry.by if entry and not wrong else submission.manifest.enterprise.name,
            signing=_signing(entry is not None and not wrong, uploaded),
        )
    return Signed(commitments=commitments, deficiencies=tuple(deficiencies))


def _signing(electronic: bool, uploaded: bool) -> Signing:
    if electronic:
        return Signing.ELECTRONIC
    return Signing.UPLOADED if uploaded else Signing.MANIFEST


def _wrong(
    entry: LetterAccepted, matter: Matter, letter: LetterText | None, submission: Submission
) -> list[NoticeItem]:
    found = []
    if letter is None:
        found.append(_item("letter-changed", matter, _NO_LETTER))
    elif (entry.version, entry.sha256) != (letter.version, letter.sha256):
        found.append(_item("letter-changed", matter, _changed(entry, letter)))
    if entry.at > submission.received_at + CLOCK_SKEW:
        found.append(_item("letter-date", matter, _LATER))
    return found


def _item(code: str, matter: Matter, said: Text) -> NoticeItem:
    name = matter.name
    told = Text(zh=f"“{name.zh}”的告知承诺书：{said.zh}", en=f"Letter of commitment for {name.en}: {said.en}")
    return NoticeItem(code=code, text=told, matter=matter.code)


_NO_LETTER = Text(
    zh="现行目录中没有该事项的承诺书文本，所签文本无从核对；请删去该项签署记录后重新提交。",
    en="the catalogue has no text for this matter, so there is nothing to compare with; remove its acceptance and "
    "submit again.",
)
_LATER = Text(
    zh="签署时间晚于提交时间；请核对设备时间，重新签署后提交。",
    en="it was accepted later than it was handed in; check your clock, accept it again and submit.",
)


def _changed(entry: LetterAccepted, letter: LetterText) -> Text:
    return Text(
        zh=f"所签文本（第{entry.version}版）不是现行文本。现行文本为第{letter.version}版，SHA-256 为 {letter.sha256}，"
        "按本次填报的企业名称、信用代码、项目名称和项目代码生成。请用 POST /api/letters 或 kaigong letter "
        "阅读现行文本，重新签署后提交。",
        en=f"the text that was accepted (version {entry.version}) is not the one in force. That is version "
        f"{letter.version}, SHA-256 {letter.sha256}, made out for the enterprise and project as now filled in. "
        "Read it with POST /api/letters or kaigong letter, accept it again and submit.",
    )
