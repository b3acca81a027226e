"""What the application's page tells while it is drawn up: doubts beside their fields, letters to print and upload."""

import re
from datetime import UTC, datetime

import pytest
from kaigong.domain.model.messages import CreditRecord
from kaigong.store import credit, packets

from . import story
from .test_apply_pages import FORM, Applicant, applicant, lies  # noqa: F401 - applicant is a fixture
from .test_pages import pool  # noqa: F401 - a fixture
from .test_portal_drafts import SLOTS, announce
from .world import World

BASIC = {"name": "登记的名称", "legal_representative": "张三", "address": "登记的住所"}
COMMITTED = {"matters": ["soil-conservation", "power-connection"], "commitments": "power-connection"}


@pytest.fixture
def known(world: World) -> None:  # noqa: ARG001 - the table is there first
    """The credit platform's basic data of the enterprise."""
    record = CreditRecord.model_validate({**story.CREDIT, "basic": BASIC})
    credit.record(record, datetime.now(UTC))


def doubt(page: str, field: str) -> str:
    """What stands beside a field."""
    found = re.search(f'<small id="doubt-{field}" class="doubt" data-live>([^<]*)</small>', page)
    assert found
    return found[1]


@pytest.mark.usefixtures("known")
def test_what_differs_from_the_record_is_told_beside_its_field_and_stops_nothing(
    world: World,
    applicant: Applicant,  # noqa: F811 - the fixture
) -> None:
    packet = applicant.begins()
    page = applicant.sees(f"/apply/{packet}")
    assert {doubt(page, f"enterprise-{name}") for name in ("uscc", "name", "legal_representative", "address")} == {""}
    assert "待核实" not in page
    said = {**FORM, "enterprise.address": "另一住所", "project.code": "2603-110000-04-01-123456"}
    applicant.saves(packet, **said)
    page = applicant.sees(f"/apply/{packet}")
    assert "住所与信用平台登记的不一致" in doubt(page, "enterprise-address")
    assert "企业名称与信用平台登记的不一致" in doubt(page, "enterprise-name")
    assert "地区代码不是本市的" in doubt(page, "project-code")
    assert doubt(page, "enterprise-legal_representative") == ""
    assert BASIC["address"] not in doubt(page, "enterprise-address")  # the record's word is the officers'
    ahead = page[page.index('id="ahead"') :]
    assert "待核实，不影响提交（3）" in ahead
    assert "由综合窗口核对并消除疑点" in ahead
    for field in ("enterprise-address", "enterprise-name", "project-code"):
        assert f'<a href="#{field}">' in ahead
    assert 'aria-describedby="fault-project-code doubt-project-code"' in page

    lies(world, packet, *(slot for slot in SLOTS if slot != "authorisation"))
    last = {**said, "promises": "authorisation", "version": applicant.version(packet)}
    applicant.sent_on(applicant.post(f"/apply/{packet}/hand-in", **last))
    announce(world, f"packets/{packet}/manifest.json")
    world.run()
    header = packets.load(packet).header
    assert header
    assert set(header.doubts) == {"differs-address", "differs-name", "project-code-region"}


@pytest.mark.usefixtures("known")
def test_a_fragment_of_the_page_carries_the_doubts_as_well(applicant: Applicant) -> None:  # noqa: F811 - the fixture
    packet = applicant.begins()
    applicant.saves(packet, **FORM)
    assert "不一致" in doubt(applicant.sees(f"/apply/{packet}/state"), "enterprise-name")


def test_signed_letters_are_uploaded_beside_the_letters_and_count(
    world: World,
    applicant: Applicant,  # noqa: F811 - the fixture
) -> None:
    packet = applicant.begins(*COMMITTED["matters"])
    assert "commitment-letters" not in applicant.sees(f"/apply/{packet}")
    applicant.saves(packet, **FORM | COMMITTED)
    page = applicant.sees(f"/apply/{packet}")
    letters, papers = page.index('id="letters"'), page.index('id="h-papers"')
    slot = page.index('id="slot-commitment-letters"')
    assert papers < letters < slot < page.index('id="ahead"')
    assert page.count('id="slot-commitment-letters"') == 1
    assert "也可上传签章的承诺书" in page
    assert f'href="../apply/{packet}/slots/commitment-letters"' in page, "without scripts as well"
    assert "请阅读并签署" in page[page.index('id="ahead"') :]
    lies(world, packet, "commitment-letters")
    page = applicant.sees(f"/apply/{packet}")
    assert "请阅读并签署" not in page[page.index('id="ahead"') :]


def test_a_letter_is_printed_from_a_page_of_its_own_as_it_reads_now(
    applicant: Applicant,  # noqa: F811 - the fixture
) -> None:
    packet = applicant.begins(*COMMITTED["matters"])
    applicant.saves(packet, **FORM | COMMITTED)
    assert f'href="../apply/{packet}/letters/power-connection"' in applicant.sees(f"/apply/{packet}")
    page = applicant.sees(f"/apply/{packet}/letters/power-connection")
    assert FORM["enterprise.name"] in page
    assert "承诺不实的法律责任" in page
    assert re.search("SHA-256 [0-9a-f]{64}", page)
    for path in (f"/apply/{packet}/letters/soil-conservation", f"/apply/{packet}/letters/no-such-matter"):
        assert applicant.get(path)["statusCode"] == 404
