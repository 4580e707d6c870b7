"""The stock: one row per physical device, what happened to it, its data media and how each was erased.

A device's state and that of its data are read from what happened, never written (`with_state`, `with_media_state`).
Events and sanitisations are insert-only; names and free text stand in an erasable side row.
"""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import AmountStatus, DatePrecision, Transfer
from conventions.equipment_enums import (
    DeviceCondition,
    DeviceEventKind,
    DeviceState,
    MediaState,
    MediumFate,
)
from conventions.formats import alike_key, maker_key, serial_key, tag_key
from conventions.models.media import Medium, recorder
from conventions.models.search import Searchable, SearchableQuerySet
from conventions.models.terms import amount_constraints

KEY = 80  # characters
READY = (MediaState.NO_DATA, MediaState.DONE)


def _media_state(of: str = "") -> Case:
    """The MediaState of the device that rows name by this path; empty: of devices themselves."""
    media = Medium.objects.filter(device=OuterRef(of or "pk"))
    waiting = media.filter(fate=MediumFate.IN_PLACE).with_standing()
    blocking = (MediaState.FAILED, MediaState.TO_ERASE, MediaState.STALE)
    return Case(
        When(**{f"{of}__holds_data" if of else "holds_data": False}, then=Value(MediaState.NO_DATA)),
        When(~Exists(media), then=Value(MediaState.NOT_LISTED)),
        *(When(Exists(waiting.filter(Q(standing=state))), then=Value(state)) for state in blocking),
        default=Value(MediaState.DONE),
        output_field=models.CharField(),
    )


class DeviceQuerySet(SearchableQuerySet):
    def with_state(self) -> Self:
        """Annotate `state` (a DeviceState): given or lent, reserved, written off, reformed, or in stock."""
        open_items = EquipmentItem.objects.open().filter(device=OuterRef("pk"))
        handed = open_items.handed()
        return self.annotate(
            state=Case(
                When(lost_on__isnull=False, then=Value(DeviceState.LOST)),
                When(Exists(handed.filter(equipment__transfer=Transfer.LENT)), then=Value(DeviceState.LENT)),
                When(Exists(handed), then=Value(DeviceState.GIVEN)),
                When(Exists(open_items), then=Value(DeviceState.RESERVED)),
                When(written_off_on__isnull=False, then=Value(DeviceState.WRITTEN_OFF)),
                When(reformed_on__isnull=False, then=Value(DeviceState.REFORMED)),
                default=Value(DeviceState.IN_STOCK),
                output_field=models.CharField(),
            )
        )

    def with_media_state(self) -> Self:
        """Annotate `media_state` (a MediaState): whether its data let it leave."""
        return self.annotate(media_state=_media_state())

    def in_state(self, *states: str) -> Self:
        return self.with_state().filter(state__in=states)

    def ready(self) -> Self:
        """Those whose data let them leave."""
        return self.with_media_state().filter(media_state__in=READY)

    def free(self) -> Self:
        """Those that may be reserved: neither reserved, given nor lent, lost nor written off."""
        taken = EquipmentItem.objects.open().filter(device=OuterRef("pk"))
        return self.filter(lost_on=None, written_off_on=None).exclude(Exists(taken))


