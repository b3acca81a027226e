"""Whether a manifest is an application at all. What is wrong with it is told in one written refusal.

A refusal here is about the manifest itself; what is wrong with the *papers* is said at acceptance, in the notice.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from pydantic import ValidationError

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.packet import Awaited, RefusalReason, Stored

SAME_SECOND = 5  # choice
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
MOST_REASONS = 50  # choice: what is wrong fifty times is wrong in one way


def read(content: bytes) -> tuple[Manifest | None, tuple[RefusalReason, ...]]:
    """The manifest in a file, or why there is none in it: its encoding, its JSON, its fields.

    JSON is UTF-8 (RFC 8259 §8.1); the mark that some editors put before it is passed over.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is None or "\0" in text:  # UTF-16 of Latin letters is UTF-8 as well, every second character of it a zero
        return None, (RefusalReason(code="manifest-encoding", text=words.application.encoded(_encoding(content))),)
    try:
        json.loads(text, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        line, column = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
        told = words.application.no_json(line, column, text.strip() == "")
        return None, (RefusalReason(code="manifest-not-json", where=f"{line}:{column}", text=told),)
    try:
        return Manifest.model_validate_json(text), ()
    except ValidationError as error:
        return None, _schema_reasons(error)


def _encoding(content: bytes) -> str:
    """The encoding that a text which is not UTF-8 seems to be in; empty where that cannot be said."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:200]:
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK"


def _not_json(constant: str) -> object:
    raise ValueError(constant)  # NaN and its like, which Python would take


def _schema_reasons(error: ValidationError) -> tuple[RefusalReason, ...]:
    """What breaks the schema, field by field. The values themselves are not repeated: they may be personal."""
    return tuple(
        RefusalReason(
            code="manifest-schema",
            where=".".join(str(part) for part in item["loc"]),
            text=words.application.breaks_the_schema(item["type"], item["msg"]),
        )
        for item in error.errors(include_url=False, include_input=False)[:MOST_REASONS]
    )


def check(
    manifest: Manifest, packet: str, catalogue: Catalogue, stored: Iterable[Stored]
) -> tuple[tuple[Awaited, ...], tuple[RefusalReason, ...]]:
    """The uploads that the manifest counts on, and everything that keeps it from being an application."""
    reasons: list[RefusalReason] = []
    if manifest.packet != packet:
        text = words.application.another_packet(packet)
        reasons.append(RefusalReason(code="packet-mismatch", where="packet", text=text))
    reasons += _unknown_codes(manifest, catalogue)
    lying = {(s.slot, s.upload, s.name): s for s in stored}
    listed = _newest(lying) if manifest.files is None else [(f.slot, f.upload, f.name) for f in manifest.files]
    awaited = []
    for index, place in enumerate(listed):
        slot, upload, name = place
        where = f"files.{index}"
        if slot not in catalogue.slots:
            text = words.application.unknown_slot(slot)
            reasons.append(RefusalReason(code="unknown-slot", where=where, text=text))
        elif place not in lying:
            text = words.application.file_missing(slot, upload, name)
            reasons.append(RefusalReason(code="file-missing", where=where, text=text))
        else:
            awaited.append(Awaited(slot=slot, mark=lying[place].mark))
    if len(reasons) > MOST_REASONS:
        left = words.application.more(len(reasons) - MOST_REASONS)
        reasons = [*reasons[:MOST_REASONS], RefusalReason(code="more", text=left)]
    return tuple(awaited), tuple(reasons)


def _newest(lying: Mapping[tuple[str, str, str], Stored]) -> list[tuple[str, str, str]]:
    """The places of the newest files of each slot: of those that came within the same second, by which storage tells
    them apart, the first few.
    """
    by_slot: dict[str, list[tuple[str, str, str]]] = {}
    for place in sorted(lying):
        by_slot.setdefault(place[0], []).append(place)
    found = []
    for places in by_slot.values():
        last = max(lying[place].at or _LONG_AGO for place in places)
        found += [place for place in places if (lying[place].at or _LONG_AGO) == last][:SAME_SECOND]
    return found


def _unknown_codes(manifest: Manifest, catalogue: Catalogue) -> list[RefusalReason]:
    reasons = []
    process = catalogue.processes.get(manifest.process)
    if process is None:
        text = words.application.unknown_process(manifest.process, catalogue.processes)
        reasons.append(RefusalReason(code="unknown-process", where="process", text=text))
    for index, matter in enumerate(manifest.matters):
        if matter not in catalogue.matters:
            text = words.application.unknown_matter(matter)
            reasons.append(RefusalReason(code="unknown-matter", where=f"matters.{index}", text=text))
        elif process is not None and matter not in process.matters:
            text = words.application.not_in_process(matter, manifest.process)
            reasons.append(RefusalReason(code="matter-not-in-process", where=f"matters.{index}", text=text))
    for field, codes, known in _references(manifest, catalogue):
        for index, code in enumerate(codes):
            if code not in known:
                text = words.application.refers_to_nothing(code, field)
                name = "unknown-slot" if field == "promises" else "unknown-matter"
                reasons.append(RefusalReason(code=name, where=f"{field}.{index}", text=text))
    duplicates = {m for m in manifest.matters if manifest.matters.count(m) > 1}
    for matter in sorted(duplicates):
        text = words.application.listed_twice(matter)
        reasons.append(RefusalReason(code="duplicate-matter", where="matters", text=text))
    signed = [letter.matter for letter in manifest.letters]
    for matter in sorted({m for m in signed if signed.count(m) > 1}):
        text = words.application.signed_twice(matter)
        reasons.append(RefusalReason(code="duplicate-letter", where="letters", text=text))
    return reasons


def _references(
    manifest: Manifest, catalogue: Catalogue
) -> Iterable[tuple[str, tuple[str, ...], Mapping[str, object] | frozenset[str]]]:
    yield "promises", manifest.promises, catalogue.slots
    yield "commitments", manifest.commitments, frozenset(manifest.matters)
    yield "letters", tuple(letter.matter for letter in manifest.letters), frozenset(manifest.commitments)
