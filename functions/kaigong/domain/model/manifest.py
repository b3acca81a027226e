"""The manifest: what an applicant hands in with the papers. Its arrival in object storage submits the packet."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from .catalogue import CODE_PATTERN
from .codes import CREDIT_CODE
from .files import MOST_FILES
from .form import LONGEST_VALUE, MOST_FIELDS
from .signature import Signer
from .text import Lang, Model
from .values import Line, Moment

PACKET_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9-]{2,63}$"
USCC_PATTERN = f"^{CREDIT_CODE}$"  # a wrong shape is refused
# GB/T 40058-2021: YYMM-RRRRRR-DD-TT-NNNNNN. Digits are spelt out, since \d would take full-width ones too.
PROJECT_CODE_PATTERN = r"^[0-9]{2}(0[1-9]|1[0-2])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$"

PacketId = Annotated[
    str, Field(pattern=PACKET_PATTERN, description="Identifier of the packet: letters, digits, hyphens.")
]
Uscc = Annotated[str, Field(pattern=USCC_PATTERN)]
CodeRef = Annotated[str, Field(pattern=CODE_PATTERN, max_length=40)]
Plain = Annotated[Line, Field(min_length=1, max_length=200)]


def _written(value: object) -> object:
    """A number as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return f"{Decimal(repr(value)):f}"


_Short = Annotated[str, Field(max_length=LONGEST_VALUE)]
FormValue = Annotated[
    Line, Field(max_length=LONGEST_VALUE), BeforeValidator(_written, json_schema_input_type=_Short | int | float)
]
FormData = Annotated[dict[CodeRef, FormValue], Field(max_length=MOST_FIELDS)]
"""What is filled in on the one form, by field; a blank value is none."""


class Enterprise(Model):
    """The applicant. The credit code is 统一社会信用代码."""

    name: Plain
    uscc: Uscc
    legal_representative: Plain | None = None
    phone: Annotated[Line, Field(min_length=3, max_length=40)] | None = None
    address: Plain | None = Field(default=None, description="The enterprise's registered address (住所).")


class Project(Model):
    """The investment project that the packet is for. Its code is 项目代码."""

    name: Plain
    code: Annotated[str, Field(pattern=PROJECT_CODE_PATTERN)] | None = None
    address: Plain | None = None
    serviced_site: bool | None = Field(
        default=None,
        description="Whether the site has roads, power, water and drainage. Left out: it is taken to have them.",
    )


class LetterAccepted(Model):
    """The applicant's electronic acceptance of one commitment letter: who, when, which text."""

    matter: CodeRef
    version: Annotated[int, Field(ge=1)]
    sha256: Annotated[
        str, Field(pattern=r"^[0-9a-f]{64}$", description="Of the letter's text, as `POST /api/letters` gives it.")
    ]
    by: Plain = Field(description="The person's name.")
    signer: Signer | None = Field(
        default=None, description="The person and the role; left out: `by` names the person, and the role is not told."
    )
    at: Moment

    @property
    def person(self) -> Signer:
        return self.signer or Signer(name=self.by)


class Author(Model):
    """The intermediary that drew a paper up, and answers for it (mission 15)."""

    name: Plain
    uscc: Uscc | None = Field(default=None, description="Its credit code: by it the city's list is asked.")
    certificate: Annotated[Line, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Number of its certificate of qualification, where the kind needs one."
    )
    valid_until: date | None = Field(default=None, description="Last day of that certificate.")
    responsible: Annotated[Line, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="The person there who is responsible for the paper."
    )


class DrawnUp(Author):
    """Who drew up the paper in one slot."""

    slot: CodeRef


class OnMandate(Model):
    """Somebody at the window hands in for the enterprise: who, and by which mandate on record (授权委托书)."""

    number: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    agent: Annotated[Plain, Field(repr=False)]


class ManifestFile(Model):
    """One paper, by where it lies: `packets/<packet>/<slot>/<upload>/<name>`."""

    slot: CodeRef
    upload: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^/]+$")]
    name: Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[^/]+$")]


class Manifest(Model):
    """An application. Put it beside the papers, last, as `packets/<packet>/manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    schema_: Literal["kaigong/manifest/1"] = Field(alias="schema")
    packet: PacketId
    process: CodeRef = Field(description="Project type, from the catalogue.")
    matters: tuple[CodeRef, ...] = Field(min_length=1, max_length=40, description="The matters applied for.")
    enterprise: Enterprise
    project: Project
    form: FormData | None = Field(
        default=None,
        description="The application form as data, by field of the guide: numbers in the field's unit, dates as "
        "YYYY-MM-DD, choices by their code or name. With every field that the matters require, it takes the place of "
        "the stamped application form; left out, the paper is asked for.",
    )
    promises: tuple[CodeRef, ...] = Field(
        default=(), max_length=100, description="Slots that the applicant promises to hand in later (容缺受理)."
    )
    commitments: tuple[CodeRef, ...] = Field(
        default=(), max_length=40, description="Matters for which a commitment replaces the papers (告知承诺)."
    )
    letters: tuple[LetterAccepted, ...] = Field(
        default=(),
        max_length=40,
        description="The commitment letters as they were accepted. For a matter of `commitments` without one, "
        "handing the manifest in accepts the letter as it reads on that day.",
    )
    signer: Signer | None = Field(
        default=None,
        description="Who commits where no entry of `letters` says so: by handing the manifest in, or by hand on the "
        "signed letters among the files. Put on record as stated here; nobody vouches for it.",
    )
    drawn_up: tuple[DrawnUp, ...] = Field(
        default=(),
        max_length=100,
        description="Who drew up the papers of intermediaries (中介). One that is not named is told as a warning.",
    )
    follows: PacketId | None = Field(default=None, description="An earlier packet that is applied for again here.")
    mandate: OnMandate | None = Field(
        default=None, description="Set by the portal where the window hands in; left out: the enterprise does."
    )
    language: Lang | None = Field(
        default=None, description="In which language messages about it are sent; left out: Chinese."
    )
    files: tuple[ManifestFile, ...] | None = Field(
        default=None,
        max_length=MOST_FILES,
        description="The papers handed in: these are reviewed, and nothing else that lies there. A material that may "
        "have several files (`max_files` in the catalogue) is listed once for each, in order. Left out: of each "
        "material the newest file that lies there when the manifest comes, or that follows; of one that may have "
        "several the newest of each name, sorted by name. So a client may put the "
        "manifest before the papers: an incomplete folder is judged once nothing came for five minutes, and papers "
        "that come within an hour of the manifest are looked at without a new one.",
    )

    def author(self, slot: str) -> Author | None:
        """Who is said to have drawn up the paper in a slot; None: nobody is named."""
        named = next((entry for entry in self.drawn_up if entry.slot == slot), None)
        return Author(**{name: getattr(named, name) for name in Author.model_fields}) if named else None
