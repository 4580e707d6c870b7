"""What every page of the admin shares: rights by predicate, a journal line per save, no LogEntry, no bulk delete.

A page says who may with the predicates of `conventions.permissions`, and nothing is allowed by default:

    class KindAdmin(PartnersModelAdmin):
        view_rule = permissions.can_read_conventions
        add_rule = change_rule = permissions.can_edit_reference_data

Django's own table of permissions is not read. Inlines follow the same rules (`PartnersTabularInline`, `…Stacked…`).
"""

from collections.abc import Callable
from enum import StrEnum
from types import FunctionType
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models, transaction
from django.db.models import Count, ProtectedError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from conventions.admin.history import timeline_context
from conventions.domain import journal
from conventions.domain.journal import story
from conventions.domain.journal.story.vocabulary import thing_key

SEARCH_LENGTH = 200  # each word is one more condition: beyond a few hundred, databases refuse
RULES = ("view_rule", "add_rule", "change_rule", "delete_rule")


class Task(StrEnum):
    """The groups of the navigation, in order: by what one comes to do, not by application."""

    CONVENTIONS = "Conventions"
    PARTNERS = "Partenaires"
    PUBLICATION = "Publication"
    LISTS = "Modèles et listes"
    ACCOUNTS = "Comptes et journal"


def nobody(user) -> bool:
    """The rule of a page that gave none."""
    return False


class Rules:
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

    view_rule: Callable[[Any], bool] = staticmethod(nobody)
    add_rule: Callable[[Any], bool] = staticmethod(nobody)
    change_rule: Callable[[Any], bool] = staticmethod(nobody)
    delete_rule: Callable[[Any], bool] = staticmethod(nobody)

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in RULES:
            if isinstance(cls.__dict__.get(name), FunctionType):
                setattr(cls, name, staticmethod(cls.__dict__[name]))

    def is_open(self, obj) -> bool:
        """Whether this row may still be changed at all; whoever asks."""
        return True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if (
            field
            and isinstance(field.widget, RelatedFieldWidgetWrapper)
            and db_field.name not in self.related_links
        ):
            field.widget = field.widget.widget
        return field

    def has_view_permission(self, request, obj=None):
        return self.view_rule(request.user) or self.has_change_permission(request, obj)

    def has_add_permission(self, request, obj=None):
        return self.add_rule(request.user)

    def has_change_permission(self, request, obj=None):
        return self.change_rule(request.user) and (obj is None or self.is_open(obj))

    def has_delete_permission(self, request, obj=None):
        return self.delete_rule(request.user) and (obj is None or self.is_open(obj))


class PartnersTabularInline(Rules, admin.TabularInline):
    """Lines in a form. `personal`: what they hold goes to the erasable side of the journal."""

    extra = 0
    show_change_link = False
    personal = False


class PartnersStackedInline(Rules, admin.StackedInline):
    extra = 0
    show_change_link = False
    personal = False


class PartnersModelAdmin(Rules, admin.ModelAdmin):
    """`task` and `task_order` place the page in the navigation; `task = None` keeps it out of it."""

    task: Task | None = Task.LISTS
    task_order = 50
    nav_label = ""
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
    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def render_change_form(self, request, context, *args, **kwargs):
        """Two buttons are enough: save, save and stay."""
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    # -- reading ------------------------------------------------------------------------------------------
    def get_queryset(self, request):
        counts = {name: Count(relation, distinct=True) for name, relation in self.counts.items()}
        return super().get_queryset(request).annotate(**counts)

    # -- searching ----------------------------------------------------------------------------------------
    def get_search_results(self, request, queryset, search_term):
        search_term = search_term[:SEARCH_LENGTH]
        if self.normalised_search:
            return queryset.search(search_term), False
        return super().get_search_results(request, queryset, search_term)

    # -- writing: one journal line per save, in the view's transaction -------------------------------------
    def journal_links(self, obj) -> dict[str, Any]:
        """`convention=` or `partner=` of the line; empty: the chain of the site."""
        return {}

    def journal_rows(self, obj) -> dict[str, Any]:
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

    def save_model(self, request, obj, form, change):
        form.journal_before = {}
        if change:
            stored = type(obj)._default_manager.get(pk=obj.pk)
            form.journal_before = journal.field_values(stored, self.journal_fields())
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        after = journal.field_values(form.instance, self.journal_fields())
        changes = journal.difference(form.journal_before, after)
        if not change:
            changes = {name: pair for name, pair in changes.items() if pair[1] not in (None, "", [], False)}
        personal = {name: changes.pop(name) for name in self.personal_fields if name in changes}
        for formset, inline in zip(formsets, self.get_inline_instances(request, form.instance), strict=False):
            (personal if getattr(inline, "personal", False) else changes).update(inline_changes(formset))
        if change and not changes and not personal:
            return
        self.write_journal(request, form.instance, "modifie" if change else "cree", changes, personal)

    def write_journal(self, request, obj, verb, changes=None, personal=None, **details):
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
            by=request.user,
            changes=changes or None,
            personal=personal or None,
            details=details or None,
            **links,
        )

    def delete_model(self, request, obj):
        before = journal.field_values(obj, self.journal_fields())
        changes = {name: [value, None] for name, value in before.items() if value not in (None, "", [])}
        personal = {name: changes.pop(name) for name in self.personal_fields if name in changes}
        self.write_journal(request, obj, "supprime", changes, personal)
        super().delete_model(request, obj)

    def get_deleted_objects(self, objs, request):
        """A row in use is refused because it is used: who may delete what uses it is another question."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set() if protected else lacking, protected

    def delete_view(self, request, object_id, extra_context=None):
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
    def log_addition(self, request, obj, message):
        return None

    def log_change(self, request, obj, message):
        return None

    def log_deletions(self, request, queryset):
        return None

    def history_object(self, request, object_id):
        """The row whose history is read, None when it is not there to be seen."""
        return self.get_object(request, object_id)

    def history_view(self, request, object_id, extra_context=None):
        """The journal of this row, newest first."""
        obj = self.history_object(request, object_id)
        if obj is None or not self.has_view_permission(request, obj):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
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


def marked(text, row) -> str:
    """The text, with the mark of what is invented for the demonstration."""
    return (
        format_html('{} <span class="badge badge-fictif">fictif</span>', text) if row.is_demo else str(text)
    )


def badge(tone: str, label) -> str:
    """A state: a shape and a word (docs/design-system.md)."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, label)


def inline_changes(formset) -> dict[str, list]:
    """{« Représentants : NOM »: [before, after]} of a saved formset, in plain values."""
    label = str(capfirst(formset.model._meta.verbose_name))
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


def _plain(value):
    if isinstance(value, models.Model):
        return f"{value} (#{value.pk})"
    return value.isoformat() if hasattr(value, "isoformat") else value
