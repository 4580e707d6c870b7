"""Who gets what at each address. A new address without a line here fails the tests: write its line.

An answer is a status code, or SIGN_IN: a redirection to a page where one signs in.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from conventions.enums import Role
from conventions.models import PublicSheet
from conventions.tests.matrix.lines import PRESIDENTS, SIGN_IN, Line, R, answers, staff_only, task
from conventions.tests.matrix.money import MONEY, PAYERS
from conventions.tests.matrix.scans import SCANS
from conventions.tests.matrix.space import SPACE
from conventions.tests.matrix.stock import STOCK
from conventions.tests.matrix.world import LINK, VISITORS, World

PUBLIC = answers(200)
ALL = tuple(Role.values)
NONE: tuple[str, ...] = ()
OF_A_FILE = ("superuser", R.OFFICER, R.LAWYER, R.LOGISTICS, R.COMMUNICATION)


@dataclass(frozen=True)
class Rights:
    """Roles that may see (a list, a row, its history), add or delete. None: nobody; NONE: the superuser alone."""

    view: tuple[str, ...] = ALL
    add: tuple[str, ...] | None = None
    delete: tuple[str, ...] | None = None


def _may(roles: tuple[str, ...] | None) -> dict[str, int | str]:
    return answers(SIGN_IN, staff=403) if roles is None else staff_only(roles)


def _with_superuser(roles: tuple[str, ...] | None) -> tuple[str, ...]:
    return () if roles is None else ("superuser", *roles)


def _posts(arguments: Callable[[World], dict], *roles: str, got: int = 405) -> Line:
    """An address that only takes POST: a GET answers `got` to staff; a POST is refused to all but these roles."""
    return Line(answers(SIGN_IN, staff=got), arguments, writers=("superuser", *roles), page=False)


def _follows(arguments: Callable[[World], dict], *roles: str) -> Line:
    """A fact of the follow-up: a GET goes back to the page."""
    return _posts(arguments, *roles, got=302)


def _model_lines(model: str, rights: Rights) -> dict[str, Line]:
    """The five addresses that Django's admin gives each model, and the export of its list."""
    prefix = model.replace(".", "_")
    name = model.split(".")[1]

    def one(world: World) -> dict:
        return {"object_id": world.row(name).pk}

    seen = _may(rights.view)
    return {
        f"admin:{prefix}_changelist": Line(seen),
        f"admin:{prefix}_export": Line(seen, lambda world: {"kind": "csv"}, page=False),
        f"admin:{prefix}_add": Line(_may(rights.add)),
        f"admin:{prefix}_change": Line(seen, one, writers=_with_superuser(rights.add)),
        f"admin:{prefix}_history": Line(seen, one),
        f"admin:{prefix}_delete": Line(_may(rights.delete), one),
    }


def _sheet(world: World) -> dict:
    return {"slug": world.sheet.slug}


def _release(world: World) -> dict:
    return {"slug": world.release.slug}


def _convention(world: World) -> dict:
    return {"slug": world.row("convention").slug}


def _document(world: World) -> dict:
    return {"pk": world.row("document").pk}


def _key(model: str) -> Callable[[World], dict]:
    """The argument of Django's own pages of a row."""
    return lambda world: {"object_id": world.row(model).pk}


def _pk(model: str, **others) -> Callable[[World], dict]:
    """`pk` of a row; `others` are values, or « #model » for the key of its row."""
    return lambda world: {
        "pk": world.row(model).pk,
        **{
            name: world.row(other[1:]).pk if str(other)[:1] == "#" else other
            for name, other in others.items()
        },
    }


def _changed(world: World) -> dict:
    return {"pk": world.row("amended").pk, "table": "funding"}  # of a draft amendment


def _changed_row(world: World) -> dict:
    return _changed(world) | {"row": world.row("amended").acts.get(rank=0).funding_set.first().pk}


def _on_act(model: str) -> Callable[[World], dict]:
    return lambda world: {"pk": world.row(model).act.convention_id, model: world.row(model).pk}


def _asked(world: World) -> dict:
    return {"pk": world.row("signaturerequest").pk}


def _invitation(world: World) -> dict:
    asked = world.row("signaturerequest")
    return {"pk": asked.document.act.convention_id, "row": asked.pk}


def _partner(world: World) -> dict:
    return {"slug": world.partner.slug}


def _type_and_row(world: World) -> dict:
    kind = ContentType.objects.get_for_model(PublicSheet)
    return {"content_type_id": kind.pk, "object_id": world.sheet.pk}


