"""The stock as logistics works with it: list, page of a device, what is done to many at once, labels, write-offs."""

from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from conventions.domain.foundation import jobs
from conventions.enums import Role
from conventions.equipment_enums import DeviceEventKind, DeviceState, MediaState
from conventions.models import Attachment, Device, DeviceEvent, EquipmentItem, Job, Medium, Sanitisation
from conventions.tests import factories as f
from conventions.tests.formats.test_files import heic, picture
from conventions.tests.harness import captured_queries
from conventions.tests.pdf.reading import plain

pytestmark = pytest.mark.django_db
LIST = "/admin/conventions/device/"
BUDGET = 20


@pytest.fixture
def logistics(as_role):
    return as_role(Role.LOGISTICS)


def address(name: str, *arguments) -> str:
    return reverse(f"admin:conventions_device_{name}", args=arguments)


def line(quantity=12, **values):
    act = f.ActFactory(state="signe", equipment=[{"quantity": quantity, **values}])
    return act.equipmentterm_set.get()


def stand(count: int, **values) -> list[Device]:
    return f.DeviceFactory.create_batch(count, **values)


def keys(devices: list[Device]) -> str:
    return ",".join(str(device.pk) for device in devices)


def told(response) -> list[str]:
    return [plain(str(message)) for message in get_messages(response.wsgi_request)]


def test_an_empty_stock_says_what_to_do(logistics):
    page = logistics.get(LIST).content.decode()
    assert "Le stock est vide" in page
    assert "Entrer un appareil" in page


def test_the_list_shows_where_each_stands_and_counts(logistics):
    taken, _free = stand(2)
    f.EquipmentItemFactory(device=taken, equipment=line())
    page = logistics.get(LIST)
    assert page.context_data["counts"] == [("stock", "En stock", 1), ("reserve", "Réservé", 1)]
    assert taken.serial in page.content.decode()
    assert [row.pk for row in logistics.get(LIST, {"etat": "reserve"}).context_data["cl"].result_list] == [
        taken.pk
    ]


@pytest.mark.parametrize(
    "typed", ["5CG-1234 xyz", "s/n: 5cg1234xyz", "5CG1234XYZ", "5CGI234XYZ", "inv 77", "lagon"]
)
def test_a_device_is_found_by_any_spelling_and_by_who_has_it(logistics, typed):
    convention = f.ConventionFactory(
        title="Atelier du lagon (fictif)", act="signe", act__equipment=[{"quantity": 1}]
    )
    act = convention.acts.get()
    device = f.DeviceFactory(serial="5CG1234XYZ", inventory_tag="INV 77")
    f.EquipmentItemFactory(device=device, equipment=act.equipmentterm_set.get())
    stand(2)
    assert [row.pk for row in logistics.get(LIST, {"q": typed}).context_data["cl"].result_list] == [device.pk]


def grown(count: int) -> str:
    """`count` devices lent and late in one convention, a third with a disk, `count` that left; the page of one."""
    today = timezone.localdate()
    act = f.ActFactory(
        state="signe",
        equipment=[{"quantity": None, "transfer": "pret", "return_on": today - timedelta(days=3)}],
    )
    devices = Device.objects.bulk_create(
        f.DeviceFactory.build(entered_by=None, place=f"Dépôt {rank % 20}").settle_keys()
        for rank in range(2 * count)
    )
    lent, gone = devices[:count], devices[count:]
    Device.objects.filter(pk__in=[row.pk for row in gone]).update(written_off_on=today)
    Medium.objects.bulk_create(Medium(device=row, kind="ssd") for row in lent[::3])
    term = act.equipmentterm_set.get()
    items = EquipmentItem.objects.bulk_create(EquipmentItem(equipment=term, device=row) for row in lent)
    f.HandoverFactory(act=act).items.set(items)
    return reverse("admin:conventions_device_change", args=[lent[0].pk])


def cost(client, url: str) -> int:
    """Queries of a page already read once, its export to the end."""
    for _ in range(2):
        with captured_queries() as captured:
            answer = client.get(url)
            assert answer.status_code == 200, url
            if answer.streaming:
                b"".join(answer.streaming_content)
    return len(captured)


