"""What the seal needs from elsewhere: its key in KMS, its certificate, and time stamps of an authority (RFC 3161).

Each raises what a queue tries again: a document that cannot be sealed now is sealed later, and nothing is lost.
"""

import urllib3
from urllib3.exceptions import HTTPError

from kaigong.errors import NotSealed
from kaigong.settings import settings

from .clients import client
from .signing import signature

LIMIT = 64 * 1024  # bytes of an answer; a time stamp with its certificates has 5 KB
_ALGORITHMS = {"ECC_NIST_P256": "ECDSA_SHA_256", "RSA_3072": "RSASSA_PKCS1_V1_5_SHA_256"}


def sign(digest: bytes) -> bytes:
    """The signature of a SHA-256 digest by the seal's key."""
    known = settings()
    return signature(known.seal_key_id, digest, _ALGORITHMS[known.seal_key_spec])


def certificates() -> bytes:
    """The certificate of the seal's key and those above it, PEM. Read for each message: it may have been renewed."""
    try:
        found = client("ssm").get_parameter(Name=settings().seal_certificate)
    except client("ssm").exceptions.ParameterNotFound:
        raise NotSealed("尚未登记电子印章证书。", "There is no certificate of the seal yet.") from None
    return str(found["Parameter"]["Value"]).encode()


def stamp(request: bytes) -> bytes:
    """The authority's answer to a request for a time stamp, both DER. Raises NotSealed."""
    address = settings().timestamp_url
    if not address:
        raise NotSealed("尚未设置时间戳服务地址。", "No authority for time stamps is set.")
    # A connection is used once: between two events a function is frozen, and what it kept open dies unseen.
    with urllib3.PoolManager(num_pools=1, cert_reqs="CERT_REQUIRED") as http:
        try:
            response = http.request(
                "POST",
                address,
                body=request,
                headers={"Content-Type": "application/timestamp-query", "Connection": "close"},
                retries=False,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(connect=3, read=settings().timestamp_seconds),
            )
            content, status = response.read(LIMIT + 1), response.status
        except HTTPError as error:
            raise NotSealed("时间戳服务没有应答。", "The authority for time stamps does not answer.") from error
    if status != 200 or len(content) > LIMIT:
        raise NotSealed("时间戳服务应答有误。", f"The authority for time stamps answered {status}.")
    return bytes(content)
