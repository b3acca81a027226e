"""The two notices that ask for something: 一次性告知书 before the acceptance, 补正通知书 after it.

Each tells everything at once (行政许可法 §32).
"""

from kaigong.domain.model.clock import Due
from kaigong.domain.model.documents import DocumentKind
from kaigong.domain.model.naming import joined, name_of
from kaigong.domain.model.packet import Notice, NoticeItem, NoticeKind
from kaigong.domain.model.text import Text
from kaigong.domain.words import clock
from kaigong.domain.words import documents as words

from .about import About
from .parts import Document, Heading, Part, Prose, Table, facts, same


def notice(said: Notice, about: About) -> Document:
    """The notice as it was given."""
    corrections = said.kind is NoticeKind.CORRECTION
    kind = DocumentKind.CORRECTION_NOTICE if corrections else DocumentKind.ONE_TIME_NOTICE
    opening = words.correction if corrections else words.one_time
    rows = ((same(str(place)), _about(item, about), item.text) for place, item in enumerate(said.items, start=1))
    parts: list[Part] = [
        Prose(text=opening(about.header.enterprise.name, about.header.project.name)),
        facts(about.applicant()),
        Heading(text=words.WHAT),
        Table(columns=(words.PLACE, words.ABOUT, words.WHAT), widths=(0, 2, 5), rows=tuple(rows)),
    ]
    due = next((item.due for item in said.items if item.due), None)
    if corrections and due:
        until = clock.spelled(Due(at=about.local(due.at), certain=due.certain))
        parts.append(Prose(text=words.correct_by(until)))
    else:
        parts.append(Prose(text=words.SUBMIT_AGAIN))
    return about.document(kind, said.at, parts, subject=str(said.number))


def _about(item: NoticeItem, about: About) -> Text:
    """The paper, the matter or the field that a point concerns."""
    catalogue, named = about.catalogue, list[Text]()
    if item.slot:
        named.append(name_of(catalogue.materials, item.slot))
    elif item.field:
        named.append(name_of(catalogue.form.fields, item.field))
    if item.matter and not item.slot:
        named.append(name_of(catalogue.matters, item.matter))
    return joined(named)