@pytest.mark.slow
def test_the_stock_costs_the_same_at_1_30_and_2000(logistics):
    """The list, a device, the export, the figures, the loans, what left: each within its budget, and flat."""
    year = timezone.localdate().year
    exported = f"{address('write_offs_export', 'csv')}?annee={year}"
    pages = [LIST, f"{LIST}?etat=prete", f"{LIST}export/csv/", address("figures"), address("loans"),
             address("write_offs"), exported]  # fmt: skip
    found = []
    for count in (1, 29, 1970):
        device = grown(count)
        found.append({page: cost(logistics, page) for page in pages} | {"device": cost(logistics, device)})
    assert found[0] == found[1] == found[2]
    assert max(found[0].values()) <= BUDGET


def test_it_is_exported_with_its_states(logistics):
    stand(1, nature="imprimante", holds_data=False)
    made = b"".join(logistics.get(f"{LIST}export/csv/").streaming_content).decode()
    assert "imprimante" in made
    assert "sans données" in made


def test_a_device_is_entered_then_read_as_a_story(logistics):
    typed = {
        "nature": "écran",
        "maker": "Kaori",
        "serial": "ECR-0001",
        "purchased": "mars 2018",
        "condition": "bon",
    }
    page = logistics.post(f"{LIST}add/", typed, follow=True)
    device = Device.objects.get()
    assert (device.serial, device.purchased_on_precision, device.amount) == ("ECR-0001", "mois", None)
    text = plain(page.content.decode())
    assert "mars 2018" in text
    assert "Entré au stock" in text


def test_a_serial_that_stands_already_is_refused_and_nothing_is_lost(logistics):
    f.DeviceFactory(serial="ECR-0001")
    page = logistics.post(f"{LIST}add/", {"nature": "écran", "maker": "Kaori", "serial": "ecr 0001"})
    assert "ECR" in plain(str(page.context["form"].errors)).upper()
    assert 'value="ecr 0001"' in page.content.decode()
    assert Device.objects.count() == 1


def test_a_correction_over_what_a_colleague_changed_is_refused(logistics):
    device = f.DeviceFactory()
    Device.objects.filter(pk=device.pk).update(version=3)
    page = logistics.post(
        address("correct", device.pk), {"nature": "tablette", "version": 1, "condition": "bon"}
    )
    assert "entre-temps" in plain(page.content.decode())


def test_ten_are_reserved_erased_and_one_stands_aside_with_its_reason(logistics):
    term, devices = line(), stand(11)
    f.EquipmentItemFactory(device=devices[-1], equipment=line())
    asked = f"{address('together', 'reserver')}?appareils={keys(devices)}"
    page = plain(logistics.get(asked).content.decode())
    assert "10 appareils" in page
    assert "1 laissé de côté" in page
    done = logistics.post(asked, {"term": term.pk})
    assert told(done) == ["10 appareils réservés."]
    erased = logistics.post(
        f"{address('together', 'effacer')}?appareils={keys(devices[:10])}",
        {
            "technique": "ecrasement",
            "done_on": timezone.localdate().isoformat(),
            "agent": "Noa AGENT (fictif)",
        },
    )
    assert told(erased)[-1] == "10 appareils effacés."
    assert Device.objects.ready().count() == 10


def test_who_erased_and_when_is_said_by_one_tap_and_filled_by_nobody(client):
    logistics, somebody = client, f.UserFactory(role=Role.LOGISTICS)
    client.force_login(somebody)
    (device,) = stand(1)
    asked = f"{address('together', 'effacer')}?appareils={device.pk}"
    form = logistics.get(asked).context["form"]
    assert [form[name].value() for name in ("now", "done_on", "agent", "technique")] == [None] * 4
    wrong = logistics.post(asked, {"technique": "ecrasement"}).context["form"].errors
    assert wrong.keys() == {"done_on", "agent"}
    other = {"technique": "ecrasement", "now": "on", "done_on": "2020-01-01"}
    assert logistics.post(asked, other).context["form"].errors.keys() == {"done_on"}
    logistics.post(asked, {"technique": "ecrasement", "now": "on"})
    done = Sanitisation.objects.get(medium__device=device)
    assert (done.done_on, done.agent) == (timezone.localdate(), str(somebody))


@pytest.mark.parametrize("code", ["controler", "reformer", "reaffecter", "perdre", "sortir"])
def test_no_gesture_says_its_day_for_somebody(logistics, code):
    (device,) = stand(1)
    asked = f"{address('together', code)}?appareils={device.pk}"
    sent = {"condition": "bon"} if code == "controler" else {}
    assert logistics.get(asked).context["form"]["on"].value() is None
    assert logistics.post(asked, sent).context["form"].errors.keys() == {"on"}
    assert logistics.post(asked, sent | {"now": "on"}).status_code == 302
    assert device.events.latest("pk").happened_on == timezone.localdate()


