"""`python -m infra.messages` brings every catalogue of what pages say up to their templates, and compiles it.

A language is one folder beside the others: `locale/fr/LC_MESSAGES`, empty, is enough to begin one. A message that has
no text in a language yet stands in its catalogue with an empty one.
"""

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PORTAL = Path(__file__).parents[1] / "functions" / "kaigong" / "portal"
LOCALE = PORTAL / "locale"
DOMAIN = "portal"

_HEAD = "# What pages say, in one language. `make messages` brings it up to them."

_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_OPTIONS = {
    "templates/**.html": {
        "trim_blocks": "true",  # as the portal's own environment has it
        "lstrip_blocks": "true",
        "silent": "false",  # a template that cannot be read is an error, not one without texts
    }
}


def said() -> Catalog:
    """Every message of the portal, in the order of its files."""
    found = Catalog()
    for file, _, message, _, context in extract_from_dir(PORTAL, _METHODS, _OPTIONS):
        # By file and not by line: a catalogue then changes only where what is said does.
        found.add(message, locations=[(file, 0)], context=context)
    return found


def languages(locale: Path = LOCALE) -> list[str]:
    """The languages that pages are put into. The one they are written in has no catalogue."""
    return sorted(folder.parent.name for folder in locale.glob("*/LC_MESSAGES"))


def source(language: str, locale: Path = LOCALE) -> Path:
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(language: str, locale: Path = LOCALE) -> Catalog:
    """A language's catalogue as it stands."""
    path = source(language, locale)
    if not path.exists():
        return Catalog(
            language,
            header_comment=_HEAD,
            project="kaigong",
            version="1",
            msgid_bugs_address="kaigong",
            last_translator="kaigong",
            language_team="kaigong",
            revision_date=datetime.now(UTC),
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, language, DOMAIN)


def files(language: str, template: Catalog, locale: Path = LOCALE) -> dict[Path, bytes]:
    """A language's catalogue for people and the one for the program, brought up to what is said."""
    kept = catalogue(language, locale)
    kept.update(template, no_fuzzy_matching=True, update_creation_date=False)  # guessed texts would look like real ones
    text, compiled = BytesIO(), BytesIO()
    write_po(text, kept, width=0, ignore_obsolete=True, include_lineno=False)
    write_mo(compiled, kept)
    path = source(language, locale)
    return {path: text.getvalue(), path.with_suffix(".mo"): compiled.getvalue()}


def write(locale: Path = LOCALE) -> None:
    """Write every catalogue of a folder."""
    template = said()
    for language in languages(locale):
        for path, content in files(language, template, locale).items():
            path.write_bytes(content)


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("用法 / usage: python -m infra.messages")
    write()
