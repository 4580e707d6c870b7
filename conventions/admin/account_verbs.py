"""What an administrator does to the account of someone else: each asks first, and leaves its line in the journal."""

from collections.abc import Callable
from dataclasses import dataclass

from conventions.domain.people.security import invitations, lockout, second_factor, sessions
from conventions.models import User


@dataclass(frozen=True, slots=True)
class Verb:
    """`question` says what happens; `told` says that it happened."""

    code: str
    label: str
    question: str
    told: str
    act: Callable
    is_open: Callable[[User], bool]


VERBS = [
    Verb(
        "inviter",
        "Envoyer une invitation",
        "Un lien part à son adresse. Il sert une fois, pendant trois jours, à choisir un mot de passe.",
        "L’invitation part par courriel.",
        invitations.invite,
        lambda user: user.is_staff and user.is_active and bool(user.email),
    ),
    Verb(
        "debloquer",
        "Débloquer",
        "Les mots de passe faux sont oubliés : la personne peut se connecter tout de suite.",
        "Le compte est débloqué.",
        lockout.unlock,
        lambda user: user.is_staff and lockout.is_locked(user),
    ),
    Verb(
        "reinitialiser",
        "Réinitialiser le second facteur",
        "À faire seulement si la personne a perdu son téléphone et ses codes, et après avoir vérifié que c’est bien "
        "elle. Ses connexions sont fermées. Elle est prévenue par courriel.",
        "Le second facteur est réinitialisé.",
        second_factor.reset,
        lambda user: second_factor.factor_of(user) is not None,
    ),
    Verb(
        "deconnecter",
        "Fermer ses connexions",
        "La personne devra se connecter de nouveau sur tous ses appareils.",
        "Ses connexions sont fermées.",
        sessions.close_all,
        lambda user: user.sessions.open().exists(),
    ),
]


def offered(user: User) -> list[Verb]:
    """What may be done to this account today."""
    return [verb for verb in VERBS if verb.is_open(user)]
