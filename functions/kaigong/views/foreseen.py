"""What would come of a draft if it were handed in now, said before it is (mission 7 and 8: guidance before submission).

Nothing is judged here: the rules of acceptance themselves take the draft as it stands, and what they would write to the
applicant is what the page says. So both say the same, in the same words.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime

from pydantic import Field

from kaigong.domain.flow import submission
from kaigong.domain.flow.step import Step, Surroundings, today
from kaigong.domain.intake import form, identity, prerequisites
from kaigong.domain.intake.acceptance import Need, gap_closed, wanted
from kaigong.domain.intake.application import check
from kaigong.domain.intake.draft import (
    Lying,
    Wanting,
    counting_files,
    letter_for,
    manifest,
    why_no_paper,
    why_no_submission,
)
from kaigong.domain.intake.finding import Finding, SlotFinding
from kaigong.domain.intake.form import Looked
from kaigong.domain.intake.identity import Doubt
from kaigong.domain.intake.intermediaries import judged
from kaigong.domain.intake.letter import LetterText
from kaigong.domain.intake.privileges import Privileges, privileges
from kaigong.domain.intake.project import is_foreign
from kaigong.domain.intake.routes import closed
from kaigong.domain.model.arrivals import Awaited, RefusalReason, Stored, Submission
from kaigong.domain.model.catalogue import Catalogue, Code, Material, Matter, Route, Source
from kaigong.domain.model.clock import Due, limit
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.manifest import LetterAccepted, Manifest
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.naming import Named, name_of, named
from kaigong.domain.model.packet import NoticeItem, NoticeKind, Packet
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

from . import words
from .form import FormForeseen, ahead
from .states import SlotState


class NewestUpload(Model):
    """The newest file of a material."""

    name: str
    size: int  # bytes
    at: datetime | None


class FileForeseen(NewestUpload):
    """One file of a material."""

    id: str = Field(description="Of the file in its slot, in addresses and where it is taken out.")
    state: SlotState
    findings: tuple[Text, ...] = ()


class SlotForeseen(Model):
    """One material of the application: what is there, what was found, what to do."""

    slot: Code
    name: Text
    state: SlotState
    matters: tuple[Named, ...]  # those that ask for it
    main: bool
    formats: tuple[str, ...]
    sample: str
    intermediary: Text | None = None
    kinds: tuple[Text, ...] = ()  # of intermediaries: one of these is fit for it
    max_files: int = 1  # how many files it may be handed in as
    max_pictures: int = 1  # of a paper of one file, how many photos may be its pages
    uploaded: NewestUpload | None = None
    files: tuple[FileForeseen, ...] = ()  # all that count, in order
    findings: tuple[Text, ...] = ()  # what examination noticed, each with what to do
    to_do: Text
    promised: bool = False
    may_promise: bool = False
    why_no_promise: Text | None = None
    why_no_paper: Text | None = None  # why nothing can be uploaded to it now

    @property
    def most(self) -> int:
        """How many files may count at the same time."""
        return max(self.max_files, self.max_pictures)

    @property
    def several(self) -> bool:
        return self.most > 1


class LetterForeseen(Model):
    """The commitment letter of a matter that is to be done by commitment."""

    matter: Code
    name: Text
    letter: LetterText
    accepted: LetterAccepted | None = None  # of the text as it reads now
    again: bool = False  # an earlier text was accepted: what is filled in has changed since


class MatterForeseen(Model):
    """One matter applied for, and whether a commitment may take the place of its papers."""

    matter: Code
    name: Text
    department: Text
    committed: bool
    takes_commitment: bool  # whether there is such a route at all
    why_no_commitment: Text | None = None


class Foreseen(Model):
    """What would come of handing in now. It would be accepted where `ready` is true and `examining` empty."""

    why_not: Text | None  # why nothing can be handed in now
    wanting: tuple[Wanting, ...]
    refused: tuple[RefusalReason, ...]  # what keeps it from being an application at all
    returned: tuple[NoticeItem, ...]  # what the one notice would list
    doubts: tuple[Doubt, ...]  # what an officer would look at; none of it stops the application
    cautions: tuple[NoticeItem, ...]  # what comes first and nobody has seen, what is applied for twice: no more does it
    examining: tuple[Code, ...]  # slots whose newest file is being examined; the lists may still change
    accepted: bool  # whether it would be accepted with the papers examined so far
    channel: Channel
    why_channel: Text
    basic_since: datetime | None  # from when the credit platform's basic data are; None: it gave none
    gaps_due: Due  # until when a promised paper would have to follow
    matters: tuple[MatterForeseen, ...]
    form: FormForeseen
    slots: tuple[SlotForeseen, ...]
    letters: tuple[LetterForeseen, ...]

    @property
    def complete(self) -> bool:
        """Whether it can be handed in, whatever comes of it."""
        return self.why_not is None and not self.wanting and not self.refused

    @property
    def settled(self) -> tuple[NoticeItem, ...]:
        """What the notice would list, without what waits for an examination."""
        return tuple(item for item in self.returned if item.slot not in self.examining)

    @property
    def unnamed(self) -> bool:
        """Whether a name is missing for which the letters are made out."""
        return any(item.field in ("enterprise.name", "project.name") for item in self.wanting)

    @property
    def ready(self) -> bool:
        return self.complete and self.accepted


def foreseen(packet: Packet, draft: Draft, lying: Iterable[Stored], around: Surroundings) -> Foreseen:
    """What would come of this draft with the files that lie in the packet's folder, as of `around.now`."""
    catalogue = around.catalogue
    files = counting_files(packet, [file for file in lying if file.slot in catalogue.slots], catalogue)
    every = [file.file for found in files.values() for file in found]
    said, wanting = manifest(draft, every, catalogue)
    awaited, refused = check(said, draft.packet, catalogue, every)
    why_not = why_no_submission(packet)
    told = _told(packet, said, awaited, around) if why_not is None and not refused else None
    examining = tuple(code for code, found in files.items() if not all(file.examined for file in found))
    rights = _rights(said, around)
    due = limit(around.now, around.gap_working_days, around.office)
    signed = {entry.matter: entry for entry in said.letters}
    known = prerequisites.in_force(said.enterprise.uscc, around.project, catalogue, around.now, around.office.zone)
    results = frozenset({*known.results, *draft.matters})
    committed = [code for code in draft.commitments if _takes_place(code, catalogue, rights)]
    filled = form.applied(said.form, draft.matters, committed, catalogue)
    return Foreseen(
        why_not=why_not,
        wanting=wanting,
        refused=refused,
        returned=told or (),
        doubts=_doubts(packet, said, {item.field for item in wanting}, around),
        cautions=(*_odd(filled), *_cautions(packet, said, {*files, *said.promises}, known, around)),
        examining=examining,
        accepted=told == (),
        channel=rights.channel,
        why_channel=rights.why,
        basic_since=around.standing.basic_since,
        gaps_due=due,
        matters=tuple(_matter(code, draft, catalogue, rights) for code in draft.matters if code in catalogue.matters),
        form=ahead(draft, filled, catalogue),
        slots=_slots(
            packet, draft, said, files, catalogue, rights, due, results, today(around), filled_in=filled.complete
        ),
        letters=tuple(_letters(draft, signed, catalogue)),
    )


