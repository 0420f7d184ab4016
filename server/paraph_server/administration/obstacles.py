"""What stands in the way of removing somebody, said by the domains above, which know what waits for them.

::

    @stands_in_the_way
    def has_work_underway(user: User) -> str: ...   # a sentence, or "" when nothing does
"""

from collections.abc import Callable

from paraph_server.accounts.models import User
from paraph_server.administration.errors import StillNeeded

Obstacle = Callable[[User], str]
_obstacles: list[Obstacle] = []


def stands_in_the_way(obstacle: Obstacle) -> Obstacle:
    _obstacles.append(obstacle)
    return obstacle


def check_removable(user: User) -> None:
    """Raises `StillNeeded` with the first reason, while there is one."""
    for obstacle in _obstacles:
        if reason := obstacle(user):
            raise StillNeeded(reason)
