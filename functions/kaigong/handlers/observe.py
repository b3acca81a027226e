"""The logger that all handlers share. Logs hold ids, codes and outcomes: never names, texts, tokens or whole events."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from kaigong.settings import settings

logger = Logger()


def measure(**counts: float) -> None:
    """Tell CloudWatch numbers that alarms look at, by one line of the log (its embedded metric format): no request."""
    metrics = Metrics(namespace=settings().stack_name)
    for name, value in counts.items():
        metrics.add_metric(name, MetricUnit.Count, value)
    metrics.flush_metrics()
