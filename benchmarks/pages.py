"""The main pages on the demonstration's data: median time, queries, weight.

    python -m benchmarks.pages [rounds]

Through the whole path of a request, in one process. The weight is what a first visit downloads: the page, its
sheets, scripts and fonts, compressed as the site serves them, photos aside. Aims: 8 queries and 60 kB for a public
page, 20 queries for the admin's list.
"""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._ground import machine, median_ms, set_up, staff_client, there

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 15
ASSET = re.compile(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"')
FONT = re.compile(r"url\(\"?([^\")]+\.woff2)")


def addresses() -> dict[str, str]:
    """The public pages, by name; the details are those of the sheets with most partners."""
    from django.db.models import Count
    from django.urls import reverse

    from conventions.models import PressRelease, PublicSheet

    sheets = PublicSheet.objects.published().annotate(n=Count("partners")).order_by("-n", "pk")
    sheet = there(sheets.first(), "de fiche publiée")
    release = PressRelease.objects.published().order_by("pk").first()
    partner = there(sheet.partners.exclude(partner__is_opt=True).first(), "de partenaire publié")
    found = {
        "accueil": reverse("public:home"),
        "liste des conventions": reverse("public:convention_list"),
        "liste filtrée": reverse("public:convention_list") + "?q=sante",
        "liste en CSV": reverse("public:convention_list") + "?format=csv",
        "une convention": sheet.get_absolute_url(),
        "liste des partenaires": reverse("public:partner_list"),
        "un partenaire": reverse("public:partner_detail", args=[partner.slug]),
        "chiffres clés": reverse("public:figures"),
        "presse": reverse("public:press_list"),
    }
    if release is not None:
        found["un communiqué"] = release.get_absolute_url()
    return found


def measure(client: Client, name: str, address: str, rounds: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        content = response.getvalue()  # of a streamed answer too
    queries = len(captured)  # before other requests empty the log
    if response.status_code != 200:
        raise SystemExit(f"{address} répond {response.status_code} : rien n’est mesuré.")
    duration = median_ms(lambda: client.get(address).getvalue(), rounds)
    print(f"{name:24} {duration:7.1f} ms {queries:4} requêtes {weight(content) / 1000:7.1f} ko")


def weight(content: bytes) -> int:
    """Bytes of the page and of everything it asks for, compressed."""
    from django.conf import settings

    root = Path(settings.STATIC_ROOT)
    assets = {root / name for name in ASSET.findall(content.decode())}
    for sheet in [path for path in assets if path.suffix == ".css"]:
        assets |= {(sheet.parent / name).resolve() for name in FONT.findall(sheet.read_text())}
    return len(gzip.compress(content, 6)) + sum(sent_size(path) for path in assets)


def sent_size(path: Path) -> int:
    """Size as served to a browser that takes brotli."""
    compressed = path.with_name(path.name + ".br")
    return (compressed if compressed.exists() else path).stat().st_size


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    from django.test import Client
    from django.urls import reverse

    from conventions.enums import Role
    from conventions.models import Convention, PublicSheet

    published = PublicSheet.objects.published().count()
    print(f"{machine()}. {Convention.objects.count()} conventions, {published} publiées.")
    visitor = Client(HTTP_HOST="127.0.0.1")
    for name, address in addresses().items():
        measure(visitor, name, address, rounds)
    staff = staff_client(Role.OFFICER)
    measure(staff, "admin : tableau de bord", reverse("admin:index"), rounds)
    measure(staff, "admin : conventions", reverse("admin:conventions_convention_changelist"), rounds)


if __name__ == "__main__":
    main()
