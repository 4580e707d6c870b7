"""The journal, to read only."""

from django.contrib import admin
from django.db.models import Max
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from conventions import permissions
from conventions.admin import history
from conventions.admin.base import SEARCH_LENGTH, PartnersModelAdmin, Task
from conventions.models import JournalEntry, User


class EventFilter(admin.SimpleListFilter):
    title = _("ce qui s’est passé")
    parameter_name = "evenement"

    def lookups(self, request, model_admin):
        events = JournalEntry.objects.order_by("event").values_list("event", flat=True).distinct()
        return sorted(((event, history.sentence(event)) for event in events), key=lambda pair: pair[1])

    def queryset(self, request, queryset):
        return queryset.filter(event=self.value()) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    title = _("qui")
    parameter_name = "qui"

    def lookups(self, request, model_admin):
        authors = JournalEntry.objects.values("actor").annotate(last=Max("at")).values("actor")
        return [(str(user.pk), str(user)) for user in User.objects.filter(pk__in=authors)]

    def queryset(self, request, queryset):
        chosen = self.value()
        return queryset.filter(actor=chosen) if chosen and chosen.isdecimal() else queryset


@admin.register(JournalEntry)
class JournalAdmin(PartnersModelAdmin):
    """Nobody adds, changes or deletes a line: the database refuses it too."""

    task, task_order, nav_label = Task.ACCOUNTS, 90, _("Journal")
    view_rule = permissions.can_read_conventions
    list_display = ["moment", "what", "about", "who", "changes"]
    list_display_links = ["moment"]
    list_filter = [EventFilter, ActorFilter, ("at", admin.DateFieldListFilter)]
    list_select_related = ["actor", "personal", "convention", "partner"]
    search_fields = ["convention__title", "partner__name"]
    search_help_text = _("Par convention ou partenaire.")
    date_hierarchy = "at"
    ordering = ["-at", "-pk"]
    fields = ["moment", "what", "about", "who", "changes", "chain", "sequence", "hash", "previous_hash"]

    def get_search_results(self, request, queryset, search_term):
        from conventions.models import Convention, Partner

        if not search_term:
            return queryset, False
        search_term = search_term[:SEARCH_LENGTH]
        conventions = Convention.objects.search(search_term).values("pk")
        partners = Partner.objects.search(search_term).values("pk")
        return queryset.filter(convention__in=conventions) | queryset.filter(partner__in=partners), False

    @admin.display(description=_("quand"), ordering="at")
    def moment(self, entry):
        from django.utils import timezone

        from conventions.formats import show_date

        local = timezone.localtime(entry.at)
        return f"{show_date(local.date())}, {local:%H:%M}"

    @admin.display(description=_("ce qui s’est passé"))
    def what(self, entry):
        return history.sentence(entry.event)

    @admin.display(description=_("à propos de"))
    def about(self, entry):
        row = entry.convention or entry.partner
        if row is None:
            return _("le site")
        page = f"admin:conventions_{row._meta.model_name}_change"
        return format_html('<a href="{}">{}</a>', reverse(page, args=[row.pk]), row)

    @admin.display(description=_("par"))
    def who(self, entry):
        return str(entry.actor) if entry.actor else _("l’application")

    @admin.display(description=_("détail"))
    def changes(self, entry):
        line = history.read(entry)
        told = [(label, f"{old} → {new}") for label, old, new in line.changes] + line.details
        return format_html_join("", '<span class="opt-change"><b>{}</b> : {}</span> ', told)
