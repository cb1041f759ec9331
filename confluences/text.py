"""Text as people search it: without accents, case or punctuation."""

import re
import unicodedata


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
