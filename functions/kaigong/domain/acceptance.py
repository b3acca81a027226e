"""Whether a submission can be accepted, and if not, everything that is wrong with it, at once.

Sources: mission 6 (容缺受理: a missing main material is never tolerated), mission 7 (一次性告知: one notice),
行政许可法 §32.
"""

from typing import Literal

from .catalogue import Catalogue, Code, Material, Matter, Route, Source
from .finding import Finding, Verdict, judge
from .manifest import Manifest
from .packet import NoticeItem, Packet, Paper, Slot, Submission
from .privileges import Privileges
from .text import Model, Text


class Need(Model):
    """One material that a submission must bring, and for which matters."""

    material: Material
    matters: tuple[Code, ...]
    main: bool  # main for at least one of these matters
    tolerable: bool  # non-main everywhere, and every matter that asks for it tolerates gaps


class Assessment(Model):
    """What acceptance found. It can be accepted when `deficiencies` is empty."""

    routes: dict[Code, Route]
    papers: dict[Code, Paper]
    gaps: dict[Code, tuple[Code, ...]]  # slot: the matters that wait for it
    deficiencies: tuple[NoticeItem, ...]


def needs(matters: list[Matter], catalogue: Catalogue) -> dict[Code, Need]:
    """The materials of these matters, each once (mission 8: materials are submitted once)."""
    askers: dict[Code, list[tuple[Matter, bool]]] = {}
    for matter in matters:
        for entry in matter.materials:
            askers.setdefault(entry.material, []).append((matter, entry.main))
    return {
        slot: Need(
            material=catalogue.materials[slot],
            matters=tuple(matter.code for matter, _ in asked),
            main=any(main for _, main in asked),
            tolerable=all(not main and matter.tolerates_gaps for matter, main in asked),
        )
        for slot, asked in askers.items()
        if catalogue.materials[slot].source is not Source.SHARED
    }


def taken(slot: Slot, finding: Finding, round_: int) -> Paper:
    """The newest upload of a slot as a paper of the packet."""
    return Paper(
        slot=slot.slot,
        key=slot.key,
        version=slot.version,
        mark=slot.mark,
        size=slot.size,
        sha256=slot.sha256,
        round=round_,
        verdict=finding.verdict.value,
        reasons=tuple((reason.code, reason.text) for reason in finding.reasons),
    )


def assess(packet: Packet, submission: Submission, catalogue: Catalogue, rights: Privileges, round_: int) -> Assessment:
    """Every material of the submission against the catalogue's rules. Nothing is left for a second notice."""
    manifest = submission.manifest
    deficiencies = changed_application(packet, manifest)
    routes: dict[Code, Route] = {}
    on_paper: list[Matter] = []
    for code in manifest.matters:
        matter = catalogue.matters[code]
        if code not in manifest.commitments:
            routes[code] = Route.APPROVAL
            on_paper.append(matter)
        elif matter.takes_commitment and rights.commitment:
            routes[code] = Route.COMMITMENT
        else:
            deficiencies.append(_commitment_closed(matter, rights))
            on_paper.append(matter)  # so that this notice, not a second one, says which of its materials are missing

    papers: dict[Code, Paper] = {}
    gaps: dict[Code, tuple[Code, ...]] = {}
    for code, need in needs(on_paper, catalogue).items():
        slot = packet.slots.get(code)
        finding = judge(slot.facts, need.material, manifest.enterprise) if slot else None
        if slot and finding and finding.verdict is not Verdict.DEFICIENT:
            papers[code] = taken(slot, finding, round_)
        elif code in manifest.promises and need.tolerable and rights.tolerance:
            gaps[code] = need.matters
        else:
            deficiencies.extend(_deficiencies(code, need, finding, manifest, rights))
    for waiting in gaps.values():
        routes.update(dict.fromkeys(waiting, Route.TOLERATED))
    return Assessment(routes=routes, papers=papers, gaps=gaps, deficiencies=tuple(deficiencies))


def changed_application(packet: Packet, manifest: Manifest) -> list[NoticeItem]:
    """What a later manifest must not change: the applicant never, the matters not after acceptance."""
    before, found = packet.header, []
    if before is None:
        return []
    if before.enterprise.uscc != manifest.enterprise.uscc:
        text = Text(
            zh="本材料包已由另一统一社会信用代码的企业申报，不能更换申请人；请另用新的材料包编号申报。",
            en="This packet was submitted under another credit code; the applicant cannot change. "
            "Apply with a new packet.",
        )
        found.append(NoticeItem(code="applicant-changed", text=text))
    if before.accepted_at and set(before.routes) != set(manifest.matters):
        text = Text(
            zh="受理后不能增减事项；请按原事项重新提交清单，其他事项另行申报。",
            en="Matters cannot change after acceptance; submit the manifest with the same matters again "
            "and apply for others separately.",
        )
        found.append(NoticeItem(code="matters-changed", text=text))
    return found


def _commitment_closed(matter: Matter, rights: Privileges) -> NoticeItem:
    if not matter.takes_commitment:
        why = Text(zh="该事项不适用告知承诺", en="this matter is not open to commitment")
    else:
        why = rights.why
    text = Text(
        zh=f"“{matter.name.zh}”不能以承诺办理（{why.zh.rstrip('。')}）；请从承诺中删去该事项，并提交其材料。",
        en=f"{matter.name.en} cannot be done by commitment ({why.en.rstrip('.')}). "
        "Remove it from the commitments and hand in its materials.",
    )
    return NoticeItem(code="commitment-not-open", text=text, matter=matter.code)


def _deficiencies(
    code: Code, need: Need, finding: Finding | None, manifest: Manifest, rights: Privileges
) -> list[NoticeItem]:
    """What is wrong with one material, in words; and, where it may be promised, that it may."""
    name = need.material.name
    kind: Literal["main", "promisable", "closed", "other"] = "main" if need.main else "other"
    if need.tolerable and rights.tolerance:
        kind = "promisable"
    elif need.tolerable and code in manifest.promises:
        kind = "closed"
    hint = {
        "main": Text(
            zh="主要材料不得容缺，请上传。"
            if code not in manifest.promises
            else "主要材料不得容缺，承诺后补无效，请上传。",
            en="A main material cannot follow later; upload it.",
        ),
        "promisable": Text(zh="请上传，或承诺容缺后补。", en="Upload it, or promise to hand it in later."),
        "closed": Text(zh=f"{rights.why.zh}请上传。", en=f"{rights.why.en} Upload it."),
        "other": Text(zh="请上传。", en="Upload it."),
    }[kind]
    if finding is None:
        text = Text(zh=f"缺少“{name.zh}”。{hint.zh}", en=f"{name.en} is missing. {hint.en}")
        return [NoticeItem(code="material-missing", text=text, slot=code)]
    return [
        NoticeItem(
            code=reason.code,
            text=Text(zh=f"“{name.zh}”：{reason.text.zh}", en=f"{name.en}: {reason.text.en}"),
            slot=code,
        )
        for reason in finding.reasons
        if reason.deficient
    ]
