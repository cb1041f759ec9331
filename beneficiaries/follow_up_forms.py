"""What is typed after a talk: one form, one action."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Field, Layout, LayoutObject
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from beneficiaries.forms import HoursField, in_columns
from beneficiaries.models import Appointment, ConfidentialNote, FollowUp, FollowUpTopic
from beneficiaries.models.follow_up import MINUTES
from beneficiaries.outcome_forms import (
    SOCIAL_WORKERS_ONLY,
    BarrierUpdates,
    Disclosure,
    NewSteps,
    NextAppointment,
    side_by_side,
    themes_for,
)
from beneficiaries.permissions import readable_note
from beneficiaries.support_actions import NoteText, Outcomes, record_follow_up, save_follow_up
from confluences.forms import RecordedForm
from confluences.models import User
from confluences.text import without_controls

BARE_MINUTES = re.compile(r"(?P<minutes>\d{1,9})\s*(?:m|mn|min|minutes?)?\.?", re.IGNORECASE)
TEAM_READERS = format_html("<strong>{}</strong>", "Lu par : travailleurs sociaux et direction.")
# Which of the two shows depends on the box, in the style sheet: no script, so never late.
NOTE_READERS = format_html(
    '<strong class="readers-shared">Lu par : {}, chaque lecture est journalisée.</strong>'
    '<strong class="readers-author">Lu par vous seul.</strong>',
    SOCIAL_WORKERS_ONLY,
)


class MinutesField(HoursField):
    """How long a talk lasted, as people write it: 45, 45 min, 1 h 30, 1:15. A bare number is minutes."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    default_error_messages = {
        "required": "Indiquez la durée : ses minutes font les heures d’accompagnement.",
        "invalid": "Écrivez une durée en minutes, par exemple 45, ou en heures : 1 h 30.",
    }

    def to_python(self, value):
        bare = BARE_MINUTES.fullmatch(str(value or "").strip())
        return int(bare["minutes"]) if bare else super().to_python(value)

    def prepare_value(self, value):
        return value


