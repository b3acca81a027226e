"""What changes nothing that people see changes no verdict: a sound paper stays sound, a refused one stays refused."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kaigong.domain.model.facts import Verdict
from kaigong.examine import FileSource, examine

from .documents import papers
from .documents.raw import assemble, one_page, scan, update
from .test_examine_real import REFUSED, SOUND, found

HARMLESS: dict[str, Callable[[bytes], bytes]] = {
    "zeros behind the end": lambda data: data + bytes(3000),
    "a line's end": lambda data: data + b"\r\n",
    "written anew": lambda data: _saved(data),
    "written anew, its objects packed": lambda data: _saved(data, packed=True),
    "laid out for the web": papers.linearized,
    "a password for changing it": papers.protected,
}
# Of those that are refused for what they show; writing a damaged file anew mends it.
SHOWN = [name for name, (_, code) in REFUSED.items() if code not in ("damaged", "truncated")]


def _saved(data: bytes, *, packed: bool = False) -> bytes:
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(out, object_stream_mode=mode)
    return out.getvalue()


@given(name=st.sampled_from(sorted(SOUND)), change=st.sampled_from(sorted(HARMLESS)))
def test_a_sound_paper_stays_sound(name: str, change: str) -> None:
    assert found(HARMLESS[change](SOUND[name])).verdict is not Verdict.DEFICIENT


@given(name=st.sampled_from(sorted(SHOWN)), change=st.sampled_from(sorted(HARMLESS)))
def test_a_refused_paper_stays_refused_for_the_same_reason(name: str, change: str) -> None:
    data, code = REFUSED[name]
    assert code in [reason.code for reason in found(HARMLESS[change](data)).reasons]


@pytest.mark.parametrize("change", HARMLESS)
@pytest.mark.parametrize("where", ["/OpenAction", "/AA<</WC", "/Names<</JavaScript<</Names[(a)"])
def test_a_script_is_found_however_the_file_is_written(where: str, change: str) -> None:
    script, ends = b"<</S/JavaScript/JS(app.alert\\(1\\))>>", {"/AA<</WC": b">>", "/OpenAction": b""}
    data = assemble(one_page(catalogue=where.encode() + script + ends.get(where, b"]>>>>")))
    assert "javascript" in [reason.code for reason in found(HARMLESS[change](data)).reasons]


def test_a_script_behind_more_scanned_pages_than_one_leafs_through_is_found(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    scan(path, pages=400, image=70_000, together=False)
    last = 10 + 3 * 399
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/AA<</O<</S/JavaScript/JS(1)>>>>>>"
    path.write_bytes(update(path.read_bytes(), {last + 2: page}))
    with FileSource(path) as source:
        assert examine(source).scripts
