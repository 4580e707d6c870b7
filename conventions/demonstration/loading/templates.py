"""The lawyer of the demonstration puts in force what was delivered to be read again, by the verb of every lawyer."""

from conventions.domain.acts.templates import agreements, letters
from conventions.enums import TemplateState
from conventions.models import AgreementTemplate, LetterTemplate, User


def put_in_force(lawyer: User) -> None:
    """Each delivered template of acts (with its texts) and of letters that nobody has touched; once."""
    delivered = AgreementTemplate.objects.filter(state=TemplateState.DRAFT, updated_by=None)
    for template in delivered.order_by("pk"):
        agreements.put_in_force_with_texts(template, by=lawyer)
    for text in LetterTemplate.objects.filter(state=TemplateState.DRAFT, updated_by=None).order_by("pk"):
        letters.put_in_force(text, by=lawyer)
