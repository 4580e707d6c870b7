"""Requests to sign, codes that prove an address, acts of signature."""

import datetime
from typing import Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import SignatureMethod
from conventions.models.acts import Act
from conventions.models.codes import OneTimeCode


class SignatureRequestQuerySet(models.QuerySet):
    def live(self, *, at: datetime.datetime | None = None) -> Self:
        """Neither revoked nor expired; signed ones included."""
        endless, later = Q(expires_at__isnull=True), Q(expires_at__gt=at or timezone.now())
        return self.filter(endless | later, revoked_at__isnull=True)

    def unsigned(self) -> Self:
        return self.filter(act_of_signature__isnull=True)


class SignatureRequest(models.Model):
    """An invitation to one signatory, for one document. Only the hash of its 256-bit token is kept."""

    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="signature_requests",
    )
    signatory = models.ForeignKey(
        "conventions.Signatory",
        verbose_name=_("signataire"),
        on_delete=models.PROTECT,
        related_name="requests",
    )
    rank = models.PositiveSmallIntegerField(_("rang"), default=1)
    token_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    opened_at = models.DateTimeField(_("consultée le"), null=True, blank=True)
    read_at = models.DateTimeField(
        _("lue jusqu’au bout le"),
        null=True,
        blank=True,
        help_text=_("Constaté par le navigateur ; vide quand il ne peut pas le dire."),
    )
    expires_at = models.DateTimeField(_("expire le"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True)
    revoked_reason = models.CharField(_("motif de révocation"), max_length=160, blank=True)

    objects = SignatureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de signature")
        verbose_name_plural = _("demandes de signature")
        ordering = ["document", "rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "signatory"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_request_per_signatory",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="signature_token_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory} – {self.document}"

    @property
    def act(self) -> Act:
        """The act to sign: a request is only made for the document of an act."""
        return cast(Act, self.document.act)


class SignatureCode(OneTimeCode):
    """Six digits sent to a signatory: bound to the request and to the very bytes shown; kept as an HMAC only."""

    request = models.ForeignKey(
        SignatureRequest, verbose_name=_("demande"), on_delete=models.PROTECT, related_name="codes"
    )
    document_sha256 = models.CharField(_("empreinte lue"), max_length=64)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code de signature")
        verbose_name_plural = _("codes de signature")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["request", "created_at"], name="signature_code_by_request")]

    def __str__(self) -> str:
        return f"{self.request_id} ({self.created_at:%d/%m/%Y})"


class SignatureAct(models.Model):
    """What one signatory did: how, when, on which bytes. Insert-only."""

    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("document"),
        on_delete=models.PROTECT,
        related_name="signatures",
    )
    signatory = models.ForeignKey(
        "conventions.Signatory",
        verbose_name=_("signataire"),
        on_delete=models.PROTECT,
        related_name="signature_acts",
    )
    request = models.OneToOneField(
        SignatureRequest,
        verbose_name=_("demande"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="act_of_signature",
    )
    method = models.CharField(_("méthode"), max_length=8, choices=SignatureMethod)
    document_sha256 = models.CharField(_("empreinte lue"), max_length=64)
    typed_name = models.CharField(_("nom saisi"), max_length=200, blank=True)
    consent = models.TextField(_("consentement"), blank=True)
    title = models.CharField(
        _("titre porté sur le papier"),
        max_length=200,
        blank=True,
        default="",
        help_text=_("S’il diffère du titre imprimé."),
    )
    identity_check = models.CharField(_("contrôle d’identité"), max_length=255, blank=True)
    drawing_sha256 = models.CharField(_("empreinte du tracé"), max_length=64, blank=True)
    signed_at = models.DateTimeField(_("signé le"), null=True, blank=True)
    signed_on = models.DateField(_("date de signature"))

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["document", "signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "signatory"], name="one_signature_per_signatory"),
            models.CheckConstraint(
                condition=Q(method=SignatureMethod.INK)
                | Q(request__isnull=False, signed_at__isnull=False) & ~Q(consent="") & ~Q(typed_name=""),
                name="online_signature_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signatory} – {self.signed_on:%d/%m/%Y}"

    @property
    def drawing_name(self) -> str:
        """Name of the drawing (PNG) in private storage; empty without one."""
        return drawing_name(self.drawing_sha256)


def drawing_name(sha256: str) -> str:
    """Where a drawn signature (PNG) stands in private storage; empty without one."""
    return f"drawings/{sha256[:2]}/{sha256}.png" if sha256 else ""


class HandoverCode(OneTimeCode):
    """Digits sent to who receives equipment: bound to the remise, the person and the very bytes shown."""

    handover = models.ForeignKey(
        "conventions.Handover", verbose_name=_("remise"), on_delete=models.PROTECT, related_name="codes"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        related_name="handover_codes",
    )
    document_sha256 = models.CharField(_("empreinte lue"), max_length=64)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code de remise")
        verbose_name_plural = _("codes de remise")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["handover", "created_at"], name="handover_code_by_handover")]

    def __str__(self) -> str:
        return f"{self.handover_id} ({self.created_at:%d/%m/%Y})"


class HandoverSignature(models.Model):
    """The procès-verbal of a remise, signed on screen by who receives: how, when, on which bytes. Insert-only.

    Names and title are those of the mandate that day.
    """

    handover = models.OneToOneField(
        "conventions.Handover", verbose_name=_("remise"), on_delete=models.PROTECT, related_name="signature"
    )
    representative = models.ForeignKey(
        "conventions.Representative",
        verbose_name=_("mandat"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("compte"), on_delete=models.PROTECT, related_name="+"
    )
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    title = models.CharField(_("titre"), max_length=200)
    document_sha256 = models.CharField(_("empreinte lue"), max_length=64)
    typed_name = models.CharField(_("nom saisi"), max_length=200)
    consent = models.TextField(_("consentement"))
    identity_check = models.CharField(_("contrôle d’identité"), max_length=255)
    drawing_sha256 = models.CharField(_("empreinte du tracé"), max_length=64, blank=True)
    signed_at = models.DateTimeField(_("signé le"))

    class Meta:
        verbose_name = _("signature d’un procès-verbal")
        verbose_name_plural = _("signatures de procès-verbaux")
        ordering = ["handover", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(consent="") & ~Q(typed_name="") & ~Q(identity_check="") & ~Q(document_sha256=""),
                name="handover_signature_says_how",
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def drawing_name(self) -> str:
        """Name of the drawing (PNG) in private storage; empty without one."""
        return drawing_name(self.drawing_sha256)
