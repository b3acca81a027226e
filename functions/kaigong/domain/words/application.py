"""Why a manifest is no application at all, told in one written refusal: each point with what to correct.

Source: mission 7 (一次性告知). Values that the applicant wrote are repeated only where they are codes: others may be
personal.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from kaigong.domain.model.text import Text

# who put it


def unknown_dropper(*, told: bool) -> Text:
    """Nobody knows for whom it was put; `told`: object storage said who it was."""
    if not told:
        return Text(
            zh="无法确认是谁投递了 manifest.json，本次投递未被接收。请重新上传 manifest.json。",
            en="It cannot be told any more who put this manifest.json, so it was not taken. Upload it again.",
        )
    return Text(
        zh="投递 manifest.json 的账户没有登记为任何企业的投递账户，本次投递未被接收。"
        "请在网上门户提交申请，或请系统运维登记该账户后重新上传。",
        en="Who put this manifest.json is not registered as speaking for an enterprise, so it was not taken. Submit "
        "the application at the portal, or have operations register the account and upload it again.",
    )


def another_enterprise() -> Text:
    """It speaks in the name of an enterprise that whoever put it is not registered for."""
    return Text(
        zh="manifest.json 写的企业，与该投递账户登记的企业不一致。请改正统一社会信用代码，或使用该企业的投递账户。",
        en="This manifest.json names another enterprise than the account that put it is registered for. Correct the "
        "credit code, or use that enterprise's account.",
    )


def another_s_draft() -> Text:
    """There is a draft under this packet's name, and it is of another enterprise."""
    return Text(
        zh="这个材料包编号属于另一家企业正在填写的申请。请另取一个编号，在新的文件夹中上传。",
        en="This packet's name belongs to an application that another enterprise has begun. Choose another name, and "
        "upload to a new folder.",
    )


# the manifest itself


def encoded(encoding: str) -> Text:
    """It is not in UTF-8 but, as it seems, in another encoding; empty: in none that is known here."""
    zh = f"manifest.json 的编码似乎是 {encoding}" if encoding else "manifest.json 不是 UTF-8 编码的文本"
    en = f"manifest.json seems to be encoded in {encoding}" if encoding else "manifest.json is not text in UTF-8"
    return Text(
        zh=f"{zh}。请用编辑器“另存为”UTF-8 编码后重新上传。",
        en=f"{en}. Save it as UTF-8 with your editor and upload it again.",
    )


def no_json(line: int, column: int, empty: bool) -> Text:
    """It cannot be read as JSON from this place on."""
    if empty:
        return Text(
            zh="manifest.json 是空的。请写入申报信息后重新上传。",
            en="manifest.json is empty. Write the application into it and upload it again.",
        )
    return Text(
        zh=f"manifest.json 不是有效的 JSON：第 {line} 行第 {column} 个字符处无法读取，"
        "常见原因是缺少逗号、引号或括号，或用了中文标点。请改正后重新上传。",
        en=f"manifest.json is not valid JSON: it cannot be read at line {line}, character {column}. Often a comma, a "
        "quotation mark or a bracket is missing, or is a Chinese one. Correct it and upload it again.",
    )


def breaks_the_schema(kind: str, limits: Mapping[str, Any]) -> Text:
    """A field that breaks the schema: `kind` is pydantic's name for how, `limits` what it was measured by."""
    said = _BROKEN.get(kind)
    if said is None:
        said = next((text for ending, text in _KINDS.items() if kind.endswith(ending)), _ANOTHER_FORM)
    return Text(
        zh=said.zh.format_map(_Known(limits)) + "请按 schemas/manifest.json 改正后重新上传。",
        en=said.en.format_map(_Known(limits)) + " Correct it by schemas/manifest.json and upload it again.",
    )


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"


