"""Commitment letters: which ones an application needs, and accepting them electronically in its manifest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from kaigong.contract.letters import LettersRequest
from kaigong.domain.model.manifest import LetterAccepted
from kaigong.domain.model.signature import Role, Signer
from kaigong.errors import Refused

from . import folder
from .api import Api
from .packets import Prepared


def signer(name: str, role: str | None) -> Signer:
    """Who accepts. Raises ValueError for a role that there is not."""
    return Signer(name=name, role=Role(role) if role else None)


def needed(directory: Path, matters: Sequence[str] | None) -> LettersRequest:
    """The letters of the application in a folder: of the matters named, else of its commitments.

    Raises FolderRefused for what is wrong with `project.json`, Refused where there is no matter to ask for.
    """
    said = folder.project(directory)
    named = matters or said.get("commitments")
    if not named:
        raise Refused(
            f"{folder.PROJECT} 中没有以告知承诺办理的事项（commitments）。请用 --matters 写明事项；"
            "可选事项见 kaigong guide。",
            f"{folder.PROJECT} names no matter to be done by commitment (commitments). Name matters with --matters; "
            "kaigong guide has those that take one.",
        )
    content = {name: said[name] for name in ("enterprise", "project") if name in said}
    return folder.shaped(LettersRequest, content | {"matters": named})


def accepted(api: Api, prepared: Prepared, who: Signer) -> Prepared:
    """The same packet with the letter of every commitment accepted electronically: as it reads now, by whom, now.

    Nothing is asked where nothing is committed to. Raises CallRefused where a matter takes no commitment.
    """
    manifest = prepared.manifest
    if manifest is None or not manifest.commitments:
        return prepared
    asked = LettersRequest(enterprise=manifest.enterprise, project=manifest.project, matters=manifest.commitments)
    read = api.letters(asked)["letters"]
    now = datetime.now(UTC)
    entries = tuple(
        LetterAccepted(
            matter=letter["matter"],
            version=letter["version"],
            sha256=letter["sha256"],
            by=who.name,
            signer=who,
            at=now,
        )
        for letter in read
    )
    return replace(prepared, manifest=manifest.changed(letters=entries))
