"""What the pages, the spreadsheet and the weekly sheet say of equipment: its state, who has it, what is due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from beneficiaries.models import NO_END, Beneficiary
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.reports import Status
from confluences.exports import Column
from confluences.formats import days_ago, days_ahead, euros, french_date, short_date
from worksites.enums import EquipmentState
from worksites.equipment_enums import EquipmentDue
from worksites.equipment_rules import INSPECTION_DAYS, LEAVING_DAYS
from worksites.models import Equipment, EquipmentEvent
from worksites.models.equipment import EquipmentQuerySet

STATE_KINDS = {
    EquipmentState.GOOD: "ok",
    EquipmentState.WORN: "soon",
    EquipmentState.REPAIR: "soon",
    EquipmentState.BROKEN: "neutral",
    EquipmentState.LOST: "neutral",
}
DUE_STATUSES = {
    EquipmentDue.LATE: Status("en retard", "late"),
    EquipmentDue.TAKE_BACK: Status("à récupérer", "late"),
    EquipmentDue.REPAIR: Status("à réparer", "soon"),
    EquipmentDue.SOON: Status("bientôt", "soon"),
}


@dataclass(frozen=True)
class EquipmentRow:
    """One piece of equipment of the list, on a day."""

    equipment: Equipment
    today: dt.date

    @property
    def state(self) -> Status:
        state = EquipmentState(self.equipment.state)
        return Status(state.label, STATE_KINDS[state])

    @property
    def inspection(self) -> Status | None:
        """Said where an inspection is late or near; nobody inspects what is lost or broken."""
        day = self.equipment.next_inspection
        if day is None or self.equipment.state in EquipmentState.gone():
            return None
        days = (day - self.today).days
        if days < 0:
            return Status("en retard", "late")
        return Status(days_ahead(days), "soon") if days <= INSPECTION_DAYS else None


COLUMNS = (
    Column("Numéro d’inventaire", lambda row: row.equipment.label),
    Column("Désignation", lambda row: row.equipment.name),
    Column("Chantier", lambda row: str(row.equipment.worksite)),
    Column("Numéro de série", lambda row: row.equipment.serial_number),
    Column("État", lambda row: row.equipment.get_state_display()),
    Column("Confié à", lambda row: str(row.equipment.holder or "")),
    Column("Prochain contrôle", lambda row: row.equipment.next_inspection),
    Column("Acheté le", lambda row: row.equipment.bought_on),
    Column("Valeur d’achat (€)", lambda row: row.equipment.value),
    Column("Remarques", lambda row: row.equipment.notes),
)


def equipment_rows(equipment: Iterable[Equipment], today: dt.date) -> list[EquipmentRow]:
    return [EquipmentRow(each, today) for each in equipment]


def holders_of(equipment: EquipmentQuerySet) -> BeneficiaryQuerySet:
    """Those who have some of it."""
    return Beneficiary.objects.filter(equipment__in=equipment).distinct()


@dataclass(frozen=True)
class DueLine:
    """One thing to do about a piece of equipment. `words` may be posted on a wall: no date of anybody's contract."""

    equipment: Equipment
    due: EquipmentDue
    words: str
    detail: str = ""

    @property
    def status(self) -> Status:
        return DUE_STATUSES[self.due]

    @property
    def printed_words(self) -> str:
        """The same where it may be read on another day: a date in place of « il y a 3 jours »."""
        day = short_date(self.equipment.next_inspection)
        match self.due:
            case EquipmentDue.LATE:
                return f"contrôle en retard, prévu le {day}"
            case EquipmentDue.SOON:
                return f"contrôle à faire le {day}"
            case _:
                return self.words


