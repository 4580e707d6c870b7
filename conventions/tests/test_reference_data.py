"""What the migration delivers, and that running it again or backwards harms nothing."""

from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from conventions.domain.documents.merge_fields import check_template
from conventions.enums import AreaLevel, Role
from conventions.models import Area, ClauseTemplate, Kind, LegalThreshold, Partner, Plan, Theme, Value
from conventions.reference import lists, places
from conventions.reference.clauses import CLAUSES

pytestmark = pytest.mark.django_db
migration = import_module("conventions.migrations.0002_reference_data")
archive = import_module("conventions.migrations.0045_archive_data")
clauses = import_module("conventions.migrations.0003_clause_templates")


def test_roles_are_the_groups_of_the_enumeration():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)
    assert tuple(Role.values) == lists.ROLES


def test_communes_are_thirty_three_with_codes():
    communes = Area.objects.communes()
    assert communes.count() == 33
    assert not communes.filter(insee_code="").exists()
    assert not communes.filter(postal_code="").exists()
    assert communes.values("insee_code").distinct().count() == 33


def test_communes_lie_in_their_provinces():
    counted = Counter(
        province.slug for commune in Area.objects.communes() for province in commune.provinces.all()
    )
    assert counted == {places.SUD: 14, places.NORD: 17, places.ILES: 3}
    poya = Area.objects.get(slug="poya")
    assert set(poya.provinces.values_list("slug", flat=True)) == {places.NORD, places.SUD}


def test_codes_that_collide_are_kept_apart():
    assert Area.objects.get(insee_code="98809").name == "Île des Pins"
    assert Area.objects.get(postal_code="98809").name == "Mont-Dore"


def test_wider_areas_are_present():
    names = Area.objects.exclude(level__in=[AreaLevel.COMMUNE, AreaLevel.PROVINCE])
    assert set(names.values_list("name", flat=True)) == {
        "Nouvelle-Calédonie entière",
        "Wallis-et-Futuna",
        "Pacifique",
    }


def test_kinds_name_their_act_and_legal_basis():
    assert dict(Kind.objects.values_list("slug", "agreement_title")) == {
        "partenariat": "Convention de partenariat",
        "mecenat": "Convention de mécénat",
        "parrainage": "Convention de parrainage",
        "subvention": "Convention d’attribution de subvention",
        "mise_a_disposition": "Convention de mise à disposition",
        "non-precisee": "Convention",
    }
    assert "Lp. 37-2" in Kind.objects.get(slug="mecenat").legal_basis


def test_plan_carries_the_four_values():
    plan = Plan.objects.get()
    assert plan.name == "Construire Demain | OPT 2025"
    assert list(plan.values.values_list("name", flat=True)) == [
        "cohésion",
        "qualité de service",
        "innovation",
        "responsabilité",
    ]


def test_thresholds_are_to_confirm():
    assert dict(LegalThreshold.objects.values_list("code", "amount")) == {
        "convention-obligatoire": 2_744_630,
        "depot-des-comptes": 18_257_757,
    }
    assert set(LegalThreshold.objects.values_list("to_confirm", flat=True)) == {True}


def test_opt_has_a_row_found_by_search_and_no_invented_identifier():
    opt = Partner.objects.opt()
    assert (str(opt), opt.gender, opt.nature) == (
        "Office des postes et télécommunications de Nouvelle-Calédonie (OPT-NC)",
        "m",
        "etablissement_public",
    )
    assert (opt.ridet, opt.rna, opt.siret, opt.address) == ("", "", "", "")
    assert list(Partner.objects.search("telecommunications opt")) == [opt]
    key = opt.search_key
    opt.save()
    assert (opt.search_key, opt.name_key, opt.acronym_key) == (
        key,
        "office des postes et telecommunications de nouvelle caledonie",
        "opt nc",
    )


def test_load_again_changes_nothing_that_was_edited():
    theme = Theme.objects.get(slug="sport")
    theme.name = "sports et loisirs"
    theme.save()
    before = Area.objects.count(), Value.objects.count(), Theme.objects.count(), Partner.objects.count()
    migration.load(apps, None)
    after = Area.objects.count(), Value.objects.count(), Theme.objects.count(), Partner.objects.count()
    assert after == before
    assert Theme.objects.get(slug="sport").name == "sports et loisirs"


def test_unload_keeps_what_is_in_use():
    noumea = Area.objects.get(slug="noumea")
    partner = Partner.objects.create(name="Association d’essai", slug="essai", commune=noumea)
    archive.unload(apps, None)
    migration.unload(apps, None)
    assert list(Area.objects.values_list("slug", flat=True)) == ["noumea"]
    assert list(Partner.objects.all()) == [partner]
    assert (Kind.objects.count(), Theme.objects.count(), Group.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("version_1_alone")
def test_clause_templates_are_in_force_once_and_correct():
    templates = ClauseTemplate.objects.prefetch_related("kinds")
    assert {
        (row.act_kind, row.code, row.variant): (row.body, row.state, row.version) for row in templates
    } == {
        (clause.act_kind, clause.code, clause.variant): (clause.body, "en_vigueur", 1) for clause in CLAUSES
    }
    assert {
        (row.act_kind, row.code, row.variant): {kind.slug for kind in row.kinds.all()} for row in templates
    } == {(clause.act_kind, clause.code, clause.variant): set(clause.kinds) for clause in CLAUSES}
    assert [row.code for row in templates if check_template(row.body)] == []


@pytest.mark.usefixtures("version_1_alone")
def test_clause_templates_loaded_again_leave_edited_ones():
    row = ClauseTemplate.objects.order_by("pk").first()
    ClauseTemplate.objects.filter(pk=row.pk).update(body="Texte du juridique.")
    clauses.load(apps, None)
    assert ClauseTemplate.objects.count() == len(CLAUSES)
    assert ClauseTemplate.objects.get(pk=row.pk).body == "Texte du juridique."
    clauses.unload(apps, None)
    assert ClauseTemplate.objects.count() == 0
