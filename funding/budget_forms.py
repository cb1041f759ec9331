"""What is typed about budgets: a budget, and all the lines of one of its sides in a grid."""

import json
from collections.abc import Iterator

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout
from django import forms
from django.http import QueryDict
from django.utils import timezone

from beneficiaries.forms import in_columns
from confluences import drafts
from confluences.formats import moment, number
from confluences.forms import AmountField, FieldConflict, RecordedForm
from confluences.models import User
from confluences.text import search_key
from funding.budget_actions import LineChange, LineConflicts, create_budget, save_lines
from funding.budget_rules import GRANTS_PREFIX
from funding.enums import BudgetSide
from funding.models import Budget, BudgetLine, BudgetRow, Funder, Grant

MAX_LINES = 300
MOST_DIGITS = 18  # of a row's number; Python refuses to read thousands of them
PREFIX = "lines"
FUNDERS_LIST = "financeurs"  # the page's datalist
TYPED = ("label", "planned", "done", "explanation")
UNKNOWN_MEANS = "Vide : on ne sait pas. Écrivez 0 s’il n’y a rien."


class BudgetForm(RecordedForm):
    """The facts of a budget; a new one may begin from another."""

    source = forms.ModelChoiceField(
        label="Reprendre les postes de",
        queryset=Budget.objects.all(),
        required=False,
        empty_label="aucun : commencer à vide",
    )
    amounts = forms.ChoiceField(
        label="Montants repris comme prévus",
        choices=[("planned", "ceux qui étaient prévus"), ("done", "ceux qui ont été réalisés")],
    )

    class Meta:
        model = Budget
        fields = ["year", "title", "grant", "adopted_on", "indirect_rule", "notes"]
        widgets = {
            "indirect_rule": forms.Textarea(attrs={"rows": 3}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grant"].queryset = Grant.objects.visible_to(user).select_related("funder")
        self.fields["grant"].empty_label = "aucune : budget de l’association"
        if self.instance.pk:
            del self.fields["source"], self.fields["amounts"]
        else:
            self.fields["source"].queryset = Budget.objects.visible_to(user)
            self.fields["amounts"].required = False
            self.initial.setdefault("year", timezone.localdate().year)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        begun = () if self.instance.pk else (in_columns("source", "amounts"),)
        helper.layout = Layout(
            in_columns("year", "title"), in_columns("grant", "adopted_on"), *begun, "indirect_rule", "notes"
        )
        return helper

    def perform(self, user):
        if self.instance.pk:
            return super().perform(user)
        source, amounts = self.cleaned_data["source"], self.cleaned_data["amounts"] or "planned"
        return create_budget(self.instance, source=source, amounts=amounts, by=user)


class LineRow(forms.Form):
    """One line of the grid. `seen` is what stood there when the page was opened: what differs from it was typed here."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    line = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    label = forms.CharField(label="Précision", max_length=150, required=False)
    planned = AmountField(
        label="Prévu (€)", required=False, min_value=0, max_digits=12, decimal_places=2, localize=True
    )
    done = AmountField(
        label="Réalisé (€)", required=False, min_value=0, max_digits=12, decimal_places=2, localize=True
    )
    explanation = forms.CharField(label="Explication de l’écart", max_length=500, required=False)
    remove = forms.BooleanField(label="Retirer", required=False)

    def __init__(self, *args, rows: dict[int, BudgetRow], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for name in TYPED:
            self.fields[name].widget.attrs |= {"class": "form-control", "autocomplete": "off"}
        for name in ("planned", "done"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"
        self.fields["remove"].widget.attrs["class"] = "form-check-input"
        if self.is_grant:
            self.fields["label"].widget.attrs["list"] = FUNDERS_LIST

    @property
    def budget_row(self) -> BudgetRow | None:
        """The row of the Cerfa it stands on; none where the page was tampered with, or the row has gone."""
        value = str(self["row"].value())
        return self.rows.get(int(value)) if value.isdecimal() and len(value) <= MOST_DIGITS else None

    @property
    def is_standing(self) -> bool:
        """Whether the database had this line when the page was opened."""
        return bool(self["line"].value())

    @property
    def is_grant(self) -> bool:
        row = self.budget_row
        return row is not None and row.account.startswith(GRANTS_PREFIX)

    @property
    def typed(self) -> dict:
        return {name: self.cleaned_data.get(name) for name in TYPED}

    @property
    def is_written(self) -> bool:
        """Whether it says anything that was not there."""
        if self.cleaned_data.get("remove"):
            return bool(self.cleaned_data.get("line"))
        if not self.cleaned_data.get("line"):
            return any(value not in ("", None) for value in self.typed.values())
        return seen_of(self.typed) != self.cleaned_data.get("seen")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("remove"):
            self._errors.clear()  # what goes may be anything
        elif "row" in cleaned and cleaned["row"] not in self.rows:
            self.add_error(None, "Ce poste n’existe plus : rechargez la page.")
        return cleaned


class LineRows(forms.BaseFormSet):
    """All the lines of a side, row after row of the Cerfa."""

    def clean(self):
        seen = set()
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if cleaned.get("remove") or not (cleaned.get("line") or form.is_written):
                continue
            key = cleaned.get("row"), cleaned.get("label")
            if key in seen:
                form.add_error("label", "Ce poste a déjà une ligne ainsi nommée : précisez l’une des deux.")
            seen.add(key)


LineRowSet = forms.formset_factory(LineRow, LineRows, extra=0, max_num=MAX_LINES, absolute_max=MAX_LINES)


class LinesForm(RecordedForm):
    """The lines of one side of a budget, saved together; each has its own version, so that two people may type at once."""

    class Meta:
        model = Budget
        fields: list[str] = []

    def __init__(self, *args, side: BudgetSide, **kwargs):
        super().__init__(*args, **kwargs)
        self.side = side
        self.budget_rows = {row.pk: row for row in BudgetRow.objects.filter(side=side)}
        self.funders = {search_key(funder.name): funder for funder in Funder.objects.all()}
        lines = self.instance.lines.filter(row__side=side).order_by("row", "label", "pk")
        self.standing = {line.pk: line for line in lines}
        self.lines = (
            self._row_set(data=self.data) if self.is_bound else self._row_set(initial=self._standing_rows())
        )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(HTML('{% include "funding/budget_lines.html" %}'))
        return helper

    @property
    def unknown_means(self) -> str:
        return UNKNOWN_MEANS

    @property
    def funder_names(self) -> list[str]:
        return [funder.name for funder in self.funders.values()]

    def by_heading(self) -> Iterator[tuple[str, list[LineRow]]]:
        """The lines under the headings of the Cerfa, in their order."""
        found: dict[str, list[LineRow]] = {row.heading: [] for row in self.budget_rows.values()}
        for form in self.lines:
            if form.budget_row is not None:
                found[form.budget_row.heading].append(form)
        yield from found.items()

    def restore(self, data: QueryDict) -> None:
        super().restore(data)
        self.lines = self._row_set(
            initial=[drafts.initial_of(form, data) for form in self._row_set(data=data).forms]
        )

    def clean(self):
        cleaned = super().clean()
        if not self.lines.is_valid():
            for message in self._row_faults():
                self.add_error(None, message)
        return cleaned

    def perform(self, user):
        self.written = [form for form in self.lines.forms if form.is_written]
        changes = [self._change(form) for form in self.written]
        try:
            return save_lines(self.instance, changes, by=user)
        except LineConflicts as conflicts:
            self.line_conflicts = conflicts
            raise

    def _change(self, form: LineRow) -> LineChange:
        cleaned = form.cleaned_data
        line = self.standing.get(cleaned["line"]) or BudgetLine(
            pk=cleaned["line"], budget=self.instance, row=self.budget_rows.get(cleaned.get("row"))
        )
        line.version = cleaned.get("version") or 1
        if cleaned["remove"]:
            return LineChange(line, removed=True)
        # A line whose name stays keeps the funder that somebody gave it elsewhere.
        is_known = line.funder_id is not None and line.label == form.typed["label"]
        for name, value in form.typed.items():
            setattr(line, name, value)
        if form.is_grant and not is_known:
            line.funder = self.funders.get(search_key(line.label))
        return LineChange(line)

    def _explain(self, current):
        """Each line that somebody else changed, theirs beside what was typed; saving again is then a choice."""
        self.in_conflict = True
        self.data = self.data.copy()
        names = set()
        moments = []
        for place, theirs in self.line_conflicts.lines.items():
            form = self.written[place]
            self.data[form.add_prefix("line")] = str(theirs.pk) if theirs else ""
            self.data[form.add_prefix("version")] = str(theirs.version) if theirs else ""
            if theirs:
                names.add(str(theirs.updated_by or "Quelqu’un"))
                moments.append(theirs.updated_at)
            self.conflicts += _line_conflicts(form, theirs)
        when = f" {moment(max(moments), timezone.now(), today='à', before='le')}" if moments else ""
        who = " et ".join(sorted(names)) or "Quelqu’un"
        self.lines = self._row_set(data=self.data)
        self.add_error(
            None,
            f"{who} a modifié des lignes que vous avez changées{when}, pendant votre saisie. Rien n’est perdu : comparez "
            "ci-dessous, corrigez si besoin, puis enregistrez à nouveau.",
        )

    def _row_set(self, **kwargs) -> LineRows:
        return LineRowSet(prefix=PREFIX, form_kwargs={"rows": self.budget_rows}, **kwargs)

    def _standing_rows(self) -> list[dict]:
        """The lines there are, and a blank one on each row that has none, or may have several."""
        by_row: dict[int, list[BudgetLine]] = {pk: [] for pk in self.budget_rows}
        for line in self.standing.values():
            by_row[line.row_id].append(line)
        return [
            initial
            for row, lines in by_row.items()
            for initial in (*map(_initial, lines), *self._blank(row, lines))
        ]

    def _blank(self, row: int, lines: list[BudgetLine]) -> list[dict]:
        several = self.budget_rows[row].account.startswith(GRANTS_PREFIX) or any(line.label for line in lines)
        return [{"row": row}] if several or not lines else []

    def _row_faults(self) -> Iterator[str]:
        yield from self.lines.non_form_errors()
        for form in self.lines.forms:
            for name, errors in form.errors.items():
                what = f", {form.fields[name].label.lower()}" if name in TYPED else ""
                yield f"{form.budget_row or 'Une ligne'}{what} : {' '.join(errors)}"


def seen_of(values: dict) -> str:
    """What a line says, as one text to compare: an amount is the same however it is written."""
    return json.dumps(
        [
            None
            if values[name] in ("", None)
            else str(values[name]).strip()
            if isinstance(values[name], str)
            else f"{values[name]:.2f}"
            for name in TYPED
        ],
        ensure_ascii=False,
    )


def _initial(line: BudgetLine) -> dict:
    values = {name: getattr(line, name) for name in TYPED}
    return {"row": line.row_id, "line": line.pk, "version": line.version, "seen": seen_of(values), **values}


def _line_conflicts(form: LineRow, theirs: BudgetLine | None) -> Iterator[FieldConflict]:
    name = f"{form.budget_row} {theirs.label if theirs else form.typed['label']}".strip()
    if theirs is None:
        yield FieldConflict(name, "ligne retirée", _in_words(form.typed))
    elif form.cleaned_data["remove"]:
        yield FieldConflict(name, _in_words({each: getattr(theirs, each) for each in TYPED}), "ligne retirée")
    else:
        for each in TYPED:
            both = getattr(theirs, each), form.typed[each]
            if both[0] != both[1]:
                yield FieldConflict(
                    f"{name}, {form.fields[each].label.lower()}", _word(both[0]), _word(both[1])
                )


def _in_words(values: dict) -> str:
    found = [_word(values[name]) for name in TYPED]
    return " ; ".join(word for word in found if word)


def _word(value) -> str:
    if value in ("", None):
        return ""
    return value if isinstance(value, str) else f"{number(value, 2)} €"
