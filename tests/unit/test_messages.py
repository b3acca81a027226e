"""What pages say: marked in the templates, the same in every catalogue, and put into each language in full."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message
from jinja2 import nodes
from kaigong.portal.web import rendering

from infra import messages

LANGUAGES = messages.languages()
TEMPLATES = sorted((messages.PORTAL / "templates").rglob("*.html"))
SEPARATORS = {"、", "；", "："}  # between things; a space is a part of them in some languages
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
TAG = re.compile(r"<[^>]*>")
PLACE = re.compile(r"%\((\w+)\)s")


@cache
def said() -> Catalog:
    """What templates and code say: not before a test asks, as every process that runs tests reads this file."""
    return messages.said()


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def texts(message: Message) -> Iterator[tuple[str, str]]:
    """Each text of a message beside the one that it is put into."""
    asked = message.id if isinstance(message.id, tuple) else (message.id,)
    given = message.string if isinstance(message.string, tuple) else (message.string,)
    for place, text in enumerate(given):
        yield asked[min(place, len(asked) - 1)], text or ""


def pairs(language: str) -> list[tuple[str, str]]:
    return [pair for message in entries(messages.catalogue(language)) for pair in texts(message)]


# the catalogues


def test_there_is_english() -> None:
    assert "en" in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_what_the_templates_say_and_no_more_and_is_compiled(language: str) -> None:
    for path, content in messages.files(language, said()).items():
        assert path.read_bytes() == content, f"{path.name} is not up to the templates: run make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_has_a_text_that_somebody_vouches_for(language: str) -> None:
    kept = messages.catalogue(language)
    assert not kept.obsolete
    for message in entries(kept):
        assert not message.fuzzy, message.id
        assert all(text.strip() for _, text in texts(message)), message.id
        assert len(list(texts(message))) == (kept.num_plurals if message.pluralizable else 1), message.id
    assert not list(kept.check())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_has_the_places_and_the_markup_of_its_message(language: str) -> None:
    for asked, given in pairs(language):
        for part in (PLACE, TAG):
            assert Counter(part.findall(given)) == Counter(part.findall(asked)), asked
        for text in (asked, given):
            bare = TAG.sub("", text)
            # A text goes into pages as it is, also into attributes.
            assert not set(bare) & set('<>&"'), text
            assert "%" not in PLACE.sub("", bare), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_is_a_whole_and_is_glued_to_nothing_by_a_space(language: str) -> None:
    for asked, given in pairs(language):
        assert asked == asked.strip(), asked
        assert given == given.strip() or asked in SEPARATORS, asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_of_the_same_words_have_the_same_text(language: str) -> None:
    """What differs in a stop, a bracket or a space alone is no other message: one of them drifted."""

    def core(text: str) -> str:
        return "".join(re.findall(r"%\(\w+\)s|\w", TAG.sub("", text))).casefold()

    meant = defaultdict(set)
    for message in entries(messages.catalogue(language)):
        if message.id not in SEPARATORS:
            meant[message.context, core(next(texts(message))[0])].add(tuple(core(text) for _, text in texts(message)))
    assert {asked: given for asked, given in meant.items() if len(given) > 1} == {}


def test_a_context_is_given_only_where_a_message_means_something_else() -> None:
    plain = {message.id for message in entries(said()) if not message.context}
    elsewhere = defaultdict(set)
    for message in entries(said()):
        if message.context:
            elsewhere[message.id].add(message.context)
    assert all(message in plain or len(contexts) > 1 for message, contexts in elsewhere.items()), elsewhere


def test_a_number_takes_the_form_that_its_language_has_for_it() -> None:
    page = rendering.environment().from_string(
        "{% trans num=n %}{{ num }} 个事项{% pluralize %}{{ num }} 个事项{% endtrans %}"
    )
    said = [page.render(lang=lang, n=n) for lang in ("zh", "en") for n in (1, 2)]
    assert said == ["1 个事项", "2 个事项", "1 matter", "2 matters"]


def test_what_is_filled_into_a_message_is_escaped_and_the_message_is_not() -> None:
    page = rendering.environment().from_string("{% trans %}<b>{{ name }}</b>{% endtrans %}")
    assert page.render(lang="zh", name="<i>") == "<b>&lt;i&gt;</b>"


# the templates

SAYING = {"_", "gettext", "ngettext", "pgettext"}
NO_WORDS = {"MB", "KB", "JSON", "PDF", "ZIP", "SHA-256"}  # the same in every language
READ = {"aria-label", "alt", "placeholder", "title"}  # attributes that people are told


def calls(tree: nodes.Template) -> Iterator[nodes.Call]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in SAYING:
            yield call


class _Read(HTMLParser):
    """What a page says outside of its messages."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.mute = 0  # inside of what nobody reads as words: the keys of a keyboard, the sign of the house

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.words += [value or "" for name, value in attributes if name in READ or name.startswith("data-")]
        self.mute += tag == "kbd" or ("class", "mark") in attributes

    def handle_endtag(self, tag: str) -> None:
        if tag in ("kbd", "span"):
            self.mute = 0

    def handle_data(self, data: str) -> None:
        if not self.mute:
            self.words.append(data)


def parsed(template: Path) -> nodes.Template:
    return rendering.environment().parse(template.read_text("utf-8"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_template_says_nothing_but_messages(template: Path) -> None:
    tree = parsed(template)
    page = _Read()
    page.feed("".join(data.data for data in tree.find_all(nodes.TemplateData)))
    for words in page.words:
        assert not CHINESE.search(words), words
        assert not {w for w in re.findall(r"[A-Za-z][\w-]*", words) if w not in NO_WORDS and w[0].isupper()}, words
    marked = {id(text) for call in calls(tree) for text in call.find_all(nodes.Const)}
    for text in tree.find_all(nodes.Const):
        if isinstance(text.value, str) and id(text) not in marked:
            assert not CHINESE.search(text.value), text.value


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_message_is_one_text_and_that_in_chinese(template: Path) -> None:
    wanted = {"_": 1, "gettext": 1, "ngettext": 3, "pgettext": 2}
    for call in calls(parsed(template)):
        name: Any = call.node
        assert len(call.args) == wanted[name.name], call
        said = {"_": call.args[:1], "gettext": call.args[:1], "ngettext": call.args[:2], "pgettext": call.args[1:2]}
        for text in said[name.name]:
            assert isinstance(text, nodes.Const), call
            assert CHINESE.search(text.value), text.value


@pytest.mark.parametrize("script", sorted((messages.PORTAL / "static").glob("[!v]*/*.js")), ids=lambda path: path.name)
def test_a_script_says_what_its_page_gives_it(script: Path) -> None:
    assert not CHINESE.search(script.read_text("utf-8"))
