"""The electronic seal: a PAdES signature with a time stamp (B-T), seen as the red seal (电子签名法 §13, §14).

Who seals here holds no key: `Key` signs a digest, `Stamp` asks a time-stamping authority. So this knows neither where
the key is kept nor how the authority is reached. Standards: ETSI EN 319 142-1 (level B-T), RFC 3161, ISO 14289-1 (a
field hangs in the structure tree).
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from asn1crypto import algos, cms, tsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa, utils
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, PdfObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
from pyhanko.sign.general import extract_certificate_info, extract_signer_info
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from kaigong.domain.model.text import Text
from kaigong.domain.words import documents as words
from kaigong.errors import NotSealed

from .typeset import Place, compiler

Key = Callable[[bytes], bytes]
"""Signs a SHA-256 digest; the answer is as KMS gives it: DER for ECDSA, PKCS #1 v1.5 for RSA."""
Stamp = Callable[[bytes], bytes]
"""Sends a TimeStampReq (DER) to the authority; the answer is its TimeStampResp."""
Clock = Callable[[], datetime]

_FIELD, _DIGEST = "Seal", "sha256"
_SLACK = 64  # bytes: two time stamps of one authority differ by the lengths of their numbers
_APART = timedelta(minutes=5)  # choice: how far the authority's clock may be from ours
_GRANTED = ("granted", "granted_with_mods")  # RFC 3161, 2.4.2
_CHINESE = "1.2.156.10197.1."  # SM2, SM3 (GM/T 0006), by which neither pyHanko nor cryptography checks a signature
_WIDTH = 119.0  # points: 42 mm, the size of a seal of a city's bureau
_PAGE_HEIGHT = 841.89


def sealed(pdf: bytes, place: Place, issuer: Text, chain: bytes, key: Key, stamp: Stamp, clock: Clock) -> bytes:
    """The document with the seal on it, appended: what was there stays byte for byte.

    `chain`: the certificate of the key and those above it, PEM. What `key` and `stamp` raise goes through. Raises
    NotSealed where the certificate is not the key's, or the time stamp does not hold: a document is stored for good.
    """
    certificates = list(load_certs_from_pemder_data(chain))
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    _add_field(writer, place, issuer)
    signer = PdfSigner(
        PdfSignatureMetadata(
            field_name=_FIELD,
            md_algorithm=_DIGEST,
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=False,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            tight_size_estimates=True,  # padding that nobody signs could be written into
        ),
        signer=_Signer(certificates, key),
        timestamper=_Stamper(stamp, clock),
        stamp_style=StaticStampStyle(border_width=0, background=_Appearance(_drawn(issuer.zh))),
    )
    return bytes(signer.sign_pdf(writer, existing_fields_only=True).getvalue())


def valid_until(chain: bytes) -> datetime:
    """Until when the first certificate of a chain in PEM, that of the key, is good."""
    [certificate, *_] = load_certs_from_pemder_data(chain)
    ends: datetime = certificate.not_valid_after
    return ends


def in_force(chain: bytes, now: datetime) -> None:
    """Raises NotSealed where the certificate of the key is not good now: what it sealed would hold for nobody."""
    [certificate, *_] = load_certs_from_pemder_data(chain)
    if not certificate.not_valid_before <= now < certificate.not_valid_after:
        raise NotSealed("电子印章证书不在有效期内。", "The certificate of the seal is not in force.")


class _Signer(Signer):
    def __init__(self, certificates: list[x509.Certificate], key: Key) -> None:
        certificate, *above = certificates
        registry = SimpleCertificateStore()
        registry.register_multiple(above)
        elliptic, size = certificate.public_key.algorithm == "ec", certificate.public_key.byte_size
        algorithm = "sha256_ecdsa" if elliptic else "sha256_rsa"
        super().__init__(
            embed_roots=False,
            signing_cert=certificate,
            cert_registry=registry,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": algorithm}),
        )
        self._key = key
        self._longest = 2 * size + 8 if elliptic else size  # bytes of a signature: two numbers in DER, or one

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        assert digest_algorithm == _DIGEST  # noqa: S101 - as asked for above
        if dry_run:
            return bytes(self._longest + _SLACK)
        digest = hashlib.sha256(data).digest()
        signature = self._key(digest)
        assert self.signing_cert is not None  # noqa: S101 - as given above
        if not _is_by(self.signing_cert, signature, digest):
            raise NotSealed("电子印章证书与密钥不符。", "The certificate of the seal is not that of its key.")
        return signature


def _is_by(certificate: x509.Certificate, signature: bytes, digest: bytes) -> bool:
    """Whether the key that a certificate is for made this signature of a SHA-256 digest."""
    key, prehashed = load_der_public_key(certificate.public_key.dump()), utils.Prehashed(hashes.SHA256())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(prehashed))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, PKCS1v15(), prehashed)
        else:
            return False
    except InvalidSignature:
        return False
    return True


