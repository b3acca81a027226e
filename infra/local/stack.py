"""What a client needs to know of a running stack; `kaigong up --json` prints it."""

from functools import cache
from typing import Any

import boto3
from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer

# The emulator's root account. It is no secret: the emulator listens to this machine alone.
ACCESS_KEY_ID = SECRET_ACCESS_KEY = "test"  # noqa: S105 - the emulator's published credentials, good for nothing else


class User(BaseModel):
    """One person of the stack's user pool. Made up, with a password of this stack alone."""

    model_config = ConfigDict(frozen=True)

    username: str
    password: SecretStr
    groups: tuple[str, ...]
    attributes: dict[str, str]  # custom attributes by their short names: uscc, department

    @field_serializer("password", when_used="json")
    def _tell(self, password: SecretStr) -> str:
        return password.get_secret_value()  # who may read the stack's file may sign in to it


class Dropper(BaseModel):
    """An account that applies for one enterprise by object storage alone. Made up, good for this stack alone."""

    model_config = ConfigDict(frozen=True)

    key: str
    secret: SecretStr
    uscc: str
    folder: str  # what the keys begin with that it may put: a packet's name follows

    @field_serializer("secret", when_used="json")
    def _tell(self, secret: SecretStr) -> str:
        return secret.get_secret_value()  # as with a user's password


class Stack(BaseModel):
    """A deployed stack: its addresses and names."""

    model_config = ConfigDict(frozen=True)

    stack: str
    portal_url: str
    endpoint_url: str
    region: str
    bucket: str
    table: str
    queues: dict[str, str]  # short name → URL, dead-letter queues (`<name>-dlq`) too
    topic: str  # ARN of the notices topic
    user_pool_id: str
    user_pool_client_id: str
    users: tuple[User, ...]
    droppers: tuple[Dropper, ...] = ()

    def client(self, service: str) -> Any:
        """A boto3 client of this stack's emulator, with all rights."""
        return client(self.endpoint_url, service, self.region)

    def user(self, username: str) -> User:
        """The user of that name. Raises KeyError."""
        return {user.username: user for user in self.users}[username]

    def token(self, username: str) -> str:
        """An ID token for the JSON API: the header is `Authorization: Bearer <token>`. Good for an hour."""
        user = self.user(username)
        answer = self.client("cognito-idp").initiate_auth(
            ClientId=self.user_pool_client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": user.password.get_secret_value()},
        )
        return str(answer["AuthenticationResult"]["IdToken"])


@cache
def client(endpoint_url: str, service: str, region: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
    )
