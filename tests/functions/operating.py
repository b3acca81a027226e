"""The connection of who operates the stack, to moto."""

from typing import Any, cast

import boto3

from infra.command.client import Connection, Target

from .world import ENVIRONMENT, REGION, STACK


class _Here:
    target = Target(STACK, REGION, ENVIRONMENT["BUCKET_NAME"], "", "", "", "")

    def client(self, service: str) -> Any:
        return boto3.client(service)


def operator() -> Connection:
    return cast(Connection, _Here())
