"""The agreement of an immersion as a paper to discuss and sign: what the Cerfa 13912 holds, in the association's own words."""

import datetime as dt

from django.utils.text import capfirst

from beneficiaries.models import Beneficiary
from beneficiaries.work_day_rules import days_in_words
from confluences.formats import duration, number
from confluences.models import Structure
from confluences.pdf import render_pdf
from partners.immersion_reports import employments_of, planned_minutes_of, working_days
from partners.models import Immersion

TITLE = "Convention d’immersion (PMSMP)"


def agreement_pdf(immersion: Immersion, today: dt.date) -> bytes:
    days = working_days(immersion)
    planned = planned_minutes_of(immersion)
    context = {
        "immersion": immersion,
        "person": immersion.beneficiary,
        "person_address": _address(immersion.beneficiary),
        "host": immersion.host,
        "today": today,
        "structure": Structure.current(),
        "host_name": immersion.host.name_on(immersion.start),
        "purpose": capfirst(immersion.get_purpose_display()),
        "hours": f"{duration(planned)} en {number(len(days))} jour{'s' if len(days) > 1 else ''}",
        "week": _week(immersion),
    }
    return render_pdf("pdf/immersion_agreement.html", context, title=TITLE)


def file_name(immersion: Immersion) -> str:
    return f"convention-immersion-{immersion.beneficiary.file_number}-{immersion.start:%Y-%m-%d}.pdf"


def _address(person: Beneficiary) -> str:
    town = f"{person.postcode} {person.city}".strip()
    return ", ".join(part for part in (person.address, town) if part)


def _week(immersion: Immersion) -> str:
    """The days of the week that the contract plans when the immersion begins."""
    contracts = employments_of(immersion.beneficiary_id)
    running = next((each for each in contracts if each.period.contains(immersion.start)), None)
    return days_in_words(running.work_days) if running else ""
