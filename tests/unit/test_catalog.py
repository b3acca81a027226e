"""The city's catalogue as it stands: what the case report says of it must be found in it."""

from collections import Counter
from itertools import pairwise

from kaigong.catalog import load
from kaigong.domain.model.catalogue import Route, Source, Stage, TeamRole

BY_COMMITMENT = {  # mission 5
    "land-use-permit": "建设用地规划许可核发",
    "planning-permit": "建设工程规划许可核发",
    "drawing-review": "施工图设计文件审查",
    "direct-contract-notice": "建设工程直接发包通知书",
    "power-connection": "用电报装登记",
    "telecom-connection": "通信管线报装",
    "broadcast-connection": "广播电视报装",
}
TOLERATED = {  # mission 6: the seven that the report names
    "fire-design-review": "建设工程消防设计审查",
    "construction-permit": "建设工程施工许可证核发",
    "flood-impact": "洪水影响评价",
    "road-works": "涉路施工活动审批",
    "soil-conservation": "生产建设项目水土保持方案审批",
    "airdefence-basement": "应建防空地下室的民用建筑项目报建审批",
    "drainage-permit": "城镇污水排入排水管网许可",
}


def test_the_seven_matters_by_commitment_are_those_of_the_report() -> None:
    found = {code: matter.name.zh for code, matter in load().matters.items() if matter.takes_commitment}
    assert found == BY_COMMITMENT


def test_twenty_matters_tolerate_gaps_those_that_the_report_names_and_thirteen_that_are_chosen() -> None:
    found = {code: matter for code, matter in load().matters.items() if matter.tolerates_gaps}
    assert {code: matter.name.zh for code, matter in found.items() if not matter.chosen} == TOLERATED
    assert sum(matter.chosen for matter in found.values()) == 13


def test_six_approvals_remain_necessary_and_none_of_them_is_done_by_commitment() -> None:
    found = [matter for matter in load().matters.values() if matter.necessary]
    assert len(found) == 6  # mission 1
    assert not any(matter.takes_commitment for matter in found)


def test_the_service_team_has_one_lead_and_six_chief_representatives() -> None:
    by_role = {role: {d.code for d in load().departments.values() if d.role is role} for role in TeamRole}
    assert by_role[TeamRole.LEAD] == {"approvals"}  # mission 4
    assert by_role[TeamRole.CHIEF] == {"reform", "housing", "resources", "urban", "water", "airdefence"}


def test_every_matter_names_its_supervisor_and_what_is_handed_out_at_its_end() -> None:
    for matter in load().matters.values():
        assert matter.supervisor in load().departments, matter.code
        assert matter.certificate is not None, matter.code


def test_only_signed_commitment_letters_are_a_material_that_no_matter_asks_for() -> None:
    assert [material.code for material in load().materials.values() if material.letters] == ["commitment-letters"]


def test_the_default_credit_scheme_has_six_grades_the_highest_first() -> None:
    assert load().schemes["default"].grades == ("AAA", "AA", "A", "B", "C", "D")


def test_joint_acceptance_is_applied_for_apart_with_filing_after_all_the_others() -> None:
    catalogue = load()
    [joint] = [process for process in catalogue.processes.values() if process.joint_acceptance]
    late = {code for code, matter in catalogue.matters.items() if matter.stage is Stage.ACCEPTANCE}
    assert set(joint.matters) == set(joint.start_matters) == late
    assert set(catalogue.matters["completion-filing"].prerequisites) == late - {"completion-filing"}


def test_exactly_the_matters_that_the_report_does_not_name_are_marked_as_chosen() -> None:
    named = {code for code, matter in load().matters.items() if not matter.chosen}
    assert named == BY_COMMITMENT.keys() | TOLERATED.keys()


def test_every_matter_can_also_be_done_by_approval() -> None:
    assert [code for code, matter in load().matters.items() if Route.APPROVAL not in matter.routes] == []


def test_the_lead_and_the_six_departments_of_the_service_team_own_matters() -> None:
    owners = {matter.department for matter in load().matters.values()}
    assert {"approvals", "reform", "housing", "resources", "urban", "water", "airdefence"} <= owners


def test_every_department_owns_a_matter() -> None:
    assert {matter.department for matter in load().matters.values()} == load().departments.keys()


def test_every_matter_belongs_to_a_process_and_names_its_legal_basis() -> None:
    in_some_process = {code for process in load().processes.values() for code in process.matters}
    assert in_some_process == load().matters.keys()
    assert [code for code, matter in load().matters.items() if matter.basis is None] == []


def test_the_city_never_promises_more_days_than_the_law_allows_and_one_at_most_before_construction() -> None:
    for matter in load().matters.values():
        assert matter.promised_days <= matter.legal_days, matter.code
        if matter.stage is not Stage.ACCEPTANCE:
            assert matter.promised_days <= 1, matter.code  # mission 10


def test_a_material_is_main_in_every_matter_that_asks_for_it_or_in_none() -> None:
    roles = Counter((item.material, item.main) for matter in load().matters.values() for item in matter.materials)
    assert [code for code, main in roles if main and (code, False) in roles] == []


def test_the_industrial_start_packet_has_nine_matters_fourteen_materials_and_six_departments() -> None:
    catalogue = load()
    industrial = catalogue.processes["industrial"]
    start = [catalogue.matters[code] for code in industrial.start_matters]
    materials = {item.material for matter in start for item in matter.materials}
    assert industrial.green_channel
    assert industrial.instant
    assert len(start) == 9
    assert len(materials) == 14
    assert {m.department for m in start} == {"resources", "housing", "airdefence", "water", "power", "telecom"}
    assert all(catalogue.materials[code].source is not Source.SHARED for code in materials)
    assert sum(matter.takes_commitment for matter in start) >= 2
    assert sum(matter.tolerates_gaps for matter in start) >= 2


def test_the_industrial_start_packet_has_a_chain_of_prerequisites_from_land_to_permit() -> None:
    catalogue = load()
    chain = ("land-use-permit", "planning-permit", "fire-design-review", "construction-permit")
    assert set(chain) <= set(catalogue.processes["industrial"].start_matters)
    for before, after in pairwise(chain):
        assert before in catalogue.matters[after].prerequisites


def test_a_gap_can_only_be_promised_where_every_matter_of_the_start_packet_that_needs_the_paper_allows_it() -> None:
    catalogue = load()
    start = [catalogue.matters[code] for code in catalogue.processes["industrial"].start_matters]
    for slot in ("design-qualification", "wage-security"):
        asking = [matter for matter in start if slot in {item.material for item in matter.materials}]
        assert asking
        assert all(matter.tolerates_gaps for matter in asking)
