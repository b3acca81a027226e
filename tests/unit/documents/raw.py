"""PDFs written object by object, so that they can be wrong in exactly one way."""

import zlib
from pathlib import Path

Objects = dict[int, bytes]


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body."""
    return b"<<" + entries + b"/Length %d>>\nstream\n" % len(data) + data + b"\nendstream"


def flate(data: bytes, entries: bytes = b"") -> bytes:
    """A compressed stream object's body."""
    return stream(zlib.compress(data, 9), entries + b"/Filter/FlateDecode")


def text(words: str) -> bytes:
    """Content that shows one line of Latin text."""
    return b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % words.encode("latin-1")


def one_page(
    content: bytes | None = None, *, catalogue: bytes = b"", page: bytes = b"", resources: bytes = b""
) -> Objects:
    """The objects of a document with one page; 1 is the catalogue, 3 the page, 4 its content, 5 its font."""
    return {
        1: b"<</Type/Catalog/Pages 2 0 R " + catalogue + b">>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>"
        + resources
        + b">>"
        + page
        + b">>",
        4: stream(text("An application of some length, in plain words") if content is None else content),
        5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }


def assemble(objects: Objects, trailer: bytes = b"") -> bytes:
    """A whole file."""
    return _section(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", objects, trailer)


def update(pdf: bytes, objects: Objects, trailer: bytes = b"") -> bytes:
    """The file with changed or added objects appended, as signing software does it."""
    previous = int(pdf.rsplit(b"startxref", 1)[1].split()[0])
    return _section(pdf, objects, trailer + b"/Prev %d" % previous)


def _section(before: bytes, objects: Objects, trailer: bytes) -> bytes:
    out = bytearray(before)
    table = b"0 1\n0000000000 65535 f \n"
    for number in sorted(objects):
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
    start = len(out)
    out += b"xref\n" + table + b"trailer\n<</Root 1 0 R/Size %d" % (max(objects) + 100) + trailer
    return bytes(out) + b">>\nstartxref\n%d\n%%%%EOF\n" % start


def scan(path: Path, pages: int, image: int, *, together: bool) -> None:
    """A scanned document whose images are holes in a sparse file: as large as wished, and made at once.

    `together`: the page objects stand in one place, as most scanners write them; else each beside its image.
    """
    places: dict[int, int] = {}
    with path.open("wb") as file:

        def put(number: int, body: bytes) -> None:
            places[number] = file.tell()
            file.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")

        def page_at(number: int) -> None:
            drawing = b"q 595 0 0 842 0 0 cm /I Do Q"
            put(number + 1, stream(drawing))
            put(
                number + 2,
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>"
                % (number + 1, number),
            )

        file.write(b"%PDF-1.7\n")
        numbers = [10 + 3 * i for i in range(pages)]
        for number in numbers:
            places[number] = file.tell()
            file.write(
                b"%d 0 obj\n<</Type/XObject/Subtype/Image/Width 2480/Height 3508/BitsPerComponent 8"
                b"/ColorSpace/DeviceGray/Filter/DCTDecode/Length %d>>\nstream\n" % (number, image)
            )
            file.seek(image, 1)
            file.write(b"\nendstream\nendobj\n")
            if not together:
                page_at(number)
        if together:
            for number in numbers:
                page_at(number)
        kids = b" ".join(b"%d 0 R" % (number + 2) for number in numbers)
        put(2, b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids))
        put(1, b"<</Type/Catalog/Pages 2 0 R>>")
        start = file.tell()
        size = max(places) + 1
        file.write(b"xref\n0 %d\n" % size)
        for number in range(size):
            entry = b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
            file.write(entry)
        file.write(b"trailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (size, start))
