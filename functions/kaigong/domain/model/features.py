"""What may be found in a file: the names of it, the bounds, and how words are compared.

Without the models of `facts`: a reader's process has what reading needs, and no more.
"""

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

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


class Sealed(NamedTuple):
    """A seal or signature as a reader reports it; `Seal` is what is believed of that."""

    state: SealState
    signer: str = ""
    signed_at: str | None = None  # ISO 8601


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


class Fonts(StrEnum):
    """How a font without a table of its own says which characters it shows."""

    UNMAPPED = "unmapped"  # not at all: its text is a guess
    BY_CMAP = "by-cmap"  # by a table that readers bring along, such as GBK-EUC-H, or do not


# Radicals of the supplement that stand for a whole character (Unicode, EquivalentUnifiedIdeograph).
_RADICALS = str.maketrans(
    "⺁⺄⺅⺈⺌⺍⺎⺒⺓⺖⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺬⺭⺮⺯⺰⺱⺲⺶⺷⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻊⻋⻌⻍⻎⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "厂乙亻刀小小兀巳幺忄扌攵旡日月歹母民氵氺灬爪爪丬牛犭王疋示礻竹糸纟罓罒羊羊耂肀聿肉臼艹艹艹虎衤覀西见角讠贝足车辶辶辶钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)


# What keyboards and registers write for the dot within a name, such as 买买提·艾力, beside U+00B7 (GB/T 15834, 4.15).
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅᛫", "·"))
_IDEOGRAPH = "[\u3007\u3400-\u9fff\U00020000-\U0003ffff]"
_STOP_BETWEEN = re.compile(rf"(?<={_IDEOGRAPH})\.(?={_IDEOGRAPH})")


def normalise(text: str) -> str:
    """Text as it is compared: NFKC, lower case, one dot within names, without white space and control characters.

    NFKC makes full-width letters and brackets, and the Kangxi radicals that some PDF fonts give out for common
    characters, equal to the usual ones; those of the radicals' supplement it leaves alone.
    """
    folded = unicodedata.normalize("NFKC", text.translate(_RADICALS)).lower().translate(_DOTS)
    bare = "".join(c for c in folded if not c.isspace() and not unicodedata.category(c).startswith("C"))
    return _STOP_BETWEEN.sub("·", bare)
