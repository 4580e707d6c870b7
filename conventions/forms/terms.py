"""Lines of a convention's page: parties, people, money, support in kind, duties, articles, sources, photos."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from conventions.domain.documents import attachments
from conventions.domain.documents.merge_fields import TemplateError, check_template
from conventions.domain.foundation.refusals import Refused
from conventions.enums import AmountStatus, PartyRole
from conventions.forms.fields import LoadedChoiceField, OneFileField, TextArea
from conventions.forms.rows import RowForm, RowFormSet, in_order, model_field
from conventions.models import (
    Attachment,
    Attendee,
    BankAccount,
    BoardDecision,
    Clause,
    Funding,
    InKind,
    InstalmentTerm,
    Obligation,
    Party,
    Photo,
    Signatory,
    Source,
)
from conventions.reference.clauses import CLOSING
from conventions.validators import IMAGE_KINDS


def party_name(party: Party) -> str:
    return party.partner.acronym or party.partner.name


class PartyForm(RowForm):
    partner = LoadedChoiceField(label=_("Partenaire"), empty_label=_("Choisir un partenaire"))
    main = (("partner", 8), ("role", 4))

    class Meta:
        model = Party
        fields = ["partner", "role"]


class PartyFormSet(RowFormSet):
    """OPT-NC stays a party; a partner is a party once; one who signs or owes something is not removed."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        seen = set()
        for form in rows:
            partner = form.cleaned_data.get("partner")
            if partner is not None and partner.pk in seen:
                form.add_error("partner", _("Ce partenaire est déjà partie à cette convention."))
            seen.add(getattr(partner, "pk", None))
        if self.is_bound and not any(form.cleaned_data.get("role") == PartyRole.OPT for form in rows):
            raise ValidationError(_("L’OPT-NC est toujours partie à la convention. Rétablissez sa ligne."))
        for form in self.deleted_forms:
            if form.instance.pk and self._is_used(form.instance):
                message = _(
                    "Cette partie a un signataire ou un engagement : retirez-les, enregistrez, puis retirez la partie."
                )
                raise ValidationError(message)

    def _is_used(self, party: Party) -> bool:
        return party.signatories.exists() or party.obligations.exists()


