"""The templates of acts the site starts with: every article in its order, as they were proposed until now."""

from django.db import migrations
from django.db.models import F, Min

CLOSING = "cloture"
NAMES = {"initial": ("convention", "Convention"), "avenant": ("avenant", "Avenant"), "resiliation": ("resiliation", "Résiliation")}
BEFORE_FREEZING = ("brouillon", "en_relecture", "a_corriger", "valide")


def load(apps, schema_editor):
    """Version 1 of each kind of act, in force; acts still in preparation are said to come from it."""
    date_texts(apps)
    for act_kind, (code, name) in NAMES.items():
        template = load_one(apps, act_kind, code, name)
        apps.get_model("conventions", "Act").objects.filter(
            kind=act_kind, state__in=BEFORE_FREEZING, origin="nouveau", agreement_template=None
        ).update(agreement_template=template)


def date_texts(apps):
    """Since when a text is in force, or was retired: the last time it was written."""
    texts = apps.get_model("conventions", "ClauseTemplate").objects
    texts.filter(state="en_vigueur").update(in_force_since=F("updated_at"))
    texts.filter(state="retire").update(retired_at=F("updated_at"))


def load_one(apps, act_kind, code, name):
    template, _created = apps.get_model("conventions", "AgreementTemplate").objects.get_or_create(
        act_kind=act_kind, code=code, version=1, defaults={"name": name, "state": "en_vigueur"}
    )
    texts = apps.get_model("conventions", "ClauseTemplate").objects.filter(act_kind=act_kind, state="en_vigueur")
    lines = apps.get_model("conventions", "AgreementLine").objects
    for row in texts.order_by().values("code").annotate(place=Min("position")):
        lines.get_or_create(
            template=template,
            code=row["code"],
            defaults={"position": row["place"], "mandatory": row["code"] == CLOSING},
        )
    template.in_force_since = template.updated_at
    template.save(update_fields=["in_force_since"])
    return template


def unload(apps, schema_editor):
    """Nothing to undo: the tables go with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("conventions", "0009_agreement_templates")]
    operations = [migrations.RunPython(load, unload)]
