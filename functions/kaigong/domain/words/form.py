"""What is told of the one form: each problem names the field, what is wrong with it, why, and what to do.

What somebody wrote into a text is not repeated, since it may be personal; amounts are. Sources: mission 8 (one form),
7 (everything wrong at once).
"""

from collections.abc import Iterable
from decimal import Decimal

from kaigong.domain.model.form import FilledFrom, FormField
from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Text

from . import names


def label(field: FormField) -> Text:
    """What a field is called, with its unit."""
    if field.unit is None:
        return field.name
    return Text(zh=f"{field.name.zh}（{field.unit.zh}）", en=f"{field.name.en} ({field.unit.en})")


def chosen(field: FormField, value: str) -> Text | None:
    """Of a choice: what is chosen."""
    return next((option.name for option in field.options if option.code == value), None)


def told(field: FormField, value: str) -> Text:
    """A value as people read it."""
    return chosen(field, value) or Text(zh=value, en=value)


def _of(field: FormField, zh: str, en: str) -> Text:
    name = label(field)
    return Text(zh=f"“{name.zh}”{zh}", en=f"{name.en} {en}")


# one field


def no_number(field: FormField) -> Text:
    example = "12500.5" if field.decimals else "12"
    return _of(
        field,
        f"不是数字。请只填阿拉伯数字，如 {example}。",
        f"is not a number. Enter digits alone, for example {example}.",
    )


def another_unit(field: FormField) -> Text:
    if field.unit is None:
        return _of(field, "数字后面有其他文字。请只填数字。", "has words behind its number. Enter the number alone.")
    return _of(
        field,
        f"数字后面不是规定的单位。请换算为{field.unit.zh}，只填数字。",
        f"has another unit or words behind its number. Convert it to {field.unit.en} and enter the number alone.",
    )


def too_exact(field: FormField) -> Text:
    if field.decimals == 0:
        return _of(field, "须为整数。请填整数。", "must be a whole number. Round it.")
    return _of(
        field,
        f"最多 {field.decimals} 位小数。请四舍五入后填写。",
        f"takes {field.decimals} decimal places at most. Round it.",
    )


def out_of_range(field: FormField) -> Text:
    least, most = (_amount(bound) for bound in (field.least, field.most))
    return _of(
        field,
        f"须在 {least} 至 {most} 之间。请核对数值和单位。",
        f"must be between {least} and {most}. Check the number and its unit.",
    )


def _amount(bound: Decimal | None) -> str:
    return "" if bound is None else f"{bound:f}"


def no_date(field: FormField) -> Text:
    return _of(
        field,
        "不是有效的日期。请按“年-月-日”填写，如 2026-04-01。",
        "is not a date. Enter year-month-day, for example 2026-04-01.",
    )


def no_option(field: FormField) -> Text:
    names = [option.name for option in field.options]
    return _of(
        field,
        f"不在选项之内。请从这些选项中选一项：{'、'.join(name.zh for name in names)}。",
        f"is none of the choices. Choose one of: {'; '.join(name.en for name in names)}.",
    )


def too_long(field: FormField) -> Text:
    return _of(
        field,
        f"过长。请不超过 {field.longest} 字。",
        f"is too long. Use at most {field.longest} characters.",
    )


def no_name(field: FormField) -> Text:
    return _of(
        field,
        "没有写明单位全称。请写营业执照上的名称；统一社会信用代码写在名称后面。",
        "has no full name. Enter the name as on the business licence, and the credit code, if you know it, behind it.",
    )


def no_credit_code(field: FormField) -> Text:
    return _of(
        field,
        "名称后面的统一社会信用代码格式不对。请核对这 18 位代码，不清楚的只写名称。",
        "has a credit code that cannot be one. Check its 18 characters, or enter the name alone.",
    )


def check_character(field: FormField) -> Text:
    return _of(
        field,
        "的统一社会信用代码校验位不符。请核对；无误的可照此提交，审查人员会看到这条提示。",
        "has a credit code whose check character does not fit. Check it; if it is right, submit it as it is. The "
        "officer will see this note.",
    )


# several fields

_IF_RIGHT = Text(
    zh="请核对；无误的可照此提交，审查人员会看到这条提示。",
    en="Check them; if they are right, submit them as they are. The officer will see this note.",
)
_CORRECT = Text(zh="请核对后更正。", en="Check them and correct what is wrong.")


def no_sum(field: FormField, parts: Iterable[FormField], total: str, said: str) -> Text:
    names = joined(part.name for part in parts)
    return _of(
        field,
        f"与各项之和不符：{names.zh}合计 {total}，这里填的是 {said}。{_CORRECT.zh}",
        f"is not what its parts come to: {names.en} add up to {total}, and {said} is entered here. {_CORRECT.en}",
    )


def more_than(field: FormField, other: FormField, *, certain: bool) -> Text:
    name, do = label(other), _CORRECT if certain else _IF_RIGHT
    return _of(field, f"大于“{name.zh}”。{do.zh}", f"is more than “{name.en}”. {do.en}")


def before(field: FormField, other: FormField, *, certain: bool) -> Text:
    name, do = label(other), _CORRECT if certain else _IF_RIGHT
    return _of(field, f"早于“{name.zh}”。{do.zh}", f"is before “{name.en}”. {do.en}")


def no_product(field: FormField, factors: Iterable[FormField], product: str) -> Text:
    names = [factor.name for factor in factors]
    return _of(
        field,
        f"与{'乘以'.join(name.zh for name in names)}（{product}）相差超过一成。{_IF_RIGHT.zh}",
        f"differs by more than a tenth from {' times '.join(name.en for name in names)} ({product}). {_IF_RIGHT.en}",
    )


# the form as a whole


def incomplete(material: Text, missing: Iterable[FormField]) -> Text:
    """Fields are missing, and there is no paper either."""
    names = joined(field.name for field in missing)
    return Text(
        zh=f"“{material.zh}”没有填完，还缺：{names.zh}。请在网上填齐，或上传签章的申请表。",
        en=f"{material.en} is not filled in completely. Still missing: {names.en}. Fill these in, or upload the form "
        "signed and stamped.",
    )


def main_missing(material: Text) -> Text:
    """Neither data nor paper."""
    return Text(
        zh=f"缺少“{material.zh}”。请在网上填写，或上传签章的申请表。",
        en=f"{material.en} is missing. Fill it in here, or upload it signed and stamped.",
    )


# where a value comes from


def source(known: FilledFrom, packet: str) -> Text:
    """Where a value comes from, with the packet that it was read in."""
    said = names.FILLED_FROM[known]
    return Text(zh=f"{said.zh} {packet}", en=f"{said.en}, {packet}") if packet else said


def filled_in(known: FilledFrom, packet: str) -> Text:
    """Told beside a field that was filled in for the applicant."""
    said = source(known, packet)
    return Text(zh=f"已由系统带入：{said.zh}。可以更改。", en=f"Filled in from: {said.en}. You may change it.")


def changed(known: FilledFrom, packet: str) -> Text:
    """Told beside one that says something else now."""
    said = source(known, packet)
    return Text(
        zh=f"与记录不同（{said.zh}），审查人员会看到。",
        en=f"This differs from the record ({said.en}); officers will see that.",
    )


def differs(known: FilledFrom, packet: str, before: Text) -> Text:
    """Told to officers: what the record says."""
    said = source(known, packet)
    return Text(
        zh=f"与记录不同。{said.zh}：{before.zh}",
        en=f"Differs from the record. {said.en[0].upper()}{said.en[1:]}: {before.en}",
    )
