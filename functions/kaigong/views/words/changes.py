"""What changed in a review since its department last answered, and what did not."""

from kaigong.domain.model.text import Text

FIELDS = {  # of an application's data
    "enterprise": Text(zh="企业名称", en="Enterprise"),
    "legal_representative": Text(zh="法定代表人", en="Legal representative"),
    "phone": Text(zh="联系电话", en="Telephone"),
    "enterprise_address": Text(zh="企业住所", en="Enterprise's address"),
    "project": Text(zh="项目名称", en="Project"),
    "code": Text(zh="项目代码", en="Project code"),
    "project_address": Text(zh="项目地址", en="Project's address"),
}
DATA = Text(zh="企业和项目信息", en="Data of enterprise and project")
COMMITMENT = Text(zh="告知承诺", en="Commitment")
GAPS = Text(zh="容缺材料", en="Promised papers")


def supplied(material: Text) -> Text:
    return Text(zh=f"容缺材料已补齐：{material.zh}", en=f"Promised paper supplied: {material.en}")


def overdue(material: Text) -> Text:
    return Text(zh=f"容缺材料逾期未补：{material.zh}", en=f"Promised paper overdue: {material.en}")