def _takes_place(code: Code, catalogue: Catalogue, rights: Privileges) -> bool:
    """Whether the commitment of a matter may take the place of its papers."""
    return code in catalogue.matters and closed(catalogue.matters[code], Route.COMMITMENT, rights) is None


def _odd(filled: Looked) -> tuple[NoticeItem, ...]:
    return tuple(NoticeItem(code=found.code, text=found.text, field=found.field) for found in filled.odd)


def _told(packet: Packet, said: Manifest, awaited: tuple[Awaited, ...], around: Surroundings) -> tuple[NoticeItem, ...]:
    """What the notice would list if this manifest came now; nothing: it would be accepted, or the correction taken."""
    came = Submission(version="", sequencer="", manifest=said, awaited=awaited, received_at=around.now)
    step = Step(packet.changed(submissions={**packet.submissions, "": came}), around)
    submission.take(step, came)
    notices = (notice for number, notice in step.packet.notices.items() if number not in packet.notices)
    return tuple(
        item
        for notice in notices
        if notice.kind in (NoticeKind.RETURNED, NoticeKind.CORRECTION)
        for item in notice.items
    )


def _doubts(packet: Packet, said: Manifest, wanting: set[str], around: Surroundings) -> tuple[Doubt, ...]:
    """What acceptance would put on record as doubtful. `wanting`: fields of which the manifest has a stand-in alone.

    Once it is accepted the record says what was doubtful; of a correction it is told whether that stands.
    """
    header = packet.header
    if header and header.accepted_at and not header.confirmed:
        return ()
    foreign = is_foreign(said.enterprise.uscc, around.project)
    found = identity.doubts(
        said.enterprise, around.standing.basic, said.project, around.catalogue.region, foreign=foreign
    )
    told = header.doubts if header and header.accepted_at else identity.DOUBTS
    return tuple(doubt for doubt in found if doubt.field not in wanting and doubt.code in told)


