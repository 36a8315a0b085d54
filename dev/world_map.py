"""The world map of the dashboard, drawn anew from Natural Earth.

Natural Earth (naturalearthdata.com) is in the public domain; Mike Bostock's npm package
`world-atlas` (ISC) has its 1:50 million countries as one TopoJSON file, which we take:

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python3 -m dev world-map package/countries-50m.json

Borders are arcs that neighbours share, so each arc is projected (Equal Earth: areas are
true) and simplified once, and no gap opens between two countries. Frontiers are those
of the source; the map illustrates figures, it takes no side. Runs inside the virtual
environment (Babel knows the two letters of each country).
"""

import json
import math
import sys
from pathlib import Path

from babel.core import get_global

from .files import file_sha256
from .settings import ADDON, ROOT

SHA256 = "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394"
TARGET = ROOT / ADDON / "static/src/credit_dashboard/credit_map/world_shapes.js"

WIDTH = 4000
TOLERANCE = 0.9  # of the simplification, in units of the map
SMALLEST_ISLAND = 8  # in square units; a smaller ring is left out ...
SMALLEST_SHAPE = 90  # ... and a country that is smaller than this gets a dot

# Where the map is cut: in the Bering Strait, so that all of Asia hangs together.
CUT = -168.5
MIDDLE = CUT + 180

# Countries of Odoo that have no number in the source.
UNNUMBERED = {"Kosovo": "XK", "N. Cyprus": "CY", "Somaliland": "SO"}
# The Antarctic and its islands: nobody buys there.
LEFT_OUT = {"AQ", "TF", "HM", "GS"}
# Territories that are countries to Odoo, and a part of another one in the source:
# (country, west, south, east, north) -> code
TERRITORIES = {
    ("FR", -55, 2, -51, 6): "GF",
    ("FR", -62, 15.7, -60.9, 16.6): "GP",
    ("FR", -61.4, 14.3, -60.7, 15): "MQ",
    ("FR", 55, -21.5, 56, -20.7): "RE",
    ("FR", 45, -13.1, 45.4, -12.6): "YT",
    ("NO", 10, 74, 35, 81): "SJ",
    ("NL", -69, 11, -62, 18): "BQ",
}
HEADER = """\
/**
 * The countries of the world as SVG paths, by ISO 3166 code: made by
 * `python3 -m dev world-map` from Natural Earth 1:50m (naturalearthdata.com, public
 * domain) as packed by world-atlas 2.0.2 (ISC). Equal Earth projection.
 */
"""


