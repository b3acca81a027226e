"""A document of which only the files that it carries are locked."""

import re

_FOR_FILES = re.compile(rb"/EFF\s*/(?!Identity\b)")
_FOR_THE_REST = re.compile(rb"/St[mr]F\s*/(?!Identity\b)")
_ENCRYPTED = re.compile(rb"/Encrypt(?=[\s/<])")


def without_locked_files(document: bytes | None) -> bytes | None:
    """The document without its lock, where only files that it carries are locked (ISO 32000-2, 7.6.6); else None."""
    found = _FOR_FILES.search(document) if document else None
    if document is None or found is None:
        return None
    begin, end = document.rfind(b" obj", 0, found.start()), document.find(b"endobj", found.start())
    if _FOR_THE_REST.search(document, max(begin, 0), end):
        return None
    return _ENCRYPTED.sub(b"/Unlocks", document)
