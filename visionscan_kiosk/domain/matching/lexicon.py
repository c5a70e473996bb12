"""Words that mean something to a shop whatever it sells: filler, containers, diet words, flavours.

Every word stands folded and in the singular (see `normalise`). The lists are general vocabulary of the trade
in English, German, French, Spanish, Swedish and romanised Hindi; they hold no brand and no product.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _meanings(text: str) -> dict[str, str]:
    """Return word -> meaning, from `meaning: word word` entries parted by bars and line ends."""
    entries = (entry.split(":") for entry in text.replace("|", "\n").splitlines() if entry.strip())
    return {word: meaning.strip() for meaning, words in entries for word in words.split()}


FILLER = _words(
    "a an the of one two this is are was it its we he she they i think believe looks look like maybe "
    "probably seem seems customer cashier has have had wants want photo photograph picture image scan "
    "scanned scanning item items please pls add ring up on counter in at by to from for with and or & "
    "packaging package packaged wrapper label labeled labelled front back side product products goods "
    "article new some there here that these those visible shown showing show appears see you be which my "
    "me name called brand type kind per s n e o y "
    "der die das ein eine einen im mit von fur und "
    "le la les un une des du de et "
    "el los las una con para y del "
    "en ett med och ki ka ke aur"
)
"""Words around a name when a person or a model speaks; they neither find nor exclude a product."""

CONTAINERS = {
    word: group
    for group, words in {
        "bottle": "bottle btl flasche bouteille botella flaska botal",
        "can": "can cannister canister dose canette lata burk",
        "tin": "tin",
        "jar": "jar glass glas bocal pot tarro burk frasco bhk",
        "pouch": "pouch sachet packet pkt bag beutel tute sac bolsa pase standup refill bg doypack",
        "box": "box bx carton ctn karton schachtel boite caja tetra tetrapak brick kartong",
        "tub": "tub becher cup barquette tarrina bagare kopp",
        "tube": "tube tub",
        "pack": "pack pk multipack mltpc packung paket paquet paquete set each ea loose bunch",
        "tray": "tray schale clamshell punnet container cntr",
        "spray": "spray aerosol",
    }.items()
    for word in words.split()
}
"""What goods come in -> a group; bottle and can differ, bag and pouch do not."""

LIGHT = frozenset(CONTAINERS) | _words(
    "fresh new pure natural original classic premium quality style "
    "pet plastic squeezy poly pyramid resealable refillable recyclable twin zip stand clay"
)
"""Words that help to rank and never decide alone."""

_LACKING = {
    "sugar": "sugar zucker sucre azucar socker cheeni sweetener",
    "salt": "salt salz sel sal salz namak sodium",
    "gluten": "gluten",
    "lactose": "lactose laktose laktos lactosa",
    "fat": "fat fett graisse grasa matiere",
    "caffeine": "caffeine coffein koffein cafeine cafeina koffein",
    "alcohol": "alcohol alkohol alcool",
    "egg": "egg ei oeuf huevo agg anda",
    "onion": "onion zwiebel oignon cebolla lok pyaz",
    "garlic": "garlic knoblauch ail ajo vitlok lahsun",
    "nut": "nut nuss noix nuez",
    "pulp": "pulp fruchtfleisch pulpe pulpa fruktkott",
    "bone": "bone knochen os hueso ben boneles",
    "skin": "skin haut peau piel skinn",
    "seed": "seed kern pepin semilla karna",
    "preservative": "preservative konservierungsstoff conservateur conservante",
    "fragrance": "fragrance perfume parfum duft unscented",
    "gas": "gas kohlensaure gaz kolsyra",
}
_NOUNS = {word: noun for noun, words in _LACKING.items() for word in words.split()}
_BEFORE = _words("no non zero 0 0% without w/o ohne sans sin utan bina kein keine ingen senza inget")
_LOW = _words("less low reduced weniger moins reduit bajo menos mindre")
_AFTER = _words("free frei fri less los libre fria libero rahit")
_BETWEEN = _words("added any extra zugesetzt zugesetzter ajoute ajoutes anadido tillsatt of de d")
CLAIM_NOUNS = frozenset(_NOUNS)
"""What a product may claim to lack: sugar, salt, gluten ..."""

_LIGHTER = _words("light lite leicht leger legere ligero lett latt diet slim skimmed skim mager maigre")
_SINGLE = _meanings(
    """
