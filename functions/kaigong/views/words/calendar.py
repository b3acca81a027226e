"""What dates in a calendar are called."""

from kaigong.domain.model.text import Text

VISIT = Text(zh="联合踏勘", en="Joint site visit")


def due(what: Text, owner: Text) -> Text:
    return Text(zh=f"{what.zh}到期（{owner.zh}）", en=f"Due: {what.en} ({owner.en})")
