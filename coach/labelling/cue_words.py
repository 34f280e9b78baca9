"""The words by which cues are found, for each language that is labelled."""

from __future__ import annotations

_EUROS = (
    r"(?<![\d.,])\d[\d.,]*+\s?(?:€|euros?\b|chf\b|franken\b|francs?\b|reais\b)|[£$€]\s?\d[\d.,]*+"
    r"|\b(?:r\$|chf)\s?\d[\d.,]*+"
)

_ASKED = r"(?=[^.!?\n]{0,150}+\?)"
"""In a sentence that ends in a question mark."""
_ALONE = r"(?=[^\S\n]*+(?:[,.!…;:–—\n\U0001f300-\U0001faff❤]|$))"
"""After words that are a remark only if nothing goes on from them: "Genau!", not "Genau drei Jahre"."""
_FIRST = r"(?<!\w )"
"""Before words that call on readers, or wish them well, only as the first: "Compra ya", not "Mi compra"."""
_APART = r"(?:^|(?<=\n)|(?<=[^\w\s\x27’(-])|(?<=[^\w\s\x27’(-]\s))"
"""Before words that are a tag only after a comma or a sentence: "Lekker, toch?", not "Wat is dat toch?"."""
_FACES = r"[:;]-?(?:\)|(?-i:D)(?!\w))|😂|🤣|😅"

