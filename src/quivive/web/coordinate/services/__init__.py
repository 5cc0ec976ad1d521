"""All that changes crises, their log and tasks, and who is told when."""

from quivive.web.coordinate.services.opening import open_crisis
from quivive.web.detect.services import acknowledge

__all__ = ["acknowledge", "open_crisis"]
