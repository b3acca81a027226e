"""The city's worked case (mission, "What it changed"): an enterprise of grade AAA that starts on getting the land.

The enterprise and the project are made up; their codes keep the shape and the check characters of the standards.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kaigong import catalog
from kaigong.domain.model.manifest import Enterprise, Project
from kaigong.domain.model.messages import BasicData, CreditRecord
from kaigong.errors import Refused

from . import layout
from .papers import PAPERS

ENTERPRISE = Enterprise(
    name="商丘样例生物科技有限公司",
    uscc="91411402MA0KG0002N",
    legal_representative="张开",
    phone="0370-0000000",
)
PROJECT = Project(
    name="年产500吨生物酶制剂项目",
    code="2602-411402-04-01-380164",
    address="商丘市梁园区样例产业园一号",
)
FORM = {  # what the nine matters that it starts with ask for
    "construction-nature": "new",
    "construction-content": "生产车间一栋、研发楼一栋，年产生物酶制剂500吨。",
    "land-document": "商国让〔2026〕08号",
    "site-area": "30000",
    "land-use": "industrial",
    "plot-ratio": "1.4",
    "building-density": "42.5",
    "green-ratio": "15",
    "land-delivery": "2026-03-06",
    "floor-area": "44000",
    "floor-area-above": "41500",
    "floor-area-below": "2500",
    "storeys-above": "5",
    "storeys-below": "1",
    "building-height": "23.8",
    "structure": "frame",
    "fire-hazard": "c",
    "fire-resistance": "two",
    "seismic-intensity": "seven",
    "airdefence-area": "2400",
    "total-investment": "32000",
    "contract-price": "11800",
    "survey-unit": "商丘样例勘察有限公司",
    "design-unit": "商丘样例工程设计院有限公司",
    "contractor": "商丘样例建设有限公司",
    "supervision-unit": "商丘样例监理有限公司",
    "project-manager": "李筑",
    "report-unit": "商丘样例水利咨询有限公司",
    "power-load": "1250",
    "power-voltage": "ten-kv",
    "telecom-points": "160",
    "supply-by": "2027-10-01",
    "disturbed-area": "30000",
    "excavation": "26000",
    "fill": "14000",
    "spoil": "12000",
    "planned-start": "2026-03-07",
    "planned-end": "2027-12-31",
    "contact-person": "张开",
    "service-address": "商丘市梁园区样例路8号",
}


@dataclass(frozen=True)
class Case:
    """One application: who applies, for what, and how each material is handled."""

    enterprise: Enterprise
    project: Project
    process: str
    matters: tuple[str, ...]
    promises: tuple[str, ...]  # non-main papers that follow later (容缺受理)
    commitments: tuple[str, ...]  # matters by commitment (告知承诺)
    form: Mapping[str, str]  # the application form as data, where it is filled in

    @property
    def materials(self) -> tuple[str, ...]:
        """Every material that the matters ask for, once each, in the order the guide names them."""
        catalogue = catalog.load()
        asked = (item.material for code in self.matters for item in catalogue.matters[code].materials)
        return tuple(dict.fromkeys(asked))

    def manifest(self) -> dict[str, Any]:
        """The content of `project.json`, as `kaigong submit` reads it."""
        return {
            "enterprise": self.enterprise.model_dump(exclude_none=True),
            "project": self.project.model_dump(exclude_none=True),
            "process": self.process,
            "matters": list(self.matters),
            "promises": list(self.promises),
            "commitments": list(self.commitments),
            "drawn_up": list(self._drawn_up()),
            **({"form": dict(self.form)} if self.form else {}),
        }

    def _drawn_up(self) -> Iterator[dict[str, Any]]:
        """Who drew up the papers of intermediaries, as the samples name them and the list knows them."""
        listed = {entry.name: entry for entry in catalog.load().intermediaries.values()}
        for slot in self.materials:
            by, fit = listed.get(PAPERS[slot].author or ""), catalog.load().materials[slot].drawn_up_by
            held = next((q for q in by.qualifications if q.kind in fit), None) if by else None
            if by and held:
                term = {"certificate": held.number, "valid_until": held.valid_until and held.valid_until.isoformat()}
                said = {"slot": slot, "name": by.name, "uscc": by.code, **term, "responsible": "样例负责人"}
                yield {name: value for name, value in said.items() if value}


def city_case() -> Case:
    """The case: the industrial start packet, two promised papers, three matters by commitment."""
    industrial = catalog.load().processes["industrial"]
    return Case(
        enterprise=ENTERPRISE,
        project=PROJECT,
        process=industrial.code,
        matters=industrial.start_matters,
        promises=("design-qualification", "wage-security"),
        commitments=("drawing-review", "power-connection", "telecom-connection"),
        form=FORM,
    )


def acceptance_case() -> Case:
    """The same project when it is built: joint acceptance, on every paper."""
    process = catalog.load().processes["joint-acceptance"]
    return Case(
        enterprise=ENTERPRISE,
        project=PROJECT,
        process=process.code,
        matters=process.start_matters,
        promises=(),
        commitments=(),
        form={},
    )


def credit_record(now: datetime) -> CreditRecord:
    """What the credit platform publishes of the enterprise: grade AAA, and the basic data that fill its forms."""
    return CreditRecord(
        schema_="kaigong/credit/1",
        id=f"{ENTERPRISE.uscc}.{now:%Y%m%dT%H%M%S%f}",
        uscc=ENTERPRISE.uscc,
        grade="AAA",
        valid_from=now - timedelta(days=30),
        valid_until=now + timedelta(days=335),
        published_at=now,
        basic=BasicData(
            name=ENTERPRISE.name,
            legal_representative=ENTERPRISE.legal_representative,
            address="商丘市梁园区样例路8号",
        ),
    )


def draw(material_code: str, enterprise: Enterprise, project: Project) -> bytes:
    """A PDF of the material for this enterprise and project; the same input gives the same bytes.

    Raises Refused for a material that the catalogue does not know or that has no content in `papers.py`.
    """
    material = catalog.load().materials.get(material_code)
    if material is None or material.code not in PAPERS:
        raise Refused(
            f"没有材料 {material_code} 的样本内容，请在 infra/samples/papers.py 中补上。",
            f"There is no sample content for {material_code!r}; add it to infra/samples/papers.py.",
        )
    return layout.pdf(material.name.zh, PAPERS[material.code], enterprise, project)


def write_packet(case: Case, directory: Path, without: Collection[str] = ()) -> list[Path]:
    """Write `project.json` and a PDF for every material that is neither promised nor in `without`.

    Returns the papers written. Papers already in `directory` stay.
    """
    directory.mkdir(parents=True, exist_ok=True)
    content = json.dumps(case.manifest(), ensure_ascii=False, indent=2)
    (directory / "project.json").write_text(content + "\n", encoding="utf-8")
    left_out = {*case.promises, *without}
    return _write(case, directory, [code for code in case.materials if code not in left_out])


def write_supplement(case: Case, directory: Path) -> list[Path]:
    """Write the promised papers, for `kaigong supplement`. Returns them."""
    directory.mkdir(parents=True, exist_ok=True)
    return _write(case, directory, list(case.promises))


def _write(case: Case, directory: Path, codes: list[str]) -> list[Path]:
    paths = [directory / f"{code}.pdf" for code in codes]
    for code, path in zip(codes, paths, strict=True):
        path.write_bytes(draw(code, case.enterprise, case.project))
    return paths
