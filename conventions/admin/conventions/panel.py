"""The head of the page: where the act stands, what is missing, what may be done, its documents, what happened."""

from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet, prefetch_related_objects
from django.utils.text import capfirst

from conventions import permissions
from conventions.admin.conventions.amending.acts import acts_card
from conventions.admin.conventions.columns import partners_of
from conventions.admin.conventions.page import Page
from conventions.admin.conventions.readings import STATE_TONES, STATUS_TONES, state_wording
from conventions.admin.conventions.review import review_context
from conventions.domain.acts import drafting, lifecycle, signing
from conventions.domain.acts.paper import copies
from conventions.domain.acts.review.second_reading import since_last_reading
from conventions.domain.acts.scans import reprises
from conventions.domain.journal import story
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import (
    AWAITING_SIGNATURE_STATES,
    BEFORE_FREEZING_STATES,
    ActKind,
    ActState,
    DocumentKind,
    SigningPath,
)
from conventions.formats import act_words
from conventions.models import Act, Convention, Document, Party, PublicSheet, Thread, User

STEPS = (
    ("Brouillon", (ActState.DRAFT, ActState.TO_CORRECT)),
    ("Relecture", (ActState.IN_REVIEW,)),
    ("Validé", (ActState.APPROVED,)),
    ("Signature", (ActState.TO_SIGN, ActState.PARTLY_SIGNED, ActState.TO_SEAL)),
    ("Signé", (ActState.SIGNED,)),
)
REPRISE_STEPS = (("Saisie", (ActState.DRAFT,)), ("Enregistrée", (ActState.SIGNED,)), ("Attestée", ()))
NEXT = {
    ActState.DRAFT: "Complétez le dossier, puis soumettez-le au juridique.",
    ActState.TO_CORRECT: "Corrigez ce qui est demandé, puis soumettez de nouveau.",
    ActState.IN_REVIEW: "Le juridique relit {the}.",
    ActState.APPROVED: "{The} peut être figé{e} et mis{e} à la signature.",
    ActState.TO_SIGN: "Le document est figé. Il attend les signatures.",
    ActState.PARTLY_SIGNED: "Il manque encore des signatures.",
    ActState.TO_SEAL: "Tout le monde a signé. Le document va être scellé.",
    ActState.SIGNED: "{The} est signé{e}. Ses termes ne changent plus.",
    ActState.ABANDONED: "Ce brouillon a été abandonné.",
    ActState.CANCELLED: "{This} a été annulé{e}.",
    ActState.DECLINED: "Une partie a refusé de signer.",
    ActState.EXPIRED: "{This} n’a pas été signé{e} à temps.",
}
SHOWN_ENTRIES = 8


@dataclass(frozen=True)
class Step:
    title: str
    state: str


def context(request: SignedInRequest, sheet: Page, acts: list[Act]) -> dict:
    user, convention, act = request.user, sheet.convention, sheet.act
    in_preparation = act.state in BEFORE_FREEZING_STATES and not act.is_reprise
    row = sheet.row if in_preparation else None
    parties = Party.objects.select_related("partner").order_by("position", "pk")
    prefetch_related_objects([convention], Prefetch("parties", queryset=parties))
    return {
        **_standing(convention, act),
        **_moves(act, user, row),
        **_offers(act, acts, user),
        "act_query": f"?acte={act.rank}" if len(acts) > 1 else "",  # without it, the last act is meant
        "acts": acts_card(acts, act),
        "has_text": _has_text(acts),
        "partners": partners_of(convention),
        "documents": _documents(act),
        "has_preview": in_preparation,
        "signatures": _signatures(act),
        **_around(convention, user),
        **review_context(request, act, row=row),
    }


def _around(convention: Convention, user: User) -> dict:
    """What is told of the convention elsewhere."""
    return {
        "threads": _threads(convention) if permissions.can_read_messages(user) else [],
        "public_url": _public_url(convention),
        "renewal": convention.renewals.first(),
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
        "advice": lifecycle.advice_on(act),
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
        "may_file": permissions.can_file_scans(user),
        "may_add_scan": edits and reprises.accepts_scan(act),
        "may_renew": edits and _is_renewable(acts),
        "printable": act.state in AWAITING_SIGNATURE_STATES and copies.is_printable(act),
        "has_dossier": is_signed and act.signed_document_id is not None,
        "publishable": is_signed,
    }


def _has_text(acts: list[Act]) -> bool:
    """Of a reprise alone there is no text, only facts."""
    signed = [act for act in acts if act.state == ActState.SIGNED]
    return acts[0] in signed and (not acts[0].is_reprise or len(signed) > 1)


def _is_renewable(acts: list[Act]) -> bool:
    ended = any(act.kind == ActKind.TERMINATION and act.state == ActState.SIGNED for act in acts)
    return acts[0].state == ActState.SIGNED and not ended


def _standing(convention: Convention, act: Act) -> dict:
    return {
        "state_label": capfirst(state_wording(act)),
        "state_tone": STATE_TONES[ActState(act.state)],
        "status_label": capfirst(convention.status.label),
        "status_tone": STATUS_TONES[convention.status],
        "next_sentence": _next_sentence(act),
        "steps": _steps(act),
    }


def _next_sentence(act: Act) -> str:
    if act.is_reprise and act.state == ActState.SIGNED:
        if act.attested_at is None:
            return "Reprise enregistrée. Elle se complète jusqu’à ce qu’une seconde personne l’atteste."
        return "Reprise attestée. Ses faits ne changent plus."
    if act.is_reprise and act.state == ActState.DRAFT:
        return "Saisissez les faits établis et leurs sources, puis enregistrez la reprise."
    words = act_words(act.kind)
    return NEXT[ActState(act.state)].format(
        the=words.the, The=capfirst(words.the), This=capfirst(words.this), e=words.agree("")
    )


def _steps(act: Act) -> list[Step]:
    if act.is_reprise:
        rank = 0 if act.state == ActState.DRAFT else 1 if act.attested_at is None else 2
        titles = [title for title, _states in REPRISE_STEPS]
    else:
        titles = [title for title, _states in STEPS]
        rank = next((rank for rank, (_title, states) in enumerate(STEPS) if act.state in states), -1)
    if rank < 0:
        return []
    return [Step(title, _step_state(index, rank, len(titles) - 1)) for index, title in enumerate(titles)]


def _step_state(index: int, rank: int, last: int) -> str:
    if index < rank or rank == index == last:
        return "is-done"
    return "is-current" if index == rank else ""


def _signatures(act: Act) -> list[signing.Line]:
    """Who signs online, once the text is frozen."""
    if act.path != SigningPath.ONLINE or act.frozen_document is None:
        return []
    return signing.progress(act.frozen_document)


def _documents(act: Act) -> QuerySet[Document]:
    return act.documents.exclude(kind=DocumentKind.DRAFT).order_by("-created_at", "-pk")[:12]


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