def due_lines(equipment: EquipmentQuerySet, today: dt.date) -> list[DueLine]:
    """All that is due about this equipment, the most urgent first, in a constant number of queries."""
    wanted = Q()
    for due in EquipmentDue:
        wanted |= Q(pk__in=equipment.due(due, today).order_by().values("pk"))
    rows = equipment.filter(wanted).select_related("worksite", "holder").prefetch_related("holder__contracts")
    found = [line for row in rows for line in _lines_of(row, today)]
    order = list(EquipmentDue)
    return sorted(
        found,
        key=lambda line: (
            order.index(line.due),
            line.equipment.next_inspection or NO_END,
            str(line.equipment),
        ),
    )


def _lines_of(equipment: Equipment, today: dt.date) -> list[DueLine]:
    lines = []
    if equipment.state in EquipmentState.to_repair():
        lines.append(DueLine(equipment, EquipmentDue.REPAIR, equipment.get_state_display()))
    if equipment.next_inspection and equipment.state not in EquipmentState.gone():
        line = _inspection(equipment, (equipment.next_inspection - today).days)
        lines += [line] if line else []
    if equipment.holder and _leaves(equipment.holder, today):
        words = f"à récupérer auprès de {equipment.holder}"
        lines.append(DueLine(equipment, EquipmentDue.TAKE_BACK, words, _departure(equipment.holder, today)))
    return lines


def _inspection(equipment: Equipment, days: int) -> DueLine | None:
    if days < 0:
        words = f"contrôle en retard, prévu {days_ago(-days)}"
        return DueLine(equipment, EquipmentDue.LATE, words, short_date(equipment.next_inspection))
    if days > INSPECTION_DAYS:
        return None
    return DueLine(
        equipment, EquipmentDue.SOON, f"contrôle {days_ahead(days)}", short_date(equipment.next_inspection)
    )


def _leaves(person: Beneficiary, today: dt.date) -> bool:
    """The same as EquipmentQuerySet.leaving_with_holder; a test holds both equal."""
    stays = today + dt.timedelta(days=LEAVING_DAYS + 1)
    return not any(contract.period.contains(stays) for contract in person.contracts.all())


def _departure(person: Beneficiary, today: dt.date) -> str:
    begun = [contract for contract in person.contracts.all() if contract.start <= today]
    last = max((contract.last_day_of for contract in begun if contract.last_day_of), default=None)
    if last is None:
        return "sans contrat"
    verb = "contrat fini depuis le" if last < today else "contrat jusqu’au"
    return f"{verb} {short_date(last)}"


@dataclass(frozen=True)
class WorksiteEquipment:
    """The equipment of a worksite at a glance."""

    total: int
    handed_out: int
    due: list[DueLine]

    @property
    def first_due(self) -> list[DueLine]:
        return self.due[:5]

    @property
    def due_words(self) -> str:
        count = len(self.due)
        return f"{count} échéance{'s' if count > 1 else ''} de matériel"

    @property
    def more_due(self) -> int:
        return len(self.due) - len(self.first_due)


def equipment_by_worksite(equipment: EquipmentQuerySet, today: dt.date) -> dict[int, WorksiteEquipment]:
    """The equipment of each worksite that has some still in use, by the worksite's identifier."""
    counts = (
        equipment.in_use()
        .order_by()
        .values_list("worksite")
        .annotate(total=Count("pk"), handed_out=Count("holder"))
    )
    due: dict[int, list[DueLine]] = {}
    for line in due_lines(equipment, today):
        due.setdefault(line.equipment.worksite_id, []).append(line)
    return {pk: WorksiteEquipment(total, held, due.get(pk, [])) for pk, total, held in counts}


def history(equipment: Equipment) -> list[EquipmentEvent]:
    return list(equipment.events.select_related("person", "created_by"))


def facts(equipment: Equipment) -> list[tuple[str, str]]:
    """What the page says of a thing, by name."""
    return [
        ("Chantier", str(equipment.worksite)),
        ("Numéro de série", equipment.serial_number),
        ("Acheté le", french_date(equipment.bought_on)),
        ("Valeur d’achat", euros(equipment.value)),
        ("Prochain contrôle", french_date(equipment.next_inspection)),
        ("Remarques", equipment.notes),
    ]
