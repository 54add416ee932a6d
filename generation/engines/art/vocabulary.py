"""The words that the art engine knows: styles, palettes, colours, sizes. Plain data, quick to import."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What a client may want to know of a style before choosing it; ``lines`` tells that it can be SVG."""

    summary: str
    lines: bool = False


STYLES = {
    "abstract": Style("noise bent by noise: marbled clouds, silk and smoke"),
    "attractor": Style("the trace of millions of steps of a chaotic map: folded glass and veils"),
    "constellation": Style("stars and figures on a chart of the sky", lines=True),
    "cymatic": Style("sand and light on a vibrating plate or disc, by its real modes"),
    "flame": Style("fractal flames: luminous petals and filaments from bent maps"),
    "flow_field": Style("ribbons that follow an invisible current and never touch", lines=True),
    "harmonograph": Style("the path of a pen moved by pendulums", lines=True),
    "julia": Style("Julia sets with smooth colour, lit as a relief"),
    "kaleidoscope": Style("coloured glass between mirrors, with n-fold symmetry"),
    "landscape": Style("ridge behind ridge in the haze, by day or by night"),
    "mandala": Style("rings of petals, beads and rays, with n-fold symmetry", lines=True),
    "mandelbrot": Style("places at the edge of the Mandelbrot set"),
    "reaction_diffusion": Style("labyrinths, spots and corals that grow as on shells"),
    "stained_glass": Style("leaded windows, as a rose or a free field", lines=True),
    "veil": Style("a fine grid sent through random functions: folded gauze"),
    "voronoi": Style("cells as polished agates, each with its own rings and light"),
}

# From dark to light; from these the ground, the inks and every shade between are made.
PALETTES = {
    "amber": ("#2b1406", "#7a3b0c", "#c8741a", "#f0ae3c", "#ffe6a8"),
    "aurora": ("#0b1a3a", "#1c5d7a", "#2fb59a", "#8fe3a2", "#d98be0"),
    "autumn": ("#33170f", "#7d2a17", "#c4541c", "#e49a32", "#f1d9a0"),
    "candy": ("#4a1942", "#c2307f", "#ff7aa8", "#ffc2c7", "#8fd8e8"),
    "copper": ("#1f1512", "#5e2f22", "#b06a3c", "#4f8f84", "#e9cfae"),
    "coral": ("#16313f", "#1f6f78", "#f2694f", "#f8a88a", "#fbe6d3"),
    "desert": ("#3b1f2b", "#8c3f3a", "#c9814f", "#e3b778", "#f6e6c5"),
    "dusk": ("#161537", "#47307a", "#a04a8c", "#ea7b76", "#fbd0a0"),
    "ember": ("#1a0b0d", "#6a1016", "#c8301a", "#f77f2a", "#ffd27a"),
    "forest": ("#0d1f17", "#1f4a33", "#3f7d4b", "#8bab5a", "#e3dfa6"),
    "glacier": ("#0e2438", "#28587f", "#5b9fc2", "#a8d7e2", "#f1f8f6"),
    "ink": ("#11131a", "#3a3f4c", "#7c828c", "#bdbfbf", "#f3efe6"),
    "lavender": ("#251b3f", "#5a4690", "#9a80c8", "#cdb8e6", "#f6e9f0"),
    "meadow": ("#1c3527", "#4d8b3f", "#a6c750", "#f2d54e", "#f7a6b4"),
    "midnight": ("#060a1f", "#14245c", "#2f4fa3", "#7d95d8", "#f0dc9c"),
    "moss": ("#171c10", "#3c4a22", "#727f35", "#aeb06a", "#e7e1c0"),
    "neon": ("#0c0620", "#5b0fc0", "#f0137f", "#12c8e8", "#e8ff5a"),
    "ocean": ("#061a2c", "#0b4a6b", "#12889b", "#61c4b6", "#e6f2d8"),
    "pastel": ("#6d6a8a", "#a9b8d8", "#c6e0cf", "#f6d9c4", "#fbeef0"),
    "rose": ("#2f0f1f", "#7b1f45", "#c44a72", "#ea93a4", "#fbe0dc"),
    "sepia": ("#20160f", "#54392a", "#94704f", "#c9ab83", "#f3e6cd"),
    "sunset": ("#241141", "#7b1e63", "#d6405a", "#f98e4b", "#ffdd88"),
    "tropical": ("#0b2e33", "#0f8a7e", "#ffb02e", "#ff5f57", "#fdf0c8"),
    "winter": ("#18202c", "#41546b", "#8698ac", "#c8d3dc", "#f8f5f0"),
}