REFERENCE = (R.OFFICER, R.LAWYER, R.COMMUNICATION)
MAIL_READERS = (R.OFFICER, R.LAWYER, R.DIRECTOR, R.COMMUNICATION)
TALKING = (R.OFFICER, R.LAWYER, R.DIRECTOR, R.ACCOUNTANT, R.LOGISTICS)
EDITABLE_LIST = Rights(add=REFERENCE, delete=REFERENCE)
MODELS: dict[str, Rights] = {
    "conventions.agreementtemplate": Rights(add=(R.LAWYER,)),
    "conventions.area": EDITABLE_LIST,
    "conventions.boarddecision": EDITABLE_LIST,
    "conventions.ceremony": EDITABLE_LIST,
    "conventions.clausetemplate": Rights(add=(R.LAWYER,)),
    "conventions.lettertemplate": Rights(add=(R.LAWYER,)),
    "conventions.convention": Rights(add=(R.OFFICER,)),
    "conventions.envelope": Rights(add=PAYERS),
    "conventions.device": Rights(add=(R.OFFICER, R.LOGISTICS)),
    "conventions.delegation": Rights(
        add=(R.OFFICER, R.LAWYER, R.DIRECTOR), delete=(R.OFFICER, R.LAWYER, R.DIRECTOR)
    ),
    "conventions.journalentry": Rights(),
    "conventions.kind": EDITABLE_LIST,
    "conventions.declaredyear": EDITABLE_LIST,
    "conventions.legalthreshold": Rights(add=(R.LAWYER,), delete=(R.LAWYER,)),
    "conventions.outgoingmail": Rights(view=MAIL_READERS),
    "conventions.paperrule": Rights(add=PAYERS, delete=PAYERS),
    "conventions.partner": Rights(add=(R.OFFICER,)),
    "conventions.payment": Rights(),
    "conventions.plan": EDITABLE_LIST,
    "conventions.presscontact": EDITABLE_LIST,
    "conventions.pressrelease": Rights(add=(R.COMMUNICATION,)),
    "conventions.project": Rights(add=(R.OFFICER,), delete=(R.OFFICER,)),
    "conventions.publicsheet": Rights(),
    "conventions.scanbatch": Rights(view=(R.OFFICER,), add=(R.OFFICER,), delete=(R.OFFICER,)),
    "conventions.sheetimport": Rights(
        view=(R.OFFICER, R.LOGISTICS), add=(R.OFFICER, R.LOGISTICS), delete=(R.OFFICER, R.LOGISTICS)
    ),
    "conventions.theme": EDITABLE_LIST,
    "conventions.supportkind": EDITABLE_LIST,
    "conventions.user": Rights(view=NONE, add=NONE),
    "conventions.value": EDITABLE_LIST,
}
SIGNATORY = answers(404, president=200)
LINES: dict[str, Line] = {
    # --- public pages ---
    "public:home": Line(PUBLIC),
    "public:convention_list": Line(PUBLIC),
    "public:convention_detail": Line(PUBLIC, _sheet),
    "public:convention_pdf": Line(PUBLIC, _sheet, page=False),
    "public:partner_list": Line(PUBLIC),
    "public:partner_detail": Line(PUBLIC, _partner),
    "public:press_list": Line(PUBLIC),
    "public:press_detail": Line(PUBLIC, _release),
    "public:press_pdf": Line(PUBLIC, _release, page=False),
    "public:figures": Line(PUBLIC),
    "public:press_contact": Line(PUBLIC),
    "public:legal": Line(PUBLIC),
    "public:privacy": Line(PUBLIC),
    "public:accessibility": Line(PUBLIC),
    "public:cookies": Line(PUBLIC),
    "public:sitemap": Line(PUBLIC),
    "public:verify": Line(PUBLIC),
    "public:verify_file": Line(answers(302), writers=VISITORS, page=False),
    "public:verify_how": Line(PUBLIC),
    "public:verify_certificate": Line(answers(404), page=False),  # nothing was sealed in this world
    "public:verify_revocations": Line(answers(404), page=False),  # nor revoked
    "public:verify_code": Line(PUBLIC, lambda world: {"code": world.rows["coded"].code}),
    "public:act_schema": Line(PUBLIC, page=False),
    "public:health": Line(PUBLIC, page=False),
    "public:favicon": Line(answers(301), page=False),
    "public:robots": Line(PUBLIC, page=False),
    "public:sitemap_xml": Line(PUBLIC, page=False),
    # --- signing online: the link opens for whoever holds it, the pages of an act for its signatory alone ---
    "signing:todo": Line(answers(200, anonymous=SIGN_IN)),
    "signing:invitation": Line(PUBLIC, lambda world: {"token": LINK}),
    "signing:read": Line(SIGNATORY, _asked),
    "signing:sign": Line(SIGNATORY, _asked),
    "signing:correct": Line(SIGNATORY, _asked),
    "signing:decline": Line(SIGNATORY, _asked),
    "signing:thanks": Line(SIGNATORY | {"president": 302}, _asked, page=False),
    "signing:document": Line(SIGNATORY, _asked, page=False),
    # no act of this world has annexes: who reads them is tried in tests/annexes
    "signing:annex": Line(answers(404), lambda world: _asked(world) | {"number": 1}, page=False),
    "signing:reached_end": Line(answers(405), _asked, writers=("president",), page=False),
    **SPACE,
    # --- admin: pages of a model that differ from what Rights says ---
    "admin:conventions_convention_change": Line(staff_only(), _key("draft"), writers=OF_A_FILE),
    # A file is abandoned, never deleted: back to its page. Accounts: back to the dashboard.
    "admin:conventions_convention_delete": Line(staff_only(ok=302), _key("draft"), writers=(), page=False),
    "admin:conventions_scanbatch_history": Line(
        staff_only(ok=302) | {"superuser": 200, R.OFFICER: 200}, _key("scanbatch")
    ),
    "admin:conventions_user_history": Line(staff_only(ok=302) | {"superuser": 200}, _key("user")),
    # --- admin: pages beside those of a model ---
    "admin:conventions_convention_reprise": Line(staff_only([R.OFFICER])),
    "admin:conventions_convention_renew": _posts(_pk("convention"), R.OFFICER, got=403),
    "admin:conventions_convention_replace": _posts(_pk("draft", signatory=1), R.OFFICER, got=403),
    "admin:conventions_convention_doubt": _posts(_pk("draft"), R.OFFICER, R.LAWYER, R.DIRECTOR, got=403),
    "admin:conventions_convention_clauses": _posts(_pk("draft"), R.OFFICER, R.LAWYER, got=403),
    "admin:conventions_convention_event": Line(
        staff_only(), _pk("draft", event="abandonner"), writers=("superuser", R.OFFICER)
    ),
    "admin:conventions_convention_print": Line(
        staff_only(), _pk("convention"), writers=("superuser", R.OFFICER)
    ),
    "admin:conventions_convention_correction": _posts(_on_act("correction"), R.OFFICER, got=403),
    "admin:conventions_convention_publication": Line(
        staff_only(), _pk("convention"), writers=("superuser", R.COMMUNICATION)
    ),
    "admin:conventions_convention_line_add": Line(staff_only([R.OFFICER]), _changed),
    "admin:conventions_convention_line": Line(staff_only([R.OFFICER]), _changed_row),
    "admin:conventions_convention_line_removal": Line(staff_only([R.OFFICER]), _changed_row),
    "admin:conventions_convention_line_undo": _posts(_changed_row, R.OFFICER, got=403),
    "admin:conventions_convention_line_redo": _posts(_changed_row, R.OFFICER, got=403),
    "admin:conventions_convention_text": Line(staff_only(), _pk("convention")),
    "admin:conventions_convention_text_pdf": Line(staff_only(), _pk("convention"), page=False),
    "admin:conventions_convention_past_act": Line(staff_only([R.OFFICER]), _pk("reprise")),
    "admin:conventions_convention_reprise_scan": Line(staff_only([R.OFFICER]), _pk("reprise")),
    "admin:conventions_convention_invite_again": _posts(_invitation, R.OFFICER, got=403),
    "admin:conventions_convention_address": Line(staff_only([R.OFFICER]), _invitation),
    "admin:conventions_convention_dossier": Line(staff_only(), _pk("convention"), page=False),
    "admin:conventions_convention_preview": Line(staff_only(), _pk("convention"), page=False),
    "admin:conventions_convention_document": Line(
        staff_only(), _pk("convention", document="#document"), page=False
    ),
    "admin:conventions_convention_scan_page": Line(
        staff_only(), _pk("convention", document="#document", number=1), page=False
    ),
    "admin:conventions_convention_received": Line(
        staff_only(), _pk("convention", file="#receivedfile"), page=False
    ),
    "admin:conventions_convention_attachment": Line(
        staff_only(), _pk("convention", file="#attachment"), page=False
    ),
    "admin:conventions_convention_annex": Line(staff_only(), _on_act("annex"), page=False),
    "admin:conventions_convention_photo": Line(staff_only(), _pk("convention", photo="#photo"), page=False),
    # The follow-up of a signed convention: read at one address, each fact posted to its own.
    "admin:conventions_convention_follow": Line(staff_only(), _pk("convention"), writers=()),
    "admin:conventions_convention_follow_versement": _follows(_pk("convention"), R.OFFICER, R.ACCOUNTANT),
    "admin:conventions_convention_follow_paye": _follows(_pk("convention", row="#payment"), R.ACCOUNTANT),
    "admin:conventions_convention_follow_renvoye": _follows(
        _pk("convention", row="#payment"), R.OFFICER, R.ACCOUNTANT
    ),
    "admin:conventions_convention_follow_appareils": _follows(_pk("convention"), R.OFFICER, R.LOGISTICS),
    "admin:conventions_convention_follow_effacement": _follows(_pk("convention"), R.OFFICER, R.LOGISTICS),
    "admin:conventions_convention_follow_piece": _follows(
        _pk("convention", row="#given"), R.OFFICER, R.LOGISTICS
    ),
    "admin:conventions_convention_follow_manque": _follows(
        _pk("convention", row="#given"), R.OFFICER, R.LOGISTICS
    ),
    "admin:conventions_convention_follow_remise": _follows(_pk("convention"), R.OFFICER, R.LOGISTICS),
    "admin:conventions_convention_follow_compte-rendu": _follows(_pk("convention"), R.OFFICER),
    "admin:conventions_convention_follow_accepte": _follows(
        _pk("convention", row="#reportreceived"), R.OFFICER
    ),
    "admin:conventions_convention_follow_redemande": _follows(
        _pk("convention", row="#reportreceived"), R.OFFICER
    ),
    "admin:conventions_convention_letters": Line(
        staff_only(), _pk("convention"), writers=("superuser", R.OFFICER, R.LAWYER)
    ),
    "admin:conventions_convention_letter_send": _follows(
        _pk("convention", letter="#letter"), R.OFFICER, R.LAWYER
    ),
    "admin:conventions_convention_letter_handed": _follows(
        _pk("convention", letter="#letter"), R.OFFICER, R.LAWYER
    ),
    "admin:conventions_convention_messages": Line(staff_only(TALKING), _pk("convention"), writers=()),
    "admin:conventions_convention_message_answer": Line(
        staff_only(TALKING, ok=302),
        _pk("convention", thread="#asked"),
        writers=("superuser", R.OFFICER, R.LAWYER),
        page=False,
    ),
    "admin:conventions_convention_message_erase": Line(
        staff_only(TALKING, ok=302),
        _pk("convention", message="#message_sent"),
        writers=("superuser",),
        page=False,
    ),
    "admin:conventions_convention_follow_pret": _follows(_pk("convention"), R.OFFICER, R.LOGISTICS),
    "admin:conventions_convention_follow_bilan": _follows(_pk("convention"), R.OFFICER),
    "admin:conventions_convention_follow_cloture": _follows(_pk("convention"), R.OFFICER),
    "admin:journal_erasure": Line(staff_only(NONE)),
    "admin:partner_bank": Line(staff_only(), _pk("partner"), writers=("superuser", R.OFFICER)),
    "admin:partner_bank_reveal": _posts(_pk("partner", account="#bankaccount"), R.OFFICER, R.ACCOUNTANT),
    "admin:partner_bank_use": _posts(_pk("partner", account="#bankaccount"), R.OFFICER),
    "admin:partner_proposals": Line(staff_only(), _pk("partner"), writers=()),
    "admin:partner_proposed": _posts(
        lambda world: {"pk": world.partner.pk, "row": world.row("proposal_sent").pk}, R.OFFICER, R.ACCOUNTANT
    ),
    "admin:partner_decide": _posts(_pk("partner", sort="rib", row="#proposal_sent"), R.OFFICER),
    "admin:partner_files": Line(staff_only(), _pk("partner"), writers=("superuser", R.OFFICER)),
    "admin:partner_file": Line(staff_only(), _pk("partner", file="#partner_file"), page=False),
    "admin:partner_logo": Line(staff_only(), _pk("partner"), writers=("superuser", R.OFFICER)),
    "admin:partner_logo_picture": Line(staff_only(), _pk("partner_with_logo"), page=False),
    "admin:partner_logo_removed": _posts(_pk("partner"), R.OFFICER),
    "admin:partner_merge": Line(staff_only([R.OFFICER]), _pk("partner")),
    "admin:agreementtemplate_verb": _posts(_pk("agreementtemplate", verb="vigueur"), R.LAWYER),
    "admin:agreementtemplate_compare": Line(staff_only(), _pk("agreementtemplate"), writers=()),
    "admin:agreementtemplate_pdf": Line(staff_only(), _pk("agreementtemplate"), page=False),
    "admin:lettertemplate_verb": _posts(_pk("lettertemplate", verb="vigueur"), R.LAWYER),
    "admin:clausetemplate_verb": _posts(_pk("clausetemplate", verb="vigueur"), R.LAWYER),
    "admin:sheet_publier": _posts(_pk("publicsheet"), R.COMMUNICATION),
    "admin:sheet_retirer": _posts(_pk("publicsheet"), R.COMMUNICATION),
    "admin:sheet_pdf": Line(staff_only(), _pk("publicsheet"), page=False),
    "admin:release_preview": Line(staff_only(), _pk("pressrelease"), page=False),
    "admin:release_publier": _posts(_pk("pressrelease"), R.COMMUNICATION),
    "admin:release_retirer": _posts(_pk("pressrelease"), R.COMMUNICATION),
    **STOCK,
    **SCANS,
    **MONEY,
    # A long task is shown to who asked for it, and to an administrator.
    "jobs:detail": Line(answers(SIGN_IN, staff=404, superuser=200), task),
    # What a task made is given to who asked for it, and to nobody else.
    "jobs:workbook": Line(answers(SIGN_IN, staff=405), task, writers=NONE, page=False),
    # --- admin: pages of no model ---
    "admin:app_list": Line(staff_only(ok=302), lambda world: {"app_label": "conventions"}, page=False),
    "admin:service": Line(staff_only([])),
    "admin:clock_confirm": _posts(lambda world: {}),
    "admin:seal": Line(staff_only([R.LAWYER])),
    "admin:seals_waiting": Line(staff_only([R.OFFICER])),
    "admin:seal_retry": _posts(lambda world: {"pk": 999_999}, R.OFFICER),
    "admin:conventions_ceremony_prepare": Line(staff_only([R.OFFICER]), _pk("ceremony")),
    "admin:figures": Line(staff_only()),
    "admin:choose": Line(staff_only(), lambda world: {"among": "parties"}, page=False),
    "admin:todo_export": Line(staff_only(), page=False),
    "admin:todo_remind": _posts(lambda world: {"code": "scan", "key": "1"}, R.OFFICER),
    "admin:mail_preferences": Line(staff_only()),
    "admin:mail_again": _posts(_pk("outgoingmail"), R.OFFICER),
    "admin:conventions_outgoingmail_history": Line(
        staff_only(ok=302) | dict.fromkeys(("superuser", *MAIL_READERS), 200),
        _key("outgoingmail"),
    ),
    "admin:index": Line(staff_only()),
    "admin:login": Line(answers(200, staff=302)),
    "admin:logout": Line(answers(302, staff=405), page=False),
    "admin:user_verb": Line(
        answers(SIGN_IN, staff=403, superuser=200),
        lambda world: {"pk": world.row("secondfactor").user_id, "verb": "inviter"},
    ),
    # One’s own account: everyone of staff, for oneself alone.
    "admin:account": Line(staff_only()),
    "admin:account_factor": Line(staff_only()),
    "admin:account_factor_start": Line(staff_only(ok=405), page=False),
    "admin:account_factor_remove": Line(staff_only(ok=302), page=False),
    "admin:account_codes": Line(staff_only(ok=302), page=False),
    "admin:account_session_close": Line(staff_only(ok=405), lambda world: {"pk": 0}, page=False),
    "admin:account_sessions_close": Line(staff_only(ok=405), page=False),
    "admin:second_factor": Line(staff_only() | dict.fromkeys(PRESIDENTS, SIGN_IN)),
    "admin:invitation": Line(answers(410), lambda world: {"who": "MQ", "token": "passe"}, page=False),
    "admin:password_change": Line(staff_only()),
    "admin:password_change_done": Line(staff_only()),
    "admin:jsi18n": Line(staff_only(), page=False),
    "admin:autocomplete": Line(answers(SIGN_IN, staff=403), page=False),
    "admin:view_on_site": Line(staff_only(ok=302), _type_and_row, page=False),
}
for _model, _rights in MODELS.items():
    LINES = _model_lines(_model, _rights) | LINES
