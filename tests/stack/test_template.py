"""The template, as it is written: the rules that every queue, function and policy of it keeps."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kaigong.catalog import load

from infra.command.client import deadletters, logs
from infra.local import amended
from tests.rights.resolved import Resolved

from . import template

QUEUES = template.by_type("AWS::SQS::Queue")
WORKING = {name: queue for name, queue in QUEUES.items() if not name.endswith("DeadLetters")}
ALARMS = template.by_type("AWS::CloudWatch::Alarm").values()
FUNCTIONS = template.by_type("AWS::Serverless::Function")
GLOBALS = template.read()["Globals"]["Function"]
ROOT = Path(__file__).parents[2]
OTHERS = sorted(ROOT.glob("infra/*/*.yaml"))  # stacks beside the main one
IDENTITY = template.read(ROOT / "infra" / "identity" / "cognito.yaml")["Resources"]
POOL, CLIENT, COMMAND = (IDENTITY[name]["Properties"] for name in ("UserPool", "UserPoolClient", "CommandClient"))


def queue_name(queue: dict[str, Any]) -> str:
    return template.text(queue["QueueName"])


def alarm_exists(metric: str, queue: str) -> bool:
    return any(
        alarm["MetricName"] == metric
        and [template.text(dimension["Value"]) for dimension in alarm["Dimensions"]] == [queue]
        and alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        for alarm in ALARMS
    )


def sources(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event source of one kind, with its function."""
    for name, function in FUNCTIONS.items():
        for event in function.get("Events", {}).values():
            if event["Type"] == kind:
                yield name, event["Properties"]


