"""What a client needs to know of a running stack; `kaigong up --json` prints it."""

from functools import cache
from typing import Any

import boto3
from kaigong.domain.model.clock import TIME_ZONE
from pydantic import BaseModel, ConfigDict, SecretStr, field_serializer

from infra.identity.client import Client, Tokens

from .sign_in import at_form

COMMAND_REDIRECT = "http://localhost:47811/"  # as infra/identity/cognito.yaml registers it
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
    time_zone: str = TIME_ZONE  # of its hall
    user_pool_id: str
    user_pool_client_id: str
    users: tuple[User, ...]
    command_client_id: str = ""  # of the kaigong command, and of tests
    droppers: tuple[Dropper, ...] = ()

    def client(self, service: str) -> Any:
        """A boto3 client of this stack's emulator, with all rights."""
        return client(self.endpoint_url, service, self.region)

    def user(self, username: str) -> User:
        """The user of that name. Raises KeyError."""
        return {user.username: user for user in self.users}[username]

    @property
    def metadata_url(self) -> str:
        """Where the metadata of the stack's issuer lie."""
        return f"{self.endpoint_url}/{self.user_pool_id}/.well-known/openid-configuration"

    def token(self, username: str) -> str:
        """An ID token for the JSON API: the header is `Authorization: Bearer <token>`. Good for an hour."""
        return self.signed_in(username).bearer

    def signed_in(self, username: str) -> Tokens:
        """The tokens of a user, as the command gets them. Raises NotSignedIn."""
        user = self.user(username)
        password = user.password.get_secret_value()
        command = Client(self.metadata_url, self.command_client_id)
        return command.by_browser(COMMAND_REDIRECT, lambda address: at_form(address, user.username, password))


@cache
def client(endpoint_url: str, service: str, region: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
    )
