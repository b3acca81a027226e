"""`python -m infra.samples` redraws the sample of every material in the catalogue's folder."""

from pathlib import Path

from kaigong.catalog import DATA, SAMPLES, load_from

from . import layout
from .case import ENTERPRISE, PROJECT
from .papers import PAPERS

_MARK = "样本 SAMPLE"


def redraw(folder: Path) -> None:
    """Write the marked sample of every material into `folder`. Samples that are not there yet count as there."""
    catalogue = load_from(DATA, samples={f"{code}.pdf" for code in PAPERS})
    folder.mkdir(parents=True, exist_ok=True)
    for material in catalogue.materials.values():
        paper = layout.pdf(material.name.zh, PAPERS[material.code], ENTERPRISE, PROJECT, _MARK)
        (folder / material.sample).write_bytes(paper)


if __name__ == "__main__":
    redraw(SAMPLES)
