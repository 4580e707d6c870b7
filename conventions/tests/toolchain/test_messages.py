import gettext
import io
from pathlib import Path

import messages
import pytest

CATALOGUES = sorted(Path(messages.ROOT).glob("conventions/locale/*/LC_MESSAGES/*.po"))

SOURCE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

# a comment
msgid "%(n)s convention"
msgid_plural "%(n)s conventions"
msgstr[0] "%(n)s convention"
msgstr[1] "%(n)s "
"conventions"

msgctxt "month"
msgid "may"
msgstr "mai « été »\n"

#, fuzzy
msgid "doubtful"
msgstr "douteux"

msgid "untranslated"
msgstr ""
"""


@pytest.fixture
def catalogue():
    return gettext.GNUTranslations(io.BytesIO(messages.compiled(messages.parse(SOURCE))))


@pytest.mark.parametrize(
    ("n", "text"), [(0, "%(n)s convention"), (1, "%(n)s convention"), (2, "%(n)s conventions")]
)
def test_compiled_catalogue_counts_as_french_does(catalogue, n, text):
    assert catalogue.ngettext("%(n)s convention", "%(n)s conventions", n) == text


def test_compiled_catalogue_keeps_context_and_accents(catalogue):
    assert catalogue.pgettext("month", "may") == "mai « été »\n"


@pytest.mark.parametrize("msgid", ["doubtful", "untranslated"])
def test_compiled_catalogue_leaves_out_fuzzy_and_empty_messages(catalogue, msgid):
    assert catalogue.gettext(msgid) == msgid


def test_parse_unknown_keyword_is_refused():
    with pytest.raises(ValueError, match="mot inconnu dans le catalogue : msgfoo"):
        messages.parse('msgfoo "x"')


@pytest.mark.parametrize("source", CATALOGUES, ids=lambda path: path.parts[-3])
def test_committed_catalogue_is_compiled_from_its_source(source):
    expected = messages.compiled(messages.parse(source.read_text(encoding="utf-8")))

    assert source.with_suffix(".mo").read_bytes() == expected, "run `make messages`"
