"""The audit log: a log group of its own, of who signed in and out, was refused something, or looked at a paper.

Each entry is kept when the call returns. Where the group cannot be reached, who keeps one says so in its own log.
"""

import json
import time
from datetime import datetime
from functools import cache
from uuid import uuid4

from kaigong.settings import settings

from .clients import client


def keep(entry: dict[str, str], at: datetime) -> None:
    """Keep one entry. It names accounts and objects by their ids alone, and no person, paper or word."""
    client("logs").put_log_events(
        logGroupName=settings().audit_log,
        logStreamName=_stream(),
        logEvents=[{"timestamp": int(at.timestamp() * 1000), "message": json.dumps(entry)}],
    )


@cache
def _stream() -> str:
    """This process's stream: streams are for writers, and say nothing."""
    name = f"{time.strftime('%Y/%m/%d')}/{uuid4().hex}"
    client("logs").create_log_stream(logGroupName=settings().audit_log, logStreamName=name)
    return name
