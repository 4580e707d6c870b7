"""The lists the site starts with. Afterwards they are edited in the admin: a row that exists is never overwritten."""

from django.db import migrations, transaction
from django.db.models import ProtectedError

from conventions.formats import search_key
from conventions.reference import lists, places


def load(apps, schema_editor):
    """Each row is made once, found again by its slug."""
    for role in lists.ROLES:
        apps.get_model("auth", "Group").objects.get_or_create(name=role)
    _load_places(apps.get_model("conventions", "Area"))
    kinds = apps.get_model("conventions", "Kind").objects
    for position, (slug, name, title, basis) in enumerate(lists.KINDS, start=1):
        columns = {"name": name, "agreement_title": title, "legal_basis": basis, "position": position}
        kinds.get_or_create(slug=slug, defaults=columns)
    _load_values_and_plans(apps)
    themes = apps.get_model("conventions", "Theme").objects
    for position, (slug, name) in enumerate(lists.THEMES, start=1):
        themes.get_or_create(slug=slug, defaults={"name": name, "position": position})
    thresholds = apps.get_model("conventions", "LegalThreshold").objects
    for code, label, amount, since, source in lists.THRESHOLDS:
        columns = {"label": label, "amount": amount, "source": source, "to_confirm": True}
        thresholds.get_or_create(code=code, effective_from=since, defaults=columns)
    _load_opt(apps.get_model("conventions", "Partner"))


def _load_places(area):
    for position, place in enumerate(places.PLACES, start=1):
        row, made = area.objects.get_or_create(
            slug=place.slug,
            defaults={
                "name": place.name,
                "level": place.level,
                "insee_code": place.insee_code,
                "postal_code": place.postal_code,
                "position": position,
            },
        )
        if made:
            row.provinces.set(area.objects.filter(slug__in=place.provinces))


def _load_values_and_plans(apps):
    value = apps.get_model("conventions", "Value")
    for position, (slug, name) in enumerate(lists.VALUES, start=1):
        value.objects.get_or_create(slug=slug, defaults={"name": name, "position": position})
    for position, (slug, name, values) in enumerate(lists.PLANS, start=1):
        columns = {"name": name, "position": position}
        plan, made = apps.get_model("conventions", "Plan").objects.get_or_create(slug=slug, defaults=columns)
        if made:
            plan.values.set(value.objects.filter(slug__in=values))


def _load_opt(partner):
    """Historical models have no save() of ours: the keys are computed here."""
    name, acronym = lists.OPT["name"], lists.OPT["acronym"]
    partner.objects.get_or_create(
        is_opt=True,
        defaults={
            **lists.OPT,
            "name_key": search_key(name),
            "acronym_key": search_key(acronym),
            "search_key": search_key(f"{name} {acronym}"),
        },
    )


def unload(apps, schema_editor):
    """Delete what `load` made, except what is in use."""
    for group in apps.get_model("auth", "Group").objects.filter(name__in=lists.ROLES, user__isnull=True):
        group.delete()
    slugs = {
        "Area": [place.slug for place in reversed(places.PLACES)],
        "Kind": [row[0] for row in lists.KINDS],
        "Plan": [row[0] for row in lists.PLANS],
        "Value": [row[0] for row in lists.VALUES],
        "Theme": [row[0] for row in lists.THEMES],
    }
    for name, made in slugs.items():
        for row in apps.get_model("conventions", name).objects.filter(slug__in=made):
            _delete_unused(row)
    codes = [row[0] for row in lists.THRESHOLDS]
    apps.get_model("conventions", "LegalThreshold").objects.filter(code__in=codes).delete()
    for row in apps.get_model("conventions", "Partner").objects.filter(is_opt=True):
        _delete_unused(row)


def _delete_unused(row):
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("conventions", "0001_initial"),
    ]
    operations = [migrations.RunPython(load, unload)]
