"""The one form (一张申请表单): the data that matters ask for, each asked once for all matters of an application.

The values live in `kaigong/catalog/data/form.json` and in each matter's `form`; `domain/intake/form` reads and checks
what is filled in. Source: mission 8.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from pydantic import Field

from .codes import CODE_PATTERN, Code
from .text import Model, Text

# Choice, set together with the other limits of a manifest: what is filled in fits into an item of the table (400 KB)
# with all that is kept beside it, and what one matter asks for into its review task.
MOST_FIELDS = 80  # that an application can be asked for
MOST_OF_A_MATTER = 40
LONGEST_VALUE = 200  # characters


class FieldKind(StrEnum):
    """What is written into a field."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    ORGANISATION = "organisation"  # its name, and behind it its credit code where that is known


class FilledFrom(StrEnum):
    """Where a field is filled in from before the applicant looks at it."""

    LEGAL_REPRESENTATIVE = "record.legal_representative"  # of the credit platform's basic data (mission 2)
    ADDRESS = "record.address"
    ENTERPRISE = "enterprise"  # the newest application of the enterprise that was accepted
    PROJECT = "project"  # the newest one of the same project


class Option(Model):
    """One answer of a choice."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text


class FormField(Model):
    """One thing that is asked. Numbers and money have a unit, a range and a precision; a text a length."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    kind: FieldKind
    unit: Text | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    decimals: int = Field(default=0, ge=0, le=6)
    longest: int = Field(default=LONGEST_VALUE, ge=1, le=LONGEST_VALUE)  # characters of a text
    options: tuple[Option, ...] = ()
    help: Text | None = None
    filled_from: tuple[FilledFrom, ...] = (FilledFrom.PROJECT,)  # the first that knows it

    @property
    def counts(self) -> bool:
        return self.kind in (FieldKind.NUMBER, FieldKind.MONEY)


class FieldGroup(Model):
    """Fields that belong together on the form."""

    code: Code = Field(pattern=CODE_PATTERN, max_length=40)
    name: Text
    fields: tuple[FormField, ...]


class RelationKind(StrEnum):
    """What must hold between a field and others."""

    SUM = "sum"  # it is what the others come to together
    AT_MOST = "at-most"  # it is no more than the other
    NOT_BEFORE = "not-before"  # it is no earlier than the other
    PRODUCT = "product"  # it is about what the others come to, multiplied


class Relation(Model):
    """What must hold between a field and others, where all of them are filled in."""

    kind: RelationKind
    field: Code
    of: tuple[Code, ...] = Field(min_length=1)
    certain: bool = True  # False: there may be good reasons why it does not hold; people are told


class Form(Model):
    """Every field that matters may ask for, in the order in which the form shows them."""

    groups: tuple[FieldGroup, ...] = ()
    relations: tuple[Relation, ...] = ()

    @cached_property
    def fields(self) -> Mapping[Code, FormField]:
        return {field.code: field for group in self.groups for field in group.fields}

    def part(self, wanted: frozenset[Code]) -> "Form":
        """The same with these fields alone."""
        groups = (group.changed(fields=tuple(f for f in group.fields if f.code in wanted)) for group in self.groups)
        return Form(
            groups=tuple(group for group in groups if group.fields),
            relations=tuple(r for r in self.relations if {r.field, *r.of} <= wanted),
        )


class MatterField(Model):
    """A matter asks for a field."""

    field: Code
    required: bool = True


class Known(Model):
    """What was on record of a field before it was filled in, and where."""

    value: str
    source: FilledFrom
    packet: str = ""  # whose form said so; empty: the credit platform


class FormTaken(Model):
    """The one form as it was taken into a packet: its values as they are written here, by field."""

    values: dict[Code, str]
    complete: bool = True  # everything that is required is there: it stands in the paper's place
    differing: dict[Code, Known] = Field(default_factory=dict)  # fields for which the record says something else
