"""Forms of scanned copies: sending files, and what the paper says of each signature."""

import datetime
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.domain.acts.paper.signed_copy import InkSignature, check_day, usual_pages
from conventions.enums import ActState
from conventions.formats import NBSP, counted
from conventions.forms.fields import DateInput, OneFileField, SeveralFilesField, field_of
from conventions.forms.refusals import told_on_form
from conventions.forms.typed import Form
from conventions.models import Act, Signatory

MAX_FILES = 20
NOT_SIGNED = _(
    "Une personne n’a pas signé : l’exemplaire ne peut pas être classé comme signé. Si elle refuse, revenez au "
    "dossier et enregistrez un refus. Si le texte doit changer, reprenez l’acte. Sinon, faites signer, puis numérisez "
    "de nouveau."
)


class SendScansForm(Form):
    """One PDF or several, each with as many signed copies as one likes."""

    uploads = SeveralFilesField(label=_("Fichiers PDF"), kinds=("pdf",))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        size = f"{settings.SCAN_MAX_BYTES // (1024 * 1024)}{NBSP}Mo"
        pages = counted(settings.SCAN_MAX_PAGES, "page")
        field = field_of(self, "uploads", SeveralFilesField)
        field.max_bytes = settings.SCAN_MAX_BYTES
        field.help_text = (
            f"{MAX_FILES} fichiers au plus, {size} au plus par fichier, {pages} au plus en tout. "
            "En noir et blanc, en gris ou en couleur, de 150 à 300 points par pouce."
        )

    def clean_uploads(self) -> list[tuple[Any, str]]:
        files = self.cleaned_data["uploads"]
        if len(files) > MAX_FILES:
            raise ValidationError(f"{MAX_FILES} fichiers au plus. Envoyez les autres dans un second lot.")
        return files

    def files_sent(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of each."""
        for file, _kind in self.cleaned_data["uploads"]:
            file.seek(0)
            yield str(file.name), file.read()


class SignedCopyForm(Form):
    """The date on the paper; for each signatory, another date, another title, or no signature at all.

    `expected` and `found` are numbers of pages (`found` None: not counted yet): when they differ, one confirms.
    """

    signed_on = forms.DateField(
        label=_("Date portée sur le papier"),
        widget=DateInput,
        help_text=_("Celle de tous, sauf si vous en donnez une autre plus bas."),
    )

    def __init__(self, *args: Any, act: Act, found: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act, self.found = act, found
        self.expected = act.frozen_document.page_count if act.frozen_document else 0
        self.people = list(act.signatories.select_related("party__partner"))
        self.fields["signed_on"].initial = self._usual_day()
        for person in self.people:
            self._add_person(person)
        if found is not None and found not in usual_pages(act.frozen_document):
            self._ask_pages(found)

    def _usual_day(self) -> datetime.date | None:
        """The day of the ceremony, if it has come."""
        day = self.act.ceremony.held_on if self.act.ceremony else None
        if day is None or self.act.frozen_at is None:
            return None
        return day if timezone.localdate(self.act.frozen_at) <= day <= timezone.localdate() else None

    def _add_person(self, person: Signatory) -> None:
        self.fields[f"date_{person.pk}"] = forms.DateField(
            label=_("Date, si elle diffère"), widget=DateInput, required=False
        )
        self.fields[f"title_{person.pk}"] = forms.CharField(
            label=_("Titre écrit sur le papier, s’il diffère"),
            max_length=200,
            required=False,
            widget=forms.TextInput(attrs={"placeholder": person.title}),
        )
        self.fields[f"unsigned_{person.pk}"] = forms.BooleanField(label=_("N’a pas signé"), required=False)

    def _ask_pages(self, found: int) -> None:
        self.fields["pages_seen"] = forms.BooleanField(
            label=f"J’ai vérifié : cet exemplaire a bien {counted(found, 'page')}, le document figé "
            f"en a {self.expected}.",
            error_messages={
                "required": _("Vérifiez que rien ne manque, puis cochez cette case. Ce sera noté au journal.")
            },
        )

    @property
    def asks_pages(self) -> bool:
        return "pages_seen" in self.fields

    @property
    def rows(self) -> list[tuple[Signatory, list[forms.BoundField]]]:
        """(signatory, its three fields)."""
        names = ("date", "title", "unsigned")
        return [(person, [self[f"{name}_{person.pk}"] for name in names]) for person in self.people]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if any(data.get(f"unsigned_{person.pk}") for person in self.people):
            raise ValidationError(NOT_SIGNED, code="unsigned")
        for name in ["signed_on", *(f"date_{person.pk}" for person in self.people)]:
            self._check_day(name, data.get(name))
        return data

    def _check_day(self, name: str, day: datetime.date | None) -> None:
        if day is not None:
            with told_on_form(self, field=name):
                check_day(self.act, day)

    @property
    def confirmed_pages(self) -> int | None:
        return self.found if self.cleaned_data.get("pages_seen") else None

    @property
    def signatures(self) -> tuple[InkSignature, ...]:
        data = self.cleaned_data
        return tuple(
            InkSignature(
                signatory=person.pk,
                signed_on=data.get(f"date_{person.pk}") or data["signed_on"],
                title=data.get(f"title_{person.pk}", "").strip(),
            )
            for person in self.people
        )

    def details(self) -> dict:
        """What `scans.file_part` takes, and `lifecycle.apply` beside the scan."""
        return {
            "signed_on": self.cleaned_data["signed_on"],
            "signatures": self.signatures,
            "confirmed_pages": self.confirmed_pages,
        }


class OneCopyForm(SignedCopyForm):
    """The short way: one file, of one act. The file itself is kept apart (`found` None: none was received yet).

    `refusal`: what reading the file that was sent said against it, in French.
    """

    scan = OneFileField(
        kinds=("pdf",),
        label=_("Exemplaire signé"),
        required=False,
        help_text=_("Numérisé en PDF, 10 Mo au plus."),
    )
    field_order = ("scan", "signed_on")

    def __init__(self, *args: Any, refusal: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refusal = refusal

    def clean_scan(self) -> UploadedFile | None:
        if self.refusal:
            raise ValidationError(self.refusal)
        return self.cleaned_data["scan"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if self.found is None and "scan" not in self.errors:
            self.add_error("scan", _("Déposez l’exemplaire signé, numérisé en PDF."))
        return data


class FurtherCopyForm(SignedCopyForm):
    """Another copy of an act that is signed: nothing is asked but the pages, if their number differs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name != "pages_seen"]:
            del self.fields[name]
        self.people = []

    def details(self) -> dict:
        return {"confirmed_pages": self.confirmed_pages}


def copy_form(act: Act, *args: Any, **kwargs: Any) -> SignedCopyForm:
    """The form of a copy: of an act to be signed, or further one of a signed act."""
    form = FurtherCopyForm if act.state == ActState.SIGNED else SignedCopyForm
    return form(*args, act=act, **kwargs)


class RepriseScanForm(Form):
    """The scan of a paper signed before the application, and its date when the paper tells it."""

    scan = OneFileField(
        kinds=("pdf",), label=_("Papier signé, numérisé"), help_text=_("Un PDF, 10 Mo au plus.")
    )
    signed_on = forms.DateField(
        label=_("Date portée sur le papier"),
        required=False,
        widget=DateInput,
        help_text=_("Vide : la date déjà enregistrée reste."),
    )
