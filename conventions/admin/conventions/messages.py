"""« Messages » of a convention: what associations asked, what the office answers."""

from django.contrib import messages as told
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from conventions import permissions
from conventions.admin.conventions.access import convention_of, page_url
from conventions.domain import talking
from conventions.forms.space import MessageForm
from conventions.models import Message, Thread


def addresses() -> list[tuple]:
    """(address below the convention's, view, end of its name)."""
    return [
        ("<int:pk>/messages/", show, "messages"),
        ("<int:pk>/messages/<int:thread>/", answer, "message_answer"),
        ("<int:pk>/messages/effacer/<int:message>/", erase, "message_erase"),
    ]


def show(page, request, pk):
    return _answer(page, request, convention_of(page, request, pk))


def answer(page, request, pk, thread):
    """Answer, or close without an answer; a GET goes back to the page."""
    convention = convention_of(page, request, pk)
    row = get_object_or_404(Thread.objects.select_related("partner"), pk=thread, convention=convention)
    row.convention = convention
    if request.method != "POST":
        return HttpResponseRedirect(_url(convention, row.pk))
    if not permissions.can_decide_proposals(request.user):
        raise PermissionDenied
    if "classer" in request.POST:
        talking.settle(row, by=request.user)
        told.success(request, "L’échange est classé.")
        return HttpResponseRedirect(_url(convention, row.pk))
    form = MessageForm(request.POST, auto_id=f"echange-{row.pk}-%s")
    if form.is_valid():
        try:
            talking.answer(row, body=form.cleaned_data["body"], by=request.user)
        except ValidationError as error:
            form.add_error("body", error.error_dict["body"])
        else:
            told.success(request, "Votre réponse est partie. L’association reçoit un courriel.")
            return HttpResponseRedirect(_url(convention, row.pk))
    return _answer(page, request, convention, failed=(row.pk, form))


def erase(page, request, pk, message):
    """Erase the text of one message; a GET goes back to the page."""
    convention = convention_of(page, request, pk)
    row = get_object_or_404(
        Message.objects.select_related("thread"), pk=message, thread__convention=convention
    )
    if request.method == "POST":
        row.thread.convention = convention
        talking.erase(row, by=request.user)
        told.success(request, "Le texte du message est effacé.")
    return HttpResponseRedirect(_url(convention, row.thread_id))


def _url(convention, thread: int) -> str:
    return reverse("admin:conventions_convention_messages", args=[convention.pk]) + f"#echange-{thread}"


def _answer(page, request, convention, failed=None):
    rows = Thread.objects.filter(convention=convention).select_related("partner")
    threads = [
        (row, failed[1] if failed and failed[0] == row.pk else MessageForm(auto_id=f"echange-{row.pk}-%s"))
        for row in rows.prefetch_related("messages__author").order_by(
            "-waits_for_staff", "-updated_at", "-pk"
        )
    ]
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "original": convention,
        "title": "Messages",
        "convention": convention,
        "threads": threads,
        "may_answer": permissions.can_decide_proposals(request.user),
        "may_erase": permissions.can_erase_personal_details(request.user),
        "back": page_url(convention),
    }
    return TemplateResponse(request, "admin/conventions/convention/messages.html", context)
