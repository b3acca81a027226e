"""What a refusal slip says beside what the officer wrote: its title, its ground's basis, the remedies.

Sources: 行政许可法 §32(一), (二) (not taken: told at once, with where to go), §38 (written, with reasons and remedies).
Remedies: remedies.py.
"""

from kaigong.domain.model.slip import SlipKind
from kaigong.domain.model.text import Text

TITLE = Text(zh="不予受理告知单", en="Notice that an application is not taken")
NOT_TAKEN_IN = Text(zh="申报清单未予接收告知单", en="Notice that a manifest was not taken in")
BASES = {
    SlipKind.NOT_NEEDED: Text(
        zh="《中华人民共和国行政许可法》第三十二条第一款第（一）项",
        en="Administrative Licensing Law, Article 32(1)(i)",
    ),
    SlipKind.NOT_OURS: Text(
        zh="《中华人民共和国行政许可法》第三十二条第一款第（二）项",
        en="Administrative Licensing Law, Article 32(1)(ii)",
    ),
    SlipKind.BARRED: Text(
        zh="《中华人民共和国行政许可法》第三十二条、第七十八条",
        en="Administrative Licensing Law, Articles 32 and 78",
    ),
}
FORM = Text(
    zh="《中华人民共和国行政许可法》第三十二条第一款第（三）、（四）项",
    en="Administrative Licensing Law, Article 32(1)(iii) and (iv)",
)
AGAIN = Text(
    zh="请按上列原因更正申报清单后重新提交；更正后可以随时提交，编号不变。需要帮助的，请联系综合窗口。",
    en="Correct the manifest by the reasons above and submit it again, at any time and under the same number. For "
    "help, contact the service window.",
)
EVERYTHING = Text(zh="本次提交的申请", en="The application as submitted")
