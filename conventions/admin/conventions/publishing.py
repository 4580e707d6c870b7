"""The public page of a convention, seen from its file: publish, publish again, withdraw."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import convention_of, render_page
from conventions.domain import publication
from conventions.domain.people.requests import SignedInRequest
from conventions.domain.publication import PublicationState
from conventions.forms.publishing import PublishForm
from conventions.forms.refusals import told_on_page
from conventions.models import Convention, User

PUBLISH_LABELS = {
    "publiee": "Publier une nouvelle version",
    "sous_embargo": "Changer l’heure de publication",
    "non_publiee": "Publier",
    "retiree": "Publier de nouveau",
    "a_republier": "Mettre à jour la page publique",
}


def publishing(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
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
        with told_on_page(request):
            told = _carry_out(convention, form if wants_publishing else None, by=request.user)
            messages.success(request, told)
            return HttpResponseRedirect(request.path)
    context = {"form": form, "may_publish": may_publish, **_standing(state)}
    return render_page(page, request, convention, "publication", "Page publique", **context)


def _standing(state: PublicationState) -> dict:
    """Where the convention stands before the public, and the name of the next step."""
    return {
        "state": state,
        "publish_label": PUBLISH_LABELS[state.code],
        "is_online": state.code in ("publiee", "a_republier"),
        "is_published": state.code in ("publiee", "a_republier", "sous_embargo"),
    }


def _carry_out(convention: Convention, form: PublishForm | None, *, by: User) -> str:
    """Publish what the form says, or withdraw when there is none; what was done, in a sentence. Raises Refused."""
    if form is None:
        publication.withdraw(convention, by=by)
        return "La page publique est retirée."
    sheet = publication.publish(convention, by=by, embargo_until=form.cleaned_data["embargo_until"])
    return "La page sera en ligne à l’heure dite." if sheet.embargo_until else "La page publique est à jour."
