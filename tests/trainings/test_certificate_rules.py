"""When a paper may be issued, and how its digest is made and read back."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.certificate_rules import (
    NOTHING_ATTENDED,
    CertificateStanding,
    agrees,
    digest_of,
    grouped,
    read_digest,
    refusal,
)
from trainings.enums import CertificateKind
from trainings.rules import ModuleHours, required_minutes

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
FACTS = st.dictionaries(st.text(min_size=1, max_size=8), PLAIN, max_size=6)
MODULES = st.lists(
    st.tuples(st.integers(1, 1800), st.integers(0, 2000)).map(
        lambda each: ModuleHours("Module", each[0], done=each[1], required=required_minutes(each[0], 90))
    ),
    min_size=1,
    max_size=4,
)


def standing(*modules: ModuleHours, has_left: bool = False) -> CertificateStanding:
    return CertificateStanding(modules=modules, required_percent=90, has_left=has_left)


def module(done: int, required: int = 108, name: str = "Tonte") -> ModuleHours:
    return ModuleHours(name, 120, done=done, required=required)


@pytest.mark.parametrize(
    ("kind", "modules", "has_left", "expected"),
    [
        ("completion", [module(108)], False, None),
        ("realisation", [module(108)], False, None),
        ("completion", [module(0)], True, NOTHING_ATTENDED),
        ("realisation", [module(0)], True, NOTHING_ATTENDED),
        (
            "completion",
            [module(107), module(120, name="Taille"), module(0, name="Sol")],
            True,
            "Il manque 1\u00a0min de « Tonte », 1\u00a0h\u00a048 de « Sol ». L’attestation demande 90\u00a0% de chaque module : "
            "prévoyez des séances de rattrapage.",
        ),
        (
            "realisation",
            [module(107)],
            False,
            "La formation n’est pas finie pour cette personne. Il manque 1\u00a0min de « Tonte ». Prévoyez des séances de "
            "rattrapage ou, si la formation s’arrête là, indiquez son dernier jour sur l’inscription : le certificat attestera "
            "les heures suivies.",
        ),
        ("realisation", [module(1)], True, None),
    ],
)
def test_refusal(kind, modules, has_left, expected):
    assert refusal(CertificateKind(kind), standing(*modules, has_left=has_left)) == expected


@given(MODULES, st.booleans())
def test_completion_needs_the_required_part_of_every_module(modules, has_left):
    where = standing(*modules, has_left=has_left)
    enough = all(each.done >= each.required for each in modules)
    assert (refusal(CertificateKind.COMPLETION, where) is None) == enough


@given(MODULES, st.booleans())
def test_whoever_may_have_the_attestation_may_have_the_certificate(modules, has_left):
    where = standing(*modules, has_left=has_left)
    if refusal(CertificateKind.COMPLETION, where) is None:
        assert refusal(CertificateKind.REALISATION, where) is None


@given(FACTS, st.randoms(use_true_random=False))
def test_digest_is_that_of_the_content_whatever_the_order_and_the_store(facts, order: random.Random):
    keys = list(facts)
    order.shuffle(keys)
    stored = json.loads(json.dumps({key: facts[key] for key in keys}))
    assert digest_of(stored) == digest_of(facts)


@given(FACTS, st.text(min_size=1, max_size=8), PLAIN)
def test_digest_changes_with_the_content(facts, key, value):
    changed = {**facts, key: value}
    same = json.dumps(changed, sort_keys=True) == json.dumps(facts, sort_keys=True)
    assert (digest_of(changed) == digest_of(facts)) == same


@given(st.binary(max_size=10), st.integers(8, 64))
def test_printed_digest_is_read_back_whole_or_from_its_beginning(content, length):
    digest = digest_of({"content": content.hex()})
    assert read_digest(grouped(digest).upper()) == digest
    assert agrees(digest, grouped(digest))
    assert agrees(digest, digest[:length])
    other = digest[: length - 1] + ("0" if digest[length - 1] != "0" else "1")
    assert not agrees(digest, other)


@pytest.mark.parametrize("typed", ["", "0123456", "0123 456", "g" * 64, "0" * 65, "0123 4567 é"])
def test_what_is_no_digest(typed):
    assert read_digest(typed) is None
    assert not agrees("0" * 64, typed)
