"""Version 2 of every template, in preparation: version 1 stays in force until a lawyer puts the new one in force."""

from django.db import migrations

from conventions.reference.clauses.second import CLAUSES, LINES

NOTE = "Version 2 livrée avec l’application, à relire par le juridique. Elle remplace la version en vigueur une fois mise en vigueur."


def load(apps, schema_editor):
    """A draft of each text that is new, unless somebody prepares another one; then of each template of acts."""
    template = apps.get_model("conventions", "ClauseTemplate")
    kinds = {kind.slug.replace("-", "_"): kind for kind in apps.get_model("conventions", "Kind").objects.all()}
    for clause in CLAUSES:
        key = {"act_kind": clause.act_kind, "code": clause.code, "variant": clause.variant}
        known = template.objects.filter(**key).order_by("-version")
        same = known.filter(body=clause.body, heading=clause.heading, condition=clause.condition)
        if same.exists() or known.filter(state="brouillon").exclude(updated_by=None).exists():
            continue
        known.filter(state="brouillon").delete()  # delivered before this one, and never touched
        last = known.first()
        row = template.objects.create(
            **key,
            version=last.version + 1 if last else 1,
            state="brouillon",
            condition=clause.condition,
            heading=clause.heading,
            body=clause.body,
            position=clause.position,
            note=f"{clause.label}\n{NOTE}".strip(),
        )
        row.kinds.set([kinds[slug] for slug in clause.kinds if slug in kinds])
    for act_kind, places in LINES.items():
        load_agreement(apps, act_kind, places)


def load_agreement(apps, act_kind, places):
    agreements = apps.get_model("conventions", "AgreementTemplate").objects
    lines = apps.get_model("conventions", "AgreementLine").objects
    old = agreements.filter(act_kind=act_kind, state="en_vigueur", kinds=None).first()
    if old is None:
        return
    family = agreements.filter(act_kind=act_kind, code=old.code)
    drafts = family.filter(state="brouillon")
    if drafts.exclude(updated_by=None).exists():
        return
    lines.filter(template__in=drafts).delete()
    drafts.delete()
    last = family.order_by("-version").first().version
    new = agreements.create(
        act_kind=act_kind, code=old.code, name=old.name, version=last + 1, state="brouillon", note=NOTE
    )
    for code, (position, condition, mandatory) in places.items():
        lines.create(template=new, code=code, position=position, condition=condition, mandatory=mandatory)


def unload(apps, schema_editor):
    """What waits goes, unless somebody has taken it further or an act uses it."""
    for name in ("AgreementTemplate", "ClauseTemplate"):
        rows = apps.get_model("conventions", name).objects.filter(
            state="brouillon", note__endswith=NOTE, updated_by=None
        )
        if name == "AgreementTemplate":
            apps.get_model("conventions", "AgreementLine").objects.filter(
                template_id__in=list(rows.values_list("pk", flat=True))
            ).delete()
        rows.delete()


class Migration(migrations.Migration):
    dependencies = [("conventions", "0036_annexes")]
    operations = [migrations.RunPython(load, unload)]
