"""The template in the partition where its users are: nothing in it is spelled for another one."""

import json
import re

import pytest

from tests.rights.resolved import Resolved, unrolled
from tests.stack import template

CHINA = [
    Resolved(partition="aws-cn", region=region, suffix="amazonaws.com.cn")
    for region in ("cn-north-1", "cn-northwest-1")
]
ELSEWHERE = re.compile(r"arn:aws:|\.amazonaws\.com(?!\.cn)[/:]|us-east-1")


@pytest.mark.parametrize("china", CHINA, ids=lambda china: china.region)
def test_every_name_and_address_of_the_template_is_of_its_own_partition(china: Resolved) -> None:
    outputs = {name: china.of(value["Value"]) for name, value in template.read()["Outputs"].items()}
    everything = {**china.resources, "Globals": china.of(template.read()["Globals"]), "Outputs": outputs}
    found = {name: ELSEWHERE.findall(json.dumps(value)) for name, value in everything.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert "arn:aws-cn:" in json.dumps(everything)  # it was resolved


def test_nothing_in_the_stack_is_missing_in_china() -> None:
    """By China's lists of services. Cognito is a stack of its own, in whose place another issuer stands there."""
    without = ("AWS::Cognito::", "AWS::SES::", "AWS::XRay::", "AWS::Pinpoint::", "AWS::WAFv2::", "AWS::CloudFront::")
    used = {resource["Type"] for resource in unrolled().values()}
    assert {kind for kind in used if kind.startswith(without)} == set()


def test_no_tag_keeps_an_event_source_from_being_made_in_china() -> None:
    tagged = [
        name
        for name, value in unrolled().items()
        if value["Type"] == "AWS::Serverless::Function" and "Tags" in value["Properties"]
    ]
    assert tagged == []
    assert "Tags" not in template.read()["Globals"]["Function"]
