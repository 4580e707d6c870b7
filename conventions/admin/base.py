"""What every page of the admin shares: rights by predicate, a journal line per save, no LogEntry, no bulk delete.

A page says who may with the predicates of `conventions.permissions`, and nothing is allowed by default:

    class KindAdmin(PartnersModelAdmin):
        view_rule = permissions.can_read_conventions
        add_rule = change_rule = permissions.can_edit_reference_data

Django's own table of permissions is not read. Inlines follow the same rules (`PartnersTabularInline`, `…Stacked…`).
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.db.models import ProtectedError, QuerySet
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions.admin.history import timeline_context
from conventions.domain import journal
from conventions.domain.journal import story
from conventions.domain.journal.story.vocabulary import thing_key
from conventions.domain.people.requests import signed_in
from conventions.domain.people.security import proofs
from conventions.formats import clean_line, phone_warnings
from conventions.forms.typed import ModelForm
from conventions.models.search import SearchableQuerySet, count_beside
from conventions.permissions import Person, Rule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEARCH_LENGTH = 200  # each word is one more condition: beyond a few hundred, databases refuse


class Task(StrEnum):
    """The groups of the navigation, in order: by what one comes to do, not by application."""

    CONVENTIONS = "Conventions"
    MONEY = "Budget"
    EQUIPMENT = "Matériel"
    PARTNERS = "Partenaires"
    PUBLICATION = "Publication"
    LISTS = "Modèles et listes"
    ACCOUNTS = "Comptes et journal"


def nobody(user: Person) -> bool:
    """The rule of a page that gave none."""
    return False


class JournalledForm(ModelForm):
    """A form of a page: what its row was before it is saved, for the journal."""

    journal_before: dict[str, Any]


class Rules(admin.options.BaseModelAdmin):
    """Rights by predicate; `is_open` narrows a change to the thing (a frozen act, a merged partner…)."""

    # The browser's own date pickers: labelled, usable by keyboard, no script of ours.
    formfield_overrides = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        },
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"})},
    }
    # Foreign keys beside which « ajouter » and « modifier » are offered; elsewhere they only clutter the form.
    related_links: tuple[str, ...] = ()

    view_rule: ClassVar[Rule] = nobody
    add_rule: ClassVar[Rule] = nobody
    change_rule: ClassVar[Rule] = nobody
    delete_rule: ClassVar[Rule] = nobody

    # Saving, or erasing, changes who somebody is or speaks for: a fresh proof is asked first.
    asks_proof: ClassVar[bool] = False

    def is_open(self, obj: Any) -> bool:
        """Whether this row may still be changed at all; whoever asks."""
        return True

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if (
            field
            and isinstance(field.widget, RelatedFieldWidgetWrapper)
            and db_field.name not in self.related_links
        ):
            field.widget = field.widget.widget
        return field

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).view_rule(request.user) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).add_rule(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).change_rule(request.user) and (obj is None or self.is_open(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return type(self).delete_rule(request.user) and (obj is None or self.is_open(obj))


class PartnersTabularInline(Rules, admin.TabularInline):
    """Lines in a form. `personal`: what they hold goes to the erasable side of the journal."""

    form = ModelForm
    extra = 0
    show_change_link = False
    personal = False


class PartnersStackedInline(Rules, admin.StackedInline):
    form = ModelForm
    extra = 0
    show_change_link = False
    personal = False


class PartnersModelAdmin(Rules, admin.ModelAdmin):
    """`task` and `task_order` place the page in the navigation; `task = None` keeps it out of it."""

    form: type[forms.ModelForm] = ModelForm
    task: Task | None = Task.LISTS
    task_order = 50
    nav_label: "StrOrPromise" = ""
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    save_on_top = False
    # Fields whose before and after are personal details: journalled in the erasable side row.
    personal_fields: tuple[str, ...] = ()
    # What the list counts beside each row: {name: relation}.
    counts: dict[str, str] = {}
    # Set by a queryset that has `search()`: accents, case, œ, hyphens do not count.
    normalised_search = False

    # -- who may ------------------------------------------------------------------------------------------
    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Two buttons are enough: save, save and stay. Our own summary tells what is wrong, and takes the focus."""
        context["show_save_and_add_another"] = False
        context["refused"] = bool(context.pop("errors", None))
        return super().render_change_form(request, context, *args, **kwargs)

    # -- reading ------------------------------------------------------------------------------------------
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Neither patterns, which each engine reads its own way, nor characters that no column holds."""
        read = not lookup.endswith(("__regex", "__iregex")) and "\0" not in value
        return read and super().lookup_allowed(lookup, value, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        counts = {name: count_beside(self.model, relation) for name, relation in self.counts.items()}
        return super().get_queryset(request).annotate(**counts)

    # -- searching ----------------------------------------------------------------------------------------
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        search_term = clean_line(search_term[:SEARCH_LENGTH])
        if self.normalised_search:
            return cast(SearchableQuerySet, queryset).search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    # -- writing: one journal line per save, in the view's transaction -------------------------------------
    def journal_links(self, obj: Any) -> dict[str, Any]:
        """`convention=` or `partner=` of the line; empty: the chain of the site."""
        return {}

    def journal_rows(self, obj: Any) -> dict[str, Any]:
        """What `timeline_context` shows of this row: its chain, or its mentions in the chain of the site."""
        links = self.journal_links(obj)
        for owner in links.values():
            return {
                "rows": story.of_chain(**links),
                "chain": journal.chain_of(owner),
                "convention": links.get("convention"),
            }
        return {"rows": story.about(obj), "chain": ""}

    def journal_event(self, verb: str) -> str:
        return f"{thing_key(str(self.opts.verbose_name))}_{verb}"

    def journal_fields(self) -> list[str]:
        """Columns whose before and after are told; bookkeeping columns are not."""
        plain = [field.name for field in self.opts.fields if field.editable and not field.primary_key]
        return plain + [field.name for field in self.opts.many_to_many]

    def save_model(self, request: HttpRequest, obj: Any, form: JournalledForm, change: bool) -> None:
        form.journal_before = {}
        if self.asks_proof:
            proofs.require(signed_in(request).user)
        if change:
            stored = type(obj)._default_manager.get(pk=obj.pk)
            form.journal_before = journal.field_values(stored, self.journal_fields())
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: JournalledForm, formsets: list, change: bool) -> None:
        inlines = self.get_inline_instances(request, form.instance)
        for formset, inline in zip(formsets, inlines, strict=False):
            if getattr(inline, "asks_proof", False) and formset.has_changed():
                proofs.require(signed_in(request).user)
        super().save_related(request, form, formsets, change)
        for doubt in self.doubts(form):
            messages.warning(request, doubt)
        after = journal.field_values(form.instance, self.journal_fields())
        changes = journal.difference(form.journal_before, after)
        if not change:
            changes = {name: pair for name, pair in changes.items() if pair[1] not in (None, "", [], False)}
        personal = {name: changes.pop(name) for name in self.personal_fields if name in changes}
        for formset, inline in zip(formsets, inlines, strict=False):
            (personal if getattr(inline, "personal", False) else changes).update(inline_changes(formset))
        if change and not changes and not personal:
            return
        self.write_journal(request, form.instance, "modifie" if change else "cree", changes, personal)

    def doubts(self, form: JournalledForm) -> list[str]:
        """What a person should check in what was saved, in French; it never blocks. Here: what cannot be dialled."""
        typed = form.cleaned_data
        numbers = [typed.get("phone") or "", *(typed.get("phones") or "").split("/")]
        return [doubt for number in numbers for doubt in phone_warnings(number)]

    def write_journal(
        self,
        request: HttpRequest,
        obj: Any,
        verb: str,
        changes: dict[str, list] | None = None,
        personal: dict[str, list] | None = None,
        **details: Any,
    ) -> None:
        """One line about this row, in the open transaction."""
        links = self.journal_links(obj)
        if hasattr(obj, "version"):
            details["version"] = obj.version
        if obj not in links.values():
            details = {"objet": self.opts.model_name, "id": obj.pk, **details}
            if not self.personal_fields:
                details["nom"] = str(obj)
        journal.record(
            self.journal_event(verb),
            by=signed_in(request).user,
            changes=changes or None,
            personal=personal or None,
            details=details or None,
            **links,
        )

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        if self.asks_proof:
            proofs.require(signed_in(request).user)
        before = journal.field_values(obj, self.journal_fields())
        changes = {name: [value, None] for name, value in before.items() if value not in (None, "", [])}
        personal = {name: changes.pop(name) for name in self.personal_fields if name in changes}
        self.write_journal(request, obj, "supprime", changes, personal)
        super().delete_model(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list, dict[str, int], set[str], list]:
        """A row in use is refused because it is used: who may delete what uses it is another question."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else lacking, protected

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A row in use is refused with the reason, whenever the database finds it out."""
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            self.message_user(
                request,
                _("Cet élément est utilisé ailleurs : il ne peut pas être supprimé."),
                level="ERROR",
            )
            return HttpResponseRedirect(request.path.removesuffix("delete/") + "change/")

    # -- Django's own log is off: the journal is the one trail ----------------------------------------------
    def log_addition(  # type: ignore[override]  # nothing is logged
        self, request: HttpRequest, obj: Any, message: Any
    ) -> None:
        return None

    def log_change(  # type: ignore[override]  # nothing is logged
        self, request: HttpRequest, obj: Any, message: Any
    ) -> None:
        return None

    def log_deletions(  # type: ignore[override]  # nothing is logged
        self, request: HttpRequest, queryset: QuerySet
    ) -> None:
        return None

    def history_object(self, request: HttpRequest, object_id: str) -> models.Model | None:
        """The row whose history is read, None when it is not there to be seen."""
        return self.get_object(request, object_id)

    def gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Django's own answer about a row that is not there."""
        gone = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]  # not in its stubs
        return gone(request, self.opts, object_id)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The journal of this row, newest first."""
        obj = self.history_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            return self.gone(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Historique"),
            "subtitle": str(obj),
            "opts": self.opts,
            "object": obj,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            **timeline_context(request, **self.journal_rows(obj)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class MayBeDemo(Protocol):
    """A row that may be invented for the demonstration."""

    @property
    def is_demo(self) -> bool: ...


def marked(text: "StrOrPromise", row: MayBeDemo) -> str:
    """The text, with the mark of what is invented for the demonstration."""
    return (
        format_html('{} <span class="badge badge-fictif">fictif</span>', text) if row.is_demo else str(text)
    )


def badge(tone: str, label: "StrOrPromise") -> str:
    """A state: a shape and a word (docs/design-system.md)."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, label)


def inline_changes(formset: BaseModelFormSet) -> dict[str, list]:
    """{« Représentants : NOM »: [before, after]} of a saved formset, in plain values."""
    label = str(capfirst(cast(type[models.Model], formset.model)._meta.verbose_name))
    found: dict[str, list] = {}
    for row in getattr(formset, "new_objects", []):
        found[f"{label} : {row}"] = [None, _row_values(row)]
    for row, names in getattr(formset, "changed_objects", []):
        form = next(form for form in formset.initial_forms if form.instance.pk == row.pk)
        before = {name: _plain(form.initial.get(name)) for name in names}
        after = {name: _plain(form.cleaned_data.get(name)) for name in names}
        found[f"{label} : {row}"] = [before, after]
    for row in getattr(formset, "deleted_objects", []):
        found[f"{label} : {row}"] = [str(row), None]
    return found


def _row_values(row: models.Model) -> dict[str, Any]:
    names = [field.name for field in row._meta.fields if field.editable and not field.primary_key]
    values = journal.field_values(row, names)
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return f"{value} (#{value.pk})"
    return value.isoformat() if hasattr(value, "isoformat") else value
