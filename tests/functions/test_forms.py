"""Whatever a form carries, it is what somebody sent and no error of ours: it is answered, and no alarm rings."""

import re

import pytest
from kaigong.contract.routes import Group
from kaigong.portal.web import rendering
from kaigong.portal.web.pages import Page

from tests.faces import PAGES

from .test_access_matrix import OPEN, PAGE_TABLE, Stage, cookies_of, of_page, rights, stage  # noqa: F401 - a fixture

TEMPLATES = "".join(template.read_text() for template in (rendering.HERE / "templates").rglob("*.html"))
FIELDS = {*re.findall(r'name="([a-z_.]+)"', TEMPLATES), "subject", "promises", "drawn_up.soil-plan.name"}
KINDS = {*re.findall(r'name="kind" value="([a-z-]+)"', TEMPLATES), *re.findall(r"begin\('([a-z-]+)'\)", TEMPLATES)}
VALUES = ("\u200b", "A!", "9999-12-31T23:59", "x" * 3000)
FORMS = [page for page in PAGES if page.method == "POST" and not page.foreign and page.name != "sign-out"]


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.name)
def test_no_form_is_an_error_of_ours(stage: Stage, page: Page) -> None:  # noqa: F811 - the fixture
    may = dict.fromkeys(Group, "yes") if PAGE_TABLE[page.name] == OPEN else rights(PAGE_TABLE[page.name])
    cookies = cookies_of(stage, next(group for group, right in may.items() if right != "-"))
    kinds = sorted(KINDS) if {"acts", "supervision", "benefits"} & set(page.path.split("/")) else ["note"]
    for value in VALUES:
        for kind in kinds:
            form = dict.fromkeys(FIELDS, value) | {"kind": kind, "version": "1", "round": "1", "outcome": "correct"}
            assert of_page(stage, page, cookies, stage.own, form)["statusCode"] < 500, (kind, value[:20])
