"""What the matters of an application rest on beyond it: earlier results of the project; and what is applied for twice.

A prerequisite is met where it is applied for in the same packet (its review comes first), where the project has its
approval, or where its certificate is handed in. Where it is not, the matter's catalogue entry says whether the
application is returned or people are told (`Absence`). Only results of the same enterprise count, and what the window
put on record: whoever names a project's code shall not build on what others got for it.

Sources: mission 1 and 9; for each matter the law of its entry.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, time, tzinfo

from kaigong.domain import words
from kaigong.domain.model.catalogue import Absence, Catalogue, Code, Matter, Source
from kaigong.domain.model.manifest import Manifest
from kaigong.domain.model.naming import name_of
from kaigong.domain.model.packet import Caution, NoticeItem, Prior
from kaigong.domain.model.standing import ProjectStanding
from kaigong.domain.model.text import Model, Text


class InForce(Model):
    """The approvals that an enterprise has for a project, the newest of each matter; and matters whose term is over."""

    results: dict[Code, Prior]
    ended: frozenset[Code]


class Grounds(Model):
    """What an application rests on beyond its papers, and what is wanting there."""

    priors: dict[Code, Prior]
    cautions: dict[Code, Caution]
    deficiencies: tuple[NoticeItem, ...]  # prerequisites that the law wants first


def in_force(uscc: str, project: ProjectStanding, catalogue: Catalogue, now: datetime, zone: tzinfo) -> InForce:
    """What an enterprise has for a project as of `now`."""
    found = {prior.matter: prior for prior in sorted(_all(uscc, project, catalogue, zone), key=lambda p: p.at)}
    holds = {code: prior for code, prior in found.items() if prior.until is None or now < prior.until}
    return InForce(results=holds, ended=frozenset(found.keys() - holds.keys()))


def grounds(
    manifest: Manifest,
    handed_in: Collection[Code],
    committed: Collection[Code],
    catalogue: Catalogue,
    project: ProjectStanding,
    known: InForce,
    *,
    recorded: bool = True,
) -> Grounds:
    """What the matters of a manifest rest on. `handed_in`: slots whose paper is there or promised; `committed`: matters
    for which a commitment takes the place of the papers, the certificates of others among them; `known`: what the
    enterprise has for the project; `recorded`: whether the credit platform has a record of the enterprise.
    """
    results, ended = known.results, known.ended
    priors: dict[Code, Prior] = {}
    cautions: dict[Code, Caution] = {}
    deficiencies: list[NoticeItem] = []
    for code in manifest.matters:
        matter = catalogue.matters[code]
        before = [m for m in catalogue.before(code) if m not in manifest.matters]
        priors |= {m: results[m] for m in before if m in results}
        open_ = [
            m
            for m in before
            if m in matter.prerequisites
            and m not in results
            and not _shown(m, matter, handed_in, catalogue, by_letter=code in committed)
        ]
        refused = [m for m in open_ if _absence(matter, m) is Absence.REFUSED]
        unseen = tuple(m for m in open_ if _absence(matter, m) is Absence.WARNED)
        if refused:
            said = words.prerequisites.wanted_first(
                matter.name, _names(refused, catalogue), matter.basis, _names(ended & set(refused), catalogue)
            )
            deficiencies.append(NoticeItem(code="prerequisite-missing", text=said, matter=code))
        elsewhere = _elsewhere(code, manifest.enterprise.uscc, project)
        unshared = () if recorded or code in committed else _shared(matter, catalogue)
        if unseen or elsewhere or unshared:
            cautions[code] = Caution(unseen=unseen, elsewhere=elsewhere, unshared=unshared)
    return Grounds(priors=priors, cautions=cautions, deficiencies=tuple(deficiencies))


def told(matter: Code, caution: Caution, catalogue: Catalogue) -> tuple[NoticeItem, ...]:
    """A caution in words, a point for each thing."""
    name, found = name_of(catalogue.matters, matter), []
    if caution.unseen:
        text = words.prerequisites.unseen(name, _names(caution.unseen, catalogue))
        found.append(NoticeItem(code="prerequisite-unseen", text=text, matter=matter))
    if caution.elsewhere:
        text = words.prerequisites.elsewhere(name, caution.elsewhere)
        found.append(NoticeItem(code="applied-for-elsewhere", text=text, matter=matter))
    if caution.unshared:
        text = words.prerequisites.unshared(name, (name_of(catalogue.materials, slot) for slot in caution.unshared))
        found.append(NoticeItem(code="shared-data-missing", text=text, matter=matter))
    return tuple(found)


def _all(uscc: str, project: ProjectStanding, catalogue: Catalogue, zone: tzinfo) -> Iterable[Prior]:
    for other in project.others:
        if other.uscc == uscc:
            for code, at in other.approved.items():
                yield Prior(matter=code, packet=other.packet, at=at, until=end_of_term(code, at, catalogue, zone))
    for approval in project.approvals:
        until = approval.until and datetime.combine(approval.until, time.max, zone)
        at = datetime.combine(approval.on, time.min, zone)
        yield Prior(matter=approval.matter, number=approval.number, at=at, until=until)


def end_of_term(code: Code, at: datetime, catalogue: Catalogue, zone: tzinfo) -> datetime | None:
    """The end of the day on which an approval's term is over."""
    matter = catalogue.matters.get(code)
    if matter is None or matter.valid_years is None:
        return None
    day = at.astimezone(zone).date()
    leap = (day.month, day.day) == (2, 29)
    last = day.replace(year=day.year + matter.valid_years, day=28 if leap else day.day)
    return datetime.combine(last, time.max, zone)


def _shown(before: Code, matter: Matter, handed_in: Collection[Code], catalogue: Catalogue, *, by_letter: bool) -> bool:
    """Whether a paper, or the commitment in place of the papers, says that the prerequisite is approved."""
    certificates = [m.material for m in matter.materials if catalogue.materials[m.material].result_of == before]
    return any(by_letter or slot in handed_in for slot in certificates)


def _absence(matter: Matter, before: Code) -> Absence:
    return matter.absence.get(before, Absence.WARNED)


def _shared(matter: Matter, catalogue: Catalogue) -> tuple[Code, ...]:
    asked = (item.material for item in matter.materials)
    return tuple(slot for slot in asked if catalogue.materials[slot].source is Source.SHARED)


def _elsewhere(matter: Code, uscc: str, project: ProjectStanding) -> tuple[str, ...]:
    return tuple(o.packet for o in project.others if o.uscc == uscc and matter in o.under_review)


def _names(matters: Iterable[Code], catalogue: Catalogue) -> list[Text]:
    return [name_of(catalogue.matters, code) for code in matters]
