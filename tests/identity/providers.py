"""Issuers that tests sign in at, each with its own names for everything: what of them the portal is told, and what a
person's browser, or the issuer's own administrator, does there.
"""

import json
import os
import re
import subprocess
from abc import ABC, abstractmethod
from html import unescape
from typing import Any, Self
from urllib.parse import urljoin

import boto3
import pytest
import requests

from infra.identity.client import Client
from infra.local import deploy, people
from infra.local.emulator import Emulator
from infra.local.paths import ROOT
from infra.local.sign_in import at_form
from infra.local.stack import client
from infra.samples.case import ENTERPRISE
from tests.functions.test_pages import HOST
from tests.patience import PATIENCE, eventually

PORTAL, LOOPBACK = f"https://{HOST}", "http://localhost:47811/"


class Provider(ABC):
    """An issuer with an applicant, a stranger, an officer of the water department and the window."""

    second_factor = False  # whether its tokens tell of one
    tells = False  # whether it says by itself that sessions ended (back-channel logout); Cognito does not
    heard: list[int]  # what it was answered when it said so

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What a stack is told of it."""

    @property
    @abstractmethod
    def metadata_url(self) -> str: ...

    @property
    @abstractmethod
    def command(self) -> Client: ...

    @property
    @abstractmethod
    def program(self) -> tuple[Client, str]:
        """The client of the water department's system, and its secret."""

    @abstractmethod
    def sign_in(self, address: str, username: str, *, strong: bool = False) -> str:
        """Where a new browser of this person comes back to that opens this address and signs in."""

    @abstractmethod
    def sign_out(self, address: str) -> str:
        """Where the browser that signed in last comes back to that opens this address and confirms."""

    @abstractmethod
    def disable(self, username: str) -> None: ...

    @abstractmethod
    def enable(self, username: str) -> None: ...

    @abstractmethod
    def end_sessions(self, username: str) -> None:
        """End what sessions of its own a user has who just signed in."""

    @abstractmethod
    def put_out_of_group(self, username: str) -> None: ...

    @abstractmethod
    def put_into_group(self, username: str) -> None: ...

    def prepare(self, patch: pytest.MonkeyPatch) -> None:  # noqa: B027 - an issuer may need nothing
        """What there must be in the portal's account."""


class Cognito(Provider):
    """A user pool of infra/identity, on the emulator."""

    def __init__(self, _: str) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._emulator = Emulator(f"kaigong-test-identity-{worker}")

    def __enter__(self) -> Self:
        self._emulator.stop()
        self._emulator.forget()
        self._emulator.start()
        self.address = self._emulator.endpoint_url
        name = "identity"
        deploy.identity(name, self.address)
        deploy.send_back_to(name, self.address, PORTAL)
        self._told = deploy.identity(name, self.address)
        self.pool, self._api = self._told["UserPoolId"], client(self.address, "cognito-idp", deploy.REGION)
        self._users = {user.username: user for user in people.create(self._api, self.pool, ["water"])}
        self._program = self._made_program()
        return self

    def __exit__(self, *_: object) -> None:
        self._emulator.stop()
        self._emulator.forget()

    @property
    def environment(self) -> dict[str, str]:
        told = {
            "IDENTITY_ISSUER": self._told["IdentityIssuer"],
            "IDENTITY_CLIENT_ID": self._told["IdentityClientId"],
            "IDENTITY_CLAIMS": self._told["IdentityClaims"],
            "IDENTITY_AUDIENCES": self._told["IdentityAudiences"],
            "IDENTITY_METADATA_URL": self.metadata_url,
            "IDENTITY_PROGRAMS": self._mapping,
        }
        return told

    @property
    def metadata_url(self) -> str:
        return f"{self.address}/{self.pool}/.well-known/openid-configuration"

    @property
    def command(self) -> Client:
        return Client(self.metadata_url, self._told["IdentityAudiences"])

    @property
    def program(self) -> tuple[Client, str]:
        return self._program

    def _made_program(self) -> tuple[Client, str]:
        """As infra/identity/program.yaml makes the client of a department's system."""
        cloudformation, name = client(self.address, "cloudformation", deploy.REGION), "water-system"
        told = {"UserPoolId": self.pool, "Department": "water"}
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=(ROOT / "infra" / "identity" / "program.yaml").read_text(),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in told.items()],
        )
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        outputs = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
        self._mapping = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "IdentityProgram")
        made = self._api.describe_user_pool_client(UserPoolId=self.pool, ClientId=self._mapping.partition("=")[0])
        found = made["UserPoolClient"]
        return Client(self.metadata_url, found["ClientId"], "kaigong/department"), found["ClientSecret"]

    def registration(self) -> dict[str, Any]:
        """How the pool knows the portal."""
        client_id = self._told["IdentityClientId"]
        found = self._api.describe_user_pool_client(UserPoolId=self.pool, ClientId=client_id)
        return dict(found["UserPoolClient"])

    def sign_in(self, address: str, username: str, *, strong: bool = False) -> str:
        assert not strong
        return at_form(address, username, self._users[username].password.get_secret_value())

    def sign_out(self, address: str) -> str:
        return str(requests.get(address, allow_redirects=False, timeout=PATIENCE).headers.get("Location"))

    def disable(self, username: str) -> None:
        self._api.admin_disable_user(UserPoolId=self.pool, Username=username)

    def enable(self, username: str) -> None:
        self._api.admin_enable_user(UserPoolId=self.pool, Username=username)

    def end_sessions(self, username: str) -> None:
        self._api.admin_user_global_sign_out(UserPoolId=self.pool, Username=username)

    def put_out_of_group(self, username: str) -> None:
        [group] = self._users[username].groups
        self._api.admin_remove_user_from_group(UserPoolId=self.pool, Username=username, GroupName=group)

    def put_into_group(self, username: str) -> None:
        [group] = self._users[username].groups
        self._api.admin_add_user_to_group(UserPoolId=self.pool, Username=username, GroupName=group)


