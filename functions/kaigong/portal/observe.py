"""The portal's logger. Logs hold ids, codes and outcomes: never names, texts, tokens or what a request carries."""

import traceback

from aws_lambda_powertools import Logger

logger = Logger()


def where(error: Exception) -> list[str]:
    """The last places that an error passed, without what was there."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-5:]]
