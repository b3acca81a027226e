"""Commitment letters for the tests' catalogues, and acceptances of them as a manifest carries them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from kaigong.domain.intake.letter import LetterText, text
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.manifest import Enterprise, Project

from .building import CATALOGUE, ENTERPRISE, MORNING, PROJECT, letter, material

SLOT = "signed-letters"


def with_letters(catalogue: Catalogue, version: int = 1) -> Catalogue:
    """The catalogue with a letter for every matter that takes a commitment, and a slot for signed ones."""
    letters = {m.code: letter(m.code, version) for m in catalogue.matters.values() if m.takes_commitment}
    slot = material(SLOT).changed(letters=True)
    return catalogue.changed(letters=letters, materials={**catalogue.materials, SLOT: slot})


def without_letters(catalogue: Catalogue) -> Catalogue:
    return catalogue.changed(letters={})


LETTERED = with_letters(CATALOGUE)


def in_force(
    catalogue: Catalogue, matter: str, enterprise: Enterprise | None = ENTERPRISE, project: Project | None = PROJECT
) -> LetterText:
    entry = catalogue.matters[matter]
    department = catalogue.departments[entry.department]
    return text(catalogue.letters[matter], entry, department, enterprise, project)


def signed(
    catalogue: Catalogue, *matters: str, at: datetime = MORNING - timedelta(minutes=1), **more: Any
) -> Iterable[dict[str, Any]]:
    """Entries of the manifest that accept these letters as they read now; `more` changes what they say."""
    for matter in matters:
        held = in_force(catalogue, matter)
        yield {"matter": matter, "version": held.version, "sha256": held.sha256, "by": "经办人", "at": at, **more}