COLOURS = {
    "red": "#d8312a", "crimson": "#b0122f", "scarlet": "#e2361f", "ruby": "#a81242", "maroon": "#6d1426",
    "burgundy": "#6b1730", "orange": "#f08023", "tangerine": "#f28d1e", "peach": "#f9b892", "apricot": "#f7b267",
    "salmon": "#f58a74", "terracotta": "#c4613f", "rust": "#a6451f", "brown": "#74472a", "chocolate": "#5a3320",
    "tan": "#c9a57a", "beige": "#e3d3b4", "cream": "#f7edd2", "ivory": "#f7f2e2", "gold": "#d9a521",
    "golden": "#dfab2c", "yellow": "#f5d327", "lemon": "#f5e551", "mustard": "#c99a1e", "ochre": "#c27f25",
    "olive": "#7c7a2c", "lime": "#a8d52d", "chartreuse": "#bfe32e", "green": "#2f9a4b", "emerald": "#14935f",
    "jade": "#2a9d77", "mint": "#a4e3c6", "sage": "#9caf88", "teal": "#0f8587", "turquoise": "#2fc4bb",
    "cyan": "#26c6de", "aqua": "#3cc9cf", "azure": "#3a8fe0", "blue": "#2859cf", "navy": "#172a5e",
    "cobalt": "#1f4bb0", "sapphire": "#1746a2", "cerulean": "#2a86c4", "indigo": "#3b2a95", "violet": "#7a3fc4",
    "purple": "#7d2c9e", "plum": "#71305f", "lilac": "#c3a3da", "mauve": "#a9799f", "magenta": "#cf2392",
    "fuchsia": "#dd2aa4", "pink": "#f291b3", "black": "#121318", "charcoal": "#33373d", "grey": "#85898d",
    "gray": "#85898d", "silver": "#bcc2c6", "white": "#f8f7f3", "bronze": "#a06c36", "pearl": "#ece6da",
}  # fmt: skip

# Things that have colours: each stands for the palette that it brings to mind.
THINGS = {
    "ash": "ink", "autumnal": "autumn", "beach": "coral", "berry": "rose", "blossom": "rose", "canyon": "desert",
    "cloud": "winter", "clouds": "winter", "dawn": "dusk", "deep": "ocean", "dune": "desert", "dunes": "desert",
    "earth": "moss", "evening": "dusk", "fall": "autumn", "fern": "forest", "fire": "ember", "flame": "ember",
    "flames": "ember", "flower": "meadow", "flowers": "meadow", "forests": "forest", "frost": "glacier",
    "galaxy": "midnight", "garden": "meadow", "grass": "meadow", "honey": "amber", "ice": "glacier", "jungle": "forest",
    "lava": "ember", "leaf": "forest", "leaves": "autumn", "metal": "copper", "mist": "winter", "moon": "midnight",
    "moonlight": "midnight", "mountain": "glacier", "mountains": "glacier", "night": "midnight", "nostalgia": "sepia",
    "old": "sepia", "pine": "forest", "rain": "winter", "reef": "coral", "river": "ocean", "roses": "rose",
    "sand": "desert", "sea": "ocean", "sky": "glacier", "smoke": "ink", "snow": "winter", "space": "midnight",
    "spring": "meadow", "star": "midnight", "stars": "midnight", "storm": "winter", "summer": "tropical",
    "sun": "amber", "sunlight": "amber", "sunrise": "dusk", "twilight": "dusk", "volcano": "ember", "water": "ocean",
    "wave": "ocean", "waves": "ocean", "wheat": "amber", "wood": "copper", "woods": "forest", "woodland": "forest",
}  # fmt: skip

ASPECTS = {
    "square": (1, 1),
    "portrait": (4, 5),
    "landscape": (3, 2),
    "wide": (16, 9),
    "phone": (9, 16),
    "banner": (3, 1),
    "print": (5, 7),
}

BACKGROUNDS = ("dark", "light", "transparent")
FORMATS = ("png", "webp", "svg")
