"""Countries of the Earth from Natural Earth (public domain): TopoJSON as the package `world-atlas` has it, made GeoJSON."""

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]  # as the two formats have it
Ring = list[list[float]]

DECIMALS = 3


def write(source: Path, target: Path) -> None:
    """This will write the countries of a topology as polygons, small: three decimals are a hundred meters."""
    features = features_of(json.loads(source.read_text(encoding="utf-8")))
    collection = {"type": "FeatureCollection", "features": features}
    target.write_text(json.dumps(collection, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")


def features_of(topology: Json) -> list[Json]:
    """The countries with their borders; what has none is left out."""
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    found = []
    for country in topology["objects"]["countries"]["geometries"]:
        shape, given = country.get("type"), country.get("arcs", [])
        polygons = [given] if shape == "Polygon" else given if shape == "MultiPolygon" else []
        if not polygons:
            continue
        shapes = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
        found.append(
            {
                "type": "Feature",
                "properties": {"name": country.get("properties", {}).get("name", "")},
                "geometry": {"type": "MultiPolygon", "coordinates": shapes},
            }
        )
    return found


def _arc(arc: list[list[int]], transform: Json) -> Ring:
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y, *_ in arc:
        x, y = x + step_x, y + step_y
        points.append([round(x * scale_x + move_x, DECIMALS), round(y * scale_y + move_y, DECIMALS)])
    return points


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    """Arcs joined end to end; one written as its complement is run backwards."""
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring
