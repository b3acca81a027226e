"""The bench's line on documents: what is measured is told, and its money is its parts'."""

import pytest

from tests.bench import documents
from tests.bench.prices import price


@pytest.mark.long
def test_a_document_is_measured_in_a_process_of_its_own() -> None:
    found = documents.measured()
    assert 0 < found.warm < found.cold
    assert 60 < found.memory < 1024, "it fits into the function"
    assert found.usd == pytest.approx(
        found.warm * price("lambda-gb-second") + price("kms-sign") + price("s3-write") + price("dynamodb-write-unit")
    )
    assert f"{found.memory} MB" in documents.lines(found)[0]
