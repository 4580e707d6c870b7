"""A file of the stock, from its bytes to the devices, on a phone and on a desk, and without scripts."""

import pytest
from django.utils import timezone

from conventions.models import Device
from conventions.tests.browser.pages import axe_violations, overflow

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.mark.parametrize(("width", "scripts"), [(390, True), (1280, True), (390, False)])
def test_file_is_looked_at_mended_and_entered(site, width, scripts):
    mark = timezone.now().strftime("%H%M%S%f")
    text = "\n".join(
        [
            "Type;Fabricant;Numéro de série;Couleur",
            f"PC;HP;A{mark};vert",
            "PC;HP;3,56938E+14;bleu",
            "Total;;2;",
        ]
    )
    context = site.context("superuser", viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    page, faults = context.new_page(), []

    def look() -> None:
        page.wait_for_load_state()
        faults.extend([*axe_violations(page), *overflow(page)] if scripts else [])

    try:
        page.goto(f"{site.url}/admin/conventions/sheetimport/add/")
        look()
        page.locator('input[type="file"]').set_input_files(
            {"name": "parc.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}
        )
        page.get_by_role("button", name="Lire", exact=True).click()
        page.get_by_text("À corriger : 1").wait_for()
        page.get_by_text("Corriger la ligne 3").click()
        form = page.locator('form:has(input[name="ligne"])')
        box, line = form.bounding_box(), page.locator("tr:has(form)").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= line["y"]
        look()
        form.locator('[name="serial"]').fill(f"B{mark}")
        form.get_by_role("button", name="Corriger", exact=True).click()
        page.get_by_role("button", name="Entrer 2 appareils au stock").click()
        page.get_by_text("Repris : 2").wait_for()
        look()
    finally:
        context.close()
    assert Device.objects.filter(serial__in=[f"A{mark}", f"B{mark}"]).count() == 2
    assert faults == []
