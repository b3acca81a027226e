"""What is told of the intermediary that drew a paper up: why its paper does not count, or what an officer looks at.

Source: mission 15.
"""

from datetime import date

from kaigong.domain.model.text import Text

_ANOTHER = Text(
    zh="请由有相应资质的机构重新编制，在本项材料下写明该机构后重新上传。",
    en="Have a qualified intermediary prepare the paper again, name it with the paper, and upload the new one.",
)

REASONS = {
    # deficiencies
    "intermediary-shut-out": Text(
        zh="编制机构“{name}”{until}不得出具材料：{reason}" + _ANOTHER.zh,
        en="{name}, named as the intermediary, may not prepare papers {until}: {reason} " + _ANOTHER.en,
    ),
    "intermediary-ended": Text(
        zh="编制机构“{name}”的资质已于 {on} 到期。已延续的，请写明新的证书编号和有效期；" + _ANOTHER.zh,
        en="The qualification of {name}, named as the intermediary, ended on {on}. If it was renewed, give the new "
        "certificate and its term. " + _ANOTHER.en,
    ),
    "intermediary-unfit": Text(
        zh="编制机构“{name}”在中介服务机构名录中没有编制本材料所需的资质（{kinds}）。填错机构的请更正；" + _ANOTHER.zh,
        en="On the city's list {name} is not qualified for this paper ({kinds}). If you named the wrong intermediary, "
        "correct it. " + _ANOTHER.en,
    ),
    # warnings
    "intermediary-not-named": Text(
        zh="没有写明由哪家机构编制。请填写编制机构的名称、统一社会信用代码、资质证书和负责人，由审查人员核对。",
        en="The intermediary that prepared the paper is not named. Give its name, credit code, certificate and the "
        "person responsible; the officer checks them.",
    ),
    "intermediary-no-code": Text(
        zh="没有填写编制机构“{name}”的统一社会信用代码，无法与中介服务机构名录核对。请补填，由审查人员核对。",
        en="The credit code of {name} is not given, so it cannot be looked up on the city's list of intermediaries. "
        "Add it; the officer checks.",
    ),
    "intermediary-not-listed": Text(
        zh="编制机构“{name}”不在中介服务机构名录中。名录是开放的，可以照此提交；请核对代码，资质由审查人员核对。",
        en="{name} is not on the city's list of intermediaries. The list is open and you may submit as it is: check "
        "the credit code; the officer checks the qualification.",
    ),
    "intermediary-name": Text(
        zh="所填编制机构名称“{name}”与名录中该代码的机构“{listed}”不同。请核对名称和代码，由审查人员核对。",
        en="The intermediary is named {name}, but its credit code is that of {listed} on the city's list. Check both; "
        "the officer checks too.",
    ),
    "intermediary-certificate": Text(
        zh="所填编制机构“{name}”的证书编号 {number} 与名录不同。请核对，由审查人员核对。",
        en="Certificate {number} of {name} is not the one on the city's list. Check it; the officer checks too.",
    ),
    "intermediary-other": Text(
        zh="所填编制机构为“{name}”，而文件首页写的是“{other}”。请核对是哪家机构编制，由审查人员核对。",
        en="{name} is named as the intermediary, but the first page names {other}. Check who prepared the paper; "
        "the officer checks too.",
    ),
}


def reason(code: str, **values: object) -> Text:
    """A reason, its places filled in each language. Raises KeyError for a code that there is not."""
    text = REASONS[code]
    chinese = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
    english = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
    return Text(zh=text.zh.format(**chinese), en=text.en.format(**english))


def until(last: date | None) -> Text:
    """Until when an intermediary is shut out."""
    if last is None:
        return Text(zh="在另行通知前", en="until further notice")
    return Text(zh=f"在 {last} 前（含当日）", en=f"until {last}")
