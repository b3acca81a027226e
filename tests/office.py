"""A department's own system, as tests play it: it reads the department's queues, which know no packet, and decides what
the test is about.
"""

from kaigong.domain.model.messages import DecisionReason, Outcome

from infra.command.client import Connection, departments
from tests.patience import PATIENCE


class Office:
    def __init__(self, connection: Connection, department: str) -> None:
        self.connection, self.department = connection, department
        self.taken: dict[str, departments.Received] = {}

    def takes(self, packet: str) -> None:
        """Take tasks until the packet's has come."""
        while packet not in self.taken:
            (received,) = departments.receive(self.connection, self.department, 1, PATIENCE)
            assert received.task
            self.taken[received.task.packet] = received

    def decides(
        self,
        packet: str,
        outcome: Outcome = Outcome.APPROVE,
        reasons: tuple[DecisionReason, ...] = (),
        officer: str = "业务系统",
    ) -> None:
        """By the task as it was when it was taken."""
        self.takes(packet)
        task = self.taken[packet].task
        assert task
        decided = departments.decision(task, outcome, officer, reasons)
        departments.decide(self.connection, self.taken[packet], decided)
