"""From facts about an uploaded file to a finding: may it stay, and what is told to the applicant and the officer.

A deficiency is what the applicant must mend before the material counts as handed in; it goes into the one notice
(mission 7, 一次性告知; 行政许可法 §32: told once and in full). A warning leaves the material valid and shows the
officer where to look. Nothing here refuses on a guess: what could not be established is a warning, except where a
document is so built that it cannot be examined at all.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from kaigong.domain import words
from kaigong.domain.model.arrivals import Examined
from kaigong.domain.model.catalogue import Checks, Material, Tolerance
from kaigong.domain.model.facts import PICTURES, Facts, Found, Kind, Limit, Opens, SealState, Verdict, normalise
from kaigong.domain.model.files import MOST_FILES
from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words import names

LARGEST_TOGETHER = 2048  # MB of a material's files; choice: what an officer can still fetch and leaf through
_MB = 1024 * 1024
MIN_SIDE = 600  # pixels; choice: an A4 sheet this narrow is below 75 dpi, and its seals and small print are gone


class Reason(Model):
    """One thing that is wrong or worth a look. The code is stable; the text says what, why and what to do next."""

    code: str
    verdict: Verdict
    text: Text

    @property
    def deficient(self) -> bool:
        """Whether this alone keeps the file from counting as handed in."""
        return self.verdict is Verdict.DEFICIENT

    @property
    def zh(self) -> str:
        return self.text.zh

    @property
    def en(self) -> str:
        return self.text.en


class Finding(Model):
    """The verdict on one file, the worst of its reasons', with all of them."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()


class SlotFinding(Finding):
    """The verdict on all files of a material, the worst of theirs. Its reasons name the files where there are several.

    `files` has the finding on each, in their order; `author` what there is to say of the intermediary that drew all of
    them up.
    """

    files: tuple[Finding, ...] = ()
    author: tuple[Reason, ...] = ()


class Named(Protocol):
    """An enterprise, as far as a paper must name it."""

    @property
    def name(self) -> str: ...

    @property
    def uscc(self) -> str: ...


DEFAULT_MATERIAL = Material(
    code="any-document",
    name=words.finding.ANY_DOCUMENT,
    formats=(Kind.PDF, Kind.OFD, *PICTURES),
    sample="any-document",
)
"""What is asked of a file of which nobody said which material it is."""

# Bounds of ours after which nothing is known about what else the file holds. The others leave a gap for the officer.
_HARD = frozenset((Limit.CPU, Limit.TIME, Limit.MEMORY, Limit.CRASH, Limit.SYNTAX, Limit.PAGES))
_SOFT = frozenset((Limit.BYTES, Limit.REQUESTS, Limit.OBJECTS))


def judge(facts: Facts, material: Material, enterprise: Named | None) -> Finding:
    """The finding on one file for one material. Without an enterprise, who is named in the paper is not looked at."""
    reasons = tuple(_reasons(facts, material, enterprise))
    return Finding(verdict=worst(reasons), reasons=reasons)


def judge_all(
    files: Sequence[Examined], material: Material, enterprise: Named | None, *, beside: int = 0
) -> SlotFinding:
    """The finding on the files of one material, each judged on its own, and on what they are together; photos of a
    paper of one file as its pages. `beside`: how many files the packet has of other materials.
    """
    if len(files) > 1 and material.room.files == 1 and all(file.facts.kind in PICTURES for file in files):
        return _judge_pages(files, material, enterprise, beside)
    found = tuple(judge(file.facts, material, enterprise) for file in files)
    if len(files) == 1:
        return SlotFinding(**dict(found[0]), files=found)
    said: dict[Reason, list[str]] = {}
    for file, finding in zip(files, found, strict=True):
        for reason in finding.reasons:
            said.setdefault(reason, []).append(file.name)
    named = (r.changed(text=words.finding.of_files(names, r.text)) for r, names in said.items())
    reasons = (*_together(files, material, beside), *sorted(named, key=lambda reason: not reason.deficient))
    return SlotFinding(verdict=worst(reasons), reasons=reasons, files=found)


def _judge_pages(files: Sequence[Examined], material: Material, enterprise: Named | None, beside: int) -> SlotFinding:
    """The finding on photos that together are one paper: each as its page, in order, and the paper as a whole."""
    a_page = material.changed(checks=Checks())
    found = tuple(judge(file.facts, a_page, None) for file in files)
    said: dict[Reason, list[tuple[int, str]]] = {}
    page = 1
    for file, finding in zip(files, found, strict=True):
        for reason in finding.reasons:
            said.setdefault(reason, []).append((page, file.name))
        page += file.facts.pages or 1
    named = (r.changed(text=words.finding.of_pages(pages, r.text)) for r, pages in said.items())
    whole = Facts(kind=files[0].facts.kind, size=0, opens=Opens.YES, pages=page - 1, text_on_page_1=False)
    together = (*_deficiencies(whole, material.checks), *_content_warnings(whole, material.checks, enterprise))
    reasons = (*_together(files, material, beside), *named, *together)
    ordered = tuple(sorted(reasons, key=lambda reason: not reason.deficient))
    return SlotFinding(verdict=worst(ordered), reasons=ordered, files=found)


def too_many(files: Sequence[Examined], material: Material) -> bool:
    """Whether these are more files, or larger ones, than the material may have together."""
    return any(_together(files, material))


def _together(files: Sequence[Examined], material: Material, beside: int = 0) -> Iterator[Reason]:
    if len(files) + beside > MOST_FILES:
        yield _deficient("too-many-in-all", bound=MOST_FILES)
    if len(files) > material.room.most:
        yield _deficient("too-many-files", count=len(files), bound=material.room.most)
    if sum(file.size for file in files) > LARGEST_TOGETHER * _MB:
        yield _deficient("too-large-together", bound=LARGEST_TOGETHER)


def worst(reasons: Iterable[Reason]) -> Verdict:
    severities = {reason.verdict for reason in reasons}
    return next((v for v in (Verdict.DEFICIENT, Verdict.WARNING) if v in severities), Verdict.VALID)


def _reasons(facts: Facts, material: Material, enterprise: Named | None) -> Iterator[Reason]:
    """Every reason, the gravest first. A file that does not open has one reason: the others would be guesses."""
    gate = _gate(facts, material)
    if gate:
        yield gate
        return
    yield from _deficiencies(facts, material.checks)
    yield from _warnings(facts, material.checks)
    yield from _content_warnings(facts, material.checks, enterprise)


def _gate(facts: Facts, material: Material) -> Reason | None:
    """Why the file cannot be opened as this material at all."""
    formats = words.finding.formats(material.formats)
    if facts.archived:
        return _deficient("archived")
    if facts.kind is Kind.EMPTY:
        return _deficient("empty")
    if facts.kind is Kind.OTHER:
        if facts.other is not None:
            kind, way = names.OTHERS[facts.other], words.finding.WAYS[facts.other]
            return _deficient("other-kind", kind=kind, way=way, formats=formats)
        return _deficient("unknown-kind", formats=formats)
    if facts.kind not in material.formats:
        way = words.finding.CONVERSIONS[facts.kind]
        return _deficient("format-not-accepted", formats=formats, kind=facts.kind.upper(), way=way)
    if facts.opens is Opens.LOCKED:
        return _deficient("locked")
    if Limit.PIXELS in facts.over_limits:
        return _deficient("too-many-pixels", width=facts.width, height=facts.height)
    if facts.opens is Opens.YES:
        return None
    if facts.over_limits:
        return _deficient("over-limits", limits=_named(facts.over_limits))
    if facts.pages == 0:
        return _deficient("no-pages")
    if facts.truncated:
        return _deficient("truncated")
    return _deficient("unknown-encryption" if facts.encrypted else "unreadable")