def test_an_action_of_the_list_leads_to_its_page(logistics):
    devices = stand(3)
    sent = {"action": "sortir", "_selected_action": [device.pk for device in devices]}
    answer = logistics.post(LIST, sent)
    assert answer["Location"] == f"{address('together', 'sortir')}?appareils={devices[0].pk}-{devices[-1].pk}"


def test_beyond_fifty_the_worker_does_it_and_tells(logistics, django_capture_on_commit_callbacks):
    devices = stand(60)
    asked = f"{address('together', 'sortir')}?appareils={devices[0].pk}-{devices[-1].pk}"
    answer = logistics.post(asked, {"on": timezone.localdate().isoformat()})
    job = Job.objects.get()
    assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
    done = jobs.run_job(job.pk)
    assert plain(done.result["text"]) == "60 appareils sortis de l’inventaire sur 60."
    assert (done.done, done.total) == (60, 60)
    assert Device.objects.in_state(DeviceState.WRITTEN_OFF).count() == 60


@pytest.mark.parametrize("asked", ["", "x", "1-", "1-9999", "99999999999999999999"])
def test_a_selection_that_cannot_be_read_leads_back_with_words(logistics, asked):
    answer = logistics.get(f"{address('together', 'sortir')}?appareils={asked}")
    assert answer["Location"] == LIST
    assert told(answer)


def test_labels_read_are_recognised_asked_and_counted_once(logistics):
    one = f.DeviceFactory(serial="004HQ3X")
    other = f.DeviceFactory(serial="5CG1234XYZ")
    lines = (
        f"004hq3x\r\n\r\nhttps://x.test/admin/conventions/device/{other.pk}/\r\n004HQ3X\r\nàà'HA\"\r\nZZTOP99"
    )
    page = logistics.post(address("scan"), {"lines": lines})
    scanned = page.context["scanned"]
    assert [device.pk for device in scanned.found] == [one.pk, other.pk]
    assert scanned.twice == ("004HQ3X",)
    assert [label.text for label in scanned.asked] == ["àà'HA\"", "ZZTOP99"]
    assert "004HQ3" in plain(page.content.decode())


def photo_of(*texts: str, code: str) -> SimpleUploadedFile:
    """A photo of labels, one under the other, with these texts in codes."""
    sheet = Image.new("RGB", (1300, 60 + 340 * len(texts)), "white")
    for rank, text in enumerate(texts):
        drawn = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(code)).to_image(scale=6)
        height, width = drawn.shape
        sheet.paste(Image.frombytes("L", (width, height), bytes(memoryview(drawn))), (60, 40 + 340 * rank))
    sent = BytesIO()
    sheet.rotate(3, fillcolor="white").save(sent, "JPEG")
    return SimpleUploadedFile("etiquettes.jpg", sent.getvalue(), "image/jpeg")


@pytest.mark.parametrize("code", ["QRCode", "Code128"])
def test_a_photo_of_labels_is_read_without_scripts(logistics, code):
    one, other = f.DeviceFactory(serial="004HQ3X"), f.DeviceFactory(serial="5CG1234XYZ")
    page = logistics.post(
        address("scan"), {"lines": "", "photo": photo_of("S/N: 004HQ3X", "5CG1234XYZ", "ZZTOP99", code=code)}
    )
    scanned = page.context["scanned"]
    assert [device.pk for device in scanned.found] == [one.pk, other.pk]
    assert [label.text for label in scanned.asked] == ["ZZTOP99"]
    assert "2 appareils reconnus" in plain(page.content.decode())


def test_a_photo_that_cannot_be_read_says_what_to_do_and_keeps_what_was_typed(logistics):
    nothing = BytesIO()
    Image.new("RGB", (300, 200), "white").save(nothing, "PNG")
    photos = {
        "Aucun code ne se lit sur cette photo": nothing.getvalue(),
        "Cette photo est abîmée": heic(bytes(9), b"dots"),
        "Ce fichier est vide": b"",
    }
    for words, content in photos.items():
        sent = {"lines": "004HQ3X", "photo": SimpleUploadedFile("IMG_1.HEIC", content)}
        page = plain(logistics.post(address("scan"), sent).content.decode())
        assert words in page
        assert "004HQ3X" in page


