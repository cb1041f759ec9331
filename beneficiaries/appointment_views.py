"""Giving an appointment, moving it, saying that it did not take place."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from beneficiaries.appointment_forms import AppointmentForm
from beneficiaries.models import Appointment
from beneficiaries.permissions import get_appointment, get_beneficiary
from beneficiaries.support_actions import close_appointment
from beneficiaries.support_enums import AppointmentOutcome
from confluences.actions import Conflict
from confluences.formats import short_date
from confluences.pages import edit_page, posted


def appointment_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = AppointmentForm(
        posted(request),
        instance=Appointment(beneficiary=person),
        initial={"worker": request.user.pk},
        user=request.user,
    )
    return edit_page(
        request, form, title="Nouveau rendez-vous", done="Le rendez-vous est enregistré.", back=person
    )


def appointment_edit(request, pk):
    appointment = get_appointment(request.user, pk)
    form = AppointmentForm(posted(request), instance=appointment, user=request.user)
    return edit_page(
        request,
        form,
        title="Modifier le rendez-vous",
        done="Le rendez-vous est enregistré.",
        back=appointment.beneficiary,
    )


@require_POST
def appointment_close(request, pk):
    appointment = get_appointment(request.user, pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in AppointmentOutcome.values:
        raise Http404
    try:
        close_appointment(appointment, outcome=AppointmentOutcome(outcome), by=request.user)
    except Conflict:
        messages.error(request, "Quelqu’un vient de modifier ce rendez-vous : regardez-le avant de décider.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _closed(appointment))
    return redirect(_where_it_was(request, appointment))


def _closed(appointment: Appointment) -> str:
    return format_html(
        'Rendez-vous du {} avec {} : {}. <a href="{}">Corriger</a>',
        short_date(appointment.on),
        appointment.beneficiary,
        appointment.get_outcome_display(),
        reverse("beneficiaries:appointment-edit", args=[appointment.pk]),
    )


def _where_it_was(request, appointment: Appointment) -> str:
    """The home page where the button was there, else the person's appointments."""
    home = reverse("home")
    came_from = urlsplit(request.headers.get("referer", "")).path
    return home if came_from == home else appointment.get_absolute_url()