def _deficiencies(facts: Facts, checks: Checks) -> Iterator[Reason]:
    over = [limit for limit in facts.over_limits if limit in _HARD]
    if over:
        yield _deficient("over-limits", limits=_named(over))
    if facts.damaged and not facts.mended:
        yield _deficient("truncated" if facts.truncated else "damaged", on=_where(facts, Found.UNREADABLE_PAGES))
    if facts.scripts or (facts.javascript and checks.field_functions is Tolerance.DEFICIENT):
        yield _deficient("javascript", on=_where(facts, Found.SCRIPTS, Found.JAVASCRIPT))
    if facts.launch_unasked or (facts.launch and checks.pressed_launch is Tolerance.DEFICIENT):
        yield _deficient("launch", on=_where(facts, Found.LAUNCH_UNASKED, Found.LAUNCH))
    if any(seal.state is SealState.CHANGED for seal in facts.seals):
        yield _deficient("seal-changed")
    if facts.unseen is not None:
        yield _deficient(f"unseen-{facts.unseen}")
    elif facts.all_pages_blank:
        yield _deficient("all-pages-blank")
    if facts.width is not None and facts.height is not None and min(facts.width, facts.height) < MIN_SIDE:
        several = (facts.pages or 1) > 1
        place = _where(facts, Found.SMALL_PAGES) if several else ()
        yield _deficient("image-too-small", width=facts.width, height=facts.height, on=place)
    if facts.pages is not None and facts.pages < checks.min_pages:
        yield _deficient("too-few-pages", pages=facts.pages, bound=checks.min_pages)
    if facts.pages is not None and facts.pages > checks.max_pages:
        yield _deficient("too-many-pages", pages=facts.pages, bound=checks.max_pages)


def _warnings(facts: Facts, checks: Checks) -> Iterator[Reason]:
    if facts.mended:
        yield _warning("mended")
    states = {seal.state for seal in facts.seals}
    if SealState.UNTRUSTED in states:
        yield _warning("signer-unknown")
    if SealState.UNKNOWN in states:
        yield _warning("seal-unknown")
    if facts.trailing:
        yield _warning("trailing")
    if facts.javascript and not facts.scripts and checks.field_functions is Tolerance.WARNING:
        yield _warning("field-functions", on=_where(facts, Found.JAVASCRIPT))
    if facts.launch and not facts.launch_unasked and checks.pressed_launch is Tolerance.WARNING:
        yield _warning("pressed-launch", on=_where(facts, Found.LAUNCH))
    if facts.active:
        what = joined(names.ACTIVE[what] for what in facts.active)
        yield _warning("active", what=what, on=_where(facts, Found.ACTIVE))
    soft = [limit for limit in facts.over_limits if limit in _SOFT]
    if soft:
        yield _warning("partly-examined", limits=_named(soft))
    if facts.second_reader:
        yield _warning("readers-disagree", what=joined(names.DIFFERENCES[what] for what in facts.second_reader))
    if Limit.SECOND_READER in facts.over_limits:
        yield _warning("second-reader-failed")
    if facts.foreign_start:
        yield _warning("foreign-start")
    if facts.embedded_files:
        yield _warning("embedded-files", on=_where(facts, Found.EMBEDDED_FILES))
    if facts.encrypted:
        yield _warning("encrypted")
    if facts.unreadable_pages:
        place = _where(facts, Found.UNREADABLE_PAGES)
        yield _warning("unreadable-pages", count=facts.unreadable_pages, on=place)
    if facts.blank_pages and not facts.all_pages_blank:
        place = _where(facts, Found.BLANK_PAGES)
        yield _warning("blank-pages", blank=facts.blank_pages, pages=facts.pages, on=place)


def _content_warnings(facts: Facts, checks: Checks, enterprise: Named | None) -> Iterator[Reason]:
    if facts.kind in (Kind.PDF, Kind.OFD) and facts.text_on_page_1 is None:
        yield _warning("text-unknown")
    elif checks.names_enterprise and enterprise is not None and not facts.text_dropped:
        if not facts.text_on_page_1:
            yield _warning("name-not-checkable")
        elif normalise(enterprise.name) not in facts.text and normalise(enterprise.uscc) not in facts.text:
            code = "text-unreliable" if facts.text_unreliable else "name-missing"
            yield _warning(code, name=enterprise.name, uscc=enterprise.uscc)
    if checks.signed and not facts.signed:
        yield _warning("not-signed")


def _where(facts: Facts, *found: Found) -> tuple[int, ...]:
    """The pages on which the first of these was found of which that is known."""
    return next((facts.on_pages[what] for what in found if what in facts.on_pages), ())


def _named(limits: Iterable[Limit]) -> Text:
    return joined(names.LIMITS[limit] for limit in limits)


def _deficient(code: str, on: tuple[int, ...] = (), **values: object) -> Reason:
    return Reason(code=code, verdict=Verdict.DEFICIENT, text=words.finding.reason(code, on=on, **values))


def _warning(code: str, on: tuple[int, ...] = (), **values: object) -> Reason:
    return Reason(code=code, verdict=Verdict.WARNING, text=words.finding.reason(code, on=on, **values))
