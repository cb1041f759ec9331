"""What a partner types to answer a referral, without an account."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from confluences.formats import number
from confluences.forms import DateInput
from confluences.text import without_controls
from partners.enums import ReferralStatus
from partners.referral_forms import validate_within_a_year
from partners.referral_rules import MAX_REPLY_CHARACTERS
from partners.reply_actions import Answer

ANSWERS = [
    (ReferralStatus.ACCEPTED.value, "J’accepte"),
    (ReferralStatus.PROPOSED.value, "Je propose une date de rendez-vous"),
    (ReferralStatus.DECLINED.value, "Je ne peux pas"),
]


class PlainText(forms.CharField):
    """Words pasted from anywhere, without what neither a page nor a paper can show."""

    def to_python(self, value):
        return without_controls(super().to_python(value)).strip()


class ReplyForm(forms.Form):
    """Accept, propose a day, or decline and say why."""

    answer = forms.ChoiceField(
        label="Votre réponse",
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une des trois réponses."},
    )
    meeting_on = forms.DateField(
        label="Date du rendez-vous",
        required=False,
        widget=DateInput,
        help_text="À remplir si vous proposez une date ; possible aussi si vous acceptez.",
    )
    words = PlainText(
        label="Quelques mots",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"L’heure, le lieu, les papiers à apporter, ou la raison d’un refus. "
        f"{number(MAX_REPLY_CHARACTERS)} caractères au plus. Ni diagnostic, ni détail de santé ou de justice.",
    )

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True  # reply_views says why

    def clean_meeting_on(self):
        day = self.cleaned_data["meeting_on"]
        if day is None:
            return day
        if day < timezone.localdate():
            raise ValidationError("Cette date est passée : proposez un jour à venir.")
        validate_within_a_year(day)
        return day

    def clean_words(self):
        words = self.cleaned_data["words"]
        if len(words) > MAX_REPLY_CHARACTERS:
            raise ValidationError(
                f"Votre texte compte {number(len(words))} caractères, la limite est de {number(MAX_REPLY_CHARACTERS)} : "
                "rien n’est perdu, raccourcissez-le."
            )
        return words

    def clean(self):
        cleaned = super().clean()
        answer = cleaned.get("answer")
        if (
            answer == ReferralStatus.PROPOSED
            and not cleaned.get("meeting_on")
            and "meeting_on" not in self.errors
        ):
            self.add_error("meeting_on", "Indiquez la date que vous proposez.")
        if answer == ReferralStatus.DECLINED and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", "Dites en quelques mots pourquoi, pour que nous cherchions ailleurs.")
        return cleaned

    @property
    def typed(self) -> Answer:
        """A refusal has no meeting, whatever stands in the field."""
        status = ReferralStatus(self.cleaned_data["answer"])
        day = None if status == ReferralStatus.DECLINED else self.cleaned_data["meeting_on"]
        return Answer(status=status, meeting_on=day, words=self.cleaned_data["words"])