def statements() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement that gives a function a right."""
    roles = template.by_type("AWS::IAM::Role")
    for name, function in FUNCTIONS.items():
        for policy in roles[template.text(function["Role"])]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# Who supervises works from the queue or at the portal: dead letters are shared, and `watch` tells who is late.
SUPERVISORS = [name for name in WORKING if name.startswith("Supervision")]
WATCHED = [name for name in WORKING if name not in SUPERVISORS]


def test_the_queues_of_supervisors_share_their_dead_letters_which_ring() -> None:
    assert len(SUPERVISORS) == len(load().departments)
    dead = {template.text(WORKING[name]["RedrivePolicy"]["deadLetterTargetArn"]) for name in SUPERVISORS}
    [shared] = dead
    assert alarm_exists("ApproximateNumberOfMessagesVisible", queue_name(QUEUES[shared]))


@pytest.mark.parametrize("name", WATCHED)
def test_every_queue_has_a_dead_letter_queue_that_a_department_s_two_share(name: str) -> None:
    redrive = WORKING[name]["RedrivePolicy"]
    dead_letters = QUEUES[template.text(redrive["deadLetterTargetArn"])]
    queue = queue_name(WORKING[name])
    first = queue.removesuffix("-priority")
    assert queue_name(dead_letters) == f"{first}-dlq"
    assert redrive["maxReceiveCount"] >= 5
    allowed = dead_letters["RedriveAllowPolicy"]["sourceQueueArns"]
    named = [template.text(arn).rsplit(":", 1)[1] for arn in allowed]
    assert set(named) == ({first, f"{first}-priority"} if queue.startswith("S-review-") else {queue})


@pytest.mark.parametrize("name", WATCHED)
def test_every_queue_rings_for_its_dead_letters_and_for_its_oldest_message(name: str) -> None:
    queue = queue_name(WORKING[name])
    assert alarm_exists("ApproximateNumberOfMessagesVisible", f"{queue.removesuffix('-priority')}-dlq")
    assert alarm_exists("ApproximateAgeOfOldestMessage", queue)


def test_operations_reach_the_dead_letters_of_every_queue() -> None:
    stack = template.text(f"{queue_name(QUEUES['Uploads'])}").removesuffix("uploads")
    there = {queue_name(queue).removeprefix(stack) for name, queue in QUEUES.items() if name not in WORKING}
    assert there == {f"{queue}-dlq" for queue in deadletters.queues(template.departments())}


def test_operations_read_the_log_of_every_function_once() -> None:
    there = [template.text(function["FunctionName"]).removeprefix("S-") for function in FUNCTIONS.values()]
    assert sorted(logs.FUNCTIONS) == sorted(there)


@pytest.mark.parametrize("name", QUEUES)
def test_every_queue_is_encrypted_and_keeps_its_messages_for_fourteen_days(name: str) -> None:
    assert QUEUES[name]["SqsManagedSseEnabled"] is True
    assert QUEUES[name]["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_a_message_stays_hidden_until_its_function_can_have_done_with_it() -> None:
    consumed = list(sources("SQS"))
    assert consumed
    for function, source in consumed:
        timeout = FUNCTIONS[function].get("Timeout", GLOBALS["Timeout"])
        # What AWS recommends, so that throttled batches do not count as tries. A paper comes again sooner: a worker
        # that died must not hold it up, and its queue has tries enough.
        times, tries = (1.5, 10) if function == "ValidateFunction" else (6, 5)
        queue = QUEUES[template.text(source["Queue"])]
        assert queue["VisibilityTimeout"] >= times * timeout, function
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= tries, function


def test_the_paper_of_a_worker_that_died_is_examined_within_two_minutes() -> None:
    """It comes again when it is no longer hidden, and waits for a batch to fill; examining takes seconds."""
    (source,) = (source for function, source in sources("SQS") if function == "ValidateFunction")
    hidden = QUEUES[template.text(source["Queue"])]["VisibilityTimeout"]
    assert hidden + source.get("MaximumBatchingWindowInSeconds", 0) <= 100
    assert QUEUES[template.text(source["Queue"])].get("DelaySeconds", 0) == 0


def test_every_source_lets_a_function_name_the_records_that_failed() -> None:
    for kind in ("SQS", "DynamoDB"):
        for function, source in sources(kind):
            assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], function


def test_a_poisoned_record_cannot_hold_up_the_stream_for_ever() -> None:
    readers = dict(sources("DynamoDB"))
    assert set(readers) == {"AdvanceFunction", "DispatchFunction"}  # a shard takes two readers, no more
    for source in readers.values():
        assert source["BisectBatchOnFunctionError"] is True
        assert 0 < source["MaximumRetryAttempts"] <= 5
        assert 0 < source["MaximumRecordAgeInSeconds"] <= 24 * 3600
        assert template.text(source["DestinationConfig"]["OnFailure"]["Destination"]) in QUEUES


def test_no_function_may_do_anything_by_wildcard() -> None:
    for function, statement in statements():
        assert statement["Effect"] == "Allow"
        assert not [action for action in listed(statement["Action"]) if "*" in action], function
        assert "*" not in listed(statement["Resource"]), function


def test_only_the_functions_that_are_said_to_may_write_a_packet() -> None:
    changers = {
        function
        for function, statement in statements()
        if {"dynamodb:UpdateItem", "dynamodb:DeleteItem"} & set(listed(statement["Action"]))
    }
    assert "PortalFunction" not in changers  # it puts what people do to a packet, beside it
    for function, statement in statements():
        if "dynamodb:ConditionCheckItem" in listed(statement["Action"]):
            # The ledger has one writer; what was never handed in has none.
            assert function in ("AdvanceFunction", "WatchFunction")


def test_only_the_function_that_makes_documents_may_use_the_key_of_the_seal() -> None:
    assert not [function for function, statement in statements() if "SealKey" in str(statement)]
    [(name, policy)] = [(n, p) for n, p in template.by_type("AWS::IAM::Policy").items() if "SealKey" in str(p)]
    assert (name, policy["Roles"]) == ("DocumentSeals", [{"Ref": "DocumentFunctionRole"}])
    key = template.by_type("AWS::KMS::Key")["SealKey"]["KeyPolicy"]["Statement"]
    [seals] = [statement for statement in key if "kms:Sign" in listed(statement["Action"])]
    assert seals["Principal"] == {"AWS": {"Fn::GetAtt": ["DocumentFunctionRole", "Arn"]}}
    assert not [action for statement in key for action in listed(statement["Action"]) if action == "kms:*"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_handler_and_a_log_that_ends(name: str) -> None:
    module = FUNCTIONS[name]["Handler"].removesuffix(".handler").replace(".", "/")
    assert (ROOT / "functions" / f"{module}.py").exists()
    logs = template.by_type("AWS::Logs::LogGroup")[template.text(FUNCTIONS[name]["LoggingConfig"]["LogGroup"])]
    assert logs["RetentionInDays"] == {"Ref": "LogDays"}
    assert template.text(logs["LogGroupName"]).removeprefix("/aws/lambda/") == template.text(
        FUNCTIONS[name]["FunctionName"]
    )


def test_the_environment_is_what_the_settings_read() -> None:
    from kaigong.settings import Settings

    given = {name.lower() for name in GLOBALS["Environment"]["Variables"]}
    own = {name.lower() for f in FUNCTIONS.values() for name in f.get("Environment", {}).get("Variables", {})}
    required = {name for name, field in Settings.model_fields.items() if field.is_required()}
    assert required <= given
    libraries = ("powertools_", "pydantic_")
    assert {name for name in given | own if not name.startswith(libraries)} <= set(Settings.model_fields)


def test_papers_packets_and_people_outlive_the_stack_unless_a_parameter_says_otherwise() -> None:
    assert template.read()["Parameters"]["Retain"]["Default"] == "true"
    everything = {**template.resources(), **IDENTITY}
    for name in ("Papers", "Packets", "UserPool", "SealKey"):
        for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
            assert everything[name][attribute] == {"Fn::If": ["Keep", "Retain", "Delete"]}


def test_what_is_issued_and_anchored_cannot_be_deleted_and_is_written_once() -> None:
    policies = {
        template.text(policy["Bucket"]): policy["PolicyDocument"]["Statement"]
        for policy in template.by_type("AWS::S3::BucketPolicy").values()
    }
    statements = [each["Fn::If"][1] if "Fn::If" in each else each for each in policies["Papers"]]
    by_name = {each["Sid"]: each for each in statements}
    gone, again = by_name["IssuedIsNeverDeleted"], by_name["IssuedIsNeverOverwritten"]
    assert set(gone["Action"]) == {"s3:DeleteObject", "s3:DeleteObjectVersion"}
    assert again["Condition"] == {"Null": {"s3:if-none-match": "true"}}
    for each in (gone, again):
        assert (each["Effect"], each["Principal"]) == ("Deny", "*")
        assert template.text(each["Resource"]).endswith("/issued/*")
    anchors = template.resources()["Anchors"]["Properties"]
    assert anchors["ObjectLockEnabled"] is True
    kept = anchors["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert kept["Mode"] == {"Fn::If": ["Keep", "COMPLIANCE", "GOVERNANCE"]}


def test_only_functions_that_tell_people_something_publish_notices() -> None:
    policies = {
        template.text(topic): policy["PolicyDocument"]["Statement"]
        for policy in template.by_type("AWS::SNS::TopicPolicy").values()
        for topic in policy["Topics"]
    }
    assert set(policies) == set(template.by_type("AWS::SNS::Topic"))
    [notices] = policies["Notices"]
    assert (notices["Effect"], notices["Principal"], notices["Action"]) == ("Deny", "*", "sns:Publish")
    excepted = notices["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    allowed = {f"{function}Role" for function, each in statements() if "sns:Publish" in listed(each["Action"])}
    assert {template.text(arn) for arn in excepted if "Fn::GetAtt" in arn} == allowed
    assert len(excepted) == 2 * len(allowed)  # and as the local AWS tells a role
    alarms = {each["Sid"]: each for each in policies["Alarms"]}
    assert alarms["NobodyElsePublishes"]["Condition"] == {"Bool": {"aws:PrincipalIsAWSService": "false"}}


def test_every_function_may_use_what_a_parameter_has_it_run_with() -> None:
    """A key of the city's for the stores, which gives no right where it is not asked for."""
    roles = {template.text(function["Role"]) for function in FUNCTIONS.values()}
    key = template.resources()["UsesStoreKey"]
    assert {template.text(role) for role in key["Properties"]["Roles"]} == roles
    assert key["Condition"] == "WithStoreKey"
    buckets = template.by_type("AWS::S3::Bucket").values()
    stores = [*buckets, template.resources()["Packets"]["Properties"]]
    assert len(stores) == 4
    assert all("StoreKeyArn" in str(store) for store in stores)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_the_rights_that_subnets_ask_for_before_it_is_made(name: str) -> None:
    """Lambda looks for them when it makes the function: its role names them, so they are there before the function."""
    rights = template.resources()["SubnetRights"]
    assert rights["Condition"] == GLOBALS["VpcConfig"]["Fn::If"][0] == "InSubnets"
    [statement] = rights["Properties"]["PolicyDocument"]["Statement"]
    assert "ec2:CreateNetworkInterface" in statement["Action"]
    role = template.by_type("AWS::IAM::Role")[template.text(FUNCTIONS[name]["Role"])]
    given = {"Fn::If": ["InSubnets", [{"Ref": "SubnetRights"}], {"Ref": "AWS::NoValue"}]}
    assert role["ManagedPolicyArns"] == given


