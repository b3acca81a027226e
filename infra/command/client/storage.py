"""Handing in through object storage: the papers first, side by side; the manifest last, because it submits."""

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from boto3.s3.transfer import TransferConfig
from kaigong.domain.intake.draft import stored_as
from kaigong.domain.model.manifest import Manifest, ManifestFile
from kaigong.errors import Refused

from infra import places

from .connection import Connection
from .faults import CallRefused, translated
from .folder import File

AT_ONCE = 8  # files that are uploaded side by side
# One request up to here: S3 then keeps the SHA-256 of the whole file, not of its parts.
_TRANSFER = TransferConfig(multipart_threshold=256 * 1024 * 1024, use_threads=False)

Progress = Callable[[int], None]


def upload(
    connection: Connection, packet: str, upload_id: str, files: Sequence[File], progress: Progress = lambda _: None
) -> tuple[ManifestFile, ...]:
    """Upload the papers of a packet, with their SHA-256. `progress` is told the bytes as they go, from any thread.

    Returns where they lie, as a manifest lists them. Raises Unreachable or CallRefused; then nothing was submitted.
    """

    def one(file: File) -> ManifestFile:
        content_type = stored_as(file.path.suffix)  # this machine's programs may have other names for the types
        with translated("S3"):
            connection.client("s3").upload_file(
                str(file.path),
                connection.target.bucket,
                f"{places.PAPERS}{packet}/{file.slot}/{upload_id}/{file.path.name}",
                ExtraArgs={"ChecksumAlgorithm": "SHA256", "ContentType": content_type},
                Callback=progress,
                Config=_TRANSFER,
            )
        return ManifestFile(slot=file.slot, upload=upload_id, name=file.path.name)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return tuple(pool.map(one, files))


def submit(connection: Connection, manifest: Manifest) -> None:
    """Put the manifest beside the papers; that submits the packet."""
    body = manifest.model_dump_json(by_alias=True, exclude_none=True, indent=2).encode()
    with translated("S3"):
        connection.client("s3").put_object(
            Bucket=connection.target.bucket,
            Key=_manifest_key(manifest.packet),
            Body=body,
            ContentType="application/json",
            ChecksumAlgorithm="SHA256",
        )


def last_manifest(connection: Connection, packet: str) -> dict[str, Any] | None:
    """The manifest handed in last, as it was written; None where none was."""
    key = _manifest_key(packet)
    try:
        with translated("S3"):
            answer = connection.client("s3").get_object(Bucket=connection.target.bucket, Key=key)
            content = answer["Body"].read()
    except CallRefused as error:
        if error.code in ("NoSuchKey", "404") or (error.code == "AccessDenied" and _is_missing(connection, key)):
            return None
        raise
    try:
        return dict(json.loads(content))
    except (ValueError, TypeError) as error:
        raise Refused(
            f"{packet} 的上一份 manifest.json 不是 JSON 对象；请用 kaigong submit DIR --packet {packet} 重新提交。",
            f"The last manifest of {packet} is no JSON object; hand in again: kaigong submit DIR --packet {packet}.",
        ) from error


def _manifest_key(packet: str) -> str:
    return f"{places.PAPERS}{packet}/manifest.json"


def _is_missing(connection: Connection, key: str) -> bool:
    """Whether nothing has that name: who may list some names alone is told that reading what is not there is denied."""
    with suppress(CallRefused), translated("S3"):
        found = connection.client("s3").list_objects_v2(Bucket=connection.target.bucket, Prefix=key, MaxKeys=1)
        return all(item["Key"] != key for item in found.get("Contents", ()))
    return False
