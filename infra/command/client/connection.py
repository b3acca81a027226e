"""The AWS clients of one stack. A local stack is asked with its own made-up key, never with anybody's credentials."""

import threading
from typing import Any

import boto3
from botocore.config import Config

from infra.command import clock
from infra.local.stack import ACCESS_KEY_ID, SECRET_ACCESS_KEY

from .target import Target, locate

_LOCAL_KEY = {"aws_access_key_id": ACCESS_KEY_ID, "aws_secret_access_key": SECRET_ACCESS_KEY}
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,  # longer than SQS's longest wait
    retries={"mode": "standard", "total_max_attempts": 4},
    max_pool_connections=32,  # the demo's departments wait on their queues side by side
)
_BUSY = Config(connect_timeout=60, read_timeout=240)  # one machine that does everything at once is slow, and not down


class Connection:
    """A stack and the clients that talk to it. May be shared by threads. The command goes by its hall's clock."""

    def __init__(self, target: Target) -> None:
        self.target = target
        clock.go_by(target.zone)
        key = _LOCAL_KEY if target.local else {}
        self._config = _CONFIG.merge(_BUSY) if target.local else _CONFIG
        self._session = boto3.Session(region_name=target.region, **key)
        self._lock = threading.Lock()  # making a client is not thread-safe; using one is
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        """The client of an AWS service, made on first use."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(
                    service, endpoint_url=self.target.endpoint_url, config=self._config
                )
            return self._clients[service]


def connect(stack: str | None) -> Connection:
    """A connection to the named stack; None: the local one. Raises NoSuchStack."""
    return Connection(locate(stack))
