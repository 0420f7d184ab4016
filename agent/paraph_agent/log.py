"""What happened, on this computer: origins, names of documents, digests, faults. Never a PIN, a code or a key."""

import logging
import logging.handlers

from paraph_agent import folders

logger = logging.getLogger("paraph-agent")
_LARGEST = 1 << 20


def begin() -> None:
    """Write to a file that only this person reads; two older ones are kept."""
    path = folders.settings() / "agent.log"
    path.touch(mode=0o600)
    keeper = logging.handlers.RotatingFileHandler(path, maxBytes=_LARGEST, backupCount=2, encoding="utf-8")
    keeper.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(keeper)
    logger.setLevel(logging.INFO)
    logger.propagate = False
