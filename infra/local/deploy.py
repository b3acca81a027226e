"""`sam deploy` of a build to an emulator, and what the stack then consists of."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError, WaiterError
from kaigong.errors import Refused

from . import build, paths
from .stack import ACCESS_KEY_ID, SECRET_ACCESS_KEY, client

REGION = "us-east-1"
ARTIFACTS = "artifacts"
# All that differs from production beside runtime and processor: nothing outlives the stack, there is no TLS here, all
# functions share one machine, nobody waits five minutes for papers that may still come, and a breach can be repaired on
# the day, so that the demo can show it and be played again.
PARAMETERS = (
    "Retain=false",
    "TlsOnly=false",
    "OneMachine=true",
    "QuietSeconds=10",
    "BreachRepairDays=0",
    "Droppers=*=*",  # the emulator's events name everybody EXAMPLE
)


def deploy(name: str, built: build.Build, endpoint_url: str, stamps: str, log: Path) -> None:
    """Create or update the stack. Raises Refused with the resource that failed."""
    client(endpoint_url, "s3", REGION).create_bucket(Bucket=ARTIFACTS)
    environment = build.tool_environment() | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
    }
    deployed = build.sam(
        "deploy",
        "--config-file",
        paths.ROOT / "samconfig.toml",
        "--template-file",
        built.template,
        "--stack-name",
        name,
        "--s3-bucket",
        ARTIFACTS,
        "--no-resolve-s3",
        "--no-confirm-changeset",
        "--no-progressbar",
        "--parameter-overrides",
        *built.parameters,
        *PARAMETERS,
        *_issuer(name, endpoint_url),
        f"TimestampUrl={stamps}",
        f"PublicUrl={endpoint_url}/_aws/execute-api/{{api}}/$default",
        "--tags",
        *(f"{name}={value}" for name, value in asdict(built.origin).items()),
        log=log,
        environment=environment,
    )
    if not deployed:
        reasons = _failures(name, endpoint_url) or log.read_text(errors="replace").strip().splitlines()[-1:]
        raise Refused(f"sam deploy 失败,详见 {log}:\n" + "\n".join(reasons), f"sam deploy failed; see {log}.")


def identity(name: str, endpoint_url: str) -> dict[str, str]:
    """The outputs of the stack that says who people are, made where it is not there yet. Raises Refused."""
    cloudformation, stack = client(endpoint_url, "cloudformation", REGION), f"{name}-identity"
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError:  # as in `origin`
        cloudformation.create_stack(
            StackName=stack,
            TemplateBody=paths.IDENTITY.read_text(),
            Parameters=_identity_parameters(endpoint_url),
        )
        _wait(stack, endpoint_url, "stack_create_complete")
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def send_back_to(name: str, endpoint_url: str, portal_url: str) -> None:
    """Tell the stack of identities where the portal is, now that its address is known. Raises Refused."""
    cloudformation, stack = client(endpoint_url, "cloudformation", REGION), f"{name}-identity"
    found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    if {"ParameterKey": "PortalUrl", "ParameterValue": portal_url} not in found:
        told = _identity_parameters(portal_url)
        cloudformation.update_stack(StackName=stack, TemplateBody=paths.IDENTITY.read_text(), Parameters=told)
        _wait(stack, endpoint_url, "stack_update_complete")


def _identity_parameters(portal_url: str) -> list[dict[str, str]]:
    told = {"Retain": "false", "PortalUrl": portal_url}
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in told.items()]


def _wait(stack: str, endpoint_url: str, until: str) -> None:
    cloudformation = client(endpoint_url, "cloudformation", REGION)
    try:
        cloudformation.get_waiter(until).wait(StackName=stack, WaiterConfig={"Delay": 1})
    except WaiterError as error:
        reasons = "\n".join(_failures(stack, endpoint_url))
        raise Refused(f"{stack} 部署失败:\n{reasons}", f"{stack} was not deployed.") from error


def _issuer(name: str, endpoint_url: str) -> list[str]:
    """What the main stack is told of it. The emulator's issuer has AWS's name, and answers here."""
    made = identity(name, endpoint_url)
    told = [f"{parameter}={value}" for parameter, value in made.items() if parameter != "UserPoolId"]
    return [*told, f"IdentityMetadataUrl={endpoint_url}/{made['UserPoolId']}/.well-known/openid-configuration"]


def origin(name: str, endpoint_url: str) -> build.Origin | None:
    """What the stack was deployed from; None where there is no such stack."""
    try:
        stack = client(endpoint_url, "cloudformation", REGION).describe_stacks(StackName=name)["Stacks"][0]
    except ClientError:  # CloudFormation has no code of its own for it: ValidationError
        return None
    return build.Origin(**{tag["Key"]: tag["Value"] for tag in stack["Tags"]})


def describe(name: str, endpoint_url: str) -> dict[str, Any]:
    """The stack's outputs and parameters by name."""
    stack = client(endpoint_url, "cloudformation", REGION).describe_stacks(StackName=name)["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]} | {
        p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]
    }


def queues(name: str, endpoint_url: str) -> dict[str, str]:
    """Every queue of the stack by its short name."""
    sqs = client(endpoint_url, "sqs", REGION)
    pages = sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"{name}-")
    urls = sorted(url for page in pages for url in page.get("QueueUrls", []))
    return {url.rsplit("/", 1)[1].removeprefix(f"{name}-"): url for url in urls}


def lock_anchors(name: str, endpoint_url: str) -> None:
    """What the emulator drops from the template: anchors are written once. A day is enough here."""
    facts = describe(name, endpoint_url)
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    client(endpoint_url, "s3", REGION).put_object_lock_configuration(
        Bucket=facts["AnchorBucketName"],
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
    )


def _failures(name: str, endpoint_url: str) -> list[str]:
    try:
        events = client(endpoint_url, "cloudformation", REGION).describe_stack_events(StackName=name)["StackEvents"]
    except ClientError:  # it failed before there was a stack
        return []
    return [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
        for event in events
        if event["ResourceStatus"].endswith("_FAILED")
    ]
