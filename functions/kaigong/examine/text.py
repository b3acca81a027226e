"""The first page's text, by pdfium, in a limited child: it may die of the file, after all else has been reported.

pdfium is what most people's browsers show a PDF with. So for a file that qpdf cannot open as it is, pdfium says whether
it opens.
"""

import io
from contextlib import suppress
from typing import BinaryIO

from kaigong.domain.model.features import Opens, normalise

from .child import Emit
from .limits import Limits, Unreadable
from .pdfium import Document, Locked
from .sample import document
from .wording import is_rubbish


def warm_up() -> None:
    """Use pdfium once, on a document of our own, so that each child inherits it ready: also the way it calls back for
    ranges, which takes memory that a child may not ask for.
    """
    for stream in (io.BytesIO(document(4)), io.BufferedReader(io.BytesIO(document(4)))):  # one whole, one by ranges
        if opened := read_text(stream, lambda **_: None, Limits()):
            opened.close()
    normalise("开工".encode("utf-16-le").decode("utf-16-le"))  # the codec that pdfium's text needs


def read_text(stream: BinaryIO, emit: Emit, limits: Limits) -> Document | None:
    """Report whether pdfium opens the document, how many pages it has, and the normalised text of the first.

    Returns the open document, which takes memory until it is closed.
    """
    try:
        opened = Document(stream)
    except Locked:
        emit(opens=Opens.LOCKED)
        return None
    except Unreadable:
        emit(opens=Opens.NO)
        return None
    emit(opens=Opens.YES, pages=opened.pages)
    with suppress(Unreadable):
        _read_first_page(opened, emit, limits)
    return opened


def _read_first_page(opened: Document, emit: Emit, limits: Limits) -> None:
    with opened.first_page() as page:
        words = page.words(limits.text)
        emit(objects=page.objects(), text=normalise(words), rubbish=is_rubbish(words))
        if page.flatten():
            with opened.first_page() as again:
                emit(drawn=normalise(again.words(limits.text)))
