"""What is told of a paper that was to come again, or that follows a promise, and did not come or cannot be used.

Source: mission 7 (一次性告知: what is wrong, why, and what to do).
"""

from collections.abc import Iterable

from kaigong.domain.model.text import Text

_NOT_YET = Text(zh="尚未重新上传，请上传补正后的文件。", en="not uploaded again yet; upload the corrected file.")


def still_missing(name: Text) -> Text:
    """A paper that a department wants corrected, and that did not come again."""
    return _of(name, _NOT_YET)


def unusable(name: Text, reasons: Iterable[Text]) -> Text:
    """A paper that came, and every reason why it does not count."""
    why = list(reasons)
    return _of(name, Text(zh="；".join(t.zh for t in why), en=" ".join(t.en for t in why)))


def _of(name: Text, why: Text) -> Text:
    return Text(zh=f"“{name.zh}”：{why.zh}", en=f"{name.en}: {why.en}")
