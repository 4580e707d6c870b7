"""The data media of the stock, and each try to erase one: insert-only, in the words of NIST SP 800-88, IEEE 2883."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self, cast

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.equipment_enums import (
    MediaState,
    MediumFate,
    MediumKind,
    SanitisationCheck,
    SanitisationMethod,
    SanitisationOutcome,
    SanitisationSource,
    SanitisationTechnique,
)
from conventions.formats import serial_key


def recorder(label: Any) -> models.ForeignKey:
    """Who recorded a row; empty for what was read from the past."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )


class MediumQuerySet(models.QuerySet):
    def with_standing(self) -> Self:
        """Annotate `standing` (a MediaState) of a medium in place: its last try, and whether it was used again since.

        Of two tries of one day, the later is that which ended later, or was noted later where nobody said when.
        """
        tries = Sanitisation.objects.filter(medium=OuterRef("pk")).latest_first()
        last = self.annotate(
            last_outcome=Subquery(tries.values("outcome")[:1]),
            last_on=Subquery(tries.values("done_on")[:1]),
            last_at=Subquery(tries.values("moment")[:1]),  # type: ignore[misc]  # of latest_first
        )
        used_after = Q(device__used_on__gt=F("last_on")) | Q(
            device__used_on=F("last_on"), device__used_at__gte=F("last_at")
        )
        return last.annotate(
            standing=Case(
                When(last_outcome=None, then=Value(MediaState.TO_ERASE)),
                When(last_outcome=SanitisationOutcome.FAILED, then=Value(MediaState.FAILED)),
                When(used_after, then=Value(MediaState.STALE)),
                default=Value(MediaState.DONE),
                output_field=models.CharField(),
            )
        )


class Medium(models.Model):
    """What holds the data of a device: a disk, a card, a memory."""

    device = models.ForeignKey(
        "conventions.Device", verbose_name=_("appareil"), on_delete=models.PROTECT, related_name="media"
    )
    kind = models.CharField(_("type"), max_length=12, choices=MediumKind, default=MediumKind.UNSPECIFIED)
    maker = models.CharField(_("marque"), max_length=80, blank=True)
    model = models.CharField(_("modèle"), max_length=120, blank=True)
    serial = models.CharField(_("numéro de série"), max_length=80, blank=True)
    serial_key = models.CharField(max_length=80, blank=True, editable=False)
    size_bytes = models.PositiveBigIntegerField(_("capacité (octets)"), null=True, blank=True)
    fate = models.CharField(_("où il est"), max_length=8, choices=MediumFate, default=MediumFate.IN_PLACE)
    recorded_by = recorder(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)

    # Read by `with_standing()`.
    standing: str
    last_outcome: str | None

    objects = MediumQuerySet.as_manager()

    class Meta:
        verbose_name = _("support de données")
        verbose_name_plural = _("supports de données")
        ordering = ["device", "pk"]
        indexes = [models.Index(fields=["serial_key"], name="medium_by_serial")]
        constraints = [
            models.UniqueConstraint(
                fields=["serial_key"],
                condition=~Q(serial_key="") & Q(fate=MediumFate.IN_PLACE),
                name="medium_serial_in_one_device",
                violation_error_message=_("Un support en place a déjà ce numéro de série."),
            )
        ]

    def __str__(self) -> str:
        return self.serial or str(self.get_kind_display())

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.serial_key = serial_key(self.serial)
        super().save(*args, **kwargs)


class SanitisationQuerySet(models.QuerySet):
    def latest_first(self) -> Self:
        """The last try first: by day, then by the moment it ended, or was noted."""
        told = self.annotate(moment=Coalesce("ended_at", "recorded_at"))
        return told.order_by("-done_on", "-moment", "-pk")

    def last_of(self, devices: Iterable[int]) -> dict[int, list["Sanitisation"]]:
        """{device: the last try that succeeded of each of its media}, with who did it; one query."""
        tries = Sanitisation.objects.filter(medium=OuterRef("medium")).latest_first()
        rows = self.filter(medium__device__in=devices, outcome=SanitisationOutcome.SUCCEEDED)
        last = rows.annotate(last=Subquery(tries.values("pk")[:1])).filter(pk=F("last"))
        found: dict[int, list[Sanitisation]] = defaultdict(list)
        told = last.select_related("medium", "event__text", "attachment").order_by("medium", "pk")
        for row in cast("Iterable[Sanitisation]", told):
            found[row.medium.device_id].append(row)
        return dict(found)


class Sanitisation(models.Model):
    """One try to erase a medium, which succeeded or failed: how, when, what proves it. Who did it: the event's text."""

    medium = models.ForeignKey(
        Medium, verbose_name=_("support de données"), on_delete=models.PROTECT, related_name="sanitisations"
    )
    event = models.OneToOneField(
        "conventions.DeviceEvent",
        verbose_name=_("événement"),
        on_delete=models.PROTECT,
        related_name="sanitisation",
    )
    outcome = models.CharField(
        _("résultat"), max_length=8, choices=SanitisationOutcome, default=SanitisationOutcome.SUCCEEDED
    )
    method = models.CharField(
        _("méthode"), max_length=8, choices=SanitisationMethod, default=SanitisationMethod.UNKNOWN
    )
    technique = models.CharField(
        _("technique"), max_length=18, choices=SanitisationTechnique, default=SanitisationTechnique.UNKNOWN
    )
    verification = models.CharField(
        _("vérification"), max_length=12, choices=SanitisationCheck, default=SanitisationCheck.UNKNOWN
    )
    tool = models.CharField(_("outil"), max_length=80, blank=True)
    tool_version = models.CharField(_("version de l’outil"), max_length=40, blank=True)
    done_on = models.DateField(_("effacé le"))
    ended_at = models.DateTimeField(_("terminé à"), null=True, blank=True)
    certificate = models.CharField(_("numéro de certificat"), max_length=80, blank=True)
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("certificat"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    source = models.CharField(
        _("source"), max_length=10, choices=SanitisationSource, default=SanitisationSource.TYPED
    )
    raw = models.JSONField(_("ce que dit le fichier"), default=dict, blank=True)
    sha256 = models.CharField(_("empreinte du fichier"), max_length=64, blank=True, db_index=True)
    recorded_by = recorder(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)

    objects = SanitisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("effacement")
        verbose_name_plural = _("effacements")
        ordering = ["medium", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["medium", "sha256"],
                condition=~Q(sha256=""),
                name="sanitisation_file_once",
                violation_error_message=_("Ce fichier est déjà enregistré pour ce support."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.medium} – {self.done_on:%d/%m/%Y}"

    @property
    def agent(self) -> str:
        """Who did it; empty when nobody said, or when it was erased."""
        text = getattr(self.event, "text", None)
        return text.data.get("agent", "") if text else ""
