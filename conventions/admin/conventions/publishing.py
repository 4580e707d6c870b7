"""The public page of a convention, seen from its file: publish, publish again, withdraw."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.admin.conventions.access import convention_of
from conventions.domain import publication
from conventions.forms.publishing import PublishForm

PUBLISH_LABELS = {
    "publiee": "Publier une nouvelle version",
    "sous_embargo": "Changer l’heure de publication",
    "non_publiee": "Publier",
    "retiree": "Publier de nouveau",
    "a_republier": "Mettre à jour la page publique",
}


def publishing(page, request, pk):
    """GET tells where the convention stands before the public; POST publishes, or withdraws."""
    convention = convention_of(page, request, pk)
    may_publish = permissions.can_publish(request.user)
    if request.method == "POST" and not may_publish:
        raise PermissionDenied
    state = publication.publication_state(convention)
    running = state.sheet.embargo_until if state.sheet else None
    wants_publishing = request.method == "POST" and "_retirer" not in request.POST
    form = PublishForm(request.POST if wants_publishing else None, initial={"embargo_until": running})
    if request.method == "POST" and (not wants_publishing or form.is_valid()):
        told = _carry_out(convention, form if wants_publishing else None, by=request.user)
        if told.ok:
            messages.success(request, told.text)
            return HttpResponseRedirect(
                reverse("admin:conventions_convention_publication", args=[convention.pk])
            )
        messages.error(request, told.text)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": "Page publique",
        "convention": convention,
        "state": state,
        "form": form,
        "may_publish": may_publish,
        "publish_label": PUBLISH_LABELS[state.code],
        "is_online": state.code in ("publiee", "a_republier"),
        "is_published": state.code in ("publiee", "a_republier", "sous_embargo"),
        "back": reverse("admin:conventions_convention_change", args=[convention.pk]),
    }
    return TemplateResponse(request, "admin/conventions/convention/publication.html", context)


@dataclass(frozen=True)
class _Told:
    """What happened, in a sentence."""

    ok: bool
    text: str


def _carry_out(convention, form, *, by) -> _Told:
    try:
        if form is None:
            publication.withdraw(convention, by=by)
            return _Told(True, "La page publique est retirée.")
        sheet = publication.publish(convention, by=by, embargo_until=form.cleaned_data["embargo_until"])
    except publication.PublicationError as refused:
        return _Told(False, str(refused))
    return _Told(
        True,
        "La page sera en ligne à l’heure dite." if sheet.embargo_until else "La page publique est à jour.",
    )
