"""What the API takes and answers while an application is drawn up: drafts, upload permits, handing in."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from kaigong.domain.intake.again import Earlier
from kaigong.domain.intake.draft import ENDINGS, MEDIA_TYPES, format_of
from kaigong.domain.model.catalogue import Code, Material
from kaigong.domain.model.draft import Filled
from kaigong.domain.model.files import FILE_ID
from kaigong.domain.model.manifest import CodeRef, PacketId, Uscc
from kaigong.domain.model.naming import Named
from kaigong.domain.model.text import Model, Text
from kaigong.views.foreseen import Foreseen

UPLOAD_PATTERN = r"^[0-9]{8}T[0-9]{6}-[2-9a-hj-km-np-z]{6}$"  # as this portal makes them


class Asked(Model):
    """What is asked of a draft; nothing else may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class StartRequest(Asked):
    """Begin an application. Without matters, those that a packet of this process begins with."""

    process: CodeRef = Field(description="Project type, from the guide.")
    matters: tuple[CodeRef, ...] = Field(default=(), max_length=40)
    follows: PacketId | None = Field(
        default=None,
        description="A packet that ended: its matters without an approval are applied for again (without `matters`, "
        "all of them), with what was on its form and its papers. Asked for again, the draft that was begun goes on.",
    )
    uscc: Uscc | None = Field(
        default=None, description="Credit code of the enterprise that applies; an applicant may leave it out."
    )


class SaveRequest(Filled):
    """The form as it is filled in now. It replaces what was saved before."""

    version: int = Field(ge=0, description="Of the draft that was read; a newer one is not overwritten.")


class AcceptRequest(Asked):
    """Accept the commitment letter of a matter, as it was read."""

    version: int = Field(ge=0, description="Of the draft that was read.")
    matter: CodeRef
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the letter's text: proof of which was read.")


FileId = Annotated[str, Field(pattern=f"^{FILE_ID.pattern}$")]


class TakeOutRequest(Asked):
    """Take a paper out again: what lies in its slot now is not handed in. Another one may be uploaded after it."""

    version: int = Field(ge=0, description="Of the draft that was read.")
    slot: CodeRef
    file: FileId | None = Field(default=None, description="Of several files this one; left out: all of them.")


class ReuseRequest(Asked):
    """Use a paper of an earlier packet of the same enterprise in this application as well."""

    slot: CodeRef
    packet: PacketId = Field(description="The earlier packet, as `GET /api/drafts/{draft}/earlier` names it.")


class HandInRequest(Asked):
    """Hand the application in."""

    version: int = Field(ge=0, description="Of the draft that was read.")
    anyway: bool = Field(default=False, description="Also where it would be returned for completion.")


UploadId = Annotated[str, Field(pattern=UPLOAD_PATTERN)]
FileName = Annotated[str, Field(min_length=1, max_length=1000)]
PartsId = Annotated[str, Field(min_length=1, max_length=1024, description="As the permit gave it.")]


class PermitRequest(Asked):
    """One file that is to be uploaded."""

    slot: CodeRef = Field(description="Which material it is.")
    name: FileName
    size: int = Field(ge=1, description="In bytes.")
    media_type: str = Field(
        default="",
        max_length=200,
        description="What the client takes the file for, as far as it knows. Only a type that we know and the material "
        "does not take is refused: systems have names of their own for types, and the examination goes by content.",
    )


class SortRequest(Asked):
    """The names of files of which it is to be said which material each may be. Their content is not sent."""

    names: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(
        min_length=1,
        max_length=100,
        description="With the folders that they lie in, apart by `/`; of a longer path its end.",
    )


class SortedFile(Model):
    """Which material a file may be, by its name."""

    name: str
    slot: Code | None = Field(default=None, description="Left out: that is to be chosen by hand.")


class SortedFiles(Model):
    """A proposal for each file, in the order of the names."""

    files: tuple[SortedFile, ...]