def _cautions(
    packet: Packet, said: Manifest, handed_in: Collection[Code], known: prerequisites.InForce, around: Surroundings
) -> tuple[NoticeItem, ...]:
    """What acceptance would have people told beside the papers; once it is accepted the record says it."""
    if packet.header and packet.header.accepted_at:
        return ()
    there = said.changed(matters=tuple(code for code in said.matters if code in around.catalogue.matters))
    found = prerequisites.grounds(
        there,
        handed_in,
        said.commitments,
        around.catalogue,
        around.project,
        known,
        recorded=around.standing.record is not None,
    )
    return tuple(
        item for code, caution in found.cautions.items() for item in prerequisites.told(code, caution, around.catalogue)
    )


def _rights(said: Manifest, around: Surroundings) -> Privileges:
    process = around.catalogue.processes[said.process]
    schemes, zone = around.catalogue.schemes, around.office.zone
    return privileges(process, around.standing, around.project, said.project, schemes, around.now, zone)


def _matter(code: Code, draft: Draft, catalogue: Catalogue, rights: Privileges) -> MatterForeseen:
    matter = catalogue.matters[code]
    return MatterForeseen(
        matter=code,
        name=matter.name,
        department=name_of(catalogue.departments, matter.department),
        committed=code in draft.commitments,
        takes_commitment=matter.takes_commitment,
        why_no_commitment=closed(matter, Route.COMMITMENT, rights),
    )


def _letters(draft: Draft, signed: Mapping[Code, LetterAccepted], catalogue: Catalogue) -> Iterable[LetterForeseen]:
    before = {entry.matter for entry in draft.letters}
    for code in draft.commitments:
        letter = letter_for(draft, code, catalogue)
        if letter:
            again = code in before and code not in signed
            name = name_of(catalogue.matters, code)
            yield LetterForeseen(matter=code, name=name, letter=letter, accepted=signed.get(code), again=again)


def _slots(
    packet: Packet,
    draft: Draft,
    said: Manifest,
    files: Mapping[Code, tuple[Lying, ...]],
    catalogue: Catalogue,
    rights: Privileges,
    due: Due,
    results: Collection[Code],
    day: date,
    *,
    filled_in: bool,
) -> tuple[SlotForeseen, ...]:
    """Every material that a matter of the draft asks for; the signed letters last, where something is committed to.

    `results`: matters whose approval stands for their certificate; `day`: by which qualifications hold; `filled_in`:
    whether the form stands for its paper.
    """
    matters = [catalogue.matters[code] for code in draft.matters if code in catalogue.matters]
    on_paper = [
        m for m in matters if m.code not in draft.commitments or closed(m, Route.COMMITMENT, rights) is not None
    ]
    needed = wanted(on_paper, catalogue, results, files)
    asked = dict.fromkeys(entry.material for matter in matters for entry in matter.materials)
    found = [
        _Row(packet, draft, said, catalogue, rights, due, results, day, filled_in=filled_in).of(
            catalogue.materials[code],
            tuple(m for m in matters if any(entry.material == code for entry in m.materials)),
            needed.get(code),
            files.get(code, ()),
        )
        for code in asked
    ]
    committed = tuple(m for m in matters if m not in on_paper)
    letters = next((m for m in catalogue.materials.values() if m.letters and m.code not in asked), None)
    accepted_at = packet.header.accepted_at if packet.header else None
    if letters and committed and not accepted_at:
        row = _Row(packet, draft, said, catalogue, rights, due, results, day, filled_in=filled_in)
        found.append(row.of_letters(letters, committed, files.get(letters.code, ())))
    return tuple(found)


