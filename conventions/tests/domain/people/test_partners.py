"""A partner already recorded is recognised; two files of the same one become one."""

import pytest

from conventions.domain.journal import broken_links
from conventions.domain.people import partners
from conventions.enums import Role
from conventions.models import BankAccount, JournalEntry, Partner, Party
from conventions.tests.factories import (
    AttachmentFactory,
    BankAccountFactory,
    ConventionFactory,
    PartnerFactory,
    PartyFactory,
    ProjectFactory,
    PublicSheetFactory,
    PublicSheetPartnerFactory,
    RepresentativeFactory,
    UserFactory,
    opt_partner,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(role=Role.OFFICER)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"name": "LES KIMONOS DU COEUR"}, "même nom"),
        ({"name": "Les Kimonos-du-cœur"}, "même nom"),
        ({"name": "Autre chose", "acronym": "l.k.d.c."}, "sigle et nom qui se correspondent"),
        ({"name": "Autre chose", "acronym": "LKDC"}, "même sigle"),
        ({"name": "Autre chose", "ridet": "733089"}, "même RID (les 7 premiers chiffres du RIDET)"),
        ({"name": "Autre chose", "ridet": "0733089.002"}, "même RID (les 7 premiers chiffres du RIDET)"),
    ],
)
def test_lookalike_is_found_whatever_the_writing(typed, reason):
    known = PartnerFactory(name="Les Kimonos du Cœur", acronym="LKDC", ridet="0733089.001")
    found = partners.lookalikes(typed["name"], acronym=typed.get("acronym", ""), ridet=typed.get("ridet", ""))
    assert [(row.partner, row.reason) for row in found] == [(known, reason)]


def test_full_name_is_recognised_from_an_acronym_and_back():
    full = PartnerFactory(name="Banque alimentaire de Nouvelle-Calédonie")
    assert [row.partner for row in partners.lookalikes("Banc", acronym="BANC")] == [full]
    short = PartnerFactory(name="Sigle seul", acronym="C.T.O.S.")
    found = partners.lookalikes("Comité territorial olympique et sportif")
    assert [row.partner for row in found] == [short]


def test_strangers_and_itself_are_not_lookalikes():
    known = PartnerFactory(name="Les Kimonos du Cœur", acronym="LKDC")
    assert partners.lookalikes("Les Amis de la mer", acronym="AM") == []
    assert partners.lookalikes(known.name, acronym=known.acronym, excluding=known) == []


def test_merged_file_is_not_proposed_again(officer):
    kept, gone = PartnerFactory(name="Association Niaouli"), PartnerFactory(name="Association Niaouli")
    partners.merge(gone, kept, by=officer)
    assert [row.partner for row in partners.lookalikes("association niaouli")] == [kept]


def test_merge_moves_everything_and_completes_blanks(officer):
    kept = PartnerFactory(ridet="", phone="", acronym="")
    gone = PartnerFactory(ridet="1234567.001", phone="82.77.67", acronym="ABC", email="autre@exemple.invalid")
    convention = ConventionFactory()
    party = convention.parties.get(role="beneficiaire")
    Party.objects.filter(pk=party.pk).update(partner=gone)
    person, project = RepresentativeFactory(partner=gone), ProjectFactory(holder=gone)
    cofunded = ProjectFactory()
    cofunded.cofunders.add(gone)
    convention.final_beneficiaries.add(gone)
    account, file = BankAccountFactory(partner=gone), AttachmentFactory(convention=None, partner=gone)
    email = kept.email

    partners.merge(gone, kept, by=officer)

    for row in (party, person, account, file):
        row.refresh_from_db()
        assert row.partner == kept
    project.refresh_from_db()
    assert project.holder == kept
    assert list(cofunded.cofunders.all()) == [kept]
    assert list(convention.final_beneficiaries.all()) == [kept]
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.merged_into, kept.ridet, kept.phone, kept.acronym, kept.email) == (
        kept, "1234567.001", "82.77.67", "ABC", email,
    )  # fmt: skip
    convention.refresh_from_db()
    assert "abc" in convention.search_key
    assert JournalEntry.objects.filter(event="partenaire_fusionne").count() == 2
    assert broken_links(f"partner:{kept.pk}") == []


def test_merge_keeps_one_row_of_an_account_both_had(officer):
    kept, gone = PartnerFactory(), PartnerFactory()
    mine = BankAccountFactory(partner=kept)
    theirs = BankAccountFactory(partner=gone, iban_fingerprint=mine.iban_fingerprint)
    partners.merge(gone, kept, by=officer)
    assert list(BankAccount.objects.filter(partner=kept)) == [mine]
    theirs.refresh_from_db()
    assert (theirs.partner, theirs.active) == (gone, False)


def test_merge_sends_public_pages_to_the_kept_one(officer):
    kept, gone = PartnerFactory(), PartnerFactory()
    mention = PublicSheetPartnerFactory(sheet=PublicSheetFactory(), partner=gone)
    partners.merge(gone, kept, by=officer)
    mention.refresh_from_db()
    assert (mention.partner, mention.slug, mention.name) == (kept, kept.slug, gone.name)


def test_merge_is_refused_where_both_sign_the_same_convention(officer):
    convention = ConventionFactory()
    one = convention.parties.get(role="beneficiaire").partner
    other = PartyFactory(convention=convention).partner
    with pytest.raises(partners.MergeRefused, match=f"parties à « {convention.title[:10]}"):
        partners.merge(one, other, by=officer)
    one.refresh_from_db()
    assert one.merged_into is None


def test_merge_refuses_itself_opt_and_merged_files(officer):
    partner, other = PartnerFactory(), PartnerFactory()
    assert partners.merge_obstacles(partner, partner) == [
        "Un partenaire ne fusionne pas avec lui-même. Choisissez-en un autre."
    ]
    assert partners.merge_obstacles(partner, opt_partner()) == ["La fiche de l’OPT-NC ne se fusionne pas."]
    partners.merge(other, partner, by=officer)
    third = PartnerFactory()
    other.refresh_from_db()
    assert len(partners.merge_obstacles(other, third)) == 1
    assert len(partners.merge_obstacles(third, other)) == 1


def test_address_is_free_and_readable():
    PartnerFactory(slug="les-kimonos-du-coeur")
    assert partners.free_address(Partner, "Les Kimonos du Cœur") == "les-kimonos-du-coeur-2"
    assert partners.free_address(Partner, "« ! »") == "partner"
