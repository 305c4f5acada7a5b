"""Moves that one rule on the server explains, and the funnel that one rule should not be."""

from seoaudit.demo.answers import Section, moved, page

YEARS = range(2015, 2023)
DISCONTINUED = (
    "sofa",
    "bench",
    "stool",
    "vase",
    "mirror",
    "candle",
    "basket",
    "tray",
    "quilt",
    "pillow",
    "hook",
    "bowl",
)

SECTION = Section(
    path="/archive/",
    title="Moved folders",
    intro="A folder that was renamed needs one rule, not one for each page. And not every lost page belongs on the home page.",
    answers=(
        *(moved(f"/old/{year}/catalogue", 301, f"/new/{year}/catalogue", f"The catalogue of {year}") for year in YEARS),
        *(page(f"/new/{year}/catalogue") for year in YEARS),
        *(moved(f"/products/{name}/", 301, "/", f"The {name}, no longer sold") for name in DISCONTINUED),
    ),
)
