"""« Mes courriels »: which letters a member of staff receives, and when."""

from django.contrib import admin, messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from conventions.domain.foundation import mail_catalogue
from conventions.domain.mails import preferences
from conventions.domain.people.requests import SignedInRequest
from conventions.forms.preferences import MailChoicesForm


def mine(request: SignedInRequest) -> HttpResponse:
    kinds = mail_catalogue.chosen_by(request.user)
    form = MailChoicesForm(request.POST or None, kinds=kinds, chosen=preferences.choices_of(request.user))
    if request.method == "POST" and form.is_valid():
        preferences.choose(request.user, form.cleaned_data)
        messages.success(request, _("Vos choix sont enregistrés."))
        return HttpResponseRedirect(request.path)
    context = {**admin.site.each_context(request), "title": _("Mes courriels"), "form": form}
    return TemplateResponse(request, "admin/mail_choices.html", context)
