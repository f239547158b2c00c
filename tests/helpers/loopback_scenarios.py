"""All ways in which the loopback server can answer, by name."""

# Importing them is what fills the table.
from tests.helpers import loopback_answers, loopback_refusals
from tests.helpers.loopback_script import ANSWER, SCENARIOS, Scenario

__all__ = ["ANSWER", "SCENARIOS", "Scenario", "loopback_answers", "loopback_refusals"]
