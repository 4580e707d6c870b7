"""« Messages » of a convention: what associations asked, what the office answers."""

from typing import Any

from django.contrib import messages as told
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.admin.base import PartnersModelAdmin
from conventions.admin.conventions.access import convention_of, render_page
from conventions.domain.people.requests import SignedInRequest
from conventions.domain.space import threads
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.space import AnswerForm
from conventions.models import Convention, Message, Thread


def addresses() -> list[tuple]:
    """(address below the convention's, view, end of its name)."""
    return [
        ("<int:pk>/messages/", show, "messages"),
        ("<int:pk>/messages/<int:thread>/", answer, "message_answer"),
        ("<int:pk>/messages/effacer/<int:message>/", erase, "message_erase"),
    ]


def show(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> HttpResponse:
    return _answer(page, request, _read(page, request, pk))


def _read(page: PartnersModelAdmin, request: SignedInRequest, pk: int) -> Convention:
    """The convention whose messages are read. Raises PermissionDenied."""
    convention = convention_of(page, request, pk)
    if not permissions.can_read_messages(request.user):
        raise PermissionDenied
    return convention


def answer(page: PartnersModelAdmin, request: SignedInRequest, pk: int, thread: int) -> HttpResponse:
    """Answer, or close; a GET goes back to the page."""
    convention = _read(page, request, pk)
    row = get_object_or_404(Thread.objects.select_related("partner"), pk=thread, convention=convention)
    row.convention = convention
    if request.method != "POST":
        return HttpResponseRedirect(_url(convention, row.pk))
    if not permissions.can_answer_messages(request.user):
        raise PermissionDenied
    form = AnswerForm(request.POST, auto_id=f"echange-{row.pk}-%s")
    if _do(request, row, form):
        return HttpResponseRedirect(_url(convention, row.pk))
    return _answer(page, request, convention, failed=(row.pk, form))


def _do(request: SignedInRequest, row: Thread, form: AnswerForm) -> bool:
    """« Répondre » or « Clore », by the button pressed; what is refused is on the form, with what was typed."""
    typed = request.POST.get("vu", "")
    seen = int(typed) if typed.isdecimal() and len(typed) < 19 else None
    if "clore" in request.POST:
        return _close(request, row, form, seen)
    if not form.is_valid():
        return False
    with told_on_form(form) as attempt:
        threads.answer(row, body=form.cleaned_data["body"], by=request.user, seen=seen)
        told.success(request, "Votre réponse est partie. L’association reçoit un courriel.")
    return attempt.refusal is None


def _close(request: SignedInRequest, row: Thread, form: AnswerForm, seen: int | None) -> bool:
    if form.is_valid():
        form.add_error("body", "Cette réponse n’est pas partie. Envoyez-la, ou effacez-la avant de clore.")
        return False
    with told_on_page(request):
        threads.close(row, by=request.user, seen=seen)
        told.success(request, "L’échange est clos. Si l’association écrit de nouveau, il se rouvre.")
    return True


def erase(page: PartnersModelAdmin, request: SignedInRequest, pk: int, message: int) -> HttpResponseRedirect:
    """Erase the text of one message; a GET goes back to the page."""
    convention = _read(page, request, pk)
    row = get_object_or_404(
        Message.objects.select_related("thread"), pk=message, thread__convention=convention
    )
    if request.method == "POST":
        row.thread.convention = convention
        threads.erase(row, by=request.user)
        told.success(request, "Le texte du message est effacé.")
    return HttpResponseRedirect(_url(convention, row.thread_id))


def _url(convention: Convention, thread: int) -> str:
    return reverse("admin:conventions_convention_messages", args=[convention.pk]) + f"#echange-{thread}"


def _answer(
    page: PartnersModelAdmin,
    request: SignedInRequest,
    convention: Convention,
    failed: tuple[int, AnswerForm] | None = None,
) -> TemplateResponse:
    rows = Thread.objects.filter(convention=convention).select_related("partner")
    rows = rows.prefetch_related("messages__author").order_by("-waits_for_staff", "-updated_at", "-pk")
    threads = [_shown(row, failed) for row in rows]
    context: dict[str, Any] = {
        "threads": [shown for shown in threads if not shown["thread"].closed_at],
        "closed": [shown for shown in threads if shown["thread"].closed_at],
        "may_answer": permissions.can_answer_messages(request.user),
        "may_erase": permissions.can_erase_personal_details(request.user),
    }
    return render_page(page, request, convention, "messages", "Messages", **context)


def _shown(row: Thread, failed: tuple[int, AnswerForm] | None) -> dict:
    """A thread, its messages, the form to answer, the last message that the page shows."""
    written = list(row.messages.all())
    form = failed[1] if failed and failed[0] == row.pk else AnswerForm(auto_id=f"echange-{row.pk}-%s")
    return {"thread": row, "written": written, "form": form, "seen": written[-1].pk if written else 0}
