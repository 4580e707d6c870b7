"""« Vérifier un document »: by code, by QR code, by file. Facts only; no file is kept, a try is counted."""

import functools
import math
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from conventions.domain.documents import sealing, verification
from conventions.domain.documents.sealing import authority
from conventions.domain.documents.verification import Finding, Verdict
from conventions.domain.foundation import throttling
from conventions.domain.people.requests import View
from conventions.enums import TryKind
from conventions.formats import FormatError, normalise_code, show_code
from conventions.forms.verify import CodeForm, FileForm
from conventions.views.limits import announced, heavy_one_at_a_time
from conventions.views.presenting import Page
from conventions.views.sign_in import client_address

FORM_OVERHEAD = 64 * 1024  # bytes of a posted form beside its file
UNKNOWN_CODE = "Aucun document ne porte ce code. Vérifiez chaque signe : il y en a treize, en bas de page."


def _page(title: str, path: str) -> Page:
    return Page(
        title=title,
        description="Vérifier qu’un document signé avec l’OPT-NC est authentique, par son code ou par son fichier.",
        path=path,
    )


def _start(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "page": _page("Vérifier un document", reverse("public:verify")),
        "code_form": code_form or CodeForm(),
        "file_form": file_form or FileForm(),
    }
    return render(request, "verify/start.html", page, status=status)


def _counted(view: View) -> View:
    """A network that tried too often is told how long to wait."""

    @functools.wraps(view)
    def found(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, **kwargs)
        except throttling.TooManyTries as refusal:
            page = {"page": _page("Trop d’essais", reverse("public:verify")), "message": str(refusal)}
            response = render(request, "verify/refused.html", page, status=429)
            response["Retry-After"] = str(math.ceil(refusal.wait.total_seconds()))
            return response

    return found


@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Both forms; a code typed here leads to its own page."""
    if "code" not in request.GET:
        return _start(request)
    form = CodeForm(request.GET)
    if form.is_valid():
        return redirect("public:verify_code", code=form.cleaned_data["code"])
    return _start(request, code_form=form)


@never_cache
@require_safe
@_counted
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The facts of the document that bears a code: what a QR code opens. `e` and `p`: which printed copy and page."""
    try:
        wanted = normalise_code(code)
    except FormatError as error:
        return _with_code_error(request, code, str(error))
    if wanted != code:
        return redirect("public:verify_code", code=wanted)
    facts = verification.of_code_tried(wanted, network=client_address(request))
    if facts is None:
        return _with_code_error(request, show_code(wanted), UNKNOWN_CODE)
    page = {
        "page": _page("Document vérifié", reverse("public:verify_code", args=[wanted])),
        "facts": facts,
        "code": show_code(wanted),
        "copy": _printed(request),
        "file_form": FileForm(),
        "anchor": _anchor(),
    }
    return render(request, "verify/code.html", page)


def _with_code_error(request: HttpRequest, typed: str, message: str) -> HttpResponse:
    form = CodeForm({"code": typed[:80]})
    form.is_valid()
    form.errors.pop("code", None)
    form.add_error("code", message)
    return _start(request, code_form=form, status=404)


def _printed(request: HttpRequest) -> str:
    """« exemplaire 2, page 3 », when the QR code of a printed page was read."""
    found = [(word, request.GET.get(name, "")) for word, name in (("exemplaire", "e"), ("page", "p"))]
    return ", ".join(f"{word} {n}" for word, n in found if n.isascii() and n.isdecimal() and len(n) <= 3)


@csrf_exempt  # reads what is sent and writes nothing; checked by the middleware, a body of any size would be read first
@never_cache
@require_http_methods(["GET", "POST"])
@heavy_one_at_a_time
@_counted
def file(request: HttpRequest) -> HttpResponse:
    """The verdict on a file, or on its hash alone when the browser computed it."""
    if request.method == "GET":
        return redirect("public:verify")
    network = client_address(request)
    throttling.check(TryKind.VERIFY_FILE, network)
    if announced(request) > verification.MAX_BYTES + FORM_OVERHEAD:
        return _verdict(request, Finding(Verdict.TOO_HEAVY), status=413)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, file_form=form)
    throttling.take(TryKind.VERIFY_FILE, network)
    sent = form.cleaned_data["file"]
    if sent is None:
        found = verification.of_hash(form.cleaned_data["sha256"])
        return _verdict(request, found, by_hash=True)
    return _verdict(request, verification.of_file(sent.read(verification.MAX_BYTES + 1)))


def _verdict(
    request: HttpRequest, found: Finding, *, by_hash: bool = False, status: int = 200
) -> HttpResponse:
    ask_file = by_hash and found.verdict == Verdict.UNKNOWN
    page = {
        "page": _page("Résultat de la vérification", reverse("public:verify_file")),
        "finding": found,
        "wording": verification.wording(found.verdict),
        "facts": found.facts,
        "ask_file": ask_file,
        "file_form": FileForm(),
        "anchor": _anchor(),
    }
    return render(request, "verify/verdict.html", page, status=status)


def _anchor() -> str:
    """Fingerprint of the certificate to trust; empty while there is no key."""
    try:
        return authority.fingerprint(sealing.seal_key(create=False).anchor)
    except sealing.SealingError:
        return ""


@require_safe
@conditional_page
def how(request: HttpRequest) -> HttpResponse:
    """« Comment vérifier »: by oneself, with programs that are not ours."""
    page = {
        "page": _page("Comment vérifier", reverse("public:verify_how")),
        "anchor": _anchor(),
        "has_revocations": _revocations() is not None,
    }
    return render(request, "verify/how.html", page)


def _revocations() -> bytes | None:
    """The revocation list of our own authority; None where it cannot be had."""
    try:
        return sealing.revocation_list()
    except sealing.SealingError:
        return None


@require_safe
@conditional_page
def certificate(request: HttpRequest) -> HttpResponse:
    """The certificate of our authority (PEM), to import where one verifies."""
    from cryptography.hazmat.primitives.serialization import Encoding

    try:
        anchor = sealing.seal_key(create=False).anchor
    except sealing.SealingError as error:
        raise Http404 from error
    response = HttpResponse(anchor.public_bytes(Encoding.PEM), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="opt-partners-autorite.pem"'
    return response


@require_safe
@conditional_page
def revocations(request: HttpRequest) -> HttpResponse:
    """The revocation list of our authority (DER), which its certificates name."""
    if (content := _revocations()) is None:
        raise Http404
    return HttpResponse(content, content_type="application/pkix-crl")
