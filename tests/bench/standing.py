"""What the system costs in a month in which no packet comes."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from infra.local import Stack

from .prices import Line

MONTH = timedelta(days=30)
POLLERS, LONG_POLL = 5, timedelta(seconds=20)  # Lambda developer guide, "Using Lambda with Amazon SQS": at the least
_RATE = re.compile(r"rate\((\d+) minutes?\)")


def standing_lines(stack: Stack, of_a_run: Mapping[str, Sequence[Line]]) -> list[Line]:
    """Empty receives of Lambda's pollers, alarms, and the scheduled runs, by what is deployed. `of_a_run`: what one run
    of each scheduled function costs.
    """
    sources = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    queues = [s for s in sources if f":{stack.stack}-" in s["EventSourceArn"] and ":sqs:" in s["EventSourceArn"]]
    receives = len(queues) * POLLERS * (MONTH // LONG_POLL)
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack.stack}-")
    alarms = sum(len(page["MetricAlarms"]) for page in pages)
    runs = {name: _runs(stack, name) for name in of_a_run}
    return [
        Line("SQS", "ReceiveMessage", f"idle pollers of {len(queues)} queues", receives, "sqs-request", receives),
        Line("CloudWatch", "alarms", f"{alarms} alarms", 0, "alarm-month", alarms),
        *(Line("Scheduler", "Invoke", name, often, "schedule", often) for name, often in runs.items()),
        *(
            Line(line.service, line.operation, name, line.requests * often, line.price, line.quantity * often)
            for name, often in runs.items()
            for line in of_a_run[name]
        ),
    ]


def _runs(stack: Stack, function: str) -> int:
    """How often the schedule of a function runs it in a month."""
    found = stack.client("scheduler").get_schedule(Name=f"{stack.stack}-{function}")
    rate = _RATE.fullmatch(found["ScheduleExpression"])
    return int(MONTH / timedelta(minutes=int(rate[1]))) if rate else 0
