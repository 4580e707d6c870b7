"""Which convention and which of its acts a page is about, and what all its pages show."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions.admin.base import PartnersModelAdmin
from conventions.enums import ENDED_STATES
from conventions.formats import whole_number
from conventions.models import Act, Convention

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def convention_of(page: PartnersModelAdmin, request: HttpRequest, pk: int | str) -> Convention:
    """Raises PermissionDenied or Http404."""
    if not page.has_view_permission(request):
        raise PermissionDenied
    if whole_number(pk) is None:
        raise Http404("Cette convention n’existe pas.")
    rows = Convention.objects.for_user(request.user).with_status()
    row = (
        rows.select_related("kind", "officer", "project", "plan", "press_contact", "renews")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404("Cette convention n’existe pas.")
    return row


def acts_of(convention: Convention) -> list[Act]:
    """By rank; the convention is not asked for them again."""
    rows = Act.objects.select_related("board_decision", "ceremony", "frozen_document", "signed_document")
    prefetch_related_objects([convention], Prefetch("acts", queryset=rows.order_by("rank")))
    return list(convention.acts.all())


def act_of(convention: Convention, request: HttpRequest, acts: list[Act] | None = None) -> Act:
    """The act asked for (?acte=1), else the last one still alive, else the first. Raises Http404."""
    rows = acts if acts is not None else acts_of(convention)
    wanted = request.GET.get("acte", "")
    if wanted:
        chosen = next((act for act in rows if str(act.rank) == wanted), None)
        if chosen is None:
            raise Http404("Cet acte n’existe pas.")
        return chosen
    alive = [act for act in rows if act.state not in ENDED_STATES]
    if not rows:
        raise Http404("Cette convention n’a pas d’acte.")
    act = (alive or rows)[-1]
    act.convention = convention
    return act


def page_url(convention: Convention, act: Act | None = None, anchor: str = "") -> str:
    query = f"?acte={act.rank}" if act is not None and act.rank else ""
    return reverse("admin:conventions_convention_change", args=[convention.pk]) + query + anchor


def form_address(act: Act) -> str:
    """Where the form of the page is sent: it names its act, whichever is the last one by then."""
    return reverse("admin:conventions_convention_change", args=[act.convention_id]) + f"?acte={act.rank}"


def render_page(
    page: PartnersModelAdmin,
    request: HttpRequest,
    convention: Convention,
    template: str,
    title: "StrOrPromise",
    *,
    act: Act | None = None,
    status: int = 200,
    **context: Any,
) -> TemplateResponse:
    """A page beside the one of the convention, or of one of its acts, and the way back to it."""
    shared = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": title,
        "convention": convention,
        "act": act,
        "back": page_url(convention, act),
    }
    name = f"admin/conventions/convention/{template}.html"
    return TemplateResponse(request, name, shared | context, status=status)
