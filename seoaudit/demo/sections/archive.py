"""Moves that one rule on the server explains, and the funnel that one rule should not be."""

from seoaudit.demo.answers import Section, moved, page

YEARS = range(2015, 2023)
DISCONTINUED = range(101, 137)

SECTION = Section(
    path="/archive/",
    title="Moved folders",
    intro="A folder that was renamed needs one rule, not one for each page. And not every lost page belongs on the home page.",
    answers=(
        *(moved(f"/old/{year}/catalogue", 301, f"/new/{year}/catalogue", f"The catalogue of {year}") for year in YEARS),
        *(page(f"/new/{year}/catalogue") for year in YEARS),
        *(moved(f"/products/model-{number}/", 301, "/", f"Model {number}, no longer sold") for number in DISCONTINUED),
    ),
)
