"""The text of papers' first pages, which rules read, goes once nothing is left to be judged: at the result, or so many
days after it as the catalogue says. The papers stay for their term (`intake/retention`).

Source: 个人信息保护法 §19 (kept no longer than its purpose needs) and §47.
"""

from datetime import datetime

from kaigong.domain.intake.retention import texts_kept_until

from .step import Step

ORDER = "texts"


def take(step: Step) -> None:
    """Have the texts dropped, once. What comes late has none either: `advance` sees to it."""
    until = ends(step)
    if until is not None and until <= step.around.now:
        step.change_header(texts_dropped=True)
        step.happened("texts-dropped")
        step.orders.append(ORDER)


def ends(step: Step) -> datetime | None:
    """When the texts are to go; None: they are needed still, or are gone."""
    process = step.around.catalogue.processes.get(step.header.process)
    if process is None or step.header.texts_dropped:
        return None
    return texts_kept_until(step.packet, process)
