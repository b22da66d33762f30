"""The catalog: every sentence that a person reads from Python or from a page, by key, in one language.

    say("site.written", count=49, folder="site")

The sentences lie in ``en.yml`` beside this file, in sections by room. A key is its section and its name: "site.written".
Names in {curly brackets} are filled in whole: a sentence is never put together from pieces, because another language
has another order. A sentence that depends on a number has forms: ``one`` and ``other``, or whatever the language needs;
the plural rules are the Unicode CLDR's, by Babel here and by ``Intl.PluralRules`` in a page, and the number is ``count``.

``start.py`` keeps its own table, because it speaks before this can be imported. Lessons, stories and what lies in
``data/`` are content, not words of the program: they are translated as whole files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

__all__ = ["LANGUAGE", "Forms", "catalog", "fields", "say", "some"]

#: The language of every page and of every sentence, as HTML's ``lang`` has it.
LANGUAGE = "en"

FOLDER = Path(__file__).parent
_FIELD = re.compile(r"\{(\w+)\}")

Forms = str | Mapping[str, str]
"""One sentence, or its forms by plural category."""


@cache
def catalog(language: str = LANGUAGE) -> Mapping[str, Forms]:
    """Every sentence by its key. A test holds that all are used and that none is missing."""
    import yaml  # when the first sentence is said, and not when a lesson is imported

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sections = yaml.load((FOLDER / f"{language}.yml").read_text(encoding="utf-8"), Loader=loader)
    return {
        f"{section}.{name}": forms
        for section, names in sections.items()
        for name, forms in (names or {}).items()
    }


def say(key: str, /, **values: object) -> str:
    """The sentence of a key, with its values filled in. Raises KeyError where the key or a value is missing."""
    forms = catalog()[key]
    sentence = forms if isinstance(forms, str) else forms[_category(values["count"])]
    return _FIELD.sub(lambda field: str(values[field[1]]), sentence)


def some(keys: Iterable[str]) -> dict[str, Forms]:
    """The sentences of some keys, for a page's script: a page brings only what it can say."""
    return {key: catalog()[key] for key in keys}


def fields(forms: Forms) -> frozenset[str]:
    """The names that a sentence, or any of its forms, wants filled in."""
    texts = [forms] if isinstance(forms, str) else forms.values()
    return frozenset(name for text in texts for name in _FIELD.findall(text))


@cache
def _plural() -> object:
    from babel import Locale  # takes a moment to load, and few sentences count

    return Locale.parse(LANGUAGE).plural_form


def _category(count: object) -> str:
    return _plural()(count)  # type: ignore[operator]
