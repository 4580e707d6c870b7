"""The shipped texts of this version. A text in force is never overwritten: the lawyers find the new one in preparation.

What did not exist comes into force at once: it takes nobody's place.
"""

from django.db import migrations
from django.utils import timezone

from conventions.reference.clauses import CLAUSES

NOTE = "Texte livré avec l’application le 30 novembre 2026, à relire par le juridique. Il remplace la version en vigueur s’il est mis en vigueur."


def load(apps, schema_editor):
    """New articles and variants in force; a changed text, and the acts' templates that miss an article, as drafts."""
    template = apps.get_model("conventions", "ClauseTemplate")
    before = set(template.objects.values_list("act_kind", "code"))
    kinds = {
        kind.slug.replace("-", "_"): kind for kind in apps.get_model("conventions", "Kind").objects.all()
    }
    for clause in CLAUSES:
        key = {"act_kind": clause.act_kind, "code": clause.code, "variant": clause.variant}
        known = template.objects.filter(**key).order_by("-version")
        if not known.exists():
            add(
                template,
                kinds,
                clause,
                key,
                version=1,
                state="en_vigueur",
                in_force_since=timezone.now(),
                note=clause.label,
            )
            continue
        if (
            known.filter(body=clause.body, heading=clause.heading).exists()
            or known.filter(state="brouillon").exists()
        ):
            continue
        if known.filter(state="en_vigueur").exists():
            add(template, kinds, clause, key, version=known[0].version + 1, state="brouillon", note=NOTE)
    complete_agreements(apps, before)


def add(template, kinds, clause, key, **values):
    row = template.objects.create(
        **key,
        condition=clause.condition,
        heading=clause.heading,
        body=clause.body,
        position=clause.position,
        **values,
    )
    row.kinds.set([kinds[slug] for slug in clause.kinds if slug in kinds])


def complete_agreements(apps, before):
    """A version in preparation of each template in force for all kinds, with the articles that are new."""
    agreements = apps.get_model("conventions", "AgreementTemplate").objects
    lines = apps.get_model("conventions", "AgreementLine").objects
    for old in agreements.filter(state="en_vigueur", kinds=None):
        places = {}
        for clause in CLAUSES:
            if clause.act_kind == old.act_kind and (clause.act_kind, clause.code) not in before:
                places[clause.code] = min(places.get(clause.code, clause.position), clause.position)
        held = {line.code: line for line in lines.filter(template=old)}
        missing = [code for code in places if code not in held]
        same = agreements.filter(act_kind=old.act_kind, code=old.code)
        if not missing or same.filter(state="brouillon").exists():
            continue
        last = same.order_by("-version").first().version
        new = agreements.create(
            act_kind=old.act_kind,
            code=old.code,
            name=old.name,
            version=last + 1,
            state="brouillon",
            note=NOTE,
        )
        for line in held.values():
            lines.create(
                template=new,
                code=line.code,
                position=line.position,
                mandatory=line.mandatory,
                condition=line.condition,
            )
        for code in missing:
            lines.create(template=new, code=code, position=places[code])


def unload(apps, schema_editor):
    """What was put in preparation goes, unless somebody has taken it further."""
    for name in ("AgreementTemplate", "ClauseTemplate"):
        rows = apps.get_model("conventions", name).objects.filter(
            state="brouillon", note=NOTE, updated_by=None
        )
        if name == "AgreementTemplate":
            apps.get_model("conventions", "AgreementLine").objects.filter(
                template_id__in=list(rows.values_list("pk", flat=True))
            ).delete()
        rows.delete()


class Migration(migrations.Migration):
    dependencies = [("conventions", "0032_received_acting")]
    operations = [migrations.RunPython(load, unload)]
