"""Versioned templates of clauses, edited by lawyers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import ActKind, TemplateState


class ClauseTemplateQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(state=TemplateState.IN_FORCE)

    def for_act(self, *, kind, act_kind):
        """Templates in force for a kind of convention (or for all) and a kind of act, in the act's order."""
        return (
            self.in_force()
            .filter(act_kind=act_kind)
            .filter(Q(kinds__isnull=True) | Q(kinds=kind))
            .distinct()
            .order_by("position", "code")
        )


class ClauseTemplate(models.Model):
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
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

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

    def __str__(self):
        variant = f" ({self.variant})" if self.variant else ""
        return f"{self.heading}{variant} – version {self.version}"
