"""What a document may read, and that the same page always gives the same bytes."""

import base64
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from conventions.domain.documents.rendering import RefusedUrl, render_agreement, render_press_release
from conventions.domain.documents.rendering.engine import static_path, tool_versions, write
from conventions.tests.pdf import samples

pytestmark = pytest.mark.pdf

REFUSED = [
    "file:///etc/passwd",
    "http://127.0.0.1:9/x.png",
    "https://example.invalid/x.css",
    "ftp://127.0.0.1/x",
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>'
ATTACHMENT = ("convention.json", "Données", b"{}")


def page(head: str = "", body: str = "") -> str:
    return f'<!doctype html><html lang="fr"><head><title>t</title>{head}</head><body>{body}</body></html>'


def svg_as_data(url: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(SVG.format(url=url).encode()).decode()


@pytest.mark.parametrize(
    "url", [*REFUSED, "../../opt_partners/settings.py", "static:../opt_partners/settings.py"]
)
@pytest.mark.parametrize(
    "html",
    [
        lambda url: page(body=f'<img src="{url}" alt="">'),
        lambda url: page(head=f"<style>body {{ background: url({url}) }}</style>"),
        lambda url: page(head=f'<style>@import "{url}";</style>'),
        lambda url: page(head=f"<style>@font-face {{ font-family: a; src: url({url}) }}</style>", body="<p>a"),
        lambda url: page(head=f'<link rel="stylesheet" href="{url}">'),
        lambda url: page(head=f'<link rel="attachment" href="{url}">'),
    ],
    ids=["img", "css", "import", "font", "stylesheet", "attachment"],
)  # fmt: skip
def test_refused_address_stops_the_render(html, url):
    with pytest.raises(RefusedUrl):
        write(html(url), draft=False, attachment=ATTACHMENT)


@pytest.mark.parametrize("url", REFUSED)
def test_refused_address_inside_an_svg_stops_the_render(url):
    with pytest.raises(RefusedUrl):
        write(page(body=f'<img src="{svg_as_data(url)}" alt="">'), draft=False, attachment=ATTACHMENT)


@pytest.mark.parametrize(
    "url",
    [
        "static:../manage.py",
        "static:css/../../manage.py",
        "static:/etc/passwd",
        "static:fonts/LICENCES.md",
        "css/pdf.css",
    ],
)
def test_static_path_refuses_what_is_not_named(url):
    with pytest.raises(RefusedUrl):
        static_path(url)


def test_static_path_gives_a_named_file():
    assert static_path("static:css/pdf.css") == Path(settings.BASE_DIR) / "static/css/pdf.css"


def test_same_context_gives_the_same_bytes_twice():
    assert render_agreement(samples.agreement()).content == render_agreement(samples.agreement()).content


def test_same_context_gives_the_same_bytes_from_threads():
    expected = render_press_release(samples.press_release()).sha256
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: render_press_release(samples.press_release()).sha256, range(8)))
    assert made == [expected] * 8


def test_same_context_gives_the_same_bytes_in_another_process():
    code = (
        "import django; django.setup()\n"
        "from conventions.domain.documents.rendering import render_agreement\n"
        "from conventions.tests.pdf import samples\n"
        "print(render_agreement(samples.agreement()).sha256)"
    )
    environment = os.environ | {"SECRET_KEY": settings.SECRET_KEY, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=settings.BASE_DIR,
    )
    assert done.stdout.strip() == render_agreement(samples.agreement()).sha256


def test_fork_after_a_render_leaves_both_processes_able_to_render():
    expected = render_press_release(samples.press_release()).sha256
    code = (
        "import django, os; django.setup()\n"
        "from conventions.domain.documents.rendering import render_press_release\n"
        "from conventions.tests.pdf import samples\n"
        "render_press_release(samples.press_release())\n"
        "pid = os.fork()\n"
        "made = render_press_release(samples.press_release()).sha256\n"
        "pid and os.waitpid(pid, 0)\n"
        "print(made, flush=True)"
    )
    environment = os.environ | {"SECRET_KEY": settings.SECRET_KEY, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=settings.BASE_DIR,
    )
    assert done.stdout.split() == [expected, expected]


def test_tool_versions_name_what_the_bytes_depend_on():
    assert set(tool_versions()) == {"layout", "python", "weasyprint", "pydyf", "pango", "fonts", "sheet"}