class Permit(Model):
    """Leave to upload one file to one place, once: by PUT with exactly these `headers` and so many bytes. A 412 says
    that the file lies there already: an earlier try arrived.

    A small file goes to `url` at once. A large one goes in parts of `part_size` bytes, each to an address that is asked
    for part by part with `parts`; so it goes on where a line broke.
    """

    slot: Code
    upload: str
    name: str
    media_type: str
    url: str | None
    headers: dict[str, str] = Field(default_factory=dict, description="What the PUT to `url` carries.")
    parts: str | None = None
    part_size: int | None = None


class PartsRequest(Asked):
    """An upload in parts."""

    slot: CodeRef
    upload: UploadId
    name: FileName = Field(description="As the permit gave it.")
    parts: PartsId


class PartRequest(PartsRequest):
    """One part of it; every part but the last has the permit's `part_size` bytes."""

    number: int = Field(ge=1, le=10000)
    size: int = Field(ge=1)


class PartPermit(Model):
    """Where one part goes, by PUT."""

    url: str


class PartCame(Model):
    """One part that came."""

    number: int
    size: int
    etag: str


class PartsCame(Model):
    """The parts that came, in order."""

    parts: tuple[PartCame, ...]


class UploadDone(Model):
    """The file lies in its place and is examined within seconds; or the upload was given up, and nothing lies there."""

    slot: Code
    upload: str
    name: str
    size: int = Field(description="In bytes; 0 where it was given up.")


class DraftSaved(Filled):
    """An application on its way, as it was saved. What would come of handing it in now is asked for apart."""

    packet: str
    process: Named
    uscc: str
    by_window: bool = Field(description="Whether the window began it, for the enterprise.")
    follows: str | None = Field(default=None, description="The earlier packet that is applied for again here.")
    version: int
    handed_in: bool = Field(description="Whether this version was handed in; the packet says what came of it.")


class DraftShown(DraftSaved):
    """An application on its way, and what would come of handing it in now."""

    foreseen: Foreseen


class DraftListed(Model):
    """One draft in a list."""

    packet: str
    process: Named
    project: str = Field(description="The project's name as far as it is filled in.")
    handed_in: bool
    by_window: bool = Field(description="Whether the window began it, for the enterprise.")
    version: int
    updated_at: datetime = Field(description="When it was last saved.")
    kept_until: datetime | None = Field(
        description="From then on it goes by itself, with its papers, unless it is saved or handed in before; null: it "
        "was handed in."
    )


class Drafts(Model):
    """The applications of an enterprise that are on their way, newest first."""

    drafts: tuple[DraftListed, ...]


class EarlierPapers(Model):
    """Papers that the enterprise handed in before and that this application asks for: of each the newest."""

    papers: tuple[Earlier, ...]


def why_no_file(material: Material | None, media_type: str, size: int, megabytes: int) -> Text | None:
    """Why a file cannot be uploaded as this material, in words; None: it can."""
    if material is None:
        return Text(zh="目录中没有这项材料，请按办事指南核对。", en="The catalogue has no such paper; see the guide.")
    known = format_of(media_type)
    if known is not None and known not in material.formats:
        listed = "、".join(f.upper() for f in material.formats)
        return Text(
            zh=f"“{material.name.zh}”须为 {listed} 文件，请转换后上传。",
            en=f"{material.name.en} must be {listed.replace('、', ' or ')}: convert the file, then upload it.",
        )
    if size > megabytes * 1024 * 1024:
        return Text(
            zh=f"文件超过 {megabytes} MB，请降低扫描分辨率或拆分后上传。",
            en=f"The file is larger than {megabytes} MB: scan it at a lower resolution, or split it.",
        )
    return None


def media_types(material: Material) -> tuple[str, ...]:
    """What a file of this material may be."""
    return tuple(MEDIA_TYPES[format_] for format_ in material.formats)


def accepted_by_choosers(material: Material) -> str:
    """What a file chooser offers (HTML `accept`): types and endings, since systems have other names for the types."""
    endings = (ending for format_ in material.formats for ending in ENDINGS.get(format_, (f".{format_}",)))
    return ",".join((*media_types(material), *endings))
