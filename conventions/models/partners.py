"""Partners, their representatives, their bank accounts."""

import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import Civility, GrammaticalGender, PartnerNature
from conventions.formats import MONTHS, day_and_month, normalise_ridet, search_key
from conventions.models.media import recorder
from conventions.models.people import User
from conventions.models.search import Searchable, SearchableQuerySet
from conventions.validators import validate_ridet, validate_rna, validate_siret

if TYPE_CHECKING:
    from conventions.models.conventions import Convention


class PartnerQuerySet(SearchableQuerySet):
    def active(self) -> Self:
        """Not merged into another."""
        return self.filter(merged_into__isnull=True)

    def others(self) -> Self:
        """Everyone but OPT-NC itself."""
        return self.filter(is_opt=False)

    def opt(self) -> "Partner":
        """OPT-NC's own row, made by migration."""
        return cast("Partner", self.get(is_opt=True))

    def lookalikes(self, name: str, acronym: str = "", *, excluding: "Partner | None" = None) -> Self:
        """Partners whose name or acronym is the same once accents, case and punctuation are set aside."""
        keys = {search_key(text) for text in (name, acronym) if text and search_key(text)}
        if not keys:
            return self.none()
        found = self.active().filter(Q(name_key__in=keys) | Q(acronym_key__in=keys))
        return found.exclude(pk=excluding.pk) if excluding and excluding.pk else found


