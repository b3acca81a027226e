"""Applying again for what ended without an approval, and using again papers that an enterprise handed in before.

A refusal bars nobody from applying anew once its reasons are met; the new packet says which one it follows, and goes
through everything as any other does. What the city has already is not asked for a second time: the form is filled in
and the papers are there, to be kept or replaced.

Sources: mission 8 (materials are handed in once), 行政许可法 §38 (a refusal gives its reasons).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.draft import Draft, EnterpriseTyped, ProjectTyped
from kaigong.domain.model.packet import Header, Packet, Paper, Papers, ReviewState, Status
from kaigong.domain.model.text import Model

from .form import applied

_ENDED = (Status.DECIDED, Status.ISSUED, Status.WITHDRAWN)


class Earlier(Model):
    """Papers of an earlier packet that may be used again: from which packet, and when the newest was uploaded there."""

    slot: Code
    packet: str
    uploaded_at: datetime | None


def ended(packet: Packet) -> tuple[Code, ...]:
    """The matters that ended without an approval that stands, once the packet is at its end."""
    if packet.header is None or packet.header.status not in _ENDED:
        return ()
    approved = {code for code, review in packet.reviews.items() if review.state is ReviewState.APPROVED}
    return tuple(code for code in packet.routes if code not in approved)


def begun_again(
    packet: str,
    header: Header,
    matters: Iterable[Code],
    by: str,
    now: datetime,
    *,
    form: Mapping[Code, str] | None = None,
    by_window: bool = False,
) -> Draft:
    """A new draft for matters of a packet that ended, filled in as that one was. `form`: what its form says of them."""
    enterprise, project = header.enterprise, header.project
    return Draft(
        packet=packet,
        follows=header.packet,
        owner=enterprise.uscc,
        by=by,
        by_window=by_window,
        process=header.process,
        matters=tuple(matters),
        enterprise=EnterpriseTyped(**{name: getattr(enterprise, name) or "" for name in EnterpriseTyped.model_fields}),
        project=ProjectTyped(
            name=project.name,
            code=project.code or "",
            address=project.address or "",
            serviced_site=project.serviced_site,
        ),
        form=form,
        updated_at=now,
    )


def form_of(packet: Packet, matters: Iterable[Code], catalogue: Catalogue) -> dict[Code, str] | None:
    """What a packet's form says of what these matters ask for: as it was taken into the packet, else as it was last
    handed in. None: nothing.
    """
    newest = packet.newest_submission()
    said = packet.form.values if packet.form else newest.manifest.form if newest else None
    asked = {entry.field.code for entry in applied({}, matters, (), catalogue).asked}
    return {code: value for code, value in (said or {}).items() if code in asked} or None


def usable(packet: Packet, matters: Iterable[Code], catalogue: Catalogue) -> tuple[Paper, ...]:
    """The papers of a packet that these matters ask for. Letters are none: they are signed for each application."""
    asked = {entry.material for code in matters for entry in catalogue.matters[code].materials}
    return tuple(paper for slot, papers in packet.papers.by_slot.items() if slot in asked for paper in papers)


def newest(papers: Mapping[str, Papers]) -> dict[Code, Earlier]:
    """Of each material the papers of the newest packet. `papers` are by packet, newest first."""
    found: dict[Code, Earlier] = {}
    for packet, its in papers.items():
        for slot, files in its.by_slot.items():
            came = max((file.uploaded_at for file in files if file.uploaded_at), default=None)
            found.setdefault(slot, Earlier(slot=slot, packet=packet, uploaded_at=came))
    return found
