"""What an association sends about a convention: a RIB, a receipt of equipment, a report, messages.

Right → form → one verb → back to the convention. Who may not send anything here gets a 404.
"""

import functools
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from conventions.domain import space
from conventions.domain.people.requests import SignedInRequest, View
from conventions.domain.people.security import proofs
from conventions.domain.space import handovers, kept_files, proposals
from conventions.domain.space import threads as talking
from conventions.domain.space.access import File
from conventions.enums import ActOrigin
from conventions.forms.refusals import told_on_form, told_on_page
from conventions.forms.space import AcknowledgeForm, MessageForm, NewsForm, ReportForm, RibForm
from conventions.models import BankProposal, Handover, Obligation, Partner, ReportReceived, Thread, User
from conventions.views.ceremony import Ceremony, attempt


def acting(view: View) -> View:
    """Gives the view the reader's file and the partner for which he or she may send something; otherwise 404."""

    @never_cache
    @login_required
    @require_http_methods(["GET", "POST"])
    @functools.wraps(view)
    def found(request: SignedInRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        file = space.file_for(request.user, slug)
        partner = space.partner_for(request.user, file) if file else None
        if file is None or partner is None:
            raise Http404
        return view(request, file, partner, **kwargs)

    return found


def sent(request: HttpRequest) -> tuple[QueryDict, MultiValueDict] | tuple[None, None]:
    """Data and files of a form that was sent, else none: an empty one that was sent is checked too."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def desk(request: SignedInRequest, *words: object) -> kept_files.Desk:
    """Where the file of this form is kept, for this person, while something else is put right."""
    return kept_files.Desk(request.user, ":".join(str(word) for word in words))


def _page(request: HttpRequest, file: File, template: str, title: str, **context: Any) -> HttpResponse:
    back = reverse("portal:convention", args=[file.convention.slug])
    return render(request, f"portal/{template}.html", {"file": file, "title": title, "back": back, **context})


def _done(request: HttpRequest, file: File, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("portal:convention", slug=file.convention.slug)


def _sent_words(report: ReportReceived) -> str:
    told = f" ({report.attachment.recognised})" if report.attachment else ""
    return f"Votre document est envoyé{told}. L’OPT-NC le lit, puis vous répond."


@sensitive_post_parameters("number")
@acting
def bank(request: SignedInRequest, file: File, partner: Partner) -> HttpResponse:
    """A RIB: a fresh proof is asked before it is typed, and again if it grew old."""
    if request.method == "GET":
        proofs.require(request.user)
    form = RibForm(*sent(request), desk=desk(request, "rib", partner.pk), initial={"holder": partner.name})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        upload = data.pop("file") or None
        with told_on_form(form):
            row = proposals.send_account(partner, upload=upload, by=request.user, **data)
            form.desk.clear()
            told = f" ({row.attachment.recognised})" if row.attachment else ""
            return _done(request, file, f"Votre RIB est envoyé{told}. L’OPT-NC le vérifie, puis vous répond.")
    last = BankProposal.objects.filter(partner=partner).first()
    waiting = last if last is not None and last.state == "en_attente" else None
    if form.is_bound and waiting is None:
        form.keep_file()
    account = partner.bank_accounts.filter(active=True).first()
    page = {"form": form, "last": last, "waiting": waiting, "account": account}
    return _page(request, file, "bank", "Envoyer votre RIB", **page)


@acting
def handover(request: SignedInRequest, file: File, partner: Partner, pk: int) -> HttpResponse:
    rows = Handover.objects.filter(act__in=file.signed_acts).exclude(act__origin=ActOrigin.REPRISE)
    row = get_object_or_404(rows.select_related("act__convention", "document"), pk=pk)
    form = AcknowledgeForm(*sent(request), items=list(row.items.all()))
    if form.is_bound and form.is_valid():
        with told_on_page(request, messages.WARNING):
            space.acknowledge(row, partner=partner, **form.told(), by=request.user)
            messages.success(request, "Merci : votre réponse est enregistrée, l’OPT-NC est prévenu.")
        return redirect("portal:convention", slug=file.convention.slug)
    devices = space.devices_of(row)
    later = space.may_tell_missing(row)
    title = "Signaler un manque" if later else "Confirmer la réception"
    signs = not handovers.why_not(row, partner=partner, by=request.user)
    page = {"form": form, "row": row, "devices": devices, "later": later, "signs": signs}
    return _page(request, file, "handover", title, **page)


@sensitive_post_parameters("code", "drawing")
@acting
def handover_sign(request: SignedInRequest, file: File, partner: Partner, pk: int) -> HttpResponse:
    """The procès-verbal of a remise, read and signed on the spot: name, consent, then the code of a mail."""
    rows = Handover.objects.filter(act__in=file.signed_acts).exclude(act__origin=ActOrigin.REPRISE)
    row = get_object_or_404(rows.select_related("act__convention", "document"), pk=pk)
    title, context = "Signer le procès-verbal de remise", {"row": row, "devices": space.devices_of(row)}
    if reason := handovers.why_not(row, partner=partner, by=request.user):
        told = handovers.told(row)
        return _page(request, file, "handover_sign", title, reason=reason, told=told, **context)
    ceremony = _ceremony(row, partner, request.user)
    tried = attempt(request, ceremony)
    if tried.signed:
        messages.success(request, "Votre signature est enregistrée.")
        return redirect("portal:handover_sign", slug=file.convention.slug, pk=row.pk)
    told = handovers.told(row)
    return _page(request, file, "handover_sign", title, told=told, **tried.shown(ceremony), **context)


def _ceremony(row: Handover, partner: Partner, user: User) -> Ceremony:
    paper = handovers.paper_to_sign(row)
    shown = paper.sha256 if paper else ""
    sentence, person = handovers.agreed_to(row, partner=partner, by=user)
    return Ceremony(
        sentence=sentence,
        person=person,
        shown=shown,
        check=lambda entry: handovers.check_entry(row, entry, partner=partner, by=user),
        ask=lambda: handovers.ask_code(row, shown_sha256=shown, partner=partner, by=user),
        sign=lambda entry, digits: handovers.sign_handover(
            row, entry, digits=digits, partner=partner, by=user
        ),
        live=lambda: handovers.live_code(row, user),
        address=handovers.address_of(user),
    )


@acting
def news(request: SignedInRequest, file: File, partner: Partner, pk: int) -> HttpResponse:
    """What became of what was given: each answer is one button."""
    rows = Handover.objects.filter(act__in=file.signed_acts).exclude(act__origin=ActOrigin.REPRISE)
    row = get_object_or_404(rows.select_related("act"), pk=pk)
    form = NewsForm(*sent(request))
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            space.tell_news(row, partner=partner, by=request.user, **form.cleaned_data)
            return _done(request, file, "Merci : l’OPT-NC lit votre réponse.")
    devices = space.devices_of(row)
    return _page(request, file, "news", "Qu’est devenu ce matériel ?", form=form, row=row, devices=devices)


@acting
def receipt(request: SignedInRequest, file: File, partner: Partner) -> HttpResponse:
    """The model of a receipt of mécénat: a GET says what it is, a POST makes it and shows it."""
    if not space.offers_receipt(file):
        raise Http404
    if request.method == "POST":
        with told_on_page(request):
            made = space.ask_receipt(file.signed_acts[0], partner=partner, by=request.user)
            return redirect("portal:document", pk=made.document_id)
    return _page(request, file, "receipt", "Reçu de mécénat")


@acting
def report(request: SignedInRequest, file: File, partner: Partner, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Obligation.objects.current(), pk=pk, act__in=file.signed_acts, kind__in=space.PAPERS
    )
    if row.party is not None and row.party.partner_id != partner.pk:
        raise Http404
    form = ReportForm(*sent(request), desk=desk(request, "rapport", row.pk))
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        with told_on_form(form):
            made = space.send_report(row, partner=partner, upload=data.pop("file"), by=request.user, **data)
            form.desk.clear()
            return _done(request, file, _sent_words(made))
    if form.is_bound:
        form.keep_file()
    title = f"Envoyer : {row.get_kind_display()}"
    return _page(request, file, "report", title, form=form, row=row, received=space.is_received(row))


@acting
def ask(request: SignedInRequest, file: File, partner: Partner) -> HttpResponse:
    """A question on the convention, or on one article (`?article=` of the text; `?acte=` names the act)."""
    subject = space.subject_of(file, request.GET.get("acte", ""), request.GET.get("article", ""))
    form = MessageForm(*sent(request))
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            thread = talking.ask(
                file.convention,
                partner=partner,
                subject=subject,
                body=form.cleaned_data["body"],
                by=request.user,
            )
            messages.success(request, "Votre message est parti. La réponse arrivera ici et par courriel.")
            return redirect("portal:thread", slug=file.convention.slug, pk=thread.pk)
    threads = Thread.objects.filter(convention=file.convention, partner=partner)
    return _page(request, file, "ask", "Vos messages", form=form, subject=subject, threads=threads)


@acting
def thread(request: SignedInRequest, file: File, partner: Partner, pk: int) -> HttpResponse:
    row = get_object_or_404(Thread, pk=pk, convention=file.convention, partner=partner)
    form = MessageForm(*sent(request))
    if form.is_bound and form.is_valid():
        with told_on_form(form):
            talking.reply(row, body=form.cleaned_data["body"], by=request.user)
            messages.success(request, "Votre message est parti.")
            return redirect("portal:thread", slug=file.convention.slug, pk=row.pk)
    rows = row.messages.select_related("author")
    return _page(request, file, "thread", row.subject, form=form, thread=row, rows=rows)
