"""The words by which cues are found, for each language that is labelled."""

from __future__ import annotations

_EUROS = (
    r"(?<![\d.,])\d[\d.,]*+\s?(?:€|euros?\b|chf\b|franken\b|francs?\b|reais\b)|[£$€]\s?\d[\d.,]*+"
    r"|\b(?:r\$|chf)\s?\d[\d.,]*+"
)

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
        "laugh": r"\b(?:haha\w*|lol|lmao|rofl|hehe\w*)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "de": {
        "stock tag": r"\b(?:was meint ihr|meinungen|seht ihr das (?:auch so|anders)|stimmt's|oder|oder nicht"
        r"|wer noch|ja oder nein|geht's euch auch so|wie seht ihr das|richtig)\s*\?\W*$",
        "asks how": r"(?:\b(?:wie|was|welche[mnrs]?|wo|woher|wohin|wann|wer|wen|wem|warum|wieso|womit|wof[üu]r"
        r"|worauf)(?: [\w-]++){0,3} (?:ihr|du|euch|(?-i:Sie)|euer|eure[mnrs]?|deine?[mnrs]?)\b|\bwer (?:von euch"
        r"|hat|kennt|weiß|weiss|kann|nutzt|war)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:(?:jemand\w*|irgendwer)(?=[^.!?\n]{0,150}+\?)|wer noch|(?:hat|habt ihr|gibt es"
        r"|gibt's) (?:eine? )?(?:tipps?|ideen?)|(?:tipps|ideen|empfehlungen|vorschläge|erfahrungen"
        r"|schwarmwissen) (?:gesucht|bitte|willkommen|dazu)|freue? mich (?:über|auf) (?:tipps|ideen|antworten"
        r"|eure|jeden))\b",
        "you": r"\b(?:du|dich|dir|deine?[mnrs]?|euch|euer|eure[mnrs]?|ihr(?= (?-i:[a-zäöü]))|(?:habt|seid|wollt"
        r"|könnt|kennt|macht|hattet|wart|müsst|braucht|wisst|geht|findet|nehmt|denkt) ihr|(?-i:Ihnen))\b"
        r"|(?<=[\w,] )(?-i:Sie|Ihre?[mnrs]?)\b",
        "thanks": r"\b(?:danke?(?:schön|sehr)?|dankeschön|dank (?:an|euch|dir|ihnen)|vielen dank|merci"
        r"|vergelt'?s gott)\b",
        "wishes": r"\b(?:glückw[uü]nsch\w*|gratul\w*|alles (?:gute|liebe)|viel (?:glück|erfolg|spaß|kraft)"
        r"|gute besserung|herzlich willkommen|willkommen|beileid|mitgefühl|bravo|respekt|chapeau|hut ab|prost"
        r"|toll gemacht|gut gemacht|(?:schönes|schönen|gutes|frohes?|frohe) (?:wochenende|sonntag|neues|fest"
        r"|feiertage|weihnachten|ostern|jahr)|tut mir (?:so )?leid|daumen gedrückt|drücken? (?:dir"
        r"|euch) die daumen)\b",
        "greeting": r"^\W*(?:guten? (?:morgen|abend|tag|nacht)|morgen|moin\w*|hallo|hi|hey|servus|grüß\w*|grüezi"
        r"|huhu|mahlzeit|na ihr|liebe[rs]?)\b",
        "answer": r"^\W*(?:ja|jo|jep|jawohl|nein|nee|nö|doch|genau|stimmt|richtig|haha\w*|lol|ok|okay|klar|oh"
        r"|ach|ah|naja|na ja|hm+|gerne?|auf jeden fall|absolut|eben|same|ich auch|geht mir (?:auch|genauso)"
        r"|hier auch|bei (?:mir|uns) (?:auch|nicht)|kommt (?:drauf|darauf) an|leider|sorry|tut mir leid"
        r"|keine ahnung)\b",
        "act": r"\b(?:jetzt (?:\w+ )?(?:anmelden|bestellen|buchen|kaufen|spenden|abstimmen|bewerben|sichern"
        r"|mitmachen)|meldet? (?:euch|dich)(?: an)?|melden sie sich|kommt (?:vorbei|alle)|schaut? (?:vorbei"
        r"|rein)|folgt? (?:uns|mir)|abonnier\w*|anmeldung|anmelden|bewirb dich|bewerbt euch|bestellt|bestellen"
        r"|spendet|spenden|teilt|bitte teilen|stimmt ab|wählt|klickt?|holt euch|hol dir|sichert? (?:euch|dir)"
        r"|tickets|karten (?:gibt|unter|ab)|unterschreibt|ladet|herunterladen|vormerken|link in (?:der )?bio"
        r"|macht mit|reserviert|reservieren|kommentiert)\b",
        "price": rf"{_EUROS}|\b\d+\s?% rabatt\b|\b(?:kostenlos|gratis|versandkostenfrei|eintritt frei"
        r"|freier eintritt)\b",
        "news": r"\b(?:ab (?:sofort|heute|morgen)|neu (?:im|in|auf|bei)|jetzt (?:online|erhältlich|verfügbar"
        r"|neu)|eröffne\w*|startet|erschienen|erscheint|veröffentlicht|pressemitteilung|neuigkeiten|eilmeldung"
        r"|bekannt ?geben|update|geschlossen|fällt aus|verschoben|ist da)\b",
        "date": r"\b(?:mon|diens|donners|frei|sams|sonn)tags?\b|\b(?:mittwochs?|sonnabends?)\b"
        r"|\b\d{1,2}(?:[:.]\d\d)?\s?uhr\b",
        "i": r"\b(?:ich|mich|mir|meine?[mnrs]?)\b",
        "we": r"\b(?:wir|uns|unser\w{0,2})\b",
        "laugh": r"\b(?:haha\w*|hihi\w*|lol|rofl|hehe\w*|grins)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "fr": {
        "stock tag": r"\b(?:vous en pensez quoi|qu'en pensez-vous|d'accord|pas vrai|n'est-ce pas|vos avis"
        r"|un avis|(?:et )?vous|oui ou non|qui est avec moi|non|vrai)\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:comment|quel(?:le)?s?|où|quand|qui|pourquoi|combien|quoi"
        r"|qu'est-ce que?|à quel moment))(?:(?:[ -]|')[\w-]++){0,3}(?:[ -]|')(?:vous|tu|on|toi|votre|vos|ton|tes"
        r"|ta)\b|\bqu'en (?:pensez|dites)-vous\b|\b(?:vous|tu) (?:faites|fais|gérez|utilisez|prenez|pensez"
        r"|conseillez|en pensez|mettez) (?:comment|quoi|quel\w*)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:quelqu'une?(?=[^.!?\n]{0,150}+\?)|qui d'autre|(?<!\w )qui (?:a|connaît|connait|sait"
        r"|aurait|est)(?=[^.!?\n]{0,150}+\?)|(?:des|une|vos) (?:idées?|conseils?|avis|astuces|suggestions"
        r"|recommandations|retours)|preneuse?)\b",
        "you": r"\b(?:vous|votre|vos|tu|te|t'(?=\w)|toi|ton|ta|tes)\b",
        "thanks": r"\b(?:merci\w*|mercis|remercie\w*|remerciements)\b",
        "wishes": r"\b(?:félicitations|félicite\w*|bravo|bon(?:ne)? (?:anniversaire|chance|courage"
        r"|rétablissement|continuation|retraite|route|fête|année|weekend|week-end|dimanche)|joyeux \w+|bienvenue"
        r"|condoléances|chapeau|respect|courage|bon vent|pensée?s? (?:à|pour|aux)|(?:je|on) pense (?:fort )?à)\b",
        "greeting": r"^\W*(?:(?:re)?bonjour|bonsoir|bonne (?:nuit|journée|soirée)|salut|slt|coucou|hello|hey"
        r"|bon (?:matin|dimanche|week-?end)|bien le bonjour|chers?|chères?)\b",
        "answer": r"^\W*(?:oui|ouais|non|si|haha\w*|mdr|lol|pareil|exactement|exact|voilà|d'accord|ok|okay|ah|oh"
        r"|bah|ben|euh|hmm+|bien sûr|carrément|tout à fait|moi (?:aussi|non plus)|pas (?:vraiment|faux|sûre?)"
        r"|c'est vrai|grave|clairement|ça dépend|désolée?|aucune idée|effectivement|justement|en fait)\b",
        "act": r"\b(?:inscri(?:vez-vous|s-toi|ptions?)|rejoi(?:gnez|ns)(?:-nous)?|réserve[zr]?|achete[zr]"
        r"|commande[zr]|abonne(?:z-vous|-toi)|faites un don|votez?|suivez(?:-nous|-moi)?|clique[zr]?|venez"
        r"|passez (?:nous|à|au)|télécharge[zr]?|postulez?|partagez|partage|retweetez|signez|participe[zr]"
        r"|profitez|découvrez|foncez|lien en bio|rendez-vous|envoyez|likez|identifiez?|retrouvez(?:-nous"
        r"|-moi)?)\b",
        "price": rf"{_EUROS}|-\s?\d+\s?%|\b\d+\s?% de (?:réduction|remise)\b|\b(?:gratuite?s?|gratuitement"
        r"|entrée libre|(?:livraison|est) offerte?)\b",
        "news": r"\b(?:annonc\w+|lanc(?:e|ons|ement)|nouveautés?|dès (?:aujourd'hui|demain|maintenant)|désormais"
        r"|(?:est|maintenant) (?:ouvert|disponible|en ligne)e?|communiqué|ouvre|rouvre|fermée?s?|vient de"
        r"|parution|flash|mise à jour|reportée?)\b",
        "date": r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b|\b\d{1,2}\s?h(?:\s?\d\d)?\b",
        "i": r"\b(?:je|j'(?=\w)|moi|me|m'(?=\w)|mon|ma|mes)\b",
        "we": r"\b(?:nous|notre|nos)\b",
        "laugh": r"\b(?:haha\w*|hihi\w*|mdr+|lol|ptdr+|héhé)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "es": {
        "stock tag": r"\b(?:qué (?:opináis|opinan|opinas|pensáis|piensan|piensas|os parece|les parece|te parece)"
        r"|opiniones|de acuerdo|verdad|no|a que sí|quién está conmigo|alguien más|sí o no|cierto)\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:c[óo]mo|qué|cu[áa]l(?:es)?|d[óo]nde|cu[áa]ndo|qui[ée]n(?:es)?"
        r"|por qu[ée]|cu[áa]nt[oa]s?))(?: [\w-]++){0,2} (?:(?:ten|hac|pon|sab|cre|quer|pod|com|recomend|us|llev"
        r"|pens|opin)(?:[éá]is|[ae]n|es|as)|haces|hacen|hacéis|tienes|tienen|ustedes|usted|vosotr[oa]s|vos|t[úu]"
        r"|os|te|les|recomiendas|recomiendan)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:(?:alguien|algun[oa])(?=[^.!?\n]{0,150}+\?)|alguna (?:idea|recomendación|sugerencia)"
        r"|algún (?:consejo|truco)|quién más|(?:se aceptan|acepto|busco) (?:ideas|consejos|sugerencias"
        r"|recomendaciones)|recomendáis|recomiendan)\b",
        "you": r"\b(?:t[úu]|tus|te|ti|contigo|tuy[oa]s?|usted(?:es)?|uds?|vos|vosotr[oa]s|os|vuestr[oa]s?|(?:hab"
        r"|sab|ten|pod|cre|hac|quer)éis|(?:us|pens|est|v)áis|sois|sabes|tienes|puedes|eres|estás)\b",
        "thanks": r"\b(?:gracias|agradec\w+|agradezco|muy amables?)\b",
        "wishes": r"\b(?:felic(?:idades|itaciones)|enhorabuena|feliz (?:cumple\w*|aniversario|año|navidad|día"
        r"|finde)|(?:buena|mucha) suerte|suerte|[áa]nimo|bienvenid[oa]s?|bravo|mis condolencias"
        r"|(?:lo )?siento mucho|un abrazo|abrazos?|mejórate|recupérate|qué grandes?|chapó|buen (?:trabajo|viaje"
        r"|finde)|ole)\b",
        "greeting": r"^\W*(?:buen(?:os|as)? (?:d[íi]as?|tardes|noches)|buenas|hola\w*|hey|saludos|feliz \w+"
        r"|querid[oa]s?)\b",
        "answer": r"^\W*(?:s[íi]|no(?=[,.!…\n]|$)|jaja\w*|lol|igual|exacto|exactamente|tal cual|claro|cierto"
        r"|verdad|vale|ok|okay|ah|oh|uy|hmm+|pues|por supuesto|desde luego|totalmente|yo también|yo tampoco"
        r"|a m[íi] (?:también|me|tampoco)|depende|lo siento|ni idea|qué va|efectivamente|as[íi] es|para nada"
        r"|de nada|eso|bueno)\b",
        "act": r"\b(?:apúnt(?:ate|ense)|apuntaos|inscríb(?:ete|anse)|inscripci(?:ón|ones)|únete|uníos"
        r"|reserva[dr]?|reserve|compra(?:d|lo)?|cómpralo|pide el tuyo|pedid|suscríbe\w*|suscripción|dona|donad"
        r"|done|vota|votad|voten|síguenos|sígueme|seguidnos|(?:haz|hagan) clic|pincha|ven(?:te|id|gan)?(?= (?:a"
        r"|con|al|y)\b)|visítanos|descarga\w*|solicita|comparte|compartid|compartan|difund\w+|retuitea\w*"
        r"|firma(?:d|en)?|participa|consigue|entradas|link en (?:la )?bio|enlace en (?:la )?bio|os esperamos"
        r"|te esperamos|los esperamos|no te lo pierdas)\b",
        "price": rf"{_EUROS}|\b\d+\s?% (?:de )?(?:descuento|dto)\b|\b(?:gratis|gratuit[oa]s?|entrada (?:libre"
        r"|gratuita)|envío (?:gratis|gratuito))\b|\b\d[\d.,]*+ pesos\b",
        "news": r"\b(?:anunci\w+|lanza\w*|presentamos|ya (?:está|disponible|a la venta|abierto)"
        r"|nuev[oa]s? (?:vídeo|video|episodio|entrada|post|artículo|libro|horario)|novedad\w*|última hora"
        r"|nota de prensa|comunicado|abre|abrimos|se publica|publicad[oa]|desde hoy|cerrad[oa])\b",
        "date": r"\b(?:lunes|martes|miércoles|jueves|viernes|s[áa]bados?|domingos?)\b"
        r"|\b\d{1,2}(?:[:.]\d\d)?\s?(?:h|hs|horas|am|pm)\b|\ba las? \d{1,2}(?:[:.]\d\d)?\b",
        "i": r"\b(?:yo|me|m[íi]|mis|conmigo|m[íi][oa]s?)\b",
        "we": r"\b(?:nosotr[oa]s|nos|nuestr[oa]s?)\b",
        "laugh": r"\b(?:j[aeio]j[aeio]\w*|haha\w*|lol|xd+)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "pt": {
        "stock tag": r"\b(?:o que (?:acham|achas|acha|vocês acham|pensam)|que acham|opini(?:ões|ão)|concordam?"
        r"|concordas|né|certo|não é|verdade|quem mais|mais alguém|sim ou não|quem está comigo"
        r"|faz sentido)\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )que|\b(?:como|o que|qual|quais|onde|quando|quem|por ?qu[eê]"
        r"|quant[oa]s?))(?: [\w-]++){0,3} (?:voc[eê]s?|vcs?|tu|vos|te|seu|sua|teu|tua|fazem|usam|acham|têm|fazes"
        r"|usas|achas|recomendam)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:alguém(?=[^.!?\n]{0,150}+\?)|algum(?: de)? vocês|quem mais|(?<!\w )quem (?:já|aí|sabe"
        r"|tem|conhece)(?=[^.!?\n]{0,150}+\?)|alguma (?:dica|ideia|sugestão)|algum conselho|(?:aceito"
        r"|aceitamos) (?:dicas|sugestões|conselhos|ideias)|dicas|indicam|indicações)\b",
        "you": r"\b(?:voc[eê]s?|vcs?|tu|te|ti|teus?|tuas?|contigo|convosco|vos|voss[oa]s?|cê|cês)\b",
        "thanks": r"\b(?:obrigad\w*|obg|agradeç\w*|agradec\w*|valeu|grat[oa]s?|gratidão|brigad\w*)\b",
        "wishes": r"\b(?:parabéns|felicidades|feliz (?:aniversário|ano|natal|páscoa|dia)|boa (?:sorte|viagem"
        r"|recuperação)|boas festas|melhoras|força|bem-vind[oa]s?|bem vind[oa]s?|sejam bem|meus? (?:pêsames"
        r"|sentimentos)|sinto muito|(?:um )?(?:grande )?abraços?|arrasou|arrasaram|bom trabalho|bravo|mandou bem"
        r"|mandaram bem|sucesso)\b",
        "greeting": r"^\W*(?:bom dia|boa (?:tarde|noite)|bons dias|ol[áa]|oi+e?|opa|e a[íi]|fala|hey|salve"
        r"|feliz \w+|querid[oa]s?|car[oa]s)\b",
        "answer": r"^\W*(?:sim|não(?=[,.!…\n]|$)|n|pois(?: é)?|haha\w*|kk+|rs+|lol|igual|exatamente|exato|isso"
        r"|concordo|verdade|claro|ok|okay|ah|oh|eita|hmm+|com certeza|eu também|também|depende|desculpe?m?"
        r"|nada disso|por nada|de nada|então|olha|tens razão|tem razão|aqui também|sem dúvida|certo)\b",
        "act": r"\b(?:inscrev\w+|inscriç(?:ão|ões)|junte-se|junta-te|reserv(?:e|a|em|as)|compr(?:e|a|em)"
        r"|encomend\w+|peça já|assinem?|do(?:e|em)|vot(?:e|a|em)|sig(?:a|am)(?:-nos)?|segue-(?:nos|me)|cliqu\w+"
        r"|clica|venha(?:m)?|visite(?:m)?|baixem?|descarreg\w+|candidat(?:e-se|a-te|em-se)|compartilhem?"
        r"|partilh(?:a|e|em)|particip(?:e|a|em)|garanta|garante|aproveit(?:e|a|em)|aparece|apareçam?|link na bio"
        r"|corre|bilhetes|ingressos|esperamos (?:por )?(?:você|ti|vocês))\b",
        "price": rf"{_EUROS}|\b\d+\s?% (?:de )?desconto\b|\b(?:grátis|gratuit[oa]s?|de graça|frete grátis"
        r"|entrada (?:livre|gratuita|franca)|portes grátis)\b|\ba partir de \d[\d.,]*+",
        "news": r"\b(?:anunci\w+|lanç(?:a|amos|amento|ou)|já (?:está|disponível|abriu|à venda)"
        r"|nov[oa]s? (?:vídeo|video|episódio|post|artigo|livro|horário)|novidades?|última hora|nota à imprensa"
        r"|comunicado|abre|abrimos|começa|publicad[oa]|acaba de|no ar|fechad[oa]|encerrad[oa]|adiad[oa])\b",
        "date": r"\b(?:segunda|terça|quarta|quinta|sexta)[- ]feira\b|\b(?:na|nesta|esta|até|da) (?:terça|quarta"
        r"|quinta|sexta)\b|\b(?:sábados?|domingos?)\b|\b\d{1,2}(?:h(?:\d\d)?|:\d\d)\b|\b\d{1,2}\s?horas\b"
        r"|\bàs \d{1,2}\b",
        "i": r"\b(?:eu|me|mim|meus?|minhas?|comigo)\b",
        "we": r"\b(?:nós|nos|noss[oa]s?|a gente|conosco|connosco)\b",
        "laugh": r"\b(?:haha\w*|kk+|rs+|lol|hehe\w*|ahah\w*|eheh\w*)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "it": {
        "stock tag": r"\b(?:che ne (?:pensate|dite|pensi)|cosa ne pensate|siete d'accordo|d'accordo|vero|no"
        r"|giusto|pareri|chi è con me|qualcun altro|sì o no|sbaglio|e voi)\s*\?\W*$",
        "asks how": r"(?:(?:(?<!\w )che|\b(?:come|cosa|qual[ei]?|dove|quando|chi|perché|quant[oaei]))(?:(?: "
        r"|')[\w-]++){0,3}(?: |')(?:voi|tu|vi|ti|(?:av|fac|us|pens|sap|vol|pot|consigli|met|prend|dit|trov|legg"
        r"|gest|pag|scegli|cucin)\w{0,3}te|fate|dite|siete|fai|usi|pensi|hai|vostr[oaei]"
        r"|tu[oa])\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:qualcun[oa](?=[^.!?\n]{0,150}+\?)|qualcun altro|chi altr[oi]|(?<!\w )chi (?:di voi|sa"
        r"|conosce|ha|mi sa)(?=[^.!?\n]{0,150}+\?)|(?:avete|qualche|dei|accetto|si accettano) (?:idee"
        r"|consigl[io]|suggerimenti|pareri|idea|dritt[ae]))\b",
        "you": r"\b(?:tu|te|ti|tuo|tua|tuoi|tue|voi|vi|vostr[oaei]|avete|siete|sapete|fate|pensate|volete|potete"
        r"|hai|puoi|sai|vuoi)\b",
        "thanks": r"\b(?:grazie|ringrazi\w*|grazia mille|grz)\b",
        "wishes": r"\b(?:complimenti|congratulazioni|auguri|augurissimi|buon(?:a)? (?:compleanno|fortuna"
        r"|guarigione|anno|natale|pasqua|viaggio|lavoro|weekend|domenica)|in bocca al lupo|bentornat[oaie]"
        r"|benvenut[oaie]|condoglianze|brav[oaie]|bravissim[oaie]|un (?:forte )?abbraccio|abbracci\w*|vi stringo"
        r"|ti stringo|forza|chapeau|mi dispiace (?:tanto|molto))\b",
        "greeting": r"^\W*(?:buon(?:a|o)? ?(?:giorno|giornata|sera|serata|notte|pomeriggio|domenica|weekend)"
        r"|buongiorn\w*|buonasera|buonanotte|ciao\w*|salve|hey|ehi|saluti|car[oaie]|cari tutti)\b",
        "answer": r"^\W*(?:s[iì]|no(?=[,.!…\n]|$)|haha\w*|ahah\w*|lol|uguale|idem|esatto|esattamente|infatti"
        r"|giusto|vero|certo|ok|okay|oh|ah|eh|beh|mah|boh|hmm+|ma|anch'io|anche (?:io|a me|qui|da noi)|neanche"
        r"|nemmeno|dipende|scus(?:a|ate)|mi dispiace|figurati|prego|assolutamente|magari|d'accordo|concordo"
        r"|quoto|ecco|hai ragione|ti sbagli|purtroppo|guarda)\b",
        "act": r"\b(?:iscriv(?:iti|etevi)|iscrizioni|unisciti|unitevi|prenot(?:a|ate|azioni)|acquist(?:a|ate)"
        r"|compr(?:a|ate|atela|atelo)|ordina(?:te)?|abbon(?:ati|atevi)|don(?:a|ate)|vot(?:a|ate)|segu(?:i|ite"
        r"|iteci|imi)|clicc(?:a|ate)|ven(?:ite|iteci)|passa(?:te)? (?:a|in|da)|vi(?:eni)? aspett\w+"
        r"|ti aspettiamo|vi aspettiamo|scaric(?:a|ate)|candid(?:ati|atevi)|condivid(?:i|ete)|firm(?:a|ate)"
        r"|partecip(?:a|ate)|approfitt\w+|scriv(?:eteci|ici)|chiam(?:atemi|ateci)|link in bio|biglietti"
        r"|regala(?:te)?|mandate(?:ci|mi))\b",
        "price": rf"{_EUROS}|\b\d+\s?% di sconto\b|-\s?\d+\s?%|\b(?:gratis|gratuit[oaie]|ingresso (?:libero"
        r"|gratuito)|spedizione gratuita|in omaggio)\b",
        "news": r"\b(?:annunc\w+|lanci(?:a|amo|o)|presentiamo|da (?:oggi|domani|lunedì)|ora (?:disponibile"
        r"|online|aperto)|è (?:uscito|uscita|online|disponibile)|nuov[oa] (?:post|video|episodio|articolo|libro"
        r"|orario)|novità|ultim'ora|comunicato|apre|riapre|inizia|esce|pubblicat[oa]|chius[oa]|aggiornamento"
        r"|rinviat[oa])\b",
        "date": r"\b(?:luned|marted|mercoled|gioved|venerd)(?:ì|i')|\b(?:luned|marted|mercoled|gioved|venerd)i\b"
        r"|\b(?:sabato|domenica)\b|\b(?:ore|alle) \d{1,2}(?:[:.]\d\d)?\b",
        "i": r"\b(?:io|mi|me|mio|mia|miei|mie|m'(?=\w))\b",
        "we": r"\b(?:noi|ci|nostr[oaei])\b",
        "laugh": r"\b(?:haha\w*|ahah\w*|eheh\w*|lol|rido)\b|[:;]-?[)D]|😂|🤣|😅",
    },
    "nl": {
        "stock tag": r"\b(?:wat (?:vinden|denken) jullie|mee eens|eens|toch|meningen"
        r"|wie is het (?:hier)?mee eens|nietwaar|wie nog meer|ja of nee|herkenbaar|(?:en )?jullie|of niet"
        r"|hè)\s*\?\W*$",
        "asks how": r"(?:\b(?:hoe|wat|welke?|waar\w*|wanneer|wie|waarom)(?: [\w-]++){0,3} (?:jullie|jij|je|u|ge"
        r"|gij|jouw|uw)\b|\bwie (?:van jullie|heeft|kent|weet|kan|gebruikt)\b)(?=[^.!?\n]{0,150}+\?)",
        "anyone": r"\b(?:iemand(?=[^.!?\n]{0,150}+\?)|wie nog|(?<!\w )wie (?:heeft|weet"
        r"|kent)(?=[^.!?\n]{0,150}+\?)|(?:iemand|heb je|hebben jullie|graag) tips|tips (?:zijn )?(?:welkom"
        r"|gevraagd|voor)|hulp gevraagd|suggesties|ideeën|aanraders|wie o wie)\b",
        "you": r"\b(?:jullie|jij|je|jou|jouw|u|uw|ge|gij|gullie|ulle|uwen)\b",
        "thanks": r"\b(?:bedankt|dank(?: (?:je|jullie|u|aan))?|dankje\w*|dankjewel|dankuwel|merci|thanks"
        r"|hulde)\b",
        "wishes": r"\b(?:gefeliciteerd|felicita\w+|proficiat|van harte|veel (?:succes|plezier|geluk|sterkte)"
        r"|sterkte|beterschap|succes|welkom|welgekomen|chapeau|respect|bravo|petje af|gelukkige? \w+"
        r"|fijne? (?:weekend|dag|avond|feestdagen|vakantie|kerst)|goed gedaan|knap gedaan|gecondoleerd"
        r"|condoleances|hoera)\b",
        "greeting": r"^\W*(?:goede?(?:n|r)? ?(?:morgen|middag|avond|dag|nacht)|goeie\w*|morgen|hallo|hoi+|hey|hé"
        r"|hai|dag|joehoe|moi|alaaf|beste|lieve|welterusten)\b",
        "answer": r"^\W*(?:ja|jawel|jep|jup|nee|neen|nope|haha\w*|lol|zelfde|precies|exact|klopt|inderdaad|eens"
        r"|oké|ok|oh|ach|ah|och|tja|hmm+|nou|zeker|absoluut|natuurlijk|ik ook|(?:hier|bij ons) ook"
        r"|hangt ervan af|ligt eraan|sorry|helaas|geen idee|goede vraag|graag gedaan|niet echt|juist|volgens mij"
        r"|dat klopt|tuurlijk|mee eens)\b",
        "act": r"\b(?:meld je (?:nu )?aan|schrijf (?:je|u) in|inschrijv\w+|aanmelden|doe mee|reserveer"
        r"|reserveren|reserveert|bestel(?:len|t)?|koop (?:nu|je)|abonneer\w*|doneer|doneren|stem (?:op|nu|mee)"
        r"|volg (?:ons|mij|me)|klik|kom (?:langs|kijken|mee|gerust|naar|proeven)|download\w*|solliciteer\w*"
        r"|deel (?:dit|deze)|delen mag|teken(?: de)?|win|scoor|grijp|link in bio|tickets|kaarten|kaartjes"
        r"|reageer met|like de|geef bloed|haal (?:je|jouw)|boek (?:nu|je|via|een)|noteer|mis het niet)\b",
        "price": rf"{_EUROS}|\b\d+\s?% korting\b|\b(?:gratis|kosteloos|toegang vrij|vrije toegang|inkom (?:gratis"
        r"|vrij))\b",
        "news": r"\b(?:(?:kondig\w+|aangekondigd)|lanceer\w*|lanceert|nu (?:ook|open|beschikbaar|verkrijgbaar"
        r"|online|live)|nieuwe? (?:blog|video|aflevering|artikel|boek|openingsuren)|vanaf (?:vandaag|morgen|nu)"
        r"|persbericht|nieuws|breaking|opent|verschenen|verschijnt|gepubliceerd|gesloten|update|verplaatst"
        r"|uitslag|staat online)\b",
        "date": r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*|\b\d{1,2}(?:[:.]\d\d)?\s?(?:uur|u)\b"
        r"|\bom \d{1,2}\b",
        "i": r"\b(?:ik|mij|me|mijn|m'n)\b",
        "we": r"\b(?:wij|we|ons|onze)\b",
        "laugh": r"\b(?:haha\w*|hihi\w*|lol|hehe\w*)\b|[:;]-?[)D]|😂|🤣|😅",
    },
}  # fmt: skip

_CONJUNCTIONS = """
and but or so plus then nor yet because which und aber oder denn sondern et mais ou donc car y e pero o u pues que
mas então ed ma però quindi en maar of dus want dat
"""
CONJUNCTIONS = frozenset(_CONJUNCTIONS.split())
"""Words that tie a clause to the one before it; a quotation doesn't begin with them."""
