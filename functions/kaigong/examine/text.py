"""The first page's text, by pdfium, in a limited child: it may die of the file, after all else has been reported.

pdfium is what most people's browsers show a PDF with. So for a file that qpdf cannot open as it is, pdfium says whether
it opens.
"""

import ctypes
import io
from typing import Any, BinaryIO

import pypdfium2
import pypdfium2.raw

from kaigong.domain.model.features import Opens, normalise

from .child import Emit
from .limits import Limits
from .sample import document
from .wording import is_rubbish


def warm_up() -> None:
    """Use pdfium once, on a document of our own, so that each child inherits it ready: also the way it calls back for
    ranges, which takes memory that a child may not ask for.
    """
    _without_fonts_of_the_machine()
    read_text(io.BytesIO(document()), lambda **_: None, Limits())
    normalise("开工".encode("utf-16-le").decode("utf-16-le"))  # the codec that pdfium's text needs


def _without_fonts_of_the_machine() -> None:
    """Start pdfium anew with no folder of fonts: a text is not to depend on what is installed where it is read."""
    pypdfium2.raw.FPDF_DestroyLibrary()
    folders = (ctypes.POINTER(ctypes.c_char) * 1)()  # a list without entries
    pypdfium2.raw.FPDF_InitLibraryWithConfig(pypdfium2.raw.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=folders))


def read_text(stream: BinaryIO, emit: Emit, limits: Limits) -> None:
    """Report whether pdfium opens the document, how many pages it has, and the normalised text of the first."""
    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        emit(opens=Opens.LOCKED if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD else Opens.NO)
        return
    emit(opens=Opens.YES, pages=len(document))
    try:
        page = document[0]
        words = _words(page, limits)
        emit(objects=pypdfium2.raw.FPDFPage_CountObjects(page), text=normalise(words), rubbish=is_rubbish(words))
        if pypdfium2.raw.FPDFPage_GetAnnotCount(page) > 0:
            # Stamps and fields are drawn over the page: put into it, their text is the page's.
            pypdfium2.raw.FPDFPage_Flatten(page, pypdfium2.raw.FLAT_NORMALDISPLAY)
            emit(drawn=normalise(_words(document[0], limits)))
    except pypdfium2.PdfiumError:
        return


def _words(page: Any, limits: Limits) -> str:
    text = page.get_textpage()
    count = min(text.count_chars(), limits.text)
    return str(text.get_text_range(0, count)) if count > 0 else ""
