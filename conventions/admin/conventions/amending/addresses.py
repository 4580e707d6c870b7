"""Addresses of the amendment's small pages, for ConventionAdmin."""

from conventions.admin.conventions.amending import consolidated, views


def addresses() -> list[tuple]:
    """(path, view, name) of each."""
    line = "<int:pk>/avenant/<slug:table>"
    return [
        (f"{line}/ajouter/", views.add_line, "line_add"),
        (f"{line}/<int:row>/", views.change_line, "line"),
        (f"{line}/<int:row>/supprimer/", views.remove_line, "line_removal"),
        (f"{line}/<int:row>/annuler/", views.undo_change, "line_undo"),
        (f"{line}/<int:row>/reprendre/", views.redo_change, "line_redo"),
        ("<int:pk>/texte-en-vigueur/", consolidated.text_in_force, "text"),
        ("<int:pk>/texte-en-vigueur.pdf", consolidated.text_in_force_pdf, "text_pdf"),
    ]