class SignatoryForm(RowForm):
    party = LoadedChoiceField(label=_("Pour"), empty_label=_("Choisir la partie"), label_of=party_name)
    main = (("party", 2), ("civility", 2), ("first_name", 2), ("last_name", 3), ("title", 3))
    more = (("email", 4), ("order", 2))
    more_label = _("Courriel, rang")

    class Meta:
        model = Signatory
        fields = ["party", "civility", "first_name", "last_name", "title", "email", "order"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order"].required = False
        self.fields["last_name"].help_text = ""
        self.fields["title"].widget.attrs["placeholder"] = _("directeur général par intérim")

    def clean_order(self) -> int:
        return self.cleaned_data["order"] or 1


class AttendeeForm(RowForm):
    main = (("civility", 2), ("first_name", 3), ("last_name", 3), ("title", 4))

    class Meta:
        model = Attendee
        fields = ["civility", "first_name", "last_name", "title"]


class FundingForm(RowForm):
    amount = model_field(Funding, "amount")
    main = (("budget_year", 2), ("amount", 3), ("status", 2), ("figure", 3), ("publishable", 2))
    more = (("label", 6),)
    more_label = _("Libellé")

    class Meta:
        model = Funding
        fields = ["budget_year", "amount", "status", "figure", "publishable", "label"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publishable"].help_text = ""
        self.fields["budget_year"].widget.attrs |= {"min": 2000, "max": 2100}

    def clean_budget_year(self) -> int | None:
        year = self.cleaned_data["budget_year"]
        if year is not None and not 1990 <= year <= 2100:
            raise ValidationError(_("Écrivez l’exercice sur quatre chiffres, par exemple 2026."))
        return year

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        self.check_amount(data)
        return data


class InstalmentForm(RowForm):
    amount = model_field(InstalmentTerm, "amount")
    due_on = model_field(InstalmentTerm, "due_on")
    main = (("label", 3), ("amount", 3), ("percent", 1), ("due_on", 2), ("condition", 3))

    class Meta:
        model = InstalmentTerm
        fields = ["label", "amount", "percent", "due_on", "condition"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].help_text = self.fields["condition"].help_text = ""
        self.fields["label"].widget.attrs["placeholder"] = _("premier versement")
        self.fields["condition"].widget.attrs["placeholder"] = _("à la signature, sur RIB")
        self.fields["percent"].widget.attrs |= {"min": 1, "max": 100}

    def clean_percent(self) -> int | None:
        percent = self.cleaned_data["percent"]
        if percent is not None and not 1 <= percent <= 100:
            raise ValidationError(_("La part est un nombre entier de 1 à 100."))
        return percent


class InKindForm(RowForm):
    amount = model_field(InKind, "amount")
    starts_on = model_field(InKind, "starts_on")
    return_on = model_field(InKind, "return_on")
    main = (("kind", 3), ("description", 5), ("quantity", 2), ("unit", 2))
    more = (
        ("amount", 3),
        ("status", 3),
        ("publishable", 2),
        ("starts_on", 2),
        ("return_on", 2),
        ("conditions", 12),
    )
    more_label = _("Valeur, dates, conditions")

    class Meta:
        model = InKind
        fields = [
            "kind",
            "description",
            "quantity",
            "unit",
            "amount",
            "status",
            "publishable",
            "starts_on",
            "return_on",
            "conditions",
        ]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        known_by_typing(self, data)
        self.check_amount(data)
        in_order(
            self,
            "starts_on",
            "return_on",
            _("Le retour précède le début du prêt. Corrigez l’une des deux dates."),
        )
        return data


def known_by_typing(form: RowForm, data: dict) -> None:
    """An amount typed beside the proposed « inconnu » makes it known: nobody has to say it twice."""
    typed = data.get("amount") is not None and "amount" in form.changed_data
    if typed and data.get("status") == AmountStatus.UNKNOWN and "status" not in form.changed_data:
        data["status"] = AmountStatus.KNOWN
    cleared = data.get("amount") is None and "amount" in form.changed_data and "amount" not in form.errors
    if cleared and data.get("status") == AmountStatus.KNOWN and "status" not in form.changed_data:
        data["status"] = AmountStatus.UNKNOWN


class ObligationForm(RowForm):
    party = LoadedChoiceField(label=_("À la charge de"), required=False, label_of=party_name)
    due_on = model_field(Obligation, "due_on")
    main = (("kind", 3), ("text", 5), ("party", 2), ("due_on", 2))
    more = (("due_wording", 6),)
    more_label = _("Échéance en toutes lettres")

    class Meta:
        model = Obligation
        fields = ["kind", "text", "party", "due_on", "due_wording"]
        widgets = {"text": TextArea(attrs={"rows": 2})}


class ClauseForm(RowForm):
    main = (("position", 2), ("heading", 10))
    more = (("body", 12),)
    more_label = _("Lire et modifier le texte")

    class Meta:
        model = Clause
        fields = ["position", "heading", "body"]
        widgets = {"body": TextArea(attrs={"rows": 7})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["heading"].required = self.instance.code != CLOSING  # « Fait à … » bears no title
        self.fields["body"].help_text = ""

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean_body(self) -> str:
        body = self.cleaned_data["body"]
        faults = check_template(body)
        if faults:
            raise ValidationError([_fault(fault) for fault in faults])
        return body

    def save(self, commit: bool = True) -> Clause:
        clause = super().save(commit=False)
        if not clause.code:
            clause.code = "article-libre"
        return clause

    @property
    def differs(self) -> bool:
        return bool(self.instance.pk) and self.instance.differs_from_template


def _fault(fault: TemplateError) -> str:
    hint = f" Vouliez-vous écrire « {fault.suggestion} » ?" if fault.suggestion else ""
    return f"Ligne {fault.line} : {fault.message}{hint}"


class SourceForm(RowForm):
    published_on = model_field(Source, "published_on")
    main = (("title", 5), ("publisher", 3), ("published_on", 2), ("publishable", 2))
    more = (("url", 6), ("fact", 6), ("wording", 12))
    more_label = _("Adresse, fait établi, mots exacts")

    class Meta:
        model = Source
        fields = ["title", "publisher", "published_on", "publishable", "url", "fact", "wording"]
        widgets = {"wording": TextArea(attrs={"rows": 2}), "url": forms.URLInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["url"].assume_scheme = "https"  # type: ignore[attr-defined]  # not in the stubs


class PhotoForm(RowForm):
    image = OneFileField(kinds=IMAGE_KINDS, label=_("Image"))
    taken_on = model_field(Photo, "taken_on")
    main = (("image", 5), ("alternative_text", 7))
    more = (
        ("caption", 6),
        ("credit", 4),
        ("taken_on", 2),
        ("shows_children", 3),
        ("consent", 6),
        ("publishable", 3),
    )
    more_label = _("Légende, crédit, accord à l’image")

    class Meta:
        model = Photo
        fields = [
            "image",
            "alternative_text",
            "caption",
            "credit",
            "taken_on",
            "shows_children",
            "consent",
            "publishable",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["image"].widget = forms.FileInput(attrs=self.fields["image"].widget.attrs)
        self.fields["image"].required = not self.instance.pk

    def clean_image(self) -> Any:
        """Without what a photo says beside its picture; to the same dots."""
        file = self.cleaned_data["image"]
        if not isinstance(file, UploadedFile):
            return file
        try:
            kept = attachments.inspect(file)
        except Refused as refusal:
            raise ValidationError(str(refusal), code="picture") from refusal
        return SimpleUploadedFile(kept.name, kept.content, kept.kind.content_type)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if data.get("publishable") and data.get("shows_children") and not data.get("consent"):
            message = _("Des enfants sont reconnaissables : indiquez l’accord à l’image avant de publier.")
            self.add_error("consent", message)
        return data

    @property
    def more_is_open(self) -> bool:
        return not self.instance.pk or super().more_is_open


class AttachmentForm(RowForm):
    main = (("kind", 5), ("title", 7))

    class Meta:
        model = Attachment
        fields = ["kind", "title"]


class AttachmentFormSet(RowFormSet):
    """Files already filed; new ones come through the upload field alone."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(pending=False)

    def clean(self) -> None:
        super().clean()
        gone = [form.instance for form in self.deleted_forms if form.instance.pk]
        if not gone:
            return
        cited = BoardDecision.objects.filter(attachment__in=gone).exists()
        if cited or BankAccount.objects.filter(attachment__in=gone).exists():
            raise ValidationError(
                _("Une pièce à retirer est citée par une délibération ou un compte bancaire : gardez-la.")
            )
