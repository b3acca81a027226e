"""A small document of our own, on which readers are tried before they meet any other. It is encrypted: libraries load
what opens such a one when they first need it.
"""

import io
from functools import cache
from typing import Literal

import pikepdf
from pikepdf import Name


@cache
def document(revision: Literal[4, 6] = 6) -> bytes:
    """`revision`: of the encryption. The newest makes who opens it work for some 10 ms, on purpose: readers that load
    nothing for it are tried on the one before.
    """
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        font = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
        page.Contents = pdf.make_stream(b"BT /F 12 Tf 72 72 Td (Kaigong) Tj ET 0 0 9 9 re f")
        pdf.save(file, encryption=pikepdf.Encryption(user="", owner="kaigong", R=revision))
    return file.getvalue()
