"""Whose manifest counts: the portal's own, or one by a principal that the city maps to an enterprise.

Object storage tells who put an object. A manifest hands an application in, with all that it commits to, in an
enterprise's name: so whoever puts one must be known to speak for that enterprise. Papers are no words of anybody; who
may put them is said by rights on the bucket. Source: mission 8 (materials are submitted once); the mapping is a choice.
"""

from collections.abc import Mapping
from typing import NamedTuple

from kaigong.domain import words
from kaigong.domain.model.arrivals import RefusalReason
from kaigong.domain.model.draft import Draft
from kaigong.domain.model.text import Text

ANYBODY, EVERY = "*", "*"  # in the mapping: whoever may put things there; for every enterprise
PORTAL = "portal"


class Put(NamedTuple):
    """A manifest as it was put."""

    by: str  # the principal's id, as object storage tells it; empty where it does not, as of one found by a listing
    md5: str  # of its bytes; what object storage calls it by is that only where no key of the city's encrypts it


def unique(principal: str) -> str:
    """The part of a principal's id that never changes: of a role `AWS:<role>:<session>`, of a user `AWS:<user>`."""
    kind, _, rest = principal.partition(":")
    return rest.partition(":")[0] if kind == "AWS" else principal


def dropper(put: Put, draft: Draft | None, droppers: Mapping[str, str], portal: str) -> tuple[str, str] | None:
    """Who put a manifest, and for which enterprise, by its credit code; None: nobody who is known to speak for one.

    The portal, of which `portal` is the principal, speaks for whoever is signed in to it. It also writes into the draft
    what it is going to put, before it does, and no other function writes drafts: so its manifest counts where a listing
    found it.
    """
    if draft and draft.handed_in and draft.handed_in.md5 == put.md5:
        return PORTAL, draft.owner
    if portal and unique(put.by) == portal:
        return PORTAL, EVERY
    for known in (unique(put.by), ANYBODY):
        if known and known in droppers:
            return known, droppers[known]
    return None


def unknown(put: Put) -> RefusalReason:
    return RefusalReason(code="dropper-unknown", text=words.application.unknown_dropper(told=bool(put.by)))


def foreign(speaks_for: str, uscc: str, draft: Draft | None) -> RefusalReason | None:
    """Why a manifest in the name of this enterprise does not count, though it is known who put it."""
    if speaks_for not in (EVERY, uscc):
        return _refused(words.application.another_enterprise())
    if draft and draft.owner != uscc:
        return _refused(words.application.another_s_draft())
    return None


def _refused(text: Text) -> RefusalReason:
    return RefusalReason(code="dropper-foreign", where="enterprise.uscc", text=text)
