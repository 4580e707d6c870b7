"""Versioned templates, edited by lawyers: of clauses, and of the agreements that put them together."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActKind, TemplateState
from conventions.models.reference import Kind


class VersionedQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        return self.filter(state=TemplateState.IN_FORCE)


class Versioned(models.Model):
    """A text kept by lawyers, in one version: since when it is in force, until when it was, who wrote it last."""

    in_force_since = models.DateTimeField(_("en vigueur depuis"), null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(_("retiré le"), null=True, blank=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    class Meta:
        abstract = True


class ClauseTemplateQuerySet(VersionedQuerySet):
    def in_force_at(self, moment: datetime.datetime | None) -> Self:
        """Those in force up to a moment; None: now. Texts retired before retirements were dated are left out.

        What comes into force at that very moment is not among them, what is retired then is.
        """
        if moment is None:
            return self.in_force()
        began = Q(in_force_since__isnull=True) | Q(in_force_since__lt=moment)
        lasted = Q(state=TemplateState.IN_FORCE) | Q(retired_at__gte=moment)
        return self.exclude(state=TemplateState.DRAFT).filter(began, lasted)

    def for_act(self, *, kind: Kind, act_kind: str, at: datetime.datetime | None = None) -> Self:
        """Templates for a kind of convention (or for all) and a kind of act, in the act's order; `in_force_at`."""
        return (
            self.in_force_at(at)
            .filter(act_kind=act_kind)
            .filter(Q(kinds__isnull=True) | Q(kinds=kind))
            .distinct()
            .order_by("position", "code", "variant")
        )


class ClauseTemplate(Versioned):
    """One article in one version. At most one version of a code and variant is in force."""

    code = models.SlugField(_("code"), max_length=60, help_text=_("L’article : objet, duree, versement…"))
    variant = models.SlugField(
        _("variante"), max_length=40, blank=True, help_text=_("Vide pour le texte ordinaire.")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("état"), max_length=12, choices=TemplateState, default=TemplateState.DRAFT)
    act_kind = models.CharField(_("pour"), max_length=12, choices=ActKind, default=ActKind.INITIAL)
    kinds = models.ManyToManyField(
        "conventions.Kind",
        verbose_name=_("natures"),
        blank=True,
        related_name="clause_templates",
        help_text=_("Aucune : toutes les natures."),
    )
    condition = models.SlugField(
        _("condition"), max_length=40, blank=True, help_text=_("Quand l’article est retenu d’office.")
    )
    heading = models.CharField(_("titre de l’article"), max_length=200)
    body = models.TextField(_("texte"))
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    note = models.TextField(_("note du juridique"), blank=True)

    objects = ClauseTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("modèle d’article")
        verbose_name_plural = _("modèles d’articles")
        ordering = ["act_kind", "position", "code", "variant", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["act_kind", "code", "variant", "version"], name="clause_template_version_once"
            ),
            models.UniqueConstraint(
                fields=["act_kind", "code", "variant"],
                condition=Q(state=TemplateState.IN_FORCE),
                name="clause_template_one_in_force",
                violation_error_message=_(
                    "Une autre version de cet article est en vigueur. Retirez-la d’abord."
                ),
            ),
        ]

    def __str__(self) -> str:
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.heading or self.code}{variant} – version {self.version}"


class AgreementTemplateQuerySet(VersionedQuerySet):
    def for_act(self, *, kind: Kind, act_kind: str) -> Self:
        """Templates in force for a kind of convention, the one made for it before the general one."""
        return (
            self.in_force()
            .filter(Q(kinds__isnull=True) | Q(kinds=kind), act_kind=act_kind)
            .annotate(general=Case(When(kinds__isnull=True, then=1), default=0))
            .order_by("general", "pk")
        )


class AgreementTemplate(Versioned):
    """The articles of a kind of act, in order, in one version. At most one version of a code is in force."""

    code = models.SlugField(
        _("code"), max_length=60, help_text=_("Le modèle, d’une version à l’autre : convention, avenant…")
    )
    name = models.CharField(_("nom"), max_length=160)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(
        _("état"), max_length=12, choices=TemplateState, default=TemplateState.DRAFT, editable=False
    )
    act_kind = models.CharField(_("pour"), max_length=12, choices=ActKind, default=ActKind.INITIAL)
    kinds = models.ManyToManyField(
        "conventions.Kind",
        verbose_name=_("natures"),
        blank=True,
        related_name="agreement_templates",
        help_text=_("Aucune : toutes les natures qui n’ont pas leur propre modèle."),
    )
    note = models.TextField(
        _("note du juridique"), blank=True, help_text=_("Ce qui change dans cette version, et pourquoi.")
    )

    objects = AgreementTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("modèle d’acte")
        verbose_name_plural = _("modèles d’actes")
        ordering = ["act_kind", "code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["act_kind", "code", "version"],
                name="agreement_template_version_once",
                violation_error_message=_(
                    "Ce code est déjà pris. Choisissez-en un autre, ou préparez une nouvelle version."
                ),
            ),
            models.UniqueConstraint(
                fields=["act_kind", "code"],
                condition=Q(state=TemplateState.IN_FORCE),
                name="agreement_template_one_in_force",
                violation_error_message=_(
                    "Une autre version de ce modèle est en vigueur. Retirez-la d’abord."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} – version {self.version}"


class AgreementLine(models.Model):
    """One article of an agreement template: its place, whether an act may do without it."""

    template = models.ForeignKey(
        AgreementTemplate, verbose_name=_("modèle"), on_delete=models.PROTECT, related_name="lines"
    )
    code = models.SlugField(
        _("article"), max_length=60, help_text=_("Le code de l’article : objet, duree, cloture…")
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    mandatory = models.BooleanField(
        _("obligatoire"),
        default=False,
        help_text=_("Un acte dont cet article est absent ne peut pas être figé."),
    )
    condition = models.SlugField(
        _("condition"),
        max_length=40,
        blank=True,
        help_text=_("Ne retient l’article que dans ce cas, quelles que soient ses variantes."),
    )

    class Meta:
        verbose_name = _("article du modèle")
        verbose_name_plural = _("articles du modèle")
        ordering = ["template", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "code"],
                name="agreement_line_code_once",
                violation_error_message=_("Cet article figure déjà dans le modèle."),
            )
        ]

    def __str__(self) -> str:
        return self.code