class Device(Searchable):
    """One physical device. Its keys make its marks comparable; that of a placeholder is empty, and never unique."""

    nature = models.CharField(
        _("nature"), max_length=120, help_text=_("Par exemple « ordinateur de bureautique ».")
    )
    maker = models.CharField(_("marque"), max_length=80, blank=True)
    model = models.CharField(_("modèle"), max_length=120, blank=True)
    serial = models.CharField(_("numéro de série"), max_length=80, blank=True)
    inventory_tag = models.CharField(_("numéro d’inventaire"), max_length=80, blank=True)
    maker_key = models.CharField(max_length=KEY, blank=True, editable=False)
    serial_key = models.CharField(max_length=KEY, blank=True, editable=False)
    tag_key = models.CharField(max_length=KEY, blank=True, editable=False)
    alike_key = models.CharField(max_length=KEY, blank=True, editable=False, db_index=True)
    purchased_on = models.DateField(_("date d’achat"), null=True, blank=True)
    purchased_on_precision = models.CharField(
        _("précision"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    status = models.CharField(_("valeur"), max_length=14, choices=AmountStatus, default=AmountStatus.UNKNOWN)
    amount = models.PositiveBigIntegerField(_("valeur estimée (F CFP)"), null=True, blank=True)
    condition = models.CharField(
        _("état"), max_length=12, choices=DeviceCondition, default=DeviceCondition.UNKNOWN
    )
    condition_words = models.CharField(_("état constaté"), max_length=255, blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    holds_data = models.BooleanField(_("contient des données"), default=True)
    weight_grams = models.PositiveIntegerField(_("poids (grammes)"), null=True, blank=True)
    photo = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("photo"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reformed_on = models.DateField(_("réformé le"), null=True, blank=True)
    board_decision = models.ForeignKey(
        "conventions.BoardDecision",
        verbose_name=_("délibération"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="devices",
    )
    used_on = models.DateField(_("réaffecté en interne le"), null=True, blank=True)
    used_at = models.DateTimeField(_("réaffectation notée le"), null=True, blank=True, editable=False)
    lost_on = models.DateField(_("perdu le"), null=True, blank=True)
    written_off_on = models.DateField(_("sorti de l’inventaire le"), null=True, blank=True)
    entered_by = recorder(_("entré par"))
    entered_at = models.DateTimeField(_("entré le"), default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    # Read by `with_state()` and `with_media_state()`.
    state: str
    media_state: str

    objects: ClassVar = DeviceQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("appareil du stock")
        verbose_name_plural = _("appareils du stock")
        ordering = ["pk"]
        indexes = [
            *Searchable.Meta.indexes,
            models.Index(fields=["serial_key"], name="device_by_serial"),
            models.Index(fields=["nature", "id"], name="device_by_nature"),
            models.Index(fields=["place", "id"], name="device_by_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["maker_key", "serial_key"],
                condition=~Q(serial_key=""),
                name="device_serial_once",
                violation_error_message=_("Un appareil de cette marque a déjà ce numéro de série."),
            ),
            models.UniqueConstraint(
                fields=["tag_key"],
                condition=~Q(tag_key=""),
                name="device_tag_once",
                violation_error_message=_("Un appareil a déjà ce numéro d’inventaire."),
            ),
            *amount_constraints("device"),
            models.CheckConstraint(
                condition=Q(weight_grams=None) | Q(weight_grams__gt=0),
                name="device_weight_positive",
                violation_error_message=_(
                    "Le poids est d’au moins 1 gramme. Laissez-le vide s’il est inconnu."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.serial or self.inventory_tag or f"appareil {self.pk}"

    @property
    def name(self) -> str:
        """« Ordinateur Kaori Bureau 400 »: what it is, without its marks."""
        return " ".join(part for part in (self.nature, self.maker, self.model) if part)

    def search_source(self) -> list[str]:
        marks = (self.nature, self.maker, self.model, self.serial, self.inventory_tag, self.place)
        return [*marks, self.serial_key, self.tag_key]

    def settle_keys(self) -> Self:
        """Its keys from its marks, as they stand; `save` does it, what writes many rows at once calls it."""
        self.maker_key, self.serial_key = maker_key(self.maker)[:KEY], serial_key(self.serial)[:KEY]
        self.tag_key, self.alike_key = tag_key(self.inventory_tag)[:KEY], alike_key(self.serial_key)
        self.search_key = self.searchable()
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.settle_keys()
        super().save(*args, **kwargs)


class EquipmentItemQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Reservations that stand: neither refused at the remise nor given back."""
        return self.filter(released_at=None)

    def handed(self) -> Self:
        return self.filter(Exists(self._remises()))

    def to_hand(self) -> Self:
        """Open, and in no remise."""
        return self.open().exclude(Exists(self._remises()))

    def lent_out(self) -> Self:
        """Lent, handed over, neither back nor lost."""
        return self.open().handed().filter(equipment__transfer=Transfer.LENT, device__lost_on=None)

    def with_media_state(self) -> Self:
        """Annotate `media_state` (a MediaState) of the device: whether its data let it leave."""
        return self.annotate(media_state=_media_state("device"))

    def _remises(self) -> models.QuerySet:
        remises = EquipmentItem.handovers.through
        return remises._default_manager.filter(equipmentitem=OuterRef("pk"))


class EquipmentItemManager(models.Manager.from_queryset(EquipmentItemQuerySet)):  # type: ignore[misc]  # made on the spot
    """With their device: nothing is said of a reservation without it."""

    def get_queryset(self) -> EquipmentItemQuerySet:
        return super().get_queryset().select_related("device")


class EquipmentItem(models.Model):
    """A device reserved for a line of the annex; open until it is refused, given back or released.

    One open row a device: a device is promised once.
    """

    equipment = models.ForeignKey(
        "conventions.EquipmentTerm",
        verbose_name=_("ligne de l’annexe"),
        on_delete=models.PROTECT,
        related_name="items",
    )
    device = models.ForeignKey(
        Device, verbose_name=_("appareil du stock"), on_delete=models.PROTECT, related_name="items"
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    recorded_by = recorder(_("enregistré par"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)
    released_at = models.DateTimeField(_("libéré le"), null=True, blank=True, editable=False)

    # Read by `with_media_state()`.
    media_state: str

    objects: ClassVar = EquipmentItemManager()

    class Meta:
        verbose_name = _("appareil réservé")
        verbose_name_plural = _("appareils réservés")
        ordering = ["equipment", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(released_at=None),
                name="equipment_item_device_once",
                violation_error_message=_("Cet appareil est déjà réservé."),
            )
        ]

    def __str__(self) -> str:
        return str(self.device)

    @property
    def serial(self) -> str:
        return self.device.serial

    @property
    def inventory_tag(self) -> str:
        return self.device.inventory_tag

    @property
    def holds_data(self) -> bool:
        return self.device.holds_data


class DeviceEvent(models.Model):
    """What happened to a device, on which day, told by whom. Never changed; `details` hold no personal data."""

    device = models.ForeignKey(
        Device, verbose_name=_("appareil"), on_delete=models.PROTECT, related_name="events"
    )
    kind = models.CharField(_("événement"), max_length=16, choices=DeviceEventKind)
    happened_on = models.DateField(_("le"))
    recorded_at = models.DateTimeField(_("enregistré le"), default=timezone.now, editable=False)
    recorded_by = recorder(_("enregistré par"))
    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="device_events",
    )
    line = models.UUIDField(_("ligne de l’annexe"), null=True, blank=True)
    handover = models.ForeignKey(
        "conventions.Handover",
        verbose_name=_("remise"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="device_events",
    )
    details = models.JSONField(_("précisions"), default=dict, blank=True)

    class Meta:
        verbose_name = _("événement d’un appareil")
        verbose_name_plural = _("événements des appareils")
        ordering = ["device", "pk"]
        indexes = [
            models.Index(fields=["kind", "happened_on"], name="device_event_by_kind"),
            models.Index(fields=["line"], condition=Q(line__isnull=False), name="device_event_by_line"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} – {self.happened_on:%d/%m/%Y}"


class DeviceEventText(models.Model):
    """Names and free words of an event: erasable, never changed."""

    event = models.OneToOneField(
        DeviceEvent, verbose_name=_("événement"), on_delete=models.PROTECT, related_name="text"
    )
    data = models.JSONField(_("textes"))

    class Meta:
        verbose_name = _("texte d’un événement")
        verbose_name_plural = _("textes des événements")

    def __str__(self) -> str:
        return str(self.event_id)
