"""What the words of a page are worth, and which of them are kept."""

import re
import unicodedata

from kaigong.domain.model.codes import CREDIT_CODE
from kaigong.domain.model.features import TEXT_LIMIT

_BEGINS_WITH = 3000  # characters of the beginning that are kept; the rest goes to names further down
_NEAR = 60  # characters before what ends a name
# What names of enterprises end with, and credit codes, in normalised text.
_NAMES = re.compile(f"公司|集团|[厂店院所社站行]|中心|委员会|管理局|合作社|大学|学校|ltd|inc|{CREDIT_CODE.lower()}")
_FEW, _MANY = 40, 60  # characters below which nothing is said of a text, ideographs likewise
_ODD = 0.15  # share of characters that no text has
_USUAL = 0.02  # of the ideographs in a text, at least so many are among the most common
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子产种面方后多定行学法所民得经"
    "三之进等部度家电力里如水化高自二理起小物实加量都两体制机当使点从业本去性应开合还因由其些然前外天政四日社义事平形相全表间"
    "与关各重新线内数正心反明看原又利比或但质气第向道此变条没结解问意建月公无系军很情者最立代想已通并提题程展五果料员革位入常"
    "文总次品式活设及管特件长求老基资边流路级少图山统接知较将组见计手期根论运农指区强放决被干做必先回则任取据处号审批单书名称"
    "请司项目地址申用印章"
)


def excerpt(notes: str, text: str) -> str:
    """What is kept of a page's words: what is filled in or stamped on it, its beginning, and from the rest names."""
    words = notes + text
    if len(words) <= TEXT_LIMIT:
        return words
    kept = words[:_BEGINS_WITH]
    end = _BEGINS_WITH
    for match in _NAMES.finditer(words, _BEGINS_WITH):
        start = max(end, match.start() - _NEAR)
        kept += words[start : match.end()]
        end = match.end()
        if len(kept) >= TEXT_LIMIT:
            break
    return kept[:TEXT_LIMIT]


def is_rubbish(text: str) -> bool:
    """Whether a text layer is not what people see: codes of a font without a table, or with a wrong one."""
    if len(text) < _FEW:
        return False
    odd = sum(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == "\ufffd" for c in text)
    if odd > _ODD * len(text):
        return True
    ideographs = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return len(ideographs) >= _MANY and sum(c in _COMMON for c in ideographs) < _USUAL * len(ideographs)
