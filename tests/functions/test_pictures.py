"""Photos and scans on their way: several are one paper, and who cannot draw one sees a copy of it."""

from pathlib import Path

import boto3
import pytest
from kaigong.contract.routes import Group
from kaigong.domain.model.packet import Status
from kaigong.examine import RangeSource, copy_of, examine
from kaigong.handlers import validate
from kaigong.portal import access
from kaigong.store import keys, packets

from tests.unit.documents import papers

from . import story
from .asking import page_as, played
from .test_files import OTHERS
from .world import ENVIRONMENT

PACKET = "20260306-photos"
MATTERS = ["lightning-design-review"]
OFFICER = access.Caller(name="li", called="李四", groups=frozenset({Group.DEPARTMENT}), department="meteorology")
HEIC = (Path(papers.__file__).parent / "photo.heic").read_bytes()


def _is_photo(source: RangeSource) -> bool:
    return source.read(0, 3) == b"\xff\xd8\xff" or b"ftyp" in source.read(0, 12)


def test_photos_are_one_paper_which_its_officer_sees_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with played() as world:
        stub = validate.examine
        monkeypatch.setattr(validate, "examine", lambda s, **more: (examine if _is_photo(s) else stub)(s, **more))
        monkeypatch.setattr(validate, "copy_of", copy_of)
        for slot in OTHERS:
            if slot != "business-licence":
                world.upload(PACKET, slot, b"good")
        world.upload(PACKET, "drawings", b"good")
        world.upload(PACKET, "business-licence", b"good", name="older.pdf")
        for name, content in (("10.heic", HEIC), ("2.jpg", papers.picture("JPEG"))):
            world.upload(PACKET, "business-licence", content, name=name, upload=f"u-{name}")
        world.submit(story.MANIFEST | {"packet": PACKET, "matters": MATTERS, "promises": [], "commitments": []})
        world.run()
        packet = packets.load(PACKET)
        assert packet.header is not None
        assert packet.header.status is Status.IN_REVIEW
        pages = packet.papers.by_slot["business-licence"]
        assert [paper.name for paper in pages] == ["2.jpg", "10.heic"]
        copy = boto3.client("s3").get_object(
            Bucket=ENVIRONMENT["BUCKET_NAME"], Key=keys.copy_key(PACKET, "business-licence", pages[1].mark)
        )
        assert (copy["ContentType"], copy["Body"].read(3)) == ("image/jpeg", b"\xff\xd8\xff")
        where = f"/desk/{PACKET}/{MATTERS[0]}"
        page = page_as(monkeypatch, OFFICER, where, query={"paper": "business-licence"})["body"]
        first, second = page.index("第 1 张"), page.index("第 2 张")
        assert "/2.jpg" in page[first:second]
        assert f"/{keys.copy_key(PACKET, 'business-licence', pages[1].mark)}" in page[second:]
        assert "下载原件" in page[second:]
        one = page_as(monkeypatch, OFFICER, where, query={"paper": "business-licence", "file": pages[1].id})["body"]
        assert "第 1 张" not in one
        assert "浏览器不能显示 HEIC" in one
