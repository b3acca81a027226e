"""What each function's role allows, by the template's own policies, as IAM decides it.

The emulator does not know `dynamodb:LeadingKeys` and `dynamodb:Attributes`; here they are weighed as AWS documents
them, and every call that the tests of the handlers make is held against the role of the function that makes it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from typing import Any

from .resolved import Resolved

Context = dict[str, list[str]]


@dataclass(frozen=True)
class Call:
    """One thing that is asked of AWS: what IAM is told of it."""

    action: str
    resource: str
    context: Context


class NotAllowed(AssertionError):
    """The role of this function does not allow what it just did."""


def role(function: str, of: Resolved) -> list[dict[str, Any]]:
    """The statements of a function's role, those of policies of their own with them."""
    name = f"{function.capitalize()}FunctionRole"
    properties = of.resources[name]["Properties"]
    own, named = properties["Policies"], properties.get("ManagedPolicyArns", ())
    more = [each["Properties"] for each in of.resources.values() if each["Type"] == "AWS::IAM::Policy"]
    policies = [*own, *(policy for policy in more if name in policy["Roles"])]
    policies += [of.resources[managed]["Properties"] for managed in named]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


@cache
def _allowed(function: str, of: "_Deployment", action: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """What the role says of one action: where, and on what conditions."""
    return [
        (re.compile("|".join(translate(resource) for resource in listed(statement["Resource"]))), statement)
        for statement in role(function, of.resolved)
        if any(re.fullmatch(translate(named), action) for named in listed(statement["Action"]))
    ]


@dataclass(frozen=True)
class _Deployment:
    """A deployment by its address: what it resolves to is not to be compared."""

    region: str
    account: str
    stack: str

    @property
    def resolved(self) -> Resolved:
        return _resolved(self)


@cache
def _resolved(of: _Deployment) -> Resolved:
    url, arn = "https://credit.example.test", f"arn:aws:secretsmanager:{of.region}:{of.account}:secret:token"
    asked = {"CreditPlatformUrl": url, "CreditPlatformSecretArn": arn, "TrustListKey": "trust/cas.pem"}
    return Resolved(region=of.region, account=of.account, stack=of.stack, parameters=asked)


def deployment(region: str, account: str, stack: str) -> _Deployment:
    return _Deployment(region, account, stack)


def allows(function: str, of: _Deployment, call: Call) -> bool:
    found = [
        statement["Effect"]
        for where, statement in _allowed(function, of, call.action)
        if where.fullmatch(call.resource) and _fulfilled(statement.get("Condition", {}), call.context)
    ]
    return "Allow" in found and "Deny" not in found


def _fulfilled(conditions: dict[str, dict[str, Any]], context: Context) -> bool:
    return all(
        _holds(operator, context.get(key, []), [str(each) for each in listed(wanted)])
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def _holds(operator: str, values: Sequence[str], wanted: Sequence[str]) -> bool:
    quantor, _, plain = operator.rpartition(":")
    if plain == "Null":
        return (not values) == (wanted == ["true"])
    pattern = _pattern(plain, tuple(wanted))
    matches = [pattern.fullmatch(value) is not None for value in values]
    if quantor == "ForAllValues":
        return all(matches)  # also where the request does not have the key at all
    return any(matches) if quantor == "ForAnyValue" else bool(matches) and matches == [True]


@cache
def _pattern(operator: str, wanted: tuple[str, ...]) -> re.Pattern[str]:
    like = {"StringLike": translate, "StringEquals": re.escape, "ArnEquals": translate}[operator]
    return re.compile("|".join(map(like, wanted)) or "(?!)")


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# what a call of boto3 asks for

_SAME = {  # calls that ask for the right to another one
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "PublishBatch": "Publish",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListParts": "ListMultipartUploadParts",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
}


def calls(service: str, operation: str, request: dict[str, Any], of: _Deployment) -> Iterator[Call]:
    """What IAM is asked for one call of boto3. What is asked of the user pool needs no right, and is left out."""
    place, named = f"{of.region}:{of.account}", _SAME.get(operation, operation)
    match service:
        case "dynamodb":
            yield from _of_table(operation, request, f"arn:aws:dynamodb:{place}:table/")
        case "sqs":
            yield Call(f"sqs:{named}", f"arn:aws:sqs:{place}:{request['QueueUrl'].rpartition('/')[2]}", {})
        case "logs":
            group = f"arn:aws:logs:{place}:log-group:{request['logGroupName']}:*"
            yield Call(f"logs:{operation}", group, {})
        case "sns":
            yield Call(f"sns:{named}", request["TopicArn"], {})
        case "s3":
            bucket = f"arn:aws:s3:::{of.stack}-packets-{of.account}-{of.region}"
            for other in ("anchors", "events"):
                if other in request["Bucket"]:
                    bucket = f"arn:aws:s3:::{of.stack}-{other}-{of.account}-{of.region}"
            if operation == "DeleteObjects":
                for each in request["Delete"]["Objects"]:
                    version = "Version" if "VersionId" in each else ""
                    yield Call(f"s3:DeleteObject{version}", f"{bucket}/{each['Key']}", {})
                return
            if named.startswith("List") and "Key" not in request:
                yield Call(f"s3:{named}", bucket, {"s3:prefix": [request.get("Prefix", "")]})
                return
            if "VersionId" in request and named in ("GetObject", "DeleteObject"):
                named += "Version"
            if operation == "CopyObject":
                source = request["CopySource"]
                version = "Version" if "VersionId" in source else ""
                yield Call(f"s3:GetObject{version}", f"{bucket}/{source['Key']}", {})
                named = "PutObject"
            yield Call(f"s3:{named}", f"{bucket}/{request['Key']}", {})


def _of_table(operation: str, request: dict[str, Any], tables: str) -> Iterator[Call]:
    if operation == "TransactWriteItems":
        for item in request["TransactItems"]:
            [(kind, inner)] = item.items()
            yield from _of_table({"ConditionCheck": "ConditionCheckItem"}.get(kind, f"{kind}Item"), inner, tables)
        return
    if operation == "BatchGetItem":
        for table, asked in request["RequestItems"].items():
            leading = [key["pk"]["S"] for key in asked["Keys"]]
            yield Call("dynamodb:BatchGetItem", tables + table, {"dynamodb:LeadingKeys": leading})
        return
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    item = request.get("Item") or request.get("Key") or {}
    leading = [item["pk"]["S"]] if item else [_partition(request)]
    context = {"dynamodb:LeadingKeys": leading, "dynamodb:Attributes": sorted(set(item) | _said(request))}
    yield Call(f"dynamodb:{operation}", tables + request["TableName"] + index, context)


_WORD = re.compile(r"(?<![:\w])#?[A-Za-z_]\w*(?!\w*\()")
_KEYWORDS = {"SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}


def _said(request: dict[str, Any]) -> set[str]:
    """The top-level attributes that the expressions of a call name."""
    names = request.get("ExpressionAttributeNames", {})
    expressions = [request.get(f"{kind}Expression", "") for kind in ("Condition", "Update", "Projection")]
    found = {word for expression in expressions for word in _WORD.findall(expression)} - _KEYWORDS
    return {names.get(word, word) for word in found}


def _partition(request: dict[str, Any]) -> str:
    """The partition that a Query is about."""
    bound = request["ExpressionAttributeValues"]
    [name] = re.findall(r"\w*pk = (:\w+)", request["KeyConditionExpression"])
    return str(bound[name]["S"])


def check(function: str, service: str, operation: str, request: dict[str, Any], of: _Deployment) -> None:
    """Raises NotAllowed where the function's role does not allow a call of boto3."""
    for call in calls(service, operation, request, of):
        if not allows(function, of, call):
            raise NotAllowed(f"{function} may not {call.action} {call.resource} {call.context}")
