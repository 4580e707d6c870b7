"""« En bref »: how much, from when until when, what the reader's party owes, in the words of the text."""

import re
from dataclasses import replace

import pytest

from conventions.domain.documents.context import TermContext
from conventions.domain.documents.rendering import in_brief
from conventions.tests.pdf import samples


def told(ctx, party="") -> dict[str, list[str]]:
    """With plain spaces."""
    return {
        label: [re.sub(r"[\xa0\u202f]", " ", line) for line in lines] for label, lines in in_brief(ctx, party)
    }


def test_it_tells_the_money_the_duration_and_the_duties_of_the_other_party():
    brief = told(samples.agreement())
    assert brief["Combien"] == ["2 000 000 F CFP, en 2 versements"]
    assert brief["De quand à quand"] == ["Du 1er avril 2026 au 31 mars 2027"]
    assert brief["Matériel"] == ["10 appareils donnés"]
    assert len(brief["Vos engagements"]) == 5
    assert "au plus tard le 30 juin 2027" in brief["Vos engagements"][0]


def test_opt_reads_its_own_duties():
    ctx = samples.agreement()
    ours = replace(ctx.obligations[-1], party=ctx.parties[0].short_name, label="Prêter deux camionnettes.")
    ctx = replace(ctx, obligations=(*ctx.obligations, ours))
    brief = told(ctx, ctx.parties[0].name.partition(" (")[0])
    assert "Vos engagements" not in brief
    assert [line.startswith("Prêter deux camionnettes") for line in brief["Engagements de l’OPT-NC"]] == [
        True
    ]
    assert len(told(ctx)["Vos engagements"]) == 5


def test_each_of_four_parties_reads_its_own():
    ctx = samples.kept("quatre-parties")
    mine, others = told(ctx, ctx.parties[1].name), [told(ctx, party.name) for party in ctx.parties[2:]]
    assert len(mine["Vos engagements"]) > 1
    assert mine["Vos engagements"] not in [brief.get("Vos engagements") for brief in others]
    assert "Engagements du bénéficiaire" not in others[0]
    assert told(ctx)["Engagements du bénéficiaire"] == mine["Vos engagements"]
    assert "Vos engagements" not in told(ctx)


def test_amount_that_is_not_told_and_an_unknown_duration_are_said_so():
    ctx = samples.agreement(
        fundings=tuple(
            replace(line, amount=None, status="inconnu") for line in samples.agreement().fundings[:1]
        ),
        instalments=(),
        term=TermContext(),
    )
    assert told(ctx)["Combien"] == ["Montant non communiqué"]
    assert told(ctx)["De quand à quand"] == ["Non précisé dans ce texte"]


def test_amendment_tells_what_changes_and_a_termination_when_it_ends():
    changed = told(samples.amendment())
    assert next(iter(changed)) == "Ce qui change"
    assert "Combien" not in changed
    assert told(samples.termination()) == {"Fin de la convention": ["31 mars 2028"]}


@pytest.mark.parametrize(("count", "shown"), [(6, 6), (7, 7), (8, 7), (40, 7)])
def test_a_long_list_says_how_many_it_leaves_to_the_text(count, shown):
    line = samples.agreement().obligations[0]
    lines = tuple(replace(line, label=f"Organiser la sortie {rank}") for rank in range(count))
    duties = told(samples.agreement(obligations=lines))["Vos engagements"]
    assert len(duties) == shown
    assert (duties[-1] == f"Et {count - 6} autres, dans le texte") == (count > 7)


def test_quantity_that_nobody_gave_is_not_counted():
    line = replace(samples.agreement().equipment[0], quantity=None)
    assert told(samples.agreement(equipment=(line,)))["Matériel"] == [
        "1 ligne sans quantité connue (appareils donnés)"
    ]
