"""boto3 clients, made once a process and only when a function first needs one."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from kaigong.errors import TryAgain
from kaigong.settings import settings

CONFIG = Config(connect_timeout=3)
_S3 = Config(signature_version="s3v4")  # of addresses that are given away: the older one ignores versions and regions


@cache
def client(service: str) -> Any:
    """The client of one AWS service."""
    known = settings()
    waits = {"mode": "standard", "max_attempts": known.call_attempts}
    config = CONFIG.merge(Config(read_timeout=known.call_seconds, retries=waits))
    return boto3.client(service, config=config.merge(_S3) if service == "s3" else config)


def is_outage(error: BaseException) -> bool:
    """Whether a part of the system did not answer, as against an error of ours: then it helps to try again later."""
    if isinstance(error, ClientError):
        answered = error.response
        status = answered.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or answered["Error"]["Code"] in _OVERRUN
    return isinstance(error, HTTPClientError | NoConnection | TryAgain)


_OVERRUN = (
    "ThrottlingException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "SlowDown",
)
