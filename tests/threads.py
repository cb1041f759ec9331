"""Two people who save at the same instant, each with a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each action returns or raises, all of them started together."""
    start = Barrier(len(actions))

    def run(action):
        try:
            start.wait(timeout=20)
            return action()
        except Exception as error:  # noqa: BLE001  the outcome is what the test looks at
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