class OidcProvider(Provider):
    """npm's oidc-provider, with a confidential client, names of its own, and refresh tokens that count once."""

    second_factor = tells = True
    SECRET = "the portal's, %+ &"

    def __init__(self, backchannel: str) -> None:
        self._backchannel = f"{backchannel}/backchannel-logout"
        self._browser = requests.Session()
        self._users: dict[str, dict[str, Any]] = {
            "applicant": {"name": "张法人", "uscc": ENTERPRISE.uscc, "realm": {"roles": ["qiye"]}},
            "stranger": {"name": "李四", "uscc": people.STRANGER_USCC, "realm": {"roles": ["qiye", "other"]}},
            "officer-water": {"name": "王经办", "unit": "slj", "realm": {"roles": ["department"]}},
            "window": {"name": "赵窗口", "realm": {"roles": ["window"]}},
        }

    def __enter__(self) -> Self:
        setup = {
            "users": self._users,
            "portal": PORTAL,
            "loopback": LOOPBACK,
            "backchannel": self._backchannel,
        }
        self._process = subprocess.Popen(
            [ROOT / "infra" / "issuer"],
            env=os.environ | {"SETUP": json.dumps(setup)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.address = self._process.stdout.readline().strip()
        if not self.address:
            pytest.skip(self._process.communicate()[1].strip())
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._process.communicate(timeout=PATIENCE)

    def prepare(self, patch: pytest.MonkeyPatch) -> None:
        secret = boto3.client("secretsmanager").create_secret(Name="portal", SecretString=self.SECRET)
        patch.setenv("IDENTITY_CLIENT_SECRET_ARN", secret["ARN"])

    @property
    def environment(self) -> dict[str, str]:
        return {
            "IDENTITY_ISSUER": self.address,
            "IDENTITY_CLIENT_ID": "portal",
            "IDENTITY_SCOPES": "openid profile city",
            "IDENTITY_CLAIMS": "groups=realm.roles,department=unit",
            "IDENTITY_GROUPS": "qiye=applicant",
            "IDENTITY_DEPARTMENTS": "slj=water",
            "IDENTITY_OFFICER_FACTORS": "urn:city:two",
            "IDENTITY_AUDIENCES": "command,urn:kaigong:api",
            "IDENTITY_PROGRAMS": "water-system=water",
        }

    @property
    def metadata_url(self) -> str:
        return f"{self.address}/.well-known/openid-configuration"

    @property
    def command(self) -> Client:
        return Client(self.metadata_url, "command", "openid profile city")

    @property
    def program(self) -> tuple[Client, str]:
        return Client(self.metadata_url, "water-system", "department"), "the water department's"

    def sign_in(self, address: str, username: str, *, strong: bool = False) -> str:
        self._browser.close()
        self._browser = requests.Session()
        return self._goes_on("GET", address, {"username": username, **({"amr": "otp"} if strong else {})})

    def sign_out(self, address: str) -> str:
        page = self._browser.get(address, timeout=PATIENCE)
        [xsrf] = re.findall(r'name="xsrf" value="([^"]+)"', page.text)
        [action] = re.findall(r'action="([^"]+)"', page.text)
        where = urljoin(address, unescape(action))
        return self._goes_on("POST", where, {}, {"xsrf": xsrf, "logout": "yes"})

    def disable(self, username: str) -> None:
        self._change(username, disabled=True)

    def enable(self, username: str) -> None:
        self._change(username, disabled=False)

    def end_sessions(self, username: str) -> None:  # noqa: ARG002 - it is the one whose browser it has
        self.heard.clear()
        self.sign_out(f"{self.address}/session/end?client_id=portal")
        eventually(lambda: self.heard == [200])

    def put_out_of_group(self, username: str) -> None:
        self._change(username, realm={"roles": ["other"]})

    def put_into_group(self, username: str) -> None:
        self._change(username, realm=self._users[username]["realm"])

    def _change(self, username: str, **changed: Any) -> None:
        said = {name: json.dumps(value) for name, value in changed.items()}
        requests.post(f"{self.address}/tests/user", {"username": username, **said}, timeout=PATIENCE).raise_for_status()

    def _goes_on(self, method: str, address: str, says: dict[str, str], form: dict[str, str] | None = None) -> str:
        """Follow the issuer's redirects, as a browser does, until they leave it; sign in where it asks who it is."""
        for _ in range(12):
            answer = self._browser.request(method, address, data=form, allow_redirects=False, timeout=PATIENCE)
            if "Location" in answer.headers:
                address, method, form = urljoin(address, answer.headers["Location"]), "GET", None
                if not address.startswith(self.address):
                    return address
            elif "/interaction/" in address:
                method, form = "POST", says
            elif address.endswith("/session/end/success"):  # nobody asked to be led on
                return address
            else:
                raise AssertionError(f"{answer.status_code} at {address}: {answer.text[:500]}")
        raise AssertionError("no end of redirects")
