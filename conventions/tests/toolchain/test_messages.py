import gettext
import io

import messages
import pytest

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


def test_plurals_of_python_code_are_found():
    source = 'ngettext("%d an", "%d ans", n); npgettext_lazy("âge", "un", "des"); gettext("seul"); ngettext(a, b, n)'
    assert list(messages.plurals_in_python(source)) == ["%d an\0%d ans", "âge\4un\0des"]


def test_plurals_of_templates_are_found():
    source = (
        "{% load i18n %}{% blocktranslate count n=n %}{{ n }} l’acte{% plural %}{{ n }} actes{% endblocktranslate %}"
        '{% blocktranslate count n=n context "c" %}un "a"{% plural %}des{% endblocktranslate %}{% translate "x" %}'
    )
    assert list(messages.plurals_in_template(source)) == ["%(n)s l’acte\0%(n)s actes", 'c\4un "a"\0des']


@pytest.mark.parametrize("key", ["%d an\0%d ans", 'c\4un "a"\nb\0des\\'])
def test_entry_read_back_translates_to_itself(key):
    assert messages.parse(messages.entry_of(key)) == {key: key.rpartition("\4")[2]}


def test_committed_catalogue_has_every_plural():
    assert messages.missing_plurals(messages.CATALOGUE.read_text(encoding="utf-8")) == [], (
        "run `make messages`"
    )


def test_committed_catalogue_is_compiled_from_its_source():
    expected = messages.compiled(messages.parse(messages.CATALOGUE.read_text(encoding="utf-8")))

    assert messages.CATALOGUE.with_suffix(".mo").read_bytes() == expected, "run `make messages`"
