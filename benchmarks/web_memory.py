"""Memory of a real web process that renders: one gunicorn worker, asked over HTTP for drafts in PDF.

    python -m benchmarks.web_memory [rounds]

Each round opens the home page, the admin's list and the preview of one more draft agreement, which renders in the web
process. The figure is the worker's own peak (VmHWM of /proc). Aim: at most 180 MB.
"""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks._ground import ROOT, machine, set_up, staff_client, there

ROUNDS = 20
READY_WITHIN = 30  # seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(address: str, cookie: str = "") -> bytes:
    request = urllib.request.Request(address, headers={"Cookie": cookie})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=60) as answer:
        return answer.read()


def wait_for(address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        try:
            get(address)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise SystemExit(f"{address} ne répond pas.")


def worker_of(master: int) -> int:
    """The one child of gunicorn's master."""
    (child,) = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(child)


def peak(pid: int) -> float:
    """Peak resident memory of a process, in MB."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(there(found, "de mémoire")[1]) / 1024


def preview_addresses() -> list[str]:
    """Previews of the acts that are still being prepared: each one is rendered when it is asked for."""
    from django.urls import reverse

    from conventions.enums import ActOrigin
    from conventions.models import Act

    drafts = Act.objects.editable().filter(origin=ActOrigin.NEW).order_by("pk")
    name = "admin:conventions_convention_preview"
    return [reverse(name, args=[key]) for key in drafts.values_list("convention", flat=True)]


def measure(site: str, pid: int, cookie: str, rounds: int) -> None:
    from django.urls import reverse

    listing = reverse("admin:conventions_convention_changelist")
    previews = preview_addresses()
    if not previews:
        raise SystemExit("Aucun brouillon à rendre dans les données.")
    print(f"au démarrage            {peak(pid):6.0f} Mo")
    for rank in range(rounds):
        get(site + "/")
        get(site + listing, cookie)
        if not get(site + previews[rank % len(previews)], cookie).startswith(b"%PDF-"):
            raise SystemExit("L’aperçu n’est pas un PDF : rien n’est mesuré.")
        if rank in (0, 4, rounds - 1):
            print(f"après {rank + 1:2} rendu(s)       {peak(pid):6.0f} Mo")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    set_up()
    print(machine())
    from conventions.enums import Role

    client, port = staff_client(Role.OFFICER), free_port()
    cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in client.cookies.items())
    env = os.environ | {"WEB_CONCURRENCY": "1", "BIND": f"127.0.0.1:{port}", "MALLOC_ARENA_MAX": "2"}
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=env)
    try:
        wait_for(f"http://127.0.0.1:{port}/sante/")
        measure(f"http://127.0.0.1:{port}", worker_of(server.pid), cookie, rounds)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