def test_a_filter_of_a_log_is_made_after_its_log() -> None:
    filters = template.by_type("AWS::Logs::MetricFilter").values()
    logs = set(template.by_type("AWS::Logs::LogGroup"))
    assert filters
    assert all(each["LogGroupName"] in [{"Ref": log} for log in logs] for each in filters)


def test_no_version_of_a_paper_expires_by_itself() -> None:
    """What was accepted is one version, which a later upload of the same name replaces; it is kept for thirty years."""
    rules = template.resources()["Papers"]["Properties"]["LifecycleConfiguration"]["Rules"]
    ending = [each for each in rules if {"NoncurrentVersionExpiration", "ExpirationInDays"} & each.keys()]
    assert {each["Prefix"] for each in ending} == {"daily/", "shown/"}


def test_what_runs_once_a_night_rings_for_one_failure() -> None:
    schedules = {name: event["ScheduleExpression"] for name, event in sources("ScheduleV2")}
    assert len(schedules) == 5
    for name, when in schedules.items():
        alarm = template.by_type("AWS::CloudWatch::Alarm")[f"{name.removesuffix('Function').lower()}ErrorsAlarm"]
        assert alarm["EvaluationPeriods"] == (1 if when.startswith("cron") else 2)


def test_what_runs_every_five_minutes_is_not_run_again_in_between() -> None:
    """The schedule's own tries are of handing an event over; Lambda's, of what then failed."""
    for name, event in sources("ScheduleV2"):
        if event["ScheduleExpression"] == "rate(5 minutes)":
            assert event["RetryPolicy"] == FUNCTIONS[name]["EventInvokeConfig"] == {"MaximumRetryAttempts": 0}


