"""Issued documents by the SHA-256 of the file: who holds one asks by one GetItem whether it is ours."""

from kaigong.domain.model.documents import IssuedDocument

from . import keys
from .items import LATER, dump, fields, item_at, put_first, to_attributes


def record(document: IssuedDocument) -> None:
    """Keep that this file was issued; the first word on it stays. Before the packet's own note of it, so that nobody
    holds a file that cannot be found.
    """
    put_first({**keys.document_key(document.sha256), **dump(document)})


def of(sha256: str) -> IssuedDocument | None:
    item = item_at(to_attributes(keys.document_key(sha256)))
    return IssuedDocument.model_validate(fields(item), extra=LATER) if item else None
