"""What a small load makes of the data: the showcase and one convention of each state."""

import collections
import io
import itertools

import pytest
from django.core.management import call_command
from django.utils import timezone

from conventions.demonstration import loading, progress
from conventions.demonstration.loading.papers import STAMP_TEXT
from conventions.demonstration.plan import accounts
from conventions.demonstration.plan.fictive import plan
from conventions.domain import journal
from conventions.domain.acts import amending
from conventions.domain.acts.content import changes
from conventions.domain.acts.drafting import usual_duties
from conventions.domain.documents import storage, verification
from conventions.domain.documents.rendering import render_consolidated
from conventions.domain.people.security import second_factor
from conventions.enums import (
    ActKind,
    ActState,
    DocumentKind,
    LetterKind,
    Role,
    SigningPath,
)
from conventions.models import (
    Act,
    Attendee,
    BankAccount,
    Convention,
    Device,
    Document,
    EquipmentItem,
    FormalLetter,
    JournalEntry,
    Partner,
    PressRelease,
    Project,
    PublicSheet,
    Representative,
    Sanitisation,
    Signatory,
    User,
)
from conventions.tests.pdf.reading import faults_of, text_of
from conventions.tests.test_demonstration import REAL_NAMES, UNREACHABLE_STATES

pytestmark = pytest.mark.slow


def test_the_load_tells_its_steps_in_french(demo):
    start, ten = ["Comptes et partenaires", "Cas publiés"], ["Conventions fictives : 10 sur 16"]
    assert demo["told"] == [*start, *ten, *start, *ten, "Conventions fictives : 16 sur 16"]


def test_an_interrupted_load_goes_on_where_it_stopped(demo):
    assert demo["stopped"] == {"done": 10, "total": 16, "stopped": True}
    assert demo["added"] == {"cas": 0, "fictives": 6}
    assert (Convention.objects.filter(is_demo=False).count(), Convention.objects.count()) == (8, 8 + 16)
    assert progress.shown() is None


def test_a_second_load_adds_nothing(demo):
    before = (Convention.objects.count(), Document.objects.count(), User.objects.count())
    entries = JournalEntry.objects.count()
    assert loading.load(say=str, limit=1) == {"cas": 0, "fictives": 0}
    assert (Convention.objects.count(), Document.objects.count(), User.objects.count()) == before
    assert JournalEntry.objects.count() == entries


def test_each_invented_act_reaches_the_state_and_the_status_of_its_plan(demo):
    rows = {(row.title, row.starts_on): row for row in plan(timezone.localdate()).conventions}
    found = {
        (row.title, row.acts.get(rank=0).starts_on): row.status_code
        for row in Convention.objects.filter(is_demo=True).with_status()
    }
    states = [act.state for act in Act.objects.filter(convention__is_demo=True, kind=ActKind.INITIAL)]
    assert set(states) == set(ActState) - UNREACHABLE_STATES
    assert found == {key: rows[key].status for key in found}


def test_numbers_are_those_of_the_year_of_freezing(demo):
    for act in Act.objects.filter(number__isnull=False, kind=ActKind.INITIAL):
        assert act.number[:4] == str(timezone.localdate(act.frozen_at).year)


def test_journals_hold_and_four_eyes_were_kept(demo):
    chains = JournalEntry.objects.order_by().values_list("chain", flat=True).distinct()
    assert [problem for chain in chains for problem in journal.broken_links(chain)] == []
    approved = Act.objects.filter(approved_by__isnull=False)
    assert [act.pk for act in approved if act.approved_by_id == act.prepared_by_id] == []
    assert approved.exists()


def test_signed_conventions_have_their_documents(demo):
    on_paper = Act.objects.signed().filter(path=SigningPath.INK)
    for act in on_paper.filter(convention__is_demo=True, kind=ActKind.INITIAL):
        frozen, scan = act.frozen_document, act.signed_document
        assert (frozen.kind, scan.kind) == (DocumentKind.FROZEN, DocumentKind.SCAN)
        assert scan.page_count == frozen.page_count
        text = text_of(storage.read_bytes(scan))
        assert STAMP_TEXT in text
        assert "(fictif)" in text
        sheet = PublicSheet.objects.published().get(convention=act.convention)
        assert sheet.document.kind == DocumentKind.PUBLIC
        assert sheet.is_demo


