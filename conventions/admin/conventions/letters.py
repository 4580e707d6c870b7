"""« Courriers » of an act: prepare one, look at it, send it or note that it was handed over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import act_of, convention_of, page_url, render_page
from conventions.domain.acts import letters
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import LetterRoute
from conventions.formats import counted
from conventions.forms.letters import HandedForm, LetterForm
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.models import Act, Convention, FormalLetter

PREVIEW = "_apercu"


def addresses() -> list[tuple]:
    """(address below the convention's, view, end of its name)."""
    return [
        ("<int:pk>/courriers/", show, "letters"),
        ("<int:pk>/courriers/<int:letter>/envoyer/", send, "letter_send"),
        ("<int:pk>/courriers/<int:letter>/remis/", handed, "letter_handed"),
    ]


def letters_url(convention: Convention, act: Act) -> str:
    return reverse("admin:conventions_convention_letters", args=[convention.pk]) + f"?acte={act.rank}"


def show(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    """The letters of an act; POST looks at the next one, or makes it."""
    convention = convention_of(page, request, pk)
    act = act_of(convention, request)
    if request.method == "POST" and not permissions.can_write_letters(request.user):
        raise PermissionDenied
    form = LetterForm(request.POST if request.method == "POST" else None, act=act)
    if form.is_bound and form.is_valid() and (answer := _do(request, convention, act, form)):
        return answer
    context: dict[str, Any] = {
        "form": form,
        "rows": letters.letters_of(act),
        "handed": HandedForm(),
        "ending": form.ending,
        "ending_url": page_url(convention, form.ending) if form.ending else "",
        "may_write": permissions.can_write_letters(request.user),
        "here": letters_url(convention, act),
    }
    return render_page(page, request, convention, "letters", "Courriers", act=act, **context)


def _do(request: SignedInRequest, convention: Convention, act: Act, form: LetterForm) -> HttpResponse | None:
    """The PDF of the first letter, or the way back once they are all made; None when it is refused on the form."""
    orders = form.orders()
    with told_on_form(form):
        if PREVIEW in request.POST:
            pdf = letters.preview(act, orders[0], by=request.user)
            headers = {
                "Content-Disposition": 'inline; filename="apercu-courrier.pdf"',
                "Cache-Control": "private, no-store",
            }
            return HttpResponse(pdf.content, content_type="application/pdf", headers=headers)
        for order in orders:
            letters.prepare(act, order, by=request.user)
        told = counted(len(orders), "courrier est prêt", "courriers sont prêts")
        messages.success(request, f"{told}. Envoyez-le, ou imprimez-le, ci-dessous.")
        return HttpResponseRedirect(letters_url(convention, act))
    return None


def _letter(request: SignedInRequest, convention: Convention, letter: int) -> FormalLetter:
    """Raises Http404 for a letter of another convention, PermissionDenied."""
    row = get_object_or_404(
        FormalLetter.objects.select_related("act", "document", "party__partner"),
        pk=letter,
        act__convention=convention,
    )
    if request.method == "POST" and not permissions.can_write_letters(request.user):
        raise PermissionDenied
    return row


def send(page: PartnersModelAdmin, request: SignedInRequest, pk: int, letter: int) -> HttpResponseRedirect:
    """Send a letter by mail; a GET goes back to the page."""
    convention = convention_of(page, request, pk)
    row = _letter(request, convention, letter)
    if request.method == "POST":
        with told_on_page(request):
            letters.send(row, by=request.user)
            messages.success(request, f"Le courrier n° {row.number} part par courriel.")
    return HttpResponseRedirect(letters_url(convention, row.act))


def handed(page: PartnersModelAdmin, request: SignedInRequest, pk: int, letter: int) -> HttpResponseRedirect:
    """Note the day a letter was handed over on paper, or that of its mail received; a GET goes back to the page."""
    convention = convention_of(page, request, pk)
    row = _letter(request, convention, letter)
    if request.method == "POST":
        form = HandedForm(request.POST)
        if form.is_valid():
            with told_on_page(request):
                note = letters.note_received if row.sent_on else letters.note_handed
                noted = note(row, form.cleaned_data["on"], by=request.user)
                told = "remis" if noted.route == LetterRoute.PAPER else "reçu"
                messages.success(request, f"Le courrier n° {row.number} est noté comme {told}.")
        else:
            label = "Reçu le" if row.sent_on else "Remis sur papier le"
            messages.error(request, f"{label} : {' '.join(map(str, form.errors['on']))}")
    return HttpResponseRedirect(letters_url(convention, row.act))
