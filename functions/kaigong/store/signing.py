"""Signing by a key in KMS: the seal's and the anchors' are two keys, asked in one way."""

from .clients import client


def signature(key: str, digest: bytes, algorithm: str) -> bytes:
    """The signature of a SHA-256 digest. KMS is sent the digest alone, so that what is signed stays here."""
    answer = client("kms").sign(KeyId=key, Message=digest, MessageType="DIGEST", SigningAlgorithm=algorithm)
    return bytes(answer["Signature"])
