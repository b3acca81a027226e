"""What the system costs in a month in which no packet comes."""

import re
from collections.abc import Sequence
from datetime import timedelta

from infra.local import Stack

from .prices import Line

MONTH = timedelta(days=30)
POLLERS, LONG_POLL = 5, timedelta(seconds=20)  # Lambda developer guide, "Using Lambda with Amazon SQS": at the least
_RATE = re.compile(r"rate\((\d+) minutes?\)")


def standing_lines(stack: Stack, watch_run: Sequence[Line]) -> list[Line]:
    """Empty receives of Lambda's pollers, alarms, and the scheduled runs of `watch`, by what is deployed."""
    sources = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    queues = [s for s in sources if f":{stack.stack}-" in s["EventSourceArn"] and ":sqs:" in s["EventSourceArn"]]
    receives = len(queues) * POLLERS * (MONTH // LONG_POLL)
    pages = stack.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack.stack}-")
    alarms = sum(len(page["MetricAlarms"]) for page in pages)
    runs = _runs(stack)
    return [
        Line("SQS", "ReceiveMessage", f"idle pollers of {len(queues)} queues", receives, "sqs-request", receives),
        Line("CloudWatch", "alarms", f"{alarms} alarms", 0, "alarm-month", alarms),
        Line("Scheduler", "Invoke", "watch", runs, "schedule", runs),
        *(
            Line(line.service, line.operation, "watch", line.requests * runs, line.price, line.quantity * runs)
            for line in watch_run
        ),
    ]


def _runs(stack: Stack) -> int:
    """How often the schedules of this stack run in a month."""
    scheduler = stack.client("scheduler")
    names = [s["Name"] for s in scheduler.list_schedules()["Schedules"] if s["Name"].startswith(f"{stack.stack}-")]
    rates = [_RATE.fullmatch(scheduler.get_schedule(Name=name)["ScheduleExpression"]) for name in names]
    return sum(int(MONTH / timedelta(minutes=int(rate[1]))) for rate in rates if rate)
