"""Acts of the old world by their titles, and what `verifier_archives` says of it."""

import io

from django.core.management import CommandError, call_command

from conventions.models import Act

SIGNED_ONLINE, PARTLY_SIGNED = "La maison Lalolagi – 2027", "Les ondes des tribus – 2027"
AMENDED = "Pièces de village – 2025"
SHOWCASE = "Un clic pour tous : des ateliers numériques de quartier"


def act_of(title: str) -> Act:
    return Act.objects.select_related("convention", "frozen_document").get(convention__title=title, rank=0)


def verified(**options) -> list[str]:
    """What `verifier_archives` says, line by line."""
    said = io.StringIO()
    try:
        call_command("verifier_archives", stdout=said, stderr=said, **options)
    except CommandError as fault:
        said.write(str(fault))
    return said.getvalue().splitlines()
