"""Addresses of long tasks, inside the admin."""

from django.contrib import admin
from django.urls import path

from conventions.views import jobs

app_name = "jobs"
urlpatterns = [
    path("<int:job_id>/", admin.site.admin_view(jobs.admin_job), name="detail"),
    path("<int:job_id>/classeur/", admin.site.admin_view(jobs.admin_workbook), name="workbook"),
]
