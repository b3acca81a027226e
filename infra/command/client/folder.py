"""A packet on disk: `project.json` and the files of each material, named by its slot."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kaigong.domain.intake.application import check, misshapen
from kaigong.domain.model import ids
from kaigong.domain.model.arrivals import RefusalReason, Stored
from kaigong.domain.model.catalogue import Catalogue, Code, Material
from kaigong.domain.model.files import is_picture, natural
from kaigong.domain.model.manifest import Manifest, ManifestFile
from kaigong.domain.model.text import Text
from kaigong.domain.words.application import too_many_files
from kaigong.errors import Refused
from pydantic import BaseModel, ValidationError

PROJECT = "project.json"
SUFFIXES = (".pdf", ".ofd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".heic")


class FolderRefused(Refused):
    """A folder cannot be handed in. `reasons` is everything that is wrong with it; nothing was uploaded."""

    def __init__(self, reasons: Sequence[RefusalReason]) -> None:
        lines = [(f"{r.where}：" if r.where else "", f"{r.where}: " if r.where else "", r.text) for r in reasons]
        super().__init__(
            "未上传任何文件。" + "".join(f"\n  - {zh}{text.zh}" for zh, _, text in lines),
            "Nothing was uploaded." + "".join(f"\n  - {en}{text.en}" for _, en, text in lines),
        )
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class File:
    """One paper on disk, and the slot that it is for."""

    slot: str
    path: Path


def new_packet_id(now: datetime) -> str:
    """An id that sorts by the time it was made (in the city) and that nobody else makes."""
    return ids.new_packet_id(now, secrets.choice)


def new_upload_id(now: datetime) -> str:
    """The name of one run of uploads, under which each slot's file is laid."""
    return ids.new_upload_id(now, secrets.choice)


def papers(folder: Path, catalogue: Catalogue) -> list[File]:
    """The papers in a folder: `<slot>.pdf`, `.jpg` and so on, or a file in a folder named `<slot>`. A material that may
    come as several files or photos has them in its folder, or beside each other as `<slot>.1.pdf`, `<slot>.2.pdf`; in
    the order of their names, 2 before 10.

    Raises FolderRefused with everything that is there and is none of these. Hidden files are passed over.
    """
    if not folder.is_dir():
        raise FolderRefused([_reason("no-folder", str(folder), "没有这个文件夹。", "There is no such folder.")])
    found: dict[Code, list[File]] = {}
    wrong: list[RefusalReason] = []
    for path in _sorted(folder):
        if path.name == PROJECT:
            continue
        slot = path.name if path.is_dir() else path.name.partition(".")[0]
        inside = _sorted(path) if path.is_dir() else [path]
        if slot not in catalogue.slots:
            wrong.append(
                _reason(
                    "unknown-slot",
                    path.name,
                    "文件名不是目录中的材料代码；代码见 kaigong guide。请改名或移走。",
                    "The name is no paper of the catalogue; see kaigong guide. Rename it or move it away.",
                )
            )
        elif reason := _unfit(path, inside, [file.path for file in found.get(slot, ())], catalogue.materials[slot]):
            wrong.append(reason)
        else:
            found.setdefault(slot, []).extend(File(slot, file) for file in inside)
    wrong += [
        _reason("same-name", slot, "有两个同名的文件，请改名。", "Two files have the same name; rename one.")
        for slot, files in found.items()
        if len({file.path.name for file in files}) < len(files)
    ]
    if wrong:
        raise FolderRefused(wrong)
    return [file for files in found.values() for file in sorted(files, key=lambda file: natural(file.path.name))]


def _unfit(path: Path, inside: Sequence[Path], there: Sequence[Path], material: Material) -> RefusalReason | None:
    """Why what lies at a path cannot be taken beside what is `there` already; None: it can."""
    before = len(there)
    pages = material.max_pictures > 1 and all(is_picture(file.name) for file in (*there, *inside))
    most = material.room.most if pages else material.max_files
    if not inside or (most == 1 and len(inside) > 1):
        return _reason("not-one-file", path.name, "文件夹内应恰有一个文件。", "The folder must hold exactly one file.")
    if any(file.is_dir() for file in inside):
        zh, en = "文件夹内不能再有文件夹，请把文件移到上一层。", "The folder holds a folder; move its files up."
        return _reason("folder-inside", path.name, zh, en)
    several = path.is_file() or len(inside) > 1
    if several and any(file.suffix.lower() not in SUFFIXES for file in inside):
        zh = f"只接收 {'、'.join(SUFFIXES)} 文件，请转换格式。"
        return _reason("suffix", path.name, zh, f"Only {', '.join(SUFFIXES)} are taken; convert it.")
    if before and most == 1:
        return _reason(
            "slot-twice", path.name, "同一材料有两个文件，请只留一个。", "This paper has two files; keep one."
        )
    if before + len(inside) > most:
        text = too_many_files(material.name, before + len(inside), most)
        return RefusalReason(code="too-many-files", where=path.name, text=text)
    return None


def _sorted(path: Path) -> list[Path]:
    return sorted((p for p in path.iterdir() if not p.name.startswith(".")), key=lambda p: natural(p.name))


def project(folder: Path, *, needed: bool = True) -> dict[str, Any]:
    """What `project.json` says; an empty object where there is none and none is `needed`. Raises FolderRefused."""
    path = folder / PROJECT
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if not needed:
            return {}
        zh = "没有此文件。它写明企业、项目、项目类型和事项。"
        en = "The file is missing. It names the enterprise, the project with its type and the matters."
        raise FolderRefused([_reason("no-project", str(path), zh, en)]) from None
    except ValueError as error:
        raise FolderRefused(
            [_reason("not-json", str(path), f"不是 JSON：{error}", f"This is not JSON: {error}")]
        ) from error
    if not isinstance(content, dict):
        raise FolderRefused([_reason("not-an-object", str(path), "应为 JSON 对象。", "This must be a JSON object.")])
    return content


def manifest(
    packet: str, content: dict[str, Any], files: Sequence[ManifestFile] | None, catalogue: Catalogue
) -> Manifest:
    """The manifest of an application, checked by the rules that the stack itself goes by.

    `content` is what `project.json` and the command line say; `files` the papers that count, None for whatever lies
    there. Raises FolderRefused with every reason.
    """
    found = shaped(Manifest, {"schema": "kaigong/manifest/1", "packet": packet, **content, "files": files})
    lying = [Stored(slot=f.slot, upload=f.upload, name=f.name, mark="") for f in found.files or ()]
    _, reasons = check(found, packet, catalogue, lying)
    if reasons:
        raise FolderRefused(reasons)
    return found


def shaped[M: BaseModel](model: type[M], content: Mapping[str, Any]) -> M:
    """What a folder and the command line say, as a model. Raises FolderRefused with everything that breaks it."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise FolderRefused(misshapen(error)) from error


def _reason(code: str, where: str, zh: str, en: str) -> RefusalReason:
    return RefusalReason(code=code, where=where, text=Text(zh=zh, en=en))
