"""What the examination of one uploaded file found: facts, no judgement.

`kaigong.examine` fills these in; `kaigong.domain.intake.finding` judges them. A fact that could not be established is
`None`, never a guess.
Source: mission.md 5 and 7 (a material is complete and lawful, everything wrong is told in one notice).
"""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from .text import Model

SIGNER_LIMIT, SEALS = 100, 20
PAGES_NAMED = 10  # choice: of the pages on which one thing was found, so many are told
TEXT_LIMIT = 4000  # characters of the first page's normalised text that are kept


class Kind(StrEnum):
    """What the first bytes say the file is, whatever its name says."""

    PDF = "pdf"
    OFD = "ofd"  # GB/T 33190
    JPEG = "jpeg"
    PNG = "png"
    TIFF = "tiff"  # what scanners write, often of many pages
    WEBP = "webp"
    HEIC = "heic"  # what iPhones write
    OTHER = "other"
    EMPTY = "empty"


PICTURES = (Kind.JPEG, Kind.PNG, Kind.TIFF, Kind.WEBP, Kind.HEIC)
ShownKind = Literal["pdf", "ofd", "jpeg", "png", "tiff", "webp", "heic"]  # what a paper is given out as


class Other(StrEnum):
    """What a file is that no material takes, as far as its bytes say."""

    WORD = "word"
    EXCEL = "excel"
    SLIDES = "slides"
    WPS = "wps"
    LOCKED_OFFICE = "locked-office"
    CAJ = "caj"
    DWG = "dwg"
    AVIF = "avif"
    GIF = "gif"
    BMP = "bmp"
    RAR = "rar"
    ARCHIVE = "archive"
    WEB_PAGE = "web-page"


class Opens(StrEnum):
    """Whether a reader without a password can show the document."""

    YES = "yes"
    NO = "no"
    LOCKED = "locked"  # a password is asked for before anything is shown


class Limit(StrEnum):
    """Which of our own bounds the examination ran into. It tells "over our limits" from "broken"."""

    CPU = "cpu"  # seconds of computing
    TIME = "time"  # seconds by the clock
    MEMORY = "memory"
    CRASH = "crash"  # the reader died of the file
    SYNTAX = "syntax"  # nesting, container size, filters or decoded size of the file's structure
    PAGES = "pages"
    OBJECTS = "objects"
    PIXELS = "pixels"
    BYTES = "bytes"  # bytes fetched from storage
    REQUESTS = "requests"  # ranges fetched from storage
    SECOND_READER = "second_reader"  # a second reading was due and did not come to an end


class SealState(StrEnum):
    """What a check of a seal or signature came to."""

    VALID = "valid"
    CHANGED = "changed"  # what it covers is not what was sealed
    UNTRUSTED = "untrusted"  # it holds, and nothing on the trust list vouches for who signed
    UNKNOWN = "unknown"  # could not be determined


class Seal(Model):
    """An electronic seal or signature on a document. Of an OFD document, no chain to a root is checked."""

    state: SealState
    signer: str = Field(default="", max_length=SIGNER_LIMIT)  # as its certificate says
    signed_at: datetime | None = None  # by its timestamp, else as the signer says


class Difference(StrEnum):
    """In what the second reader sees another document than the first."""

    OPENS = "opens"  # it cannot read the file at all
    PAGES = "pages"
    SIGNATURES = "signatures"
    TEXT = "text"


class Unseen(StrEnum):
    """Why nobody can see the paper although the file opens."""

    PORTFOLIO = "portfolio"  # its pages are a cover; the papers are files in it
    FORM = "form"  # its page is a placeholder; the form is drawn by one company's reader alone
    RIGHTS = "rights"  # its pages are a wrapper; the paper in it is encrypted for named readers
    PICTURES = "pictures"  # nothing but pictures that do not decode
    HIDDEN = "hidden"  # layers that are off, text that is invisible or white


class Active(StrEnum):
    """What a document does beside being read, scripts and started programs apart (ISO 32000-2, 12.6.4)."""

    SUBMIT = "submit"  # sends what was filled in somewhere
    IMPORT = "import"  # fills itself from a file
    EMBEDDED = "embedded"  # opens a document that it carries
    SHARE = "share"  # opens a file on another machine
    ADDRESS_UNASKED = "address-unasked"  # opens a web address when it is opened
    RICH_MEDIA = "rich-media"
    FORM_SCRIPT = "form-script"  # a form of the XFA kind with a script of its own


