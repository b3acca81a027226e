"""What is filled in on the one form: read as it is written here, checked, and compared with what is on record.

Each value is read by its field's kind: digits, brackets and separators may be of full width, a number may carry its own
unit and separators of thousands, a date may be written in any of the usual ways. Nothing is guessed: another unit is
not converted, and what cannot be read is told with what to do. What must hold between fields is told with the field
that it is about; where there may be good reasons that it does not hold, it is told and stops nothing.

Sources: mission 8 (one form), 2 (the system fills in what it knows), 7 (everything wrong at once); GB 32100-2015 for
credit codes.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from kaigong.domain import words
from kaigong.domain.model.catalogue import Catalogue, Code, Matter
from kaigong.domain.model.facts import normalise
from kaigong.domain.model.form import FieldKind, FilledFrom, Form, FormField, FormTaken, Known, Relation, RelationKind
from kaigong.domain.model.manifest import USCC_PATTERN
from kaigong.domain.model.messages import BasicData
from kaigong.domain.model.standing import OtherPacket, ProjectStanding, Standing
from kaigong.domain.model.text import Model, Text
from kaigong.domain.model.values import BEHIND, FIRST_YEAR

from .identity import credit_check_character

NEAR = Decimal("0.1")  # choice: how far a product may be off, as a part of it, before people are told
_NUMBER = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
_DATE = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
_CODED = re.compile(
    r"(.*?)[\s,，;；:：(（]*([0-9A-Za-z０-９Ａ-Ｚａ-ｚ]{18})[)）]?"
)  # a name and a credit code behind it
_SHORTEST_NAME = 4  # choice: characters of an organisation's name; shorter ones are abbreviations


class FormProblem(Model):
    """Something that is wrong with a field, or odd: what, why, and what to do."""

    field: Code
    code: str
    text: Text
    certain: bool = True  # False: it stops nothing, and the officer is told as well


class Asked(Model):
    """A field that the matters of an application ask for, once for all of them."""

    field: FormField
    matters: tuple[Code, ...]
    required: bool


class Looked(Model):
    """What a filled form comes to."""

    asked: tuple[Asked, ...]
    values: dict[Code, str]  # that could be read, as they are written here
    problems: tuple[FormProblem, ...]
    missing: tuple[FormField, ...]  # required and blank

    @property
    def begun(self) -> bool:
        """Whether anything that is asked was filled in."""
        return bool(self.values or self.problems)

    @property
    def wrong(self) -> tuple[FormProblem, ...]:
        return tuple(problem for problem in self.problems if problem.certain)

    @property
    def odd(self) -> tuple[FormProblem, ...]:
        return tuple(problem for problem in self.problems if not problem.certain)

    @property
    def complete(self) -> bool:
        """Whether it stands in the place of the paper."""
        return self.begun and not self.wrong and not self.missing


def asked(matters: Iterable[Matter], form: Form, committed: Collection[Code] = ()) -> tuple[Asked, ...]:
    """The fields that these matters ask for, each once, in the form's order. Those `committed` require none: the
    commitment takes the place of a matter's form as well.
    """
    askers: dict[Code, list[tuple[Code, bool]]] = {}
    for matter in matters:
        for entry in matter.form:
            needs = entry.required and matter.code not in committed
            askers.setdefault(entry.field, []).append((matter.code, needs))
    return tuple(
        Asked(
            field=field,
            matters=tuple(matter for matter, _ in askers[code]),
            required=any(needs for _, needs in askers[code]),
        )
        for code, field in form.fields.items()
        if code in askers
    )


def applied(
    said: Mapping[Code, str] | None, matters: Iterable[Code], committed: Collection[Code], catalogue: Catalogue
) -> Looked:
    """What is filled in for these matters; None: nothing is. Matters that have left the catalogue ask for nothing."""
    there = (catalogue.matters[code] for code in matters if code in catalogue.matters)
    return look(said or {}, asked(there, catalogue.form, committed), catalogue.form)


def look(said: Mapping[Code, str], wanted: tuple[Asked, ...], form: Form) -> Looked:
    """What is filled in against what is asked. What no matter asks for is passed over."""
    values: dict[Code, str] = {}
    problems: list[FormProblem] = []
    for entry in wanted:
        written = said.get(entry.field.code, "").strip()
        if not written:
            continue
        value, found = read(entry.field, written)
        if value is not None:
            values[entry.field.code] = value
        problems += [found] if found else []
    for relation in form.relations:
        if relation.field in values:
            problems += _unrelated(relation, values, form)
    read_or_wrong = {*values, *(problem.field for problem in problems)}
    missing = (entry.field for entry in wanted if entry.required and entry.field.code not in read_or_wrong)
    return Looked(asked=wanted, values=values, problems=tuple(problems), missing=tuple(missing))


def digest(values: Mapping[Code, str]) -> str:
    """What tells this form from any other: the ledger can prove what was filled in."""
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# one field


def read(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    """A value as it is written here, and what is wrong or odd with it; None: it cannot be read."""
    match field.kind:
        case FieldKind.NUMBER | FieldKind.MONEY:
            return _number(field, said)
        case FieldKind.DATE:
            return _date(field, said)
        case FieldKind.CHOICE:
            return _choice(field, said)
        case FieldKind.ORGANISATION:
            return _organisation(field, said)
        case FieldKind.TEXT:
            return _text(field, said)


def _wrong(field: FormField, code: str, text: Text) -> tuple[None, FormProblem]:
    return None, FormProblem(field=field.code, code=code, text=text)


def _plain(text: str) -> str:
    """As it is compared: of usual width, in lower case, without blanks."""
    return "".join(normalize("NFKC", text).replace("−", "-").casefold().split())


def _number(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    written = _plain(said)
    for unit in (_plain(field.unit.zh), _plain(field.unit.en)) if field.unit else ():
        if written.endswith(unit) and _NUMBER.fullmatch(bare := written.removesuffix(unit)):
            written = bare
    found = _NUMBER.match(written)
    if found is None or (found.end() < len(written) and written[found.end()] in ",.+-0123456789"):
        return _wrong(field, "form-number", words.form.no_number(field))
    if found.end() < len(written):
        return _wrong(field, "form-unit", words.form.another_unit(field))
    whole = found[2].replace(",", "").lstrip("0") or "0"
    rest = (found[3] or "").rstrip("0")
    number = whole + (f".{rest}" if rest else "")
    value = f"-{number}" if found[1] == "-" and number != "0" else number
    if len(rest) > field.decimals:
        return _wrong(field, "form-decimals", words.form.too_exact(field))
    if (field.least is not None and Decimal(value) < field.least) or (
        field.most is not None and Decimal(value) > field.most
    ):
        return _wrong(field, "form-range", words.form.out_of_range(field))
    return value, None


def _date(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    found = _DATE.fullmatch(_plain(said))
    if found is not None:
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            return _dated(field, date(year, month, day))
        except ValueError:  # no such day
            pass
    return _wrong(field, "form-date", words.form.no_date(field))


def _dated(field: FormField, day: date) -> tuple[str | None, FormProblem | None]:
    if not FIRST_YEAR <= day.year < BEHIND:
        return _wrong(field, "form-date", words.form.no_date(field))
    return day.isoformat(), None


def _choice(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    written = _plain(said)
    for option in field.options:
        if written in (option.code, _plain(option.name.zh), _plain(option.name.en)):
            return option.code, None
    return _wrong(field, "form-choice", words.form.no_option(field))


def _text(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    if len(said) > field.longest:
        return _wrong(field, "form-length", words.form.too_long(field))
    return said, None


def _organisation(field: FormField, said: str) -> tuple[str | None, FormProblem | None]:
    found = _CODED.fullmatch(said.replace("\u3000", " "))
    name, code = (found[1].strip(), normalize("NFKC", found[2]).upper()) if found else (said, "")
    if len(name) < _SHORTEST_NAME:
        return _wrong(field, "form-organisation", words.form.no_name(field))
    if len(said) > field.longest:
        return _wrong(field, "form-length", words.form.too_long(field))
    if not code:
        return name, None
    if not re.fullmatch(USCC_PATTERN, code):
        return _wrong(field, "form-credit-code", words.form.no_credit_code(field))
    value, holds = f"{name} {code}", credit_check_character(code[:17]) == code[17]
    text = words.form.check_character(field)
    return value, None if holds else FormProblem(field=field.code, code="form-check", text=text, certain=False)


# several fields


def _unrelated(relation: Relation, values: Mapping[Code, str], form: Form) -> list[FormProblem]:
    """That a relation does not hold between values, each of which can be read. Without all of them, only what holds
    whatever the others are is said: parts that are more than their sum already.
    """
    field = form.fields[relation.field]
    others = [form.fields[code] for code in relation.of]
    there = [(other, values[other.code]) for other in others if other.code in values]
    whole = len(there) == len(others)
    text: Text | None = None
    match relation.kind:
        case RelationKind.SUM:
            text = _sum(field, values[field.code], others, [Decimal(value) for _, value in there], whole=whole)
        case RelationKind.AT_MOST if whole and Decimal(values[field.code]) > Decimal(there[0][1]):
            text = words.form.more_than(field, others[0], certain=relation.certain)
        case RelationKind.NOT_BEFORE if whole and values[field.code] < there[0][1]:
            text = words.form.before(field, others[0], certain=relation.certain)
        case RelationKind.PRODUCT if whole:
            product = Decimal(1)
            for _, value in there:
                product *= Decimal(value)
            if abs(Decimal(values[field.code]) - product) > NEAR * product:
                text = words.form.no_product(field, others, f"{product.normalize():f}")
        case _:
            pass
    code = f"form-{relation.kind.value}"
    return [FormProblem(field=field.code, code=code, text=text, certain=relation.certain)] if text else []


def _sum(field: FormField, said: str, others: list[FormField], parts: list[Decimal], *, whole: bool) -> Text | None:
    """Each part may be rounded by half of its last place, and so may the sum."""
    total = sum(parts, Decimal(0))
    slack = sum((Decimal(1).scaleb(-f.decimals) for f in (field, *others) if f.decimals), Decimal(0)) / 2
    off = total - Decimal(said)
    if off > slack or (whole and -off > slack):
        return words.form.no_sum(field, others, f"{total.normalize():f}", said)
    return None


# what is on record


def known(
    fields: Iterable[FormField],
    basic: BasicData | None,
    project: Iterable[OtherPacket],
    enterprise: Iterable[OtherPacket] = (),
) -> dict[Code, Known]:
    """What is on record for these fields, each from the first place that knows it. `project`, `enterprise`: accepted
    packets of the same enterprise, for this project and for any.
    """
    recorded = {
        FilledFrom.LEGAL_REPRESENTATIVE: basic.legal_representative if basic else None,
        FilledFrom.ADDRESS: basic.address if basic else None,
    }
    before = {FilledFrom.PROJECT: _newest_first(project), FilledFrom.ENTERPRISE: _newest_first(enterprise)}
    found: dict[Code, Known] = {}
    for field in fields:
        for source in field.filled_from:
            value, packet = recorded.get(source), ""
            if source in before:
                said = next((other for other in before[source] if field.code in other.form), None)
                value, packet = (said.form[field.code], said.packet) if said else (None, "")
            if value:
                found[field.code] = Known(value=value, source=source, packet=packet)
                break
    return found


def differs(entry: Known, value: str) -> bool:
    """Whether a field says something else than the record."""
    return normalise(entry.value) != normalise(value)


def taken(looked: Looked, uscc: str, standing: Standing, project: ProjectStanding) -> FormTaken | None:
    """The form as a packet keeps it, with what the record says otherwise; None: nothing was filled in."""
    if not looked.values:
        return None
    basic = standing.record.basic if standing.record else None
    on_record = known((entry.field for entry in looked.asked), basic, (o for o in project.others if o.uscc == uscc))
    differing = {c: entry for c, entry in on_record.items() if c in looked.values and differs(entry, looked.values[c])}
    return FormTaken(values=looked.values, complete=looked.complete, differing=differing)


def _newest_first(packets: Iterable[OtherPacket]) -> list[OtherPacket]:
    there = [other for other in packets if other.form and other.accepted_at]
    return sorted(there, key=lambda other: (other.accepted_at, other.packet), reverse=True)
