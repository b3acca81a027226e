"""Object storage: what an event speaks of, ranged reads of uploads, and the few documents that we write ourselves."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import batched
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from botocore.exceptions import ClientError

from kaigong.domain.model.arrivals import Stored
from kaigong.domain.model.facts import ShownKind
from kaigong.domain.model.text import Model
from kaigong.errors import Bug, Refused
from kaigong.settings import settings

from . import keys
from .clients import client

_CONDITION_FAILED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_DENIED = ("AccessDenied", "403")  # the second where an answer has no body
PAGE = 1000  # objects that one listing gives
MANIFEST_LIMIT = 256 * 1024  # bytes; 40 matters and 500 files fit several times over


class Archived(Refused):
    """Storage keeps the object and gives nothing of it out."""

    def __init__(self) -> None:
        super().__init__("文件已归档，无法读取。", "The file is archived and cannot be read.")


class Gone(Refused):
    """The object or version does not exist any more."""

    def __init__(self) -> None:
        super().__init__(
            "文件已被替换或删除；请以最新上传的为准。", "The file was replaced or deleted; look at the newest upload."
        )


class Created(Model):
    """One object that S3 announced, with its key decoded."""

    key: str
    version: str
    etag: str
    size: int
    sequencer: str
    at: datetime
    by: str = ""  # who put it, as S3 names principals; empty for one that `watch` found

    @property
    def path(self) -> list[str]:
        """The key's parts behind `packets/`: packet, slot, upload, file name. A name may hold no further slash."""
        return self.key.removeprefix(keys.UPLOADS).split("/", 3)


def created(body: str) -> list[Created]:
    """The objects that one message of S3 announces. Keys are form-encoded there; this alone decodes them.

    A test event, which S3 sends when notifications are set up, has none.
    """
    return [
        Created(
            key=unquote_plus(record["s3"]["object"]["key"]),
            version=record["s3"]["object"].get("versionId", ""),
            etag=record["s3"]["object"].get("eTag", ""),
            size=record["s3"]["object"].get("size", 0),
            sequencer=keys.sequencer(record["s3"]["object"].get("sequencer", "")),
            at=record["eventTime"],
            by=record.get("userIdentity", {}).get("principalId", ""),
        )
        for record in json.loads(body).get("Records", ())
    ]


def identified(upload: Created) -> Created:
    """An upload that `watch` found, with the version that no listing tells. Raises Gone where it was replaced."""
    try:
        head = client("s3").head_object(Bucket=settings().bucket_name, Key=upload.key)
    except ClientError as error:
        raise _told(error, upload.key) from error
    if head["ETag"].strip('"') != upload.etag:
        raise Gone
    return upload.changed(version=head.get("VersionId", ""))


