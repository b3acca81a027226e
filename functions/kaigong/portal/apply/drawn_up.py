"""The form's part on the intermediaries that drew papers up."""

from collections.abc import Iterator
from itertools import islice

from kaigong import catalog
from kaigong.domain.model.draft import MOST_PAPERS, AuthorTyped, Draft
from kaigong.portal.web.request import Request

_LONGEST = {"name": 200, "uscc": 40, "certificate": 100, "valid_until": 20, "responsible": 100}  # as a draft takes them


def typed(request: Request, draft: Draft) -> tuple[AuthorTyped, ...]:
    """What was typed for each material that the form has fields for; for the others what was typed before stays."""
    return tuple(islice(_typed(request, {entry.slot: entry for entry in draft.drawn_up}), MOST_PAPERS))


def _typed(request: Request, before: dict[str, AuthorTyped]) -> Iterator[AuthorTyped]:
    for slot, material in catalog.load().materials.items():
        if not material.drawn_up_by:
            continue
        if f"drawn_up.{slot}.name" not in request.form:
            if slot in before:
                yield before[slot]
            continue
        said = {name: request.value(f"drawn_up.{slot}.{name}")[:most] for name, most in _LONGEST.items()}
        said["uscc"] = request.code(f"drawn_up.{slot}.uscc")[: _LONGEST["uscc"]]
        if any(said.values()):
            yield AuthorTyped(slot=slot, **said)
