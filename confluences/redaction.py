"""Secrets that stand in an address never enter a log line, whoever writes it: ours, Django's or the web server's."""

import logging
import re

# Whoever reads such an address holds the secret: /partenaires/reponse/SECRET/
SECRET_ADDRESS = re.compile(r"(/reponse/)[^/\s\"'?#]+")
HIDDEN = r"\1•••"


def without_secrets(text: str) -> str:
    """A text whose addresses hold no secret.

    >>> without_secrets("GET /partenaires/reponse/aB3-x_9/ HTTP/1.1")
    'GET /partenaires/reponse/•••/ HTTP/1.1'
    """
    return SECRET_ADDRESS.sub(HIDDEN, text)


def hide_secrets_in_logs() -> None:
    """From now on every log record of this process is made without secrets, before any handler sees it.

    A filter would have to stand on each handler, those of libraries included.
    """
    made_by = logging.getLogRecordFactory()
    if getattr(made_by, "hides_secrets", False):
        return

    def record(*args, **kwargs) -> logging.LogRecord:
        made = made_by(*args, **kwargs)
        try:
            message = made.getMessage()
        except Exception:  # noqa: BLE001  a line that cannot be written is its writer's fault, and logging says so itself
            return made
        if SECRET_ADDRESS.search(message):
            made.msg, made.args = without_secrets(message), ()
        return made

    record.hides_secrets = True
    logging.setLogRecordFactory(record)
