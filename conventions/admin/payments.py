"""Payments sent to the accountant, neither paid nor sent back: what waits, since when, and the door that pays."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypedDict, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conventions import permissions
from conventions.admin.base import Task, badge, marked
from conventions.admin.conventions.filters import MenuFilter
from conventions.admin.exports import ExportedList
from conventions.domain import following
from conventions.domain.money import files
from conventions.domain.money.papers import account_of, checklist
from conventions.domain.people.requests import SignedInRequest, signed_in
from conventions.exchange.columns import PAYMENT_COLUMNS, changed_account, reference_of
from conventions.formats import NBSP, FormatError, counted, parse_xpf, show_date, show_xpf
from conventions.forms.refusals import told_on_page
from conventions.models import Act, Convention, Party, Payment, PaymentFile, User
from conventions.models.money import PaymentQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise, WithAnnotations

    class Payable(TypedDict):
        is_payable: bool

    ListedPayment = WithAnnotations[Payment, Payable]

TITLE = _("Versements transmis, non payés")
UNDATED = "sans"


class BudgetYearFilter(MenuFilter):
    title = _("exercice")
    parameter_name = "exercice"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        waiting = Payment.objects.waiting().with_budget_year().order_by()
        rows: QuerySet[Any] = waiting
        years = set(rows.values_list("budget_year", flat=True).distinct())
        known = sorted((year for year in years if year is not None), reverse=True)
        without = [(UNDATED, _("non précisé"))] if None in years else []
        return [*((str(year), str(year)) for year in known), *without]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == UNDATED:
            return queryset.filter(budget_year=None)
        is_year = value.isascii() and value.isdigit() and len(value) == 4
        return queryset.filter(budget_year=int(value)) if is_year else queryset


class InChargeFilter(MenuFilter):
    title = _("chargé·e de dossier")
    parameter_name = "charge"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin
    ) -> Iterable[tuple[str, "StrOrPromise"]]:
        waiting = Payment.objects.waiting().order_by().values("convention__officer")
        people = User.objects.filter(pk__in=waiting).order_by("last_name", "first_name", "pk")
        return [(str(user.pk), str(user)) for user in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        is_key = value.isascii() and value.isdigit() and len(value) < 10
        return queryset.filter(convention__officer=value) if is_key else queryset


class WaitingPayments(ChangeList):
    """Each row of the page with what this reader may do of it."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        for row in self.result_list:
            row.is_payable = following.may_pay(row, signed_in(request).user)


