"""The journal in words: who did what, when, and what changed."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from conventions.domain.drafting import change_label
from conventions.enums import Event
from conventions.formats import NBSP
from conventions.models import Convention, JournalEntry, Partner

VERBS = {"cree": "créé", "modifie": "modifié", "supprime": "supprimé"}
SENTENCES = {
    "compte_bancaire_ajoute": "Compte bancaire ajouté",
    "compte_bancaire_consulte": "Compte bancaire lu en entier",
    "compte_bancaire_modifie": "Compte bancaire modifié",
    "cles_bancaires_renouvelees": "Clés des comptes bancaires renouvelées",
    "rib_consulte": "RIB consulté",
    "partenaire_fusionne": "Fiches de partenaires fusionnées",
    "piece_jointe_ajoutee": "Pièce jointe ajoutée",
    "acces_ouvert": "Espace en ligne ouvert",
    "roles_modifies": "Rôles modifiés",
    "connexions_fermees": "Connexions fermées",
    "compte_debloque": "Compte débloqué",
    "invitation_envoyee": "Invitation envoyée",
    "mot_de_passe_choisi": "Mot de passe choisi",
    "mot_de_passe_change": "Mot de passe changé",
    "second_facteur_active": "Second facteur activé",
    "second_facteur_retire": "Second facteur retiré",
    "second_facteur_reinitialise": "Second facteur réinitialisé",
    "second_facteur_bloque": "Second facteur bloqué après trop d’essais",
    "codes_de_secours_renouveles": "Codes de secours renouvelés",
    "code_de_secours_utilise": "Code de secours utilisé",
    "documents_exportes": "Documents exportés",
    "action_refusee": "Action refusée",
    "articles_reproposes": "Articles proposés à nouveau",
    "avenant_commence": "Avenant commencé",
    "communique_prepare": "Communiqué préparé",
    "communique_publie": "Communiqué publié",
    "communique_retire": "Communiqué retiré",
    "bilan_enregistre": "Bilan enregistré",
    "compte_rendu_accepte": "Compte rendu accepté",
    "compte_rendu_recu": "Compte rendu reçu",
    "convention_close": "Convention close",
    "convention_creee": "Convention créée",
    "document_produit": "Document produit",
    "donnees_effacees": "Données effacées d’un appareil",
    "dossier_confie": "Dossier confié à un collègue",
    "ligne_ajoutee": "Ligne ajoutée",
    "materiel_prepare": "Matériel préparé",
    "materiel_remis": "Matériel remis",
    "modele_d_article_nouvelle_version": "Modèle d’article : nouvelle version",
    "numero_attribue": "Numéro attribué",
    "pret_rendu": "Prêt rendu",
    "publication": "Page publique publiée",
    "publication_retiree": "Page publique retirée",
    "reprise_completee": "Reprise complétée",
    "resiliation_commencee": "Résiliation commencée",
    "signataire_remplace": "Signataire absent remplacé",
    "versement_paye": "Versement payé",
    "versement_transmis": "Versement transmis à l’agent comptable",
    "details_personnels_effaces": "Détails personnels effacés du journal",
}
NOTHING = "(vide)"
SHOWN = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One journal entry for a reader; `changes` are (what, before, after), all texts."""

    entry: JournalEntry
    sentence: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    details: list[tuple[str, str]] = field(default_factory=list)

    @property
    def actor(self) -> str:
        return str(self.entry.actor) if self.entry.actor else "l’application"


def entries_about(obj, links: dict[str, Any], *, limit: int = 200) -> list[Line]:
    """Lines of a row, newest first: its own chain, or its mentions in the chain of the site."""
    rows = JournalEntry.objects.select_related("actor", "personal").order_by("-sequence")
    if links:
        model, row = next(iter(links.items()))
        return [read(entry) for entry in rows.of_chain(f"{model}:{row.pk}").order_by("-sequence")[:limit]]
    wanted = f'"id":{obj.pk},'
    found = rows.of_chain("site").filter(payload__contains=wanted).order_by("-sequence")
    about = [entry for entry in found[: limit * 5] if _details(entry).get("objet") == obj._meta.model_name]
    return [read(entry) for entry in about[:limit]]


def read(entry: JournalEntry) -> Line:
    """An entry in words. Rows of its side table and its actor are best loaded beforehand."""
    payload = json.loads(entry.payload)
    side = getattr(entry, "personal", None)
    personal = side.data if side is not None else {}
    pairs = dict(payload["changes"])
    details = {
        name: value for name, value in payload["details"].items() if name not in ("version", "objet", "id")
    }
    for name, value in personal.items():
        if isinstance(value, list) and len(value) == 2:
            pairs[name] = value
        else:
            details[name] = value
    if payload["personal"] and side is None:
        details["détails personnels"] = "effacés"
    model = _model_of(entry, payload["details"])
    changes = [(label_of(model, name), shown(old), shown(new)) for name, (old, new) in pairs.items()]
    listed = [
        (label_of(model, name), shown(value))
        for name, value in details.items()
        if value not in ("", None, [])
    ]
    return Line(entry, sentence(entry.event), changes, listed)


def sentence(event: str) -> str:
    """The event in words: « Convention modifiée » is said « Convention : modifié »."""
    if event in SENTENCES:
        return SENTENCES[event]
    if event in Event.values:
        return str(Event(event).label)
    subject, _sep, verb = event.rpartition("_")
    if verb in VERBS and subject:
        return f"{subject.replace('_', ' ').capitalize()}{NBSP}: {VERBS[verb]}"
    return event.replace("_", " ").capitalize()


def label_of(model, name: str) -> str:
    """The French label of a column, else the name as it was written."""
    if model is not None:
        try:
            return str(model._meta.get_field(name).verbose_name).capitalize()
        except FieldDoesNotExist:
            pass
    return change_label(name)


def shown(value: Any) -> str:
    """A journalled value for a reader, cut when it is long."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return " · ".join(f"{name}{NBSP}: {shown(item)}" for name, item in value.items())
    text = str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"


def _details(entry: JournalEntry) -> dict[str, Any]:
    return json.loads(entry.payload)["details"]


def _model_of(entry: JournalEntry, details: dict[str, Any]):
    if details.get("objet"):
        try:
            return apps.get_model("conventions", details["objet"])
        except LookupError:
            return None
    if entry.convention_id:
        return Convention
    return Partner if entry.partner_id else None
