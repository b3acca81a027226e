"""Handing a packet in, adding to it, and waiting for what becomes of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kaigong import catalog
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.manifest import Manifest, ManifestFile
from kaigong.errors import Refused, TryAgain
from kaigong.views.states import Phase

from . import additions, folder, storage
from .api import Api
from .connection import Connection
from .faults import CallRefused

AGAIN = ("returned", "correcting", "refused")  # states in which a packet waits for another manifest
_PENDING = ("draft", "submitted")
LOOK_EVERY = 0.5  # seconds
# what project.json may say
_FIELDS = (
    "enterprise",
    "project",
    "process",
    "matters",
    "form",
    "promises",
    "commitments",
    "letters",
    "drawn_up",
    "follows",
)
_ADDED = ("promises", "commitments")  # of these, what the command line adds to


class TooSlow(TryAgain):
    """What was waited for did not happen in time; it may still happen."""


@dataclass(frozen=True)
class Prepared:
    """What one run is about to hand in. Without a manifest it adds papers only."""

    packet: str
    upload: str
    papers: tuple[folder.File, ...]
    manifest: Manifest | None
    becomes: Mapping[Code, additions.Becomes] = field(default_factory=dict)  # of papers that are added to a packet

    @property
    def size(self) -> int:
        """Bytes that are to be uploaded."""
        return sum(paper.path.stat().st_size for paper in self.papers)


def first(directory: Path, packet: str | None, said: dict[str, Any]) -> Prepared:
    """The packet in a folder, ready to be handed in; no network is needed for that.

    What the command line `said` goes before `project.json`; its promises and commitments are added to those there.
    Everything that the manifest's own rules refuse is refused here, before anything is uploaded: raises FolderRefused.
    """
    now = datetime.now(UTC)
    packet, upload = packet or folder.new_packet_id(now), folder.new_upload_id(now)
    papers = folder.papers(directory, catalog.load())
    content = _content(_merged(folder.project(directory), said))
    manifest = folder.manifest(packet, content, _listed(papers, upload), catalog.load())
    return Prepared(packet, upload, tuple(papers), manifest)


def supplement(connection: Connection, api: Api, packet: str, directory: Path) -> Prepared:
    """The papers of a folder, to be added to a packet, with what becomes of each; with a new manifest where the packet
    waits for one, unless the papers do nothing but close gaps.

    The new manifest is the last one with the new papers in it, changed by what the folder's `project.json` says.
    Raises FolderRefused, also for papers that nobody would look at, and CallRefused where there is no such packet.
    """
    found = api.status(packet)
    upload = folder.new_upload_id(datetime.now(UTC))
    papers = folder.papers(directory, catalog.load())
    slots = list(dict.fromkeys(paper.slot for paper in papers))
    said, last, manifest = folder.project(directory, needed=False), None, None
    if found["status"] in AGAIN and (said or not papers or not additions.gaps_alone(slots, found)):
        last = storage.last_manifest(connection, packet) or {}
        files = _replaced(last.get("files"), _listed(papers, upload))
        manifest = folder.manifest(packet, _content(last | said), files, catalog.load())
    elif not papers:
        raise Refused(f"{directory} 中没有材料文件。", f"There are no papers in {directory}.")
    elif found["status"] == Phase.SUBMITTED:
        last = storage.last_manifest(connection, packet)
    materials = {material["slot"]: material for material in api.materials(packet)["materials"]}
    around = additions.Around(found, materials, manifest, whole_folder=last is not None and last.get("files") is None)
    return Prepared(packet, upload, tuple(papers), manifest, additions.becomes(slots, around))


def hand_in(
    connection: Connection, prepared: Prepared, progress: storage.Progress = lambda _: None
) -> tuple[ManifestFile, ...]:
    """Upload the papers, then put the manifest, which submits. Returns where the papers lie."""
    files = storage.upload(connection, prepared.packet, prepared.upload, prepared.papers, progress)
    if prepared.manifest:
        storage.submit(connection, prepared.manifest)
    return files


def _merged(written: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    merged = written | said
    for name in _ADDED:
        if name in said and isinstance(written.get(name), list):
            merged[name] = list(dict.fromkeys([*written[name], *said[name]]))
    return merged


def _content(said: dict[str, Any]) -> dict[str, Any]:
    """What a manifest takes over from project.json; the matters that the process begins with where none are named."""
    content = {name: said[name] for name in _FIELDS if name in said}
    process = catalog.load().processes.get(str(content.get("process")))
    if "matters" not in content and process and process.start_matters:
        content["matters"] = list(process.start_matters)
    return content


def _listed(papers: Sequence[folder.File], upload: str) -> tuple[ManifestFile, ...]:
    return tuple(ManifestFile(slot=paper.slot, upload=upload, name=paper.path.name) for paper in papers)


def _replaced(before: list[dict[str, str]] | None, new: Sequence[ManifestFile]) -> list[ManifestFile] | None:
    """The papers of the manifest before, with new ones in their slots; None: the manifest before listed none.

    In a slot of several files a new one replaces that of its name, in its place; others come behind.
    """
    if before is None:
        return None
    several = {code for code, material in catalog.load().materials.items() if material.max_files > 1}
    slots, coming = {file.slot for file in new}, {(file.slot, file.name): file for file in new}
    kept = (ManifestFile.model_validate(file) for file in before)
    found = {(file.slot, file.name): file for file in kept if file.slot in several or file.slot not in slots}
    return list((found | coming).values())


def seen(status: dict[str, Any] | None) -> tuple[object, ...]:
    """What changes whenever a submission was looked at: the round, the notices, the standing refusal."""
    if status is None:
        return ()
    refusal = status.get("refusal")
    return status["round"], len(status["notices"]), refusal["at"] if refusal else None


def answer(api: Api, packet: str, before: tuple[object, ...], patience: float) -> dict[str, Any]:
    """The packet's status once what was handed in was looked at: accepted, returned or refused.

    `before` is what `seen` said before. Raises TooSlow after `patience` seconds.
    """

    def looked_at() -> dict[str, Any] | None:
        found = status(api, packet)
        pending = found is None or found["status"] in _PENDING or seen(found) == before
        return None if pending else found

    return wait(looked_at, patience, packet)


def told(status: dict[str, Any]) -> list[dict[str, str]]:
    """Everything that keeps a refused or returned packet from being accepted, as the applicant is told it."""
    if status["status"] == "refused":
        return [{"where": r["where"], "code": r["code"], **r["text"]} for r in status["refusal"]["reasons"]]
    if status["status"] not in AGAIN:
        return []
    items = status["notices"][-1]["items"]
    return [{"where": i.get("slot") or i.get("matter") or "", "code": i["code"], **i["text"]} for i in items]


def wait[T](look: Callable[[], T | None], patience: float, packet: str) -> T:
    """What `look` gives once it gives something. Raises TooSlow, which names the packet, after `patience` seconds."""
    until = time.monotonic() + patience
    while (found := look()) is None:
        if time.monotonic() > until:
            raise TooSlow(
                f"已等待 {patience:.0f} 秒，尚无结果；可稍后用 kaigong status {packet or 'PACKET'} 查看。",
                f"There was no outcome in {patience:.0f} seconds; see kaigong status {packet or 'PACKET'} later.",
            )
        time.sleep(LOOK_EVERY)
    return found


def status(api: Api, packet: str) -> dict[str, Any] | None:
    """Where the packet is; None where the portal does not know it yet."""
    try:
        return api.status(packet)
    except CallRefused as error:
        if error.code == "not-found":
            return None
        raise