no sugar: sugarfree zuckerfrei sockerfri sugarles unsweetened ungesusst osotad sugarless
no salt: unsalted ungesalzen osaltat saltfree | no gluten: glutenfree glutenfrei glutenfri
no lactose: lactosefree laktosefrei laktosfri | no fat: fatfree nonfat fettfrei fettfri
low fat: lowfat halffat
no caffeine: decaf decaffeinated entkoffeiniert decafeine descafeinado koffeinfri
no alcohol: alkoholfrei alkoholfri nonalcoholic | no egg: eggles eggless | no bone: boneless bonles
no skin: skinless | no seed: seedless kernlos | no fragrance: unscented | alcohol: alcoholic
salt: salted gesalzen saltat | sugar: sweetened | vegan: vegan | vegetarian: vegetarian | meat: nonveg
organic: organic bio ekologisk ecological organico biologique eco eko | smoked: smoked
unsmoked: unsmoked | cured: cured | uncured: uncured | bleached: bleached | unbleached: unbleached
flavoured: flavoured flavored | unflavoured: unflavoured unflavored | refined: refined
unrefined: unrefined | roasted: roasted | unroasted: unroasted | halal: halal | kosher: kosher
keto: keto
"""
)
_FLAVOUR_WORDS = _meanings(
    """
