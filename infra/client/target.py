"""Which stack to talk to, and where its parts are.

A stack that `kaigong up` started has described itself in `.local/run/<stack>/stack.json`; any other stack is looked up
on AWS, in the outputs of its CloudFormation stack, with the credentials at hand.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaigong.errors import KaigongError

DEFAULT_STACK = "kaigong"
RUN = Path(__file__).parents[2] / ".local" / "run"


class NoSuchStack(KaigongError):
    """There is no stack of that name to talk to."""


@dataclass(frozen=True)
class SignIn:
    """Who the command is for the JSON API."""

    client_id: str  # of the user pool's client
    username: str
    password: str


@dataclass(frozen=True)
class Target:
    """One deployed stack. `endpoint_url` is that of the local AWS; None means AWS itself."""

    stack: str
    region: str
    bucket: str
    queue_url_base: str  # a queue's address is this plus its short name
    portal_url: str
    user_pool_client_id: str
    endpoint_url: str | None = None
    username: str | None = None
    password: str | None = None

    def queue_url(self, short_name: str) -> str:
        return f"{self.queue_url_base}{short_name}"

    def sign_in(self) -> SignIn:
        """KAIGONG_USER and KAIGONG_PASSWORD, or else the window's own user of a local stack.

        Raises KaigongError when nobody is known.
        """
        username = os.environ.get("KAIGONG_USER") or self.username
        password = os.environ.get("KAIGONG_PASSWORD") or self.password
        if not username or not password:
            raise KaigongError(
                "不知道以谁的身份登录：请设置环境变量 KAIGONG_USER 和 KAIGONG_PASSWORD。",
                "Nobody to sign in as: set the environment variables KAIGONG_USER and KAIGONG_PASSWORD.",
            )
        return SignIn(self.user_pool_client_id, username, password)
