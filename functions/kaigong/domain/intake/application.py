"""Whether a manifest is an application at all. What is wrong with it is told in one written refusal.

A refusal here is about the manifest itself; what is wrong with the *papers* is said at acceptance, in the notice.
"""

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.packet import Awaited, RefusalReason, Stored
from kaigong.domain.model.text import Text


def schema_reasons(error: ValidationError) -> tuple[RefusalReason, ...]:
    """What breaks the schema, field by field. The values themselves are not repeated: they may be personal."""
    return tuple(
        RefusalReason(
            code="manifest-schema" if item["type"] != "json_invalid" else "manifest-not-json",
            where=".".join(str(part) for part in item["loc"]),
            text=Text(
                zh=f"manifest.json 不符合格式（{item['type']}）。请按 schemas/manifest.json 修改后重新上传。",
                en=f"{item['msg']}. Correct it by schemas/manifest.json and upload it again.",
            ),
        )
        for item in error.errors(include_url=False, include_input=False)[:50]
    )


def _reason(code: str, where: str, zh: str, en: str) -> RefusalReason:
    return RefusalReason(code=code, where=where, text=Text(zh=zh, en=en))


def check(
    manifest: Manifest, packet: str, catalogue: Catalogue, stored: Iterable[Stored]
) -> tuple[tuple[Awaited, ...], tuple[RefusalReason, ...]]:
    """The uploads that the manifest counts on, and everything that keeps it from being an application."""
    reasons: list[RefusalReason] = []
    if manifest.packet != packet:
        reasons.append(
            _reason(
                "packet-mismatch",
                "packet",
                f"清单中的材料包编号与存放位置不一致：应为 {packet}。",
                f"The manifest names another packet than the folder it lies in; write {packet}.",
            )
        )
    reasons += _unknown_codes(manifest, catalogue)
    lying = {(s.slot, s.upload, s.name): s for s in stored}
    listed = list(lying) if manifest.files is None else [(f.slot, f.upload, f.name) for f in manifest.files]
    awaited = []
    for index, place in enumerate(listed):
        slot, upload, name = place
        where = f"files.{index}"
        if slot not in catalogue.slots:
            zh = f"目录中没有材料“{slot}”。请按办事指南核对材料代码。"
            reasons.append(
                _reason("unknown-slot", where, zh, f"There is no material {slot!r}; see the guide for the codes.")
            )
        elif place not in lying:
            zh = f"清单列出的文件不存在：{slot}/{upload}/{name}。请先上传文件，再上传 manifest.json。"
            en = f"A listed file never came: {slot}/{upload}/{name}. Upload the files first, then manifest.json."
            reasons.append(_reason("file-missing", where, zh, en))
        else:
            awaited.append(Awaited(slot=slot, mark=lying[place].mark))
    return tuple(awaited), tuple(reasons)


def _unknown_codes(manifest: Manifest, catalogue: Catalogue) -> list[RefusalReason]:
    reasons = []
    process = catalogue.processes.get(manifest.process)
    if process is None:
        zh = f"没有办理流程“{manifest.process}”，可选：{'、'.join(catalogue.processes)}。"
        en = f"There is no process {manifest.process!r}; choose one of {', '.join(catalogue.processes)}."
        reasons.append(_reason("unknown-process", "process", zh, en))
    for index, matter in enumerate(manifest.matters):
        if matter not in catalogue.matters:
            zh = f"目录中没有事项“{matter}”。请按办事指南核对事项代码。"
            en = f"There is no matter {matter!r}; see the guide for the codes."
            reasons.append(_reason("unknown-matter", f"matters.{index}", zh, en))
        elif process is not None and matter not in process.matters:
            zh = f"事项“{matter}”不属于流程“{manifest.process}”。"
            en = f"Matter {matter!r} does not belong to process {manifest.process!r}; apply for it separately."
            reasons.append(_reason("matter-not-in-process", f"matters.{index}", zh, en))
    for field, codes, known in _references(manifest, catalogue):
        for index, code in enumerate(codes):
            if code not in known:
                zh = f"“{code}”不在可引用的范围内，请核对。"
                en = f"{code!r} in {field} names nothing that this application has; correct or remove it."
                name = "unknown-slot" if field == "promises" else "unknown-matter"
                reasons.append(_reason(name, f"{field}.{index}", zh, en))
    duplicates = {m for m in manifest.matters if manifest.matters.count(m) > 1}
    for matter in sorted(duplicates):
        zh, en = f"事项“{matter}”重复列出。", f"Matter {matter!r} is listed twice; list it once."
        reasons.append(_reason("duplicate-matter", "matters", zh, en))
    signed = [letter.matter for letter in manifest.letters]
    for matter in sorted({m for m in signed if signed.count(m) > 1}):
        zh = f"事项“{matter}”的告知承诺书签署了两次，请只保留一次。"
        en = f"The letter of matter {matter!r} is accepted twice; keep one acceptance."
        reasons.append(_reason("duplicate-letter", "letters", zh, en))
    return reasons


def _references(
    manifest: Manifest, catalogue: Catalogue
) -> Iterable[tuple[str, tuple[str, ...], Mapping[str, object] | frozenset[str]]]:
    yield "promises", manifest.promises, catalogue.slots
    yield "commitments", manifest.commitments, frozenset(manifest.matters)
    yield "letters", tuple(letter.matter for letter in manifest.letters), frozenset(manifest.commitments)
