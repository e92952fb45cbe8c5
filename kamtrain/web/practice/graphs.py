"""The graph of a conversation as lines and shapes, in pixels. What it says stands in words beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kamtrain.core import hindsight
from kamtrain.core.hindsight import Graph, Node
from kamtrain.core.scenario import Scenario

ACROSS, DOWN, EDGE = 64, 72, 34  # pixels between two scenes, and from the rim to the first
APART = 3.5  # pixels from the middle, where both paths take the same way
RADIUS = 16


@dataclass(frozen=True)
class NodeView:
    x: float
    y: float
    kind: str  # "scene" or "ending"
    mine: bool
    best: bool
    label: str  # the turns of one's own path, or else of the best one; "" elsewhere


@dataclass(frozen=True)
class LineView:
    path: str
    kind: str  # "mine", "best" or "way"


@dataclass(frozen=True)
class GraphView:
    width: int
    height: int
    nodes: tuple[NodeView, ...]
    lines: tuple[LineView, ...]  # the quiet ones first, so that the paths lie above them
    scenes: int  # without endings
    scenes_seen: int
    endings: int
    endings_seen: int


def graph_view(scenario: Scenario, variant: str, mine: Sequence[int], best: Sequence[int]) -> GraphView:
    graph = hindsight.graph(scenario, variant, mine, best)
    places = _places(graph)
    lines = [
        LineView(_curve(*places[e.start], *places[e.end], 0), "way") for e in graph.edges if not (e.mine or e.best)
    ]
    for kind, aside in (("best", APART), ("mine", -APART)):
        lines += [
            LineView(_curve(*places[e.start], *places[e.end], aside if e.mine and e.best else 0), kind)
            for e in graph.edges
            if getattr(e, kind)
        ]
    seen = [node for node in graph.nodes if node.mine]
    return GraphView(
        width=2 * EDGE + ACROSS * (graph.widest - 1),
        height=2 * EDGE + DOWN * (graph.layers - 1),
        nodes=tuple(_node(node, *places[node.scene]) for node in graph.nodes),
        lines=tuple(lines),
        scenes=sum(not node.ending for node in graph.nodes),
        scenes_seen=sum(not node.ending for node in seen),
        endings=sum(node.ending for node in graph.nodes),
        endings_seen=sum(node.ending for node in seen),
    )


def _places(graph: Graph) -> dict[str, tuple[float, float]]:
    """Scene -> (x, y), each layer in the middle."""
    wide = [sum(node.layer == layer for node in graph.nodes) for layer in range(graph.layers)]
    return {
        node.scene: (EDGE + ACROSS * (node.place + (graph.widest - wide[node.layer]) / 2), EDGE + DOWN * node.layer)
        for node in graph.nodes
    }


def _node(node: Node, x: float, y: float) -> NodeView:
    # At an ending a path has no turn any more.
    turns = () if node.ending else node.mine or node.best
    return NodeView(
        x, y, "ending" if node.ending else "scene", bool(node.mine), bool(node.best), "·".join(map(str, turns))
    )


def _curve(x1: float, y1: float, x2: float, y2: float, aside: float) -> str:
    """From below one scene to above a later one; back in a bow round the right; beside, straight."""
    if y2 > y1:
        bend = (y2 - y1) / 2
        top, bottom = y1 + RADIUS, y2 - RADIUS
        # Over more than one layer it swings outwards, not through the scenes between.
        out = (14 if x1 >= x2 else -14) if y2 - y1 > DOWN and x1 == x2 else 0
        return (
            f"M{x1 + aside:g} {top:g}C{x1 + aside + 2 * out:g} {top + bend:g} "
            f"{x2 + aside + 2 * out:g} {bottom - bend:g} {x2 + aside:g} {bottom:g}"
        )
    if y2 == y1 and x2 != x1:
        # Side by side: from one rim to the next, in a bow below where others stand between.
        way = 1 if x2 > x1 else -1
        begin, end, low = x1 + way * RADIUS, x2 - way * RADIUS, 2 * aside + (0 if abs(x2 - x1) <= ACROSS else 30)
        return f"M{begin:g} {y1 + aside:g}C{begin:g} {y1 + low:g} {end:g} {y2 + low:g} {end:g} {y2 + aside:g}"
    side = max(x1, x2) + 30 + aside
    return f"M{x1 + RADIUS:g} {y1 + aside:g}C{side:g} {y1 + aside:g} {side:g} {y2 + aside:g} {x2 + RADIUS:g} {y2 + aside:g}"
