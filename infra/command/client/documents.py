"""The documents of a packet as files, each held against the SHA-256 that is on record; and what is known of a file."""

import hashlib
from pathlib import Path
from typing import Any

from kaigong.contract.verification import numbers_in
from kaigong.errors import Refused

from .api import Api


def save(api: Api, packet: str, folder: Path) -> dict[str, Any]:
    """Fetch every document that was issued. Returns the list of them. Raises Refused for one that was altered."""
    found = api.documents(packet)
    folder.mkdir(parents=True, exist_ok=True)
    for document in found["documents"]:
        content = api.document(packet, document["document"])
        if hashlib.sha256(content).hexdigest() != document["sha256"]:
            raise Refused(
                f"文书 {document['document']} 与登记的摘要不符，请勿使用，并联系窗口。",
                f"{document['document']} is not the file on record: do not use it, and tell the window.",
            )
        (folder / f"{document['document']}.pdf").write_bytes(content)
    return found


def verified(api: Api, content: bytes) -> dict[str, Any]:
    """What the city says of a file. Its SHA-256 alone is sent, and the number in it."""
    sha256 = hashlib.sha256(content).hexdigest()
    asked = (api.verify(sha256=sha256, **more) for more in [{"number": n} for n in numbers_in(content)] or [{}])
    return next((found for found in asked if found["verdict"] != "unknown"), None) or api.verify(sha256=sha256)
