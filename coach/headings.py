"""Headings: what authors write above a draft to say which one it is and where it will go, in seven languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

# English, German, French, Spanish, Portuguese, Italian, Dutch.
_SORTS = (
    r"draft|version|variant|rewrite|revision|entwurf|fassung|variante|brouillon|ébauche|borrador|versión|rascunho"
    r"|versão|bozza|versione|versie|klad(?:je)?"
)
# Words that begin posts too ("Concept: a bakery run by cats"): they are a heading only with a number or a place.
_NUMBERED = (
    r"option|take|attempt|versuch|opción|opção|opzione|optie|concept|kopie|copy|te(?:xt[eo]?|sto)|tekst|beitrag"
    r"|publi(?:cation|cación|cação)|légende|legenda|bericht"
)
_POSTS = r"post|tweet|toot|caption|bildunterschrift|pie de foto|didascalia|bijschrift"
_PLACES = r"linkedin|twitter|x|instagram|insta|ig|facebook|fb|threads|mastodon|bluesky|bsky|tiktok|reddit"
_OTHER_PLACES = r"youtube|newsletter|blog|e-?mail|website|medium|substack|slack|discord|telegram|whatsapp"
_WHICH = (
    r"final|shorter|longer|rough|first|second|third|fourth|fifth|last|revised|alternative"
    r"|kürzere?|längere?|letzter?|erster?|zweiter?|dritter?|finale|dernière?|premi(?:er|ère)|deuxième|troisième"
    r"|primer[ao]?|segund[ao]|tercer[ao]?|últim[ao]|primeir[ao]|terceir[ao]|prim[ao]|second[ao]|terz[ao]|ultim[ao]"
    r"|korter|langer|laatste|eerste|tweede|derde|definitie[fv]e?"
)
# "Short version: it works" is a post; "LinkedIn (short)" and "Short version 2" are headings.
_LENGTH = (
    r"short|long|kurz(?:e|er)?|lang(?:e|er)?|courte?|longue|cort[ao]|larg[ao]|curt[ao]|long[ao]|breve|lung[ao]"
    r"|korte?"
)
_NUMBER = r"\#?\d{1,2}[a-e]?|[a-e]|i{1,3}|iv|one|two|three|four|five"
_JOINT = r"for|and|of|no\.|n[°º]|nr\.?|für|und|von|pour|et|sur|para|y|de|do|da|no|per|e|su|di|voor|en|van|op"
_TOKEN = re.compile(
    rf"(?:(?P<sort>{_SORTS})|(?P<numbered>{_NUMBERED})|(?P<post>{_POSTS})|(?P<place>{_PLACES})"
    rf"|(?P<other>{_OTHER_PLACES})|(?P<which>{_WHICH})|(?P<length>{_LENGTH})|(?P<v>v\.?\d{{1,2}})|(?P<number>{_NUMBER})|(?P<joint>{_JOINT}))"
    r"(?![\w'’.]\w)(?!\w)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"(?:[^\w\s@#\"“”'‘’<>/.,!?]{1,3}[^\S\n]*+)?")
_BETWEEN = re.compile(r"[^\S\n]*[/,|&(][^\S\n]*|[^\S\n]+")
_BRACKETED = re.compile(r"[^\S\n]*[\])】}][^\S\n]*:?(?=\s)")
_COLON = re.compile(r"\)?[^\S\n]?:(?=[\s\"“„«])|\)?\.?[^\S\n]*(?=\n)")
_DASH = re.compile(r"[^\S\n]+[-–—](?=\s)")
_MOST_TOKENS = 7


@dataclass(frozen=True, slots=True)
class Heading:
    """An author's own heading above a draft, such as "Draft 3:".

    Attributes:
        end: where the words of the draft start.
        said: the words of the heading by their group, in the order in which they come.
    """

    end: int
    said: dict[str, str]


def heading_end(text: str, at: int = 0) -> int | None:
    """Where the words start after an author's own heading such as "Draft 3:"; None if there is no such heading.

    Args:
        text: a draft, without Markdown's marks.
        at: where the heading would begin.
    """
    found = heading(text, at)
    return found.end if found else None


def heading(text: str, at: int = 0) -> Heading | None:
    """The author's own heading at a place in a draft; None if there is none.

    Args:
        text: a draft, without Markdown's marks.
        at: where the heading would begin.
    """
    found = _BEFORE.match(text, at)
    end = found.end() if found else at
    bracketed = text[at:end].rstrip()[-1:] in {"[", "(", "【", "{"}
    said: dict[str, str] = {}
    for _ in range(_MOST_TOKENS):
        token = _TOKEN.match(text, end)
        if token is None or not token.lastgroup:
            break
        said[token.lastgroup] = token[0].lower()
        end, after = token.end(), _BETWEEN.match(text, token.end())
        if after is None or _TOKEN.match(text, after.end()) is None:
            break
        end = after.end()
    if not _is_heading(said):
        return None
    found = _BRACKETED.match(text, end) if bracketed else _COLON.match(text, end)
    # "Version 2 - out now" and "LinkedIn - where else?" are posts.
    if (
        found is None
        and len(said) > 1
        and not said.get("sort", "").startswith("vers")
        and not said.keys() <= {"v", "place"}
    ):
        found = _DASH.match(text, end)
    return Heading(found.end(), said) if found else None


def _is_heading(said: dict[str, str]) -> bool:
    """Whether words are a heading rather than the beginning of a post ("New post:", "Short answer:").

    Args:
        said: the words by their group, in the order in which they come.
    """
    which_one = not said.keys().isdisjoint({"number", "v", "place"})
    if "sort" in said:
        return which_one or "length" not in said
    if "numbered" in said:
        return which_one
    # "LinkedIn (short):" is a heading, "First post:" a post.
    if "other" in said or next(iter(said), "which") in {"which", "length"}:
        return False
    return not said.keys().isdisjoint({"post", "v", "place"})
