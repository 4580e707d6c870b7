"""A partner, a project or a convention, found by typing: among too many for a list, only what is chosen is in the page.

With scripts (`js/choose.js`) the answers come as one types. Without, « Chercher » shows the form again with them, and a
form that is saved takes the one row that the words find, or shows those among which to choose.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Case, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.forms.utils import flatatt
from django.template import loader
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from conventions.enums import ENDED_STATES
from conventions.formats import clean_line, search_key, whole_number
from conventions.models import Act, Convention, Partner, Party, Project
from conventions.models.search import SearchableQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEARCH = "_chercher"  # the button of a form that is shown without scripts
TYPED, TOLD = (
    "_cherche",
    "_montre",
)  # after the name of a field: what is typed, and what the page itself had written
LONGEST = 120  # letters of what is looked for
SHOWN = 20  # answers at most

Row = TypeVar("Row", bound=Model)


def _number_of(convention: Convention) -> str:
    return getattr(convention, "number_told", None) or ""


def _identity_of(partner: Partner) -> str:
    return f"RIDET {partner.ridet}" if partner.ridet else partner.get_nature_display()


def _by_name(rows: QuerySet[Partner], key: str) -> QuerySet[Partner]:
    """Those that bear the words as their name or acronym, those that begin with them, the others."""
    begins = Q(name_key__startswith=key) | Q(acronym_key__startswith=key)
    rank = Case(
        When(Q(name_key=key) | Q(acronym_key=key), then=Value(0)),
        When(begins, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(rank, "name", "pk") if key else rows.order_by("name", "pk")


def _newest_first(rows: QuerySet[Convention], key: str) -> QuerySet[Convention]:
    numbers = Act.objects.filter(convention=OuterRef("pk"), rank=0).values("number")
    return rows.annotate(number_told=Subquery(numbers)).order_by("-created_at", "-pk")


def _of_same_partners(of: int) -> QuerySet[Convention]:
    partners = Party.objects.filter(convention=of, partner__is_opt=False).values("partner")
    shared = Party.objects.filter(partner__in=partners).values("convention")
    return Convention.objects.filter(pk__in=shared).exclude(pk=of)


@dataclass(frozen=True, slots=True)
class Source(Generic[Row]):
    """What one chooses among: `rows`, for the row that the form is about (0: none); `hint`, what may be typed."""

    hint: "StrOrPromise"
    rows: Callable[[int], QuerySet[Row]]
    order: Callable[[QuerySet[Row], str], QuerySet[Row]]
    detail: Callable[[Row], str]

    def find(self, rows: QuerySet[Row], text: str) -> list[Row]:
        """Those of `rows` that hold each word, the likeliest first; one more than are shown, when there are more."""
        found = cast(SearchableQuerySet, rows).search(text)
        return list(self.order(found, search_key(text))[: SHOWN + 1])

    def told(self, row: Row) -> str:
        """« Judo club de Dumbéa (JCD), RIDET 0733089.001 »."""
        detail = self.detail(row)
        return f"{row}, {detail}" if detail else str(row)


PARTNER_HINT = _("Nom, sigle ou RIDET")
CONVENTION_HINT = _("Titre, partenaire ou numéro")
SOURCES: dict[str, Source] = {
    "parties": Source(PARTNER_HINT, lambda _of: Partner.objects.active(), _by_name, _identity_of),
    "partenaires": Source(
        PARTNER_HINT, lambda _of: Partner.objects.active().others(), _by_name, _identity_of
    ),
    "fiches": Source(
        PARTNER_HINT, lambda of: Partner.objects.active().others().exclude(pk=of), _by_name, _identity_of
    ),
    "projets": Source(
        _("Nom ou lieu du projet"),
        lambda of: Project.objects.filter(is_demo__in=Convention.objects.filter(pk=of).values("is_demo")),
        lambda rows, _key: rows.order_by("name", "pk"),
        lambda project: project.place,
    ),
    "budgets": Source(
        _("Nom ou lieu du projet"),
        lambda _of: Project.objects.all(),
        lambda rows, _key: rows.order_by("name", "pk"),
        lambda project: project.place,
    ),
    "suites": Source(CONVENTION_HINT, _of_same_partners, _newest_first, _number_of),
    "sujets": Source(
        CONVENTION_HINT,
        lambda _of: Convention.objects.exclude(acts__state__in=ENDED_STATES, acts__rank=0),
        _newest_first,
        _number_of,
    ),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that were typed to find another row, beside what was chosen before."""

    text: str
    chosen: Any


