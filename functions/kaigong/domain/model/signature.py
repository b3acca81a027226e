"""Who signs a commitment letter, by which means, and what such a signature is worth.

Sources: 国办发〔2020〕42号 (a commitment is somebody's written word); 电子签名法 §13 and §14 (an electronic signature
counts as one by hand only where it is reliable, which a press of a button is not).
"""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from .text import Model
from .values import Line


class Role(StrEnum):
    """As what a person signs for an enterprise."""

    LEGAL_REPRESENTATIVE = "legal-representative"  # 法定代表人
    AUTHORISED_AGENT = "authorised-agent"  # 授权经办人


class Signer(Model):
    """The person who signs, by name, and as what."""

    name: Annotated[Line, Field(min_length=1, max_length=200)]
    role: Role | None = None


class Signing(StrEnum):
    """How the applicant accepted a commitment letter."""

    ELECTRONIC = "electronic"  # the acceptance stands in the manifest
    MANIFEST = "manifest"  # the manifest names the matter: handing it in accepts the letter of that day
    UPLOADED = "uploaded"  # a signed letter lies in the slot of letters


class SignatureLevel(StrEnum):
    """What a signature is worth. None of these is an electronic signature in the sense of the law."""

    CONFIRMED = "confirmed"  # pressed at the portal by a person whom the identity provider vouches for
    STATED = "stated"  # the manifest says who; nobody vouches for that
    PAPER = "paper"  # by hand and with a seal on paper, of which a scan was uploaded
