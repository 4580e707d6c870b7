"""« Mon compte » of a member of staff: password, second factor, sessions; and signing in with the second factor."""

import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from conventions import permissions
from conventions.domain.people.requests import SignedInRequest, View, signed_in
from conventions.domain.people.security import grace, invitations, proofs, second_factor, sessions
from conventions.forms.accounts import FirstCodeForm, PasswordForm, RemovalForm, SecondFactorForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.typed import TypedForm
from conventions.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "second_facteur_attendu"
PENDING_SECONDS = 600
FORM = ["GET", "POST"]


def urls(site: AdminSite) -> list:
    """Addresses of the account, under the admin site."""

    def staff(view: View) -> View:
        return site.admin_view(sensitive_post_parameters("password", "code")(view))

    return [
        path("second-facteur/", verification, name="second_factor"),
        path("invitation/<str:who>/<str:token>/", invitation, name="invitation"),
        path("compte/", staff(account), name="account"),
        path("compte/second-facteur/", staff(factor), name="account_factor"),
        path("compte/second-facteur/preparer/", staff(factor_start), name="account_factor_start"),
        path("compte/second-facteur/retirer/", staff(factor_remove), name="account_factor_remove"),
        path("compte/codes-de-secours/", staff(recovery_codes), name="account_codes"),
        path("compte/connexions/<int:pk>/fermer/", staff(session_close), name="account_session_close"),
        path("compte/connexions/fermer/", staff(sessions_close), name="account_sessions_close"),
    ]


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> TemplateResponse:
    from django.contrib import admin

    shown = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/account/{template}.html", shown, status=status)


class StaffSignInForm(TypedForm, AdminAuthenticationForm):
    """Django's own, through our door."""


# --- signing in ---------------------------------------------------------------------------------------------
class StaffSignIn(LoginView):
    """The password; whoever has a second factor is not signed in yet, and gives a code next."""

    template_name = "admin/login.html"
    authentication_form = StaffSignInForm

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user = form.get_user()
        if second_factor.factor_of(user) is None:
            response = super().form_valid(form)
            proofs.note(self.request.session, user, proofs.Way.PASSWORD)
            return response
        target = self.get_success_url()
        logout(self.request)  # nothing of an earlier session, nor its key, goes on
        self.request.session[PENDING] = {"user": user.pk, "at": time.time(), "next": target}
        return HttpResponseRedirect(reverse("admin:second_factor"))


def _awaited(request: HttpRequest) -> User | None:
    """Who has just given the right password, for ten minutes."""
    state = request.session.get(PENDING)
    if state is None or time.time() - state["at"] > PENDING_SECONDS:
        return None
    return User.objects.filter(pk=state["user"], is_active=True, is_staff=True).first()


def _target(request: HttpRequest, asked: str) -> str:
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else reverse("admin:index")


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(FORM)
def verification(request: HttpRequest) -> HttpResponse:
    """A code after the password; or, in a session that goes on, before what asks for it (`?next=`)."""
    awaited = _awaited(request)
    user = awaited or (signed_in(request).user if permissions.can_enter_admin(request.user) else None)
    asked = request.POST.get("next") or request.GET.get("next", "")
    if user is None:
        return redirect_to_login(_target(request, asked), reverse("admin:login"))
    if awaited is None and permissions.has_second_factor(request):
        return HttpResponseRedirect(_target(request, asked))
    form = SecondFactorForm(request.POST or None)
    found = second_factor.factor_of(user)
    if request.method == "POST" and found is not None and form.is_valid():
        with told_on_form(form):
            second_factor.verify(user, form.cleaned_data["code"])
            return _verified(request, awaited, asked)
    context: dict[str, Any] = {
        "form": form,
        "next": asked,
        "factor": found,
        "signing_in": awaited is not None,
    }
    return page(request, "second_factor", "Second facteur", **context)


def _verified(request: HttpRequest, awaited: User | None, asked: str) -> HttpResponseRedirect:
    """The session gets a new key, and says that it was verified."""
    if awaited is not None:
        asked = request.session.pop(PENDING)["next"]
        login(request, awaited, backend=BACKEND)
    else:
        request.session.cycle_key()
        sessions.renamed(request.session)
    second_factor.note_verified(request.session)
    proofs.note(request.session, signed_in(request).user, proofs.Way.FACTOR)
    return HttpResponseRedirect(_target(request, asked))