class Verdict(StrEnum):  # what the facts are worth for one material
    VALID = "valid"
    WARNING = "warning"  # counts as handed in; the officer should look
    DEFICIENT = "deficient"  # does not count as handed in


class Found(StrEnum):
    """What may be found on some pages and not on others; most are called as the fact is."""

    JAVASCRIPT = "javascript"
    SCRIPTS = "scripts"
    LAUNCH = "launch"
    LAUNCH_UNASKED = "launch_unasked"
    ACTIVE = "active"
    EMBEDDED_FILES = "embedded_files"
    BLANK_PAGES = "blank_pages"
    UNREADABLE_PAGES = "unreadable_pages"
    SMALL_PAGES = "small_pages"


OnPages = dict[Found, Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(max_length=PAGES_NAMED)]]


class Facts(Model):
    """Facts about one file. Sizes are bytes, lengths pixels."""

    kind: Kind
    other: Other | None = None  # which other kind, where that is known
    size: int = Field(ge=0)
    opens: Opens
    archived: bool = False  # storage gives nothing of it out: its class is one of archives
    pages: int | None = Field(default=None, ge=0)
    encrypted: bool = False
    damaged: bool = False  # it does not open, or parts of its structure must be repaired to be read
    truncated: bool = False  # its end is missing
    foreign_start: bool = False  # something else stands before the PDF header: the file may pass for two kinds
    mended: bool = False  # damaged, and two readers mend it to the same document
    trailing: bool = False  # data that are no part of the document stand behind its end
    javascript: bool = False
    scripts: bool = False  # some that are more than a form field's own format, check or sum
    launch: bool = False
    launch_unasked: bool = False  # when it is opened or looked at, not when somebody presses a link
    active: tuple[Active, ...] = ()
    unseen: Unseen | None = None
    embedded_files: bool = False
    seals: tuple[Seal, ...] = Field(default=(), max_length=SEALS)
    signed: bool = False  # at least one signature field holds a signature
    incremental_updates: int = Field(default=0, ge=0)
    text_on_page_1: bool | None = None
    text_unreliable: bool = False  # a text layer is there, and not what is seen
    text_dropped: bool = False  # it was judged, and is not kept
    text: str = Field(default="", max_length=TEXT_LIMIT, repr=False)  # people's papers: never into a log
    blank_pages: int | None = Field(default=None, ge=0)
    all_pages_blank: bool | None = None
    unreadable_pages: int = Field(default=0, ge=0)  # pages whose drawing instructions cannot be decoded
    on_pages: OnPages = Field(default_factory=dict)  # where that is known: the first few pages, counted from 1
    width: int | None = None  # of a picture; of several pages, of the smallest
    height: int | None = None
    copy_kind: Literal["jpeg", "pdf"] | None = None  # of a copy for browsers, which cannot draw the file itself
    over_limits: tuple[Limit, ...] = ()
    second_reader: tuple[Difference, ...] | None = None  # None: no second reading; empty: both agree
    bytes_read: int = Field(default=0, ge=0)
    requests: int = Field(default=0, ge=0)


# Radicals of the supplement that stand for a whole character (Unicode, EquivalentUnifiedIdeograph).
_RADICALS = str.maketrans(
    "⺁⺄⺅⺈⺌⺍⺎⺒⺓⺖⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺬⺭⺮⺯⺰⺱⺲⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙亻刀小小兀巳幺忄扌攵旡日月歹母民氵氺灬爪爪丬牛犭王疋示礻竹糸纟罓罒羊羊耂肀聿肉臼艹艹艹虎衤覀西见角讠贝足车辶辶辶钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)


def normalise(text: str) -> str:
    """Text as it is compared: NFKC, lower case, without white space and control characters.

    NFKC makes full-width letters and brackets, and the Kangxi radicals that some PDF fonts give out for common
    characters, equal to the usual ones; those of the radicals' supplement it leaves alone.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_RADICALS)).lower()
    return "".join(c for c in folded if not c.isspace() and not unicodedata.category(c).startswith("C"))