class FollowUpForm(RecordedForm):
    """A follow-up with its topics and, for those who may read it, its confidential note.

    A new one also sets going what comes of it: the next appointment, steps, freins. All of it is saved, or nothing is.
    """

    minutes = MinutesField(
        label="Durée",
        help_text="En minutes, ou 1 h 30.",
        validators=MINUTES,
    )
    topics = forms.MultipleChoiceField(
        label="Thèmes",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=f"Santé et justice : ces deux thèmes sont lus par les {SOCIAL_WORKERS_ONLY}.",
    )
    note = forms.CharField(
        label="Note confidentielle",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        validators=ConfidentialNote._meta.get_field("text").validators,
        help_text=NOTE_READERS,
    )
    author_only = forms.BooleanField(label="Réserver cette note à moi seul", required=False)

    class Meta:
        model = FollowUp
        fields = ["on", "kind", "minutes", "medium", "participants", "said", "decisions"]
        widgets = {
            "said": forms.Textarea(attrs={"rows": 9}),
            "decisions": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "participants": format_html("Qui était là, outre vous et la personne. {}", TEAM_READERS),
            "said": format_html(
                "{} Notez l’effet sur le travail, jamais un diagnostic ni un délit.", TEAM_READERS
            ),
            "decisions": TEAM_READERS,
        }
        error_messages = {
            "on": {"required": "Indiquez le jour de l’entretien.", "invalid": "Cette date n’existe pas."},
            "said": {"required": "Écrivez ce qui s’est dit, même en une phrase."},
        }

    def __init__(self, *args, user: User, planned: Appointment | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.planned = planned
        self.is_new = self.instance.pk is None
        self.open_note: ConfidentialNote | None = None
        self.fields["topics"].choices = [(theme.value, theme.label) for theme in themes_for(user)]
        if self.is_new:
            self._add_outcomes()
        else:
            topics = FollowUpTopic.objects.visible_to(user).filter(follow_up=self.instance)
            self.initial.setdefault("topics", list(topics.values_list("theme", flat=True)))
            self._open_note()
        if self.is_new and not self.is_bound:
            self.fields["minutes"].widget.attrs["autofocus"] = True

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            side_by_side("on", "minutes"),
            in_columns("kind", "medium"),
            "participants",
            Field("topics", wrapper_class="boxes"),
            Field("said", wrapper_class="read-by"),
            self._note_layout(),
            Field("decisions", wrapper_class="read-by"),
        )
        if self.is_new:
            helper.layout.extend(part.layout() for part in (self.appointment, self.steps, self.barriers))
        return helper

    def clean_said(self) -> str:
        said = without_controls(self.cleaned_data["said"])
        if not said.strip():
            raise ValidationError(self.fields["said"].error_messages["required"])
        return said

    def clean(self):
        cleaned = super().clean()
        if self.is_new:
            for part in (self.appointment, self.steps):
                for name, fault in part.faults(cleaned).items():
                    if name not in self.errors:
                        self.add_error(name, fault)
        return cleaned

    def perform(self, user):
        parts = {"topics": self.cleaned_data["topics"], "note": self._typed_note(), "planned": self.planned}
        if self.is_new:
            return record_follow_up(self.instance, by=user, outcomes=self._outcomes(), **parts)
        return save_follow_up(self.instance, by=user, **parts)

    def _add_outcomes(self) -> None:
        self.appointment = NextAppointment(self.instance, self.user)
        self.steps = NewSteps(self.instance, self.user)
        self.barriers = BarrierUpdates(self.instance, self.user)
        for part in (self.appointment, self.steps, self.barriers):
            self.fields |= part.fields()

    def _outcomes(self) -> Outcomes:
        typed = self.cleaned_data
        return Outcomes(
            appointment=self.appointment.row(typed),
            steps=self.steps.rows(typed),
            barriers=self.barriers.rows(typed),
        )

    def shown(self, row, name):
        """Topics and the note are rows of their own; the page that shows a note logs its reading."""
        if name not in ("topics", "note", "author_only"):
            return super().shown(row, name)
        if row is self.instance:
            value = self.cleaned_data[name]
        elif name == "topics":
            visible = FollowUpTopic.objects.visible_to(self.user).filter(follow_up=row)
            value = visible.values_list("theme", flat=True)
        else:
            note = readable_note(self.user, row) or ConfidentialNote()
            value = note.text if name == "note" else note.author_only
        if name == "topics":
            return ", ".join(label for theme, label in self.fields["topics"].choices if theme in set(value))
        return self.in_words(value).replace("\r\n", "\n")

    def _open_note(self) -> None:
        """Fills the note in; takes its fields away where there is one that this user may not read.

        Whoever is not its author cannot close it: it would be closed to its reader too.
        """
        self.open_note = readable_note(self.user, self.instance)
        if self.open_note is not None:
            self.initial.setdefault("note", self.open_note.text)
            self.initial.setdefault("author_only", self.open_note.author_only)
            if self.open_note.created_by_id != self.user.pk:
                del self.fields["author_only"]
        elif ConfidentialNote.objects.filter(follow_up=self.instance).exists():
            del self.fields["note"], self.fields["author_only"]

    @property
    def unsaved_note(self) -> str:
        """What was typed as a note on a page opened before a colleague's note was closed to others."""
        return str(self.data.get(self.add_prefix("note"), "")) if "note" not in self.fields else ""

    def _typed_note(self) -> NoteText | None:
        if "note" not in self.fields:
            return None
        return NoteText(
            text=self.cleaned_data["note"], author_only=self.cleaned_data.get("author_only", False)
        )

    def _note_layout(self) -> LayoutObject:
        if "note" not in self.fields:
            return HTML('{% include "beneficiaries/reserved_note.html" %}')
        box = ["author_only"] if "author_only" in self.fields else []
        return Disclosure(
            "Note confidentielle",
            Field("note", wrapper_class="read-by"),
            *box,
            telling=["note"],
            css_class="confidential",
        )
