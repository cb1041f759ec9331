"""What will leave the house, counted before it does."""

from django.db.models import Count, Sum

from confluences.formats import duration, number
from confluences.person_papers.selection import Selection

Contents = list[tuple[str, str]]


def dossier_contents(plain: Selection, everything: Selection) -> Contents:
    """What the dossier holds without any box ticked, and what each box would add."""
    talks = plain.follow_ups().order_by().aggregate(talks=Count("pk"), minutes=Sum("minutes"))
    lines = [
        ("Suivis", _counted_talks(talks["talks"], talks["minutes"])),
        ("Démarches", _with_more(plain.steps().count(), everything.steps().count())),
        ("Orientations", _with_more(plain.referrals().count(), everything.referrals().count())),
        ("Freins évalués", _with_more(len(plain.axes()), len(everything.axes()))),
        ("Étapes du projet", number(plain.projects().count())),
        ("Rendez-vous à venir", number(plain.appointments().count())),
        (
            "Documents (leurs titres)",
            _with_more(plain.documents().count(), everything.documents().count()),
        ),
        ("Situations à l’entrée", number(plain.situations().count())),
    ]
    if everything.with_protected:
        situations = everything.protected_situations().count()
        lines.append(("Situations protégées", _with_more(0, situations)))
    if everything.may_read_notes:
        notes = everything.notes().count()
        more = f"0 ({number(notes)} en cochant la case)" if notes else "0"
        lines.append(("Notes confidentielles", more))
    return lines


def takeaway_contents(plain: Selection, everything: Selection) -> Contents:
    return [
        ("Rendez-vous à venir", number(plain.appointments().count())),
        ("Démarches à faire", _with_more(plain.open_steps().count(), everything.open_steps().count())),
        ("Démarches faites", _with_more(plain.recent_steps().count(), everything.recent_steps().count())),
        ("Notes confidentielles", "aucune"),
    ]


def _counted_talks(talks: int, minutes: int | None) -> str:
    return f"{number(talks)}, soit {duration(minutes)}" if talks else "0"


def _with_more(plain: int, with_box: int) -> str:
    if with_box == plain:
        return number(plain)
    return f"{number(plain)} ({number(with_box)} avec santé et justice)"
