"""Which stack to talk to, and where its parts are.

A local stack has described itself where `kaigong up` started it; any other stack is looked up on AWS, in the outputs
and parameters of its CloudFormation stack, with the credentials at hand.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import boto3
from kaigong.domain.model.clock import TIME_ZONE
from kaigong.errors import Refused

from infra.local import Stack
from infra.local.emulator import Emulator
from infra.local.lifecycle import DEFAULT_STACK, STACK

from .faults import CallRefused, translated


class NoSuchStack(Refused):
    """There is no stack of that name to talk to."""


@dataclass(frozen=True)
class Target:
    """One deployed stack. `local` is its description where it runs on this machine; None means AWS."""

    stack: str
    region: str | None  # None: whatever the credentials at hand say
    bucket: str
    queue_url_base: str  # a queue's address is this plus its short name
    portal_url: str
    metadata_url: str  # of the issuer that says who people are
    command_client_id: str  # what that issuer calls this command; empty: it does not know it
    scopes: str = "openid profile"  # what is asked for at sign-in
    time_zone: str = TIME_ZONE  # of its hall
    local: Stack | None = None

    @property
    def endpoint_url(self) -> str | None:
        return self.local.endpoint_url if self.local else None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def queue_url(self, short_name: str) -> str:
        return f"{self.queue_url_base}{short_name}"

    def user(self, role: str, named: str | None = None) -> tuple[str, str]:
        """A user of a local stack with the password: who is named, else the stack's own user of the role.

        Raises Refused for who is none of them.
        """
        own = {user.username: user.password.get_secret_value() for user in self.local.users} if self.local else {}
        if (username := named or role) in own:
            return username, own[username]
        raise Refused(
            f"本机系统没有账号 {username}。请用 --as 选择：{'、'.join(own)}。",
            f"This local stack has no account {username}. Choose one with --as: {', '.join(own)}.",
        )


def locate(stack: str | None) -> Target:
    """The stack of that name: here if it was started here, else on AWS; None: the local one.

    Raises NoSuchStack, and Unreachable where AWS cannot be asked.
    """
    name = stack or DEFAULT_STACK
    emulator = Emulator(name)
    description = emulator.folder / STACK
    if description.exists() and emulator.is_running():
        return of_local(Stack.model_validate_json(description.read_bytes()))
    if stack is None or description.exists():
        raise _not_up(name)
    return _on_aws(stack)


def of_local(stack: Stack) -> Target:
    """The target that a local stack is."""
    return Target(
        stack=stack.stack,
        region=stack.region,
        bucket=stack.bucket,
        queue_url_base=stack.queues["decisions"].removesuffix("decisions"),
        portal_url=stack.portal_url,
        metadata_url=stack.metadata_url,
        command_client_id=stack.command_client_id,
        time_zone=stack.time_zone,
        local=stack,
    )


def _not_up(name: str) -> NoSuchStack:
    option = "" if name == DEFAULT_STACK else f" --stack {name}"
    return NoSuchStack(
        f"本机的系统 {name} 没有启动。请先运行 kaigong up{option}。",
        f"The local stack {name} is not up. Run kaigong up{option} first.",
    )


def _on_aws(name: str) -> Target:
    try:
        with translated("CloudFormation"):
            session = boto3.Session()  # AWS_PROFILE may name what is not there
            found = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
    except CallRefused as error:
        if error.code != "ValidationError":
            raise
        raise NoSuchStack(
            f"本机和 AWS 上都没有名为 {name} 的系统。请核对名称、账号和区域。",
            f"There is no stack {name}, neither here nor on AWS. Check the name, the account and the region.",
        ) from error
    outputs = {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
    parameters = {given["ParameterKey"]: given["ParameterValue"] for given in found.get("Parameters", ())}
    try:
        return Target(
            stack=name,
            region=session.region_name,
            bucket=outputs["BucketName"],
            queue_url_base=outputs["QueueUrlBase"],
            portal_url=outputs["PortalUrl"],
            metadata_url=outputs["IdentityMetadataUrl"],
            command_client_id=outputs["IdentityAudiences"].partition(",")[0],
            scopes=outputs["IdentityScopes"],
            time_zone=parameters["TimeZone"],
        )
    except KeyError as error:
        raise NoSuchStack(
            f"AWS 上的 {name} 不是开工系统：缺少输出或参数 {error}。",
            f"{name} on AWS is no Kaigong stack: it has no output or parameter {error}.",
        ) from error
