"""A partner among the choices of a form, here and in worksites."""

from django import forms

from partners.models import Partner


def with_town(partner: Partner) -> str:
    """A partner as a list of choices names it: some share their name, not their town."""
    return f"{partner.name}, {partner.city}" if partner.city else partner.name


class PartnerField(forms.ModelChoiceField):
    """A partner of a list, with its town."""

    def label_from_instance(self, partner):
        return with_town(partner)
