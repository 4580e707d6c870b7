"""The progress of a long task, for the member of staff who asked for it."""

from django.contrib import admin
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from conventions import permissions
from conventions.domain.foundation import jobs
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import JobState
from conventions.exchange import workbooks
from conventions.exchange.tables import XLSX_TYPE
from conventions.forms.refusals import told_on_page
from conventions.models import Job


@never_cache
@require_GET
def admin_job(request: SignedInRequest, job_id: int) -> HttpResponse:
    """Behind `admin_site.admin_view`. Someone else's job: 404, save for an administrator.

    A result {"text": …, "url": …, "label": …} is shown as a sentence and a link, each optional.
    """
    job = get_object_or_404(Job, pk=job_id)
    if job.owner_id != request.user.pk and not permissions.can_manage_users(request.user):
        raise Http404
    page = {
        **admin.site.each_context(request),
        "title": job.label,
        "job": job,
        "waiting": job.state in (JobState.PENDING, JobState.RUNNING),
        "quiet": job.pk in jobs.left_behind(),
        "failed": job.state == JobState.FAILED,
        "result": job.result if isinstance(job.result, dict) else {},
    }
    return render(request, "admin/job.html", page)


@never_cache
@require_POST
def admin_workbook(request: SignedInRequest, job_id: int) -> HttpResponseBase:
    """The workbook that a task made: once, for who asked for it."""
    job = get_object_or_404(Job, pk=job_id, owner=request.user, kind=workbooks.KIND)
    with told_on_page(request):
        file, name = workbooks.take(job.pk, by=request.user)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    return redirect("jobs:detail", job_id=job.pk)
