"""Texts of formal letters, and letters made from them."""

import factory
from factory.django import DjangoModelFactory

from conventions import models
from conventions.enums import DocumentKind, LetterKind, TemplateState
from conventions.tests.factories.documents import DocumentFactory


class LetterTemplateFactory(DjangoModelFactory):
    """A version of a notice beyond those that come with the application."""

    class Meta:
        model = models.LetterTemplate

    code = LetterKind.NOTICE
    version = factory.Sequence(lambda n: n + 50)
    state = TemplateState.DRAFT
    heading = "Mise en demeure (fictif)"
    body = "Nous constatons ce qui suit :\n\n{{ motif }}"


class FormalLetterFactory(DjangoModelFactory):
    """A notice made for the other party of a signed act, that has not left; `sent_on` and `route` say that it has."""

    class Meta:
        model = models.FormalLetter

    act = factory.LazyFunction(lambda: _signed_act())
    party = factory.LazyAttribute(lambda o: o.act.convention.parties.exclude(role="opt").first())
    kind = LetterKind.NOTICE
    number = factory.Sequence(lambda n: f"2026-900-C{n}")
    template = factory.SubFactory(LetterTemplateFactory)
    document = factory.LazyAttribute(
        lambda o: DocumentFactory(
            act=o.act,
            kind=DocumentKind.LETTER,
            version=o.act.documents.filter(kind=DocumentKind.LETTER).count() + 1,
            title=f"Mise en demeure n° {o.number}",
            code=f"23456789{o.number[-4:].replace('-', '2').rjust(5, '3')}".replace("C", "D"),
        )
    )


def _signed_act():
    from conventions.tests.factories.acts import ConventionFactory

    return ConventionFactory(act="signe").acts.get()
