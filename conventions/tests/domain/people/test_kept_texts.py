"""What is typed and not saved: kept for its author alone, encrypted, bounded, for thirty days."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from conventions.domain.people import kept_texts, key_rotation
from conventions.formats import rib_to_iban, show_iban
from conventions.models import JournalEntry, KeptText
from conventions.tests.factories import UserFactory
from conventions.tests.harness import query_budget

pytestmark = pytest.mark.django_db
FORM = "/admin/conventions/partner/12/change/"


@pytest.fixture
def author():
    return UserFactory(role="gestionnaire")


def kept(author, text="Un texte (fictif)", form=FORM, **more):
    desk = kept_texts.open_desk(author, form=form, page=form)
    assert kept_texts.keep(desk, [("notes", [text]), *more.items()])
    return desk


def only_row() -> KeptText:
    return KeptText.objects.get()


def test_kept_text_comes_back_and_is_encrypted(author):
    kept(author, "Entre nous (fictif)")
    assert kept_texts.content(only_row()) == [("notes", ["Entre nous (fictif)"])]
    assert "Entre nous" not in only_row().typed_encrypted
    assert JournalEntry.objects.count() == 0


def test_one_page_keeps_one_row_and_two_pages_two(author):
    desk = kept(author, "un")
    assert kept_texts.keep(desk, [("notes", ["deux"])])
    other = kept(author, "trois")
    assert desk.tab != other.tab
    found = [kept_texts.content(row)[0][1][0] for row in KeptText.objects.all()]
    assert found == ["trois", "deux"]


def test_nobody_else_finds_it_nor_its_author_in_another_form(author):
    kept(author)
    key = str(only_row().pk)
    assert kept_texts.find(author, form=FORM, key=key) == only_row()
    assert kept_texts.find(UserFactory(superuser=True), form=FORM, key=key) is None
    assert kept_texts.find(author, form="/admin/conventions/partner/13/change/", key=key) is None
    assert kept_texts.drop(UserFactory(superuser=True), form=FORM, key=key) is False
    for absurd in ("", "x", "²", "9" * 30):
        assert kept_texts.find(author, form=FORM, key=absurd) is None


def test_seal_is_of_one_form_and_of_its_own_author(author):
    desk = kept_texts.open_desk(author, form=FORM, page=FORM)
    assert kept_texts.desk_of(desk.token, address=f"{FORM}?_changelist_filters=q") == desk
    assert kept_texts.desk_of(desk.token, address="/admin/conventions/partner/13/change/") is None
    for wrong in ("", "x", desk.token[:-1], "é" * 40):
        assert kept_texts.desk_of(wrong, address=FORM) is None


def test_an_act_and_an_article_make_another_form():
    assert kept_texts.form_of("/a/?acte=1&x=2") == "/a/?acte=1"
    assert kept_texts.form_of("/a/?x=2") == "/a/"


def test_passwords_codes_accounts_buttons_and_tokens_are_never_kept(author, rib):
    iban = show_iban(rib_to_iban(rib))
    plain = f"{rib.bank} {rib.branch} {rib.account} {rib.key}"
    data = QueryDict(mutable=True)
    data.update(
        {
            "csrfmiddlewaretoken": "jeton",
            "_onglet": "sceau",
            "_puis": "/admin/",
            "clore": "1",
            "password": "p",
            "new_password1": "p",
            "iban": iban,
            "notes": f"Le compte est {iban}, ou {plain}. Réf. 12345 67890 12345678901 23.",
            "body": "Bonjour",
        }
    )
    found = dict(kept_texts.typed(data))
    assert set(found) == {"notes", "body"}
    assert found["notes"] == [
        f"Le compte est {kept_texts.NO_ACCOUNT}, ou {kept_texts.NO_ACCOUNT}. Réf. 12345 67890 12345678901 23."
    ]


@pytest.fixture
def rib():
    from conventions.formats import Rib, rib_key

    parts = ("14158", "01022", "00012345678")
    return Rib(*parts, rib_key(*parts))


def test_too_long_a_text_is_refused_whole_and_what_was_kept_stays(author):
    desk = kept(author, "court")
    assert kept_texts.keep(desk, [("notes", ["x" * (kept_texts.MOST_CHARACTERS + 1)])]) is False
    assert kept_texts.content(only_row()) == [("notes", ["court"])]


def test_one_person_keeps_at_most_so_many(author):
    for number in range(kept_texts.MOST_ROWS + 3):
        kept(author, form=f"/admin/conventions/partner/{number}/change/")
    other = UserFactory(role="juriste")
    kept(other)
    assert KeptText.objects.filter(user=author).count() == kept_texts.MOST_ROWS
    assert not KeptText.objects.filter(user=author, form="/admin/conventions/partner/0/change/").exists()
    assert KeptText.objects.filter(user=other).count() == 1


def test_saved_form_forgets_its_page_and_what_it_took_up_but_not_what_was_written_since(author):
    first = kept(author, "premier onglet")
    row = only_row()
    taken = kept_texts.open_desk(author, form=FORM, page=FORM).of(row)
    assert kept_texts.keep(taken, [("notes", ["repris"])])
    kept_texts.forget(taken)
    assert KeptText.objects.count() == 0
    kept_texts.keep(first, [("notes", ["avant"])])
    taken = kept_texts.open_desk(author, form=FORM, page=FORM).of(only_row())
    KeptText.objects.update(kept_at=timezone.now() + datetime.timedelta(seconds=1))
    kept_texts.forget(taken)
    assert kept_texts.content(only_row()) == [("notes", ["avant"])]


def test_thirty_days_later_it_is_offered_no_more_then_erased(author):
    kept(author)
    KeptText.objects.update(kept_at=timezone.now() - kept_texts.FOR)
    kept(author, form="/autre/")
    assert [row.form for row in kept_texts.waiting(author)] == ["/autre/"]
    assert kept_texts.find(author, form=FORM, key=str(KeptText.objects.get(form=FORM).pk)) is None
    assert kept_texts.waits(author, form=FORM) is False
    assert (kept_texts.purge(), KeptText.objects.get().form) == (1, "/autre/")


def test_text_of_a_closed_account_is_not_kept(author):
    desk = kept_texts.open_desk(author, form=FORM, page=FORM)
    author.is_active = False
    author.save()
    assert kept_texts.keep_for_later(desk, [("notes", ["x"])]) is None
    assert KeptText.objects.count() == 0


def test_text_that_no_key_opens_is_empty_and_renewed_keys_open_it(author, settings):
    from cryptography.fernet import Fernet

    kept(author)
    old = list(settings.FIELD_ENCRYPTION_KEYS)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    assert sum(batch.renewed for batch in key_rotation.rotate_keys()) == 1
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert kept_texts.content(only_row()) == [("notes", ["Un texte (fictif)"])]
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert kept_texts.content(only_row()) == []


def test_words_to_copy_leave_out_choices_and_numbers_of_rows():
    found = [
        ("title", ["Kimonos"]),
        ("kind", ["12"]),
        ("status", ["connu"]),
        ("box", ["on"]),
        ("notes", ["deux mots", "  "]),
        ("again", ["deux mots"]),
    ]
    assert kept_texts.words(found) == ["Kimonos", "deux mots"]


def test_keeping_again_is_one_query(author):
    desk = kept(author)
    with query_budget(1):
        kept_texts.keep(desk, [("notes", ["encore"])])