def test_invented_conventions_begin_with_the_usual_duties_and_articles(demo):
    """A report for each accounting year where money is given, then the review and the visibility."""
    said = usual_duties.REPORT_TEXT.rstrip(".")
    for act in Act.objects.filter(convention__is_demo=True, kind=ActKind.INITIAL):
        texts = list(act.obligation_set.order_by("position").values_list("text", flat=True))
        reports = list(itertools.takewhile(lambda text: text.startswith(said), texts))
        assert bool(reports) == act.funding_set.granted().stated().exists()
        assert len(set(reports)) == len(reports)
        assert texts[len(reports) :][:2] == [usual_duties.REVIEW_TEXT, usual_duties.VISIBILITY_TEXT]
        articles = act.clause_set.select_related("template")
        assert [row.code for row in articles if row.differs_from_template] == []


def test_every_frozen_act_reads_right(demo):
    """Of whatever state and kind; the text in force too."""
    frozen = Document.objects.filter(kind=DocumentKind.FROZEN, act__convention__is_demo=True)
    read = {str(row): text_of(storage.read_bytes(row)) for row in frozen}
    assert {name: faults for name, text in read.items() if (faults := faults_of(text))} == {}
    assert sum("remettre le compte rendu d’emploi du soutien, signé" in text for text in read.values()) > 8
    amended = Convention.objects.get(title__startswith="Pièces de village", acts__rank=3)
    assert faults_of(text_of(render_consolidated(amending.consolidated(amended)).content)) == []


def online_acts():
    return Act.objects.filter(path=SigningPath.ONLINE, convention__is_demo=True).order_by("pk")


def test_online_signing_is_shown_at_every_stage(demo):
    told = {
        act.state: [
            hasattr(row, "act_of_signature")
            for row in act.frozen_document.signature_requests.order_by("rank")
        ]
        for act in online_acts()
    }
    assert told == {
        ActState.TO_SIGN: [False, False, False],
        ActState.PARTLY_SIGNED: [True, False, False],
        ActState.SIGNED: [True, True, True],
    }


def test_the_act_signed_online_is_sealed_and_attested(demo):
    act = online_acts().get(state=ActState.SIGNED)
    assert set(act.documents.values_list("kind", flat=True)) == {
        DocumentKind.FROZEN, DocumentKind.SIGNED, DocumentKind.ATTESTATION,
    }  # fmt: skip
    found = verification.of_file(storage.read_bytes(act.signed_document))
    assert found.verdict == verification.Verdict.CONFORMING


def test_signatories_of_opt_have_an_account_and_a_second_factor(demo):
    people = User.objects.filter(username__in=accounts.SIGNATORIES)
    assert [(len(user.roles), user.mandates.get().partner.is_opt) for user in people] == [
        (1, True),
        (1, True),
    ]
    assert [len(second_factor.demonstration_code(user.second_factor)) for user in people] == [7, 7]


def test_the_showcase_equipment_left_erased_with_its_pv(demo):
    act = Act.objects.get(convention__slug__startswith="un-clic-pour-tous")
    items = EquipmentItem.objects.filter(equipment__act=act)
    handover = act.handovers.get()
    assert (items.count(), handover.items.count()) == (10, 10)
    erased = Sanitisation.objects.last_of(item.device_id for item in items)
    assert {len(proofs) for proofs in erased.values()} == {1}
    assert all(proof.done_on <= handover.handed_on for (proof,) in erased.values())
    text = text_of(storage.read_bytes(handover.document))
    assert [item.serial for item in items if item.serial not in text] == []
    assert [row.state for row in PressRelease.objects.filter(convention=act.convention)] == ["publie"]
    assert act.convention.payments.paid().count() == 1


def told(act) -> list[tuple[str, str, str]]:
    return [(row.label, row.before, row.after) for row in changes.changes_of(act)]


def test_one_letter_of_each_kind_is_there_once_and_one_was_handed_over(demo):
    rows = FormalLetter.objects.order_by("pk")
    assert [row.kind for row in rows] == list(LetterKind)
    assert [row.kind for row in rows if row.sent_on] == [LetterKind.NOTIFICATION]


def test_the_whole_life_has_its_four_signed_acts(demo):
    convention = Convention.objects.get(title__startswith="Pièces de village", acts__rank=3)
    acts = list(convention.acts.order_by("rank"))
    assert [(act.kind, act.state) for act in acts] == [
        (ActKind.INITIAL, ActState.SIGNED),
        (ActKind.AMENDMENT, ActState.SIGNED),
        (ActKind.AMENDMENT, ActState.SIGNED),
        (ActKind.TERMINATION, ActState.SIGNED),
    ]
    assert [act.reference.partition("-A")[2] for act in acts[1:3]] == ["1", "2"]
    term, *lines = told(acts[2])
    assert (term[0], ", puis du " in term[2]) == ("Durée", True)
    assert [label for label, _before, _after in lines] == ["Versement prévu", "Soutien en nature"]
    assert [label for label, _before, _after in told(acts[1])] == [
        "Financement",
        "Versement prévu",
        "Soutien en nature",
        "Soutien en nature",
        "Communication et visibilité",
    ]


