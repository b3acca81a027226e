"""Whether the intermediary that drew a paper up is fit for it, and whether the paper says so too.

Source: mission 15 (中介各履其责: who draws a paper up answers for it). The city's list is open: who is not on it may
draw papers up, and the officer looks. Choice: a paper of one that is shut out, whose qualification ended, or that is
fit for other things alone does not count as handed in; everything else is a warning.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from kaigong.domain import words
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Intermediary, Material
from kaigong.domain.model.codes import CREDIT_CODE
from kaigong.domain.model.facts import Facts, Opens, Verdict, normalise
from kaigong.domain.model.manifest import Author
from kaigong.domain.model.naming import joined
from kaigong.domain.model.packet import Paper
from kaigong.domain.words import names

from .finding import Named, Reason, SlotFinding, judge_all, worst

# How a paper's first page says who drew it up, in normalised text, and how such an organisation's name ends.
_SAYS = re.compile(
    r"(?:编制|编写|编报|设计|勘察|测绘|检测|评价|评估|审查|咨询)(?:单位|机构)[:(]?(?:盖章\))?:?"
    r"(.{2,40}?(?:公司|研究院|设计院|院|研究所|事务所|所|中心|站|大学|局))"
)
_BY_TEXT = {"name-missing", "text-unreliable"}  # codes of what is found in the text of a first page
_CODE = re.compile(f"(?<![0-9a-z]){CREDIT_CODE.lower()}(?![0-9a-z])")  # in normalised text


def judged(
    files: Sequence[Examined],
    material: Material,
    enterprise: Named | None,
    author: Author | None,
    listed: Mapping[str, Intermediary],
    today: date,
    *,
    beside: int = 0,
) -> SlotFinding:
    """The finding on the files of one material, with what there is to say of the intermediary that drew them up.

    `author` is who is said to have done that, `listed` the city's list by credit code; `beside` as for `judge_all`.
    """
    found = judge_all(files, material, enterprise, beside=beside)
    pages = [file.facts for file in files if file.facts.opens is Opens.YES]
    if not material.drawn_up_by or not pages:
        return found
    return _with(found, tuple(_reasons(pages, material, enterprise, author, listed, today)))


def recorded(found: SlotFinding, papers: Sequence[Paper]) -> SlotFinding:
    """The finding on papers that were taken, with what was said of their author then: who ended since held then. What
    was found in their text stands too, where that is not kept any more.
    """
    known = {reason.code for reason in found.reasons}
    kept = words.intermediaries.REASONS.keys() | (_BY_TEXT - known)
    reasons = (entry for paper in papers for entry in paper.reasons if entry[0] in kept)
    return _with(found, tuple(Reason(code=code, verdict=Verdict.WARNING, text=text) for code, text in reasons))


def _with(found: SlotFinding, said: tuple[Reason, ...]) -> SlotFinding:
    reasons = tuple(sorted((*found.reasons, *said), key=lambda reason: not reason.deficient))
    return found.changed(verdict=worst(reasons), reasons=reasons, author=said)


def _reasons(
    pages: Sequence[Facts],
    material: Material,
    enterprise: Named | None,
    author: Author | None,
    listed: Mapping[str, Intermediary],
    today: date,
) -> Iterator[Reason]:
    if author is None:
        yield _told(Verdict.WARNING, "intermediary-not-named")
        return
    known = listed.get(author.uscc) if author.uscc else None
    if known is None:
        yield _told(Verdict.WARNING, "intermediary-not-listed" if author.uscc else "intermediary-no-code", author.name)
        if author.valid_until and author.valid_until < today:
            yield _told(Verdict.DEFICIENT, "intermediary-ended", author.name, on=author.valid_until)
    else:
        yield from _fitness(known, material, author, today)
    if other := _another(pages, enterprise, author, listed):
        yield _told(Verdict.WARNING, "intermediary-other", author.name, other=other)


def _fitness(known: Intermediary, material: Material, author: Author, today: date) -> Iterator[Reason]:
    """What the list says of the intermediary."""
    out = known.shut_out
    if out and (out.until is None or out.until >= today):
        yield _told(
            Verdict.DEFICIENT,
            "intermediary-shut-out",
            known.name,
            until=words.intermediaries.until(out.until),
            reason=out.reason,
        )
    fitting = [q for q in known.qualifications if q.kind in material.drawn_up_by]
    holding = [q for q in fitting if q.valid_until is None or q.valid_until >= today]
    if not fitting:
        kinds = joined(names.INTERMEDIARIES[kind] for kind in material.drawn_up_by)
        yield _told(Verdict.DEFICIENT, "intermediary-unfit", known.name, kinds=kinds)
    elif not holding:
        yield _told(
            Verdict.DEFICIENT, "intermediary-ended", known.name, on=max(q.valid_until for q in fitting if q.valid_until)
        )
    elif author.certificate and all(q.number and q.number != author.certificate for q in holding):
        yield _told(Verdict.WARNING, "intermediary-certificate", known.name, number=author.certificate)
    if normalise(author.name) != normalise(known.name):
        yield _told(Verdict.WARNING, "intermediary-name", author.name, listed=known.name)


def _another(
    pages: Sequence[Facts], enterprise: Named | None, author: Author, listed: Mapping[str, Intermediary]
) -> str | None:
    """Which other organisation a first page says drew the files up; None: none, one names the author, or none can be
    read.
    """
    texts = [facts.text for facts in pages if not facts.text_unreliable]
    named = {normalise(author.name), normalise(author.uscc or author.name)}
    if any(name in text for name in named for text in texts):
        return None
    own = normalise(enterprise.uscc) if enterprise else ""
    for text in texts:
        if said := _SAYS.search(text):
            return said[1]
        codes = (code.upper() for code in _CODE.findall(text) if code != own)
        if other := next((listed[code].name for code in codes if code in listed), None):
            return other
    return None


def _told(verdict: Verdict, code: str, name: str = "", **more: object) -> Reason:
    return Reason(code=code, verdict=verdict, text=words.intermediaries.reason(code, name=name, **more))