class FoundWidget(forms.widgets.ChoiceWidget):
    """What is chosen, a box to look for another, and what was found for the words of a form that came back."""

    template_name = "components/_choose.html"
    several = False
    found: list[Model]
    said: "StrOrPromise" = ""

    class Media:
        js = (forms.Script("js/choose.js", type="module"),)

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.found = []

    @property
    def field(self) -> "Found":
        return cast("Found", cast(forms.models.ModelChoiceIterator, self.choices).field)

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        typed, told = (clean_line(str(data.get(name + end, "")))[:LONGEST] for end in (TYPED, TOLD))
        return chosen if typed in ("", told) else Sought(typed, chosen)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        attributes = self.build_attrs(self.attrs, attrs)
        typed = value.text if isinstance(value, Sought) else ""
        chosen = value.chosen if isinstance(value, Sought) else value
        keys = [str(key) for key in (chosen if isinstance(chosen, list | tuple) else [chosen])]
        rows = self.field.rows_of(keys)
        field, held = self.field, {row.pk for row in rows}
        found = [(row.pk, field.source.told(row), False) for row in self.found if row.pk not in held]
        return {
            "name": name,
            "several": self.several,
            "attrs": flatatt(attributes),
            "key": attributes.get("id", ""),
            "options": [(row.pk, str(row), True) for row in rows] + found,
            "empty": None if self.several else field.empty_label,
            "address": field.address,
            "hint": field.source.hint,
            "label": field.label,
            "typed": typed,
            "told": typed if self.found else "",
            "said": self.said,
            "longest": LONGEST,
        }

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        context = self.get_context(name, value, attrs)
        return cast(SafeString, loader.get_template("components/_choose.html").render(context))


class FoundSelect(FoundWidget, forms.Select):
    template_name = "components/_choose.html"


class FoundBoxes(FoundWidget, forms.CheckboxSelectMultiple):
    template_name = "components/_choose.html"
    several = True


class Found(forms.ModelChoiceField):
    """The part that one row and several share. `source`: a key of SOURCES."""

    widget: type[FoundWidget] = FoundSelect

    def __init__(self, queryset: QuerySet | None = None, *, source: str = "parties", **kwargs: Any) -> None:
        self.known: dict[str, Model] = {}
        super().__init__(SOURCES[source].rows(0) if queryset is None else queryset, **kwargs)
        self.error_messages["invalid_choice"] = _("Ce choix n’est plus possible. Cherchez-en un autre.")
        self.among, self.of = source, 0

    def __deepcopy__(self, memo: dict) -> "Found":
        result = super().__deepcopy__(memo)
        result.known = dict(self.known)
        result.widget.found, result.widget.said = [], ""
        return result

    def look_among(self, source: str, *, of: int | None, also: Q | None = None) -> None:
        """Choose among these rows, for the row `of`; `also` are those that it names already."""
        self.among, self.of = source, of or 0
        rows = self.source.rows(self.of)
        self.queryset = (
            rows if also is None else rows.model._default_manager.filter(Q(pk__in=rows.values("pk")) | also)
        )

    def load(self, rows: Iterable[Model | None]) -> None:
        """Rows that are read already: they are not read again."""
        self.known = {str(row.pk): row for row in rows if row is not None}

    @property
    def source(self) -> Source:
        return SOURCES[self.among]

    @property
    def choosable(self) -> QuerySet:
        return cast(QuerySet, self.queryset)

    @property
    def address(self) -> str:
        return reverse("admin:choose", args=[self.among]) + (f"?pour={self.of}" if self.of else "")

    def rows_of(self, keys: Iterable[str]) -> list[Model]:
        """The rows of these keys, of those that may be chosen."""
        keys = [key for key in keys if whole_number(key) is not None]
        missing = [key for key in keys if key not in self.known]
        read = self.choosable.filter(pk__in=missing) if missing else []
        rows = {**self.known, **{str(row.pk): row for row in read}}
        return [rows[key] for key in dict.fromkeys(keys) if key in rows]

    def seek(self, sought: Sought) -> Model | None:
        """The one row that the words name; else what they find is kept, to be shown."""
        found = self.source.find(self.choosable, sought.text)
        named = [row for row in found if search_key(str(row)) == search_key(sought.text)]
        for rows in (named, found):
            if len(rows) == 1:
                return cast(Model, rows[0])
        widget = cast(FoundWidget, self.widget)
        widget.found = found[:SHOWN]
        if not found:
            widget.said = _("Rien ne répond à « %s ». Essayez un autre mot.") % sought.text
        elif len(found) > SHOWN:
            widget.said = _("Beaucoup répondent à « %s » : choisissez, ou précisez.") % sought.text
        else:
            widget.said = _("Plusieurs répondent à « %s » : choisissez.") % sought.text
        return None

    def offer(self, sought: Sought) -> None:
        """Show what the words find, nothing chosen yet."""
        row = self.seek(sought)
        if row is not None:
            widget = cast(FoundWidget, self.widget)
            widget.found, widget.said = [row], _("Trouvé : choisissez.")

    def settled(self, sought: Sought) -> Model:
        row = self.seek(sought)
        if row is None:
            widget = cast(FoundWidget, self.widget)
            said, widget.said = widget.said, ""
            raise ValidationError(said, code="sought")
        return row

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, Sought) or super().has_changed(initial, data)


class FoundChoiceField(Found):
    """One row."""

    def clean(self, value: Any) -> Any:
        return super().clean(self.settled(value).pk if isinstance(value, Sought) else value)

    def to_python(self, value: Any) -> Any:
        return self.known.get(str(value)) or super().to_python(value)


class FoundMultipleChoiceField(Found, forms.ModelMultipleChoiceField):
    """Several rows: what the words find joins those that are ticked."""

    widget = FoundBoxes

    def __init__(self, queryset: QuerySet | None = None, **kwargs: Any) -> None:
        kwargs.pop("empty_label", None)
        super().__init__(queryset, **kwargs)

    def clean(self, value: Any) -> Any:
        if isinstance(value, Sought):
            value = [*(value.chosen or []), str(self.settled(value).pk)]
        return super().clean(value)