strawberry: erdbeer erdbeere fraise fresa jordgubb
raspberry: himbeer himbeere framboise frambuesa hallon
blueberry: heidelbeer heidelbeere blaubeer blaubeere myrtille arandano blabar
blackberry: brombeer brombeere mure bjornbar | cranberry: canneberge tranbar
lingonberry: lingon preiselbeere | cherry: kirsche kirsch cerise cereza korsbar
currant: johannisbeere groseille vinbar | blackcurrant: cassis | apple: apfel pomme manzana apple seb
pear: birne poire pera paron | plum: pflaume ciruela plommon
peach: pfirsich peche melocoton persika | apricot: aprikose abricot albaricoque aprikos | mango: aam
orange: apelsin naranja santra | mandarin: mandarine mandarina | clementine: klementine | tangerine:
satsuma: | lemon: zitrone citron limon nimbu | lime: limette limett
grapefruit: pampelmuse pamplemousse toronja | pomelo: | pineapple: ananas pina
banana: banane platano banan kela | grape: traube uva druva angoor | melon: melone
watermelon: wassermelone pasteque sandia vattenmelon tarbuj | kiwi: | guava: amrud goyave guayaba
litchi: lychee | papaya: | passionfruit: maracuja
pomegranate: granatapfel grenade granada granatapple anar | coconut: kokosnuss kokos coco nariyal
fig: feige figue higo anjeer | date: dattel datte khajoor | rhubarb: rhabarber rhubarbe rabarber
tamarind: imli | amla: | jamun: | berry: beere baie baya | vanilla: vanille vainilla vanilj
chocolate: schokolade schoko chocolat choklad choco choc chocolaty | cocoa: kakao cacao
caramel: karamell karamel caramelo | toffee: | fudge: | coffee: kaffee cafe kaffe | mocha: | espresso:
cappuccino: | honey: honig miel honung shahad madhu | maple: ahorn | almond: mandel amande almendra badam
hazelnut: haselnuss noisette avellana hasselnot | pistachio: pistazie pistache pistacho pistasch pista
walnut: walnuss valnot akhrot | cashew: kaju
peanut: erdnuss cacahuete cacahuate jordnot moongphali groundnut | pecan: | sesame: sesam til gingelly
mint: minze menthe menta mynta pudina | peppermint: pfefferminz pepparmynta | spearmint: | eucalyptus:
menthol: | ginger: ingwer gingembre jengibre ingefara adrak
cinnamon: zimt cannelle canela kanel dalchini | cardamom: kardamom kardemumma cardamome elaichi
saffron: safran kesar | turmeric: kurkuma curcuma haldi gurkmeja
cumin: kreuzkummel jeera zeera spiskummin | clove: nelke laung | nutmeg: muskat muskot jaiphal
anise: anis | fennel: fenchel fenouil saunf | coriander: koriander dhania dhaniya cilantro
fenugreek: methi | basil: basilikum basilic albahaca basilika | tulsi: | oregano:
thyme: thymian thym timjan | rosemary: rosmarin romarin romero
parsley: petersilie persil perejil persilja | dill: | sage: salbei sauge
garlic: knoblauch ail ajo vitlok lahsun | onion: zwiebel oignon cebolla pyaz
tomato: tomate tomat tamatar | chilli: chili chile mirch mirchi | jalapeno: | habanero:
pepper: pfeffer poivre pimienta peppar | paprika: | curry: | masala: | tikka: | tandoori: | peri:
barbecue: barbeque bbq | teriyaki: | schezwan: szechuan sichuan | cheese: kase fromage queso ost
paneer: | cheddar: | parmesan: | mozzarella: | butter: beurre mantequilla smor makhan
mustard: senf moutarde mostaza senap sarson | mushroom: pilz champignon champinon svamp
olive: aceituna oliv | spinach: spinat epinard espinaca spenat palak
carrot: karotte mohre carotte zanahoria morot gajar | beetroot:
chicken: huhn hahnchen poulet pollo kyckling murgh | beef: rind rindfleisch boeuf notkott
lamb: agneau cordero lamm | mutton: | pork: schwein porc cerdo flask
turkey: pute truthahn dinde pavo kalkon | duck: ente canard pato anka | ham: schinken jambon jamon skinka
bacon: speck | tuna: thunfisch thon atun tonfisk | salmon: lachs saumon lax
prawn: garnele crevette gamba raka | shrimp: | crab: | fish: fisch poisson pescado fisk
egg: ei oeuf huevo agg anda | rose: gulab | lavender: lavendel lavande lavanda | jasmine: jasmin mogra
sandalwood: | aloe: | neem: | hibiscus: | chamomile: kamille camomille | matcha:
oat: hafer avoine avena havre | rice: reis riz arroz ris chawal | soy: soja soya | quinoa: | ragi:
wheat: weizen ble trigo vete gehun | corn: mais maiz makka | red: rot rouge rojo rod lal
green: grun vert verde gron hara | yellow: gelb jaune amarillo gul | white: weiss blanc blanco vit safed
black: schwarz noir negro svart kala | blue: blau bleu azul | pink: rosa gulabi | purple: lila violet
brown: braun brun marron | golden: gold | dark: dunkel mork
"""
)
FLAVOURS = {name: name for name in _FLAVOUR_WORDS.values()} | _FLAVOUR_WORDS
"""Flavour, scent, colour or main ingredient in any of the languages -> its English name."""

COLOURS = _words("red green yellow white black blue pink purple brown golden dark violet")
"""English names of flavours that are looks as well: onion means the yellow one if no other is sold."""

TRANSLATIONS: dict[str, tuple[str, ...]] = {
    name: tuple(word for word, english in FLAVOURS.items() if english == name)
    for name in set(FLAVOURS.values())
}
"""English name of a flavour -> the words for it in all languages."""

_KINDS = (
    "fresh frozen dried canned tinned",
    "smooth crunchy chunky",
    "mild hot spicy",
    "small medium large jumbo mini xl xxl",
    "man men woman women kid baby",
    "raw cooked roasted fried baked",
    "whole sliced diced chopped minced grated shredded ground powder",
    "sweet sour",
    "still sparkling",
    "full semi skimmed",
)
KINDS = {word: place for place, words in enumerate(_KINDS) for word in words.split()}
"""Words that exclude each other: a product said to be frozen is not the dried one."""

RECEIPT_WORDS = _meanings(
    """
