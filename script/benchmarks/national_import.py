"""The national directory of 100 000 structures, with as many services: how long it takes, and how much memory.

Each step is a process of its own, as the command is, so that its peak is its own. Prints one line per step; exits 1
where one takes more than 500 MB.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from openpyxl import Workbook
from stdnum import luhn

STRUCTURES = 100_000
LIMIT = 500  # megabytes
DESCRIPTION = (
    "Accueil sans rendez-vous, écoute et accompagnement dans les démarches de la vie quotidienne. " * 8
)
THEMES = (
    "sante--addictions",
    "logement-hebergement--louer-un-logement",
    "difficultes-financieres--acquerir-une-autonomie-budgetaire",
    "numerique--acquerir-un-equipement",
)
# Runs the command, then prints its processor time in seconds and its peak in kilobytes.
RUN = """
import resource, sys
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "import_partners", *sys.argv[1:]])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def structures(day: str = "2025-02-14") -> Iterator[dict[str, object]]:
    for number in range(STRUCTURES):
        town = number % 95 + 1
        yield {
            "source": "exemple",
            "id": f"exemple--{number}",
            "nom": f"Exemple de structure {number}",
            "date_maj": day,
            "description": f"Structure {number}. {DESCRIPTION}",
            "siret": siret(number),
            "commune": f"Exempleville {town}",
            "code_postal": f"{town:02}100",
            "code_insee": "" if town == 20 else f"{town:02}001",
            "adresse": f"{number} rue des Exemples",
            "longitude": 2.3 + number % 100 / 1000,
            "latitude": 48.8,
            "telephone": f"01{number:08}",
            "courriel": f"accueil{number}@exemple.fr",
            "site_web": f"https://exemple.fr/{number}",
            "horaires_accueil": "Mo-Fr 09:00-12:00",
            "reseaux_porteurs": '["ccas-cias"]',
        }


def siret(number: int) -> str:
    """A number of 14 digits whose sums are right, of its first nine and of all."""
    siren = f"{number:08}{luhn.calc_check_digit(f'{number:08}')}"
    return f"{siren}0001{luhn.calc_check_digit(f'{siren}0001')}"


def services() -> Iterator[dict[str, object]]:
    for number in range(STRUCTURES):
        yield {
            "source": "exemple",
            "id": f"exemple--service-{number}",
            "structure_id": f"exemple--{number}",
            "nom": f"Exemple de service {number}",
            "date_maj": "2025-02-14",
            "description": f"Service {number}. {DESCRIPTION}",
            "thematiques": json.dumps([THEMES[number % 4], THEMES[(number + 1) % 4]]),
            "frais": "gratuit",
            "publics": '["tous-publics"]',
        }


def write_csv(path: Path, rows: Iterator[dict[str, object]]) -> Path:
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first.keys())
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return path


def write_json(path: Path, rows: Iterator[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number, row in enumerate(rows):
            file.write((",\n" if number else "[") + json.dumps(row, ensure_ascii=False))
        file.write("]")
    return path


def write_xlsx(path: Path, rows: Iterator[dict[str, object]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("structures")
    for number, row in enumerate(rows):
        if not number:
            sheet.append(list(row))
        sheet.append(list(row.values()))
    book.save(path)
    return path


def measure(name: str, *arguments: str | Path) -> bool:
    start = time.perf_counter()
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-c", RUN, *map(str, arguments)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "confluences.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr[-2_000:])
    *said, used = done.stdout.splitlines()
    processor, peak = map(float, used.split())
    megabytes = round(peak / 1024)
    seconds = time.perf_counter() - start
    print(f"{name} : {seconds:.0f} s, dont {processor:.0f} s de calcul, {megabytes} Mo (limite {LIMIT} Mo)")
    print(f"  {' '.join(said[-2:])}", flush=True)
    return megabytes <= LIMIT


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        csv_file = write_csv(place / "structures.csv", structures())
        later = write_csv(place / "later.csv", structures("2025-03-01"))
        offers = write_csv(place / "services.csv", services())
        within = [
            measure("un département, à blanc", csv_file, "--departement", "94", "--dry-run"),
            measure("première fois, CSV", csv_file, "--services", offers),
            measure("une seconde fois", csv_file, "--services", offers),
            measure("toutes modifiées", later),
            measure("JSON", write_json(place / "structures.json", structures())),
            measure("XLSX", write_xlsx(place / "structures.xlsx", structures())),
        ]
    sys.exit(0 if all(within) else 1)


if __name__ == "__main__":
    main()