@sensitive_post_parameters()
@never_cache
@require_http_methods(FORM)
def invitation(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """Choose one's own password, once; a link that no longer holds says so."""
    user = invitations.invited(who, token)
    if user is None:
        return page(request, "invitation_over", "Lien expiré", status=410)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.accept(who, token, form.cleaned_data["new_password1"])
        messages.success(request, "Votre mot de passe est enregistré. Connectez-vous.")
        return HttpResponseRedirect(reverse("admin:login"))
    return page(request, "invitation", "Choisir mon mot de passe", form=form, invited=user)


# --- the account --------------------------------------------------------------------------------------------
@require_http_methods(["GET"])
def account(request: SignedInRequest) -> HttpResponse:
    found = second_factor.factor_of(request.user)
    rows = request.user.sessions.open()
    context = {
        "factor": found,
        "codes_left": second_factor.recovery_codes_left(found) if found else 0,
        "asked": None if settings.DEMO else grace.ends(request.user),
        "only": grace.is_over(request.session),
        "must": permissions.must_have_second_factor(request.user),
        "sessions": [{"row": row, "here": sessions.is_current(row, request.session)} for row in rows],
        "idle_minutes": settings.SESSION_IDLE_STAFF,
    }
    return page(request, "account", "Mon compte", **context)


@require_http_methods(FORM)
def factor(request: SignedInRequest) -> HttpResponse:
    """What the application scans, then its first code; nothing to set up: back to the account."""
    found = second_factor.prepared(request.user)
    if found is None and second_factor.factor_of(request.user) is not None:
        return HttpResponseRedirect(reverse("admin:account"))
    if found is None:
        return page(request, "factor_start", "Ajouter un second facteur", form=PasswordForm(request=request))
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on_form(form):
            codes = second_factor.confirm(request.user, form.cleaned_data["code"])
            second_factor.note_verified(request.session)
            proofs.note(request.session, request.user, proofs.Way.FACTOR)
            return page(request, "codes", "Vos codes de secours", codes=codes, enrolled=True)
    context: dict[str, Any] = {
        "form": form,
        "secret": second_factor.secret_of(found),
        "picture": mark_safe(second_factor.picture_of(found)),
    }
    return page(request, "factor", "Ajouter un second facteur", **context)


@require_POST
def factor_start(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.POST, request=request)
    if not form.is_valid():
        return page(request, "factor_start", "Ajouter un second facteur", form=form)
    proofs.note(request.session, request.user, proofs.Way.PASSWORD)
    with told_on_page(request):
        second_factor.prepare(request.user)
    return HttpResponseRedirect(reverse("admin:account_factor"))


@require_http_methods(FORM)
def factor_remove(request: SignedInRequest) -> HttpResponse:
    if second_factor.factor_of(request.user) is None:
        return HttpResponseRedirect(reverse("admin:account"))
    form = RemovalForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        with told_on_form(form):
            second_factor.remove(request.user, form.cleaned_data["code"], session=request.session)
            messages.success(request, "Le second facteur est retiré. Vos autres connexions sont fermées.")
            return HttpResponseRedirect(reverse("admin:account"))
    return page(request, "factor_remove", "Retirer le second facteur", form=form)


@require_http_methods(FORM)
def recovery_codes(request: SignedInRequest) -> HttpResponse:
    if second_factor.factor_of(request.user) is None:
        return HttpResponseRedirect(reverse("admin:account"))
    form = FirstCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on_form(form):
            codes = second_factor.renew_recovery_codes(request.user, form.cleaned_data["code"])
            return page(request, "codes", "Vos codes de secours", codes=codes, enrolled=False)
    return page(request, "codes_renew", "Nouveaux codes de secours", form=form)


@require_POST
def session_close(request: SignedInRequest, pk: int) -> HttpResponseRedirect:
    row = request.user.sessions.open().filter(pk=pk).first()
    if row is None or sessions.is_current(row, request.session):
        raise Http404
    sessions.close(request.user, pk, by=request.user)
    messages.success(request, f"La connexion « {row.device} » est fermée.")
    return HttpResponseRedirect(reverse("admin:account"))


@require_POST
def sessions_close(request: SignedInRequest) -> HttpResponseRedirect:
    sessions.close_others(request.user, request.session, by=request.user)
    messages.success(request, "Toutes vos autres connexions sont fermées.")
    return HttpResponseRedirect(reverse("admin:account"))
