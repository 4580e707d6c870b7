"""Letters about the store of files, to administrators."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from conventions.domain.mails.act_letters import NOTE
from conventions.domain.mails.letter import Letter, Undeliverable
from conventions.models import User


def fichier_abime(params: dict[str, Any]) -> list[Letter]:
    """The name of the file, which is its hash: neither its title nor whose it is."""
    people = User.objects.filter(is_superuser=True, is_active=True).exclude(email="").order_by("pk")
    if not people:
        raise Undeliverable("Aucun administrateur n’a d’adresse de courriel. Ajoutez-la à sa fiche.")
    return [_to(user, str(params["fichier"])) for user in people]


def _to(user: User, name: str) -> Letter:
    context = {
        "reader": user,
        "heading": "Un fichier enregistré est abîmé",
        "summary": "Il manque, ou n’est plus celui qui a été enregistré.",
        "paragraphs": [
            f"Dans le dossier privé du site, le fichier « {name} » manque, ou n’est plus celui qui a été enregistré.",
            "Le site ne le donne plus : qui le demande lit une page qui le dit. Rien d’autre n’est touché.",
            "Remettez ce fichier depuis une sauvegarde, puis lancez « manage.py verifier_archives » : la commande "
            "relit tous les fichiers. Ce message ne part qu’une fois pour ce fichier.",
        ],
        "button": "Ouvrir l’administration",
        "link": settings.SITE_URL + reverse("admin:index"),
        "why": "vous administrez l’application",
    }
    return Letter(
        key=f"utilisateur:{user.pk}",
        to=user.email,
        subject="Un fichier enregistré est abîmé",
        template=NOTE,
        context=context,
        user=user.pk,
        is_staff=True,
    )
