"""An event of an act: its own page where it needs a detail or a confirmation, then `lifecycle.apply`."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions import filing, reprise
from conventions.admin.conventions.access import act_of, convention_of, form_address, page_url, render_page
from conventions.admin.conventions.leaving import OF_WHAT_IS_SAVED
from conventions.admin.conventions.review import review_context
from conventions.domain.acts import lifecycle
from conventions.domain.acts.lifecycle import EventChoice, wording
from conventions.domain.acts.review.corrections import settle
from conventions.domain.acts.review.second_reading import Rereading, since_last_reading
from conventions.domain.foundation.refusals import Refused
from conventions.domain.people import kept_texts
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import Event
from conventions.forms.events import EventForm
from conventions.forms.refusals import refuse, told_on_form, told_on_page
from conventions.models import Act, Convention, Correction

SENT = {"_confirmer", kept_texts.RESUME}  # the event's own form, and not only its button
EVENT = "admin:conventions_convention_event"
UNSAVED = (
    "« %s » attend : un texte que vous avez écrit sur cette page n’est pas enregistré. "
    "Reprenez-le pour l’enregistrer, ou cessez de le garder."
)
# Events at which a lawyer reads what changed since the last reading.
READ_AGAIN = (Event.APPROVE, Event.REQUEST_CORRECTION)


def event(page: PartnersModelAdmin, request: SignedInRequest, pk: int, event: str) -> HttpResponse:
    """GET asks; POST does. An event that needs nothing, and nothing read again, is done at once from its button."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    choice = lifecycle.choice_of(act, _known(event), user=request.user)
    if choice.event == Event.FILE_SCAN and choice.relevant and choice.allowed:
        return filing.file_signed_copy(page, request, convention, act)
    again = since_last_reading(act) if choice.event in READ_AGAIN else None
    asks = choice.needs or choice.destructive or (again and choice.event == Event.APPROVE)
    ready = request.method == "POST" and (not asks or not SENT.isdisjoint(request.POST))
    if request.method == "POST" and _waits(request, act, choice):
        return HttpResponseRedirect(page_url(convention, act))
    form = EventForm(request.POST if ready else None, takes=choice.takes, needs=choice.needs)
    if not choice.relevant or (ready and not choice.allowed):
        return _refuse(request, convention, act, choice)
    if ready and form.is_valid() and _has_seen(again, form, request):
        done = _apply(act, choice, form, request)
        if done is not None:
            messages.success(request, wording.done(choice.event, act))
            return HttpResponseRedirect(page_url(convention, done))
    return _ask(page, request, convention, act, choice, form, asked=ready, rereading=again)


def _waits(request: SignedInRequest, act: Act, choice: EventChoice) -> bool:
    """Whether what says yes to the act waits, a text that this person typed on its page being unsaved."""
    if choice.event not in OF_WHAT_IS_SAVED or not kept_texts.waits(request.user, form=form_address(act)):
        return False
    refuse(request, UNSAVED % choice.event.label)
    return True


def _known(event: str) -> Event:
    if event not in Event.values:
        raise Http404("Cette action n’existe pas.")
    return Event(event)


def _has_seen(again: Rereading | None, form: EventForm, request: SignedInRequest) -> bool:
    """Whether the difference that was shown is still the difference."""
    if again is None or request.POST.get("vu", "") == str(again.seen):
        return True
    form.add_error(None, "Le dossier a changé pendant votre lecture. Relisez la différence, puis confirmez.")
    return False


def _ask(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    convention: Convention,
    act: Act,
    choice: EventChoice,
    form: EventForm,
    **shown: Any,
) -> TemplateResponse:
    context = {
        "choice": choice,
        "action": f"{reverse(EVENT, args=[convention.pk, choice.event.value])}?acte={act.rank}",
        "explanation": wording.explanation(choice.event, act),
        "form": form,
        "may_refresh": False,
        **(reprise.attested(convention, act) if choice.event == Event.ATTEST_REPRISE else {}),
        **(review_context(request, act) if choice.event == Event.APPROVE else {"review": None}),
        **shown,
    }
    title = wording.name(choice.event, act)
    return render_page(page, request, convention, "event", title, act=act, **context)


def _refuse(
    request: SignedInRequest, convention: Convention, act: Act, choice: EventChoice
) -> HttpResponseRedirect:
    """Tried all the same: the domain refuses and tells its journal; asked only: the reason, on the page."""
    reason = choice.reason
    if request.method == "POST":
        try:
            lifecycle.apply(act, choice.event, by=request.user)
        except Refused as refusal:
            reason = str(refusal)
    refuse(request, reason)
    return HttpResponseRedirect(page_url(convention, act))


def _apply(act: Act, choice: EventChoice, form: EventForm, request: SignedInRequest) -> Act | None:
    """The act to look at next; None when it was refused, the reason being in the form."""
    with told_on_form(form):
        return lifecycle.apply(act, choice.event, by=request.user, **form.details())
    return None


def correction(
    page: PartnersModelAdmin, request: SignedInRequest, pk: int, correction: int
) -> HttpResponseRedirect:
    """Note that a correction asked by the lawyers is done."""
    convention = convention_of(page, request, pk)
    if request.method != "POST" or not permissions.can_edit_conventions(request.user):
        raise PermissionDenied
    rows = Correction.objects.filter(act__convention=convention, pk=correction).select_related("act")
    row = rows.first()
    if row is None:
        raise Http404("Cette correction n’est pas dans cette convention.")
    with told_on_page(request):
        settle(row, by=request.user)
    return HttpResponseRedirect(page_url(convention, row.act, "#etat-acte"))
