"""Secrets of addresses in log records: whoever writes them, and whatever handler shows them."""

import doctest
import io
import logging

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger, SafeAtoms

from confluences import guesses, redaction
from confluences.redaction import hide_secrets_in_logs, without_secrets

SECRET = "aB3-x_9SECRET"
ADDRESS = f"/partenaires/reponse/{SECRET}/"


def test_worked_examples():
    assert (doctest.testmod(redaction).failed, doctest.testmod(guesses).failed) == (0, 0)


@pytest.mark.parametrize(
    "text",
    [f"GET {ADDRESS} HTTP/1.1", f"https://exemple.fr{ADDRESS}?a=1", f"{ADDRESS[:-1]}", f'"{ADDRESS}#x"'],
)
def test_no_form_of_the_address_keeps_it(text):
    assert SECRET not in without_secrets(text)


def test_other_addresses_stay():
    assert without_secrets("GET /partenaires/orientations/12/ HTTP/1.1") == (
        "GET /partenaires/orientations/12/ HTTP/1.1"
    )


@pytest.mark.parametrize(
    ("message", "args"),
    [
        (f"Not Found: {ADDRESS}", ()),
        ("Not Found: %s", (ADDRESS,)),
        ("%(r)s %(s)s", ({"r": f"GET {ADDRESS}", "s": 200},)),
        ("%s", ([ADDRESS],)),
    ],
)
def test_a_record_never_holds_it(caplog, message, args):
    logging.getLogger("exemple").warning(message, *args)
    [record] = caplog.records
    assert SECRET not in f"{record.getMessage()} {record.msg} {record.args}"
    assert "/reponse/•••" in record.getMessage()


def test_the_access_log_of_the_web_server_never_holds_it():
    """gunicorn with --access-logfile: the request line, the path and the referrer of a style sheet."""
    logger, stream = Logger(Config()), io.StringIO()
    handler = logging.StreamHandler(stream)
    logger.access_log.addHandler(handler)
    atoms = SafeAtoms(
        {"r": f"GET {ADDRESS} HTTP/1.1", "U": ADDRESS, "f": f"https://exemple.fr{ADDRESS}", "s": 200}
    )
    try:
        logger.access_log.info('%(r)s "%(f)s" %(U)s %(s)s', atoms)
    finally:
        logger.access_log.removeHandler(handler)
    assert stream.getvalue() == (
        'GET /partenaires/reponse/•••/ HTTP/1.1 "https://exemple.fr/partenaires/reponse/•••/"'
        " /partenaires/reponse/•••/ 200\n"
    )


def test_a_line_that_cannot_be_written_is_left_to_logging(caplog):
    made = logging.getLogRecordFactory()("exemple", logging.INFO, "x", 1, "%s %s", ("a",), None)
    assert made.args == ("a",)


def test_installing_twice_changes_nothing():
    before = logging.getLogRecordFactory()
    hide_secrets_in_logs()
    assert logging.getLogRecordFactory() is before
