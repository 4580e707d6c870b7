"""Users: staff (password) and representatives of partners (e-mailed code, no password)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from conventions.enums import Civility
from conventions.models.codes import OneTimeCode


class PeopleManager(UserManager["User"]):
    """The user name is the identity: an address such as contact@… may serve two people."""

    def officers(self) -> models.QuerySet["User"]:
        """Active members of staff a convention can be handed to."""
        return self.filter(is_active=True, is_staff=True).order_by("last_name", "first_name")

    def reachable_at(self, email: str) -> models.QuerySet["User"]:
        """Active accounts that receive sign-in codes at this address; several people may share one."""
        return self.filter(is_active=True, is_staff=False, email__iexact=email.strip()).order_by("pk")


class User(AbstractUser):
    civility = models.CharField(_("civilité"), max_length=4, choices=Civility, blank=True, default="")
    job_title = models.CharField(_("fonction"), max_length=160, blank=True)
    phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    is_demo = models.BooleanField(_("compte fictif"), default=False, editable=False)
    factor_asked_at = models.DateTimeField(
        _("second facteur demandé depuis le"), null=True, blank=True, editable=False
    )

    objects: ClassVar = PeopleManager()

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        ordering = ["last_name", "first_name", "username"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the user's groups, loaded once per request, or with others by `prefetch_related("groups")`."""
        return frozenset(group.name for group in self.groups.all())

    @cached_property
    def signs_for_opt(self) -> bool:
        """Speaks for OPT-NC today, by a mandate; read once per request."""
        return self.mandates.in_office().filter(partner__is_opt=True).exists()


class LoginCode(OneTimeCode):
    """A sign-in request by an address; the digits are minted as the mail leaves and kept only as a hash."""

    email = models.EmailField(_("courriel"))
    browser_key = models.CharField(
        _("navigateur"),
        max_length=64,
        help_text=_("Empreinte du navigateur qui a demandé le code : lui seul peut l’utiliser."),
    )
    device_key = models.CharField(
        _("appareil connu"),
        max_length=64,
        blank=True,
        help_text=_("Empreinte d’un appareil déjà entré avec cette adresse ; vide : appareil inconnu."),
    )
    code_hash = models.CharField(_("empreinte du code"), max_length=128, blank=True)

    class Meta:
        verbose_name = _("code de connexion")
        verbose_name_plural = _("codes de connexion")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["email", "created_at"], name="login_code_by_address")]

    def __str__(self) -> str:
        return f"{self.email} ({self.created_at:%d/%m/%Y})"