class Partner(Searchable):
    """A party of any nature, from New Caledonia or elsewhere. Every identifier is optional."""

    name = models.CharField(_("nom"), max_length=200)
    acronym = models.CharField(_("sigle"), max_length=40, blank=True)
    slug = models.SlugField(_("adresse de la page"), max_length=120, unique=True)
    nature = models.CharField(
        _("nature"), max_length=24, choices=PartnerNature, default=PartnerNature.ASSOCIATION
    )
    gender = models.CharField(
        _("accord dans l’acte"), max_length=1, choices=GrammaticalGender, default=GrammaticalGender.FEMININE
    )
    designation = models.CharField(
        _("désignation dans l’acte"),
        max_length=120,
        blank=True,
        help_text=_("Ci-après dénommé(e) « … ». Vide : le sigle ou le nom."),
    )
    legal_form = models.CharField(
        _("forme juridique, telle que l’acte l’imprime"),
        max_length=200,
        blank=True,
        help_text=_(
            "Par exemple « association régie par la loi du 1er juillet 1901 ». Vide si elle n’est pas connue."
        ),
    )
    founding_texts = models.TextField(
        _("textes fondateurs"),
        blank=True,
        help_text=_(
            "Statuts, loi, décret : un par ligne, avec sa date. Chacun est proposé dans les visas. "
            "Par exemple « les statuts adoptés le 3 mars 2020 »."
        ),
    )
    logo = models.ForeignKey(
        "conventions.Attachment", models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )
    is_opt = models.BooleanField(_("l’OPT-NC elle-même"), default=False, editable=False)

    ridet = models.CharField(
        _("RIDET"),
        max_length=20,
        validators=[validate_ridet],
        blank=True,
        help_text=_("7 chiffres, puis 3 pour l’établissement. Par exemple 0733089.001."),
    )
    # Null, not blank: unique where it is given.
    ridet_normalised = models.CharField(max_length=11, null=True, blank=True, editable=False)  # noqa: DJ001
    rna = models.CharField(
        _("numéro RNA"),
        max_length=10,
        validators=[validate_rna],
        blank=True,
        help_text=_("W suivi de 9 caractères. Par exemple W9N1002345."),
    )
    siret = models.CharField(_("SIRET"), max_length=20, blank=True, validators=[validate_siret])
    receipt_number = models.CharField(_("ancien récépissé"), max_length=60, blank=True)
    receipt_date = models.DateField(_("date du récépissé"), null=True, blank=True)
    jonc_number = models.CharField(
        _("numéro du JONC"),
        max_length=40,
        blank=True,
        help_text=_("Journal officiel de la Nouvelle-Calédonie."),
    )

    year_end_day = models.PositiveSmallIntegerField(
        _("fin de l’exercice comptable, jour"),
        null=True,
        blank=True,
        help_text=_("Vide si elle n’est pas connue. Le compte rendu d’emploi se compte depuis cette date."),
    )
    year_end_month = models.PositiveSmallIntegerField(
        _("mois"), choices=[(rank, name) for rank, name in enumerate(MONTHS, 1)], null=True, blank=True
    )

    address = models.TextField(_("adresse"), blank=True)
    postal_code = models.CharField(_("code postal"), max_length=10, blank=True)
    commune = models.ForeignKey(
        "conventions.Area",
        verbose_name=_("commune"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="partners",
        limit_choices_to={"level": "commune"},
    )
    country = models.CharField(
        _("pays"), max_length=80, blank=True, help_text=_("Seulement hors de Nouvelle-Calédonie.")
    )
    address_is_public = models.BooleanField(_("adresse publiable"), default=False)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    website = models.URLField(_("site internet"), blank=True)

    presentation = models.TextField(
        _("présentation publique"),
        blank=True,
        help_text=_("Qui est ce partenaire, en quelques phrases, pour le public."),
    )
    purpose = models.TextField(_("objet statutaire"), blank=True)
    notes = models.TextField(_("notes internes"), blank=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("fusionné avec"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
    )
    is_demo = models.BooleanField(_("partenaire fictif"), default=False, editable=False)
    name_key = models.CharField(max_length=200, editable=False, default="", db_index=True)
    acronym_key = models.CharField(max_length=40, editable=False, default="", db_index=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    objects: ClassVar = PartnerQuerySet.as_manager()

    class Meta(Searchable.Meta):
        abstract = False
        verbose_name = _("partenaire")
        verbose_name_plural = _("partenaires")
        ordering = ["name"]
        indexes = [*Searchable.Meta.indexes, models.Index(fields=["name", "id"], name="partner_by_name")]
        constraints = [
            models.UniqueConstraint(fields=["is_opt"], condition=Q(is_opt=True), name="partner_one_opt"),
            models.UniqueConstraint(
                fields=["ridet_normalised"],
                condition=Q(merged_into__isnull=True),
                name="partner_ridet_once",
                violation_error_message=_(
                    "Un autre partenaire porte déjà ce RIDET. Vérifiez le numéro ou ouvrez ce partenaire."
                ),
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="partner_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(year_end_day__isnull=True, year_end_month__isnull=True)
                | Q(
                    year_end_day__isnull=False,
                    year_end_month__isnull=False,
                    year_end_day__range=(1, 31),
                    year_end_month__range=(1, 12),
                ),
                name="partner_year_end_is_a_day",
                violation_error_message=_(
                    "Donnez le jour et le mois de la fin de l’exercice comptable, ou ni l’un ni l’autre."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.acronym})" if self.acronym else self.name

    def search_source(self) -> list[str]:
        return [self.name, self.acronym, self.designation, self.ridet, self.ridet_normalised or "", self.rna]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = search_key(self.name)
        self.acronym_key = search_key(self.acronym)
        self.ridet_normalised = normalise_ridet(self.ridet).normalised if self.ridet else None
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("public:partner_detail", args=[self.slug])

    @property
    def year_end(self) -> str:
        """« 31 décembre », the day that ends its accounting year; empty when unknown."""
        if self.year_end_day is None or self.year_end_month is None:
            return ""
        return day_and_month(self.year_end_day, self.year_end_month)

    @property
    def short_name(self) -> str:
        """How the act calls the partner after its first mention."""
        return self.designation or self.acronym or self.name


class RepresentativeQuerySet(models.QuerySet):
    def in_office(self, *, on: datetime.date | None = None) -> Self:
        """Mandates that run on a date (plain date in Nouméa; today by default)."""
        day = on or timezone.localdate()
        return self.filter(
            Q(mandate_start__isnull=True) | Q(mandate_start__lte=day),
            Q(mandate_end__isnull=True) | Q(mandate_end__gte=day),
        )

    def with_access(self, user: User | AnonymousUser, *, on: datetime.date | None = None) -> Self:
        return self.in_office(on=on).filter(user=user) if user.is_authenticated else self.none()


class Representative(models.Model):
    """Someone who speaks for a partner between two dates; linked to a user, he or she enters the space.

    `title` here is only what is proposed; the title that counts is on the signature.
    """

    partner = models.ForeignKey(
        Partner, verbose_name=_("partenaire"), on_delete=models.PROTECT, related_name="representatives"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mandates",
    )
    civility = models.CharField(_("civilité"), max_length=4, choices=Civility, blank=True, default="")
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(
        _("nom"), max_length=80, help_text=_("En capitales, comme il doit être imprimé.")
    )
    title = models.CharField(_("titre"), max_length=200)
    email = models.EmailField(_("courriel"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    mandate_start = models.DateField(_("début du mandat"), null=True, blank=True)
    mandate_end = models.DateField(_("fin du mandat"), null=True, blank=True)
    capacity = models.CharField(
        _("habilité par"),
        max_length=200,
        blank=True,
        help_text=_(
            "Par exemple « la délibération du bureau du 3 mars 2026 », « l’article 12 des statuts »."
        ),
    )
    usual_signatory = models.BooleanField(
        _("signataire habituel"), default=False, help_text=_("Proposé comme signataire des nouveaux actes.")
    )
    reads_only = models.BooleanField(
        _("lecture seule"), default=False, help_text=_("Lit l’espace en ligne, sans rien envoyer.")
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    objects = RepresentativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("représentant")
        verbose_name_plural = _("représentants")
        ordering = ["partner", "position", "last_name", "first_name"]
        indexes = [models.Index(fields=["mandate_end"], name="representative_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=Q(mandate_start__isnull=True)
                | Q(mandate_end__isnull=True)
                | Q(mandate_end__gte=F("mandate_start")),
                name="representative_mandate_in_order",
                violation_error_message=_(
                    "La fin du mandat précède son début. Corrigez l’une des deux dates."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class BankAccountQuerySet(models.QuerySet):
    def of_partners_of(self, convention: "Convention") -> Self:
        """Every account, used or not, of the parties other than OPT-NC."""
        parties = convention.parties.filter(partner__is_opt=False)
        return self.filter(partner__in=parties.values("partner"))


class BankAccount(models.Model):
    """Bank details: encrypted (MultiFernet), shown masked; `iban_fingerprint` (HMAC) tells equal accounts apart.

    Written and read in full only through `conventions.domain.people.bank_accounts`.
    """

    partner = models.ForeignKey(
        Partner, verbose_name=_("partenaire"), on_delete=models.PROTECT, related_name="bank_accounts"
    )
    holder = models.CharField(_("titulaire"), max_length=200)
    bank_name = models.CharField(_("banque"), max_length=120, blank=True)
    iban_encrypted = models.TextField(editable=False)
    iban_fingerprint = models.CharField(max_length=64, editable=False)
    iban_masked = models.CharField(_("IBAN masqué"), max_length=40, editable=False)
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("RIB"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    active = models.BooleanField(_("utilisé"), default=True)
    # Empty too for those retired before this date was noted.
    retired_on = models.DateField(_("plus utilisé depuis le"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("enregistré le"), auto_now_add=True)
    accepted_by = recorder(_("accepté par"))
    confirmed_on = models.DateField(_("vérifié le"), null=True, blank=True, editable=False)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("compte bancaire")
        verbose_name_plural = _("comptes bancaires")
        ordering = ["partner", "-active", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "iban_fingerprint"],
                name="bank_account_once_per_partner",
                violation_error_message=_("Ce compte est déjà enregistré pour ce partenaire."),
            ),
            models.CheckConstraint(
                condition=Q(active=False) | Q(retired_on=None), name="bank_account_used_not_retired"
            ),
        ]

    def __str__(self) -> str:
        return self.iban_masked

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether a payment may be asked on it on a plain date in Nouméa: used, or retired later than that day.

        Its record has no first day: a RIB on paper may be recorded after the payment left for the accountant.
        """
        return self.active or (self.retired_on is not None and day < self.retired_on)


class Project(Searchable):
    """What the support is for; carried by a partner, possibly co-funded."""

    name = models.CharField(_("nom du projet"), max_length=200)
    holder = models.ForeignKey(
        Partner, models.PROTECT, verbose_name=_("porteur"), null=True, blank=True, related_name="projects"
    )
    description = models.TextField(_("description publique"), blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    area = models.ForeignKey(
        "conventions.Area",
        verbose_name=_("territoire"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
    )
    cofunders = models.ManyToManyField(
        Partner, verbose_name=_("co-financeurs"), blank=True, related_name="cofunded_projects"
    )
    is_demo = models.BooleanField(_("projet fictif"), default=False, editable=False)

    class Meta(Searchable.Meta):
        verbose_name = _("projet")
        verbose_name_plural = _("projets")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def search_source(self) -> list[str]:
        return [self.name, self.place]
