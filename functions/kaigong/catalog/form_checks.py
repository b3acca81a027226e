"""What must hold of the one form: of its fields and relations, and of what matters ask for on it."""

from collections import Counter
from collections.abc import Iterator

from kaigong.domain.model.catalogue import Code, Material, Matter, Process
from kaigong.domain.model.form import (
    MOST_FIELDS,
    MOST_OF_A_MATTER,
    FieldKind,
    Form,
    FormField,
    Relation,
    RelationKind,
)

from .problem import Located, Problem

FILE = "form.json"


def problems(
    form: Form,
    materials: tuple[Located[Material], ...],
    matters: tuple[Located[Matter], ...],
    processes: tuple[Located[Process], ...],
) -> Iterator[Problem]:
    """Everything wrong with it; nothing where it fits the matters."""
    yield from _fields(form, matters)
    for relation in form.relations:
        yield from _relation(relation, form)
    yield from _matters(form, materials, matters)
    yield from _processes(matters, processes)


def _fields(form: Form, matters: tuple[Located[Matter], ...]) -> Iterator[Problem]:
    codes = Counter([*(group.code for group in form.groups), *(f.code for group in form.groups for f in group.fields)])
    for code, count in codes.items():
        if count > 1:
            yield Problem(FILE, code, "编码重复", "the code is used twice")
    asked = {entry.field for matter in matters for entry in matter.value.form}
    for field in form.fields.values():
        if field.code not in asked:
            yield Problem(FILE, field.code, "没有事项需要这一项", "no matter asks for this field")
        yield from _field(field)


def _field(field: FormField) -> Iterator[Problem]:
    if field.counts and (field.least is None or field.most is None or field.least > field.most):
        yield Problem(
            FILE, field.code, "数字须有范围：least 不大于 most", "a number needs a range, least no larger than most"
        )
    if field.kind is FieldKind.MONEY and field.unit is None:
        yield Problem(FILE, field.code, "金额须有单位", "an amount of money needs a unit")
    if not field.counts and (field.unit or field.decimals or field.least is not None or field.most is not None):
        yield Problem(
            FILE,
            field.code,
            "只有数字和金额有单位、范围和小数位",
            "only numbers and money have a unit, a range and decimals",
        )
    names = Counter(name for o in field.options for name in {o.code, o.name.zh, o.name.en})
    if (field.kind is FieldKind.CHOICE) != (len(field.options) > 1) or any(n > 1 for n in names.values()):
        yield Problem(
            FILE,
            field.code,
            "选择项须有两个以上互不相同的选项，其他种类不写选项",
            "a choice has two options or more, each with names of its own; no other kind has any",
        )


_COUNT = {
    RelationKind.AT_MOST: 1,
    RelationKind.NOT_BEFORE: 1,
}  # others that one names; else two or more


def _relation(relation: Relation, form: Form) -> Iterator[Problem]:
    named = (relation.field, *relation.of)
    unknown = [code for code in named if code not in form.fields]
    for code in unknown:
        yield Problem(FILE, relation.field, f"关系中的 {code} 不存在", f"a relation names the unknown field {code!r}")
    if unknown:
        return
    count = _COUNT.get(relation.kind)
    if len(set(named)) < len(named) or (len(relation.of) < 2 if count is None else len(relation.of) != count):
        yield Problem(
            FILE,
            relation.field,
            f"关系 {relation.kind} 所列的项数不对或有重复",
            f"a relation {relation.kind.value!r} names too many or too few fields, or one twice",
        )
    fields = [form.fields[code] for code in named]
    dates = relation.kind is RelationKind.NOT_BEFORE
    if not all(field.kind is FieldKind.DATE if dates else field.counts for field in fields):
        yield Problem(
            FILE,
            relation.field,
            f"关系 {relation.kind} 只能用于{'日期' if dates else '数字和金额'}",
            f"a relation {relation.kind.value!r} is between {'dates' if dates else 'numbers'}",
        )
    elif relation.kind in (RelationKind.SUM, RelationKind.AT_MOST) and len({f.unit for f in fields}) > 1:
        yield Problem(
            FILE, relation.field, "相加、相比的各项单位须一致", "fields that are added or compared need the same unit"
        )


def _matters(
    form: Form, materials: tuple[Located[Material], ...], matters: tuple[Located[Matter], ...]
) -> Iterator[Problem]:
    papers = [entry.value.code for entry in materials if entry.value.by_form]
    for code in papers[1:]:
        yield Problem(
            "materials.json", code, "申请表只能有一份", "there is one application form, and another material is it"
        )
    for entry in matters:
        file, matter = entry.file, entry.value
        asked: list[Code] = [item.field for item in matter.form]
        for code in asked:
            if code not in form.fields:
                yield Problem(file, matter.code, f"申请表中没有 {code}", f"the form has no field {code!r}")
        for code, count in Counter(asked).items():
            if count > 1:
                yield Problem(file, matter.code, f"申请表的 {code} 列出两次", f"field {code!r} is listed twice")
        if len(asked) > MOST_OF_A_MATTER:
            yield Problem(
                file,
                matter.code,
                f"一个事项最多问 {MOST_OF_A_MATTER} 项",
                f"a matter asks for {MOST_OF_A_MATTER} fields at most",
            )
        if bool(asked) != any(item.material in papers for item in matter.materials):
            yield Problem(
                file,
                matter.code,
                "要申请表（by_form）的事项须列出所问各项（form），其他事项不列",
                "a matter that asks for the application form (by_form) lists its fields (form), and no other does",
            )


def _processes(matters: tuple[Located[Matter], ...], processes: tuple[Located[Process], ...]) -> Iterator[Problem]:
    asked = {entry.value.code: {item.field for item in entry.value.form} for entry in matters}
    for entry in processes:
        together = set().union(*(asked.get(code, set()) for code in entry.value.matters))
        if len(together) > MOST_FIELDS:
            yield Problem(
                entry.file,
                entry.value.code,
                f"全部事项合计问 {len(together)} 项，最多 {MOST_FIELDS} 项",
                f"its matters ask for {len(together)} fields together; {MOST_FIELDS} is the most",
            )
