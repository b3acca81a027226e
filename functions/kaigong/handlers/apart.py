"""Where one of many packets or records cannot be read: it is left out, with a line in the log, and the others go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from kaigong.store.clients import is_outage

from .observe import logger


@contextmanager
def apart(told: str, **about: str) -> Iterator[None]:
    """What is done within is about one of many: where it fails, nothing comes of that one alone.

    Raises what says that a part of the system did not answer: of what is read then nothing is known, so that leaving it
    out would lose it. Whoever runs comes again.
    """
    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise
        logger.exception(told, extra=about)
