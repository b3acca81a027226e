"""Who accepted the commitment letter of each matter, how, and whether that is the letter in force.

Source: 国办发〔2020〕42号: a written commitment to a text that was told in full. An electronic acceptance in the
manifest names the text by version and hash; a signed letter may be uploaded instead; without either, handing in the
manifest that names the matter accepts the letter as it reads that day. A person signs, not an account: by the name that
the identity provider vouches for where the letter was accepted at the portal, else as the manifest states it.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from kaigong.domain import words
from kaigong.domain.model.arrivals import Submission
from kaigong.domain.model.catalogue import Catalogue, Code, Matter
from kaigong.domain.model.manifest import LetterAccepted, Manifest
from kaigong.domain.model.packet import Commitment, NoticeItem, Signature
from kaigong.domain.model.signature import Role, SignatureLevel, Signer, Signing
from kaigong.domain.model.text import Model, Text

from .identity import differ
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


def signer(name: str, legal_representative: str | None) -> Signer:
    """The person of this name for an enterprise: its legal representative, or else somebody whom it authorised."""
    own = bool(legal_representative) and not differ(name, legal_representative)
    return Signer(name=name, role=Role.LEGAL_REPRESENTATIVE if own else Role.AUTHORISED_AGENT)


def represents(who: Signer, legal_representative: str | None) -> bool:
    """Whether a person can be what is said: nobody signs as the legal representative but the one who is named so."""
    return who.role is not Role.LEGAL_REPRESENTATIVE or not differ(who.name, legal_representative)


def read(
    matters: Iterable[Matter],
    submission: Submission,
    catalogue: Catalogue,
    signatures: Mapping[Code, Signature],
    *,
    uploaded: bool,
) -> Signed:
    """The acceptance of each letter. `signatures`: those that the portal saw, by matter; `uploaded`: a signed paper
    lies in the slot of letters and can be used.
    """
    manifest = submission.manifest
    entries = {entry.matter: entry for entry in manifest.letters}
    commitments: dict[Code, Commitment] = {}
    deficiencies: list[NoticeItem] = []
    for matter in matters:
        letter = in_force(matter, catalogue, manifest.enterprise, manifest.project)
        entry = entries.get(matter.code)
        wrong = _wrong(entry, matter, letter, submission) if entry else []
        deficiencies += wrong
        commitment = Commitment(
            matter=matter.code,
            version=letter.version if letter else 0,
            sha256=letter.sha256 if letter else "",
            accepted_at=submission.received_at,
            signer=manifest.signer,
            signing=Signing.UPLOADED if uploaded else Signing.MANIFEST,
            level=SignatureLevel.PAPER if uploaded else SignatureLevel.STATED,
        )
        commitments[matter.code] = (
            _electronic(commitment, entry, signatures.get(matter.code)) if entry and not wrong else commitment
        )
    if commitments:
        deficiencies += _wrong_signer(manifest)
    return Signed(commitments=commitments, deficiencies=tuple(deficiencies))


def _electronic(commitment: Commitment, entry: LetterAccepted, seen: Signature | None) -> Commitment:
    """The commitment by an entry of the manifest; `seen` is what the portal saw pressed for this matter."""
    same = seen is not None and (seen.version, seen.sha256, seen.signer) == (entry.version, entry.sha256, entry.person)
    return commitment.changed(
        accepted_at=seen.at if seen and same else entry.at,
        signer=entry.person,
        signing=Signing.ELECTRONIC,
        level=SignatureLevel.CONFIRMED if same else SignatureLevel.STATED,
    )


def _wrong_signer(manifest: Manifest) -> list[NoticeItem]:
    """The one who commits by handing in is said to be the legal representative, and another one is named as that."""
    if manifest.signer is None or represents(manifest.signer, manifest.enterprise.legal_representative):
        return []
    return [NoticeItem(code="letter-signer", text=words.signing.NOT_THE_REPRESENTATIVE)]


def _wrong(
    entry: LetterAccepted, matter: Matter, letter: LetterText | None, submission: Submission
) -> list[NoticeItem]:
    found = []
    if letter is None:
        found.append(_item("letter-changed", matter, words.signing.NO_LETTER))
    elif (entry.version, entry.sha256) != (letter.version, letter.sha256):
        text = words.signing.another_text(entry.version, letter.version, letter.sha256)
        found.append(_item("letter-changed", matter, text))
    if not represents(entry.person, submission.manifest.enterprise.legal_representative):
        found.append(_item("letter-signer", matter, words.signing.OTHER_REPRESENTATIVE))
    if entry.at > submission.received_at + CLOCK_SKEW:
        found.append(_item("letter-date", matter, words.signing.TOO_LATE))
    return found


def _item(code: str, matter: Matter, wrong: Text) -> NoticeItem:
    return NoticeItem(code=code, text=words.signing.of_letter(matter.name, wrong), matter=matter.code)
