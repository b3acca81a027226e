"""What somebody typed is set apart (`<bdi>`) wherever a page shows it: its direction orders nothing around it.

Templates are read, not rendered: each value that is printed between tags either goes through a filter that says what it
is (`own` for what somebody typed, `t`, `when`, `day` and the like for ours), or bears a name that is known to hold
nothing that people type. A new name has to be put down here, or through a filter.
"""

import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes
from kaigong.portal.web import rendering

SAYS_WHAT_IT_IS = {"own", "t", "when", "day", "length", "filesizeformat", "int", "sum", "format", "safe", "forceescape"}

# Numbers, codes, counts, words of the house's own that were said before (a macro's parameters among them), and what a
# macro prints into a field. With a dot: parts of values.
_NAMES = """
    .acts_for .after .awaited .before .broken .by_stage .code .conventional_days .corrected .count .days .decided
    .examined .field .filled .follows .formats .grade .granted .head .icp .id .id_last .index .kind .late .legal_days
    .links .materials .matter .matters .max_files .max_pictures .media_types .mine .month .most .number .on_time .open
    .original_kind .owner .packet .page .pages .papers .parallel_days .percent .phone .points .police .priority
    .rejected .required .returned .round .seq .sha256 .short .signed .slot .telephone .uscc .version .waiting
    .working_days address base button code gap_days helped hint hours label legend matters_of megabytes most n name
    names nothing number otherwise packet page pages paper step telephone telephones text title typed values words
"""
NOTHING_TYPED = set(_NAMES.split())


def printed(template: str) -> Iterator[tuple[int, nodes.Expr, bool]]:
    """What a template prints, and whether a tag may stand there: none may in attributes, titles, choices, fields."""
    environment = rendering.environment()
    assert environment.loader is not None
    page, html = environment.parse(environment.loader.get_source(environment, template)[0]), ""
    titles = {id(node) for b in page.find_all(nodes.Block) if b.name == "title" for node in b.find_all(nodes.Output)}
    for output in page.find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                html = (html + part.data)[-2000:]
            else:
                in_tag = html.rfind("<") > html.rfind(">")
                in_text = re.search(r"<(title|option|textarea|script)\b[^<]*>[^<]*$", html)
                yield part.lineno, part, not (id(output) in titles or in_tag or in_text)


def bare(value: nodes.Node) -> Iterator[str]:
    """Names of what is printed as it is."""
    match value:
        case nodes.CondExpr():
            for side in (value.expr1, value.expr2):
                if side:
                    yield from bare(side)
        case nodes.Or() | nodes.And() | nodes.Add():
            yield from bare(value.left)
            yield from bare(value.right)
        case nodes.Concat() | nodes.List() | nodes.Tuple():
            for item in value.nodes if isinstance(value, nodes.Concat) else value.items:
                yield from bare(item)
        case nodes.MarkSafeIfAutoescape():
            yield from bare(value.expr)
        case nodes.Filter():
            said = {value.name} | {first.value for first in value.args[:1] if isinstance(first, nodes.Const)}
            if not said & SAYS_WHAT_IT_IS and value.node:
                yield from bare(value.node)
        case nodes.Name(name="_trans"):  # what a macro made, kept for a text's place
            pass
        case nodes.Call():  # of a text with places, or a macro, whose own output is looked at where it stands
            if isinstance(value.node, nodes.Name) and value.node.name.endswith("gettext"):
                for given in value.kwargs:
                    yield from bare(given.value)
        case nodes.Getattr():
            yield f".{value.attr}"
        case nodes.Name():
            yield value.name
        case nodes.Getitem():
            yield from bare(value.node)
        case nodes.Const() | nodes.Dict():
            pass
        case _:
            yield type(value).__name__


@pytest.mark.parametrize("template", rendering.environment().list_templates())
def test_what_somebody_typed_is_set_apart_from_what_stands_around_it(template: str) -> None:
    between = [(line, part) for line, part, tags in printed(template) if tags]
    found = [(line, name) for line, part in between for name in bare(part) if name not in NOTHING_TYPED]
    assert not found


@pytest.mark.parametrize("template", rendering.environment().list_templates())
def test_where_no_tag_may_stand_none_is_printed(template: str) -> None:
    """There `plain` says what somebody typed: `<bdi>` would be read out."""
    inside = [(line, part) for line, part, tags in printed(template) if not tags]
    assert not [line for line, part in inside if any(each.name == "own" for each in filters(part))]


def filters(value: nodes.Node) -> Iterator[nodes.Filter]:
    if isinstance(value, nodes.Filter):
        yield value
    yield from value.find_all(nodes.Filter)
