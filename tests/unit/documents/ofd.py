"""OFD documents written part by part, so that they can be wrong in exactly one way; and their seals."""

import hashlib
import io
import warnings
import zipfile
from base64 import b64encode

from gmalg import SM2

Parts = dict[str, bytes]
USER = b"1234567812345678"
SPACE = b'xmlns:ofd="http://www.ofdspec.org/2016"'


def parts(
    text: str = "开工申请", *, pages: int = 1, body: bytes = b"", document: bytes = b"", page: bytes = b""
) -> Parts:
    """The parts of a document that shows one line of text on each page."""
    listed = b"".join(b'<ofd:Page ID="%d" BaseLoc="Pages/Page_%d/Content.xml"/>' % (n + 1, n) for n in range(pages))
    shown = (
        f'<ofd:Content><ofd:Layer><ofd:TextObject ID="9"><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>'
        "</ofd:Layer></ofd:Content>"
    ).encode()
    return {
        "OFD.xml": b"<ofd:OFD %s><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>%s</ofd:DocBody></ofd:OFD>"
        % (SPACE, body),
        "Doc_0/Document.xml": b"<ofd:Document %s>%s<ofd:Pages>%s</ofd:Pages></ofd:Document>"
        % (SPACE, document, listed),
        **{
            f"Doc_0/Pages/Page_{n}/Content.xml": b"<ofd:Page %s>%s%s</ofd:Page>" % (SPACE, page, shown)
            for n in range(pages)
        },
    }


def packed(parts: Parts, *twice: str) -> bytes:
    """The archive; the parts named in `twice` stand in it two times."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile's, of a name that stands twice
        for name, data in parts.items():
            for _ in range(1 + (name in twice)):
                archive.writestr(name, data)
    return out.getvalue()


def sealed(whole: Parts, signer: str = "开工市行政审批局", *, old: bool = False) -> Parts:
    """The document with an electronic seal over its first page: as GB/T 38540 has it, or GM/T 0031 before it."""
    covered = "Doc_0/Pages/Page_0/Content.xml"
    value = b64encode(hashlib.new("sm3", whole[covered]).digest())
    signature = (
        b'<ofd:Signature %s><ofd:SignedInfo><ofd:References CheckMethod="1.2.156.10197.1.401">'
        b'<ofd:Reference FileRef="/%s">'
        b"<ofd:CheckValue>%s</ofd:CheckValue></ofd:Reference></ofd:References></ofd:SignedInfo>"
        b"<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>" % (SPACE, covered.encode(), value)
    )
    whole = dict(whole)
    whole["OFD.xml"] = whole["OFD.xml"].replace(
        b"</ofd:DocBody>", b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>"
    )
    whole["Doc_0/Signs/Signatures.xml"] = (
        b'<ofd:Signatures %s><ofd:Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>'
        % SPACE
    )
    whole["Doc_0/Signs/Sign_0/Signature.xml"] = signature
    whole["Doc_0/Signs/Sign_0/SignedValue.dat"] = _signed(signature, signer, old=old)
    return whole


def _signed(signature: bytes, signer: str, *, old: bool) -> bytes:
    curve = SM2()
    secret, public = curve.generate_keypair()
    certificate = _octets(_certificate(public, signer))
    algorithm = bytes.fromhex("06082a811ccf55018375")
    inner = [_integer(4), _sequence(), _bits(b"time"), _bits(hashlib.new("sm3", signature).digest()), _tag(0x16, b"/")]
    to_sign = _sequence(*inner, certificate, algorithm) if old else _sequence(*inner)
    r, s = SM2(sk=secret, uid=USER, pk=public).sign(to_sign)
    numbers = _bits(_sequence(_tag(0x02, b"\0" + r), _tag(0x02, b"\0" + s)))
    return _sequence(to_sign, numbers) if old else _sequence(to_sign, certificate, algorithm, numbers)


def _certificate(key: bytes, name: str) -> bytes:
    owner = _sequence(_tag(0x31, _sequence(bytes.fromhex("0603550403"), _tag(0x0C, name.encode()))))
    about = _sequence(_sequence(), _bits(key))
    body = _sequence(_tag(0xA0, _integer(2)), _integer(1), _sequence(), _sequence(), _sequence(), owner, about)
    return _sequence(body, _sequence(), _bits(b""))


def _tag(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, 0x80 | size)) + length.to_bytes(size) + content


def _sequence(*values: bytes) -> bytes:
    return _tag(0x30, b"".join(values))


def _integer(value: int) -> bytes:
    return _tag(0x02, bytes((value,)))


def _bits(value: bytes) -> bytes:
    return _tag(0x03, b"\0" + value)


def _octets(value: bytes) -> bytes:
    return _tag(0x04, value)