def test_one_label_is_told_as_it_is_read(logistics):
    device = f.DeviceFactory(serial="5CG1234XYZ")
    assert logistics.get(address("scan_read"), {"etiquette": "5cg1234xyz"}).json() == {
        "said": f"Ordinateur de bureautique Kaori Bureau 400, {device.serial}",
        "sure": True,
    }
    assert logistics.get(address("scan_read"), {"etiquette": "inconnu99"}).json()["sure"] is False


def test_labels_are_printed(logistics):
    devices = stand(3)
    assert "3 appareils" in plain(
        logistics.get(f"{address('labels')}?appareils={keys(devices)}").content.decode()
    )
    made = logistics.get(f"{address('labels_pdf')}?appareils={keys(devices)}&debut=23")
    assert made.content.startswith(b"%PDF")


def test_what_left_the_inventory_is_listed_for_accounting(logistics):
    today = timezone.localdate()
    stand(2, written_off_on=today, amount=50_000, status="connu")
    stand(1, written_off_on=today)
    page = plain(logistics.get(address("write_offs")).content.decode())
    assert "non précisée" in page
    made = logistics.get(address("write_offs_pdf", today.year))
    assert made.content.startswith(b"%PDF")
    rows = b"".join(
        logistics.get(address("write_offs_export", "csv"), {"annee": today.year}).streaming_content
    ).decode()
    assert rows.count("50000") == 2


def test_figures_open_their_rows(logistics):
    stand(2, place="Magenta", weight_grams=6500)
    stand(1, nature="écran")
    page = plain(logistics.get(address("figures")).content.decode())
    assert "13 kg, sans compter 1 appareil de poids inconnu" in page
    assert "?lieu=Magenta" in page


def test_each_figure_opens_as_many_rows_as_it_counts(logistics):
    """A place that nobody noted, the places too rare to be told apart, the weight, known or not."""
    for rank in range(14):
        stand(1 + (rank < 13), place=f"Dépôt {rank:02d}", weight_grams=1000 if rank % 2 else None)
    stand(5, place="")
    shown = logistics.get(address("figures"))
    figures = shown.context["figures"]
    labels = {bar.label: bar.count for bar in figures.places}
    assert labels["Lieu non précisé"] == 5
    assert labels["3 autres"] == 5
    asked = [(bar.query, bar.count) for bar in (*figures.states, *figures.kinds, *figures.places)]
    asked += [
        (figures.without_weight, Device.objects.filter(weight_grams=None).count()),
        ("poids=connu", Device.objects.exclude(weight_grams=None).count()),
    ]
    page = shown.content.decode()
    for query, count in asked:
        rows = logistics.get(f"{LIST}?{query}")
        assert rows.context["cl"].result_count == count, query
        assert f"?{query}" in page


def test_a_medium_is_listed_then_removed(logistics):
    device = f.DeviceFactory()
    logistics.post(address("media", device.pk), {"kind": "ssd", "serial": "DSK-0001", "size": 512})
    medium = device.media.get()
    assert medium.size_bytes == 512_000_000_000
    logistics.post(address("medium_left", device.pk, medium.pk, "retire"))
    medium.refresh_from_db()
    assert medium.fate == "retire"
    assert Device.objects.with_media_state().get().media_state == MediaState.DONE


def test_a_photo_loses_its_place_and_is_shown(logistics):
    device = f.DeviceFactory()
    jpeg = SimpleUploadedFile("IMG_1.jpg", picture("JPEG"))
    logistics.post(address("photo", device.pk), {"file": jpeg})
    device.refresh_from_db()
    assert device.photo == Attachment.objects.get()
    assert logistics.get(address("picture", device.pk))["Content-Type"] == "image/jpeg"
    assert DeviceEvent.objects.filter(device=device, kind=DeviceEventKind.CORRECTED).exists()


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LOGISTICS])
def test_who_follows_equipment_may_write(as_role, role):
    assert as_role(role).get(f"{LIST}add/").status_code == 200


def test_others_read_and_do_not_write(as_role):
    device = f.DeviceFactory()
    reader = as_role(Role.ACCOUNTANT)
    assert reader.get(LIST).status_code == 200
    assert reader.get(f"{LIST}{device.pk}/change/").status_code == 200
    assert reader.get(f"{LIST}add/").status_code == 403
    assert reader.get(f"{address('together', 'sortir')}?appareils={device.pk}").status_code == 403
    assert reader.post(address("medium_left", device.pk, 1, "retire")).status_code == 403
