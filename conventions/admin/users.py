"""Accounts: staff and their roles, people of partners. Administrators only."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin, Task, badge, marked
from conventions.domain import people
from conventions.enums import Role
from conventions.formats import counted
from conventions.forms.users import PartnerUserForm, StaffForm
from conventions.models import User


class AudienceFilter(admin.SimpleListFilter):
    title = _("comptes")
    parameter_name = "comptes"

    def lookups(self, request, model_admin):
        return [("agents", _("agents de l’OPT-NC")), ("partenaires", _("partenaires"))]

    def queryset(self, request, queryset):
        wanted = {"agents": True, "partenaires": False}.get(self.value())
        return queryset if wanted is None else queryset.filter(is_staff=wanted)


class RoleFilter(admin.SimpleListFilter):
    title = _("rôle")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() in Role.values else queryset


class OpenFilter(admin.SimpleListFilter):
    title = _("compte")
    parameter_name = "ouvert"

    def lookups(self, request, model_admin):
        return [("oui", _("ouvert")), ("non", _("fermé"))]

    def queryset(self, request, queryset):
        wanted = {"oui": True, "non": False}.get(self.value())
        return queryset if wanted is None else queryset.filter(is_active=wanted)


@admin.register(User)
class UserAdmin(PartnersModelAdmin):
    task, task_order, nav_label = Task.ACCOUNTS, 10, _("Comptes")
    view_rule = add_rule = change_rule = permissions.can_manage_users
    list_display = ["person", "audience", "role_names", "email", "open"]
    list_filter = [AudienceFilter, RoleFilter, OpenFilter]
    search_fields = ["username", "first_name", "last_name", "email"]
    personal_fields = ("first_name", "last_name", "email", "phone", "username")
    staff_fieldsets = [
        (
            _("Personne"),
            {"fields": [("civility", "first_name", "last_name"), "job_title", ("email", "phone")]},
        ),
        (_("Accès"), {"fields": ["username", "new_password", "roles", ("is_active", "is_superuser")]}),
    ]
    partner_fieldsets = [
        (
            _("Personne"),
            {"fields": [("civility", "first_name", "last_name"), ("email", "phone"), "is_active"]},
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        return self.staff_fieldsets if obj is None or obj.is_staff else self.partner_fieldsets

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = StaffForm if obj is None or obj.is_staff else PartnerUserForm
        return super().get_form(request, obj, change, **kwargs)

    def journal_fields(self):
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

    def save_model(self, request, obj, form, change):
        if change and obj.pk == request.user.pk and not (obj.is_active and obj.is_superuser):
            raise PermissionDenied(_("Un administrateur ne ferme pas son propre compte."))
        password = form.cleaned_data.get("new_password")
        if not change:
            obj.is_staff = True
        if password:
            obj.set_password(password)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if isinstance(form, StaffForm):
            people.set_roles(form.instance, form.cleaned_data["roles"], by=request.user)
        if change and "is_active" in form.changed_data and not form.instance.is_active:
            self.tell_open_files(request, form.instance)

    def tell_open_files(self, request, user):
        """A closed account may leave files behind: say so, with the way to hand them over."""
        files = user.conventions_in_charge.count()
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
    def person(self, user):
        return marked(user, user)

    @admin.display(description=_("qui"), ordering="is_staff")
    def audience(self, user):
        return _("OPT-NC") if user.is_staff else _("partenaire")

    @admin.display(description=_("rôles"))
    def role_names(self, user):
        labels = dict(Role.choices)
        names = [str(labels.get(group.name, group.name)) for group in user.groups.all()]
        return ", ".join([str(_("administrateur"))] * user.is_superuser + names)

    @admin.display(description=_("compte"), ordering="is_active")
    def open(self, user):
        tone, label = ("ok", _("ouvert")) if user.is_active else ("done", _("fermé"))
        return badge(tone, label)
