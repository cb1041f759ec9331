"""Forms of exits, cohorts and reports."""

import datetime as dt
from itertools import groupby

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Layout
from django import forms

from confluences.formats import duration
from confluences.forms import DateInput, RecordedForm
from confluences.models import User
from outcomes.actions import save_exit
from outcomes.enums import ExitClass, Questions
from outcomes.exit_reports import AN_HOUR, attended_minutes
from outcomes.models import Cohort, Exit, ExitReason
from outcomes.models.exit import FACTS_ASKED

GENERAL = ("left_on", "assumed", "worked_an_hour", "worksite", "reason")
PROOF = ("evidence", "evidence_file", "known_on")


class ReasonChoiceIterator(forms.models.ModelChoiceIterator):
    """Reasons under their class, as the State's list shows them."""

    def __iter__(self):
        yield "", "pas encore connue"
        reasons = sorted(self.queryset.select_related("if_longer"), key=_class_rank)
        for rank, group in groupby(reasons, key=_class_rank):
            yield _class_heading(rank), [self.choice(reason) for reason in group]


def _class_rank(reason: ExitReason) -> int:
    if reason.if_longer_id:
        return -1
    return list(ExitClass.values).index(reason.klass or ExitClass.UNKNOWN)


def _class_heading(rank: int) -> str:
    return "Durée pas encore connue" if rank < 0 else list(ExitClass.labels)[rank]


class ReasonField(forms.ModelChoiceField):
    iterator = ReasonChoiceIterator


class ExitForm(RecordedForm):
    """An exit, with only the questions that the chosen reason needs."""

    empty_choices = {"evidence": "aucune pour l’instant"}

    class Meta:
        model = Exit
        fields = [*GENERAL, *dict.fromkeys(name for names in FACTS_ASKED.values() for name in names), *PROOF]
        field_classes = {"reason": ReasonField}

    def __init__(self, *args, reason: ExitReason | None, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = ExitReason.objects.valid(self.instance.left_on or today)
        # The questions change with the reason, without losing what was typed.
        self.fields["reason"].widget.attrs |= {
            "hx-post": "",
            "hx-vals": '{"refresh": "1"}',
            "hx-target": "#exit-questions",
            "hx-select": "#exit-questions",
            "hx-swap": "outerHTML",
        }
        self._show_presence(today)
        self.asked = FACTS_ASKED[Questions(reason.questions)] if reason else ()
        for names in FACTS_ASKED.values():
            for name in names:
                if name not in self.asked:
                    self.fields.pop(name, None)
        if reason is None:
            for name in PROOF:
                del self.fields[name]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        proof = [name for name in PROOF if name in self.fields]
        helper.layout = Layout(
            "opened_version",
            *GENERAL,
            HTML(
                '<noscript><button class="btn btn-outline-primary mb-3" name="refresh" value="1">'
                "Afficher les questions de ce motif</button></noscript>"
            ),
            Div(*self.asked, *proof, css_id="exit-questions", aria_live="polite"),
        )
        return helper

    def _show_presence(self, today: dt.date) -> None:
        """Where presence counts an hour in the stay, says how many; a new exit then begins with « oui »."""
        minutes = attended_minutes(self.instance, today)
        if minutes < AN_HOUR:
            return
        said = f"Le pointage compte {duration(minutes)} de travail, de formation ou d’immersion pendant ce séjour."
        if not self.instance.pk:
            self.initial["worked_an_hour"] = True
        elif not self.instance.worked_an_hour:
            said += " La fiche dit le contraire : corrigez l’un ou l’autre."
        self.fields["worked_an_hour"].help_text = said

    def perform(self, user: User) -> Exit:
        return save_exit(self.instance, by=user)


class CohortForm(RecordedForm):
    class Meta:
        model = Cohort
        fields = ["label", "code", "basis", "start", "end", "worksites"]
        widgets = {"worksites": forms.CheckboxSelectMultiple}


class FreezeForm(forms.Form):
    """The day a report bears; the administration's name follows it."""

    dated = forms.DateField(label="date du rapport", widget=DateInput)

    def __init__(self, *args, today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["dated"].initial = today

    def clean_dated(self) -> dt.date:
        dated = self.cleaned_data["dated"]
        if dated > self.today:
            raise forms.ValidationError("Un rapport ne se date pas dans l’avenir.")
        return dated
