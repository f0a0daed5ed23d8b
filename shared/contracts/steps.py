"""The rough steps in which people are counted for others."""

STEPS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
MARGIN = 3
"""In which members are counted for others. One is told once so many more are there, and no more
once no more than it are: so no one person makes it come and go, and who sees it go knows of no
figure below it."""


def step_of(many: int, counted: int, smallest: int) -> int:
    """The step that is told of so many, after `counted` was told."""

    def is_told(step: int) -> bool:
        return many > step if step <= counted else many >= step + MARGIN

    return max((step for step in STEPS if step >= smallest and is_told(step)), default=0)