@pytest.mark.parametrize("issuer", ["https://id.test/city", "https://id.test/city/"])
def test_the_issuer_s_metadata_lie_where_the_standard_has_them_with_or_without_a_slash(issuer: str) -> None:
    told = Resolved(parameters={"IdentityIssuer": issuer}).of(template.read()["Outputs"]["IdentityMetadataUrl"])
    assert told == {"Value": "https://id.test/city/.well-known/openid-configuration"}


def test_the_layer_is_built_for_the_processor_and_the_python_that_run_it() -> None:
    for layer in ("ExamineLayer", "DocumentsLayer"):
        metadata = template.resources()[layer]["Metadata"]
        assert metadata == {"BuildMethod": {"Ref": "Runtime"}, "BuildArchitecture": {"Ref": "Architecture"}}


def test_nobody_gives_himself_an_enterprise_or_a_department() -> None:
    assert CLIENT["WriteAttributes"] == ["email"]  # no enterprise, no department, no name that is put on record
    assert POOL["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True


def test_the_departments_are_those_of_the_catalogue() -> None:
    assert set(template.departments()) == set(load().departments)


def test_a_department_code_can_be_part_of_a_logical_id() -> None:
    assert all(code.isalnum() for code in load().departments)


def test_the_city_s_forty_departments_fit_into_one_stack() -> None:
    everything = template.resources(of=[f"department{number}" for number in range(40)])
    events = [event["Type"] for function in FUNCTIONS.values() for event in function.get("Events", {}).values()]
    assert set(events) <= {"SQS", "DynamoDB", "ScheduleV2"}
    # Of each source of events a mapping, of each schedule the schedule and its role; how often an event is tried.
    made_by_sam = len(events) + events.count("ScheduleV2") + sum("EventInvokeConfig" in f for f in FUNCTIONS.values())
    assert len(everything) + made_by_sam <= 500  # CloudFormation's limit


def test_cfn_lint_finds_nothing_in_any_region_that_a_template_is_for() -> None:
    lint = Path(sys.executable).with_name("cfn-lint")
    answer = subprocess.run([lint, template.FILE, *OTHERS], cwd=ROOT, capture_output=True, text=True, check=False)
    config = template.read()["Metadata"]["cfn-lint"]["config"]
    assert config == {"regions": ["us-east-1", "cn-north-1", "cn-northwest-1"]}  # and no check is switched off
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_exception_from_the_templates_checks_says_why() -> None:
    for name, key in ((".cfnlintrc", "ignore_checks"), (".checkov.yaml", "skip-check")):
        content = (ROOT / name).read_text("utf-8")
        passed = yaml.safe_load(content)[key]
        assert passed == [m[1] for m in re.finditer(r"^  - (\w+) # \S.{10,}$", content, re.MULTILINE)]


def test_every_lint_exception_says_why() -> None:
    exception = re.compile(r"#\s*(?:noqa|type:\s*ignore)(?P<codes>[:\[][\w\s,\-\]]*?)?(?P<reason>\s[-–#(].{8,})?$")
    files = [file for folder in ("functions", "infra", "tests") for file in (ROOT / folder).rglob("*.py")]
    silent = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), start=1)
        if (found := exception.search(line)) and not found["reason"]
    ]
    assert files
    assert not silent
    assert "ignore_checks" not in template.FILE.read_text()


