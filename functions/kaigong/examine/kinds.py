"""What a file is, by its first bytes and, where it is an archive, by what lies in it."""

from kaigong.domain.model.features import Kind, Other

from .source import Blocks

HEAD = 1024  # bytes within which readers look for a PDF's header (ISO 32000-1, annex H, note 13)
_TAIL = 64 * 1024  # bytes at the end of an archive within which the names of its parts stand
_STARTS = (
    (b"GIF8", Other.GIF),
    (b"BM", Other.BMP),
    (b"AC10", Other.DWG),
    (b"Rar!\x1a\x07", Other.RAR),
    (b"7z\xbc\xaf\x27\x1c", Other.ARCHIVE),
    (b"\x1f\x8b", Other.ARCHIVE),
    (b"{\\rtf", Other.WORD),
    (b"CAJ", Other.CAJ),
    (b"KDH", Other.CAJ),
    (b"HN\x00", Other.CAJ),
    (b"\xc8", Other.CAJ),
    (b"AutoCAD Binary DXF", Other.DWG),
)
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_HEIF = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_PARTS = (  # of an archive; the first that is found says what it is
    (b"word/", Other.WORD),
    (b"xl/", Other.EXCEL),
    (b"ppt/", Other.SLIDES),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", Other.WORD),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Other.EXCEL),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (  # of an old Office file, as its directory names them, in UTF-16
    ("WpsDocument", Other.WPS),
    ("ETWorkbook", Other.WPS),
    ("WordDocument", Other.WORD),
    ("Workbook", Other.EXCEL),
    ("PowerPoint Document", Other.SLIDES),
    ("EncryptedPackage", Other.LOCKED_OFFICE),
    ("DataSpaces", Other.LOCKED_OFFICE),
)


def kind_of(head: bytes) -> Kind:
    if not head:
        return Kind.EMPTY
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(_TIFF):
        return Kind.TIFF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF and not _is_avif(head):
        return Kind.HEIC
    return Kind.PDF if b"%PDF-" in head else Kind.OTHER


def _is_avif(head: bytes) -> bool:
    """Whether a file of the HEIF family is coded as AV1: it names that among its brands (ISO 14496-12, 4.3)."""
    return head[4:8] == b"ftyp" and b"avif" in head[8 : int.from_bytes(head[:4], "big")]


def is_ofd(head: bytes, blocks: Blocks) -> bool:
    """Whether an archive is an OFD document: its parts are listed at its end."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    return b"ofd.xml" in head.lower() or b"ofd.xml" in blocks.read(blocks.size - _TAIL, blocks.size).lower()


def other_of(head: bytes, blocks: Blocks) -> Other | None:
    """What a file is that no material takes; None where nobody can tell."""
    if head.startswith(b"PK\x03\x04"):
        ends = blocks.read(0, _TAIL) + blocks.read(blocks.size - _TAIL, blocks.size)
        return next((other for part, other in _PARTS if part in ends), Other.ARCHIVE)
    if head.startswith(_OLE):
        text = blocks.read(0, _TAIL) + blocks.read(blocks.size - _TAIL, blocks.size)
        named = (other for name, other in _STREAMS if name.encode("utf-16-le") in text)
        return next(named, Other.WORD)
    if _is_avif(head):
        return Other.AVIF
    if _is_page(head):
        return Other.WEB_PAGE
    return next((other for start, other in _STARTS if head.startswith(start)), None)


def _is_page(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<script")) or b"<html" in start
