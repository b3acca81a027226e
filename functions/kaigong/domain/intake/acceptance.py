"""Whether a submission can be accepted, and if not, everything that is wrong with it, at once.

Sources: mission 5 (告知承诺: a commitment replaces the papers), 6 (容缺受理: a missing main paper is never
tolerated), 7 (一次性告知: one notice), 行政许可法 §32.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from kaigong.domain import words
from kaigong.domain.model.arrivals import Examined, Submission
from kaigong.domain.model.catalogue import Catalogue, Code, Material, Matter, Route, Source
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.manifest import Author, Enterprise, Manifest
from kaigong.domain.model.packet import Commitment, NoticeItem, Packet, Paper
from kaigong.domain.model.text import Model, Text

from . import form, signing
from .finding import Finding, Reason, SlotFinding, judge_all, worst
from .intermediaries import judged
from .privileges import Privileges
from .routes import closed


class Need(Model):
    """One material that a submission must bring, and for which matters."""

    material: Material
    matters: tuple[Code, ...]
    main: bool  # main for at least one of these matters
    tolerable: bool  # non-main everywhere, and every matter that asks for it tolerates gaps


class Assessment(Model):
    """What acceptance found. It can be accepted when `deficiencies` is empty."""

    routes: dict[Code, Route]
    papers: dict[Code, tuple[Paper, ...]]
    form: form.Looked
    gaps: dict[Code, tuple[Code, ...]]  # slot: the matters that wait for it
    commitments: dict[Code, Commitment]
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


def wanted(
    matters: list[Matter], catalogue: Catalogue, results: Collection[Code], handed_in: Collection[Code]
) -> dict[Code, Need]:
    """Of the materials of these matters those that must be there: not the certificate of a matter among `results`, for
    it is approved, or decided first. Where one came all the same it is read.
    """
    return {
        code: need
        for code, need in needs(matters, catalogue).items()
        if code in handed_in or need.material.result_of not in results
    }


def taken(
    uploads: Sequence[Examined],
    finding: SlotFinding,
    round_: int,
    before: Sequence[Paper] = (),
    author: Author | None = None,
) -> tuple[Paper, ...]:
    """Uploads as papers of the packet. Of those that were among the papers `before` the round stays; `author` is the
    intermediary that is said to have drawn them up.
    """
    came = {paper.mark: paper.round for paper in before}
    return tuple(
        Paper(
            slot=upload.slot,
            key=upload.key,
            version=upload.version,
            mark=upload.mark,
            size=upload.size,
            sha256=upload.sha256,
            round=came.get(upload.mark, round_),
            verdict=worst(reasons).value,
            reasons=tuple((reason.code, reason.text) for reason in reasons),
            uploaded_at=upload.uploaded_at,
            author=author,
        )
        for upload, reasons in zip(uploads, _reasons(finding), strict=True)
    )


def _reasons(finding: SlotFinding) -> Iterator[tuple[Reason, ...]]:
    """The reasons of each file; what is said of their author goes with the first."""
    for number, found in enumerate(finding.files):
        yield found.reasons if number else (*found.reasons, *finding.author)


def assess(
    packet: Packet,
    submission: Submission,
    catalogue: Catalogue,
    rights: Privileges,
    round_: int,
    today: date,
    approved: Collection[Code] = (),
) -> Assessment:
    """Every material of the submission against the catalogue's rules. Nothing is left for a second notice.

    `today`: by which qualifications of intermediaries hold; `approved`: matters that the project has the approval of.
    """
    manifest, handed = submission.manifest, packet.handed_in(submission, catalogue)
    deficiencies = changed_application(packet, manifest)
    routes: dict[Code, Route] = {}
    on_paper: list[Matter] = []
    committed: list[Matter] = []
    for code in manifest.matters:
        matter = catalogue.matters[code]
        why = closed(matter, Route.COMMITMENT, rights)
        if code not in manifest.commitments:
            routes[code] = Route.APPROVAL
            on_paper.append(matter)
        elif why is None:
            routes[code] = Route.COMMITMENT
            committed.append(matter)
        else:
            text = words.acceptance.commitment_closed(matter.name, why)
            deficiencies.append(NoticeItem(code="commitment-not-open", text=text, matter=code))
            on_paper.append(matter)  # so that this notice, not a second one, says which of its materials are missing

    filled = form.applied(manifest.form, manifest.matters, [matter.code for matter in committed], catalogue)
    deficiencies.extend(form_deficiencies(filled))
    papers: dict[Code, tuple[Paper, ...]] = {}
    gaps: dict[Code, tuple[Code, ...]] = {}
    for code, need in wanted(on_paper, catalogue, {*approved, *manifest.matters}, handed).items():
        files = handed.get(code, ())
        author = manifest.author(code) if need.material.drawn_up_by else None
        beside, listed = sum(map(len, papers.values())), catalogue.intermediaries
        finding = (
            judged(files, need.material, manifest.enterprise, author, listed, today, beside=beside) if files else None
        )
        barred = None if need.main else gap_closed(need, catalogue, rights)
        if finding and finding.verdict is not Verdict.DEFICIENT:
            papers[code] = taken(files, finding, round_, author=author)
        elif need.material.by_form and filled.complete:
            continue
        elif code in manifest.promises and not need.main and barred is None:
            gaps[code] = need.matters
        else:
            deficiencies.extend(_deficiencies(code, need, finding, manifest, barred, filled))
    for waiting in gaps.values():
        routes.update(dict.fromkeys(waiting, Route.TOLERATED))

    letters = _uploaded_letters(handed, manifest.enterprise, catalogue)
    usable = letters is not None and letters[1].verdict is not Verdict.DEFICIENT
    signed = signing.read(committed, submission, catalogue, packet.signatures, uploaded=usable)
    deficiencies.extend(signed.deficiencies)
    if letters and not signed.electronic:  # a signed paper counts where the manifest does not say it all
        files, finding = letters
        slot = files[0].slot
        if usable:
            papers[slot] = taken(files, finding, round_)
        else:
            deficiencies.extend(_wrong(slot, catalogue.materials[slot], finding))
    return Assessment(
        routes=routes,
        papers=papers,
        form=filled,
        gaps=gaps,
        commitments=signed.commitments,
        deficiencies=tuple(deficiencies),
    )


def _uploaded_letters(
    handed: Mapping[Code, tuple[Examined, ...]], enterprise: Enterprise, catalogue: Catalogue
) -> tuple[tuple[Examined, ...], SlotFinding] | None:
    """The signed letters that were handed in on paper, and what they are worth."""
    for code, files in handed.items():
        material = catalogue.materials.get(code)
        if material and material.letters:
            return files, judge_all(files, material, enterprise)
    return None


def changed_application(packet: Packet, manifest: Manifest) -> list[NoticeItem]:
    """What a later manifest must not change: the applicant never, the matters not after acceptance."""
    before, found = packet.header, []
    if before is None:
        return []
    if before.enterprise.uscc != manifest.enterprise.uscc:
        found.append(NoticeItem(code="applicant-changed", text=words.acceptance.APPLICANT_CHANGED))
    if before.accepted_at and set(packet.routes) != set(manifest.matters):
        found.append(NoticeItem(code="matters-changed", text=words.acceptance.MATTERS_CHANGED))
    return found


def gap_closed(need: Need, catalogue: Catalogue, rights: Privileges) -> Text | None:
    """Why a non-main paper may not follow later, by the first matter that says so; None: it may."""
    for code in need.matters:
        matter = catalogue.matters[code]
        why = closed(matter, Route.TOLERATED, rights)
        if why is not None:
            return words.acceptance.gap_closed(matter.name, why)
    return None


def form_deficiencies(filled: form.Looked) -> list[NoticeItem]:
    """What is wrong with the values of the form, whether the paper came or not: nobody shall review what cannot be."""
    return [NoticeItem(code=found.code, text=found.text, field=found.field) for found in filled.wrong]


def form_missing(material: Material, filled: form.Looked) -> NoticeItem | None:
    """What is missing on the form that was to take the place of the paper; None: nothing is, or none was begun."""
    if not filled.begun or not filled.missing:
        return None
    text = words.form.incomplete(material.name, filled.missing)
    return NoticeItem(code="form-incomplete", text=text, slot=material.code, field=filled.missing[0].code)


def _deficiencies(
    code: Code, need: Need, finding: Finding | None, manifest: Manifest, barred: Text | None, filled: form.Looked
) -> list[NoticeItem]:
    """What is wrong with one material, in words; and, where it may be promised, that it may."""
    unfilled = form_missing(need.material, filled) if need.material.by_form else None
    if finding is not None:
        return [*_wrong(code, need.material, finding), *([unfilled] if unfilled else [])]
    if need.material.by_form and filled.begun:
        return [unfilled] if unfilled else []  # else what is wrong with its values is told already
    if need.material.by_form and filled.asked:
        return [NoticeItem(code="material-missing", text=words.form.main_missing(need.material.name), slot=code)]
    text = _missing(need, code in manifest.promises, barred)
    return [NoticeItem(code="material-missing", text=text, slot=code)]


def _missing(need: Need, promised: bool, barred: Text | None) -> Text:
    name = need.material.name
    if need.main:
        return words.acceptance.main_missing(name, promised=promised)
    if barred is None:
        return words.acceptance.missing(name)
    return words.acceptance.promise_void(name, barred) if promised else words.acceptance.missing_now(name)


def _wrong(code: Code, material: Material, finding: Finding) -> list[NoticeItem]:
    """What is wrong with a paper that came."""
    return [
        NoticeItem(code=reason.code, text=words.acceptance.unusable(material.name, reason.text), slot=code)
        for reason in finding.reasons
        if reason.deficient
    ]
