"""The one form (一张申请表单), as it is being filled in, and as it was taken into a packet.

Sources: mission 8 (one form), 2 (what the system knows it fills in itself).
"""

from collections.abc import Iterable, Mapping

from pydantic import Field

from kaigong.domain import words
from kaigong.domain.intake import form
from kaigong.domain.intake.form import Asked, Looked
from kaigong.domain.model.catalogue import Catalogue, Code, Material
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.form import FieldKind, FormField, Option
from kaigong.domain.model.manifest import Enterprise, Manifest, Project
from kaigong.domain.model.naming import Named, name_of, named
from kaigong.domain.model.packet import Header, Packet
from kaigong.domain.model.text import Model, Text


class FieldForeseen(Model):
    """One field of the one form: what is asked, what is filled in, and what is to be said of it."""

    field: Code
    name: Text
    kind: FieldKind
    unit: Text | None
    longest: int = Field(description="Characters.")
    options: tuple[Option, ...]
    help: Text | None
    required: bool
    matters: tuple[Named, ...]  # those that ask for it
    value: str
    wrong: tuple[Text, ...] = Field(description="What it would be returned for.")
    odd: tuple[Text, ...] = Field(description="What officers would be told; it stops nothing.")
    origin: Text | None = Field(description="Where it was filled in from, or which record it differs from.")


class FieldsForeseen(Model):
    """Fields that belong together."""

    code: Code
    name: Text
    fields: tuple[FieldForeseen, ...]


class FormForeseen(Model):
    """The one form, as far as the matters ask for it. Where it is complete, it takes the place of its paper."""

    groups: tuple[FieldsForeseen, ...]
    slot: Code | None = Field(description="The material whose place it takes; none: its matters need none.")
    complete: bool
    begun: bool
    required: int = Field(description="How many fields have to be filled in.")
    filled: int = Field(description="How many of these are.")


def ahead(draft: Draft, filled: Looked, catalogue: Catalogue) -> FormForeseen:
    """The form of a draft: every field that its matters ask for."""
    asked = {entry.field.code: entry for entry in filled.asked}
    groups = (
        FieldsForeseen(
            code=group.code,
            name=group.name,
            fields=tuple(_field(asked[f.code], draft, filled, catalogue) for f in group.fields if f.code in asked),
        )
        for group in catalogue.form.groups
    )
    on_paper = [entry for code in draft.matters if code in catalogue.matters for entry in _papers(code, catalogue)]
    required = [entry.field.code for entry in filled.asked if entry.required]
    return FormForeseen(
        groups=tuple(group for group in groups if group.fields),
        slot=next((material.code for material in on_paper if material.by_form), None),
        complete=filled.complete,
        begun=filled.begun,
        required=len(required),
        filled=sum(code in filled.values for code in required),
    )


def _papers(matter: Code, catalogue: Catalogue) -> Iterable[Material]:
    return (catalogue.materials[entry.material] for entry in catalogue.matters[matter].materials)


def _field(entry: Asked, draft: Draft, filled: Looked, catalogue: Catalogue) -> FieldForeseen:
    field, typed = entry.field, (draft.form or {}).get(entry.field.code, "")
    known, value = draft.known.get(field.code), filled.values.get(field.code, typed)
    origin = None
    if known and value:
        said = words.form.changed if form.differs(known, value) else words.form.filled_in
        origin = said(known.source, known.packet)
    return FieldForeseen(
        field=field.code,
        name=field.name,
        kind=field.kind,
        unit=field.unit,
        longest=field.longest,
        options=field.options,
        help=field.help,
        required=entry.required,
        matters=tuple(named(catalogue.matters, code) for code in entry.matters),
        value=typed,
        wrong=tuple(found.text for found in filled.wrong if found.field == field.code),
        odd=tuple(found.text for found in filled.odd if found.field == field.code),
        origin=origin,
    )


class SheetRow(Model):
    """One field of the form as it is read and printed."""

    name: Text
    unit: Text | None
    value: Text | None  # None: blank


class SheetGroup(Model):
    """Fields that belong together."""

    name: Text
    rows: tuple[SheetRow, ...]


class Sheet(Model):
    """The form as it is printed: who applies for what, and its fields."""

    packet: str
    process: Text
    enterprise: Enterprise
    project: Project
    matters: tuple[Text, ...]
    groups: tuple[SheetGroup, ...]


def sheet(packet: Packet, catalogue: Catalogue) -> Sheet | None:
    """The form of an accepted packet, what was filled in of it; None: it came on paper."""
    header = packet.header
    if header is None or packet.form is None:
        return None
    return _sheet(header, packet.routes, packet.form.values, catalogue, blank=False)


def draft_sheet(draft: Draft, said: Manifest, catalogue: Catalogue) -> Sheet:
    """The form of a draft as it would be handed in now, with the fields that are still blank: printed, it can be filled
    in by hand. What cannot be read stands there as it was typed.
    """
    found = form.applied(said.form, draft.matters, (), catalogue)
    return _sheet(said, draft.matters, {**(said.form or {}), **found.values}, catalogue, blank=True)


def _sheet(
    about: Header | Manifest, matters: Iterable[Code], values: Mapping[Code, str], catalogue: Catalogue, *, blank: bool
) -> Sheet:
    applied = tuple(matters)
    asked = {entry.field.code for entry in form.applied({}, applied, (), catalogue).asked}
    shown = asked if blank else asked & values.keys()
    groups = (
        SheetGroup(name=group.name, rows=tuple(_row(f, values.get(f.code)) for f in group.fields if f.code in shown))
        for group in catalogue.form.groups
    )
    return Sheet(
        packet=about.packet,
        process=name_of(catalogue.processes, about.process),
        enterprise=about.enterprise,
        project=about.project,
        matters=tuple(name_of(catalogue.matters, code) for code in applied),
        groups=tuple(group for group in groups if group.rows),
    )


def _row(field: FormField, value: str | None) -> SheetRow:
    return SheetRow(name=field.name, unit=field.unit, value=words.form.told(field, value) if value else None)
