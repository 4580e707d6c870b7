"""Accounts: staff and their roles, people of partners. Administrators only."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin import account_verbs
from conventions.admin.base import JournalledForm, Task, badge, marked
from conventions.admin.exports import ExportedList
from conventions.domain.people import partner_accounts, staff_accounts
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.domain.people.security import invitations
from conventions.enums import Role
from conventions.exchange import lists
from conventions.formats import counted
from conventions.forms.users import PartnerUserForm, StaffForm
from conventions.models import User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AudienceFilter(admin.SimpleListFilter):
    title = _("comptes")
    parameter_name = "comptes"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("agents", _("agents de l’OPT-NC")), ("partenaires", _("partenaires"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"agents": True, "partenaires": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_staff=wanted)


class RoleFilter(admin.SimpleListFilter):
    title = _("rôle")
    parameter_name = "role"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class SecondFactorFilter(admin.SimpleListFilter):
    title = _("second facteur")
    parameter_name = "facteur"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("sans", _("sans second facteur")), ("avec", _("avec second facteur"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"sans": True, "avec": False}.get(self.value() or "")
        staff = queryset.filter(is_staff=True)
        return queryset if wanted is None else staff.filter(second_factor__confirmed_at__isnull=wanted)


class OpenFilter(admin.SimpleListFilter):
    title = _("compte")
    parameter_name = "ouvert"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        return [("oui", _("ouvert")), ("non", _("fermé"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {"oui": True, "non": False}.get(self.value() or "")
        return queryset if wanted is None else queryset.filter(is_active=wanted)


@admin.register(User)
class UserAdmin(ExportedList):
    task, task_order, nav_label = Task.ACCOUNTS, 10, _("Comptes")
    view_rule = add_rule = change_rule = permissions.can_manage_users
    asks_proof = True
    list_display = ["person", "audience", "role_names", "factor_told", "open"]
    list_filter = [AudienceFilter, RoleFilter, SecondFactorFilter, OpenFilter]
    list_select_related = ["second_factor"]
    export_columns, export_name = lists.USER_COLUMNS, "comptes"
    change_form_template = "admin/conventions/user/change_form.html"
    search_fields = ["username", "first_name", "last_name", "email"]
    personal_fields = ("first_name", "last_name", "email", "phone", "username")
    staff_fieldsets = [
        (
            _("Personne"),
            {"fields": [("civility", "first_name", "last_name"), "job_title", ("email", "phone")]},
        ),
        (_("Accès"), {"fields": ["username", "roles", ("is_active", "is_superuser")]}),
    ]
    partner_fieldsets = [
        (
            _("Personne"),
            {"fields": [("civility", "first_name", "last_name"), ("email", "phone"), "is_active"]},
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.staff_fieldsets if obj is None or obj.is_staff else self.partner_fieldsets

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        kwargs["form"] = StaffForm if obj is None or obj.is_staff else PartnerUserForm
        return super().get_form(request, obj, change, **kwargs)

    def journal_fields(self) -> list[str]:
        return [
            "username",
            "civility",
            "first_name",
            "last_name",
            "job_title",
            "email",
            "phone",
            "is_active",
            "is_superuser",
        ]

    def save_model(self, request: HttpRequest, obj: User, form: JournalledForm, change: bool) -> None:
        if change:
            staff_accounts.check_change(obj, by=signed_in(request).user)
        else:
            staff_accounts.make_staff(obj, by=signed_in(request).user)
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: JournalledForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if isinstance(form, StaffForm):
            partner_accounts.set_roles(form.instance, form.cleaned_data["roles"], by=signed_in(request).user)
        if not change:
            invitations.invite(form.instance, by=signed_in(request).user)
            messages.success(request, _("L’invitation part par courriel. Le lien est valable trois jours."))
        if change and "is_active" in form.changed_data and not form.instance.is_active:
            left = staff_accounts.closed(form.instance, by=signed_in(request).user)
            self.tell_open_files(request, form.instance, left)

    def tell_open_files(self, request: HttpRequest, user: User, files: int) -> None:
        """A closed account may leave files behind: say so, with the way to hand them over."""
        if files:
            address = f"{reverse('admin:conventions_convention_changelist')}?charge={user.pk}"
            messages.warning(
                request,
                format_html(
                    '{} {}. <a href="{}">{}</a>',
                    user,
                    _("a encore %s à confier à un collègue") % counted(files, "dossier"),
                    address,
                    _("Voir ces dossiers"),
                ),
            )

    @admin.display(description=_("personne"), ordering="last_name")
    def person(self, user: User) -> str:
        return marked(str(user), user)

    @admin.display(description=_("qui"), ordering="is_staff")
    def audience(self, user: User) -> "StrOrPromise":
        return lists.who(user)

    @admin.display(description=_("rôles"))
    def role_names(self, user: User) -> str:
        return lists.roles_of(user)

    @admin.display(description=_("second facteur"))
    def factor_told(self, user: User) -> "StrOrPromise":
        told = lists.factor_of(user)
        return told if not user.is_staff else badge("ok" if lists.has_factor(user) else "warn", told)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<int:pk>/<str:verb>/confirmer/", view, name="user_verb"), *super().get_urls()]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: User | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["verbs"] = account_verbs.offered(obj) if obj is not None else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def verb_view(self, request: SignedInRequest, pk: int, verb: str) -> HttpResponse:
        """Asks, then does; what cannot be done to this account is not found."""
        if not permissions.can_manage_users(request.user):
            raise PermissionDenied
        user = get_object_or_404(User, pk=pk)
        found = next((known for known in account_verbs.offered(user) if known.code == verb), None)
        if found is None:
            raise Http404
        back = reverse("admin:conventions_user_change", args=[pk])
        if request.method == "POST":
            found.act(user, by=request.user)
            messages.success(request, found.told)
            return HttpResponseRedirect(back)
        shown = {
            **self.admin_site.each_context(request),
            "title": found.label,
            "verb": found,
            "account": user,
        }
        return TemplateResponse(request, "admin/conventions/user/verb.html", shown | {"back": back})

    @admin.display(description=_("compte"), ordering="is_active")
    def open(self, user: User) -> str:
        tone, label = ("ok", _("ouvert")) if user.is_active else ("done", _("fermé"))
        return badge(tone, label)
