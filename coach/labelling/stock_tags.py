"""Stock questions at the end of a draft, which would fit any draft: "Thoughts?", "What do you think?"."""

from __future__ import annotations

import re

from coach.layout import plain

# Each asks what readers make of the draft, or whether they are of its mind, and for nothing of their own.
_TAGS = (
    # English
    r"(?:(?:what are |what's |your |any |share |drop |tell (?:me|us) |let (?:me|us) know )*"
    r"(?:thoughts|take|opinions?|views?|reactions)(?: on (?:this|that|it))?)",
    r"(?:i'd |we'd |would )?(?:really )?love (?:to (?:hear|have|know) )?(?:your |some )?"
    r"(?:feedback|thoughts|input|opinions?|what you think)(?: on (?:this|that|it))?",
    r"(?:curious|interested|keen) to (?:hear|know) (?:your thoughts|what you think)",
    r"(?:feedback|comments|opinions) welcome|comments",
    r"(?:do you )?(?:agree|disagree)(?: or disagree)?(?: with (?:this|me))?|who(?:'s| is) with me|who agrees",
    r"who else|who can relate|any(?:one|body) else(?: feel this way)?|(?:am i )?right|yes or no|is it just me",
    r"sound familiar|pros and cons|don't you think|let's discuss",
    r"what (?:do|does) (?:you|y'all|you all|you guys|everyone|everybody) (?:all )?(?:think|reckon|say)"
    r"(?: (?:of|about) (?:this|that|it))?",
    r"(?:please )?(?:let (?:me|us) know|tell (?:me|us))(?: what you think)?",
    # German
    r"(?:und )?was (?:meint|denkt|sagt|haltet) ihr(?: dazu| davon)?",
    r"(?:(?:eure|deine|ihre) )?meinung(?:en)?(?: dazu)?|(?:lasst|schreibt) (?:mir|uns) eure meinung(?: da)?",
    r"(?:wie )?seht ihr das(?: auch so| anders)?|wer noch|einverstanden|stimmt ihr zu|wem geht es auch so",
    # French
    r"(?:et vous,? )?(?:vous en pensez quoi|qu'en (?:pensez|dites)-vous|qu'est-ce que vous en pensez)",
    r"(?:vos|votre|des|un) avis|d'accord(?: avec moi)?|(?:dites|dis)-moi ce que (?:vous en pensez|tu en penses)",
    # Spanish
    r"qué (?:opináis|opinan|opinas|pensáis|piensan|piensas|(?:os|les|te) parece)",
    r"(?:est(?:áis|án|ás) )?de acuerdo|opiniones|alguien más|deja(?:d|nos|me)? (?:vuestra|tu|su) opinión",
    # Portuguese
    r"(?:e aí, )?o que (?:vocês |você )?(?:acham|acha|achas|acharam|pensam)(?: disso)?",
    r"concordam?(?: comigo)?|opiniões|qual a (?:sua|vossa) opinião",
    # Italian
    r"(?:e )?(?:voi )?(?:che|cosa) ne (?:pensate|dite|pensi)|che ve ne pare|pareri",
    r"(?:siete )?d'accordo(?: con me)?|(?:fatemi|fateci) sapere (?:che|cosa) ne pensate",
    # Dutch
    r"wat (?:vinden|denken) jullie(?: ervan| hiervan)?|wat vind je ervan|(?:mee )?eens|meningen",
    r"wie is het (?:er |hier)?(?:met me |mee )?eens",
    r"laat (?:me |ons )?weten wat (?:je|jullie) (?:ervan )?(?:denkt?|vindt?|denken|vinden)",
)
_WHERE = (
    r"(?:,? (?:everyone|everybody|folks|all|guys|friends))?"
    r"(?:,? (?:(?:down )?below|in the comments(?: below)?|in (?:den|die) kommentare?n?|en commentaires?"
    r"|en los comentarios|nos comentários|nei commenti|in de reacties))?"
)
# What may follow without a change of meaning: marks, emoji, hashtags.
_REST = r"[\s?!.:)…\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]*+(?:#\w+\s*+)*+$"
# A sentence of its own: after the end of another, an emoji, a line or an address.
_APART = r"(?:(?P<address>(?:https?://|www\.)\S++)[^\S\n]++|(?<=[.!?…)\]\"”’»\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[^\S\n]++|\n\s*+)"
_TAG = re.compile(rf"{_APART}¿?¡?(?:{'|'.join(_TAGS)}){_WHERE}{_REST}", re.IGNORECASE)

_LONGEST = 200
"""No stock tag with what follows it is longer; only so much of a draft's end is searched."""


def without_stock_tag(text: str) -> str | None:
    """A draft without the stock question that it ends in, and without layout; None if it ends in none.

    Args:
        text: any string.
    """
    text = plain(text).rstrip()
    searched = text.replace("’", "'")
    found = _TAG.search(searched, max(0, len(searched) - _LONGEST))
    if found is None:
        return None
    end = found.end("address") if found["address"] else found.start()
    return text[:end].rstrip() or None
