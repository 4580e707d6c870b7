"""A convention with everything in it, and the words of a page."""

import datetime
import html
import re

from django.urls import reverse

from conventions.models import Document
from conventions.tests import factories as f
from conventions.tests.factories.people import days_from_today


def text(response) -> str:
    """What a page says, without its tags nor its special spaces."""
    body = re.sub(r"<(script|style|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body))).strip()


def main(response) -> str:
    return (
        text(response).partition("Se déconnecter")[2].partition("Les conventions par lesquelles")[0].strip()
    )


def rich(partner, **values):
    """A convention in force with everything in it."""
    officer = values.pop("officer", None) or f.UserFactory(
        role="gestionnaire", first_name="Maëlle", last_name="KARÉ", phone="268217"
    )
    convention = f.ConventionFactory(
        partner=partner,
        officer=officer,
        act="signe",
        act__fundings=[
            {"budget_year": 2026, "amount": 1_500_000, "label": "l’atelier"},
            {"budget_year": 2027, "unknown": True},
        ],
        act__instalments=[{"label": "solde", "amount": None, "percent": 30}],
        act__in_kind=[{"loan": True, "return_on": days_from_today(200)}],
        act__equipment=[{"lot": True}, {"nature": "clavier", "quantity": None}],
        act__obligations=[{"due_on": days_from_today(20)}],
        **values,
    )
    act = convention.acts.get()
    f.PaymentFactory(convention=convention, amount=400_000, paid_on=datetime.date(2026, 3, 1))
    f.PaymentFactory(convention=convention, amount=70_000, sent_on=datetime.date(2026, 4, 1), paid_on=None)
    f.HandoverFactory(act=act, handed_on=datetime.date(2026, 5, 1), received_by="Léa WABEALO")
    return convention


PAGES = ("convention", "agreement")


def urls(convention) -> list[str]:
    names = [reverse(f"portal:{name}", args=[convention.slug]) for name in PAGES]
    documents = Document.objects.filter(act__convention=convention)
    return names + [reverse("portal:document", args=[row.pk]) for row in documents]