class S3Source:
    """One version of an upload, read by ranges."""

    def __init__(self, upload: Created) -> None:
        self.size = upload.size
        self._upload = upload
        self._sha256: str | None = None

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` up to, not including, `end`. Raises Gone, Archived."""
        content = _range(self._upload, start, end)
        if start == 0 and len(content) == self.size:
            self._sha256 = hashlib.sha256(content).hexdigest()
        return content

    def sha256(self) -> str | None:
        """The whole object's SHA-256 in hex: of the bytes where they were all read, else what the uploader sent.

        None where neither is there; a multipart checksum is a checksum of checksums. Raises Gone.
        """
        if self._sha256 is None:
            try:
                head = client("s3").head_object(**_version(self._upload), ChecksumMode="ENABLED")
            except ClientError as error:
                raise _told(error, self._upload.key) from error
            checksum = head.get("ChecksumSHA256", "")
            if checksum and "-" not in checksum and head.get("ChecksumType") != "COMPOSITE":
                self._sha256 = base64.b64decode(checksum).hex()
        return self._sha256


def read_manifest(upload: Created) -> bytes:
    """The manifest as it was put, at most one byte more than is allowed. Raises Gone, Archived."""
    return _range(upload, 0, min(upload.size, MANIFEST_LIMIT + 1)) if upload.size else b""


def trust_list() -> bytes:
    """The certificates, in PEM, by which it is known who signed a paper; empty where this stack has no list.

    Read anew each time, so that a new list counts at once: signed papers are few.
    """
    key = settings().trust_list_key
    if not key:
        return b""
    try:
        return _read(key)
    except Gone as error:
        raise Bug("no trust list lies where TrustListKey says") from error


def lying(packet: str) -> tuple[list[Stored], bool, str | None]:
    """The files in a packet's folder, whether an old refusal lies there too, and the ETag of the manifest that does.
    One request per thousand files.
    """
    stored, refused, manifest = [], False, None
    pages = client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=settings().bucket_name, Prefix=keys.folder(packet)):
        for item in page.get("Contents", ()):
            refused = refused or item["Key"] == keys.refusal_key(packet)
            if item["Key"] == keys.manifest_key(packet):
                manifest = item["ETag"].strip('"')
            if place := keys.paper_place(item["Key"]):
                _, slot, upload, name = place
                mark = keys.mark(upload, item["ETag"])
                stored.append(
                    Stored(
                        slot=slot,
                        upload=upload,
                        name=name,
                        mark=mark,
                        size=item["Size"],
                        at=item["LastModified"],
                    )
                )
    return stored, refused, manifest


class StoredVersion(Model):
    """One version of an object, or what marks it as deleted."""

    key: str
    version: str
    at: datetime


def versions(packet: str) -> Iterator[StoredVersion]:
    """Every version of a packet's papers, and of their copies for browsers."""
    pages = client("s3").get_paginator("list_object_versions")
    for prefix in (keys.folder(packet), keys.copies_folder(packet)):
        for page in pages.paginate(Bucket=settings().bucket_name, Prefix=prefix):
            for found in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                yield StoredVersion(key=found["Key"], version=found["VersionId"], at=found["LastModified"])


def delete(found: Iterable[StoredVersion]) -> None:
    """Delete these versions for good. Raises Bug where storage keeps one."""
    for some in batched(found, PAGE):
        objects = [{"Key": each.key, "VersionId": each.version} for each in some]
        answer = client("s3").delete_objects(Bucket=settings().bucket_name, Delete={"Objects": objects, "Quiet": True})
        if answer.get("Errors"):
            raise Bug(f"not deleted: {answer['Errors'][0]['Code']}")


def page_of_uploads(after: str, limit: int = PAGE, prefix: str = keys.UPLOADS) -> list[dict[str, Any]]:
    """Up to `limit` objects under packets/ behind the key `after`: Key, ETag, Size, LastModified."""
    found = client("s3").list_objects_v2(Bucket=settings().bucket_name, Prefix=prefix, StartAfter=after, MaxKeys=limit)
    return list(found.get("Contents", ()))


def copy(key: str, version: str, to: str) -> None:
    """Lay one version of a paper in another place, within storage; it keeps its checksum, and is announced as any other
    is. Raises Gone, Archived.
    """
    source = {"Bucket": settings().bucket_name, "Key": key} | ({"VersionId": version} if version else {})
    try:
        client("s3").copy_object(Bucket=settings().bucket_name, Key=to, CopySource=source)
    except ClientError as error:
        raise _told(error, key) from error


def put_copy(packet: str, slot: str, mark: str, kind: ShownKind, content: bytes) -> None:
    """Lay down the copy of a paper that browsers can draw; the same upload always has it in the same place."""
    key = keys.copy_key(packet, slot, mark)
    client("s3").put_object(Bucket=settings().bucket_name, Key=key, Body=content, ContentType=_SHOWN_AS[kind])


def put_status(packet: str, document: bytes) -> None:
    _put(keys.status_key(packet), document)


def put_refusal(packet: str, document: bytes) -> None:
    _put(keys.refusal_key(packet), document)


def delete_refusal(packet: str) -> None:
    client("s3").delete_object(Bucket=settings().bucket_name, Key=keys.refusal_key(packet))


def manifest_mark(packet: str) -> str | None:
    """The ETag of the manifest that lies there; None: there is none. It says nothing of the bytes: it is their MD5 only
    where no key of the city's encrypts them.
    """
    return _listed(keys.manifest_key(packet))


def is_manifest(packet: str, document: bytes) -> bool:
    """Whether exactly this manifest lies there, as after a request to put it whose answer was lost."""
    try:
        with _get(keys.manifest_key(packet)) as body:
            return bool(body.read(len(document) + 1) == document)
    except (Gone, Archived):
        return False


def put_manifest(packet: str, document: bytes, before: str | None) -> bool:
    """Hand an application in. Returns False where another manifest than `before` lies there; nothing is put then."""
    try:
        _put(keys.manifest_key(packet), document, **({"IfMatch": before} if before else {"IfNoneMatch": "*"}))
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] in _CONDITION_FAILED:
            return False
        raise


def put_result_once(packet: str, document: bytes) -> bool:
    """Store the joint result's document. Returns False where one lies there already; it is never written twice."""
    return put_issued_once(keys.result_key(packet), document, "application/json")


def issued(packet: str) -> set[str]:
    """The keys of what was issued to a packet."""
    pages = client("s3").get_paginator("list_objects_v2")
    found = pages.paginate(Bucket=settings().bucket_name, Prefix=keys.issued_folder(packet))
    return {item["Key"] for page in found for item in page.get("Contents", ())}


def put_issued_once(key: str, content: bytes, kind: str) -> bool:
    """Store what is issued. Returns False where something lies there already; it is never written twice."""
    try:
        client("s3").put_object(Bucket=settings().bucket_name, Key=key, Body=content, ContentType=kind, IfNoneMatch="*")
        return True
    except ClientError as error:
        if error.response["Error"]["Code"] in _CONDITION_FAILED:
            return False
        raise


def read_issued(key: str) -> bytes:
    """What was issued. Raises Gone where it was not."""
    return _read(key)


def issued_address(key: str, name: str, kind: str, seconds: int, *, shown: bool) -> str:
    """An address at which a browser shows what was issued for so long, or is given it under a name."""
    placed = "inline" if shown else "attachment"
    asked = {
        "ResponseContentType": kind,
        "ResponseContentDisposition": f'{placed}; filename="{name}"',
        "ResponseCacheControl": "no-store",
    }
    where = {"Bucket": settings().bucket_name, "Key": key}
    return str(client("s3").generate_presigned_url("get_object", Params=where | asked, ExpiresIn=seconds))


def read_result(packet: str) -> bytes:
    """The joint result's document. Raises Gone where none was issued."""
    return read_issued(keys.result_key(packet))


def _put(key: str, document: bytes, **conditions: str) -> None:
    client("s3").put_object(
        Bucket=settings().bucket_name, Key=key, Body=document, ContentType="application/json", **conditions
    )


def _range(upload: Created, start: int, end: int) -> bytes:
    """A range of one version. By the key while that version is its newest; by the version id when it is not.

    A server may pass over a range (RFC 9110) and does so here for reads by version id on some emulators; then the
    answer has no ContentRange and is read no further than needed.
    """
    where, range_ = {"Bucket": settings().bucket_name, "Key": upload.key}, f"bytes={start}-{end - 1}"
    try:
        try:
            answer = client("s3").get_object(**where, Range=range_, IfMatch=upload.etag)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("PreconditionFailed", "412", "NoSuchKey", *_DENIED):
                raise
            answer = client("s3").get_object(**_version(upload), Range=range_)
    except ClientError as error:
        raise _told(error, upload.key) from error
    if "ContentRange" in answer:
        return bytes(answer["Body"].read())
    with answer["Body"] as body:
        return bytes(body.read(end)[start:])


def _version(upload: Created) -> dict[str, str]:
    where = {"Bucket": settings().bucket_name, "Key": upload.key}
    return where | {"VersionId": upload.version} if upload.version else where


def _read(key: str) -> bytes:
    return bytes(_get(key).read())


def _get(key: str) -> Any:
    try:
        return client("s3").get_object(Bucket=settings().bucket_name, Key=key)["Body"]
    except ClientError as error:
        raise _told(error, key) from error


def _told(error: ClientError, key: str) -> Exception:
    """What it means that an object cannot be read.

    Who may list some names alone is told that reading is denied, not that nothing is there: S3 asks for a right to list
    that hangs on no prefix. Then a listing says which of the two it is.
    """
    code = error.response["Error"]["Code"]
    if code == "InvalidObjectState":
        return Archived()
    if code in _DENIED:
        return Gone() if _is_missing(key) else error
    return Gone() if code in ("NoSuchKey", "NoSuchVersion", "404") else error


def _is_missing(key: str) -> bool:
    """Whether nothing has that name, so far as a listing may say so."""
    try:
        return _listed(key) is None
    except ClientError:
        return False


def _listed(key: str) -> str | None:
    """The ETag of what has that name now, by a listing; None: nothing has."""
    found = client("s3").list_objects_v2(Bucket=settings().bucket_name, Prefix=key, MaxKeys=1)
    return next((item["ETag"].strip('"') for item in found.get("Contents", ()) if item["Key"] == key), None)


_SHOWN_AS: dict[ShownKind, str] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "heic": "image/heic",
}
_GIVEN_OUT = ("ofd", "tiff", "heic")  # what no browser shows, or one in ten


def shown_address(key: str, version: str, kind: ShownKind, seconds: int) -> str:
    """An address at which a browser shows, or is given, one version of a paper for so long, as the kind given and as
    nothing else.
    """
    where = {"Bucket": settings().bucket_name, "Key": key} | ({"VersionId": version} if version else {})
    placed = "attachment" if kind in _GIVEN_OUT else "inline"
    asked = {
        "ResponseContentType": _SHOWN_AS[kind],
        "ResponseContentDisposition": placed,
        "ResponseCacheControl": "no-store",
    }
    return str(client("s3").generate_presigned_url("get_object", Params=where | asked, ExpiresIn=seconds))


@cache
def papers_origin() -> str:
    """Where browsers reach the papers: scheme and host of the bucket's own address."""
    address = client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": settings().bucket_name, "Key": keys.UPLOADS}
    )
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
