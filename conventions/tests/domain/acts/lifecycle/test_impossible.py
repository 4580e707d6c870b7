"""What no act may say and what it rarely means, rule by rule with its siblings; a reprise is never refused for it."""

import datetime

import pytest

from conventions.domain.acts.lifecycle import Doubt, doubts_on, missing_actions, set_aside
from conventions.domain.foundation.refusals import Refused
from conventions.enums import ActState, Event, PartyRole
from conventions.models import Act, JournalEntry
from conventions.tests import factories as f
from conventions.tests.factories.acts import settle

pytestmark = pytest.mark.django_db
DAY = datetime.date
KNOWN = {"amount": 1_000_000, "status": "connu", "budget_year": 2027, "label": "Achat"}
CAPPED = {"amount": 500_000, "status": "plafonne", "budget_year": 2027, "label": "Voyage"}
OUTCOME = {"amount": None, "status": "resultat", "budget_year": 2027, "label": "Recette"}
REPORT = {"kind": "compte_rendu", "text": "Remettre le compte rendu."}


def act_with(**values) -> Act:
    given = {"starts_on": DAY(2027, 1, 1), "ends_on": DAY(2027, 12, 31)}
    return f.ActFactory(convention=f.ConventionFactory(act=None), **given | values)


def codes(act: Act) -> set[str]:
    """Codes of what is missing, without the key of a row."""
    found = missing_actions(Act.objects.get(pk=act.pk), Event.SUBMIT)
    return {item.code.rstrip("0123456789").rstrip("-") for item in found}


def paid(*instalments: dict) -> list[dict]:
    return [
        {"label": f"versement {rank}", "amount": None, **values} for rank, values in enumerate(instalments, 1)
    ]


@pytest.mark.parametrize(
    ("fundings", "instalments", "code"),
    [
        ([KNOWN], paid({"amount": 1_000_000}, {"amount": 800_000}), "versements"),
        ([KNOWN], paid({"amount": 1_000_001}), "versements"),
        ([KNOWN, CAPPED], paid({"amount": 1_500_001}), "versements"),
        ([CAPPED], paid({"percent": 60}, {"amount": 300_000}), "versements"),
        ([KNOWN], paid({"percent": 60}, {"percent": 41}), "parts"),
        ([OUTCOME], paid({"percent": 100}, {"percent": 1}), "parts"),
        ([], paid({"amount": 1}), "versements-sans-soutien"),
        ([{**KNOWN, "figure": "collecte"}], paid({"amount": 1}), "versements-sans-soutien"),
        ([KNOWN], paid({}), "versement-sans-somme"),
        ([{"amount": None, "status": "inconnu"}], [], "montant-tu"),
        ([{**KNOWN, "amount": 0}], [], "zero-funding"),
        ([KNOWN], paid({"amount": 0}), "zero-instalmentterm"),
    ],
)
def test_sums_that_do_not_fit_are_refused(fundings, instalments, code):
    assert code in codes(act_with(fundings=fundings, instalments=instalments))


