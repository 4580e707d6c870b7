"""An event of an act: its own page where it needs a detail or a confirmation, then `transitions.apply`."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from conventions.admin.conventions.access import act_of, convention_of, page_url
from conventions.domain import transitions
from conventions.enums import Event
from conventions.forms.conventions import EventForm

EXPLANATIONS = {
    Event.SUBMIT: "Le juridique relira l’acte. Ses termes ne se modifient plus pendant la relecture.",
    Event.REQUEST_CORRECTION: "L’acte revient au chargé de dossier, avec votre demande.",
    Event.APPROVE: "L’acte est prêt à être figé et signé.",
    Event.FREEZE: "Le document reçoit son numéro et ne change plus. Il part à la signature.",
    Event.TAKE_BACK: "Le document figé ne vaut plus. L’acte redevient un brouillon, avec le même numéro.",
    Event.FILE_SCAN: "Déposez l’exemplaire signé par toutes les parties : l’acte sera signé.",
    Event.RECORD_REPRISE: "L’acte est enregistré comme signé. Il se complète jusqu’à son attestation.",
    Event.ATTEST_REPRISE: "Une seconde personne atteste les faits. Ensuite ils ne changent plus.",
    Event.DECLINE: "Une partie refuse de signer. L’acte s’arrête là ; son numéro reste.",
    Event.CANCEL: "L’acte est annulé. Son numéro reste, avec la mention « annulé ».",
    Event.ABANDON: "Le brouillon s’arrête là. Il reste lisible.",
    Event.EXPIRE: "L’acte n’a pas été signé à temps. Il s’arrête là.",
}
# « Annuler » alone would read as « leave this page ».
NAMES = {
    Event.CANCEL: "Annuler l’acte",
    Event.APPROVE: "Valider l’acte",
    Event.EXPIRE: "Constater que l’acte a expiré",
}
DONE = {
    Event.SUBMIT: "L’acte est soumis au juridique.",
    Event.REQUEST_CORRECTION: "La correction est demandée.",
    Event.APPROVE: "L’acte est validé.",
    Event.FREEZE: "Le document est figé et mis à la signature.",
    Event.TAKE_BACK: "L’acte est de nouveau un brouillon.",
    Event.FILE_SCAN: "L’exemplaire signé est classé : l’acte est signé.",
    Event.RECORD_REPRISE: "La reprise est enregistrée.",
    Event.ATTEST_REPRISE: "La reprise est attestée.",
    Event.DECLINE: "Le refus est enregistré.",
    Event.CANCEL: "L’acte est annulé.",
    Event.ABANDON: "Le brouillon est abandonné.",
    Event.EXPIRE: "L’expiration est constatée.",
}


def event(page, request, pk, event):
    """GET asks; POST does. An event that needs nothing is done at once from its button."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    choice = _choice(act, event, request.user)
    ready = request.method == "POST" and (not choice.needs or "_confirmer" in request.POST)
    posted = (request.POST, request.FILES) if ready else (None, None)
    form = EventForm(*posted, needs=choice.needs)
    if ready and form.is_valid():
        refusal = _apply(act, choice, by=request.user, details=form.details())
        if refusal is None:
            messages.success(request, DONE[choice.event])
            return HttpResponseRedirect(page_url(convention, act))
        form.add_error(None, refusal)
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": NAMES.get(choice.event, choice.label),
        "convention": convention,
        "act": act,
        "choice": choice,
        "explanation": EXPLANATIONS[choice.event],
        "form": form,
        "asked": ready,
        "back": page_url(convention, act),
    }
    return TemplateResponse(request, "admin/conventions/convention/event.html", context)


def _choice(act, event: str, user) -> transitions.EventChoice:
    """The event as offered now. Raises Http404 when it has no place in the act's state."""
    found = {choice.event.value: choice for choice in transitions.available_events(act, user=user)}
    if event not in found:
        raise Http404("Cette action n’a pas lieu d’être dans l’état actuel de l’acte.")
    return found[event]


def _apply(act, choice, *, by, details) -> str | None:
    """The reason of a refusal, in French; None when it was done."""
    try:
        transitions.apply(act, choice.event, by=by, **details)
    except (transitions.Refused, transitions.ContentChanged, ValueError) as error:
        return str(error)
    return None