def test_the_amendment_in_draft_changes_an_amount_and_an_equipment_line(demo):
    act = Act.objects.get(kind=ActKind.AMENDMENT, state=ActState.DRAFT, convention__is_demo=True)
    changed = {label: (before, after) for label, before, after in told(act)}
    assert set(changed) == {"Financement", "Versement prévu", "Matériel"}
    before, after = changed["Financement"]
    assert before.replace("1\u202f100\u202f000", "1\u202f350\u202f000") == after != before


def test_everything_invented_is_marked(demo):
    fictive = Convention.objects.filter(parties__partner__name__contains="(fictif)")
    assert not fictive.filter(is_demo=False).exists()
    assert not Project.objects.filter(holder__is_demo=True, is_demo=False).exists()
    assert {row.is_demo for row in Partner.objects.filter(name__contains="(fictif)")} == {True}
    assert not Partner.objects.filter(is_demo=True).exclude(name__endswith="(fictif)").exists()
    assert set(User.objects.values_list("is_demo", flat=True)) == {True}
    released = PressRelease.objects.filter(convention__is_demo=True)
    assert {row.contact.email for row in released} == {accounts.PRESS_CONTACT["email"]}


def test_real_people_have_no_account_no_address_and_sign_nothing_invented(demo):
    people = Representative.objects.filter(last_name__in=REAL_NAMES)
    assert {(row.user, row.email, row.phone, row.usual_signatory) for row in people} <= {
        (None, "", "", True), (None, "", "", False),
    }  # fmt: skip
    assert {(row.mandate_start, row.mandate_end) for row in people} == {(None, None)}
    assert not User.objects.filter(last_name__in=REAL_NAMES).exists()
    signed = Signatory.objects.filter(last_name__in=REAL_NAMES)
    assert {(row.email, row.act.convention.is_demo) for row in signed} == {("", False)}
    assert not Attendee.objects.filter(last_name__in=REAL_NAMES, act__convention__is_demo=True).exists()
    assert not User.objects.exclude(email__endswith=".invalid").exists()
    assert not BankAccount.objects.filter(partner__is_demo=False).exists()


def test_there_is_one_account_per_role_and_several_presidents(demo):
    staff = User.objects.filter(is_staff=True)
    roles = sorted(role for user in staff for role in user.roles)
    assert roles == sorted([*Role.values, Role.OFFICER, Role.DIRECTOR, Role.DIRECTOR])
    assert [user.username for user in staff.filter(is_superuser=True)] == ["administration"]
    presidents = User.objects.filter(is_staff=False)
    assert all(not user.has_usable_password() for user in presidents)
    signed = Signatory.objects.filter(act__frozen_at__isnull=False, act__convention__is_demo=True)
    reached = signed.exclude(representative=None).exclude(representative__email="")
    assert not reached.filter(representative__user=None, representative__mandate_end=None).exists()
    shared = User.objects.reachable_at("contact.pirogues-de-la-baie@exemple.invalid")
    assert sorted(user.last_name for user in shared) == ["POHEROA", "TAUTAVAE"]
    former = Representative.objects.get(user__last_name="ESTIENNE")
    assert former.mandate_end < timezone.localdate()


def test_comptes_demo_lists_roles_passwords_and_addresses(demo):
    out = io.StringIO()
    call_command("comptes_demo", stdout=out)
    lines = out.getvalue().splitlines()
    assert any(line.endswith(f"mot de passe {accounts.PASSWORD}") for line in lines)
    names = {row.username for row in accounts.STAFF}
    staff = [line.split() for line in lines if line.strip() and line.split()[0] in names]
    assert [words[0] for words in staff] == [row.username for row in accounts.STAFF]
    assert {words[0] for words in staff if words[-1] == "/demo/)"} == set(accounts.SIGNATORIES)
    assert [line.split() for line in lines if "@exemple.invalid" in line] == [
        ["presidente.passerelles-numeriques@exemple.invalid", "présidente"]
    ]
    assert max(map(len, lines)) <= 80
    assert [line.split()[-1] for line in lines if "http://" in line] == [
        f"http://127.0.0.1:8000{path}" for path in ("/", "/admin/", "/espace/", "/demo/")
    ]


def test_the_store_room_holds_invented_devices_in_each_state_of_their_data(demo):
    rows = Device.objects.filter(serial__startswith="FICTIF-STOCK").with_state().with_media_state()
    found = collections.Counter(rows.values_list("state", "media_state"))
    assert found == {
        ("reforme", "efface"): 4,
        ("reforme", "echec"): 1,
        ("reforme", "a_effacer"): 2,
        ("stock", "a_effacer"): 2,
        ("stock", "sans_donnees"): 4,
    }
