"""Wrong guesses of a secret address, counted by who makes them: after too many, a while without any answer.

Counted in the cache, as wrong passwords are.
"""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

MAX_GUESSES = 20
WAIT_SECONDS = 15 * 60
# Whoever has one IPv6 address has a whole network of them.
IPV6_PREFIX = 64


def has_guessed_too_often(request: HttpRequest, what: str) -> bool:
    return cache.get(_key(request, what), 0) >= MAX_GUESSES


def count_guess(request: HttpRequest, what: str) -> None:
    """Notes one wrong guess; the wait begins with the first and is not made longer by the next."""
    key = _key(request, what)
    cache.add(key, 0, WAIT_SECONDS)
    try:
        cache.incr(key)
    except ValueError:  # the wait ended just now
        cache.add(key, 1, WAIT_SECONDS)


def _key(request: HttpRequest, what: str) -> str:
    return f"guesses:{what}:{_network(get_adapter().get_client_ip(request))}"


def _network(address: str) -> str:
    """One client: its address, or its network where it has many.

    >>> _network("2001:db8::1") == _network("2001:db8::2"), _network("192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False))
