"""Reference data: places, kinds, values, plans, themes, legal thresholds. Arrives by migration, editable."""

import datetime
from collections.abc import Iterable
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from conventions.enums import AreaLevel, SupportBehaviour


class AreaQuerySet(models.QuerySet):
    def communes(self) -> Self:
        return self.filter(level=AreaLevel.COMMUNE)

    def provinces(self) -> Self:
        return self.filter(level=AreaLevel.PROVINCE)


class Area(models.Model):
    """A place a convention or partner belongs to: commune, province, territory or wider.

    INSEE and postal codes of New Caledonia collide (98809 is both Mont-Dore's postal code and Île des Pins' INSEE
    code): never infer one from the other. Poya lies in two provinces, hence `provinces`, many to many.
    """

    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    level = models.CharField(_("niveau"), max_length=12, choices=AreaLevel)
    insee_code = models.CharField(_("code INSEE"), max_length=5, blank=True)
    postal_code = models.CharField(_("code postal proposé"), max_length=10, blank=True)
    provinces = models.ManyToManyField(
        "self", verbose_name=_("provinces"), symmetrical=False, blank=True, related_name="communes"
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("lieu")
        verbose_name_plural = _("lieux")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class NamedReference(models.Model):
    """A named, ordered, retirable item of an editable list."""

    slug = models.SlugField(_("adresse"), max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    active = models.BooleanField(_("proposé à la saisie"), default=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Kind(NamedReference):
    """Nature of a convention: partenariat, mécénat, parrainage, subvention, mise à disposition…"""

    agreement_title = models.CharField(
        _("titre de l’acte"), max_length=120, help_text=_("Par exemple « Convention de mécénat ».")
    )
    legal_basis = models.CharField(
        _("fondement juridique"),
        max_length=255,
        blank=True,
        help_text=_("Par exemple « code des impôts, article Lp. 37-2 »."),
    )

    class Meta(NamedReference.Meta):
        verbose_name = _("nature de convention")
        verbose_name_plural = _("natures de convention")


class SupportKind(NamedReference):
    """What support in kind may be: don, prêt, service télécom, local, communication… Terms point at its slug."""

    behaviour = models.CharField(
        _("comportement"),
        max_length=8,
        choices=SupportBehaviour,
        help_text=_("Un prêt se rend : ses dates, sa garde et son assurance sont demandées."),
    )

    class Meta(NamedReference.Meta):
        verbose_name = _("type de soutien en nature")
        verbose_name_plural = _("types de soutien en nature")

    @property
    def may_return(self) -> bool:
        return self.behaviour in (SupportBehaviour.LOAN, SupportBehaviour.SERVICE)

    @property
    def is_lent(self) -> bool:
        return self.behaviour == SupportBehaviour.LOAN


class Value(NamedReference):
    """One of OPT-NC's values; four in the plan « Construire Demain | OPT 2025 »."""

    class Meta(NamedReference.Meta):
        verbose_name = _("valeur")
        verbose_name_plural = _("valeurs")


class Theme(NamedReference):
    class Meta(NamedReference.Meta):
        verbose_name = _("thème")
        verbose_name_plural = _("thèmes")


class Plan(NamedReference):
    """A strategic plan of OPT-NC."""

    starts_on = models.DateField(_("début"), null=True, blank=True)
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    values = models.ManyToManyField(Value, verbose_name=_("valeurs"), blank=True, related_name="plans")

    class Meta(NamedReference.Meta):
        verbose_name = _("plan stratégique")
        verbose_name_plural = _("plans stratégiques")


class LegalThresholdQuerySet(models.QuerySet["LegalThreshold"]):
    def in_force(self, codes: Iterable[str], *, on: datetime.date) -> "list[LegalThreshold]":
        """Those of these codes in force on a date, in the order of the codes; read at once."""
        rows = self.filter(code__in=codes, effective_from__lte=on).order_by("effective_from")
        found = {row.code: row for row in rows}
        return [found[code] for code in codes if code in found]


class LegalThreshold(models.Model):
    """An amount fixed by a rule, with its date of effect: it warns, it never blocks."""

    code = models.SlugField(_("code"), max_length=40)
    label = models.CharField(_("règle"), max_length=200)
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), validators=[MinValueValidator(1)])
    effective_from = models.DateField(_("en vigueur depuis"))
    source = models.CharField(_("source"), max_length=255, blank=True)
    to_confirm = models.BooleanField(_("à confirmer par le juridique"), default=False)

    objects = LegalThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("seuil")
        verbose_name_plural = _("seuils")
        ordering = ["code", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                name="threshold_once_per_date",
                violation_error_message=_(
                    "Ce seuil a déjà une valeur à cette date. Modifiez-la ou changez la date."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.label


class DeclaredYear(models.Model):
    """What a source says of a whole year: « 47 partenariats, 67,2 millions XPF en 2020 ». Two sources may disagree."""

    year = models.PositiveSmallIntegerField(
        _("année"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    partnerships = models.PositiveIntegerField(_("partenariats déclarés"), null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("montant déclaré (F CFP)"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=255, help_text=_("Par exemple « rapport d’activité 2020, page 34 ».")
    )
    url = models.URLField(_("adresse"), blank=True)
    published_on = models.DateField(_("publiée le"), null=True, blank=True)
    publishable = models.BooleanField(
        _("publiable"), default=False, help_text=_("Sinon seul le personnel la lit.")
    )

    class Meta:
        verbose_name = _("année déclarée")
        verbose_name_plural = _("années déclarées")
        ordering = ["-year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "source"],
                name="declared_year_once_per_source",
                violation_error_message=_("Cette source est déjà enregistrée pour cette année. Modifiez-la."),
            ),
            models.CheckConstraint(
                condition=models.Q(partnerships__isnull=False) | models.Q(amount__isnull=False),
                name="declared_year_declares",
                violation_error_message=_(
                    "Donnez le nombre de partenariats, ou le montant, que dit la source."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}, {self.source}"


class PressContact(models.Model):
    """Who journalists call: as printed at the foot of a press release."""

    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(
        _("nom"), max_length=80, help_text=_("En capitales, comme il doit être imprimé.")
    )
    title = models.CharField(_("fonction"), max_length=160)
    phones = models.CharField(
        _("téléphones"), max_length=120, blank=True, help_text=_("Séparés par « / » s’il y en a plusieurs.")
    )
    email = models.EmailField(_("courriel"), blank=True)
    active = models.BooleanField(_("proposé à la saisie"), default=True)

    class Meta:
        verbose_name = _("contact presse")
        verbose_name_plural = _("contacts presse")
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"
