"""An event of an act: its own page where it needs a detail or a confirmation, then `transitions.apply`."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse

from conventions.admin.conventions import filing, wording
from conventions.admin.conventions.access import act_of, convention_of, page_url
from conventions.domain import attachments, following, transitions
from conventions.enums import AttachmentKind, Event
from conventions.forms.events import EventForm
from conventions.models import Attachment


def event(page, request, pk, event):
    """GET asks; POST does. An event that needs nothing is done at once from its button."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    choice = transitions.choice_of(act, _known(event), user=request.user)
    ready = request.method == "POST" and (not choice.needs or "_confirmer" in request.POST)
    if choice.event == Event.FILE_SCAN and choice.relevant and choice.allowed:
        return filing.file_signed_copy(page, request, convention, act)
    kept = _kept(request, convention)
    posted = (request.POST, request.FILES) if ready else (None, None)
    form = EventForm(*posted, takes=choice.takes, needs=choice.needs, kept=kept)
    if not choice.relevant or (ready and not choice.allowed):
        return _refuse(request, convention, act, choice)
    if ready and form.is_valid():
        done = _apply(act, choice, form, request)
        if done is not None:
            messages.success(request, wording.done(choice.event, act))
            return HttpResponseRedirect(page_url(convention, done))
    kept = _keep(form, request, convention) if ready else None
    return _ask(page, request, convention, act, choice, form, asked=ready, kept=kept)


def _known(event: str) -> Event:
    if event not in Event.values:
        raise Http404("Cette action n’existe pas.")
    return Event(event)


def _ask(page, request, convention, act, choice, form, *, asked, kept):
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": wording.name(choice.event, act),
        "convention": convention,
        "act": act,
        "choice": choice,
        "explanation": wording.explanation(choice.event, act),
        "form": form,
        "asked": asked,
        "kept": kept,
        "back": page_url(convention, act),
    }
    return TemplateResponse(request, "admin/conventions/convention/event.html", context)


def _refuse(request, convention, act, choice):
    """Tried all the same: the domain refuses and tells its journal; asked only: the reason, on the page."""
    reason = choice.reason
    if request.method == "POST":
        try:
            transitions.apply(act, choice.event, by=request.user)
        except transitions.Refused as refusal:
            reason = str(refusal)
    messages.error(request, reason)
    return HttpResponseRedirect(page_url(convention, act))


def _apply(act, choice, form, request):
    """The act to look at next; None when it was refused, the reason being in the form."""
    try:
        done = transitions.apply(act, choice.event, by=request.user, **form.details())
    except following.Refused as refusal:
        for name, text in refusal.faults.items():
            form.add_error(name if name in form.fields else None, text)
        return None
    except (transitions.Refused, transitions.ContentChanged, ValueError) as error:
        form.add_error(None, str(error))
        return None
    if form.kept is not None:
        form.kept.delete()  # its bytes are now those of the document
    return done


def _keep(form, request, convention) -> Attachment | None:
    """A readable file of a form that failed is kept: it need not be chosen again."""
    upload = request.FILES.get("scan")
    if upload is None or "scan" in form.errors or "scan" not in form.fields:
        return form.kept
    return attachments.file_upload(
        upload, kind=AttachmentKind.SCAN, by=request.user, convention=convention, pending=True
    )


def _kept(request, convention) -> Attachment | None:
    key = request.POST.get("kept", "")
    if not (key.isdecimal() and len(key) < 10):
        return None
    rows = Attachment.objects.filter(convention=convention, pending=True, uploaded_by=request.user)
    return rows.filter(pk=key, kind=AttachmentKind.SCAN).first()