class _Stamper(TimeStamper):
    """pyHanko's own looks at status and nonce alone, and refuses what was granted with modifications."""

    def __init__(self, stamp: Stamp, clock: Clock) -> None:
        super().__init__()
        self._stamp = stamp
        self._clock = clock

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        _, request = self.request_cms(message_digest, md_algorithm)
        answer = self._stamp(request.dump())
        try:
            response = tsp.TimeStampResp.load(answer)
            good = _holds(response, request, self._clock())
        except Exception as error:  # asn1crypto, pyHanko and cryptography raise of every kind on what is none
            raise NotSealed("时间戳服务应答有误。", "The authority's answer is no time stamp.") from error
        if not good:
            raise NotSealed("时间戳无效。", "The time stamp does not hold.")
        return response["time_stamp_token"]


def _holds(response: tsp.TimeStampResp, request: tsp.TimeStampReq, now: datetime) -> bool:
    """Whether the authority stamped what was asked, now, by a certificate for that (RFC 3161, 2.2, 2.3 and 2.4.2)."""
    if response["status"]["status"].native not in _GRANTED:
        return False
    signed = response["time_stamp_token"]["content"]
    content = signed["encap_content_info"]["content"]
    told, asked = content.parsed, request["message_imprint"]
    stamped, at = told["message_imprint"], told["gen_time"].native
    by, signer = extract_certificate_info(signed).signer_cert, extract_signer_info(signed)
    purposes = by.extended_key_usage_value
    return bool(
        told["nonce"].native == request["nonce"].native
        and stamped["hash_algorithm"]["algorithm"].native == asked["hash_algorithm"]["algorithm"].native
        and stamped["hashed_message"].native == asked["hashed_message"].native
        and abs(at - now) <= _APART
        and by.not_valid_before <= at < by.not_valid_after
        and purposes is not None
        and "time_stamping" in purposes.native
        and _is_intact(signer, by, bytes(content))
    )


def _is_intact(signer: cms.SignerInfo, by: x509.Certificate, content: bytes) -> bool:
    """Whether the certificate's key signed just this. A signature by SM2 cannot be checked here, and is taken: without
    it no document of a city with such an authority would ever be made.
    """
    named = (signer[each]["algorithm"].dotted for each in ("digest_algorithm", "signature_algorithm"))
    if any(name.startswith(_CHINESE) for name in named):
        return True
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    return all(validate_sig_integrity(signer, by, "tst_info", digest))


def _add_field(writer: IncrementalPdfFileWriter, place: Place, issuer: Text) -> None:
    """An empty field over the place of the signature. It hangs in the structure tree as a form, or readers for the
    blind would miss it.
    """
    x, y, half = place.x, _PAGE_HEIGHT - place.y, _WIDTH / 2
    box = (round(x - half), round(y - half), round(x + half), round(y + half))
    name = f"{words.SEAL.zh} {words.SEAL.en}"
    fields.append_signature_field(
        writer, fields.SigFieldSpec(_FIELD, on_page=place.page, box=box, readable_field_name=name)
    )
    page = writer.find_page_for_modification(place.page)[0]
    widget = page.get_object()["/Annots"].raw_get(-1)
    tree = writer.root["/StructTreeRoot"]  # as Typst writes it: one element at the top, numbers in one array
    top, parents, number = tree["/K"].raw_get(0), tree["/ParentTree"], tree["/ParentTreeNextKey"]
    alt = words.seal_alt(issuer)
    told = pdf_string(f"{alt.zh} {alt.en}")
    form = writer.add_object(
        _dictionary(
            Type=pdf_name("/StructElem"),
            S=pdf_name("/Form"),
            P=top,
            Pg=page,
            Alt=told,
            K=_dictionary(Type=pdf_name("/OBJR"), Obj=widget, Pg=page),
        )
    )
    widget.get_object().update(_dictionary(StructParent=NumberObject(number), Contents=told))
    top.get_object()["/K"].append(form)
    parents["/Nums"].extend([NumberObject(number), form])
    tree["/ParentTreeNextKey"] = NumberObject(number + 1)
    for changed in (widget, top):
        writer.mark_update(changed)
    for part in (tree, parents, top.get_object()["/K"], parents["/Nums"]):
        writer.update_container(part)


def _dictionary(**entries: PdfObject) -> DictionaryObject:
    return DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})


class _Appearance(PdfContent):
    """The seal's picture as the content of an appearance."""

    def __init__(self, drawn: bytes) -> None:
        super().__init__(box=BoxConstraints(width=_WIDTH, height=_WIDTH))
        self._drawn = drawn

    def render(self) -> bytes:
        assert self.writer is not None  # noqa: S101 - it is set before anything is drawn
        picture = self.writer.import_page_as_xobject(PdfFileReader(BytesIO(self._drawn)))
        self.resources.xobject["/Drawn"] = picture
        return b"/Drawn Do"


@lru_cache(maxsize=4)  # one city has one lead department, which may come to be called otherwise
def _drawn(name: str) -> bytes:
    """The seal of one name, as a PDF of one page without anything around it."""
    inputs = {"name": name, "purpose": words.SEAL_PURPOSE}
    setter = compiler(Path(__file__).with_name("seal.typ"))
    pdf = setter.compile(format="pdf", sys_inputs=inputs, pdf_tags=False, pdf_standards=["1.7"])
    assert isinstance(pdf, bytes)  # noqa: S101 - a list comes of pictures alone
    return pdf
