"""The progress of a long task, for the member of staff who asked for it."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conventions import permissions
from conventions.domain.foundation import jobs
from conventions.domain.people.requests import SignedInRequest
from conventions.enums import JobState
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
