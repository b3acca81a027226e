"""boto3 clients, made once a process and only when a function first needs one."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A function is redelivered its event when a call fails, so a short wait and few retries beat hanging until the timeout.
CONFIG = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "max_attempts": 3})
_S3 = Config(signature_version="s3v4")  # of addresses that are given away: the older one ignores versions and regions


@cache
def client(service: str) -> Any:
    """The client of one AWS service."""
    return boto3.client(service, config=CONFIG.merge(_S3) if service == "s3" else CONFIG)
