"""What the worker runs. Arguments are ids: what is to do stands in our own tables, and `balayer` finishes it."""

from django_tasks import task

from conventions.domain import jobs, notifications
from conventions.domain.acts.signing import sealing


@task()
def send_mail(mail_id: int) -> None:
    notifications.deliver(mail_id)


@task()
def run_job(job_id: int) -> None:
    jobs.run_job(job_id)


@task()
def seal_document(document_id: int) -> None:
    sealing.seal(document_id)


@task()
def attest_act(act_id: int) -> None:
    sealing.attest(act_id)