chicken: chkn chk | butter: btr bttr | milk: mlk | white: wht | black: blk | green: grn | organic: org
whole: whl | fresh: frsh | frozen: frz frzn | chocolate: choc chc | vanilla: van | strawberry: strw strwb
bottle: btl | packet: pkt | pouch: pch | box: bx | carton: ctn | juice: jce | sauce: sce
vegetable: veg veggy veggie | powder: pdr pwd pwdr | biscuit: bisc | yogurt: yog yghrt | cheese: chs ches
bread: brd | sweet: swt | salted: sltd | unsalted: unsltd | sliced: slcd | medium: med | large: lrg
small: sml | extra: xl evoo | barbecue: bbq | mayonnaise: mayo | flavour: flv flvr | smoked: smkd
roasted: rstd | ground: grnd | shredded: shrd | decaf: dcf
"""
)
"""Short forms that tills print and that no rule derives -> the word."""


DIET_WORDS = _BEFORE | _LOW | _AFTER | _LIGHTER | frozenset(_SINGLE)
"""Words that turn a product into another one for who must not eat it."""

_NOTHING: frozenset[str] = frozenset()


MEANINGFUL = frozenset(FLAVOURS) | frozenset(KINDS) | DIET_WORDS | CLAIM_NOUNS
"""Words that are surely no typing mistake, whether the shop knows them or not."""


def claims(words: list[str]) -> frozenset[str]:
    """Return what the words claim about diet, in one form each: `no sugar`, `low fat`, `light`, `organic`."""
    if DIET_WORDS.isdisjoint(words):
        return _NOTHING
    found: set[str] = set()
    for place, word in enumerate(words):
        if word in _SINGLE:
            found.add(_SINGLE[word])
        elif word in _LIGHTER:
            found.add("light")
        elif word in _BEFORE:
            found.update(f"no {noun}" for noun in _nouns_after(words, place))
        elif word in _LOW:
            found.update(f"low {noun}" for noun in _nouns_after(words, place))
        elif word in _AFTER and place and words[place - 1] in _NOUNS:
            found.add(f"no {_NOUNS[words[place - 1]]}")
    return frozenset(found)


def speaks_of(word: str, claimed: frozenset[str]) -> bool:
    """Tell whether a word is part of how one of these claims is put: `without`, `salt`, `unsalted`."""
    lacking = {claim for claim in claimed if claim.startswith("no ")}
    if word in _BEFORE or word in _AFTER:
        return bool(lacking)
    return _SINGLE.get(word, f"no {_NOUNS.get(word)}") in lacking


def _nouns_after(words: list[str], place: int) -> list[str]:
    """Return what a `no` or `low` at `place` speaks of, over `added` and over a list joined by `and`."""
    nouns: list[str] = []
    for word in words[place + 1 : place + 6]:
        if word in _NOUNS:
            nouns.append(_NOUNS[word])
        elif word not in _BETWEEN and not (nouns and word in ("and", "und", "et", "y", "och")):
            break
    return nouns


_QUANTITY_BEFORE = re.compile(r"^\s*(?:\d{1,2}\s*x(?![\s]*\d)|x\s*\d{1,2})\s+")
_QUANTITY_AFTER = re.compile(r"\s+x\s*\d{1,2}\s*$")
_LEADING_CONTAINER = re.compile(
    r"(?<![^\W_])(?:a|an|one|the|two|eine?|une?|una?|en|ett|ek)\s+(?:(?:small|large|big|single|whole)\s+)?"
    r"(?:bottle|can|tin|jar|pack|packet|package|pouch|bag|box|carton|tub|cup|tube|tray|bunch|piece|slice|"
    r"glass|bar|roll|loaf|"
    r"flasche|dose|glas|beutel|packung|paket|becher|bouteille|boite|paquet|pot|botella|lata|bolsa|caja|"
    r"flaska|burk|pase)s?\s+(?:of|de|d'|med|mit)?\s*"
)


def without_speech(folded: str) -> str:
    """Return a folded text without how many were seen (`1x`, `x2`) and without `a bottle of`."""
    text = _QUANTITY_AFTER.sub("", _QUANTITY_BEFORE.sub("", folded))
    return _LEADING_CONTAINER.sub(" ", text, count=1) or folded
