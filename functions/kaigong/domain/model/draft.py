"""A draft: an application as far as it is filled in, kept as it was typed, right or wrong. Source: mission 8."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from .form import MOST_FIELDS, Known
from .manifest import CodeRef, LetterAccepted, PacketId
from .text import Model
from .values import Line

LONGEST_TYPED = 500  # characters: more than a manifest takes, so that nothing that people type is lost
Typed = Annotated[Line, Field(max_length=LONGEST_TYPED)]
LONGEST_IN_A_FIELD = 300  # characters of a field of the one form, of which there are many
FormTyped = Annotated[
    dict[CodeRef, Annotated[Line, Field(max_length=LONGEST_IN_A_FIELD)]], Field(max_length=MOST_FIELDS)
]


class EnterpriseTyped(Model):
    """The form's part on the enterprise. Its credit code is the account's and is not typed."""

    name: Typed = ""
    legal_representative: Typed = ""
    phone: Typed = ""
    address: Typed = ""


class ProjectTyped(Model):
    """The form's part on the project."""

    name: Typed = ""
    code: Typed = ""
    address: Typed = ""
    serviced_site: bool | None = None


MOST_MATTERS = 40  # of one application, as a manifest takes them
MOST_PAPERS = 100  # of one application, that are promised, or drawn up by an intermediary


class AuthorTyped(Model):
    """The form's part on the intermediary that drew up the paper in one slot."""

    slot: CodeRef
    name: Annotated[Line, Field(max_length=200)] = ""
    uscc: Annotated[Line, Field(max_length=40)] = ""
    certificate: Annotated[Line, Field(max_length=100)] = ""
    valid_until: Annotated[Line, Field(max_length=20)] = ""
    responsible: Annotated[Line, Field(max_length=100)] = ""


class Filled(Model):
    """What an applicant fills in and chooses: the part of a draft that a save replaces."""

    matters: tuple[CodeRef, ...] = Field(min_length=1, max_length=MOST_MATTERS)
    enterprise: EnterpriseTyped = EnterpriseTyped()
    project: ProjectTyped = ProjectTyped()
    form: FormTyped | None = Field(
        default=None, description="The one form's fields, as far as they are filled in; left out: as it was saved."
    )
    promises: tuple[CodeRef, ...] = Field(default=(), max_length=MOST_PAPERS)
    commitments: tuple[CodeRef, ...] = Field(default=(), max_length=40)
    drawn_up: tuple[AuthorTyped, ...] = Field(
        default=(), max_length=MOST_PAPERS, description="Who drew up the papers of intermediaries, as it was typed."
    )


class HandedIn(Model):
    """That the draft was handed in: for which round of the packet, and which manifest (MD5 of its bytes)."""

    round: int
    md5: str
    at: datetime


class TakenOut(Model):
    """A paper that the applicant took out again before handing in. Its file stays where it lies; it does not count."""

    slot: CodeRef
    mark: str
    at: datetime
    by: str = Field(repr=False)


class Draft(Filled):
    """An application on its way, under the id that its packet will have. `version` grows with every save."""

    packet: PacketId
    owner: str  # credit code of the enterprise that applies
    by: str = Field(repr=False)  # the user who began it, by the name at the issuer
    by_window: bool = False  # whether that was an officer of the window, for the enterprise (帮办代办)
    process: CodeRef
    letters: tuple[LetterAccepted, ...] = ()
    known: dict[CodeRef, Known] = Field(default_factory=dict)  # what fields of the one form were filled in with
    taken_out: tuple[TakenOut, ...] = ()
    handed_in: HandedIn | None = None
    follows: PacketId | None = None  # the packet that is applied for again
    version: int = Field(default=1, ge=0)  # 0: not saved yet
    updated_at: datetime

    @property
    def unchanged(self) -> bool:
        """Whether it is as it was handed in: every later save, signature or removal has a moment of its own."""
        return self.handed_in is not None and self.handed_in.at == self.updated_at