def equal_earth(longitude, latitude):
    """Project degrees (Šavrič, Patterson, Jenny 2018); y grows to the south."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2, t6 = theta**2, theta**6
    east_of_cut = (longitude - CUT) % 360 + CUT - MIDDLE
    x = (2 * math.sqrt(3) / 3) * math.radians(east_of_cut) * math.cos(theta)
    x /= a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
    return x, -theta * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


def simplify(points, tolerance):
    """Leave out points that a straight line misses by no more (Douglas, Peucker)."""
    if len(points) < 3:
        return points
    (x1, y1), (x2, y2) = points[0], points[-1]
    length = math.hypot(x2 - x1, y2 - y1)

    def distance(point):
        if not length:
            return math.hypot(point[0] - x1, point[1] - y1)
        cross = (x2 - x1) * (y1 - point[1]) - (x1 - point[0]) * (y2 - y1)
        return abs(cross) / length

    far = max(range(1, len(points) - 1), key=lambda index: distance(points[index]))
    if distance(points[far]) <= tolerance:
        return [points[0], points[-1]]
    head = simplify(points[: far + 1], tolerance)
    return head[:-1] + simplify(points[far:], tolerance)


def area(ring):
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2


def is_whole(ring):
    """Tell whether a ring is not torn apart by the cut (an Aleutian island is)."""
    xs = [x for x, _y in ring]
    return max(xs) - min(xs) < WIDTH / 2


def centre(ring):
    return [round(sum(values) / len(ring)) for values in zip(*ring, strict=True)]


def path(ring):
    """A closed path in relative steps of whole units."""
    steps, x, y = [], 0, 0
    for point in ring:
        px, py = round(point[0]), round(point[1])
        if steps and (px, py) == (x, y):
            continue
        steps.append(f"{px - x} {py - y}".replace(" -", "-"))
        x, y = px, py
    if len(steps) < 3:
        return ""
    rest = "".join(step if step[0] == "-" else f" {step}" for step in steps[2:])
    return f"M{steps[0]}l{steps[1]}{rest}z"


class Atlas:
    """The arcs of the source, in degrees and on the map."""

    def __init__(self, topology):
        (kx, ky), (dx, dy) = (topology["transform"][k] for k in ("scale", "translate"))
        self.degrees = []
        for arc in topology["arcs"]:
            x = y = 0
            points = []
            for step in arc:
                x, y = x + step[0], y + step[1]
                points.append((x * kx + dx, y * ky + dy))
            self.degrees.append(points)
        self.polygons = list(self._polygons(topology["objects"]["countries"]))
        self._project()

    def _polygons(self, collection):
        """(code, rings as lists of arcs), territories by themselves."""
        numbers = get_global("territory_aliases")
        for shape in collection["geometries"]:
            found = numbers.get(shape.get("id")) or ()
            code = found[0] if found else UNNUMBERED.get(shape["properties"]["name"])
            if not code or code in LEFT_OUT:
                continue
            parts = shape["arcs"]
            for rings in [parts] if shape["type"] == "Polygon" else parts:
                yield self._territory(code, rings), rings

    def _territory(self, code, rings):
        x, y = self._arc(self.degrees, rings[0][0])[0]
        for (country, west, south, east, north), territory in TERRITORIES.items():
            if country == code and west <= x <= east and south <= y <= north:
                return territory
        return code

    def _project(self):
        used = {
            index if index >= 0 else ~index
            for _code, rings in self.polygons
            for ring in rings
            for index in ring
        }
        plane = {i: [equal_earth(*point) for point in self.degrees[i]] for i in used}
        xs, ys = zip(*(point for arc in plane.values() for point in arc), strict=True)
        scale = WIDTH / (max(xs) - min(xs))
        left, top = min(xs), min(ys)
        self.height = math.ceil((max(ys) - top) * scale)
        self.arcs = {}
        for index, arc in plane.items():
            points = [((x - left) * scale, (y - top) * scale) for x, y in arc]
            self.arcs[index] = simplify(points, TOLERANCE)

    @staticmethod
    def _arc(arcs, index):
        return arcs[index] if index >= 0 else arcs[~index][::-1]

    def countries(self):
        """{code: rings on the map, the largest first}."""
        countries = {}
        for code, rings in self.polygons:
            for ring in rings:
                points = []
                for index in ring:
                    points += self._arc(self.arcs, index)[bool(points) :]
                if is_whole(points):
                    countries.setdefault(code, []).append(points[:-1])
        return {
            code: sorted(rings, key=area, reverse=True)
            for code, rings in sorted(countries.items())
        }


def draw(source):
    """Write the module of shapes from a file of world-atlas."""
    if file_sha256(source) != SHA256:
        sys.exit(f"world-map: {source} is not countries-50m.json of world-atlas 2.0.2")
    atlas = Atlas(json.loads(source.read_text()))
    shapes, dots = [], []
    for code, rings in atlas.countries().items():
        kept = [ring for ring in rings if area(ring) >= SMALLEST_ISLAND]
        if text := "".join(map(path, kept)):
            shapes.append(f'    {code}: "{text}",\n')
        if sum(map(area, rings)) < SMALLEST_SHAPE:
            dots.append(f"    {code}: {centre(rings[0])},\n")
    TARGET.write_text(
        f"{HEADER}export const MAP_WIDTH = {WIDTH};\n"
        f"export const MAP_HEIGHT = {atlas.height};\n\n"
        f"export const SHAPES = {{\n{''.join(shapes)}}};\n\n"
        "/** Where the countries are that are too small to be seen. */\n"
        f"export const DOTS = {{\n{''.join(dots)}}};\n"
    )
    print(f"{TARGET.relative_to(ROOT)}: {len(shapes)} shapes, {len(dots)} dots")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
