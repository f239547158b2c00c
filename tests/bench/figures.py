"""How every measurement prints its figures."""


def print_figure(name: str, value: float, unit: str, *, goal: float | None = None) -> bool:
    """Print ``NAME VALUE UNIT, goal <= X``; True if there is no goal or it is reached."""
    line = f"{name} {value:.2f} {unit}"
    print(line if goal is None else f"{line}, goal <= {goal:g}")
    return goal is None or value <= goal


def print_least(name: str, value: float, unit: str, *, goal: float) -> bool:
    """Print ``NAME VALUE UNIT, goal >= X``; True if it is reached."""
    print(f"{name} {value:.2f} {unit}, goal >= {goal:g}")
    return value >= goal
