"""120 devices, from the file of GLPI to the signed procès-verbal and the list for accounting, by logistics alone.

`benchmarks.equipment` times the same way at 10,000 devices.
"""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from conventions.domain.equipment import choosing
from conventions.domain.foundation import jobs
from conventions.enums import Role
from conventions.equipment_enums import DeviceState
from conventions.models import Device, EquipmentItem, Handover, Job, SheetImport
from conventions.tests import factories as f
from conventions.tests.pdf.reading import plain

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNT = 120
HEAD = "Nom;Type;Fabricant;Modèle;Numéro de série;Numéro d'inventaire;Lieu\n"
FILE = HEAD + "".join(
    f"PC{rank};Ordinateur;HP;EliteDesk 800;5CG{rank:05d}X;INV-{rank:04d};Magenta\n" for rank in range(COUNT)
)
FORMS = 7  # sent in all: one page and one POST for each gesture, whatever the number of devices


class Desk:
    """The screens as logistics posts them; it counts what was sent, and does what the worker would."""

    def __init__(self, client) -> None:
        self.client, self.sent = client, 0

    def post(self, address: str, values: dict) -> str:
        answer = self.client.post(address, values)
        assert answer.status_code == 302, plain(answer.content.decode())[:2000]
        self.sent += 1
        for row in Job.objects.filter(finished_at=None):
            jobs.run_job(row.pk)
        return answer["Location"]

    def together(self, code: str, **values: str | int) -> None:
        keys = choosing.written(Device.objects.values_list("pk", flat=True))
        self.post(f"{reverse('admin:conventions_device_together', args=[code])}?appareils={keys}", values)


def test_120_devices_go_from_a_file_to_a_signed_proces_verbal_and_the_accounting_list(as_role):
    desk, today = Desk(as_role(Role.LOGISTICS)), timezone.localdate().isoformat()
    convention = f.ConventionFactory(
        act="signe", act__equipment=[{"quantity": COUNT, "nature": "ordinateur"}]
    )
    term = convention.acts.get().equipmentterm_set.get()
    page = desk.post(
        reverse("admin:conventions_sheetimport_add"),
        {"uploads": [SimpleUploadedFile("glpi.csv", FILE.encode())], "pasted": ""},
    )
    desk.post(page, {"_importer": "1"})
    assert (Device.objects.count(), SheetImport.objects.count()) == (COUNT, 1)
    desk.together("effacer", technique="ecrasement", done_on=today, agent="Noa AGENT (fictif)")
    desk.together("reserver", term=term.pk, note="bon état")
    assert Device.objects.ready().in_state(DeviceState.RESERVED).count() == COUNT
    follow = "admin:conventions_convention_follow"
    remise = {
        "items": list(EquipmentItem.objects.to_hand().values_list("pk", flat=True)), "handed_on": today,
        "place": "Magenta", "given_by": "Noa AGENT (fictif), magasinier", "refusal": "", "note": "",
        "received_by": "Alix (fictif), présidente",
    }  # fmt: skip
    desk.post(reverse(f"{follow}_remise", args=[convention.pk]), remise)
    made = Handover.objects.get()
    assert (made.items.count(), Device.objects.in_state(DeviceState.GIVEN).count()) == (COUNT, COUNT)
    signed = SimpleUploadedFile("pv.pdf", f.small_pdf("Procès-verbal signé"))
    paper = reverse(f"{follow}_piece", kwargs={"pk": convention.pk, "row": made.pk})
    desk.post(paper, {"what": "signe", "file": signed})
    desk.together("sortir", on=today, words="don")
    rows = desk.client.get(
        reverse("admin:conventions_device_write_offs_export", args=["csv"]), {"annee": today[:4]}
    )
    written = b"".join(rows.streaming_content).decode()
    assert written.count("5CG") == COUNT
    assert desk.sent == FORMS
