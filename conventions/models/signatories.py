"""Who signs an act, and who was present."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import Civility
from conventions.models.acts import Act

NOBODY_MESSAGE = _("Donnez un nom, ou au moins un titre : « préfet », « le président ».")


def somebody(name: str) -> models.CheckConstraint:
    """Who signed or was present is known by a name or, failing that, by a title."""
    return models.CheckConstraint(
        condition=~Q(first_name="", last_name="", title=""),
        name=f"{name}_is_somebody",
        violation_error_message=NOBODY_MESSAGE,
    )


class Signatory(models.Model):
    """Who signs an act, for which party, under which title. The title belongs to the signature, not the person."""

    act = models.ForeignKey(Act, verbose_name=_("acte"), on_delete=models.PROTECT, related_name="signatories")
    party = models.ForeignKey(
        "conventions.Party", verbose_name=_("partie"), on_delete=models.PROTECT, related_name="signatories"
    )
    representative = models.ForeignKey(
        "conventions.Representative",
        verbose_name=_("représentant"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
    )
    order = models.PositiveSmallIntegerField(_("rang"), default=1)
    civility = models.CharField(_("civilité"), max_length=4, choices=Civility, blank=True, default="")
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    title = models.CharField(_("titre imprimé"), max_length=200, blank=True)
    capacity = models.CharField(
        _("habilité par"),
        max_length=200,
        blank=True,
        help_text=_(
            "Par exemple « la délibération du bureau du 3 mars 2026 », « l’article 12 des statuts »."
        ),
    )
    email = models.EmailField(_("courriel"), blank=True)
    signed_on = models.DateField(_("a signé le"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("signataire")
        verbose_name_plural = _("signataires")
        ordering = ["act", "order", "pk"]
        constraints = [somebody("signatory")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.title


class Attendee(models.Model):
    """Someone present who does not sign."""

    act = models.ForeignKey(Act, verbose_name=_("acte"), on_delete=models.PROTECT, related_name="attendees")
    civility = models.CharField(_("civilité"), max_length=4, choices=Civility, blank=True, default="")
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    title = models.CharField(_("titre"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("personne présente")
        verbose_name_plural = _("personnes présentes")
        ordering = ["act", "position", "pk"]
        constraints = [somebody("attendee")]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.title
