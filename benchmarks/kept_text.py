"""Keeping what is typed and not saved: the whole request, as the page of a convention sends it while one types.

    python -m benchmarks.kept_text [rounds]

Processor time: address, session, seal, search for account numbers, encryption, one row. Aim: 20 ms.
"""

import sys
from urllib.parse import urlencode

from benchmarks._ground import machine, median_ms, set_up, staff_member, there

ROUNDS = 31
DEVICE = (
    "nature",
    "quantity",
    "brand",
    "model",
    "serial",
    "inventory_tag",
    "amount",
    "status",
    "pickup_place",
)
BODY = "L’Association emploie le soutien reçu conformément à l’objet de la présente convention. " * 8


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    from django.urls import reverse

    from benchmarks._ground import client_of
    from conventions.domain.people import kept_texts
    from conventions.models import Convention

    print(machine())
    user = staff_member("gestionnaire")
    convention = there(Convention.objects.order_by("pk").first(), "de convention")
    address = reverse("admin:conventions_convention_change", args=[convention.pk])
    desk = kept_texts.open_desk(user, form=address, page=address)
    client = client_of(user)
    for devices, articles in ((1, 1), (30, 20), (120, 60)):
        data = {kept_texts.PAGE: desk.token, kept_texts.KEEP: "1", **typed(devices, articles)}

        body = urlencode(data)  # as the page sends it

        def send(body: str = body) -> None:
            answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
            if answer.json() != {"kept": True}:
                raise SystemExit(f"Le texte n’a pas été gardé : {answer.content!r}")

        spent = median_ms(send, rounds)
        print(f"{devices}, {articles} : {len(data)} champs, {len(body) // 1000} ko, {spent:.1f} ms")
    kept_texts.forget(desk)


def typed(devices: int, articles: int) -> dict[str, str]:
    """The fields of such a page."""
    lines = {
        f"equipmentterm-{rank}-{name}": f"{name} {rank} (fictif)"
        for rank in range(devices)
        for name in DEVICE
    }
    return lines | {f"clause-{rank}-body": f"{rank}. {BODY}" for rank in range(articles)}


if __name__ == "__main__":
    main()
