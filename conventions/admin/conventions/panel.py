"""The head of the page: where the act stands, what is missing, what may be done, its documents, what happened."""

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.text import capfirst

from conventions import permissions
from conventions.admin.conventions.access import form_address
from conventions.admin.conventions.amending.acts import acts_card
from conventions.admin.conventions.page import Page
from conventions.admin.conventions.review import review_context
from conventions.admin.conventions.tones import STATE_TONES, STATUS_TONES
from conventions.domain.acts import amending, announced, drafting, lifecycle, signing
from conventions.domain.acts.lifecycle import standing
from conventions.domain.acts.paper import copies
from conventions.domain.acts.review.second_reading import since_last_reading
from conventions.domain.acts.scans import reprises
from conventions.domain.journal import story
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import (
    AWAITING_SIGNATURE_STATES,
    BEFORE_FREEZING_STATES,
    ActState,
    DocumentKind,
    SigningPath,
)
from conventions.exchange.columns import partners_of
from conventions.models import Act, Convention, Document, Party, PublicSheet, Thread, User

SHOWN_ENTRIES = 8


def context(request: SignedInRequest, sheet: Page, acts: list[Act]) -> dict:
    user, convention, act = request.user, sheet.convention, sheet.act
    in_preparation = act.state in BEFORE_FREEZING_STATES and not act.is_reprise
    row = sheet.row if in_preparation else None
    parties = Party.objects.select_related("partner").order_by("position", "pk")
    if row is None:
        prefetch_related_objects([convention], Prefetch("parties", queryset=parties))
    return {
        **_standing(convention, act),
        **_moves(act, user, row),
        **_offers(act, acts, user),
        **_form(sheet, acts),
        "acts": acts_card(acts, act),
        "has_text": amending.has_text(acts),
        "partners": partners_of(row.convention if row else convention),
        "documents": _documents(act),
        "signatures": _signatures(act),
        **_around(act, acts, user),
        **review_context(request, act, row=row),
    }


def _query(acts: list[Act], act: Act) -> str:
    """Without it, the last act is meant."""
    return f"?acte={act.rank}" if len(acts) > 1 else ""


def _form(sheet: Page, acts: list[Act]) -> dict:
    """Of the page's form: whether there is one, whose buttons save what is typed, and where it goes."""
    return {
        "act_query": _query(acts, sheet.act),
        "saves": bool(sheet.scope),
        "form_address": form_address(sheet.act),
        "refresh_url": f"{_url('clauses', sheet.convention)}?acte={sheet.act.rank}",
    }


def _around(act: Act, acts: list[Act], user: User) -> dict:
    """What is told of the convention elsewhere, and the way there."""
    convention, public_url = act.convention, _public_url(act.convention)
    return {
        "threads": _threads(convention) if permissions.can_read_messages(user) else [],
        "public_url": public_url,
        "links": _links(act, user, _query(acts, act), public=bool(public_url), paper=acts[0].is_reprise),
        "renewal": convention.renewals.first(),
        "former": drafting.history_before(convention),
        "journal": _journal(convention),
    }


def _moves(act: Act, user: User, row: Act | None) -> dict:
    """Buttons of the events, and what is missing before the next one."""
    choices = lifecycle.available_events(act, user=user, row=row)
    main = [choice for choice in choices if not choice.destructive]
    checklist = next((choice for choice in main if choice.missing), None)
    return {
        "main_events": main,
        "other_events": [choice for choice in choices if choice.destructive],
        "checklist": checklist.missing if checklist else (),
        "checklist_for": checklist.label if checklist else "",
        "advice": lifecycle.advice_on(act, row=row),
        "doubts": lifecycle.doubts_on(act, row=row),
        "may_set_aside": permissions.can_move_acts(user),
        "ready_for": next((choice.label for choice in main if choice.allowed), ""),
        "rereading": since_last_reading(act) if act.state == ActState.IN_REVIEW else None,
    }