def test_the_portal_gives_up_on_a_call_while_it_still_has_time_to_say_so() -> None:
    """A page that says what is down, and keeps what was typed, instead of the gateway's own error."""
    portal = FUNCTIONS["PortalFunction"]
    given = portal["Environment"]["Variables"]
    _, *seconds = given["CALL_SECONDS"]["Fn::If"]
    timeouts = amended.TIMES * portal["Timeout"], portal["Timeout"]
    for call, timeout in zip(seconds, timeouts, strict=True):  # on one machine, and on many
        assert float(call) * int(given["CALL_ATTEMPTS"]) <= 0.7 * timeout


def test_the_pool_s_clients_take_no_password_change_no_account_and_end_after_half_a_day() -> None:
    for client in (CLIENT, COMMAND):
        assert client["TokenValidityUnits"] == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"}
        assert client["RefreshTokenValidity"] <= 24
        assert client["IdTokenValidity"] <= 60
        assert client["EnableTokenRevocation"] is True
        assert client["PreventUserExistenceErrors"] == "ENABLED"
        assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]
        assert client["AllowedOAuthFlows"] == ["code"]
        assert client["AllowedOAuthScopes"] == ["openid", "profile"]  # no scope by which a user changes the own account
        assert client["WriteAttributes"] == ["email"]


def test_only_the_window_makes_accounts_and_sets_new_passwords() -> None:
    assert POOL["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert [way["Name"] for way in POOL["AccountRecoverySetting"]["RecoveryMechanisms"]] == ["admin_only"]
