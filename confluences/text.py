"""Text as people search it: without accents, case or punctuation."""

import re
import secrets
import unicodedata

# No vowels, so that no code is a word; no 0 and 1, which are read as O and I.
CODE_CHARACTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def search_words(text: str) -> list[str]:
    """The words of a text, bare: « D'Ângelo-Zoé » gives ["d", "angelo", "zoe"]."""
    # Decomposed first and last: « 𝐀 » is a capital only once it is an A, « İ » falls apart only once it is small.
    plain = unicodedata.normalize("NFKD", text).casefold().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.findall(r"[^\W_]+", bare)


def search_key(*texts: str) -> str:
    """What a row is found by: the bare words of its texts, between spaces."""
    return " ".join(search_words(" ".join(texts)))


def random_code(letter: str, length: int) -> str:
    """A code that nobody guesses and that can be read aloud, after the letter that says what it is of."""
    return letter + "".join(secrets.choice(CODE_CHARACTERS) for _ in range(length))


def without_controls(text: str) -> str:
    """A typed text with plain line ends, and without the control characters that neither a paper nor a sheet can hold."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in lines if character in "\n\t" or unicodedata.category(character) != "Cc"
    )
