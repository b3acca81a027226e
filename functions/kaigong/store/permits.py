"""Upload permits: signed requests with which a browser puts one file into one place of object storage, and no other.

Files go from the browser to object storage; the portal only signs, by its own role, and reads nothing of them.
"""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from kaigong.errors import Refused
from kaigong.settings import settings

from .clients import CONFIG, client

MINUTES = 60  # choice: how long a permit is good for; a slow line may need long for one part
PART = 8 * 1024 * 1024  # bytes of each part but the last: what is lost when a line breaks
PLAIN = 16 * 1024 * 1024  # bytes up to which a file goes in one request


class NoSuchUpload(Refused):
    """The upload in parts does not exist: it was never begun, or it was finished or given up."""

    def __init__(self) -> None:
        super().__init__(
            "没有这次分段上传，或已结束；请重新上传。",
            "There is no such upload in parts, or it has ended; upload again.",
        )


class PartsIncomplete(Refused):
    """The parts that came make no file yet: none came, or one before the last is smaller than a part may be."""

    def __init__(self) -> None:
        super().__init__(
            "各段还没有传齐，不能合成文件；请补传后再试。",
            "The parts that came make no file yet; upload the missing ones, then try again.",
        )


# What object storage says of an upload that is not there, also since it was ended, or is being ended, elsewhere
_ENDED = ("NoSuchUpload", "PreconditionFailed", "ConditionalRequestConflict", "404")
_UNFIT = ("MalformedXML", "EntityTooSmall", "InvalidPart", "InvalidPartOrder")  # of the parts that are to make a file


@cache
def _signer() -> Any:
    """S3 as it signs for browsers: by the signature that pins headers, and without checksums that a browser has not."""
    return boto3.client(
        "s3",
        config=CONFIG.merge(
            Config(
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
        ),
    )


def put(key: str, size: int, media_type: str) -> str:
    """The address to which exactly so many bytes of this type may be put, with the headers that `put_headers` names:
    once. What lies there then is not replaced by it, before acceptance nor after.
    """
    return _signed("put_object", Key=key, ContentLength=size, ContentType=media_type, IfNoneMatch="*")


def put_headers(media_type: str) -> dict[str, str]:
    """What a request that uses a permit carries; all of it is signed."""
    return {"Content-Type": media_type, "If-None-Match": "*"}


def form(key: str, limit: int, back: str = "") -> tuple[str, dict[str, str]]:
    """Where a plain HTML form sends a file of at most `limit` bytes, and the fields that it carries. `back`: the whole
    address of the page that comes next; none: storage says that it has the file.

    The place is fixed, and a second file would take the first one's: a page has a form for one file. What the browser
    calls the file's type is not kept: storage then knows none, and a paper is shown as what its examination found.
    """
    fixed: dict[str, str] = {"success_action_redirect": back} if back else {"success_action_status": "201"}
    conditions: list[Any] = [["content-length-range", 1, limit], fixed]
    made = _signer().generate_presigned_post(
        settings().bucket_name, key, Fields=fixed, Conditions=conditions, ExpiresIn=MINUTES * 60
    )
    return str(made["url"]), {str(name): str(value) for name, value in made["fields"].items()}


def begin(key: str, media_type: str) -> str:
    """Begin an upload in parts; its id."""
    begun = client("s3").create_multipart_upload(Bucket=settings().bucket_name, Key=key, ContentType=media_type)
    return str(begun["UploadId"])


def part(key: str, upload_id: str, number: int, size: int) -> str:
    """The address to which exactly so many bytes of one part may be put."""
    return _signed("upload_part", Key=key, UploadId=upload_id, PartNumber=number, ContentLength=size)


def parts(key: str, upload_id: str) -> list[dict[str, Any]]:
    """The parts that came: PartNumber, Size, ETag, in order. Raises NoSuchUpload."""
    pages = client("s3").get_paginator("list_parts")
    try:
        return [
            {"PartNumber": p["PartNumber"], "Size": p["Size"], "ETag": p["ETag"]}
            for page in pages.paginate(Bucket=settings().bucket_name, Key=key, UploadId=upload_id)
            for p in page.get("Parts", ())
        ]
    except ClientError as error:
        raise _known(error) from error


def finish(key: str, upload_id: str) -> int:
    """Make one file of the parts that came, as object storage itself lists them; its size.

    Raises NoSuchUpload, PartsIncomplete.
    """
    came = parts(key, upload_id)
    if not came:
        raise PartsIncomplete
    listed = [{"PartNumber": p["PartNumber"], "ETag": p["ETag"]} for p in came]
    try:
        client("s3").complete_multipart_upload(
            Bucket=settings().bucket_name,
            Key=key,
            UploadId=upload_id,
            MultipartUpload={"Parts": listed},
            IfNoneMatch="*",
        )
    except ClientError as error:
        raise _known(error) from error
    return sum(p["Size"] for p in came)


def give_up(key: str, upload_id: str) -> None:
    """Drop the parts that came. One that does not exist is given up already."""
    try:
        client("s3").abort_multipart_upload(Bucket=settings().bucket_name, Key=key, UploadId=upload_id)
    except ClientError as error:
        if not isinstance(_known(error), NoSuchUpload):
            raise


def _signed(operation: str, **request: Any) -> str:
    bound = {"Bucket": settings().bucket_name, **request}
    return str(_signer().generate_presigned_url(operation, Params=bound, ExpiresIn=MINUTES * 60))


def _known(error: ClientError) -> Exception:
    """What an error of object storage means to who uploads; itself, where that is nothing."""
    code = error.response["Error"]["Code"]
    return NoSuchUpload() if code in _ENDED else PartsIncomplete() if code in _UNFIT else error
