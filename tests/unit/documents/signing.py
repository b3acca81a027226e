"""PDFs signed as signing software does it, by an authority of the tests; and what is done to them afterwards."""

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_der_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, fields, sign_pdf
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.now(UTC).replace(microsecond=0)


class Identity(NamedTuple):
    """Somebody with a key and a certificate."""

    certificate: asn1.Certificate
    key: keys.PrivateKeyInfo

    @property
    def pem(self) -> bytes:
        return pem.armor("CERTIFICATE", self.certificate.dump())


@cache
def identity(name: str, *, issued_by: str | None = None, stamps: bool = False, expired: bool = False) -> Identity:
    """Somebody whose certificate an authority issued, or who is an authority. Keys of RSA: they make timestamps too."""
    key = generate_private_key(65537, 2048)
    secret = keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    about = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = identity(issued_by) if issued_by else None
    until = NOW - timedelta(days=10) if expired else NOW + timedelta(days=400)
    builder = (
        x509.CertificateBuilder()
        .subject_name(about)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issued_by or name)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=400))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(_usage(authority=issuer is None), critical=True)
    )
    if stamps:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    made = builder.sign(load_der_private_key(issuer.key.dump(), None) if issuer else key, SHA256())
    return Identity(asn1.Certificate.load(made.public_bytes(Encoding.DER)), secret)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


AUTHORITY, SIGNER, STAMPER = "测试根证书", "商丘样例设计院", "测试时间戳"


def _store(*who: Identity) -> SimpleCertificateStore:
    return SimpleCertificateStore.from_certs([one.certificate for one in who])


def signed(
    pdf: bytes,
    field: str = "Signature1",
    *,
    signer: str = SIGNER,
    expired: bool = False,
    stamped: bool = False,
    permits: MDPPerm | None = None,
    pades: bool = False,
) -> bytes:
    """The document with one signature more. `permits`: certified, with what may be changed later."""
    by, root = identity(signer, issued_by=AUTHORITY, expired=expired), identity(AUTHORITY)
    who = SimpleSigner(signing_cert=by.certificate, signing_key=by.key, cert_registry=_store(root))
    about = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        certify=permits is not None,
        docmdp_permissions=permits or MDPPerm.FILL_FORMS,
        subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    out = io.BytesIO()
    sign_pdf(_writer(pdf), about, who, timestamper=_stamper() if stamped else None, output=out)
    return out.getvalue()


def stamped_as_a_whole(pdf: bytes) -> bytes:
    """The document with a timestamp over all of it, as those add who keep its proof fresh (PAdES B-LTA)."""
    known = ValidationContext(trust_roots=[identity(AUTHORITY).certificate], allow_fetching=False)
    out = io.BytesIO()
    PdfTimeStamper(_stamper()).timestamp_pdf(_writer(pdf), "sha256", validation_context=known, output=out)
    return out.getvalue()


def with_field(pdf: bytes, name: str = "Signature1") -> bytes:
    """The document with an empty signature field."""
    writer = _writer(pdf)
    fields.append_signature_field(writer, SigFieldSpec(name))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _writer(pdf: bytes) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    if writer.prev.encrypted:
        writer.encrypt("")
    return writer


@cache
def _stamper() -> DummyTimeStamper:
    by = identity(STAMPER, issued_by=AUTHORITY, stamps=True)
    return DummyTimeStamper(by.certificate, by.key, certs_to_embed=_store(identity(AUTHORITY)))
