"""The sweep sends 200 letters to a real SMTP server on this machine.

    python -m benchmarks.mails [letters]

Each letter is made, signed out in the database, handed over on a connection of its own and signed in, as every day.
Rows are thrown away afterwards. Aim: 20 a second at least.
"""

import sys
import threading
import time

from benchmarks._ground import machine, set_up, there


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    set_up()
    from django.conf import settings

    from conventions.domain.foundation.failures import Failures
    from conventions.domain.mails import delivery
    from conventions.enums import ActState
    from conventions.models import Act, OutgoingMail
    from conventions.tests.domain.mails.hostile import Server

    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.EMAIL_BACKEND = "conventions.domain.mails.smtp.PatientBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
    OutgoingMail.objects.to_send().delete()
    acts = Act.objects.filter(state=ActState.SIGNED, signatories__representative__user__isnull=False)
    signed = there(acts.first(), "d’acte signé par quelqu’un qui a un compte")
    rows = [OutgoingMail(template="convention_signee", params={"act": signed.pk}) for _ in range(count)]
    keys = [row.pk for row in OutgoingMail.objects.bulk_create(rows)]
    failures, start, worked = Failures(), time.perf_counter(), time.process_time()
    while len(server.received) < count and not failures.told:
        if not delivery.send_due(failures):
            break
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    OutgoingMail.objects.filter(pk__in=keys).delete()
    sent = len(server.received)
    print(machine())
    print(
        f"{sent} lettres en {seconds:.1f} s : {sent / seconds:.0f} par seconde (but : 20). {failures.summary}"
    )
    each = worked / sent
    print(f"Processeur, serveur compris : {each * 1000:.0f} ms par lettre, soit {1 / each:.0f} par seconde")
    print(f"Reçues deux fois : {sum(times > 1 for times in server.received.values())}")


if __name__ == "__main__":
    main()
