"""How the applicant accepted the commitment letter of each matter, and whether that is the letter in force.

Source: 国办发〔2020〕42号: a written commitment to a text that was told in full. An electronic acceptance in the
manifest names the text by version and hash; a signed letter may be uploaded instead; without either, handing in the
manifest that names the matter accepts the letter as it reads that day.
"""

from collections.abc import Iterable
from datetime import timedelta

from kaigong.domain import words
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
        found.append(_item("letter-changed", matter, words.signing.NO_LETTER))
    elif (entry.version, entry.sha256) != (letter.version, letter.sha256):
        text = words.signing.another_text(entry.version, letter.version, letter.sha256)
        found.append(_item("letter-changed", matter, text))
    if entry.at > submission.received_at + CLOCK_SKEW:
        found.append(_item("letter-date", matter, words.signing.TOO_LATE))
    return found


def _item(code: str, matter: Matter, wrong: Text) -> NoticeItem:
    return NoticeItem(code=code, text=words.signing.of_letter(matter.name, wrong), matter=matter.code)
