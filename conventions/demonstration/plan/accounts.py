"""Demonstration accounts: invented people, one per role, all at `.invalid` addresses."""

from __future__ import annotations

from dataclasses import dataclass

from conventions.enums import Civility, Role

# Shown by `comptes_demo` and only when DEMO is on; the accounts exist nowhere else.
PASSWORD = "Demonstration-2026"
DOMAIN = "opt-partenariats.invalid"


@dataclass(frozen=True, slots=True)
class StaffAccount:
    """A member of staff of the demonstration; no role: the superuser."""

    username: str
    civility: str
    first_name: str
    last_name: str
    job_title: str
    role: Role | None

    @property
    def email(self) -> str:
        return f"{self.username}@{DOMAIN}"


STAFF = (
    StaffAccount(
        "gestionnaire", Civility.MADAME, "Wassaume", "HNAEJË", "chargée de partenariats (fictif)", Role.OFFICER
    ),
    StaffAccount(
        "gestionnaire2", Civility.MONSIEUR, "Tamatoa", "FAAHU", "chargé de partenariats (fictif)", Role.OFFICER
    ),
    StaffAccount("juriste", Civility.MADAME, "Solène", "KERVADEC", "juriste (fictif)", Role.LAWYER),
    StaffAccount(
        "direction", Civility.MONSIEUR, "Aurélien", "MAÏTERE", "directeur adjoint (fictif)", Role.DIRECTOR
    ),
    StaffAccount(
        "presidente", Civility.MADAME, "Adèle", "WANAKAT", "présidente du conseil d’administration (fictif)",
        Role.DIRECTOR,
    ),
    StaffAccount(
        "directeur", Civility.MONSIEUR, "Rodolphe", "TUHEIVA", "directeur général (fictif)", Role.DIRECTOR
    ),
    StaffAccount("comptable", Civility.MADAME, "Thi Mai", "LÊ VAN", "agente comptable (fictif)", Role.ACCOUNTANT),
    StaffAccount(
        "logistique", Civility.MONSIEUR, "Sosefo", "LAUHEA", "responsable logistique (fictif)", Role.LOGISTICS
    ),
    StaffAccount(
        "communication", Civility.MADAME, "Marie-Ange", "POINDET", "chargée de communication (fictif)",
        Role.COMMUNICATION,
    ),
    StaffAccount("lecture", Civility.MONSIEUR, "Soegeng", "WIRYONO", "auditeur interne (fictif)", Role.READER),
    StaffAccount("administration", Civility.MADAME, "Élise", "VAN DER MEER", "administratrice (fictif)", None),
)  # fmt: skip

# They sign for OPT-NC, online: their accounts open with a second factor, whose code the demonstration shows.
SIGNATORIES = ("presidente", "directeur")
# The association whose space has the most to show: its president is on the screen of `comptes_demo`.
SHOWN_SPACE = "passerelles-numeriques"

# Who journalists would call in the invented releases: never a real person.
PRESS_CONTACT = {
    "first_name": "Service presse",
    "last_name": "(FICTIF)",
    "title": "contact de démonstration",
    "phones": "00.00.00 / 00.00.01",
    "email": f"presse@{DOMAIN}",
}
