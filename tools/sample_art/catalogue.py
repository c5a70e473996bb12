"""Which artwork belongs to which SKU of the sample shop. All brands are invented."""

from __future__ import annotations

from sample_art.artwork import Artwork
from sample_art.packs import bag, bar, bottle, box, can, carton, cheese, egg_box, jar, jug, tub
from sample_art.produce import apple, avocado, bananas, croissant, lemon, loaf, roll, tomatoes

ARTWORKS: dict[str, Artwork] = {
    "APPLE001": apple("#cf3a2f", "#8a1b17", "#f0a04a"),
    "APPLE002": apple("#93bb3e", "#557d1d", "#d8d060"),
    "BANANA001": bananas(),
    "TOMATO001": tomatoes(),
    "AVOCADO001": avocado(),
    "LEMON001": lemon(),
    "MILK001": carton("#f5f7f9", "#2b5fb5", "Brookmead", "MILK", "whole 1 l"),
    "MILK002": jug("#f5f7f9", "#2b5fb5", "Brookmead", "MILK", "whole 2 l"),
    "OATMILK001": carton("#efe6d2", "#3b6b8a", "Havrelund", "OAT", "milk 1 l"),
    "BUTTER001": box("#2f5fa8", "#f4e4a8", "Brookmead", "salted", "250 g"),
    "BUTTER002": box("#3a8858", "#f4e4a8", "Brookmead", "unsalted", "250 g"),
    "YOGHURT001": tub("#fafaf6", "#4f8fc0", "Brookmead", "yoghurt", "natural 500 g"),
    "CHEESE001": cheese("Hochkofel", "mountain cheese", "200 g"),
    "EGGS001": egg_box("Henfield", "6 free-range"),
    "BREAD001": loaf(),
    "CROISSANT001": croissant(),
    "ROLL001": roll(),
    "PASTA001": bag("#24508a", "#e2bd58", "#33260a", "Tarrolo", "SPAGHETTI", "500 g", "#f4da8a"),
    "PASSATA001": jar("#b8311f", "#efe7d3", "#f8f0df", "#8e1f12", "Casa Lumira", "PASSATA", "tomato 690 g"),
    "RICE001": bag("#7b3f73", "#f3e7cd", "#55284f", "Zafiran", "BASMATI", "rice 1 kg", "#f8f3e6"),
    "OIL001": bottle(
        "#6e7f2b", "#2e3a17", "#f5edd5", "#47521c", "Casa Lumira", "OLIVE OIL", "extra virgin 0.5 l"
    ),
    "JAM001": jar("#9e1e33", "#c7302f", "#fdf5ea", "#9e1e33", "Bramblewick", "STRAWBERRY", "jam 340 g"),
    "CHOCOLATE001": bar("#3b2420", "#a5302a", "Nocturelle", "DARK", "70 % 100 g"),
    "WATER001": bottle("#9fd0e6", "#2a7fb0", "#ffffff", "#1d6a98", "Fontalva", "SPARKLING", "water 1 l"),
    "WATER002": bottle("#cfe6ee", "#3d9c86", "#ffffff", "#2a7a68", "Fontalva", "STILL", "water 1 l"),
    "COLA001": can("#8e1a1f", "#f6f0ea", "Fizzaro", "cola", "0.33 l"),
    "COFFEE001": bag("#33241d", "#c4743c", "#ffffff", "Brunello Nove", "COFFEE", "ground 250 g", None),
}