@pytest.mark.parametrize(
    ("fundings", "instalments"),
    [
        ([KNOWN], paid({"amount": 600_000}, {"amount": 400_000})),
        ([KNOWN], paid({"percent": 60}, {"percent": 40})),
        ([KNOWN], paid({"percent": 33, "amount": 333_333}, {"amount": 666_667})),
        ([KNOWN, CAPPED], paid({"amount": 1_500_000})),
        ([KNOWN, OUTCOME], paid({"amount": 5_000_000})),
        ([OUTCOME], paid({})),
        ([KNOWN], paid({"amount": 1})),
        ([{"amount": None, "status": "a_determiner"}], []),
    ],
)
def test_sums_that_may_be_are_let_through(fundings, instalments):
    refused = {"versements", "parts", "versements-sans-soutien", "versement-sans-somme",
               "montant-tu", "zero-funding", "zero-instalmentterm"}  # fmt: skip
    assert codes(act_with(fundings=fundings, instalments=instalments)) & refused == set()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"in_kind": [{"amount": 0, "status": "connu"}]}, "zero-inkind"),
        ({"equipment": [{"amount": 0, "status": "connu"}]}, "zero-equipmentterm"),
        ({"starts_on": DAY(27, 1, 1)}, "date-act"),
        ({"obligations": [{**REPORT, "due_wording": "avant le 31 février 2028"}]}, "date-obligation"),
        ({"obligations": [{**REPORT, "due_on": DAY(208, 6, 30)}]}, "date-obligation"),
        ({"instalments": paid({"amount": 1, "condition": "le 30/02/2027"})}, "date-instalmentterm"),
        ({"preamble": "Considérant la réunion du 31 juin 2027"}, "date-act"),
        (
            {"obligations": [{**REPORT, "due_on": DAY(2028, 6, 30), "due_wording": "avant le 31 mars 2028"}]},
            "echeances-obligation",
        ),
        (
            {"obligations": [{**REPORT, "due_on": DAY(2028, 6, 30)}, {**REPORT, "due_on": DAY(2028, 3, 31)}]},
            "echeances-doubles",
        ),
        (
            {
                "obligations": [{**REPORT, "due_on": DAY(2028, 6, 30)}],
                "clauses": [
                    {
                        "code": "compte_rendu",
                        "heading": "Bilan",
                        "body": "Dans les six mois, elle remet un bilan.",
                    }
                ],
            },
            "echeances-article",
        ),
        ({"preamble": "La fête de ꀀ"}, "lettre-act"),
        ({"obligations": [{**REPORT, "text": "Traduire en 中文"}]}, "lettre-obligation"),
        ({"clauses": [{"code": "objet", "heading": "Objet", "body": "Une 🎉"}]}, "lettre-clause"),
    ],
)
def test_what_cannot_be_worded_is_refused(values, code):
    found = codes(act_with(**values))
    assert (
        code
        in {item.rsplit("-", 2)[0] if item.startswith(("date", "lettre")) else item for item in found} | found
    )


@pytest.mark.parametrize(
    "values",
    [
        {"obligations": [{**REPORT, "due_on": DAY(2028, 6, 30), "due_wording": "avant le 30 juin 2028"}]},
        {"obligations": [{**REPORT, "due_on": DAY(2028, 6, 30)}, {**REPORT, "due_on": DAY(2028, 6, 30)}]},
        {"preamble": "Māori, Éloïse, cœur, « Ōtepoti », 12 € → n° 3"},
        {"clauses": [{"code": "compte_rendu", "heading": "Bilan", "body": "Dans les six mois, un bilan."}]},
        {"obligations": [{**REPORT, "due_wording": "dans les six mois qui suivent le 31 décembre 2027"}]},
    ],
)
def test_what_can_be_worded_is_let_through(values):
    found = codes(act_with(**values))
    assert not [code for code in found if code.startswith(("date", "lettre", "echeances"))]


def test_reprise_is_never_refused_for_what_its_source_says():
    convention = f.ConventionFactory(act=None)
    f.SourceFactory(convention=convention)
    act = f.ActFactory(
        convention=convention,
        reprise=True,
        signed_on_wording="courant 2021",
        fundings=[{"amount": None, "status": "inconnu"}],
        instalments=paid({"amount": 0}, {"percent": 90}, {"percent": 90}),
    )
    assert missing_actions(act, Event.RECORD_REPRISE) == []
    assert doubts_on(act) == []


def test_decision_is_asked_before_the_lawyer_reads():
    assert "deliberation" in codes(act_with(board_decision=None))


# Doubts