class _Row:
    """How the rows of one application are made."""

    def __init__(
        self,
        packet: Packet,
        draft: Draft,
        said: Manifest,
        catalogue: Catalogue,
        rights: Privileges,
        due: Due,
        results: Collection[Code],
        day: date,
        *,
        filled_in: bool,
    ) -> None:
        self.results, self.day, self.filled_in = results, day, filled_in
        self.packet, self.draft, self.said = packet, draft, said
        self.catalogue, self.rights, self.due = catalogue, rights, due

    def of(
        self, material: Material, matters: tuple[Matter, ...], need: Need | None, files: tuple[Lying, ...]
    ) -> SlotForeseen:
        code = material.code
        finding = self._finding(material, files)
        barred = gap_closed(need, self.catalogue, self.rights) if need and not need.main else None
        promised = code in self.draft.promises
        may_promise = need is not None and not need.main and barred is None
        by_result = material.result_of in self.results
        by_form = material.by_form and self.filled_in
        state = _state(material, need, files, finding, promised and may_promise, by_result, by_form)
        gap = self.packet.gaps.get(code)
        return SlotForeseen(
            slot=code,
            name=material.name,
            state=state,
            matters=tuple(named(self.catalogue.matters, matter.code) for matter in matters),
            main=any(entry.main for matter in matters for entry in matter.materials if entry.material == code),
            formats=material.formats,
            sample=material.sample,
            intermediary=material.intermediary,
            kinds=tuple(names.INTERMEDIARIES[kind] for kind in material.drawn_up_by),
            max_files=material.max_files,
            max_pictures=material.max_pictures,
            uploaded=max((_newest(file.file) for file in files), key=lambda file: file.at or _EVER, default=None),
            files=self._files(material, files),
            findings=tuple(reason.text for reason in finding.reasons) if finding else (),
            to_do=words.foreseen.owed(gap.due)
            if gap and gap.open
            else _to_do(state, may_promise, barred, self.due, by_form=material.by_form),
            promised=promised,
            may_promise=may_promise,
            why_no_promise=words.foreseen.NOT_MAIN if need and need.main else barred,
            why_no_paper=why_no_paper(self.packet, code),
        )

    def of_letters(self, material: Material, matters: tuple[Matter, ...], files: tuple[Lying, ...]) -> SlotForeseen:
        """The letters as a signed paper: nothing asks for it, and it is looked at where not all are accepted here."""
        row = self.of(material, matters, None, files)
        electronic = {entry.matter for entry in self.said.letters} >= {matter.code for matter in matters}
        finding = self._finding(material, files)
        state = SlotState.OPTIONAL
        if not all(file.examined for file in files):
            state = SlotState.EXAMINING
        elif finding is not None and not electronic:
            state = _STATES[finding.verdict]
        to_do = words.foreseen.SIGNED_HERE if electronic else words.foreseen.TO_DO.get(state, words.foreseen.SIGN_AGAIN)
        return row.changed(state=state, to_do=to_do)

    def _finding(self, material: Material, files: tuple[Lying, ...]) -> SlotFinding | None:
        """Of the files that count, so far as they are examined; what one before was worth does not count any more."""
        examined = [self.packet.uploads[material.code, f.file.mark] for f in files if f.examined]
        if not examined:
            return None
        author, listed = self.said.author(material.code), self.catalogue.intermediaries
        return judged(examined, material, self.said.enterprise, author, listed, self.day)

    def _files(self, material: Material, files: tuple[Lying, ...]) -> tuple[FileForeseen, ...]:
        finding = self._finding(material, files)
        found = iter(finding.files if finding else ())
        return tuple(_file(file.file, next(found) if file.examined else None) for file in files)


def _newest(file: Stored) -> NewestUpload:
    return NewestUpload(name=file.name, size=file.size, at=file.at)


def _file(file: Stored, finding: Finding | None) -> FileForeseen:
    return FileForeseen(
        **dict(_newest(file)),
        id=file.id,
        state=_STATES[finding.verdict] if finding else SlotState.EXAMINING,
        findings=tuple(reason.text for reason in finding.reasons) if finding else (),
    )


_EVER = datetime.min.replace(tzinfo=UTC)
_STATES = {
    Verdict.VALID: SlotState.VALID,
    Verdict.WARNING: SlotState.WARNING,
    Verdict.DEFICIENT: SlotState.DEFICIENT,
}


def _state(
    material: Material,
    need: Need | None,
    files: tuple[Lying, ...],
    finding: Finding | None,
    promised: bool,
    by_result: bool,
    by_form: bool,
) -> SlotState:
    if material.source is Source.SHARED:
        return SlotState.SHARED
    if need is None:
        return SlotState.BY_RESULT if by_result else SlotState.BY_COMMITMENT
    if not all(file.examined for file in files):
        return SlotState.EXAMINING
    if finding is not None and finding.verdict is not Verdict.DEFICIENT:
        return _STATES[finding.verdict]
    if by_form:
        return SlotState.BY_FORM
    if promised:
        return SlotState.PROMISED
    return SlotState.DEFICIENT if finding else SlotState.MISSING


def _to_do(state: SlotState, may_promise: bool, barred: Text | None, due: Due, *, by_form: bool) -> Text:
    if by_form and state is SlotState.MISSING:
        return words.foreseen.FILL_IN
    if state in words.foreseen.TO_DO:
        return words.foreseen.TO_DO[state]
    if state is SlotState.PROMISED:
        return words.foreseen.promised(due)
    first = words.foreseen.MEND if state is SlotState.DEFICIENT else words.foreseen.UPLOAD
    if may_promise:
        return words.foreseen.or_promise(first, due)
    return words.foreseen.no_promise(first, barred or words.foreseen.NOT_MAIN)
