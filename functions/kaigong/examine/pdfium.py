"""pdfium as far as it is needed here: how many pages a document has, and what stands on the first.

Bound by hand to the library that the wheel of pypdfium2 brings: the wheel's own binding declares five hundred
functions, which takes longer than to read a paper, and makes every child larger. Headers: fpdfview.h, fpdf_text.h.
"""

import ctypes
import importlib.util
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from .limits import Unreadable

_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD
_AS_SHOWN, _NOTHING_TO_DO = 0, 2  # FLAT_NORMALDISPLAY, FLATTEN_NOTHINGTODO
_READ = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(ctypes.c_char), ctypes.c_ulong)


class _Config(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("font_folders", ctypes.POINTER(ctypes.POINTER(ctypes.c_char))),
        ("isolate", ctypes.c_void_p),
        ("slot", ctypes.c_uint),
    ]


class _Access(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ulong), ("read", _READ), ("parameter", ctypes.c_void_p)]


def _library() -> ctypes.CDLL:
    """The library, started without a folder of fonts: a text is not to depend on what is installed where it is read."""
    found = importlib.util.find_spec("pypdfium2_raw")
    assert found and found.origin  # noqa: S101, PT018 - it is a requirement
    library = ctypes.CDLL(str(Path(found.origin).with_name("libpdfium.so")))
    one, many = ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)
    for name, takes, gives in (
        ("FPDF_LoadMemDocument64", (one, ctypes.c_size_t, ctypes.c_char_p), one),
        ("FPDF_LoadCustomDocument", (one, ctypes.c_char_p), one),
        ("FPDF_CloseDocument", (one,), None),
        ("FPDF_GetLastError", (), ctypes.c_ulong),
        ("FPDF_GetPageCount", (one,), ctypes.c_int),
        ("FPDF_LoadPage", many, one),
        ("FPDF_ClosePage", (one,), None),
        ("FPDFPage_CountObjects", (one,), ctypes.c_int),
        ("FPDFPage_GetAnnotCount", (one,), ctypes.c_int),
        ("FPDFPage_Flatten", many, ctypes.c_int),
        ("FPDFText_LoadPage", (one,), one),
        ("FPDFText_ClosePage", (one,), None),
        ("FPDFText_CountChars", (one,), ctypes.c_int),
        ("FPDFText_GetText", (*many, ctypes.c_int, one), ctypes.c_int),
    ):
        function = getattr(library, name)
        function.argtypes, function.restype = takes, gives
    folders = (ctypes.POINTER(ctypes.c_char) * 1)()  # a list without entries
    library.FPDF_InitLibraryWithConfig(ctypes.byref(_Config(version=2, font_folders=folders)))
    return library


_pdfium = _library()


class Locked(Unreadable):
    """It asks for a password."""


class Page:
    """An open page."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle

    def objects(self) -> int:
        """How many things it draws."""
        return int(_pdfium.FPDFPage_CountObjects(self._handle))

    def words(self, most: int) -> str:
        """Its text, of at most so many characters."""
        handle = _found(_pdfium.FPDFText_LoadPage(self._handle))
        count = min(_pdfium.FPDFText_CountChars(handle), most)
        text = (ctypes.c_ushort * (max(count, 0) + 1))()  # which ends with a zero
        length = _pdfium.FPDFText_GetText(handle, 0, count, text) if count > 0 else 0
        _pdfium.FPDFText_ClosePage(handle)
        return bytes(text)[: 2 * max(length - 1, 0)].decode("utf-16-le", "ignore")

    def flatten(self) -> bool:
        """Put stamps and fields, which are drawn over the page, into it: where it is loaded next, their text is its
        own. Returns whether there are any that are drawn: links are not.
        """
        if _pdfium.FPDFPage_GetAnnotCount(self._handle) < 1:
            return False
        return bool(_pdfium.FPDFPage_Flatten(self._handle, _AS_SHOWN) != _NOTHING_TO_DO)


class Document:
    """An open document. Raises Locked, Unreadable."""

    def __init__(self, stream: BinaryIO) -> None:
        self._kept: Any = None  # what the library reads from, for as long as the document is open
        self._handle = self._opened(stream)
        self.pages = _pdfium.FPDF_GetPageCount(self._handle) if self._handle else 0
        if self.pages < 1:
            raise Locked if _pdfium.FPDF_GetLastError() == _WRONG_PASSWORD else Unreadable

    def _opened(self, stream: BinaryIO) -> Any:
        if isinstance(stream, io.BytesIO):
            content = stream.getbuffer()
            self._kept = (ctypes.c_char * len(content)).from_buffer(content)
            return _pdfium.FPDF_LoadMemDocument64(ctypes.addressof(self._kept), len(content), None)

        def read(_: object, start: int, into: Any, length: int) -> int:
            stream.seek(start)
            data = stream.read(length)
            ctypes.memmove(into, data, len(data))
            return int(len(data) == length)

        self._kept = _Access(stream.seek(0, io.SEEK_END), _READ(read), None)
        return _pdfium.FPDF_LoadCustomDocument(ctypes.byref(self._kept), None)

    def close(self) -> None:
        _pdfium.FPDF_CloseDocument(self._handle)
        self._kept = None

    @contextmanager
    def first_page(self) -> Iterator[Page]:
        handle = _found(_pdfium.FPDF_LoadPage(self._handle, 0))
        try:
            yield Page(handle)
        finally:
            _pdfium.FPDF_ClosePage(handle)


def _found(handle: Any) -> Any:
    if not handle:
        raise Unreadable
    return handle
