"""No document of any kind holds a string that no French text holds."""

import pytest

from conventions.tests.pdf import golden
from conventions.tests.pdf.reading import faults_of, text_of

pytestmark = pytest.mark.pdf
KINDS = golden.documents()


@pytest.mark.parametrize("kind", KINDS)
def test_no_document_holds_a_forbidden_string(kind):
    made = KINDS[kind]()
    assert faults_of(text_of(getattr(made, "content", made))) == []
