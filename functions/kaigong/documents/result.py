"""The documents at the end: the joint result, a certificate for each matter that was approved, a refusal for others.

All of them say what `joint-result.json` says, which was issued before; they are made from it and from nothing that may
have changed since. Sources: 行政许可法 §38 (reasons, remedies) and §39 (certificates); mission 10 and 14.
"""

from collections.abc import Iterator

from kaigong.domain.flow.result import APPROVALS, CommitmentEntry, JointResultDocument, MatterEntry
from kaigong.domain.intake import prerequisites
from kaigong.domain.model.documents import DocumentKind
from kaigong.domain.model.manifest import Project
from kaigong.domain.model.messages import DecisionReason
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.text import Text
from kaigong.domain.words import clock, names
from kaigong.domain.words import documents as words

from .about import About
from .parts import Document, Facts, Heading, Part, Points, Prose, Table, facts, same


def joint_result(issued: bytes, about: About) -> Document:
    """联合审批结果: the whole, every matter in a row, then a sheet for each. `issued`: joint-result.json, attached."""
    said = JointResultDocument.model_validate_json(issued)
    parts: list[Part] = [
        Prose(text=words.result(said.enterprise.name, said.project.name, said.outcome)),
        facts(
            (
                *_applicant(said, words.ENTERPRISE),
                (words.WHOLE, said.outcome),
                (words.DECIDED_AT, clock.moment(about.local(said.decided_at))),
                (words.CHANNEL, names.CHANNELS[said.channel]),
            )
        ),
        Heading(text=words.SUMMARY),
        Table(
            columns=(words.PLACE, words.MATTER, words.DEPARTMENT, words.OUTCOME),
            widths=(0, 5, 4, 3),
            rows=tuple(
                (same(str(place)), entry.name, entry.department, entry.outcome)
                for place, entry in enumerate(said.matters, start=1)
            ),
        ),
    ]
    if said.gaps:
        parts += [Heading(text=words.GAPS), _gaps(said, about)]
    if said.commitments:
        parts += [Heading(text=words.COMMITMENTS), _commitments(said.commitments, about)]
    if said.papers:
        rows = ((same(str(n)), p.name, same(str(len(p.files)))) for n, p in enumerate(said.papers, start=1))
        columns = (words.PLACE, words.MATERIAL, words.FILES)
        parts += [Heading(text=words.MATERIALS), Table(columns=columns, widths=(0, 8, 1), rows=tuple(rows))]
    for place, entry in enumerate(said.matters, start=1):
        name = Text(zh=f"{place}. {entry.name.zh}", en=f"{place}. {entry.name.en}")
        parts += [Heading(text=name, page=True), _matter(entry, about), *_ground(entry, about)]
    parts += [Heading(text=words.DATA), Prose(text=words.ATTACHED)]
    return about.document(DocumentKind.RESULT, said.decided_at, parts, attachment=issued)


def certificate(said: JointResultDocument, entry: MatterEntry, about: About) -> Document:
    """What a matter that was approved is shown by: who may do what, on which conditions, how long."""
    known = about.catalogue.matters.get(entry.matter)
    title = known.certificate if known and known.certificate else words.KINDS[DocumentKind.CERTIFICATE]
    parts: list[Part] = [
        Prose(text=words.granted(said.enterprise.name, entry.name, entry.department)),
        facts(
            (
                *_applicant(said, words.HOLDER),
                (words.MATTER, entry.name),
                (words.MATTER_NUMBER, same(entry.number)),
                (words.BASIS, known.basis if known else None),
                (words.ROUTE, names.ROUTES[entry.route]),
                (words.DECIDED_ON, clock.day(about.local(entry.decided_at))),
                (words.VALIDITY, _validity(entry, about)),
            )
        ),
        Heading(text=words.CONDITIONS),
        *_conditions(entry),
    ]
    if entry.open_gaps:
        waiting = joined(name_of(about.catalogue.materials, slot) for slot in entry.open_gaps)
        parts.append(Prose(text=words.with_gaps(waiting)))
    return about.document(
        DocumentKind.CERTIFICATE,
        entry.decided_at,
        parts,
        subject=entry.matter,
        number=words.number(said.packet, DocumentKind.CERTIFICATE, entry.number),
        title=title,
        signed=entry.department,
        look="certificate",
    )


