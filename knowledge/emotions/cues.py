"""Families of words that speak of one emotion.

A rare emotion has a few dozen labelled examples, which cannot hold every word for it. These families, put together
by hand, let the classifier learn one weight for "a word of grief" and so know words that its examples never use.
A cue of four letters or more also counts as the beginning of a longer word ("griev" finds "grieving").
"""

from functools import lru_cache

SHORTEST_STEM = 4

_FAMILIES = {
    "admiration": """amaz awesome incredible impress brilliant excellent fantastic wonderful great genius talented
        legend hero beautiful admir respect inspir outstanding superb magnificent gorgeous stunning masterpiece
        perfect gem goat skill flawless phenomenal adorable cute lovely nicely""",
    "amusement": """lol lmao lmfao rofl haha lul lolol kek funny hilari laugh joke comedy humor humour amus giggl
        chuckl comical witty entertain 😂 🤣 😆 😹 😄 😅 xd""",
    "anger": """angr rage furious hate fuck shit damn pissed asshole bastard bitch outrag infuriat enrag livid fury
        hatred stfu dumbass scum kill wtf prick cunt 😡 🤬 😠""",
    "annoyance": """annoy irritat frustrat ugh tired sick whin stupid dumb idiot ridiculous complain bother nag
        obnoxious pesky petty nonsense bullshit crap damn 🙄 😒""",
    "approval": """agree approv right true correct exactly yes yeah yep indeed legit valid fair good fine support
        absolutely definitely based 👍 👌""",
    "caring": """care caring hug comfort support help safe wellbeing console careful hope better prayers blessings
        healthy recover kindness gentle thoughts 🤗""",
    "confusion": """confus unsure puzzl huh unclear idk lost wonder understand dunno bewilder baffl perplex what
        weird sense explain 🤔 😕""",
    "curiosity": "curious wonder how why what who where when which interested ask question ? intrigu inquir",
    "desire": "wish want desir crav need hope yearn wanna dream jealous envy lust thirst",
    "disappointment": """disappoint letdown unfortunate sad bummer bummed underwhelm shame sadly fail miss missed
        wasted worse lame regret discourag disillusion""",
    "disapproval": """disagree disapprov no not wrong never dont unacceptable bad oppose shouldn against nope nah
        object terrible 👎""",
    "disgust": """disgust gross nasty yuck ew eww vile repuls revolt sick sicken puke vomit creepy cringe filth
        awful horrid disgrace abhor pervert yikes 🤢 🤮""",
    "embarrassment": """embarrass awkward cringe asham humiliat shame mortif blush flustered sheepish facepalm
        😳 🤦""",
    "excitement": """excit thrill hype hyped pumped yay woo wooo woohoo wow awesome eager stoked omg exhilarat
        ecstatic 🎉 🤩""",
    "fear": """afraid fear scar terrif horrif horror fright panic dread phobia creep nightmare terror danger threat
        spook petrif 😱 😨""",
    "gratitude": "thank thanks thx ty tysm grateful gratitude appreciat cheers obliged 🙏",
    "grief": """rip grief griev mourn condolence passed died death dies funeral bereav loss heartbreak heartbroken
        tragic deceased dead""",
    "joy": """happy joy glad enjoy delight fun cheer smile celebrat pleased merry elat bliss happiness yay wholesome
        birthday fantastic 😊 😁 😀 😃 🙂""",
    "love": """love loved loves loving ador fond cherish heart affection beloved sweetheart darling fav favorite
        favourite romance ❤ 😍 🥰 💕 💖 💗 💛 💙 💜""",
    "nervousness": """nervous anxi worr tense stress uneas jitter restless panic apprehens concern overwhelm paranoi
        😰 😬 😟""",
    "optimism": """hope optimis positive faith luck looking forward someday soon better will bright wish gonna
        crossed 🤞""",
    "pride": "proud pride accomplish achiev triumph victory myself honor honour boast earned",
    "realization": """realiz realis notice noticed turns figured actually remember until dawned learned discovered
        thought now oh ah epiphany finally""",
    "relief": """reliev relief phew whew thankfully finally glad thank goodness safe luckily calm reassur relax
        worry 😌""",
    "remorse": "sorry apolog regret remorse guilt guilty forgive repent ashamed sorri bad mistake fault",
    "sadness": """sad cry crying tears depress unhapp miser lonely hurt pain heartbr upset sorrow gloom tragic suffer
        miss missing suck bawl devastat tear grief 😢 😭 😞 ☹ 😔 💔 🙁""",
    "surprise": """wow surpris shock omg unexpect astonish holy whoa woah unbeliev amaz suddenly stun speechless
        believe startled 😮 😲 😯 🤯""",
}


def _by_cue() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for family, cues in _FAMILIES.items():
        for cue in cues.split():
            found[cue] = (*found.get(cue, ()), family)
    return found


_BY_CUE = _by_cue()


@lru_cache(maxsize=16_384)
def families(token: str) -> frozenset[str]:
    """Return the emotions of whose families ``token`` is a member."""
    stems = (token[:end] for end in range(SHORTEST_STEM, len(token)))
    return frozenset(family for cue in (token, *stems) for family in _BY_CUE.get(cue, ()))