# One pattern for each cue, without regard to capitals, except inside `(?-i:…)`. A straight apostrophe in languages
# other than English stands for a curved one too. Possessive quantifiers (`++`, `*+`), or bounded ones, keep a
# pattern from trying the same characters twice.
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "stock tag": r"\b(?:thoughts|agree|who'?s with me|right|am i right|anyone else|yes or no)\s*\?\W*$",
        "asks how": r"\b(?:how|what|which|where|when|who|why) (?:do|does|did|are|would|should|can|could|have"
        r"|is) (?:you|your|anyone|anybody|everyone|you all|y'all|we|people|folks)\b",
        "anyone": r"\b(?:anyone|anybody|who else|any (?:ideas|tips|advice|suggestions|recommendations))\b",
        "you": r"\b(?:you|your|yours|you're|you've|you'll|you'd|y'all|u|ur)\b",
        "thanks": r"\b(?:thank you|thanks|thx|ty|cheers|much appreciated|grateful to)\b",
        "wishes": r"\b(?:congrat\w*|well done|good luck|get well|welcome|happy (?:birthday|anniversary)|bravo"
        r"|kudos|so sorry|love this|great job|nice work|hats off)\b",
        "greeting": r"^\W*(?:good (?:morning|evening|afternoon|night)|morning|evening|hi|hello|hey"
        r"|happy \w+day)\b",
        "answer": r"^\W*(?:yes|yep|yeah|no|nope|haha\w*|lol|same|exactly|agreed|true|sure|ok|okay|oh|ah|aww?"
        r"|hmm+|indeed|of course|sounds|glad|me too|not really|absolutely|sorry)\b",
        "act": r"\b(?:sign up|join us|book (?:now|yours?|a|via|through)|buy|order (?:now|yours?|by)|shop (?:now"
        r"|the)|register|subscribe|donate|vote|follow (?:us|me|along)|click|grab (?:yours?|a|one)|come (?:along"
        r"|and see|visit)|visit (?:us|our)|download|apply (?:now|by|here)|get (?:yours?|tickets)|reserve"
        r"|enter (?:now|to)|share this|retweet|save the date|check (?:it|them|this) out|link in bio)\b",
        "price": r"[£$€]\s?\d[\d.,]*|\b\d+\s?% off\b|\bfree (?:shipping|entry|delivery|trial)\b",
        "news": r"\b(?:announc\w+|launch\w*|introducing|now (?:open|available|live)|new (?:post|on the blog"
        r"|video|episode)|breaking|report|press release|opens?|starts?|just published)\b",
        "date": r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,2}(?::\d\d)?\s?(?:am|pm)\b",
        "i": r"\b(?:i|i'm|i've|i'd|i'll|my|me)\b",
        "we": r"\b(?:we|we're|we've|we'll|our|us)\b",
        "laugh": rf"\b(?:haha\w*|lol|lmao|rofl|hehe\w*)\b|{_FACES}",
    },
    "de": {
        "stock tag": r"(?:\b(?:was meint ihr|(?:eure|andere) meinungen|seht ihr das (?:auch so|anders)"
        r"|stimmt's|oder|oder nicht|wer noch|ja oder nein|geht's euch auch so|wie seht ihr das)"
        rf"|{_APART}(?:meinungen|richtig))\s*\?\W*$",
        "asks how": r"(?:\b(?:wie|was|welche[mnrs]?|wo|woher|wohin|wann|wer|wen|wem|warum|wieso|womit|wof[üu]r"
        r"|worauf)(?: [\w-]++){0,3} (?:ihr|du|euch|(?-i:Sie)|euer|eure[mnrs]?|deine?[mnrs]?)\b|\bwer (?:von euch"
        r"|hat|kennt|weiß|weiss|kann|nutzt|war)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:(?:jemand\w*|irgendwer)(?=[^.!?\n]{0,150}+\?)|wer noch|(?:hat|habt ihr|gibt es"
        r"|gibt's) (?:eine? )?(?:tipps?|ideen?)|(?:tipps|ideen|empfehlungen|vorschläge|erfahrungen"
        r"|schwarmwissen) (?:gesucht|bitte|willkommen|dazu)|freue? mich (?:über|auf) (?:tipps|ideen|antworten"
        r"|eure|jeden))\b",
        "you": r"\b(?:du|dich|dir|deine?[mnrs]?|euch|euer|eure[mnrs]?|(?:habt|seid|wollt|könnt|hattet"
        rf"|wart|müsst|wisst|nehmt|dürft|sollt|mögt|werdet|würdet|esst|lest) ihr|{_FIRST}(?:kennt|macht"
        r"|braucht|findet|denkt|meint|trinkt|kommt|sucht) ihr|(?<=was )(?:kennt|macht|braucht|findet"
        r"|denkt|meint|trinkt|sucht) ihr|ihr (?:habt|seid|wollt|könnt|kennt|macht|hattet|wart|müsst"
        r"|braucht|wisst|findet|nehmt|denkt|dürft|sollt|mögt|kommt|werdet|würdet|alle|beiden|zwei)"
        r"|(?-i:Ihnen))\b|(?<=[\w,] )(?-i:Sie|Ihre?[mnrs]?)\b",
        "thanks": r"\b(?:danke(?:schön| ?sehr)?|(?:vielen|herzlichen|besten|lieben|tausend) dank"
        r"|dank (?:an|euch|dir|ihnen)|merci|vergelt'?s gott)\b",
        "wishes": r"\b(?:glückw[uü]nsch\w*|gratul\w*|alles (?:gute|liebe)|viel (?:glück|erfolg|spaß"
        rf"|kraft)|gute besserung|herzlich willkommen|willkommen im team|beileid|mitgefühl|bravo"
        rf"|{_FIRST}(?:respekt"
        rf"|willkommen){_ALONE}|chapeau|hut ab|prost|toll gemacht|gut gemacht"
        r"|(?<!ein )(?<!einen )(?:schönes|schönen|gutes|frohes?|frohe) (?:wochenende|sonntag|neues|fest"
        r"|feiertage|weihnachten|ostern|jahr)|tut mir (?:so )?leid|daumen gedrückt|drücken? (?:dir"
        r"|euch) die daumen)\b",
        "greeting": r"^\W*(?:guten? (?:morgen|abend|tag|nacht)|morgen(?: zusammen| allerseits| ihr"
        rf"| leute)|morgen{_ALONE}|moin\w*|hallo|hi|hey|servus|grüß\w*|grüezi|huhu|mahlzeit|na ihr"
        r"|liebe[rs]? (?-i:[A-ZÄÖÜ])[\w-]++(?: (?-i:[A-ZÄÖÜ])[\w-]++)?(?=,|!| und))\b",
        "answer": r"^\W*(?:(?:ja|nein)(?! z(?:u|um|ur)\b)|jep|jawohl|nee|nö|haha\w*|lol|ok|okay|oh|ach"
        r"|ah|naja|na ja|hm+|same|ich auch|geht mir (?:auch|genauso)|bei mir (?:auch|nicht)"
        r"|kommt (?:drauf|darauf) an|sorry|tut mir leid|keine ahnung|gern geschehen|klar doch|(?:jo|doch"
        r"|genau(?: das| so)?|stimmt(?: auch| schon| genau| leider)?|richtig|klar|gerne?|auf jeden fall"
        rf"|absolut|eben|hier auch|bei uns (?:auch|nicht)|leider(?: nein| nicht| ja| auch)?){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:kommt (?:vorbei|alle(?! \d))|schaut? (?:vorbei|rein)|folgt? (?:uns|mir)"
        r"|abonniert|anmelden|bestell(?:t|en) (?:jetzt|euch|eure?|noch|hier|gleich|bis|vor)|spendet"
        r"|spende (?:jetzt|hier|für)|teilt|stimmt ab|wählt|klickt?|unterschreibt|ladet|macht mit"
        r"|reserv(?:iert|ieren) (?:jetzt|euch|eure?|noch|hier|gleich|bis|unter)|kommentiert)"
        r"|jetzt (?:\w+ )?(?:anmelden|bestellen|buchen|kaufen|spenden|abstimmen|bewerben|sichern"
        r"|mitmachen)|(?:bitte|hier|online|gleich) (?:anmelden|bestellen|spenden|reservieren"
        r"|herunterladen|teilen)|meldet? (?:euch|dich)(?: an)?|melden sie sich|anmeldung (?:bis|unter"
        r"|über|per|bei|hier)|bewirb dich|bewerbt euch|holt euch|hol dir|sichert? (?:euch|dir)|(?:tickets"
        r"|karten) (?:gibt|ab|unter|an der|im vorverkauf|online)|vormerken"
        r"|link in (?:der )?bio)\b(?! ihr\b)",
        "price": rf"{_EUROS}|\b\d+\s?% rabatt\b|\b(?:kostenlos|gratis|versandkostenfrei|eintritt frei"
        r"|freier eintritt)\b",
        "news": r"\b(?:ab (?:sofort|heute|morgen)|neu (?:im (?:sortiment|programm|shop|laden|angebot"
        r"|team|blog|haus)|auf (?:der karte|dem blog)|bei uns)|jetzt (?:online|erhältlich|verfügbar|neu)"
        r"|eröffne\w*|startet|erschienen|erscheint(?! mir\b)|veröffentlicht|pressemitteilung|neuigkeiten"
        r"|eilmeldung|bekannt ?geben|update|(?:bleib(?:t|en)|haben(?: wir)?|heute) geschlossen|fällt aus"
        r"|verschoben|(?:endlich|jetzt) da)\b",
        "date": r"\b(?:mon|diens|donners|frei|sams|sonn)tags?\b|\b(?:mittwochs?|sonnabends?)\b"
        r"|\b\d{1,2}(?:[:.]\d\d)?\s?uhr\b",
        "i": r"\b(?:ich|mich|mir|meine?[mnrs]?)\b",
        "we": r"\b(?:wir|uns|unser\w{0,2})\b",
        "laugh": rf"\b(?:haha\w*|hihi\w*|lol|rofl|hehe\w*|grins)\b|{_FACES}",
    },
    "fr": {
        "stock tag": r"(?:\b(?:vous en pensez quoi|qu'en pensez-vous|n'est-ce pas|vos avis|un avis"
        rf"|et (?:vous|toi)|oui ou non|qui est avec moi)|{_APART}(?:d'accord|pas vrai|non|vrai))\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:comment|quel(?:le)?s?|où|quand|qui|pourquoi|combien|quoi"
        r"|qu'est-ce que?|à quel moment))(?:(?:[ -]|')[\w-]++){0,3}(?:[ -]|')(?:vous|tu|on|toi|votre|vos|ton|tes"
        r"|ta)\b|\bqu'en (?:pensez|dites)-vous\b|\b(?:vous|tu) (?:faites|fais|gérez|utilisez|prenez|pensez"
        r"|conseillez|en pensez|mettez) (?:comment|quoi|quel\w*)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": rf"\b(?:quelqu'une?{_ASKED}|qui d'autre|(?<!\w )qui (?:a|connaît|connait|sait|aurait"
        rf"|est){_ASKED}|(?:des|une|vos) (?:idées?|conseils?|avis|astuces|suggestions|recommandations"
        rf"|retours){_ASKED}|(?:attends|prends) (?:tous )?vos (?:idées|conseils|avis|astuces|suggestions"
        r"|retours)|preneu(?:r|se)s?)\b",
        "you": r"\b(?:(?<!rendez-)vous|votre|vos|tu|te|t'(?=\w)|toi|(?<!le )(?<!un )(?<!du )ton|ta"
        r"|tes)\b",
        "thanks": r"\b(?:mercis?(?! de (?:ne|bien|(?!avoir)\w+[ei]r)\b)|remercie\w*|remerciements)\b",
        "wishes": r"\b(?:félicitations|félicite\w*|bravo"
        r"|(?<!une )(?<!la )(?<!un )(?<!le )bon(?:ne)? (?:anniversaire|chance|courage|rétablissement"
        r"|continuation|retraite|route|fête|année|weekend|week-end|dimanche)|joyeu(?:x|ses) (?:noël"
        r"|anniversaire|halloween|fêtes|pâques)|bienvenue (?:à (?:toi|vous|bord)|parmi)|condoléances"
        rf"|{_FIRST}(?:chapeau|respect|courage|bienvenue){_ALONE}|bon vent|pensées? (?:à|pour|aux)"
        r"|pensons à (?:toi|vous)|pense (?:fort |bien |très fort )?à (?:toi|vous))\b",
        "greeting": r"^\W*(?:(?:re)?bonjour|bonsoir|bonne (?:nuit|journée|soirée)|salut|slt|coucou|hello"
        r"|hey|bon (?:matin|dimanche|week-?end)|bien le bonjour|ch(?:ers?"
        r"|ères?) [\w-]++(?: [\w-]++)?(?=,))\b",
        "answer": r"^\W*(?:(?:oui|non)(?! (?:à|au|aux|seulement)\b|-)|ouais|haha\w*|mdr|lol"
        r"|pareil (?:ici|chez|pour moi)|ok|okay|ah|oh|bah|ben (?:oui|non|moi|ça|c'est)|euh|hmm+|bien sûr"
        r"|tout à fait d'accord|moi (?:aussi|non plus)|pas (?:vraiment|faux|sûre?)|c'est vrai"
        r"|d'accord avec|ça dépend|désolée?|aucune idée|effectivement|(?:si|ben|pareil|exactement|exact"
        rf"|voilà|d'accord|carrément|tout à fait|grave|clairement|justement|en fait){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:clique (?:ici|sur)|rendez-vous|inscriptions|(?:partage|vote"
        r"|participe) (?:ce|cette|ton|pour|à))|inscri(?:vez-vous|s-toi)|inscriptions? (?:sur|ici|avant"
        r"|ouvertes?|en ligne|par|jusqu)|rejoignez(?:-nous|-moi)?|rejoins-(?:nous|moi)"
        r"|(?<!vous )(?<!vous nous )(?<!vous me )(?:réserv|achet|command|vot|suiv|cliqu|ven|télécharg"
        r"|postul|partag|retweet|sign|particip|profit|découvr|fonc|envoy|lik|identifi|retrouv)ez(?:-nous"
        r"|-moi)?(?!-vous)|pour (?:réserver|commander|participer)|abonne(?:z-vous|-toi)|faites un don"
        r"|passez (?:nous|à|au)|lien en bio)\b",
        "price": rf"{_EUROS}|-\s?\d+\s?%|\b\d+\s?% de (?:réduction|remise)\b|\b(?:gratuite?s?|gratuitement"
        r"|entrée libre|(?:livraison|est) offerte?)\b",
        "news": r"\b(?:annonc\w+|(?<!me )(?<!se )(?<!te )lance|lan(?:çons|cement)|nouveautés?"
        r"|dès (?:aujourd'hui|demain|maintenant)|désormais|(?:est|maintenant) (?:ouvert|disponible"
        r"|en ligne)e?|communiqué|ouvre|rouvre|(?:est|sera|seront|serons|exceptionnellement) fermée?s?"
        r"|vient de (?:para[iî]tre|sortir|publier|lancer|ouvrir)|parution|flash info|mise à jour"
        r"|reportée?)\b",
        "date": r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b|\b\d{1,2}\s?h(?:\s?\d\d)?\b",
        "i": r"\b(?:je|j'(?=\w)|moi|me|m'(?=\w)|mon|ma|mes)\b",
        "we": r"\b(?:nous|notre|nos)\b",
        "laugh": rf"\b(?:haha\w*|hihi\w*|mdr+|lol|ptdr+|héhé)\b|{_FACES}",
    },
    "es": {
        "stock tag": r"(?:\b(?:qué (?:opináis|opinan|opinas|pensáis|piensan|piensas|os parece|les parece"
        r"|te parece)|est(?:áis|án|ás) de acuerdo|a que sí|quién está conmigo|alguien más|sí o no)"
        rf"|{_APART}(?:opiniones|de acuerdo|verdad|no|cierto))\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:c[óo]mo|qué|cu[áa]l(?:es)?|d[óo]nde|cu[áa]ndo|qui[ée]n(?:es)?"
        r"|por qu[ée]|cu[áa]nt[oa]s?))(?: [\w-]++){0,2} (?:(?:ten|hac|pon|sab|cre|quer|pod|com|recomend|us|llev"
        r"|pens|opin)(?:[éá]is|[ae]n|es|as)|haces|hacen|hacéis|tienes|tienen|ustedes|usted|vosotr[oa]s|vos|t[úu]"
        r"|os|te|les|recomiendas|recomiendan)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": rf"\b(?:(?:alguien|algun[oa]){_ASKED}|alguna (?:idea|recomendación|sugerencia)"
        rf"|algún (?:consejo|truco){_ASKED}|quién más|(?:se aceptan|acepto|busco) (?:ideas|consejos"
        rf"|sugerencias|recomendaciones)|(?:recomendáis|recomiendan){_ASKED})\b",
        "you": r"\b(?:t[úu]|tus|te|(?-i:ti)|contigo|tuy[oa]s?|usted(?:es)?|(?-i:[Uu]ds?)|vos|vosotr[oa]s"
        r"|(?-i:[Oo]s)|vuestr[oa]s?|(?:hab|sab|ten|pod|cre|hac|quer)éis|(?:us|pens|est|v)áis|sois|sabes"
        r"|tienes|puedes|eres|estás)\b",
        "thanks": r"\b(?:gracias|agradec\w+|agradezco|muy amables?)\b",
        "wishes": r"\b(?:felic(?:idades|itaciones)|enhorabuena|feliz (?:cumple\w*|aniversario|año"
        rf"|navidad|día|finde)|buena suerte|mucho ánimo|{_FIRST}(?:mucha suerte|suerte|[áa]nimo|bravo"
        rf"|abrazos?|qué grandes?{_ALONE}|bienvenid[oa]s?{_ALONE}|un abrazo)|un (?:fuerte|gran) abrazo"
        r"|mis condolencias|(?:lo )?siento mucho|mejórate|recupérate|chapó|(?<!un )buen (?:trabajo|viaje"
        r"|finde)|olé)\b",
        "greeting": r"^\W*(?:buen(?:os|as)? (?:d[íi]as?|tardes|noches)|buenas(?: a tod[oa]s)"
        rf"|buenas{_ALONE}|hola\w*|hey|saludos|feliz (?:lunes|martes|miércoles|jueves|viernes|s[áa]bado"
        r"|domingo|semana|finde|día|año|navidad|tarde|noche)|querid[oa]s? [\w-]++(?: [\w-]++)?(?=[,:]))\b",
        "answer": r"^\W*(?:sí(?! al?\b)|jaja\w*|lol|igual (?:aquí|por aquí|yo)|claro que|ok|okay|ah|oh"
        r"|uy|hmm+|pues|por supuesto|desde luego|totalmente de acuerdo|yo también|yo tampoco"
        r"|a m[íi] (?:también|me|tampoco)|depende|lo siento|ni idea|qué va|efectivamente|(?:si|no|igual"
        r"|exacto|exactamente|tal cual|claro|cierto|verdad|vale|totalmente|as[íi] es|para nada|de nada"
        rf"|eso(?: es| mismo)?|bueno){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:reserve (?:ya|su|ahora)|(?:reserva|compra|descarga|dona|firma) (?:ya|tu"
        r"|tus|ahora|aquí|hoy|gratis|online|en|para que|la|el|esta|nuestr[oa]s?)|dona sangre|vot(?:a|en)|pincha"
        r"|ven(?:te|id|gan)?(?= (?:a|con|al|y)\b)|solicita|comparte|compartan|difund(?:e|id|an)|retuitea"
        r"|firmen|participa|consigue)|apúnt(?:ate|ense)|apuntaos|inscríb(?:ete|anse)|inscripci(?:ón"
        r"|ones) (?:en|abiertas?|hasta|gratuitas?|aquí|por)|únete|uníos|reserva[d]|comprad|cómpralo"
        r"|pide el tuyo|pedid|suscríb\w+|donad|votad|síguenos|sígueme|seguidnos|(?:haz|hagan) clic"
        r"|visítanos|descárga\w+|descargad|compartid|firmad|entradas (?:en|a la venta|desde|disponibles"
        r"|aquí|por)|link en (?:la )?bio|enlace en (?:la )?bio|os esperamos|te esperamos|los esperamos"
        r"|no te lo pierdas)\b",
        "price": rf"{_EUROS}|\b\d+\s?% (?:de )?(?:descuento|dto)\b|\b(?:gratis|gratuit[oa]s?|entrada (?:libre"
        r"|gratuita)|envío (?:gratis|gratuito))\b|\b\d[\d.,]*+ pesos\b",
        "news": r"\b(?:anunci(?:a|an|amos|ó|aron|ad[oa]s?)|lanzam(?:os|iento)|lanza|presentamos"
        r"|ya (?:está (?:disponible|a la venta|abiert[oa]|aquí)|disponible|a la venta|abierto)"
        r"|nuev[oa]s? (?:vídeo|video|episodio|entrada|post|artículo|libro|horario)|novedad\w*|última hora"
        r"|nota de prensa|comunicado|abre|abrimos|se publica|publicad[oa]|desde hoy|(?:estará|estaremos"
        r"|permanecerá) cerrad[oa]s?|cerrad[oa]s? (?:por|hasta))\b",
        "date": r"\b(?:lunes|martes|miércoles|jueves|viernes|s[áa]bados?|domingos?)\b"
        r"|\b\d{1,2}(?:[:.]\d\d)?\s?(?:h|hs|horas|am|pm)\b|\ba las? \d{1,2}(?:[:.]\d\d)?\b",
        "i": r"\b(?:yo|me|m[íi]|mis|conmigo|m[íi][oa]s?)\b",
        "we": r"\b(?:nosotr[oa]s|nos|nuestr[oa]s?)\b",
        "laugh": rf"\b(?:(?:j[aei]++){{2,}}+j?|(?:jo){{3,}}+|haha\w*|lol|xd+)\b|{_FACES}",
    },
    "pt": {
        "stock tag": r"(?:\b(?:o que (?:acham|achas|acha|vocês acham|pensam)|que acham|concordam?"
        rf"|concordas|né|quem mais|mais alguém|sim ou não|quem está comigo)|{_APART}(?:opini(?:ões|ão)"
        r"|certo|não é|verdade|faz sentido))\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:como|o que|qual|quais|onde|quando|quem|por ?qu[eê]"
        r"|quant[oa]s?))(?: [\w-]++){0,3} (?:voc[eê]s?|vcs?|tu|vos|te|seu|sua|teu|tua|fazem|usam|acham|têm|fazes"
        r"|usas|achas|recomendam)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": rf"\b(?:alguém{_ASKED}|algum(?: de)? vocês|quem mais|(?<!\w )quem (?:já|aí|sabe|tem"
        rf"|conhece){_ASKED}|alguma (?:dica|ideia|sugestão)|algum conselho|(?:aceito|aceitamos) (?:dicas"
        r"|sugestões|conselhos|ideias)|preciso de (?:dicas|indicações)|(?:(?:tem|têm|tens) dicas"
        rf"|indicam){_ASKED})\b",
        "you": r"\b(?:voc[eê]s?|(?-i:[Vv]cs?)|tu|te|(?-i:ti)|teus?|tuas?|contigo|convosco|vos|voss[oa]s?"
        r"|cê|cês)\b",
        "thanks": r"\b(?:obrigad(?:[oa]s?(?! a \w+r\b)|inh[oa]|íssim[oa])|obg|agradeç\w*|agradec\w*|valeu(?! (?:a"
        r"|cada|os?|as|mais)\b)|grat[oa]s?(?! surpresas?\b)|gratidão|brigado|brigadão|brigadinh[oa])\b",
        "wishes": r"\b(?:parabéns|felicidades|feliz (?:aniversário|ano|natal|páscoa|dia)|boa (?:sorte"
        r"|viagem|recuperação)|boas festas|as melhoras|muita força|muito sucesso|meus? (?:pêsames"
        rf"|sentimentos)|sinto muito|{_FIRST}(?:melhoras|bravo|(?:um )?(?:grande |forte )?abraços?|(?:força"
        rf"|sucesso|bem[- ]vind[oa]s?|arrasou|arrasaram){_ALONE})|arrasaste|(?<!um )bom trabalho|mandou bem"
        r"|mandaram bem)\b",
        "greeting": r"^\W*(?:bom dia|boa (?:tarde|noite)|bons dias|ol[áa]|oi+e?|opa|(?:e a[íi]|fala"
        rf"|salve),? (?:galera|pessoal|gente|povo)|(?:e aí|fala|salve){_ALONE}|hey|feliz (?:segunda|terça"
        r"|quarta|quinta|sexta|s[áa]bado|domingo|semana|dia|ano|natal)|(?:querid"
        r"|car)[oa]s? [\w-]++(?: [\w-]++)?(?=[,:]))\b",
        "answer": r"^\W*(?:sim(?! (?:à|ao|aos)\b)|pois(?: é)?|haha\w*|kk+|(?-i:(?:rs)++|rsss++)|lol"
        r"|claro que|concordo|ok|okay|ah|oh|eita|hmm+|eu também|depende|desculp(?:a|e|em)|nada disso"
        r"|tens razão|tem razão|(?:não|n|igual|exatamente(?: isso)?|exato|isso(?: mesmo| aí)?|verdade"
        rf"|claro|com certeza|também|por nada|de nada|então|olha|aqui também|sem dúvida|certo){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:(?:reserv|compr|encomend)(?:e|a|em) (?:já|seu|sua|teu|tua|o|a|os|as"
        r"|agora|aqui|hoje|online|mesa|pelo|no|na)|assinem?|doe (?:já|sangue|agora|aqui|o|a)|vot(?:e|a"
        r"|em)|sig(?:a|am)|cliquem?|clica|venham?|visitem?|baixem?|descarreg(?:a|ue|uem)|compartilhem?"
        r"|partilh(?:a|e|em)(?! de\b)|particip(?:e|a|em)|garant[ae]|aproveit(?:e|a|em)|aparece (?:e|no|na"
        r"|por|cá|lá|hoje)|apareçam?|corre (?:que|lá|e|pra|para))|inscrevam?(?:-se)?|inscreve-te"
        r"|inscriç(?:ão|ões) (?:abertas?|até|pelo|gratuitas?|aqui|online)|junte-se|junta-te"
        r"|encomendas (?:até|pelo|abertas)|peça já|sig(?:a|am)-nos|segue-(?:nos|me)|candidat(?:e-se|a-te"
        r"|em-se)|link na bio|(?:bilhetes|ingressos) (?:à venda|a partir|pelo|disponíveis|aqui)"
        r"|esperamos (?:por )?(?:você|ti|vocês))\b",
        "price": rf"{_EUROS}|\b\d+\s?% (?:de )?desconto\b|\b(?:grátis|gratuit[oa]s?|de graça|frete grátis"
        r"|entrada (?:livre|gratuita|franca)|portes grátis)\b|\ba partir de \d[\d.,]*+",
        "news": r"\b(?:anunci(?:a|am|amos|ou|aram|ad[oa]s?)|lanç(?:a|amos|amento|ou)"
        r"|já (?:está (?:disponível|à venda|no ar|abert[oa])|disponível|abriu|à venda)|nov[oa]s? (?:vídeo"
        r"|video|episódio|post|artigo|livro|horário)|novidades?|última hora|nota à imprensa|comunicado"
        r"|abre|abrimos|começa|publicad[oa]|acaba de (?:sair|lançar|abrir|publicar|chegar)|está no ar"
        r"|(?:estará|estaremos|ficará|vai estar) fechad[oa]s?|fechad[oa]s? (?:para|até|por)|encerrad[oa]"
        r"|adiad[oa])\b",
        "date": r"\b(?:segunda|terça|quarta|quinta|sexta)[- ]feira\b|\b(?:na|nesta|esta|até|da) (?:terça"
        r"|quarta|quinta|sexta)\b(?! (?:d[aeo]s?|vez|edição|parte|temporada|posição)\b)|\b(?:sábados?"
        r"|domingos?)\b|\b\d{1,2}(?:h(?:\d\d)?|:\d\d)\b|\b\d{1,2}\s?horas\b|\bàs \d{1,2}\b",
        "i": r"\b(?:eu|me|mim|meus?|minhas?|comigo)\b",
        "we": r"\b(?:nós|(?<=-)nos|noss[oa]s?|a gente|conosco|connosco)\b",
        "laugh": rf"\b(?:haha\w*|kk+|(?-i:(?:rs)++|rsss++)|lol|hehe\w*|ahah\w*|eheh\w*)\b|{_FACES}",
    },
    "it": {
        "stock tag": r"(?:\b(?:che ne (?:pensate|dite|pensi)|cosa ne pensate|siete d'accordo"
        rf"|chi è con me|sì o no|o (?:mi )?sbaglio|e voi)|{_APART}(?:d'accordo|vero|no|giusto|pareri"
        r"|sbaglio|qualcun altro))\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )che|\b(?:come|cosa|qual[ei]?|dove|quando|chi|perché|quant[oaei]))(?:(?: "
        r"|')[\w-]++){0,3}(?: |')(?:voi|tu|vi|ti|(?:av|fac|us|pens|sap|vol|pot|consigli|met|prend|dit|trov|legg"
        r"|gest|pag|scegli|cucin)\w{0,3}te|fate|dite|siete|fai|usi|pensi|hai|vostr[oaei]"
        r"|tu[oa])\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": rf"\b(?:qualcun[oa]{_ASKED}|qualcun altro|chi altr[oi]|(?<!\w )chi (?:di voi|sa|conosce"
        rf"|ha|mi sa){_ASKED}|(?:accetto|si accettano) (?:idee|consigli|suggerimenti|pareri)|(?:avete"
        rf"|qualche|dei) (?:idee|consigl[io]|suggerimenti|pareri|idea|dritt[ae]){_ASKED})\b",
        "you": r"\b(?:tu|te|(?-i:[Tt]i)|tuo|tua|tuoi|tue|voi|(?-i:[Vv]i)(?! (?:è|sono|era|erano)\b)"
        r"|vostr[oaei]|avete|siete|sapete|fate|pensate|volete|potete|hai|puoi|sai|vuoi)\b",
        "thanks": r"\b(?:grazie|ringrazi\w*|grazia mille|grz)\b",
        "wishes": r"\b(?:complimenti|congratulazioni|auguri|augurissimi"
        r"|(?<!un )(?<!una )buon(?:a)? (?:compleanno|fortuna|guarigione|anno|natale|pasqua|viaggio|lavoro"
        rf"|weekend|domenica)|in bocca al lupo|condoglianze|{_FIRST}(?:che )?(?:brav[oaie]|bravissim[oaie]"
        rf"|bentornat[oaie]|benvenut[oaie]){_ALONE}|{_FIRST}(?:forza(?! di\b)|abbracci)"
        r"|un (?:forte )?abbraccio|vi stringo|ti stringo|chapeau|mi dispiace (?:tanto|molto))\b",
        "greeting": r"^\W*(?:buon(?:a|o)? ?(?:giorno|giornata|sera|serata|notte|pomeriggio|domenica"
        r"|weekend)|buongiorn\w*|buonasera|buonanotte|ciao\w*|salve|hey|ehi|saluti|car[oaie] (?:tutti"
        r"|tutte|[\w-]++(?: [\w-]++)?(?=,)))\b",
        "answer": r"^\W*(?:sì(?! al?\b)|haha\w*|ahah\w*|lol|idem|infatti|certo che|ok|okay|oh|ah|eh|beh"
        r"|mah|boh|hmm+|ma (?:no|dai|certo|figurati|sì|va)|anch'io|anche (?:io|a me)|ne(?:anche"
        r"|mmeno) (?:io|a me|per (?:idea|sogno))|dipende|scus(?:a|ate)|mi dispiace|figurati|d'accordo con"
        r"|concordo|quoto|hai ragione|guarda che|ti sbagli|(?:si|no|uguale|esatto|esattamente|giusto|vero|certo"
        r"|anche (?:qui|da noi)|neanche|nemmeno|prego|assolutamente(?: sì| no)?|magari|d'accordo|ecco"
        rf"|purtroppo(?: sì| no)?|guarda){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:prenota(?:te)?|acquist(?:a|ate)|compr(?:a|ate)|ordina(?:te)?|don(?:a"
        r"|ate)|vot(?:a|ate)|segu(?:i|ite)|clicc(?:a|ate)|venite|passa(?:te)? (?:a|in|da)|scaric(?:a|ate)"
        r"|candidati (?:ora|qui|entro|su|subito)|condivid(?:i|ete)|firm(?:a|ate) (?:la|qui|anche|ora"
        r"|subito|questa)|partecip(?:a|ate)|approfitt(?:a|ate|atene|ane)|regala(?:te)?)|iscriv(?:iti"
        r"|etevi)|iscrizioni (?:aperte|entro|fino|su|online|presso|gratuite)|unisciti|unitevi"
        r"|prenotazioni (?:al|allo|su|aperte|entro|online|presso)|comprate(?:la|lo)|abbon(?:ati|atevi)"
        r"|seguite(?:ci|mi)|seguimi|veniteci|vieni a trovarci|vi aspetta(?:no)?|[vt]i aspettiamo"
        r"|candidatevi|scriv(?:eteci|ici)|chiam(?:atemi|ateci)|link in bio|biglietti (?:in vendita|su"
        r"|disponibili|a partire|online|qui)|mandate(?:ci|mi))\b",
        "price": rf"{_EUROS}|\b\d+\s?% di sconto\b|-\s?\d+\s?%|\b(?:gratis|gratuit[oaie]|ingresso (?:libero"
        r"|gratuito)|spedizione gratuita|in omaggio)\b",
        "news": r"\b(?:annunci[ao]\w*|lanci(?:amo|o)|presentiamo|da (?:oggi|domani|lunedì)"
        r"|ora (?:disponibile|online|aperto)|è (?:uscito|uscita|online|disponibile)|nuov[oa] (?:post"
        r"|video|episodio|articolo|libro|orario)|novità|ultim'ora|comunicato|apre|riapre|inizia|esce"
        r"|pubblicat[oa]|(?:siamo|saremo|resterà|resteremo|resta|rimarrà) chius[oaie]|chius[oaie] (?:per"
        r"|fino)|aggiornamento|rinviat[oa])\b",
        "date": r"\b(?:luned|marted|mercoled|gioved|venerd)(?:ì|i')|\b(?:luned|marted|mercoled|gioved|venerd)i\b"
        r"|\b(?:sabato|domenica)\b|\b(?:ore|alle) \d{1,2}(?:[:.]\d\d)?\b",
        "i": r"\b(?:io|(?-i:[Mm]i)|me|mio|mia|miei|mie|m'(?=\w))\b",
        "we": r"\b(?:noi|ci(?= \w{1,15}iamo\b)|nostr[oaei])\b",
        "laugh": rf"\b(?:haha\w*|ahah\w*|eheh\w*|lol|rido)\b|{_FACES}",
    },
    "nl": {
        "stock tag": r"(?:\b(?:wat (?:vinden|denken) jullie|mee eens|wie is het (?:hier)?mee eens"
        rf"|nietwaar|wie nog meer|ja of nee|herkenbaar|en jullie|hè)|{_APART}(?:eens|toch|meningen"
        r"|of niet))\s*\?\W*$",
        "asks how": r"(?:\b(?:hoe|wat|welke?|waar\w*|wanneer|wie|waarom)(?: [\w-]++){0,3} (?:jullie|jij|je|u|ge"
        r"|gij|jouw|uw)\b|\bwie (?:van jullie|heeft|kent|weet|kan|gebruikt)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": rf"\b(?:iemand{_ASKED}|wie nog|(?<!\w )wie (?:heeft|weet|kent){_ASKED}|(?:iemand|heb je"
        r"|hebben jullie|graag) tips|(?:tips|suggesties|ideeën) (?:zijn )?(?:welkom|gevraagd)"
        rf"|hulp gevraagd|(?:suggesties|ideeën|aanraders|tips voor){_ASKED}|wie o wie)\b",
        "you": r"\b(?:jullie|jij|je|jou|jouw|(?<!\d )u|uw|ge|gij|gullie|ulle|uwen)\b",
        "thanks": r"\b(?:bedankt|dank(?: (?:je|jullie|u|aan))?|dankje\w*|dankjewel|dankuwel|merci|thanks"
        r"|hulde)\b",
        "wishes": r"\b(?:gefeliciteerd|felicita\w+|proficiat|van harte(?! (?:welkom|aanbevolen"
        rf"|uitgenodigd)\b)|veel (?:succes|plezier|geluk|sterkte)|beterschap|{_FIRST}(?:sterkte|succes"
        rf"|welkom|welgekomen|respect){_ALONE}|{_FIRST}(?:sterkte|succes) (?:met|ermee|allemaal|jullie)"
        r"|chapeau|bravo|petje af|gelukkige? (?:verjaardag|nieuwjaar|kerst\w*|jaar|feestdagen)"
        r"|(?<!een )fijne? (?:weekend|dag|avond|feestdagen|vakantie|kerst)|goed gedaan|knap gedaan"
        r"|gecondoleerd|condoleances|hoera)\b",
        "greeting": r"^\W*(?:goe(?:de|ie)[nr]? ?(?:morgen|middag|namiddag|avond|dag|nacht)|(?:morgen"
        rf"|dag) (?:allemaal|mensen|iedereen)|(?:morgen|dag|hai){_ALONE}|hallo|hoi+|hey|hé|joehoe|moi|alaaf"
        r"|(?:beste|lieve) [\w-]++(?: [\w-]++)?(?=,)|welterusten)\b",
        "answer": r"^\W*(?:ja(?! tegen\b)|jawel|jep|jup|nee|neen|nope|haha\w*|lol|zelfde hier"
        r"|klopt(?! het\b)|inderdaad|oké|ok|oh|ach|ah|och|tja|hmm+|nou|zeker weten|ik ook|hangt ervan af"
        r"|ligt eraan|sorry|geen idee|goede vraag|graag gedaan|niet echt|volgens mij|dat klopt|tuurlijk"
        r"|mee eens|(?:zelfde|precies(?: dat| dit)?|exact|eens|zeker|absoluut|natuurlijk|(?:hier"
        rf"|bij ons) ook|helaas(?: niet| wel)?|juist){_ALONE})\b",
        "act": rf"\b(?:{_FIRST}(?:doe mee|reserveer|aanmelden|bestel (?:nu|je|jouw|hier|via|snel|vandaag"
        r"|online|voor)|koop (?:nu|je)|abonneer|doneer|stem (?:op|nu|mee)|volg (?:ons|mij|me)|klik"
        r"|kom (?:langs|kijken|mee|gerust|naar|proeven)|download (?:nu|de|het|hier|gratis|onze|je)"
        r"|solliciteer|deel (?:dit|deze)|teken (?:de|nu|hier|mee|onze)|win (?:een|jij|nu|je|\d)|scoor"
        r"|grijp|like de|haal (?:je|jouw)|boek (?:nu|je|via|een)|noteer|mis het niet)|meld je (?:nu )?aan"
        r"|schrijf (?:je|u) in|inschrijv(?:en|ing|ingen) (?:kan|via|voor|op|tot|is|zijn|geopend)"
        r"|(?:aanmelden|reserveren|bestellen|doneren) (?:kan|via|is verplicht)|(?:nu|hier) (?:aanmelden"
        r"|reserveren|bestellen|doneren)|graag delen|delen mag|link in bio|(?:tickets|kaarten"
        r"|kaartjes) (?:via|verkrijgbaar|te koop|vanaf|kosten|zijn (?:te koop|verkrijgbaar))|reageer met"
        r"|geef bloed)\b",
        "price": rf"{_EUROS}|\b\d+\s?% korting\b|\b(?:gratis|kosteloos|toegang vrij|vrije toegang|inkom (?:gratis"
        r"|vrij))\b",
        "news": r"\b(?:kondig\w+|aangekondigd|lanceer\w*|lanceert|nu (?:open|beschikbaar|verkrijgbaar"
        r"|online|live|ook (?:in|bij|op|online|verkrijgbaar))|nieuwe? (?:blog|video|aflevering|artikel"
        r"|boek|openingsuren)|vanaf (?:vandaag|morgen|nu)|persbericht|nieuws|breaking|opent|verschenen"
        r"|verschijnt|gepubliceerd|(?:blijft|blijven|vandaag|morgen|uitzonderlijk) gesloten"
        r"|gesloten (?:wegens|tot|op|van)|update|verplaatst|uitslag(?:en)? van|staat online)\b",
        "date": r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|\b\d{1,2}(?:[:.]\d\d)?\s?(?:uur|u)\b"
        r"|\bom \d{1,2}\b",
        "i": r"\b(?:ik|mij|me|mijn|m'n)\b",
        "we": r"\b(?:wij|we|ons|onze)\b",
        "laugh": rf"\b(?:haha\w*|hihi\w*|lol|hehe\w*)\b|{_FACES}",
    },
}  # fmt: skip

_CONJUNCTIONS = """
and but or so plus then nor yet because which und aber oder denn sondern et mais ou donc car y e pero o u pues que
mas então ed ma però quindi en maar of dus want dat
"""
CONJUNCTIONS = frozenset(_CONJUNCTIONS.split())
"""Words that tie a clause to the one before it; a quotation doesn't begin with them."""
