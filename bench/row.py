"""One line of a benchmark: our figure, a peer's, and the bound it must keep."""

from msgspec import Struct


class Row(Struct, frozen=True, kw_only=True):
    """`most` and `least` bound the ratio of ours to the peer's, or our figure itself where there is no peer."""

    what: str
    ours: float
    unit: str
    peer: float | None = None
    peer_name: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours, divided by the peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def judged(self) -> float:
        """The figure that the bounds are for."""
        return self.ours if self.ratio is None else self.ratio

    @property
    def holds(self) -> bool:
        """Whether it keeps its bounds."""
        return (self.most is None or self.judged <= self.most) and (self.least is None or self.judged >= self.least)

    @property
    def limit(self) -> str:
        """The bound in words."""
        bounds = [f"≤ {shown(self.most)}"] if self.most is not None else []
        bounds += [f"≥ {shown(self.least)}"] if self.least is not None else []
        return " ".join(bounds)


def shown(figure: float | None) -> str:
    """A figure with three significant digits."""
    if figure is None:
        return ""
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
