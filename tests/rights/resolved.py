"""The template as CloudFormation would resolve it for one account and region: references become names and ARNs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from tests.stack import template

_NAMES = {  # what a `Ref` of such a resource is, and what its ARN is made of
    "AWS::SQS::Queue": ("QueueName", "sqs:{region}:{account}:{name}"),
    "AWS::S3::Bucket": ("BucketName", "s3:::{name}"),
    "AWS::DynamoDB::Table": ("TableName", "dynamodb:{region}:{account}:table/{name}"),
    "AWS::SNS::Topic": ("TopicName", "sns:{region}:{account}:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs:{region}:{account}:log-group:{name}:*"),
    "AWS::Serverless::Function": ("FunctionName", "lambda:{region}:{account}:function:{name}"),
}
_OTHERS = {  # what has no name of our own goes by its logical id
    "AWS::KMS::Key": "kms:{region}:{account}:key/{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
}


@cache
def unrolled() -> dict[str, dict[str, Any]]:
    return template.resources()


@dataclass(frozen=True)
class Resolved:
    """One deployment of the template."""

    partition: str = "aws"
    region: str = "eu-west-1"
    suffix: str = "amazonaws.com"
    account: str = "123456789012"
    stack: str = "kaigong"
    parameters: Mapping[str, str | list[str]] = field(default_factory=dict)

    @cached_property
    def resources(self) -> dict[str, dict[str, Any]]:
        """The resources that there are, with all that they say."""
        found = {name: value for name, value in unrolled().items() if self.holds(value.get("Condition"))}
        return {name: self.of(value) for name, value in found.items()}

    @cached_property
    def known(self) -> dict[str, Any]:
        pseudo = {"Partition": self.partition, "Region": self.region, "URLSuffix": self.suffix}
        pseudo |= {"AccountId": self.account, "StackName": self.stack}
        defaults = {name: value.get("Default") for name, value in template.read()["Parameters"].items()}
        return {f"AWS::{name}": value for name, value in pseudo.items()} | defaults | dict(self.parameters)

    def holds(self, condition: str | None) -> bool:
        return condition is None or bool(self.of(template.read()["Conditions"][condition]))

    def of(self, value: Any) -> Any:
        """A value of the template, resolved. What `AWS::NoValue` stands for is left out of lists."""
        if isinstance(value, list):
            return [self.of(part) for part in value if not self._is_nothing(part)]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(function, argument)] = value.items()
            match function:
                case "Ref":
                    return self._ref(argument)
                case "Condition" if isinstance(argument, str):
                    return self.holds(argument)
                case "Fn::GetAtt":
                    return self._attribute(*(self.of(part) for part in argument))
                case "Fn::Sub":
                    return re.sub(r"\$\{([^}]+)\}", lambda found: str(self._named(found[1])), argument)
                case "Fn::If":
                    return self.of(argument[1] if self.holds(argument[0]) else argument[2])
                case "Fn::Equals":
                    return self.of(argument[0]) == self.of(argument[1])
                case "Fn::Join":
                    return str(argument[0]).join(self.of(argument[1]) or ())
                case "Fn::Split":
                    return str(self.of(argument[1])).split(argument[0])
                case "Fn::Not":
                    return not self.of(argument[0])
                case "Fn::And":
                    return all(map(self.of, argument))
        return {name: self.of(part) for name, part in value.items() if not self._is_nothing(part)}

    def _is_nothing(self, value: Any) -> bool:
        if isinstance(value, dict) and "Fn::If" in value:
            condition, then, otherwise = value["Fn::If"]
            return self._is_nothing(then if self.holds(condition) else otherwise)
        return bool(value == {"Ref": "AWS::NoValue"})

    def _named(self, name: str) -> Any:
        if name.startswith("!"):  # what is to stand there as it is
            return f"${{{name[1:]}}}"
        return self._attribute(*name.split(".", 1)) if "." in name else self._ref(name)

    def _ref(self, name: str) -> Any:
        if name in self.known:
            return self.known[name]
        resource = unrolled()[name]
        if resource["Type"] == "AWS::SNS::Topic":
            return self._attribute(name, "Arn")
        if resource["Type"] not in _NAMES:
            return name
        return self.of(resource["Properties"].get(_NAMES[resource["Type"]][0], name))

    def _attribute(self, name: str, attribute: str) -> str:
        kind = unrolled()[name]["Type"]
        topic = kind == "AWS::SNS::Topic"  # of which a `Ref` is its ARN
        of = self.of(unrolled()[name]["Properties"]["TopicName"]) if topic else self._ref(name)
        shape = _NAMES[kind][1] if kind in _NAMES else _OTHERS[kind]
        arn = f"arn:{self.partition}:{shape}".format(region=self.region, account=self.account, name=of)
        return f"{arn}/stream/of" if attribute == "StreamArn" else arn
