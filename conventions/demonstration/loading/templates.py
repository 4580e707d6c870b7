"""The lawyer of the demonstration puts in force what was delivered to be read again, by the verb of every lawyer."""

from conventions.domain.acts.templates import agreements
from conventions.enums import TemplateState
from conventions.models import AgreementTemplate, User


def put_in_force(lawyer: User) -> None:
    """Each delivered template of acts that nobody has touched, with its texts; nothing a second time."""
    delivered = AgreementTemplate.objects.filter(state=TemplateState.DRAFT, updated_by=None)
    for template in delivered.order_by("pk"):
        agreements.put_in_force_with_texts(template, by=lawyer)