@admin.register(Payment)
class PaymentAdmin(ExportedList):
    """A list of doors: a payment is recorded, paid and sent back in the follow-up of its convention."""

    task, task_order, nav_label = Task.CONVENTIONS, 15, TITLE
    view_rule = permissions.can_read_conventions
    change_list_template = "admin/conventions/payment/change_list.html"
    list_display = ["what", "convention_name", "year", "sent", "account", "in_charge", "door"]
    list_display_links = None
    list_filter = [BudgetYearFilter, InChargeFilter]
    list_per_page = 30
    show_facets = admin.ShowFacets.NEVER
    search_fields = ["position__reference"]
    search_help_text = _("Convention, partenaire, référence, ou montant.")
    ordering = ["position__sent_on", "pk"]
    actions = None
    export_columns = PAYMENT_COLUMNS
    export_name = "versements-transmis-non-payes"

    # -- rows ---------------------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = cast(PaymentQuerySet, super().get_queryset(request)).waiting().with_budget_year()
        return rows.select_related("convention__officer", "instalment").prefetch_related(
            Prefetch("convention__parties", Party.objects.select_related("partner")),
            "convention__parties__partner__bank_accounts",
            Prefetch("convention__acts", Act.objects.order_by("rank")),
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WaitingPayments

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        """By what a convention is found with, or by the sum itself."""
        term = search_term[:200].strip()
        if not term:
            return queryset, False
        wanted = Q(convention__in=Convention.objects.search(term).values("pk"))
        try:
            wanted |= Q(amount=parse_xpf(term))
        except FormatError:
            return queryset.filter(wanted), False
        return queryset.filter(wanted), False

    # -- pages --------------------------------------------------------------------------------------------
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/dossier/", view(self.file_view), name="payment_file"),
            path(
                "<int:pk>/dossier/<int:version>.pdf",
                view(require_POST(self.stored_view)),
                name="payment_file_pdf",
            ),
            *super().get_urls(),
        ]

    def file_view(self, request: SignedInRequest, pk: int) -> HttpResponse:
        """The papers of a payment, one by one; a POST makes its file, once all are there."""
        payment = self._payment(request, pk)
        if request.method == "POST":
            with told_on_page(request):
                file = files.make(payment, by=request.user)
                messages.success(
                    request, _("Le dossier est prêt : {}.").format(counted(file.page_count, "page"))
                )
            return HttpResponseRedirect(reverse("admin:payment_file", args=[pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Dossier de versement"),
            "payment": payment,
            "account": account_of(payment),
            "papers": (papers := checklist(payment)),
            "missing": sum(bool(paper.missing) for paper in papers),
            "files": payment.files.select_related("created_by"),
            "may_make": permissions.can_send_payments(request.user),
            "may_read": permissions.can_see_bank_details(request.user),
        }
        return TemplateResponse(request, "admin/money/payment_file.html", context)

    def stored_view(self, request: SignedInRequest, pk: int, version: int) -> HttpResponseBase:
        """Its stored bytes, asked for by a button: each look is written."""
        payment = self._payment(request, pk)
        rows = PaymentFile.objects.select_related("payment__convention")
        file = get_object_or_404(rows, payment__pk=payment.pk, version=version)
        return files.download(file, request=request, by=request.user)

    def _payment(self, request: SignedInRequest, pk: int) -> Payment:
        permissions.require(permissions.can_read_conventions, request.user)
        related = ("position__bank_account__attachment", "position__bank_account__partner__merged_into")
        rows = Payment.objects.select_related("convention", "funding", "instalment__obligation", *related)
        return get_object_or_404(rows, pk=pk)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response = super().changelist_view(request, {"title": TITLE, **(extra_context or {})})
        found = getattr(response, "context_data", None) or {}
        if "cl" in found:
            found["totals"] = following.to_pay(found["cl"].queryset)
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """To its place, whatever became of it."""
        row = self.history_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return self.gone(request, object_id)
        return HttpResponseRedirect(row.address)

    def history_object(self, request: HttpRequest, object_id: str) -> Payment | None:
        if not (str(object_id).isdecimal() and len(str(object_id)) < 19):
            return None
        return Payment.objects.select_related("convention").filter(pk=object_id).first()

    def journal_links(self, obj: Payment) -> dict[str, Any]:
        return {"convention": obj.convention}

    # -- columns ------------------------------------------------------------------------------------------
    @admin.display(description=_("montant"), ordering="amount")
    def what(self, row: Payment) -> SafeString:
        under = capfirst(row.instalment.label) if row.instalment else ""
        return format_html('{}<span class="list-under">{}</span>', show_xpf(row.amount), under)

    @admin.display(description=_("convention, bénéficiaire"), ordering="convention__title")
    def convention_name(self, row: Payment) -> SafeString:
        partner = row.bank_account.partner.short_name if row.bank_account else ""
        under = " · ".join(part for part in (reference_of(row.convention), partner) if part)
        title = marked(row.convention.title, row.convention)
        link = '<a href="{}">{}</a><span class="list-under">{}</span>'
        return format_html(link, row.address, title, under)

    @admin.display(description=_("exercice"))
    def year(self, row: Payment) -> int | SafeString:
        return row.budget_year or format_html('<span class="unknown">{}</span>', "non précisé")

    @admin.display(description=_("transmis"), ordering="position__sent_on")
    def sent(self, row: Payment) -> str:
        if row.sent_on is None:
            return ""
        days = (timezone.localdate() - row.sent_on).days
        since = f"depuis {counted(days, 'jour')}" if days > 0 else "aujourd’hui"
        by = f", par {row.position.sent_by}" if row.position.sent_by else ""
        return format_html('{}<span class="list-under">{}{}</span>', show_date(row.sent_on), since, by)

    @admin.display(description=_("compte"))
    def account(self, row: Payment) -> SafeString | str:
        told = str(row.bank_account) if row.bank_account else _("non noté")
        told = told.replace(f"••••{NBSP}", "•••• ")  # on two lines: the table fits a usual screen
        if not changed_account(row):
            return told
        return format_html("{} {}", told, badge("warn", _("à vérifier")))

    @admin.display(description=_("chargé·e de dossier"), ordering="convention__officer__last_name")
    def in_charge(self, row: Payment) -> str:
        return str(row.convention.officer) if row.convention.officer else ""

    @admin.display(description=_("suite"))
    def door(self, row: "ListedPayment") -> SafeString:
        label = _("Enregistrer le paiement") if row.is_payable else _("Voir")
        named = '<a class="btn btn-sm" href="{}">{}<span class="visually-hidden"> : {}, {}</span></a>'
        return format_html(named, row.address, label, show_xpf(row.amount), row.convention.title)
