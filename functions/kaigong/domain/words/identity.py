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
CHECK_CHARACTER = Text(zh="统一社会信用代码的校验位不符", en="the check character of the credit code does not match")
REGION = Text(zh="项目代码不是本市地区代码", en="the project code belongs to another region")

OF_OTHERS = Text(
    zh="申请人不在该项目登记的参与企业之列", en="the applicant is not among the enterprises of the project it names"
)


def differs(field: str) -> Text:
    name = FIELDS[field]
    return Text(zh=f"{name.zh}与信用平台登记的不一致", en=f"the {name.en} differs from the credit platform's record")


# in full, as the applicant reads them


def check_character(*, organisation_holds: bool) -> Text:
    """The credit code's check character is not the standard's; the organisation code in it may hold all the same."""
    if organisation_holds:
        zh, en = "，但其中的组织机构代码校验正确", ", although the organisation code in it is correct"
    else:
        zh, en = "，其中的组织机构代码也不符", ", nor does the organisation code in it"
    return Text(
        zh=f"统一社会信用代码的校验位不符（GB 32100-2015）{zh}。不影响受理；请核对营业执照，工作人员将予核实。",
        en=f"The check character of the credit code does not match (GB 32100-2015){en}. This does not hold "
        "up the application. Please compare it with the business licence; an officer will verify it.",
    )


def another_region(region: str) -> Text:
    """The project's code begins with another region than the city's."""
    return Text(
        zh=f"项目代码中的地区代码不是本市的（{region} 开头）。不影响受理；请核对备案证明，工作人员将予核实。",
        en=f"The region in the project code is not this city's (codes here begin with {region}). This does "
        "not hold up the application. Please compare it with the filing certificate; an officer will "
        "verify it.",
    )


def differs_from_the_record(field: str) -> Text:
    """The form says something else than the credit platform."""
    name = FIELDS[field]
    return Text(
        zh=f"申请表填写的{name.zh}与信用平台登记的不一致。不影响受理；请核对营业执照，"
        "填写有误的请更正，登记已变更的请向登记机关核实，工作人员将予核实。",
        en=f"The {name.en} on the form differs from the credit platform's record. This does not hold up the "
        "application. Please compare it with the business licence: correct the form if it is wrong, or "
        "have the registration updated if it has changed. An officer will verify it.",
    )


PROJECT_OF_OTHERS = Text(
    zh="该项目代码已由其他企业申报，贵单位不在其参与企业之列。不影响受理，但项目的绿色通道、已有批准不适用于本申请，"
    "工作人员将予核实。请核对项目代码；确属同一项目的，请首家申报企业在其申请的页面上同意，或者到综合窗口登记。",
    en="Other enterprises have applied for the project with this code, and yours is not among them. This does not hold "
    "up the application, but the project's green channel and approvals do not extend to it, and an officer will verify "
    "it. Please compare the code. If it is the same project, ask the enterprise that applied first to let you in on "
    "the page of its application, or have the service window record it.",
)


# what the applicant does about one that turned out true

CORRECT_ENTERPRISE = Text(
    zh="请对照营业执照，在申请表（或 manifest.json 的 enterprise 部分）更正企业信息后重新提交；"
    "材料没有变化的，不必重传。",
    en="Compare the enterprise's details with the business licence, correct them on the form (or in the "
    "enterprise part of manifest.json) and resubmit. Papers that have not changed need not be uploaded again.",
)
CORRECT_PROJECT = Text(
    zh="请对照备案证明，在申请表（或 manifest.json 的 project 部分）更正项目信息后重新提交；材料没有变化的，不必重传。",
    en="Compare the project's details with the filing certificate, correct them on the form (or in the "
    "project part of manifest.json) and resubmit. Papers that have not changed need not be uploaded again.",
)
ANOTHER_CODE = Text(
    zh="统一社会信用代码表明申请属于谁，在本申请中不能更改：代码确有错误的，请撤回本申请，用正确的代码另行申报；"
    "代码与营业执照一致的，请持原件到综合窗口核对，核对后继续办理。",
    en="The credit code says whose application this is, so it cannot be changed here. If it is wrong, withdraw "
    "this application and apply again under the right code. If it matches the business licence, show the "
    "original at the service window; the application then goes on.",
)
