"""Bilingual text: everything people read carries Chinese first and English second."""

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Base of every value in the domain: immutable, and strict about what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)  # input may be personal


class Text(Model):
    """One message in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
