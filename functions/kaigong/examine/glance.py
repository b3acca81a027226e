"""Whether the first mark of a page's content is seen for certain: nine of ten pages need no closer look (`marks`)."""

import re

_B, _END = r"[\x00\t\n\x0c\r ]", r"(?=[\x00\t\n\x0c\r ()<>\[\]{}/%])"
_N = rf"[+-]?+(?:\d++\.?+\d*+|\.\d++){_END}"
_NAME = r"/[^\x00\t\n\x0c\r ()<>\[\]{}/%]*+"
_DARK = rf"(?:0|0\.|0?\.[0-8]\d*+){_END}{_B}*+"  # below 0.9: seen, as grey and as one part of a colour of three
_INK = rf"(?:1|1\.0*+|0?\.[1-9]\d*+){_END}{_B}*+"  # at least 0.1: seen, as one part of a colour of four
_ANY = rf"{_N}{_B}*+"
_OPERAND = rf"(?:(?:{_N}|{_NAME}|\[(?:{_N}|{_B})*+\]|<<(?:{_N}|{_NAME}|{_B})*+>>){_B}*+)"
_STRING = r"(?:\((?:[^()\\]|\\[^\r\n])*+\)|<[0-9A-Fa-f]*+>)"
_SEEN_STRING = (  # of which more is left than blanks
    r"(?:\([\x00\t\n\r ]*+(?:[^()\\\x00\t\n\r ]|\\[^\r\n])(?:[^()\\]|\\[^\r\n])*+\)"
    r"|<(?:00|09|0[aAdD]|20)*+[0-9A-Fa-f]{2}[0-9A-Fa-f]*+>)"
)
# Text or paint, after nothing but what leaves the ink alone or sets it to a colour that is seen.
_SEEN_AT_ONCE = re.compile(
    rf"{_B}*+(?:(?:(?:{_ANY}){{0,3}}?(?:{_DARK}(?:{_ANY}){{0,2}}+(?:rg|RG|[gG])|{_INK}(?:{_ANY}){{0,3}}+[kK])"
    rf"|{_OPERAND}*+(?:B[TMD]C?+|E[TM]C?+|T[dDmLcwzsf*]|re|W\*|cm|gs|ri|[mlcvyhnwWJjMidqQ])){_END}{_B}*+)*+"
    rf"(?:{_OPERAND}*+(?:[fBb]\*?+|[FSs])|\[?{_B}*+{_SEEN_STRING}(?:{_N}|{_B}|{_STRING}|\])*+T[Jj]){_END}".encode()
)


def seen_at_once(data: bytes, *, layers: bool = False) -> bool:
    """Whether content begins with a mark that is seen, where ink is seen as it begins. Of what this does not know it
    says nothing: then it is False. `layers`: some of them may be hidden.
    """
    found = _SEEN_AT_ONCE.match(data)
    return found is not None and not (layers and b"/OC" in found.group())
