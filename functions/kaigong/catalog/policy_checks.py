"""What must hold of policies: they name what there is, and ask for it in a way that can hold."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kaigong.domain.flow.benefits import number
from kaigong.domain.model.catalogue import Catalogue, Code
from kaigong.domain.model.form import FieldKind, Form, FormField
from kaigong.domain.model.messages import Channel
from kaigong.domain.model.packet import ResultCode
from kaigong.domain.model.policy import COUNTED, NUMERIC, Ask, Condition, FactKind, Policy

from .problem import Located, Problem

MOST_POLICIES = 60  # choice: what a packet may have on record of them fits into its partition's first read


@dataclass(frozen=True)
class Known:
    """What policies may name, by code."""

    departments: Collection[Code]
    processes: Collection[Code]
    matters: Collection[Code]
    grades: Collection[str]
    form: Form


def of(catalogue: Catalogue) -> Known:
    """What the policies of a catalogue may name."""
    grades = {grade for scheme in catalogue.schemes.values() for grade in scheme.grades}
    return Known(catalogue.departments, catalogue.processes, catalogue.matters, grades, catalogue.form)


def problems(policies: tuple[Located[Policy], ...], known: Known) -> Iterator[Problem]:
    """Everything wrong with them; nothing where they can be applied."""
    for entry in policies[MOST_POLICIES:]:
        text = f"政策超过 {MOST_POLICIES} 项", f"there are more than {MOST_POLICIES} policies"
        yield Problem(entry.file, entry.value.code, *text)
    for code, count in Counter(entry.value.code for entry in policies).items():
        if count > 1:
            yield Problem(policies[0].file, code, "编码重复", "the code is used twice")
    for entry in policies:
        for zh, en in _wrong(entry.value, known):
            yield Problem(entry.file, entry.value.code, zh, en)


def _wrong(policy: Policy, known: Known) -> Iterator[tuple[str, str]]:
    if policy.department not in known.departments:
        yield f"部门 {policy.department} 不存在", f"unknown department {policy.department!r}"
    if policy.cap > policy.budget:
        yield "单个企业最高额大于预算", "the cap of one enterprise is larger than the budget"
    if policy.yuan is not None and policy.yuan > policy.cap:
        yield "每次金额大于单个企业最高额", "its sum is larger than the cap of one enterprise"
    if policy.share is not None:
        field = known.form.fields.get(policy.share.field)
        if field is None or field.kind is not FieldKind.MONEY:
            yield f"申请表没有金额项 {policy.share.field}", f"the form has no sum of money {policy.share.field!r}"
    for condition in policy.conditions:
        yield from _condition(condition, known)


def _condition(condition: Condition, known: Known) -> Iterator[tuple[str, str]]:
    field = known.form.fields.get(condition.field)
    if condition.field and field is None:
        yield f"申请表没有 {condition.field}", f"the form has no field {condition.field!r}"
        return
    if _counts(condition, field) is not (condition.ask in NUMERIC):
        yield (
            f"条件 {condition.fact} 不能用 {condition.ask}：数字用 at-least、at-most，其他用 one-of、all-of",
            f"condition {condition.fact!r} cannot be asked by {condition.ask.value!r}: numbers take at-least and "
            "at-most, everything else one-of and all-of",
        )
    elif condition.ask in NUMERIC and number(condition.values[0]) is None:
        yield f"条件 {condition.fact} 的界限不是数字", f"the bound of {condition.fact!r} is no number"
    several = (FactKind.APPROVED, FactKind.COMMITTED, FactKind.INSPECTED)
    if condition.ask is Ask.ALL_OF and len(condition.values) > 1 and condition.fact not in several:
        yield (
            f"条件 {condition.fact} 只有一个值，不能要求同时具备几个",
            f"{condition.fact!r} has one value: it cannot be all of several",
        )
    allowed = _allowed(condition, field, known)
    for value in condition.values:
        if allowed is not None and value not in allowed:
            yield f"条件 {condition.fact} 中的 {value} 不存在", f"{condition.fact!r} asks for an unknown {value!r}"


def _counts(condition: Condition, field: FormField | None) -> bool:
    return field.counts if field else condition.fact in COUNTED


def _allowed(condition: Condition, field: FormField | None, known: Known) -> Collection[str] | None:
    """The values that there are; None: any."""
    if field is not None:
        return [option.code for option in field.options] if field.options else None
    several = dict.fromkeys((FactKind.APPROVED, FactKind.COMMITTED, FactKind.INSPECTED), known.matters)
    allowed: Mapping[FactKind, Collection[str]] = {
        FactKind.PROCESS: known.processes,
        FactKind.CHANNEL: list(Channel),
        FactKind.GRADE: known.grades,
        FactKind.RESULT: list(ResultCode),
        **several,
    }
    return allowed.get(FactKind(condition.fact))