def doubts(act: Act, **values) -> dict[str, Doubt]:
    rows = doubts_on(Act.objects.get(pk=act.pk), **values)
    return {doubt.code.rstrip("0123456789").rstrip("-"): doubt for doubt in rows}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"fundings": [KNOWN], "instalments": paid({"amount": 400_000})}, "versements-incomplets"),
        (
            {"fundings": [KNOWN], "instalments": paid({"percent": 30}, {"percent": 30})},
            "versements-incomplets",
        ),
        ({"fundings": [KNOWN, CAPPED], "instalments": paid({"amount": 1_500_000})}, "versements-incertains"),
        ({"fundings": [OUTCOME], "instalments": paid({"amount": 1})}, "versements-incertains"),
        (
            {"fundings": [KNOWN], "instalments": paid({"percent": 40, "amount": 300_000})},
            "versement-deux-sommes",
        ),
        ({"starts_on": DAY(2020, 1, 1)}, "effet-passe"),
        ({"starts_on": DAY(2020, 1, 1), "ends_on": DAY(2020, 12, 31)}, "fin-passee"),
        ({"fundings": [{**KNOWN, "budget_year": 2029}]}, "exercice"),
        (
            {"clauses": [{"code": "objet", "heading": "Objet", "body": "X"}], "fundings": [KNOWN]},
            "annexe-soutien-financier-de-l-opt-nc",
        ),
    ],
)
def test_doubt_is_told_and_blocks_nothing(values, code):
    act = act_with(**values)
    assert code in doubts(act)
    assert code not in codes(act)


def test_doubt_of_a_line_names_its_date():
    act = act_with(obligations=[{**REPORT, "due_on": DAY(2020, 6, 30)}])
    [doubt] = doubts_on(act)
    assert (
        doubt.label == "L’échéance de « Remettre le compte rendu », le 30 juin 2020, est avant la signature."
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"equipment": [{"nature": "ordinateur"}]}, True),
        ({"equipment": [{"nature": "ordinateur"}], "fundings": [KNOWN]}, False),
        (
            {"equipment": [{"nature": "ordinateur"}], "fundings": [{"amount": None, "status": "sans_objet"}]},
            True,
        ),
        ({"fundings": [KNOWN]}, False),
        ({}, False),
    ],
)
def test_use_of_money_is_not_reported_where_there_are_goods_alone(values, told):
    act = act_with(obligations=[REPORT], **values)
    assert ("compte-rendu" in doubts(act)) is told


def test_party_that_promises_nothing_is_told():
    act = act_with()
    party = f.PartyFactory(convention=act.convention, role=PartyRole.COFUNDER, position=2)
    assert "partie-muette" in doubts(act)
    f.ObligationFactory(act=act, party=party, text="Payer le repas.")
    assert "partie-muette" not in doubts(act)


def test_amendment_of_an_ended_convention_without_a_new_decision_is_told():
    first = settle(act_with(starts_on=DAY(2020, 1, 1), ends_on=DAY(2020, 12, 31)), ActState.SIGNED)
    amendment = f.ActFactory(
        convention=first.convention,
        amendment=True,
        board_decision=first.board_decision or f.BoardDecisionFactory(),
    )
    if first.board_decision is None:
        Act.objects.filter(pk=amendment.pk).update(board_decision=None)
    assert "convention-finie" in doubts(amendment)


def test_reason_sets_a_doubt_aside_until_the_file_says_something_else():
    officer = f.UserFactory(role="gestionnaire")
    act = act_with(fundings=[KNOWN], instalments=paid({"amount": 400_000}))
    with pytest.raises(Refused, match="Écrivez pourquoi"):
        set_aside(act, "versements-incomplets", reason="  ", by=officer)
    set_aside(act, "versements-incomplets", reason="Le solde suivra par avenant.", by=officer)
    doubt = doubts(act)["versements-incomplets"]
    assert (doubt.reason, doubt.by) == ("Le solde suivra par avenant.", str(officer))
    line = JournalEntry.objects.get(convention=act.convention_id, event="doute_ecarte")
    assert line.actor == officer
    act.instalmentterm_set.update(amount=300_000)
    assert doubts(act)["versements-incomplets"].reason == ""
    with pytest.raises(Refused, match="ne pose plus cette question"):
        set_aside(act, "fin-passee", reason="Voulu.", by=officer)
