"""Lines of a convention's page that promise nothing: its sources, its photos, the papers filed with it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from conventions.domain.documents import annexes, attachments
from conventions.domain.foundation.refusals import Refused
from conventions.forms.fields import LoadedChoiceField, OneFileField, TextArea
from conventions.forms.rows import RowForm, RowFormSet, model_field
from conventions.models import Annex, Attachment, BankAccount, BoardDecision, Photo, Source
from conventions.validators import PHOTO_KINDS


class SourceForm(RowForm):
    published_on = model_field(Source, "published_on", partial=True)
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
    image = OneFileField(kinds=PHOTO_KINDS, label=_("Image"))
    taken_on = model_field(Photo, "taken_on", partial=True)
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
            kept = attachments.inspect_picture(file)
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


class AnnexForm(RowForm):
    attachment = LoadedChoiceField(label=_("Pièce du dossier"), empty_label=_("Choisir une pièce"))
    main = (("attachment", 6), ("title", 5), ("position", 1))

    class Meta:
        model = Annex
        fields = ["attachment", "title", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs["placeholder"] = _("Plan de la scène")
        self.fields["position"].required = False

    def clean_position(self) -> int:
        return self.cleaned_data["position"] or 0

    def clean(self) -> dict[str, Any]:
        """Another paper is read again: what is under the seal is what was chosen."""
        super().clean()
        chosen = self.cleaned_data.get("attachment")
        if chosen is not None and (self.instance.pk is None or "attachment" in self.changed_data):
            self.instance.attachment = chosen
            try:
                annexes.take(self.instance)
            except Refused as refusal:
                self.add_error("attachment", str(refusal))
        return self.cleaned_data


class AttachmentForm(RowForm):
    main = (("kind", 5), ("title", 7))

    class Meta:
        model = Attachment
        fields = ["kind", "title"]


class AttachmentFormSet(RowFormSet):
    """Files already filed; new ones come through the upload field alone."""

    def get_queryset(self) -> list:  # type: ignore[override]  # read once: Django asks for each line
        if not hasattr(self, "_filed"):
            self._filed = [row for row in super().get_queryset() if not row.pending]
        return self._filed

    def clean(self) -> None:
        super().clean()
        gone = [form.instance for form in self.deleted_forms if form.instance.pk]
        if not gone:
            return
        if Annex.objects.filter(attachment__in=gone).exists():
            raise ValidationError(
                _(
                    "Une pièce à retirer est une annexe d’un acte : retirez-la d’abord des annexes, enregistrez."
                )
            )
        cited = BoardDecision.objects.filter(attachment__in=gone).exists()
        if cited or BankAccount.objects.filter(attachment__in=gone).exists():
            raise ValidationError(
                _("Une pièce à retirer est citée par une délibération ou un compte bancaire : gardez-la.")
            )
