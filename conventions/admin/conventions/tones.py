"""The shape of a state on the pages: docs/design-system.md names the tones."""

from conventions.enums import ActState, ConventionStatus

STATE_TONES = {
    ActState.DRAFT: "neutral",
    ActState.IN_REVIEW: "info",
    ActState.TO_CORRECT: "warn",
    ActState.APPROVED: "info",
    ActState.TO_SIGN: "warn",
    ActState.PARTLY_SIGNED: "warn",
    ActState.TO_SEAL: "info",
    ActState.SIGNED: "ok",
    ActState.ABANDONED: "done",
    ActState.CANCELLED: "bad",
    ActState.DECLINED: "bad",
    ActState.EXPIRED: "bad",
}
STATUS_TONES = {
    ConventionStatus.PREPARING: "neutral",
    ConventionStatus.UPCOMING: "info",
    ConventionStatus.RUNNING: "ok",
    ConventionStatus.TO_RENEW: "warn",
    ConventionStatus.LAPSED: "done",
    ConventionStatus.UNKNOWN_TERM: "plain",
    ConventionStatus.CLOSED: "done",
    ConventionStatus.TERMINATED: "bad",
    ConventionStatus.DROPPED: "done",
}
