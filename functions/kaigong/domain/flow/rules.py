"""Intelligent approval (智能审批): rules decide what rules can decide, at once, with what they looked at on record.

Sources: mission 14 (rules decide what rules can decide), 3 (有承诺的直接批: approve at once what is committed to). The
rules of a matter done by commitment are always `BY_COMMITMENT`, of any other one those that its catalogue entry names;
without any, a department decides. A rule that does not hold refuses nothing: the department decides, and sees why.
"""

from collections.abc import Callable, Iterable

from kaigong.domain import words
from kaigong.domain.intake import form, letter
from kaigong.domain.model.catalogue import Catalogue, Code, Matter, Route, Source
from kaigong.domain.model.packet import Header, Packet, Paper, RuleOutcome
from kaigong.domain.model.text import Model, Text
from kaigong.domain.words.rules import RuleSays


class Answer(Model):
    """What a rule says of a matter. `inputs` are codes, versions and hashes; never a name or a number of a person."""

    holds: bool
    text: Text
    inputs: dict[str, str]


class Rule(Model):
    """One rule: what it asks for, in words, and how it is asked."""

    name: Text
    ask: Callable[[Packet, Header, Matter, Catalogue], Answer]


def ask(packet: Packet, matter: Code, catalogue: Catalogue) -> tuple[RuleOutcome, ...]:
    """The answer of every rule that decides a matter of an accepted packet; none: a department decides.

    The loader lets no catalogue through that names a rule which there is not; an earlier one, by which a packet goes,
    may name one that is gone: then a department decides.
    """
    header, entry = packet.header, catalogue.matters[matter]
    assert header is not None  # noqa: S101 - rules are asked of accepted packets
    codes = BY_COMMITMENT if packet.routes[matter] is Route.COMMITMENT else entry.rules
    if not RULES.keys() >= set(codes):
        return ()
    answers = {code: RULES[code].ask(packet, header, entry, catalogue) for code in codes}
    return tuple(RuleOutcome(rule=code, **dict(answer)) for code, answer in answers.items())


def decides(outcomes: Iterable[RuleOutcome]) -> bool:
    """Whether rules decide: at least one was asked, and all hold."""
    asked = [outcome.holds for outcome in outcomes]
    return bool(asked) and all(asked)


def _main_complete(packet: Packet, _: Header, matter: Matter, catalogue: Catalogue) -> Answer:
    inputs = {e.material: _there(packet, e.material, catalogue) for e in matter.materials if e.main}
    missing = [code for code, there in inputs.items() if not there]
    return _answer(
        words.rules.MAIN_COMPLETE,
        {code: there or "missing" for code, there in inputs.items()},
        [catalogue.materials[code].name for code in missing],
    )


def _there(packet: Packet, slot: Code, catalogue: Catalogue) -> str:
    """Which versions of a material are there; empty: none."""
    material, papers = catalogue.materials[slot], packet.papers.by_slot.get(slot)
    if papers is not None:
        return " ".join(paper.version for paper in papers)
    if material.source is Source.SHARED:
        return "shared" if packet.header and packet.header.credit_at else ""
    if material.by_form and packet.form and packet.form.complete:
        return f"form {form.digest(packet.form.values)}"
    return f"result {material.result_of}" if material.result_of in {*packet.priors, *packet.routes} else ""


def _papers_valid(packet: Packet, _: Header, matter: Matter, catalogue: Catalogue) -> Answer:
    papers = {e.material: p for e in matter.materials if (p := packet.papers.by_slot.get(e.material))}
    return _answer(
        words.rules.PAPERS_VALID,
        {slot: " ".join(sign for paper in found for sign in _signs(paper)) for slot, found in papers.items()},
        [catalogue.materials[s].name for s, found in papers.items() if any(p.verdict != "valid" for p in found)],
    )


def _signs(paper: Paper) -> tuple[str, ...]:
    return (paper.version, paper.verdict, *(code for code, _ in paper.reasons))


def _no_gap(packet: Packet, _: Header, matter: Matter, catalogue: Catalogue) -> Answer:
    gaps = [gap for gap in packet.gaps.values() if matter.code in gap.matters]
    return _answer(
        words.rules.NO_GAP,
        {gap.slot: "open" if gap.open else "closed" for gap in gaps},
        [catalogue.materials[gap.slot].name for gap in gaps if gap.open],
    )


def _codes_hold(_: Packet, header: Header, __: Matter, ___: Catalogue) -> Answer:
    wrong = [] if header.project.code else [words.rules.NO_PROJECT_CODE]
    wrong += _doubts(header)
    return _answer(
        words.rules.CODES_HOLD,
        {"doubts": ",".join(header.doubts), "project-code": header.project.code or ""},
        wrong,
    )


def _commitment_accepted(packet: Packet, header: Header, matter: Matter, catalogue: Catalogue) -> Answer:
    accepted = packet.commitments.get(matter.code)
    held = letter.in_force(matter, catalogue, header.enterprise, header.project)
    wrong = _doubts(header)
    if accepted is None or held is None:
        wrong.append(words.rules.NO_LETTER)
    elif (accepted.version, accepted.sha256) != (held.version, held.sha256):
        wrong.append(words.rules.OLD_LETTER)
    return _answer(
        words.rules.COMMITMENT_ACCEPTED,
        {
            "letter": f"{accepted.version} {accepted.sha256}".strip() if accepted else "",
            "letter-in-force": f"{held.version} {held.sha256}" if held else "",
            "signing": accepted.signing.value if accepted else "",
            "credit-grade": header.credit_grade or "",
            "doubts": ",".join(header.doubts),
        },
        wrong,
    )


def _doubts(header: Header) -> list[Text]:
    return [words.rules.DOUBTFUL] if header.doubts else []


def _answer(says: RuleSays, inputs: dict[str, str], wrong: list[Text]) -> Answer:
    """The answer by what is wrong."""
    return Answer(holds=not wrong, text=says.failed(wrong) if wrong else says.holds, inputs=inputs)


RULES: dict[Code, Rule] = {
    "main-complete": Rule(name=words.rules.MAIN_COMPLETE.name, ask=_main_complete),
    "papers-valid": Rule(name=words.rules.PAPERS_VALID.name, ask=_papers_valid),
    "no-gap": Rule(name=words.rules.NO_GAP.name, ask=_no_gap),
    "codes-hold": Rule(name=words.rules.CODES_HOLD.name, ask=_codes_hold),
    "commitment-accepted": Rule(name=words.rules.COMMITMENT_ACCEPTED.name, ask=_commitment_accepted),
}
BY_COMMITMENT: tuple[Code, ...] = ("commitment-accepted",)
