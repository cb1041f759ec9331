"""What is typed after a talk: one form, one action."""

from django import forms

from beneficiaries.models import ConfidentialNote, FollowUp, FollowUpTopic
from beneficiaries.permissions import readable_note
from beneficiaries.support_actions import NoteText, save_follow_up
from beneficiaries.support_enums import Theme
from confluences.forms import RecordedForm
from confluences.models import User


class FollowUpForm(RecordedForm):
    """A follow-up with its topics and, for those who may read it, its confidential note."""

    topics = forms.MultipleChoiceField(
        label="Thèmes", choices=Theme.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(
        label="Note confidentielle",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        validators=ConfidentialNote._meta.get_field("text").validators,
    )
    author_only = forms.BooleanField(label="Réserver cette note à moi seul", required=False)

    class Meta:
        model = FollowUp
        fields = ["on", "kind", "minutes", "medium", "participants", "said", "decisions"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        if self.instance.pk:
            topics = FollowUpTopic.objects.visible_to(user).filter(follow_up=self.instance)
            self.initial.setdefault("topics", list(topics.values_list("theme", flat=True)))
            self._open_note()

    def perform(self, user):
        note = None
        if "note" in self.fields:
            note = NoteText(text=self.cleaned_data["note"], author_only=self.cleaned_data["author_only"])
        return save_follow_up(self.instance, by=user, topics=self.cleaned_data["topics"], note=note)

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
        """Fills the note in; takes its fields away where there is one that this user may not read."""
        note = readable_note(self.user, self.instance)
        if note is not None:
            self.initial.setdefault("note", note.text)
            self.initial.setdefault("author_only", note.author_only)
        elif ConfidentialNote.objects.filter(follow_up=self.instance).exists():
            del self.fields["note"], self.fields["author_only"]
