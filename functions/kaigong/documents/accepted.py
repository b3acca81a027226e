"""What an applicant is given at acceptance: receipt, notice of tolerated gaps, commitments and form as accepted.

Sources: 行政许可法 §32 (a written receipt); mission 5, 6 and 8.
"""

from collections.abc import Iterator

from kaigong.domain.flow import delivery
from kaigong.domain.intake import letter
from kaigong.domain.model.catalogue import Code
from kaigong.domain.model.clock import Due
from kaigong.domain.model.documents import DocumentKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import Commitment, Gap, Packet, Paper
from kaigong.domain.model.text import Text
from kaigong.domain.words import clock, names
from kaigong.domain.words import documents as words
from kaigong.domain.words import letter as letter_words

from .about import About
from .parts import Document, Facts, Heading, Part, Points, Prose, Table, facts, same


def receipt(packet: Packet, about: About) -> Document:
    """项目受理单: what was applied for, what came, and where to look how it stands."""
    header, catalogue = about.header, about.catalogue
    parts: list[Part] = [
        Prose(text=words.receipt(header.enterprise.name, header.project.name)),
        facts(
            (
                *about.applicant(),
                (words.PROCESS, name_of(catalogue.processes, header.process)),
                (words.CHANNEL, names.CHANNELS[header.channel]),
                (words.SUBMITTED, clock.moment(about.local(header.submitted_at))),
                (words.ACCEPTED_AT, clock.moment(about.accepted_at)),
            )
        ),
        Heading(text=words.MATTERS),
        _matters(packet, about),
    ]
    if papers := papers_at_acceptance(packet, about):
        parts += [Heading(text=words.MATERIALS), _papers(papers, about)]
    if gaps := gaps_at_acceptance(packet, about):
        parts += [Heading(text=words.GAPS), _gaps(gaps, about)]
    parts.append(Prose(text=words.WATCH))
    return about.document(DocumentKind.RECEIPT, about.accepted_at, parts)


def gap_notice(packet: Packet, about: About) -> Document:
    """容缺受理告知书: what is still missing, until when it follows, and what comes of a late one."""
    header = about.header
    parts = (
        Prose(text=words.gap_notice(header.enterprise.name, header.project.name)),
        facts(about.applicant()),
        Heading(text=words.GAPS),
        _gaps(gaps_at_acceptance(packet, about), about),
        Prose(text=words.GAP_CONSEQUENCE),
    )
    return about.document(DocumentKind.GAP_NOTICE, about.accepted_at, parts)


def form(packet: Packet, about: About) -> Document:
    """申请表: the form as it was filled in as data."""
    rows = []
    for field in delivery.filled(packet, about.catalogue, *packet.routes):
        unit = field.unit
        name = Text(zh=f"{field.name.zh}（{unit.zh}）", en=f"{field.name.en} ({unit.en})") if unit else field.name
        rows.append((name, field.text or same(field.value)))
    parts: list[Part] = [
        Prose(text=words.form(packet.packet)),
        facts((*about.applicant(), (words.PROCESS, name_of(about.catalogue.processes, about.header.process)))),
        Heading(text=words.MATTERS),
        _matters(packet, about),
        Heading(text=words.FORM_VALUE),
        Table(columns=(words.FORM_FIELD, words.FORM_VALUE), widths=(1, 2), rows=tuple(rows)),
        Prose(text=words.FORM_ANSWERED_FOR),
    ]
    return about.document(DocumentKind.FORM, about.accepted_at, parts, look="plain")


def commitment(packet: Packet, matter: Code, about: About) -> Document:
    """告知承诺书: the letter as it was accepted, and who signed it, when and how."""
    made, entry, header = packet.commitments[matter], about.catalogue.matters[matter], about.header
    read = letter.in_force(entry, about.catalogue, header.enterprise, header.project)
    parts: list[Part] = [Prose(text=words.accepted_letter(packet.packet))]
    if read is not None and read.sha256 == made.sha256:  # by its hash: another text is not what was signed
        for place, section in enumerate(read.sections[:-1]):  # the last one is the place to sign, which is the record
            parts += [
                Heading(text=letter_words.numbered(place, section.heading)),
                Points(points=section.points, numbered=section.numbered),
            ]
    else:
        parts.append(facts((*about.applicant(), (words.MATTER, entry.name))))
    parts += [Heading(text=words.SIGNATURE), _signed(made, about)]
    title = letter_words.title(entry.name)
    return about.document(DocumentKind.LETTER, about.accepted_at, parts, subject=matter, title=title, look="plain")


def papers_at_acceptance(packet: Packet, about: About) -> dict[Code, tuple[Paper, ...]]:
    """The papers as they were then: what a correction replaced since stands here as it was, and what followed does
    not.
    """
    found = dict(packet.papers.by_slot)
    for _, replaced in sorted(packet.replaced.items(), reverse=True):
        if replaced.at > about.accepted_at:
            by_slot: dict[Code, list[Paper]] = {}
            for entry in replaced.papers:
                by_slot.setdefault(entry.paper.slot, []).append(entry.paper)
            found |= {slot: tuple(papers) for slot, papers in by_slot.items()}
    late = gaps_at_acceptance(packet, about)
    return {slot: papers for slot, papers in found.items() if slot not in late}


def gaps_at_acceptance(packet: Packet, about: About) -> dict[Code, Gap]:
    return {slot: gap for slot, gap in packet.gaps.items() if gap.promised_at <= about.accepted_at}


def _matters(packet: Packet, about: About) -> Table:
    catalogue = about.catalogue
    rows = (
        (
            same(str(place)),
            catalogue.matters[code].name,
            name_of(catalogue.departments, catalogue.matters[code].department),
            names.ROUTES[route],
        )
        for place, (code, route) in enumerate(packet.routes.items(), start=1)
    )
    columns = (words.PLACE, words.MATTER, words.DEPARTMENT, words.ROUTE)
    return Table(columns=columns, widths=(0, 5, 4, 2), rows=tuple(rows))


def _papers(papers: dict[Code, tuple[Paper, ...]], about: About) -> Table:
    rows = (
        (same(str(place)), name_of(about.catalogue.materials, slot), same(str(len(files))))
        for place, (slot, files) in enumerate(papers.items(), start=1)
    )
    return Table(columns=(words.PLACE, words.MATERIAL, words.FILES), widths=(0, 8, 1), rows=tuple(rows))


def _gaps(gaps: dict[Code, Gap], about: About) -> Table:
    catalogue = about.catalogue
    rows = (
        (
            name_of(catalogue.materials, gap.slot),
            joined(name_of(catalogue.matters, matter) for matter in gap.matters),
            clock.spelled(Due(at=about.local(gap.due.at), certain=gap.due.certain)),
        )
        for gap in gaps.values()
    )
    return Table(columns=(words.MATERIAL, words.ABOUT, words.DUE), widths=(3, 4, 3), rows=tuple(rows))


def _signed(made: Commitment, about: About) -> Facts:
    def rows() -> Iterator[tuple[Text, Text | None]]:
        yield words.SIGNER, same(made.signer.name) if made.signer else None
        role = made.signer.role if made.signer else None
        yield words.SIGNED_AS, names.ROLES[role] if role else names.NO_ROLE
        yield words.SIGNED_AT, clock.moment(about.local(made.accepted_at))
        yield words.SIGNING, names.SIGNATURE_LEVELS[made.level]
        yield words.TEXT_HASH, same(made.sha256) if made.sha256 else None

    return facts(rows())
