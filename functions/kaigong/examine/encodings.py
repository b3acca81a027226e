"""The encodings that text in papers and names of files may have. Each is a file that is read when it is first used."""

import codecs

_NAMES = (
    "ascii latin-1 cp1252 mac-roman charmap cp437 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 gb18030 gbk gb2312 hz "
    "big5 big5hkscs cp950 shift_jis cp932 euc_jp iso2022_jp euc_kr cp949"
)


def warm_up() -> None:
    """Look them up once: a child could not read those files."""
    for name in _NAMES.split():
        codecs.lookup(name)
