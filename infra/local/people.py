"""The people of a local stack: one of each kind that the system knows, and a second applicant whom nothing concerns."""

import json
import secrets
from typing import Any

from kaigong import catalog

from infra.places import PAPERS
from infra.samples.case import ENTERPRISE

from .stack import Dropper, User

STRANGER_USCC = "91411402MA0KG0010D"  # another made-up enterprise, in the standard's shape


def create(identity: Any, user_pool_id: str, departments: list[str]) -> tuple[User, ...]:
    """Make the users that the stack is tried with. `identity` is a Cognito client."""
    users = (
        _user("applicant", "applicant", uscc=ENTERPRISE.uscc),
        _user("stranger", "applicant", uscc=STRANGER_USCC),
        *(_user(f"officer-{department}", "department", department=department) for department in departments),
        _user("lead", "department", "lead", department="resources"),
        _user("window", "window", department="approvals"),
        _user("supervisor", "supervisor", department="approvals"),
        *(_user(f"supervisor-{department}", "supervisor", department=department) for department in departments),
        _user("operations", "operations"),
        _user("leader", "leader"),
    )
    for user in users:
        identity.admin_create_user(
            UserPoolId=user_pool_id,
            Username=user.username,
            UserAttributes=_attributes(user),
            MessageAction="SUPPRESS",
        )
        identity.admin_set_user_password(
            UserPoolId=user_pool_id,
            Username=user.username,
            Password=user.password.get_secret_value(),
            Permanent=True,
        )
        for group in user.groups:
            identity.admin_add_user_to_group(UserPoolId=user_pool_id, Username=user.username, GroupName=group)
    return users


def droppers(iam: Any, stack: str, bucket: str) -> tuple[Dropper, ...]:
    """Accounts that apply by object storage alone, with the rights of infra/partners/dropper.yaml. `iam`: a client."""
    return tuple(_dropper(iam, stack, bucket, uscc) for uscc in (ENTERPRISE.uscc, STRANGER_USCC))


def _dropper(iam: Any, stack: str, bucket: str, uscc: str) -> Dropper:
    name, folder = f"{stack}-dropper-{uscc}", f"{PAPERS}{uscc}-"
    allowed = {
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:GetObject"],
        "Resource": f"arn:aws:s3:::{bucket}/{folder}*",
    }
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [allowed]}
    iam.put_user_policy(UserName=name, PolicyName="drops", PolicyDocument=json.dumps(policy))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Dropper(key=made["AccessKeyId"], secret=made["SecretAccessKey"], uscc=uscc, folder=folder)


def _attributes(user: User) -> list[dict[str, str]]:
    """What the pool knows of a user. Officers have a name: it stands on decisions, and applicants are told it;
    applicants have one to sign commitment letters with.
    """
    custom = [{"Name": f"custom:{name}", "Value": value} for name, value in user.attributes.items()]
    if "lead" in user.groups:
        called = f"{catalog.load().departments[user.attributes['department']].name.zh}负责人"
    elif "department" in user.groups:
        called = f"{catalog.load().departments[user.attributes['department']].name.zh}经办人"
    elif "supervisor" in user.groups:
        called = f"{catalog.load().departments[user.attributes['department']].name.zh}检查员"
    elif "window" in user.groups:
        called = "综合窗口经办人"
    elif "applicant" in user.groups:
        called = ENTERPRISE.legal_representative or ENTERPRISE.name
    else:
        return custom
    return [*custom, {"Name": "name", "Value": called}]


def _user(username: str, *groups: str, **attributes: str) -> User:
    password = (
        f"Kg-{secrets.randbelow(10)}{secrets.token_urlsafe(12)}"  # whatever comes, the pool's password rule is met
    )
    return User.model_validate({"username": username, "password": password, "groups": groups, "attributes": attributes})
