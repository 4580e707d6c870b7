"""The admin site of OPT-NC's staff: rights by role, navigation by task, dashboard « À faire »."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin, Task
from conventions.domain.people.requests import signed_in
from conventions.domain.people.security import proofs, sessions


class PartnersAdminSite(AdminSite):
    site_title = _("OPT Partenariats")
    site_header = _("OPT Partenariats")
    index_title = _("À faire cette semaine")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        return permissions.can_enter_admin(request.user)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from conventions.admin import (  # late: its pages register with this site
            account,
            choosing,
            dashboard,
            preferences,
            seal,
            service,
        )

        pages = [
            path("chiffres/", self.admin_view(dashboard.figures), name="figures"),
            path("a-faire.csv", self.admin_view(dashboard.export), name="todo_export"),
            path(
                "a-faire/<slug:code>/<slug:key>/relancer/",
                self.admin_view(dashboard.remind),
                name="todo_remind",
            ),
            path("sceau/", self.admin_view(seal.page), name="seal"),
            path("sceaux-en-attente/", self.admin_view(seal.waiting), name="seals_waiting"),
            path("sceaux-en-attente/<int:pk>/", self.admin_view(seal.retry), name="seal_retry"),
            path("etat/", self.admin_view(service.page), name="service"),
            path("etat/horloge/", self.admin_view(service.confirm_clock), name="clock_confirm"),
            path("choisir/<slug:among>/", self.admin_view(choosing.answer), name="choose"),
            path("mes-courriels/", self.admin_view(preferences.mine), name="mail_preferences"),
        ]
        return [*pages, *account.urls(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from conventions.admin import dashboard  # late: its pages register with this site

        context = super().each_context(request)
        context["may_read_seal"] = permissions.can_read_seal(request.user)
        context["may_watch_service"] = permissions.can_watch_service(request.user)
        context["todo_count"] = dashboard.todo_count(request) if self.has_permission(request) else 0
        return context

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The password, then a code for whoever has a second factor."""
        from conventions.admin import account  # late: its pages register with this site

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.name))
        context = {
            **self.each_context(request),
            "title": _("Connexion"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return cast(HttpResponse, account.StaffSignIn.as_view(extra_context=context)(request))

    @method_decorator(never_cache)
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """A new password gives the session a new key: its row follows, and the others are closed."""
        proofs.require(signed_in(request).user)
        key = request.session.session_key
        response = super().password_change(request, extra_context)
        form = (response.context_data or {}).get("form") if hasattr(response, "context_data") else None
        if form is not None and form.is_bound:  # the focus is for what is wrong
            form.fields["old_password"].widget.attrs.pop("autofocus", None)
        if request.session.session_key != key:
            sessions.password_changed(request.session, signed_in(request).user)
        return response

    @method_decorator(never_cache)
    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().password_change_done(request, extra_context)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from conventions.admin import dashboard, service  # late: its pages register with this site

        who = signed_in(request)
        found = {**dashboard.context(who), **service.card(who), **(extra_context or {})}
        return super().index(request, found)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The navigation: pages the user may see, grouped by task."""
        groups: dict[Task, list[tuple[int, dict[str, Any]]]] = {task: [] for task in Task}
        for model, page in self._registry.items():
            if not isinstance(page, PartnersModelAdmin) or page.task is None:
                continue
            if not page.has_view_permission(request):
                continue
            groups[page.task].append((page.task_order, _entry(self, request, model, page)))
        return [
            {
                "name": task.value,
                "app_label": task.name.lower(),
                "app_url": reverse("admin:index", current_app=self.name),
                "has_module_perms": True,
                "models": [entry for _order, entry in sorted(found, key=_by_order)],
            }
            for task, found in groups.items()
            if found
        ]

    def app_index(  # type: ignore[override]  # the stubs want a page, not the way to one
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """One application holds everything: its index is the dashboard."""
        return HttpResponseRedirect(reverse("admin:index", current_app=self.name))


def _by_order(found: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    order, entry = found
    return order, entry["name"]


def _entry(
    site: AdminSite, request: HttpRequest, model: type[models.Model], page: PartnersModelAdmin
) -> dict:
    options = model._meta
    name = f"admin:{options.app_label}_{options.model_name}"
    changeable = page.has_change_permission(request)
    addable = page.has_add_permission(request)
    return {
        "model": model,
        "name": page.nav_label or capfirst(options.verbose_name_plural),
        "object_name": options.object_name,
        "perms": {"add": addable, "change": changeable, "delete": False, "view": True},
        "admin_url": reverse(f"{name}_changelist", current_app=site.name),
        "add_url": reverse(f"{name}_add", current_app=site.name) if addable else None,
        "view_only": not changeable,
    }
