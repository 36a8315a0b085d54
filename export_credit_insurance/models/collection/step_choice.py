from typing import NamedTuple


class Choice(NamedTuple):
    """What follows for a reminder from the steps that its instalments are due on."""

    step: object  # the highest one
    text_step: object  # the highest one that writes to the buyer: its words are used
    channel: str
    needs_approval: bool


class StepChoice:
    """What follows from sets of steps, each worked out once: a run has few of them."""

    def __init__(self, env):
        self.steps = env["credit.followup.step"]
        self.reminders = env["credit.followup.reminder"]
        self.known = {}

    def of(self, step_ids):
        """Return the :class:`Choice` of a set of ids of steps, at least one."""
        key = frozenset(step_ids)
        if key not in self.known:
            self.known[key] = self._choose(self.steps.browse(key))
        return self.known[key]

    def _choose(self, steps):
        steps = steps.sorted(lambda step: (step.sequence, step.id))
        writing = steps.filtered(lambda step: step._writes_to_buyer())
        return Choice(
            steps[-1:],
            writing[-1:],
            self.reminders._channel_of(steps),
            any(steps.mapped("needs_approval")),
        )
