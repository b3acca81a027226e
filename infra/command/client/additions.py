"""What becomes of a paper that is added to a packet, or why nobody would look at it.

Read from what the portal tells of the packet. Sources: mission 6 (gaps), 7 (one notice); design.md, "A packet's life".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from kaigong import catalog
from kaigong.domain.model.arrivals import RefusalReason
from kaigong.domain.model.catalogue import Code, Route, Source
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.packet import NoticeKind
from kaigong.domain.model.text import Model, Text
from kaigong.views.states import MatterState, Phase

from .folder import FolderRefused


class Fate(StrEnum):
    CLOSES_GAP = "closes-gap"
    ANSWERS_CORRECTION = "answers-correction"
    ANSWERS_NOTICE = "answers-notice"
    REPLACES = "replaces"
    ADDED = "added"


class Becomes(Model):
    """What becomes of a paper, as a code and in words."""

    code: Fate
    text: Text


@dataclass(frozen=True)
class Around:
    """What decides it: the packet as the API tells it, and what is handed in with the papers."""

    status: Mapping[str, Any]
    materials: Mapping[Code, Mapping[str, Any]]  # by slot
    manifest: Manifest | None  # None: the papers come alone
    whole_folder: bool = False  # the manifest before lists no files: what comes after it counts

    @property
    def phase(self) -> Phase:
        return Phase(self.status["status"])

    @property
    def accepted(self) -> bool:
        return self.status.get("accepted_at") is not None


def becomes(slots: Iterable[Code], around: Around) -> dict[Code, Becomes]:
    """What becomes of the papers of these slots. Raises FolderRefused with each that nobody would look at."""
    found = {slot: _one(slot, around) for slot in slots}
    if refused := [one for one in found.values() if isinstance(one, RefusalReason)]:
        raise FolderRefused(refused)
    return {slot: one for slot, one in found.items() if isinstance(one, Becomes)}


def gaps_alone(slots: Iterable[Code], status: Mapping[str, Any]) -> bool:
    """Whether these papers do nothing but close gaps: that takes no new manifest."""
    owed = {gap["slot"] for gap in status["gaps"] if gap["owed"]}
    return owed.issuperset(slots)


def _one(slot: Code, around: Around) -> Becomes | RefusalReason:
    name = catalog.load().materials[slot].name
    if gaps_alone([slot], around.status):
        return Becomes(code=Fate.CLOSES_GAP, text=closes_gap(name))
    if around.phase is Phase.WITHDRAWN:
        return _refused(slot, "withdrawn", WITHDRAWN)
    if around.phase in (Phase.DECIDED, Phase.ISSUED):
        return _refused(slot, "decided", DECIDED)
    if around.phase is Phase.SUBMITTED and not around.whole_folder:
        return _refused(slot, "being-examined", being_examined(around.status["packet"]))
    return _of_accepted(slot, name, around) if around.accepted else _of_applied(slot, name, around)


def _of_accepted(slot: Code, name: Text, around: Around) -> Becomes | RefusalReason:
    """Of a packet that departments review: what they asked back is looked at, and nothing else."""
    if asking := _asking(slot, around):
        return Becomes(code=Fate.ANSWERS_CORRECTION, text=answers_correction(asking))
    return _needless(slot, name, around) or _refused(slot, "under-review", under_review(name))


def _of_applied(slot: Code, name: Text, around: Around) -> Becomes | RefusalReason:
    """Of a packet that is not accepted yet: whatever its matters ask for is looked at."""
    returned = [notice for notice in around.status["notices"] if notice["kind"] == NoticeKind.RETURNED]
    if any(item.get("slot") == slot for notice in returned[-1:] for item in notice["items"]):
        return Becomes(code=Fate.ANSWERS_NOTICE, text=ANSWERS_NOTICE)
    if needless := _needless(slot, name, around):
        return needless
    before = around.materials.get(slot, {}).get("uploaded")
    return Becomes(code=Fate.REPLACES, text=REPLACES) if before else Becomes(code=Fate.ADDED, text=ADDED)


def _asking(slot: Code, around: Around) -> list[Text]:
    """The departments whose corrections a paper answers, once the notice went out. A reason that names no material may
    be answered by any of its matter's.
    """
    if around.phase is Phase.IN_REVIEW:
        return []
    needed_by = _needed_by(slot, around)
    asking = {}
    for matter in around.status["matters"]:
        named = [reason.get("slot") for reason in matter["reasons"]]
        meant = slot in named or (None in named and matter["matter"] in needed_by)
        if matter["state"] == MatterState.CORRECTION and meant:
            asking[matter["department"]] = Text.model_validate(matter["department_name"])
    return list(asking.values())


def _needless(slot: Code, name: Text, around: Around) -> RefusalReason | None:
    """Why no matter of the packet needs the paper; None: one does, or the matters are not known yet."""
    material, routes = catalog.load().materials[slot], _routes(around)
    if material.source is Source.SHARED:
        return _refused(slot, "shared", shared(name))
    if not routes or (material.letters and Route.COMMITMENT in routes.values()):
        return None
    asking = [routes[matter] for matter in _needed_by(slot, around)]
    if not asking:
        return _refused(slot, "not-asked-for", not_asked_for(name, accepted=around.accepted))
    if all(route is Route.COMMITMENT for route in asking):
        return _refused(slot, "by-commitment", by_commitment(name, accepted=around.accepted))
    return None


def _routes(around: Around) -> dict[Code, Route]:
    """The matters applied for, as the manifest that is handed in says, else as the packet does; none for a draft."""
    if around.manifest and not around.accepted:
        committed = around.manifest.commitments
        return {m: Route.COMMITMENT if m in committed else Route.APPROVAL for m in around.manifest.matters}
    return {matter["matter"]: Route(matter["route"]) for matter in around.status["matters"]}


def _needed_by(slot: Code, around: Around) -> list[Code]:
    """The matters that ask for a material: as the packet knows them, else by the manifest that is handed in."""
    if around.accepted or around.manifest is None:
        return [asker["matter"] for asker in around.materials.get(slot, {}).get("needed_by", ())]
    matters = catalog.load().matters
    return [code for code in around.manifest.matters if slot in {entry.material for entry in matters[code].materials}]


def _refused(slot: Code, code: str, text: Text) -> RefusalReason:
    return RefusalReason(code=code, where=slot, text=text)


# what becomes of it, in words

ANSWERS_NOTICE = Text(zh="补正通知书所列的问题", en="answers a point of the notice")
REPLACES = Text(
    zh="代替先前上传、尚未受理的同一材料", en="takes the place of the one uploaded before, which is not accepted yet"
)
ADDED = Text(zh="新增的材料，与申请一并检查", en="new in this packet, and looked at with the application")


def closes_gap(name: Text) -> Text:
    return Text(
        zh=f"补齐容缺材料“{name.zh}”，检查合格即登记", en=f"closes the gap ({name.en}) once it is found in order"
    )


def answers_correction(departments: Iterable[Text]) -> Text:
    named = list(departments)
    return Text(
        zh=f"答复{'、'.join(d.zh for d in named)}的补正意见",
        en=f"answers the correction asked for by: {', '.join(d.en for d in named)}",
    )


# why nobody would look at it, and the way out

WITHDRAWN = Text(
    zh="材料包已撤回，补充的材料不会有人看。仍要办理的，用 kaigong submit 另行申报（新的材料包）。",
    en="The packet is withdrawn, and nobody looks at what is added. To apply again, hand in a new packet with kaigong "
    "submit.",
)
DECIDED = Text(
    zh="联合审批已作出决定，这份材料不是待补齐的容缺材料，不会有人看。要办理其他事项的，用 kaigong submit 另行申报。",
    en="The packet is decided, and this is no promised paper that is still owed: nobody would look at it. For anything "
    "else, hand in a new packet with kaigong submit.",
)


def being_examined(packet: str) -> Text:
    return Text(
        zh=f"提交的申请正在检查，其清单未列此文件，不会有人看。请待检查结束（kaigong status {packet}）后再补充。",
        en="What was handed in is being examined, and its manifest does not list this file. Wait until that is done "
        f"(kaigong status {packet}), then add it.",
    )


def under_review(name: Text) -> Text:
    return Text(
        zh=f"“{name.zh}”正在审查，没有部门要求补正，换上的文件不会被采用。请移走该文件；需要补正时会一次性通知，届时再交。",
        en=f"Under review, and no department asked for it again: {name.en}. A new file would not be taken. Take it out "
        "of the folder; whatever is to be corrected is told in one notice.",
    )


def not_asked_for(name: Text, *, accepted: bool) -> Text:
    zh = "受理后不能再增加事项，要办理的另行申报" if accepted else "要增加事项的，在 project.json 的 matters 中写明"
    en = (
        "no matter can be added any more: apply for it in a new packet"
        if accepted
        else "or add the matter to project.json"
    )
    return Text(
        zh=f"本材料包的事项都不需要“{name.zh}”。请移走该文件；{zh}。",
        en=f"No matter of this packet asks for this: {name.en}. Take the file out of the folder; {en}.",
    )


def by_commitment(name: Text, *, accepted: bool) -> Text:
    zh = "" if accepted else "；要改为提交材料办理的，从 project.json 的 commitments 中去掉该事项"
    en = "" if accepted else "; to do the matter on papers instead, take it out of commitments in project.json"
    return Text(
        zh=f"“{name.zh}”以告知承诺代替，不会有人看。请移走该文件{zh}。",
        en=f"A commitment stands in for this: {name.en}. Take the file out of the folder{en}.",
    )


def shared(name: Text) -> Text:
    return Text(
        zh=f"“{name.zh}”由系统共享取得，不需要提交。请移走该文件。",
        en=f"The system fetches this itself: {name.en}. Take the file out of the folder.",
    )