def _offers(act: Act, acts: list[Act], user: User) -> dict:
    """What else this person may do with the act as it stands."""
    edits, scope = permissions.can_edit_conventions(user), drafting.scope_of(act, user)
    is_signed = act.state == ActState.SIGNED
    return {
        "may_edit": edits,
        "may_replace": scope.terms,
        "may_refresh": scope.clauses and not act.is_reprise,
        "may_settle": act.state == ActState.TO_CORRECT and edits,
        "may_renew": edits and drafting.is_renewable(acts),
        "has_dossier": is_signed and act.signed_document_id is not None,
    }


def _links(act: Act, user: User, query: str, *, public: bool, paper: bool) -> list[tuple[str, str, str]]:
    """(label, address, look) of the pages beside this one that have a meaning for the act as it stands."""
    convention, signed = act.convention, act.state == ActState.SIGNED
    printable = act.state in AWAITING_SIGNATURE_STATES and copies.is_printable(act)
    in_preparation = act.state in BEFORE_FREEZING_STATES and not act.is_reprise
    may_add_scan = permissions.can_edit_conventions(user) and reprises.accepts_scan(act)
    batch = f"{reverse('admin:conventions_scanbatch_add')}?acte={act.pk}"
    found = [
        (signed, "Suivi", _url("follow", convention), "btn-primary"),
        (in_preparation, "Aperçu PDF", _url("preview", convention) + query, ""),
        (may_add_scan, "Ajouter le scan signé", _url("reprise_scan", convention) + query, ""),
        (
            paper and permissions.can_edit_conventions(user),
            "Saisir un avenant ou une résiliation déjà signés",
            _url("past_act", convention),
            "",
        ),
        (printable, "Imprimer", _url("print", convention) + query, ""),
        (printable and permissions.can_file_scans(user), "Classer des scans", batch, ""),
        (signed, "Courriers", _url("letters", convention) + query, ""),
        (
            not signed and announced.has_letter(act),
            "Courrier avant résiliation",
            f"{_url('letters', convention)}?acte=0",
            "",
        ),
        (public, "Page publique", _url("publication", convention), ""),
        (signed and not public, "Publier", _url("publication", convention), ""),
    ]
    return [(label, url, css) for shown, label, url, css in found if shown]


def _url(name: str, convention: Convention) -> str:
    return reverse(f"admin:conventions_convention_{name}", args=[convention.pk])


def _standing(convention: Convention, act: Act) -> dict:
    return {
        "state_label": capfirst(standing.state_wording(act)),
        "state_tone": STATE_TONES[ActState(act.state)],
        "status_label": capfirst(convention.status.label),
        "status_tone": STATUS_TONES[convention.status],
        "next_sentence": standing.next_sentence(act),
        "steps": standing.steps(act),
    }


def _signatures(act: Act) -> list[signing.Line]:
    """Who signs online, once the text is frozen."""
    if act.path != SigningPath.ONLINE or act.frozen_document is None:
        return []
    return signing.progress(act.frozen_document)


def _documents(act: Act) -> QuerySet[Document]:
    rows = act.documents.exclude(kind=DocumentKind.DRAFT).prefetch_related("received")
    return rows.order_by("-created_at", "-pk")[:12]


def _threads(convention: Convention) -> list[Thread]:
    """The last exchanges with the partners: those that wait for an answer first, those closed last."""
    rows = convention.threads.select_related("partner")
    return list(rows.order_by("-waits_for_staff", F("closed_at").asc(nulls_first=True), "-updated_at")[:4])


def _public_url(convention: Convention) -> str:
    published = PublicSheet.objects.published().filter(convention=convention).exists()
    return convention.get_absolute_url() if published else ""


def _journal(convention: Convention) -> list[story.Line]:
    """The latest lines, with who and what; the whole is on its own page."""
    rows = story.of_chain(convention=convention).select_related("actor", "personal")
    return story.read_lines(list(rows[:SHOWN_ENTRIES]), with_personal=True)
