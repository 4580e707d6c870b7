"""The one page of a convention: its forms and lines, cut into sections, each block open or read-only.

Choices are read once for the whole page; its cost does not depend on the number of lines.
"""

import contextlib
import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.forms.utils import ErrorDict, ErrorList
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from conventions.admin.conventions.layout import (
    SECTIONS_BY_KIND,
    BlockSpec,
    ChangesSpec,
    EndingSpec,
    FieldsSpec,
    RowsSpec,
    SectionSpec,
)
from conventions.admin.conventions.row_forms import CLASSES, READY, ROW_FORMS, begins_with
from conventions.domain.acts import amending, drafting
from conventions.domain.acts.content import changes, loading
from conventions.domain.acts.drafting.page_content import CONVENTION_LINKS, ROWS_BY_KEY
from conventions.domain.acts.drafting.readings import shown_articles, shown_fields, shown_rows
from conventions.domain.acts.review.corrections import shown_corrections
from conventions.domain.documents import attachments, kept_files
from conventions.domain.foundation.refusals import Refused
from conventions.enums import BEFORE_FREEZING_STATES, ActKind, AttachmentKind
from conventions.formats import whole_number
from conventions.forms.conventions import ActForm, ConventionForm, UploadForm, act_fields
from conventions.forms.equipment import PasteForm
from conventions.forms.rows import RowFormSet
from conventions.models import Act, Attachment, Convention, Correction, Partner, User
from conventions.models.terms import ClauseQuerySet

LONG = 20  # lines to read, beyond which a table is folded


@dataclass
class Block:
    """One block as the template shows it: `kind` is fields, rows, changes, ending or uploads."""

    kind: str
    spec: Any
    open: bool
    cells: list = field(default_factory=list)
    values: list = field(default_factory=list)
    formset: Any = None
    headings: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    paste: Any = None
    table: Any = None
    ending: Any = None

    @property
    def has_errors(self) -> bool:
        if self.formset is not None and self.formset.is_bound and self.formset.total_error_count():
            return True
        if self.paste is not None and self.paste.errors:
            return True
        return any(cell.errors for cell, _span in self.cells)

    @property
    def is_long(self) -> bool:
        """Lines that are only read, too many to stand in the way of what follows: folded on screen, never in print."""
        return len(self.rows) > LONG

    @property
    def is_empty(self) -> bool:
        return not (self.open or self.values or self.rows or self.table or self.ending)


@dataclass
class Section:
    anchor: str
    title: str
    help: str
    blocks: list[Block]
    correction: Correction | None = None

    @property
    def open(self) -> bool:
        return any(block.open for block in self.blocks)

    @property
    def has_errors(self) -> bool:
        return any(block.has_errors for block in self.blocks)


