"""Papers as heavy as scans with recognised text: an image and words on every page.

The samples are drawn and weigh some ten KB; what people scan weighs megabytes.
"""

import random
from collections.abc import Iterable
from pathlib import Path

import pikepdf

PAGE_BYTES = 1_500_000  # a page of A4 at 300 dpi, as a JPEG of usual quality


def make_heavy(papers: Iterable[Path]) -> None:
    """Lay an image under every page of these PDFs. It is noise, so it cannot be compressed; nobody needs to see it."""
    noise = random.Random(0)  # noqa: S311 - the same bytes every time, for no secret
    for paper in papers:
        with pikepdf.open(paper, allow_overwriting_input=True) as pdf:
            for page in pdf.pages:
                page.Resources.XObject = pdf.make_indirect(pikepdf.Dictionary(Scan=_image(pdf, noise)))
                page.contents_add(b"q 1 0 0 1 0 0 cm /Scan Do Q", prepend=True)
            pdf.save(paper)


def _image(pdf: pikepdf.Pdf, noise: random.Random) -> pikepdf.Stream:
    image = pikepdf.Stream(pdf, noise.randbytes(PAGE_BYTES))
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height = 1500, 1000
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    return image
