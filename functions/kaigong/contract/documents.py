"""What the API says of the documents that were issued, beside the list of them."""

from datetime import datetime

from pydantic import Field

from kaigong.domain.model.text import Model


class DocumentAddress(Model):
    """Where a document lies, for a while. It opens for whoever has it: pass it to nobody."""

    document: str
    address: str = Field(repr=False)
    sha256: str | None = Field(default=None, description="Of the file; left out for the archive.")
    until: datetime