class Page:
    """Forms of one act's page for one user; bound when `data` is given."""

    def __init__(
        self,
        convention: Convention,
        act: Act,
        user: User,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        self.convention, self.act, self.user = convention, act, user
        self.scope = drafting.scope_of(act, user)
        self.data, self.files = data, files
        self._lines: dict[str, list] = {}
        # Validation writes in the instances: the forms get their own, the page keeps what is stored.
        self.own, self.own_act = copy.copy(convention), copy.copy(act)
        allowed = self._open_fields()
        self.convention_form = ConventionForm(data, instance=self.own, allowed=allowed)
        self.act_form = ActForm(data, instance=self.own_act, allowed=allowed & act_fields(act))
        self.paste_form = PasteForm(data, reprise=self.act.is_reprise) if self.scope.equipment else None
        self.upload_form = UploadForm(data, files) if self.scope.file else None
        self._choices = self._load_choices()
        self.corrections = shown_corrections(act)
        self.formsets = {key: self._formset(key) for key in self._open_tables()}
        self.tables = amending.tables_of(self.row) if act.kind == ActKind.AMENDMENT else {}
        self.sections = self._sections()

    @cached_property
    def row(self) -> Act:
        """The act with its lines, read once for all that the page says of it."""
        return loading.loaded(self.act)

    def _specs(self) -> list:
        return [block for section in SECTIONS_BY_KIND[ActKind(self.act.kind)] for block in section.blocks]

    def _open_fields(self) -> set[str]:
        return {
            name
            for block in self._specs()
            if isinstance(block, FieldsSpec) and self.scope.allows(block.part)
            for name, _span in block.fields
        }

    def _open_tables(self) -> list[str]:
        shown = [block.key for block in self._specs() if isinstance(block, RowsSpec)]
        return [key for key in ROW_FORMS if key in shown and self.scope.allows(ROWS_BY_KEY[key].part)]

    def _load_choices(self) -> dict[str, dict[str, list]]:
        if not self.scope.terms:
            return {}
        parties, tables = self._read("party"), self._open_tables()
        held = Q(pk__in=[party.partner_id for party in parties])
        chosen = Q(pk__in=self._chosen("party", "partner"), merged_into=None)
        partners = list(Partner.objects.filter(held | chosen))
        duties, papers, kinds = [], [], []
        if "instalmentterm" in tables:
            duties = drafting.duties_awaited(self.act, read=self._read("obligation"))
        if "annex" in tables:
            papers = drafting.annexable(self.convention, read=self._read("attachment"))
        if "inkind" in tables:
            kinds = drafting.support_kinds(self.act)
        return {
            **{key: {"party": parties} for key in ("signatory", "funding", "obligation", "budgetline")},
            "instalmentterm": {"obligation": duties},
            "annex": {"attachment": papers},
            "inkind": {"kind": kinds},
            "party": {"partner": partners},
        }

    def _chosen(self, key: str, name: str) -> set[int]:
        """The keys that the posted lines of a table name in this field."""
        of = re.compile(rf"{key}-[0-9]+-{name}")
        posted = [self.data.get(each) for each in self.data if of.fullmatch(each)] if self.data else []
        return {number for each in posted if (number := whole_number(each)) is not None}

    def _rows(self, key: str) -> QuerySet:
        """The lines of a table; of the articles of an amendment, those of its own text."""
        rows = ROWS_BY_KEY[key].of(self.convention, self.act)
        return cast(ClauseQuerySet, rows).own() if key == "clause" else rows

    def _formset(self, key: str) -> RowFormSet:
        return CLASSES[key](
            self.data,
            self.files,
            instance=self.own if ROWS_BY_KEY[key].owner == "convention" else self.own_act,
            queryset=self._rows(key),
            prefix=key,
            choices=self._choices.get(key, {}),
            proposed=begins_with(key, self.act),
            reprise=self.act.is_reprise,
            ready=key in READY,
            loaded=self._read(key),
        )

    def _read(self, key: str) -> list:
        """The lines of a table, read once; a form that is posted writes in instances of its own."""
        if key not in self._lines:
            known = self._loaded(key)
            self._lines[key] = list(self._rows(key)) if known is None else known
        return [copy.copy(line) for line in self._lines[key]] if self.data is not None else self._lines[key]

    def _loaded(self, key: str) -> list | None:
        """The lines that the head of the page reads too, of an act in preparation; None: they are read apart."""
        read = self.data is None and self.act.state in BEFORE_FREEZING_STATES and not self.act.is_reprise
        return loading.page_lines(self.row, key) if read else None

    def _to_read(self, key: str) -> Iterable[Model]:
        """Terms as the articles of the same page hold them, already read; the rest apart."""
        model = ROWS_BY_KEY[key].model
        return loading.rows_of(self.row, model) if model in loading.LINE_MODELS else self._rows(key)

    # -- sections -----------------------------------------------------------------------------------------
    def _sections(self) -> list[Section]:
        found = [self._section(spec) for spec in SECTIONS_BY_KIND[ActKind(self.act.kind)]]
        return [section for section in found if section.blocks]

    def _section(self, spec: SectionSpec) -> Section:
        blocks = [self._block(block) for block in spec.blocks]
        said = self._extension() if spec.anchor == "duree" else ""
        shown = [block for block in blocks if not block.is_empty]
        note = next((row for row in self.corrections if row.section == spec.anchor), None)
        advice = said or (spec.help if any(block.open for block in shown) else "")
        return Section(spec.anchor, spec.title, advice, shown, note)

    def _extension(self) -> str:
        """What an amendment does to a term that is already over."""
        if self.act.kind != ActKind.AMENDMENT:
            return ""
        return changes.extension_sentence(self.act, today=timezone.localdate())

    def _block(self, spec: BlockSpec) -> Block:
        if isinstance(spec, RowsSpec):
            return self._rows_block(spec)
        if isinstance(spec, FieldsSpec):
            return self._fields_block(spec)
        if isinstance(spec, ChangesSpec):
            may = self.act.is_editable and self.scope.allows(ROWS_BY_KEY[spec.key].part)
            table = self.tables[spec.key]
            return Block("changes", spec, open=may, table=table if table.lines else None)
        if isinstance(spec, EndingSpec):
            return Block("ending", spec, open=False, ending=amending.ending_of(self.act))
        return Block("uploads", spec, open=self.scope.file)

    def _fields_block(self, spec: FieldsSpec) -> Block:
        names = [name for name, _span in spec.fields]
        if not self.scope.allows(spec.part):
            names = [name for name in names if not name.startswith("new_")]
            return Block("fields", spec, open=False, values=shown_fields(self.convention, self.act, names))
        cells = []
        for name, span in spec.fields:
            for form in (self.convention_form, self.act_form):
                if name in form.fields:
                    cells.append((form[name], span))
        return Block("fields", spec, open=bool(cells), cells=cells)

    def _rows_block(self, spec: RowsSpec) -> Block:
        formset = self.formsets.get(spec.key)
        if formset is not None:
            paste = self.paste_form if spec.paste else None
            return Block("rows", spec, open=True, formset=formset, paste=paste)
        if spec.key == "clause":
            headings, lines = shown_articles(self.row)
        else:
            headings, lines = shown_rows(ROWS_BY_KEY[spec.key], self._to_read(spec.key))
        return Block("rows", spec, open=False, headings=headings, rows=lines)

    @property
    def groups(self) -> list[tuple[str, list[Section]]]:
        """All in the order of the act while it is drafted; else what may still change, then the rest to read.

        An amendment or a termination is first read: what it says comes before what is completed.
        """
        if self.scope.terms:
            return [("", self.sections)]
        still = [section for section in self.sections if section.open]
        rest = [section for section in self.sections if not section.open]
        found = [("Ce que vous pouvez encore compléter", still), ("Le dossier, à lire", rest)]
        if self.act.rank:
            found.reverse()
        return [(title if still else "", sections) for title, sections in found if sections]

    # -- reading what was posted --------------------------------------------------------------------------
    @property
    def forms(self) -> list:
        """Every form and formset that is on the page."""
        single = [self.convention_form, self.act_form, self.paste_form, self.upload_form]
        return [form for form in single if form is not None] + list(self.formsets.values())

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])  # noqa: C419  (every form says what is wrong with it)

    def has_changed(self) -> bool:
        """Whether something on the page is not what is stored."""
        return any(form.has_changed() for form in self.forms)

    def seek(self) -> None:
        """Find what the words typed in its choices name; each form keeps what it found, to be shown."""
        for formset in self.formsets.values():
            for form in formset.forms:
                form.full_clean()
        for form in (self.convention_form, self.act_form):
            form.full_clean()

    def hush(self) -> None:
        """Say nothing yet of what is missing: more lines, or a preview, were asked for."""
        # Any: the errors of a form are set by Django alone.
        single: list[Any] = [self.convention_form, self.act_form, self.upload_form]
        for form in [form for form in single if form is not None]:
            form._errors = ErrorDict()
        formsets: list[Any] = list(self.formsets.values())
        for formset in formsets:
            formset._errors = [ErrorDict() for _form in formset.forms]
            formset._non_form_errors = ErrorList()
            for form in formset.forms:
                form._errors = ErrorDict()
                form.cleaned_data = {}

    def edit(self) -> drafting.Edit:
        """What the page asks for. Call when valid."""
        rows = [formset.edit(key) for key, formset in self.formsets.items()]
        for row in rows:
            if row.key == "attachment":
                row.added = []
            if row.key == "equipmentterm" and self.paste_form is not None and self.paste_form.pasted:
                row.added += self.paste_form.pasted.instances()
        links = {name: list(self.convention_form.cleaned_data[name]) for name in self._links_changed()}
        return drafting.Edit(
            convention=self.own,
            act=self.own_act,
            convention_fields=self.convention_form.columns,
            act_fields=self.act_form.columns,
            links=links,
            rows=rows,
            new=self._new_things(),
        )

    def _links_changed(self) -> list[str]:
        """Those that are to be written: new beneficiaries join the ones that are chosen."""
        form = self.convention_form
        changed = {
            *form.changed_data,
            *(["final_beneficiaries"] * ("new_beneficiaries" in form.changed_data)),
        }
        return [name for name in CONVENTION_LINKS if name in changed]

    def _new_things(self) -> drafting.NewThings:
        act, convention = self.act_form.cleaned_data, self.convention_form.cleaned_data
        return drafting.NewThings(
            project=convention.get("new_project", ""),
            decision_number=act.get("new_decision_number", ""),
            decision_date=act.get("new_decision_date"),
            ceremony_title=act.get("new_ceremony_title", ""),
            ceremony_date=act.get("new_ceremony_date"),
            beneficiaries=convention.get("new_beneficiaries", ()),
        )

    # -- files --------------------------------------------------------------------------------------------
    def keep_files(self) -> None:
        """The form failed: every readable file it brought is kept once, to be attached at the next save."""
        if self.upload_form is None or not self.files:
            return
        for name in self.files:
            for file in self.files.getlist(name):
                with contextlib.suppress(Refused):  # the field itself says what is wrong with it
                    self._keep(file)
        self._lines.pop("attachment", None)

    def _keep(self, file: UploadedFile) -> None:
        kind = self.data.get("upload_kind") if self.data else None
        known = kind if kind in AttachmentKind.values else AttachmentKind.OTHER
        kept_files.keep_once(file, by=self.user, convention=self.convention, kind=known)

    @property
    def pending(self) -> QuerySet[Attachment]:
        """Files that this person sent with a form that failed."""
        if not any(row.pending for row in self._read("attachment")):
            return Attachment.objects.none()
        return kept_files.kept(by=self.user, convention=self.convention)

    def attach_files(self) -> int:
        """Attach the files of a form that went through, and those kept from one that had failed. Returns how many."""
        if self.upload_form is None:
            return 0
        kind = self.upload_form.cleaned_data.get("upload_kind") or AttachmentKind.OTHER
        pending, uploads = list(self.pending), self.upload_form.cleaned_data["uploads"]
        for row in pending:
            attachments.attach(row, by=self.user, convention=self.convention)
        for file, _found in uploads:
            attachments.file_upload(file, kind=kind, by=self.user, convention=self.convention)
        return len(pending) + len(uploads)
