"""The trust list: whom a city knows as signers."""

from asn1crypto import pem, x509

type Root = x509.Certificate


def roots_in(trust_list: bytes) -> tuple[Root, ...]:
    """The certificates of a list of them in PEM. Raises ValueError for what is none."""
    if not trust_list.strip():
        return ()
    return tuple(x509.Certificate.load(der, strict=True) for _, _, der in pem.unarmor(trust_list, multiple=True))
