"""The second reading, by pypdf, in a limited child.

A document that was signed, or changed after it was written, can be made so that two readers see two documents ("shadow
attacks" on signed PDFs). Another implementation reads it too, and what it sees otherwise goes to the officer. Why it is
not the first reader: examine.md, "Why these readers".
"""

import io
from typing import Any, BinaryIO

import pypdf
import pypdf.filters  # loaded at the first compressed stream, else

from kaigong.domain.model.features import normalise

from .child import Emit
from .content import digest
from .limits import Limits
from .sample import document


def warm_up() -> None:
    """Read a small document of our own once, so that each child inherits pypdf ready."""
    read_second(io.BytesIO(document()), lambda **_: None, Limits())


def read_second(stream: BinaryIO, emit: Emit, limits: Limits) -> None:
    """Report pages, signatures, content digest and text of page 1 as pypdf sees them."""
    try:
        reader = pypdf.PdfReader(stream, strict=False)
        if reader.is_encrypted:
            reader.decrypt("")
        emit(pages=len(reader.pages))
    except MemoryError:
        raise
    except Exception:  # pypdf raises outside its own tree on a third of the files that it cannot read
        emit(failed=True)
        return
    for read in (_signatures, _drawing, _text):
        try:
            emit(**read(reader, limits))
        except MemoryError:
            raise
        except Exception:  # noqa: S112 - what cannot be read is not reported, so not compared
            continue


def _signatures(reader: Any, limits: Limits) -> dict[str, Any]:
    root = reader.trailer["/Root"]
    form = _resolve(root.get("/AcroForm")) or {}
    waiting = [(field, None) for field in _resolve(form.get("/Fields")) or ()]
    count = visited = 0
    seen: set[int] = set()
    while waiting and visited < limits.objects:
        reference, kind = waiting.pop()
        visited += 1
        number = getattr(reference, "idnum", None)
        if number is not None and number in seen:
            continue
        seen.add(number or -visited)
        field = _resolve(reference)
        if not hasattr(field, "get"):
            continue
        kind = _resolve(field.get("/FT")) or kind
        value = _resolve(field.get("/V"))
        contents = _resolve(value.get("/Contents")) if kind == "/Sig" and hasattr(value, "get") else None
        raw = getattr(contents, "original_bytes", contents)
        if raw and any(raw):
            count += 1
        waiting.extend((kid, kind) for kid in _resolve(field.get("/Kids")) or ())
    return {"signatures": count}


def _resolve(item: Any) -> Any:
    return item.get_object() if hasattr(item, "get_object") else item


def _drawing(reader: Any, _: Limits) -> dict[str, Any]:
    contents = reader.pages[0].get_contents()
    return {"drawing": digest(contents.get_data() if contents is not None else b"")}


def _text(reader: Any, limits: Limits) -> dict[str, Any]:
    return {"text": normalise(reader.pages[0].extract_text())[: limits.text]}
