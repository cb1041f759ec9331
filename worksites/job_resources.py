"""Imports and exports of client jobs."""

import re
from collections.abc import Hashable
from functools import cached_property
from typing import Any

from import_export.widgets import Widget
from tablib import Dataset

from beneficiaries.resources import Row
from confluences.cells import Amount, Date, Text, WholeNumber, cell_text
from confluences.imports import Column, ImportResource
from confluences.text import search_key
from partners.actions import save_partner
from partners.directory_resources import ClientCell
from partners.models import Partner
from worksites.job_actions import lock_jobs, save_job
from worksites.models import JobOrder
from worksites.resources import worksite_cell

HOURS = re.compile(
    r"(?P<hours>\d{1,5})(?:\s*[h:]\s*(?P<minutes>[0-5]?\d)?|[.,](?P<decimals>\d{1,2}))?", re.IGNORECASE
)


class HoursCell(Widget):
    """Hours as minutes: 230, 120:30, 120,5."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", cell_text(value))
        if not text:
            return None
        found = HOURS.fullmatch(text)
        if not found:
            raise ValueError(
                f"« {text} » n’est pas une durée. Écrivez des heures, par exemple 230 ou 120:30."
            )
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        minutes += round(int((found["decimals"] or "0").ljust(2, "0")) * 60 / 100)
        if not minutes:
            raise ValueError("Le devis compte au moins une minute.")
        return minutes

    def render(self, value: int | None, obj: Any = None, **kwargs: Any) -> int | str | None:
        if value is None:
            return None
        hours, minutes = divmod(value, 60)
        return f"{hours}:{minutes:02d}" if minutes else hours


class JobResource(ImportResource):
    """Client jobs, known by their worksite, their title and their client."""

    worksite = Column("worksite", "Chantier", worksite_cell(), required=True)
    title = Column("title", "Travaux", Text(), required=True)
    client = Column("client", "Client", ClientCell(), required=True)
    place = Column("place", "Lieu", Text())
    quoted_minutes = Column("quoted_minutes", "Heures du devis", HoursCell(), required=True)
    quoted_amount = Column("quoted_amount", "Montant du devis (€)", Amount())
    hourly_cost = Column("hourly_cost", "Coût d’une heure (€)", Amount())
    start = Column("start", "Début", Date(), required=True)
    deadline = Column("deadline", "À rendre le", Date())
    progress = Column("progress", "Avancement constaté (%)", WholeNumber())
    finished_on = Column("finished_on", "Terminée le", Date())
    notes = Column("notes", "Remarques", Text())

    class Meta(ImportResource.Meta):
        model = JobOrder
        name = "commandes"

    def before_import(self, dataset: Dataset, **kwargs: Any) -> None:
        """Holds the jobs of the file all at once, in the order of every writer, then reads them as they now stand."""
        lock_jobs(job.pk for row in dataset.dict if (job := self.find(row)))
        self.__dict__.pop("existing", None)

    @cached_property
    def existing(self) -> dict[Hashable, JobOrder]:
        rows = JobOrder.objects.select_related("worksite", "client")
        return {known_by(job.worksite_id, job.title, job.client): job for job in rows}

    def identities(self, row: Row) -> list[Hashable]:
        worksite, title, client = (self.value(name, row) for name in ("worksite", "title", "client"))
        return [known_by(worksite.pk, title, client)] if worksite and title and client else []

    def find(self, row: Row) -> JobOrder | None:
        return next((self.existing.get(identity) for identity in self.identities(row)), None)

    def after_init_instance(self, instance: JobOrder, new: bool, row: Any, **kwargs: Any) -> None:
        """A client that is new is written first; all goes again where a line of the file is refused."""
        client = self.value("client", row)
        if client is not None and client.pk is None:
            save_partner(client, by=self.by)
            client.comes_with_the_file = True
        super().after_init_instance(instance, new, row, **kwargs)

    def write(self, instance: JobOrder) -> None:
        save_job(instance, by=self.by)


def known_by(worksite_pk: int, title: str, client: Partner) -> Hashable:
    """The same before and after a client that comes with the file is written."""
    return worksite_pk, search_key(title), search_key(client.name), search_key(client.city), client.siret
