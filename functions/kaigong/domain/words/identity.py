"""What is told of a doubt about who applies: never a reason to refuse, always one to compare.

Sources: GB 32100-2015 and GB 11714 (check characters), GB/T 40058-2021 (project codes); mission, "Facts from law and
standards". The credit platform's values are not repeated: who applies may not be the enterprise.
"""

from kaigong.domain.model.text import Text

# in short, as an officer reads them; the field is one that form and record both have

FIELDS = {
    "name": Text(zh="企业名称", en="enterprise's name"),
    "legal_representative": Text(zh="法定代表人", en="legal representative"),
    "address": Text(zh="住所", en="registered address"),
}
CHECK_CHARACTER = Text(zh="统一社会信用代码的校验位不符", en="the credit code's check character does not hold")
REGION = Text(zh="项目代码不是本市地区代码", en="the project code is another region's")


def differs(field: str) -> Text:
    name = FIELDS[field]
    return Text(zh=f"{name.zh}与信用平台登记的不一致", en=f"the {name.en} differs from the credit platform's record")


# in full, as the applicant reads them


def check_character(*, organisation_holds: bool) -> Text:
    """The credit code's check character is not the standard's; the organisation code in it may hold all the same."""
    if organisation_holds:
        zh, en = "，但其中的组织机构代码校验正确", ", though the organisation code in it holds"
    else:
        zh, en = "，其中的组织机构代码也不符", ", and the organisation code in it fails as well"
    return Text(
        zh=f"统一社会信用代码的校验位不符（GB 32100-2015）{zh}。不影响受理；请核对营业执照，工作人员将予核实。",
        en=f"The credit code's check character does not hold (GB 32100-2015){en}. This does not stop the application; "
        "compare it with the business licence, an officer will look at it.",
    )


def another_region(region: str) -> Text:
    """The project's code begins with another region than the city's."""
    return Text(
        zh=f"项目代码中的地区代码不是本市的（{region} 开头）。不影响受理；请核对备案证明，工作人员将予核实。",
        en=f"The project code's region is not this city's (which begins with {region}). This does not stop the "
        "application; compare it with the filing certificate, an officer will look at it.",
    )


def differs_from_the_record(field: str) -> Text:
    """The form says something else than the credit platform."""
    name = FIELDS[field]
    return Text(
        zh=f"申请表填写的{name.zh}与信用平台登记的不一致。不影响受理；请核对营业执照，"
        "填写有误的请更正，登记已变更的请向登记机关核实，工作人员将予核实。",
        en=f"The {name.en} on the form differs from the credit platform's record. This does not stop the "
        "application; compare it with the business licence, and correct the form or have the registration "
        "brought up to date. An officer will look at it.",
    )