def refusal(said: JointResultDocument, entry: MatterEntry, about: About) -> Document:
    """A matter that was not approved, or whose approval was taken back before the end: reasons, basis, remedies."""
    name = said.enterprise.name
    if entry.code is ResultCode.NOT_APPROVED:
        opening = words.refused(name, entry.name, entry.department)
    else:
        opening = words.taken_back(name, entry.name, entry.department, entry.outcome)
    parts: list[Part] = [
        Prose(text=opening),
        facts(_applicant(said, words.ENTERPRISE)),
        Heading(text=words.REASONS),
        _reasons(entry.reasons),
    ]
    if entry.remedy:
        parts += [Heading(text=words.REMEDIES), Prose(text=entry.remedy)]
    return about.document(
        DocumentKind.REFUSAL,
        entry.decided_at,
        parts,
        subject=entry.matter,
        number=words.number(said.packet, DocumentKind.REFUSAL, entry.number),
        title=words.ENDINGS[entry.code],
        signed=entry.department,
    )


def of_matter(said: JointResultDocument, entry: MatterEntry, about: About) -> Document:
    """A matter's own document, as its outcome has it."""
    return certificate(said, entry, about) if entry.code in APPROVALS else refusal(said, entry, about)


def _applicant(said: JointResultDocument, label: Text) -> Iterator[tuple[Text, Text | None]]:
    project: Project = said.project
    yield label, same(said.enterprise.name)
    yield words.USCC, same(said.enterprise.uscc)
    yield words.PROJECT, same(project.name)
    yield words.PROJECT_CODE, same(project.code) if project.code else words.NO_CODE
    yield words.SITE, same(project.address) if project.address else None
    yield words.PACKET, same(said.packet)


def _matter(entry: MatterEntry, about: About) -> Facts:
    known = about.catalogue.matters.get(entry.matter)
    route = names.ROUTES[entry.route]
    by_rules = Text(zh=f"{route.zh}（{words.BY_RULES.zh}）", en=f"{route.en} ({words.BY_RULES.en})")
    return facts(
        (
            (words.OUTCOME, entry.outcome),
            (words.DEPARTMENT, entry.department),
            (words.MATTER_NUMBER, same(entry.number)),
            (words.ROUTE, by_rules if entry.by_rules else route),
            (words.DECIDED_AT, clock.moment(about.local(entry.decided_at))),
            (words.BASIS, known.basis if known else None),
            (words.DOCUMENT, known.certificate if known and entry.code in APPROVALS else None),
            (words.VALIDITY, _validity(entry, about) if entry.code in APPROVALS else None),
        )
    )


def _ground(entry: MatterEntry, about: About) -> Iterator[Part]:
    """Conditions of an approval; reasons and remedies of a refusal."""
    if entry.code in APPROVALS:
        yield Heading(text=words.CONDITIONS, level=2)
        yield from _conditions(entry)
        if entry.open_gaps:
            waiting = joined(name_of(about.catalogue.materials, slot) for slot in entry.open_gaps)
            yield Prose(text=words.with_gaps(waiting))
        return
    yield Heading(text=words.REASONS, level=2)
    yield _reasons(entry.reasons)
    if entry.remedy:
        yield Heading(text=words.REMEDIES, level=2)
        yield Prose(text=entry.remedy)


def _conditions(entry: MatterEntry) -> Iterator[Part]:
    if entry.conditions:
        yield Points(points=tuple(map(same, entry.conditions)))
    else:
        yield Prose(text=words.NO_CONDITIONS)


def _reasons(reasons: tuple[DecisionReason, ...]) -> Part:
    said = (
        Text(zh=f"{r.text}（{r.basis}）", en=f"{r.text}（{r.basis}）") if r.basis else same(r.text) for r in reasons
    )
    found = tuple(said)
    return Points(points=found) if found else Prose(text=words.NO_REASON)


def _validity(entry: MatterEntry, about: About) -> Text:
    until = prerequisites.end_of_term(entry.matter, entry.decided_at, about.catalogue, about.zone)
    return words.valid(about.local(entry.decided_at), until) if until else words.UNTIL_CHANGED


def _gaps(said: JointResultDocument, about: About) -> Table:
    rows = (
        (
            gap.name,
            joined(name_of(about.catalogue.matters, matter) for matter in gap.matters),
            clock.moment(about.local(gap.due)),
        )
        for gap in said.gaps
    )
    return Table(columns=(words.MATERIAL, words.ABOUT, words.DUE), widths=(3, 4, 3), rows=tuple(rows))


def _commitments(made: tuple[CommitmentEntry, ...], about: About) -> Table:
    rows = (
        (
            entry.name,
            same(entry.signer.name if entry.signer else ""),
            names.SIGNATURE_LEVELS[entry.level],
            clock.moment(about.local(entry.accepted_at)),
        )
        for entry in made
    )
    columns = (words.MATTER, words.SIGNER, words.SIGNING, words.SIGNED_AT)
    return Table(columns=columns, widths=(4, 3, 4, 3), rows=tuple(rows))
