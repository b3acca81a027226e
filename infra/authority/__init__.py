"""Certificates and time stamps for a machine without an authority: whatever they vouch for says LOCAL TEST.

Used by local AWS and by tests. Nobody trusts it, and it is in no list of anybody's.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import SimpleNamespace

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import dummy_client
from pyhanko_certvalidator.registry import SimpleCertificateStore

LOCAL_TEST = "LOCAL TEST"
YEARS = timedelta(days=3650)
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey
# The stamper reads its key at each stamp, and to read one is to prove its primes: six times the work of all the rest.
dummy_client.serialization = SimpleNamespace(  # type: ignore[assignment, attr-defined]  # all it asks
    load_der_private_key=lru_cache(maxsize=8)(serialization.load_der_private_key)
)


class Authority:
    """A root of trust, with a time-stamping authority below it. Its keys are RSA, as the stamper wants them."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), kept: bytes = b"") -> None:
        """`kept`: the keys of one that was there before, as `keys` gives them."""
        self._now = now
        self._root_key, self._stamp_key = _read(kept) if kept else (_new(), _new())
        self._name = _name("root")
        self.root = self._issue(self._name, self._root_key.public_key(), ca=True)
        self._stamper = self._issue(_name("time stamps"), self._stamp_key.public_key(), stamps=True)

    def keys(self) -> bytes:
        """Its private keys, PEM."""
        return b"".join(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            for key in (self._root_key, self._stamp_key)
        )

    def chain(self, key: PublicKey, holder: str) -> bytes:
        """The certificate of a seal's key and the root, PEM: what a real authority would send back."""
        return _pem(self._issue(_name(holder), key)) + _pem(self.root)

    def stamp(self, request: bytes) -> bytes:
        """The answer to a request for a time stamp (RFC 3161), both DER."""
        return bytes(self._dummy().request_tsa_response(tsp.TimeStampReq.load(request)).dump())

    def _dummy(self) -> dummy_client.DummyTimeStamper:
        return dummy_client.DummyTimeStamper(
            asn1.Certificate.load(self._stamper.public_bytes(serialization.Encoding.DER)),
            keys.PrivateKeyInfo.load(
                self._stamp_key.private_bytes(
                    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            certs_to_embed=SimpleCertificateStore.from_certs(
                [asn1.Certificate.load(self.root.public_bytes(serialization.Encoding.DER))]
            ),
            fixed_dt=self._now(),
        )

    def _issue(self, subject: x509.Name, key: PublicKey, *, ca: bool = False, stamps: bool = False) -> x509.Certificate:
        now = self._now()
        usage = dict.fromkeys(_USAGES, False) | (
            {"key_cert_sign": True, "crl_sign": True} if ca else {"digital_signature": True, "content_commitment": True}
        )
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + YEARS)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._root_key.public_key()), critical=False
            )
        )
        if stamps:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
            built = built.add_extension(purpose, critical=True)
        return built.sign(self._root_key, hashes.SHA256())


_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def _new() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _read(kept: bytes) -> tuple[rsa.RSAPrivateKey, rsa.RSAPrivateKey]:
    end = b"-----END PRIVATE KEY-----\n"
    root, stamp = (serialization.load_pem_private_key(key + end, None) for key in kept.split(end) if key)
    assert isinstance(root, rsa.RSAPrivateKey)  # noqa: S101 - as `keys` wrote them
    assert isinstance(stamp, rsa.RSAPrivateKey)  # noqa: S101 - as above
    return root, stamp


def _name(what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, LOCAL_TEST),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{LOCAL_TEST} {what}"[:64]),
        ]
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
