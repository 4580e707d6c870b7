"""Forms of what people bring about equipment: a file or pasted lines; columns, a line to mend, who erased and how."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conventions.equipment_enums import SanitisationCheck, SanitisationOutcome, SanitisationTechnique
from conventions.exchange.equipment.columns import CHOICES, LABELS
from conventions.exchange.equipment.lines import Line
from conventions.exchange.sheets.cells import MAX_BYTES
from conventions.exchange.sheets.tables import Table
from conventions.formats import whole_number
from conventions.forms.fields import SeveralFilesInput
from conventions.forms.following import PastDateField
from conventions.forms.stock import choices_of
from conventions.forms.typed import Form

MAX_FILES = 300
ONE_SHEET = _("Un seul tableau à la fois. Les certificats, eux, peuvent être nombreux.")
NOTHING = _("Choisissez un fichier, ou collez des lignes.")


class BroughtFilesField(forms.FileField):
    """Files of any kind: their bytes are read by `exchange`, which says what is wrong."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MAX_FILES:
            raise ValidationError(f"{MAX_FILES} fichiers au plus. Mettez-les dans une archive ZIP.")
        return files


class BringForm(Form):
    """A stock or certificates: the bytes tell which."""

    uploads = BroughtFilesField(
        label=_("Fichiers"),
        required=False,
        help_text=_(
            "Un tableau du matériel : export de GLPI ou de Snipe-IT, classeur (.xlsx, .ods, .xls) ou CSV, "
            "10 Mo au plus. Ou des certificats d’effacement : fichiers JSON de nwipe, PDF dont le nom porte le "
            "numéro de série, ou une archive ZIP des uns et des autres."
        ),
    )
    pasted = forms.CharField(
        label=_("Ou coller des lignes d’un tableur"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "wrap": "off"}),
        help_text=_("Avec leur ligne de titres."),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        files, pasted = self.cleaned_data.get("uploads") or [], self.cleaned_data.get("pasted", "").strip()
        if not files and not pasted and not self.errors:
            raise ValidationError(NOTHING)
        if files and not self.is_certificates() and (len(files) > 1 or pasted):
            self.add_error("uploads", ONE_SHEET)
        return self.cleaned_data

    def is_certificates(self) -> bool:
        """Whether each file is JSON, a PDF, or an archive that is no workbook."""
        files = self.cleaned_data.get("uploads") or []
        return bool(files) and all(_is_certificate(file) for file in files)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of each; of a sheet too heavy, no more than it takes to refuse it."""
        for file in self.cleaned_data["uploads"]:
            file.seek(0)
            yield str(file.name), file.read() if self.is_certificates() else file.read(MAX_BYTES + 1)


def _is_certificate(file: Any) -> bool:
    file.seek(0)
    head = file.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    file.seek(0)
    name = str(file.name).lower()
    is_archive = head.startswith(b"PK\x03\x04") and not name.endswith(
        (".xlsx", ".xlsm", ".ods", ".docx", ".odt")
    )
    return head.startswith((b"{", b"[", b"%PDF-")) or is_archive or name.endswith(".json")


class ErasureDetailsForm(Form):
    """What nwipe does not write."""

    agent = forms.CharField(
        label=_("Effacé par"),
        max_length=120,
        required=False,
        help_text=_("Gardé pour les certificats qui ne nomment personne."),
    )
    technique = forms.ChoiceField(
        label=_("Technique"), choices=SanitisationTechnique, initial=SanitisationTechnique.UNKNOWN,
        help_text=_("Le fichier ne la dit pas. Laissez « non précisée » si vous ne la connaissez pas."),
    )  # fmt: skip
    verification = forms.ChoiceField(
        label=_("Vérification"), choices=SanitisationCheck, initial=SanitisationCheck.UNKNOWN
    )
    done_on = PastDateField(
        label=_("Effacé le"), required=False, help_text=_("Pour les PDF, que personne ne lit ici.")
    )
    outcome = forms.ChoiceField(
        label=_("Résultat"), choices=choices_of(SanitisationOutcome),
        help_text=_("Celui que disent les PDF."),
    )  # fmt: skip

    def __init__(self, *args: Any, with_papers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_papers:
            del self.fields["done_on"], self.fields["outcome"]


class ColumnsForm(Form):
    """A choice for each column of the table, as it is understood."""

    def __init__(self, data: QueryDict | None = None, *, table: Table, from_1904: bool) -> None:
        super().__init__(data)
        self.columns = list(table.columns)
        for column in self.columns:
            self.fields[f"colonne_{column.index}"] = forms.ChoiceField(
                label=column.heading, choices=CHOICES, initial=column.field, required=False
            )
        self.fields["depuis_1904"] = forms.BooleanField(
            label=_("Les jours de ce fichier se comptent depuis 1904 (ancien Excel pour Mac)"),
            required=False,
            initial=from_1904,
        )

    def rows(self) -> Iterator[tuple[Any, Any]]:
        """(column, its field)."""
        for column in self.columns:
            yield column, self[f"colonne_{column.index}"]

    def chosen(self) -> dict[int, str]:
        found = ((column.index, self.cleaned_data[f"colonne_{column.index}"]) for column in self.columns)
        return {index: name for index, name in found if name}


class MendForm(Form):
    """The cells of a line, to write over."""

    def __init__(self, *args: Any, line: Line | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=2000, initial=line.seen.get(name, "") if line else ""
            )

    def values(self) -> dict[str, str]:
        """{field: text}, of those that came with the form."""
        return {
            name: self.cleaned_data.get(name, "") for name in LABELS if self.add_prefix(name) in self.data
        }

    @staticmethod
    def number_of(data: QueryDict) -> int | None:
        return whole_number(data.get("ligne", ""))
