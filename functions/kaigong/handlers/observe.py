"""The logger that all handlers share. Logs hold ids, codes and outcomes: never names, texts, tokens or whole events."""

from aws_lambda_powertools import Logger

logger = Logger()