_ANOTHER_FORM = Text(zh="内容的格式不对。", en="It is not in the right form.")
_BROKEN = {
    "missing": Text(zh="缺少这一项。", en="This field is missing."),
    "extra_forbidden": Text(zh="没有这一项，请核对拼写或删去。", en="There is no such field: check its spelling."),
    "literal_error": Text(zh="应为 {expected}。", en="It must be {expected}."),
    "string_too_short": Text(zh="至少 {min_length} 个字。", en="It needs at least {min_length} character(s)."),
    "string_too_long": Text(zh="最多 {max_length} 个字。", en="It may have {max_length} characters at most."),
    "too_short": Text(zh="至少列出 {min_length} 项。", en="It needs at least {min_length} item(s)."),
    "too_long": Text(zh="最多列出 {max_length} 项。", en="It may have {max_length} items at most."),
    "greater_than_equal": Text(zh="不得小于 {ge}。", en="It must not be less than {ge}."),
    "timezone_aware": Text(zh="时间须带时区，例如 +08:00。", en="The time needs its zone, for example +08:00."),
    "moment_out_of_range": Text(zh="年份须在 {first} 至 {last} 年。", en="Its year must be {first} to {last}."),
}
_KINDS = {  # by the end of the name
    "string_type": Text(zh="应为文本（加引号）。", en="It must be text, in quotation marks."),
    "tuple_type": Text(zh="应为列表，写作 […]。", en="It must be a list, written […]."),
    "bool_type": Text(zh="应为 true 或 false。", en="It must be true or false."),
    "bool_parsing": Text(zh="应为 true 或 false。", en="It must be true or false."),
    "int_type": Text(zh="应为整数。", en="It must be a whole number."),
    "int_parsing": Text(zh="应为整数。", en="It must be a whole number."),
    "model_type": Text(zh="应为一组字段，写作 {{…}}。", en="It must be a group of fields, written {{…}}."),
    "model_attributes_type": Text(zh="应为一组字段，写作 {{…}}。", en="It must be a group of fields, written {{…}}."),
    "parsing": Text(zh="不是有效的日期或时间。", en="It is no date or time."),
}


def another_packet(packet: str) -> Text:
    return Text(
        zh=f"清单中的材料包编号与存放位置不一致：应为 {packet}。",
        en=f"The manifest names another packet than the folder it lies in; write {packet}.",
    )


# its files


def unknown_slot(slot: str) -> Text:
    return Text(
        zh=f"目录中没有材料“{slot}”。请按办事指南核对材料代码。",
        en=f"There is no paper {slot!r}; see the guide for the codes.",
    )


def unknown_field(field: str) -> Text:
    return Text(
        zh=f"申请表中没有“{field}”这一项。请按办事指南核对代码。",
        en=f"The application form has no field {field!r}; see the guide for the codes.",
    )


def _short(name: str) -> str:
    """A file's name may be as long as a key of object storage; a reason says it short."""
    return name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…"


_NAME_SHOWN = 120


def more(count: int) -> Text:
    return Text(
        zh=f"另有 {count} 处问题，改正以上各处后再提交即可看到。",
        en=f"And {count} more: correct these first, then submit again to see the rest.",
    )


def file_missing(slot: str, upload: str, name: str) -> Text:
    return Text(
        zh=f"清单列出的文件不存在：{slot}/{upload}/{_short(name)}。请先上传文件，再上传 manifest.json。",
        en=f"A listed file is missing: {slot}/{upload}/{_short(name)}. Upload the files first, then manifest.json.",
    )


def too_many_files(material: Text, count: int, most: int) -> Text:
    return Text(
        zh=f"“{material.zh}”有 {count} 个文件，最多 {most} 个。请合并文件，或移走、撤下多余的文件，再提交。",
        en=f"{material.en} has {count} files; at most {most} are taken. Merge some or remove those not needed, then "
        "submit again.",
    )


# its process and matters


def unknown_process(process: str, known: Iterable[str]) -> Text:
    codes = list(known)
    return Text(
        zh=f"没有项目类型“{process}”，可选：{'、'.join(codes)}。",
        en=f"There is no project type {process!r}; choose one of {', '.join(codes)}.",
    )


def unknown_matter(matter: str) -> Text:
    return Text(
        zh=f"目录中没有事项“{matter}”。请按办事指南核对事项代码。",
        en=f"There is no matter {matter!r}; see the guide for the codes.",
    )


def not_in_process(matter: str, process: str) -> Text:
    return Text(
        zh=f"事项“{matter}”不属于项目类型“{process}”。",
        en=f"Matter {matter!r} does not belong to project type {process!r}; apply for it separately.",
    )


def listed_twice(matter: str) -> Text:
    return Text(zh=f"事项“{matter}”重复列出。", en=f"Matter {matter!r} is listed twice; list it once.")


# what it promises and commits to


def refers_to_nothing(code: str, field: str) -> Text:
    """A code among promises, commitments or letters that the application does not have."""
    return Text(
        zh=f"“{code}”不在可引用的范围内，请核对。",
        en=f"{code!r} in {field} does not refer to anything in this application. Correct or remove it.",
    )


def drawn_up_twice(slot: str) -> Text:
    return Text(
        zh=f"材料“{slot}”的编制机构写了两次，请只保留一次。",
        en=f"The intermediary of {slot!r} is named twice. Keep one entry.",
    )


def signed_twice(matter: str) -> Text:
    return Text(
        zh=f"事项“{matter}”的告知承诺书签署了两次，请只保留一次。",
        en=f"The letter of matter {matter!r} is signed twice. Keep one signature.",
    )
