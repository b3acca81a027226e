"""The tone of a state, beside its word: how its tag is coloured. A state that is not listed is neither good nor bad."""

from kaigong.domain.model.facts import Verdict
from kaigong.domain.model.supervision import SupervisionState
from kaigong.views.states import MatterState, Phase

TONES = {
    Phase.RETURNED: "warn",
    Phase.CORRECTING: "warn",
    Phase.REFUSED: "bad",
    Phase.IN_REVIEW: "info",
    Phase.SUBMITTED: "info",
    Phase.DECIDED: "info",
    Phase.ISSUED: "good",
    MatterState.OPEN: "info",
    MatterState.PAUSED: "warn",
    MatterState.CORRECTION: "warn",
    MatterState.APPROVED: "good",
    MatterState.REJECTED: "bad",
    MatterState.RECALLED: "bad",
    MatterState.REVOKED: "bad",
    Verdict.VALID: "good",
    Verdict.WARNING: "warn",
    Verdict.DEFICIENT: "bad",
}
SUPERVISION = {
    SupervisionState.PUSHED: "warn",
    SupervisionState.SEEN: "warn",
    SupervisionState.CLAIMED: "info",
    SupervisionState.PLANNED: "info",
    SupervisionState.RECTIFYING: "warn",
    SupervisionState.RECTIFIED: "info",
    SupervisionState.BROKEN: "bad",
    SupervisionState.CONTESTED: "warn",
    SupervisionState.CLOSED: "good",
}
