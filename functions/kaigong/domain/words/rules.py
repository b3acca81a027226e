"""What the rules that decide a matter at once (智能审批) are called, and what each says.

Sources: mission 14 (rules decide what rules can decide), 3 (有承诺的直接批). Applicants and officers read it: a rule
that does not hold refuses nothing, the department decides and sees why.
"""

from collections.abc import Iterable

from kaigong.domain.model.naming import joined
from kaigong.domain.model.text import Model, Text


class RuleSays(Model):
    """One rule in words: what it asks for, and its answer; `fails` has a place for what is wrong."""

    name: Text
    holds: Text
    fails: Text

    def failed(self, wrong: Iterable[Text]) -> Text:
        """The answer where the rule does not hold, with everything that is wrong."""
        what = joined(wrong)
        return Text(zh=self.fails.zh.format(what.zh), en=self.fails.en.format(what.en))


MAIN_COMPLETE = RuleSays(
    name=Text(zh="主要材料齐全", en="all main papers supplied"),
    holds=Text(zh="主要材料齐全。", en="All main papers are supplied."),
    fails=Text(zh="主要材料不齐全：{}。", en="A main paper is missing: {}."),
)
PAPERS_VALID = RuleSays(
    name=Text(zh="材料检查全部合格", en="all papers valid, with no warnings"),
    holds=Text(zh="已交材料检查全部合格，没有提示。", en="All papers are valid, with no warnings."),
    fails=Text(zh="材料检查有提示：{}。", en="The checks raised warnings: {}."),
)
NO_GAP = RuleSays(
    name=Text(zh="没有未补齐的容缺材料", en="no promised papers outstanding"),
    holds=Text(zh="没有未补齐的容缺材料。", en="No promised papers are outstanding."),
    fails=Text(zh="容缺材料尚未补齐：{}。", en="Promised papers are outstanding: {}."),
)
CODES_HOLD = RuleSays(
    name=Text(zh="已有项目代码且身份信息没有疑点", en="project code given, and identity not in question"),
    holds=Text(
        zh="已有项目代码，企业身份信息没有疑点。",
        en="There is a project code, and the enterprise's identity is not in question.",
    ),
    fails=Text(zh="代码或者身份信息待核实：{}。", en="Codes or identity are to be verified: {}."),
)
COMMITMENT_ACCEPTED = RuleSays(
    name=Text(
        zh="已接受现行告知承诺书且身份信息没有疑点",
        en="current letter signed, and identity not in question",
    ),
    holds=Text(
        zh="申请人已接受现行告知承诺书，企业身份信息没有疑点。",
        en="The applicant signed the current letter, and the enterprise's identity is not in question.",
    ),
    fails=Text(zh="承诺待核实：{}。", en="The commitment is to be verified: {}."),
)

# what can be wrong, beside the names of materials

NO_PROJECT_CODE = Text(zh="没有项目代码", en="no project code")
DOUBTFUL = Text(zh="企业身份信息有疑点", en="the enterprise's identity is in question")
NO_LETTER = Text(zh="没有可以核对的告知承诺书", en="there is no letter to compare")
OLD_LETTER = Text(zh="所签告知承诺书不是现行文本", en="the letter that was signed is not the current one")
