"""Demonstration accounts: staff with the common password, presidents through the door everyone uses."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from conventions.demonstration.plan import accounts
from conventions.domain.people.security import second_factor
from conventions.enums import Role
from conventions.models import Representative, User

OFFICERS = ("gestionnaire", "gestionnaire2")


def load_staff() -> None:
    """One account per role, and the superuser; an account that exists is left as it is."""
    password = make_password(accounts.PASSWORD)  # once: it is the same for all, and slow to make
    for row in accounts.STAFF:
        if User.objects.filter(username=row.username).exists():
            continue
        user = User(
            username=row.username,
            civility=row.civility,
            first_name=row.first_name,
            last_name=row.last_name,
            job_title=row.job_title,
            email=row.email,
            is_staff=True,
            is_superuser=row.role is None,
            is_demo=True,
            password=password,
        )
        user.save()
        if row.role is not None:
            user.groups.set(Group.objects.filter(name=row.role))


def give_second_factors() -> None:
    """Signatories of OPT-NC have theirs from the start: /demo/ shows the code of the moment."""
    for user in User.objects.filter(username__in=accounts.SIGNATORIES, is_demo=True, second_factor=None):
        factor = second_factor.prepare(user)
        second_factor.confirm(user, second_factor.demonstration_code(factor))


class Team:
    """Who does what in the demonstration, each user read once."""

    def __init__(self) -> None:
        users = {user.username: user for user in User.objects.filter(is_demo=True, is_staff=True)}
        self.officers = [users[name] for name in OFFICERS]
        self.lawyer = users[Role.LAWYER.value]
        self.director = users[Role.DIRECTOR.value]
        self.accountant = users[Role.ACCOUNTANT.value]
        self.logistics = users[Role.LOGISTICS.value]
        self.communication = users[Role.COMMUNICATION.value]
        self.administrator = users["administration"]


class DemonstrationClosed(Exception):
    """Demonstration data are asked of a site that is not a demonstration."""


def require_demo() -> None:
    """Raise DemonstrationClosed, in French, unless settings.DEMO."""
    if not settings.DEMO:
        raise DemonstrationClosed(
            "Ceci n’est pas une démonstration (DEMO=1). Rien n’a été lu ni changé : ces comptes n’existent "
            "que dans une démonstration."
        )


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account as it is shown: its role, what is typed to sign in, whether a code of the moment is asked."""

    role: str
    sign_in: str
    needs_code: bool
    is_staff: bool


def account_lines() -> list[AccountLine]:
    """The staff, then one president; `/demo/` has them all. Raises DemonstrationClosed unless settings.DEMO."""
    require_demo()
    known = set(User.objects.filter(is_demo=True, is_staff=True).values_list("username", flat=True))
    staff = [
        AccountLine(
            role=str(row.role.label) if row.role else "administration (tous les droits)",
            sign_in=row.username,
            needs_code=row.username in accounts.SIGNATORIES,
            is_staff=True,
        )
        for row in accounts.STAFF
        if row.username in known
    ]
    mandates = Representative.objects.in_office().filter(
        user__is_demo=True, partner__slug=accounts.SHOWN_SPACE
    )
    presidents = [
        AccountLine(role=row.title.partition(" de ")[0], sign_in=row.email, needs_code=False, is_staff=False)
        for row in mandates.order_by("position")[:1]
    ]
    return staff + presidents
