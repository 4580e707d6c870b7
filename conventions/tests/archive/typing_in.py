"""An archivist at the screens: what is typed, sent and opened is counted."""

from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from conventions.models import Act, Convention, Kind, Party
from conventions.tests.admin.conventions.browser_post import add_line, form_data
from conventions.tests.archive.shapes import OPT, PARTNER, Case, Later, Row

REPRISE = reverse("admin:conventions_convention_reprise")


def address(name: str, convention: Convention, *args: object) -> str:
    return reverse(f"admin:conventions_convention_{name}", args=[convention.pk, *args])


@dataclass
class Archivist:
    """Types a case from the pages as they stand; `fields`, `screens`, `gestures` say what it took."""

    client: Client
    fields: int = 0
    screens: int = 0
    gestures: int = 0
    pages: list[str] = field(default_factory=list)

    def record(self, case: Case) -> Convention:
        """The convention, its later acts, each recorded."""
        convention = self._create(case)
        self._fill(convention, 0, case.page, case.rows)
        self._press(convention, 0)
        for later in case.later:
            self._later(convention, later)
        return convention

    def _open(self, url: str):
        self.screens += 1
        return self.client.get(url)

    def _send(self, url: str, data: dict):
        self.gestures += 1
        return self.client.post(url, data)

    def _create(self, case: Case) -> Convention:
        page = self._open(REPRISE)
        form = page.context["form"]
        typed = dict(case.new)
        if "kind" in typed:
            typed["kind"] = str(Kind.objects.get(slug=typed["kind"]).pk)
        self.fields += len(typed)
        data = {name: form[name].value() or "" for name in form.fields if name != "create_partner"} | typed
        before = set(Convention.objects.values_list("pk", flat=True))
        answer = self._send(REPRISE, data)
        assert answer.status_code == 302, answer.context["form"].errors
        return Convention.objects.exclude(pk__in=before).get()

    def _fill(self, convention: Convention, rank: int, page: dict[str, str], rows: list[Row]) -> None:
        """What the page holds, in one sending; a party met here is saved before it signs."""
        url = f"{address('change', convention)}?acte={rank}"
        shown = self._open(url)
        data = form_data(shown)
        for name, value in page.items():
            assert name in data, name
            data[name] = [value]
        parties = list(Party.objects.filter(convention=convention).order_by("position", "pk"))
        places = {OPT: parties[0].pk, PARTNER: parties[1].pk}
        for prefix, values in rows:
            typed = {
                name: places.get(value, value) if name == "party" else value for name, value in values.items()
            }
            waiting = self._waiting(data, prefix)
            if waiting is None:
                defaults = {"inkind": {"status": "inconnu"}, "party": {"role": "partie"}}.get(prefix, {})
                add_line(data, prefix, **(defaults | typed))
            else:
                data |= {f"{prefix}-{waiting}-{name}": [str(value)] for name, value in typed.items()}
            self.fields += len(typed)
        self.fields += len(page)
        answer = self._send(url, data)
        assert answer.status_code == 302, self._faults(answer)

    @staticmethod
    def _waiting(data: dict, prefix: str) -> int | None:
        """The empty line that some tables show ready, when nobody has filled it in."""
        names = {"funding": "amount", "equipmentterm": "nature"}
        if prefix not in names or data[f"{prefix}-TOTAL_FORMS"][0] == "0":
            return None
        last = int(data[f"{prefix}-TOTAL_FORMS"][0]) - 1
        untouched = not data.get(f"{prefix}-{last}-{names[prefix]}", [""])[0]
        is_first = last == 0 and not data.get(f"{prefix}-0-label", [""])[0]
        return last if untouched and is_first and not data.get(f"{prefix}-{last}-_used") else None

    @staticmethod
    def _faults(answer) -> str:
        sheet = answer.context["sheet"]
        told = [str(form.errors) for form in (sheet.convention_form, sheet.act_form)]
        told += [
            f"{key} {formset.errors} {formset.non_form_errors()}" for key, formset in sheet.formsets.items()
        ]
        return " ".join([*told, *(str(message) for message in answer.context["messages"])])

    def _press(self, convention: Convention, rank: int) -> None:
        url = f"{address('event', convention, 'enregistrer_reprise')}?acte={rank}"
        answer = self._send(url, {})
        act = Act.objects.get(convention=convention, rank=rank)
        assert act.state == "signe", [str(message) for message in answer.wsgi_request._messages]

    def _later(self, convention: Convention, later: Later) -> None:
        known = set(convention.acts.values_list("pk", flat=True))
        self._open(address("past_act", convention))
        self.fields += len(later.act)
        answer = self._send(address("past_act", convention), later.act)
        assert answer.status_code == 302, answer.context["form"].errors
        act = convention.acts.exclude(pk__in=known).get()
        if later.page or later.rows:
            self._fill(convention, act.rank, later.page, later.rows)
        for table, values in later.adds:
            url = f"{address('line_add', convention, table)}?acte={act.rank}"
            page = self._open(url)
            version = page.context["convention"].version
            self.fields += len(values)
            answer = self._send(url, values | {"version": version})
            assert answer.status_code == 302, answer.context["form"].errors
        self._press(convention, act.rank)
