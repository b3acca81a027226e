"""A heap of files is sorted to materials by names alone; what is not sure is left to the applicant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.catalog import load
from kaigong.domain.intake.sorting import proposed

MATERIALS = tuple(load().materials.values())


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("drawings.pdf", "drawings"),
        ("Soil_Plan (final).PDF", "soil-plan"),
        ("营业执照.jpg", "business-licence"),
        ("营业执照副本-扫描件.pdf", "business-licence"),
        ("Business License 2026.pdf", "business-licence"),
        ("03 水保方案（报批稿）.pdf", "soil-plan"),
        ("结施-01 施工图.pdf", "drawings"),
        ("施工图/结施-01.pdf", "drawings"),
        ("图纸/消防设计文件.pdf", "fire-design"),  # its own name goes before its folder's
        ("建设工程施工合同.pdf", "construction-contract"),
        ("水土保持报告书.pdf", "soil-plan"),
        ("扫描件0001.pdf", None),
        ("IMG_2031.jpg", None),
        ("设计.pdf", None),
        ("", None),
        (".pdf", None),
    ],
)
def test_a_file_is_known_by_its_name_or_its_folder(name: str, slot: str | None) -> None:
    assert proposed([name], MATERIALS) == (slot,)


def test_every_material_is_known_by_its_own_names() -> None:
    for material in MATERIALS:
        names = f"{material.code}.pdf", f"{material.name.zh}.pdf", f"1. {material.name.en}.pdf"
        assert proposed(names, MATERIALS) == (material.code,) * 3


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_names_have_an_answer_each_and_only_what_is_asked_for_is_proposed(names: list[str]) -> None:
    found = proposed(names, MATERIALS[:5])
    assert len(found) == len(names)
    assert set(found) <= {None, *(m.code for m in MATERIALS[:5])}
