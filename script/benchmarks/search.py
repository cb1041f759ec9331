"""The search page on 160 000 people: whole requests through Django's own test client, as a worker and an instructor.

Prints the median and the worst of each query; exits 1 where one median is above the limit.
"""

import datetime as dt
import os
import statistics
import sys
import time
from http import HTTPStatus
from itertools import cycle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confluences.settings")

import django

django.setup()

from auditlog.context import disable_auditlog
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from beneficiaries.models import Beneficiary, Contract
from beneficiaries.models.person import phone_digits
from confluences.enums import Role
from confluences.models import User
from confluences.rights import grant
from confluences.search import find
from confluences.text import search_key
from worksites.models import Assignment, Worksite

PEOPLE = 160_000
BATCH = 2_000
ROUNDS = 9
LIMIT = 0.1
PRESENT_EVERY = 41  # one person in so many works here today, on any worksite
WORKSITES = 20

# One person in twenty bears each of these.
SURNAMES = (
    "Benali",
    "Martin",
    "N’Diaye",
    "Traoré",
    "Nguyen Van",
    "Da Silva",
    "Lefèvre",
    "Kowalska",
    "Öztürk",
    "Petit",
)
SYLLABLES = (
    "ba",
    "co",
    "du",
    "fé",
    "gan",
    "hou",
    "ki",
    "lé",
    "mou",
    "no",
    "pi",
    "ra",
    "si",
    "tou",
    "va",
    "zé",
)
FIRST_NAMES = (
    *("Amina", "Karim", "Lucie", "Moussa", "Zoé", "Jean-Pierre", "Fatoumata", "Ahmed", "Sophie", "Ibrahim"),
    *("Élodie", "Mamadou", "Claire", "Youssef", "Inès", "Thomas", "Aïcha", "Samuel", "Nadia", "Paul"),
)


def surname(number: int) -> str:
    """A common name for half of the people, one of their own for the others."""
    if number % 2:
        return SURNAMES[number // 2 % len(SURNAMES)]
    digits = number * 7919 % 16**5
    return "".join(SYLLABLES[digits // 16**place % 16] for place in range(5)).capitalize()


def phone(number: int) -> str:
    """A number of one's own for four people out of five."""
    return f"06 {number * 606_791 % 100_000_000:08d}" if number % 5 else ""


QUERIES = {
    "nom répandu": "benali",
    "bout de nom": "ou",
    "une lettre": "a",
    "nom rare": search_key(surname(100_000)),
    "deux mots": "moussa traoré",
    "nom et année": "benali 1990",
    "date de naissance": "01/05/1990",
    "année": "1990",
    "téléphone": phone(99_999),
    "début de téléphone": "06 01",
    "nom et téléphone": "amina 06 01",
    "numéro de dossier": "b-123456",
    "personne": "wxwx inconnu",
    "rien": "???",
}


def main() -> None:
    with disable_auditlog():
        clients = fill()
    print(f"{'recherche':20}{'rôle':16}{'trouvées':>10}{'médiane':>10}{'pire':>10}")
    within = [line(role, clients[role], name) for role in clients for name in QUERIES]
    print(f"limite : médiane de {LIMIT * 1000:.0f} ms")
    sys.exit(0 if all(within) else 1)


def line(role: Role, client: Client, name: str) -> bool:
    """Times one search, the whole page with its frame, and prints it."""
    address, times = reverse("search"), []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        response = client.get(address, {"q": QUERIES[name]})
        times.append(time.perf_counter() - start)
    if response.status_code != HTTPStatus.OK:
        sys.exit(f"La page de recherche répond {response.status_code}.")
    total = find(user_of(role), QUERIES[name]).total
    median, worst = statistics.median(times), max(times)
    print(f"{name:20}{role.value:16}{total:>10}{median * 1000:>7.1f} ms{worst * 1000:>7.1f} ms", flush=True)
    return median <= LIMIT


def fill() -> dict[Role, Client]:
    """People of whom some share a name, each with a contract; the clients of a worker and of an instructor."""
    print(f"{PEOPLE} personnes sur {connection.vendor}…", flush=True)
    worksites = [
        Worksite.objects.create(name=f"Chantier {number}", opened_on=dt.date(2013, 8, 1))
        for number in range(WORKSITES)
    ]
    for first in range(0, PEOPLE, BATCH):
        with transaction.atomic():
            add_people(range(first, first + BATCH), worksites)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    worksites[0].instructors.add(user_of(Role.INSTRUCTOR))
    return {role: signed_in(role) for role in (Role.SOCIAL_WORKER, Role.INSTRUCTOR)}


def user_of(role: Role) -> User:
    user, _created = User.objects.get_or_create(email=f"{role.value}@example.org")
    grant(user, role)
    return user


def signed_in(role: Role) -> Client:
    client = Client()
    client.force_login(user_of(role))
    return client


def person(number: int) -> Beneficiary:
    last_name, first_name = surname(number), FIRST_NAMES[number // 20 % len(FIRST_NAMES)]
    return Beneficiary(
        file_number=f"B-{number}",
        last_name=last_name,
        first_name=first_name,
        search_key=search_key(last_name, first_name),
        sex="FM"[number % 2],
        # Another day for each person of one name.
        birth_date=dt.date(1950, 1, 1) + dt.timedelta(days=number * 6151 % 20_011),
        phone=phone(number),
        phone_digits=phone_digits(phone(number)),
        address=f"{number} rue des Exemples",
        postcode="94110",
        city="Arcueil",
    )


def add_people(numbers: range, worksites: list[Worksite]) -> None:
    today = dt.date.today()
    people = Beneficiary.objects.bulk_create(person(number) for number in numbers)
    starts = [
        today - dt.timedelta(days=100 if number % PRESENT_EVERY == 0 else 600 + number % 3000)
        for number in numbers
    ]
    Contract.objects.bulk_create(
        Contract(beneficiary=each, start=start, end=start + dt.timedelta(days=364))
        for each, start in zip(people, starts, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(beneficiary=each, worksite=worksite, start=start, end=start + dt.timedelta(days=364))
        for each, start, worksite in zip(people, starts, cycle(worksites), strict=False)
    )


if __name__ == "__main__":
    main()
