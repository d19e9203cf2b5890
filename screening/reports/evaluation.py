"""The page that shows how good the advertising model is: figures, two plots, tables."""

from __future__ import annotations

from screening.reports.pages import render_page
from screening.stages.advertising.evaluation import Metrics

_KINDS = {"commercial": "商业广告", "soft": "软文", "school": "学校事务", "neither": "其他"}
#: side of a plot in user units
_SIDE = 300


def render(metrics: Metrics, learnt: int) -> str:
    """Return the page on ``metrics`` of a model trained on ``learnt`` texts."""
    return render_page(
        "evaluation",
        metrics=metrics,
        learnt=learnt,
        kinds=_KINDS,
        side=_SIDE,
        curve=_points(metrics.curve),
        reliability=_points(tuple((found.score, found.share) for found in metrics.bins)),
    )


def _points(pairs: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Turn shares into places in the plot, whose origin is at the top left."""
    return [(round(x * _SIDE, 1), round((1 - y) * _SIDE, 1)) for x, y in pairs]
