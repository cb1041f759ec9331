"""What is chosen before a paper is made."""

from django import forms

from beneficiaries.permissions import can_read_protected
from confluences.forms import DateInput
from confluences.models import User
from confluences.person_papers.selection import Choices


class PaperForm(forms.Form):
    """The boxes of a paper: those who may not read health, justice or notes have none to tick."""

    # An empty form, or one where no box is ticked, still says which paper is asked for.
    asked = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)
    protected = forms.BooleanField(required=False)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        if not can_read_protected(user):
            del self.fields["protected"]

    @property
    def choices(self) -> Choices:
        chosen = {name: value for name, value in self.cleaned_data.items() if name != "asked"}
        return Choices(**chosen)


class DossierForm(PaperForm):
    """What the dossier may hold beyond what the team reads, and of which period."""

    since = forms.DateField(label="Suivis depuis le", required=False, widget=DateInput())
    until = forms.DateField(
        label="Suivis jusqu’au", required=False, widget=DateInput(), help_text="Vides : tous les suivis."
    )
    notes = forms.BooleanField(label="Imprimer aussi les notes confidentielles", required=False)

    field_order = ["asked", "notes", "protected", "since", "until"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if "protected" in self.fields:
            self.fields["protected"].label = "Imprimer aussi la santé et la justice"
            self.fields[
                "protected"
            ].help_text = "Freins, démarches, thèmes, situation protégée, et documents réservés aux travailleurs sociaux."
        if not user.has_perm("beneficiaries.view_confidentialnote"):
            del self.fields["notes"]

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "La période finit avant de commencer : vérifiez les deux dates.")


class TakeawayForm(PaperForm):
    """What the paper to take away may hold."""

    field_order = ["asked", "protected"]

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if "protected" in self.fields:
            self.fields["protected"].label = "Y mettre aussi les démarches de santé et de justice"
            self.fields[
                "protected"
            ].help_text = "Ce papier peut traîner : demandez à la personne si elle le veut."
