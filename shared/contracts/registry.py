"""Every event type there is, by its `ce-type`."""

from shared.contracts import act, check, duplicates, login, member, public, report, session_key
from shared.contracts.event import Event

EVENT_TYPES: dict[str, type[Event]] = {
    event.type_name(): event
    for event in (
        report.ReportFiled,
        report.ReportConfirmed,
        report.ReportRefuted,
        report.DuplicateClaimed,
        report.ReportMarkedDuplicate,
        report.DuplicateRefused,
        report.OriginalFound,
        report.OriginalAwaited,
        report.ReportAnswered,
        report.ReportClosed,
        duplicates.OriginalSought,
        duplicates.ChainsLedOn,
        duplicates.HeadAwaited,
        duplicates.HeadNamed,
        duplicates.HeadFound,
        duplicates.RingFound,
        duplicates.ChainsRefused,
        duplicates.ClaimRefused,
        check.CheckOpened,
        check.DoneClaimed,
        check.CheckOverdue,
        check.OverdueWithdrawn,
        member.ReportCredited,
        member.RefutationNoted,
        member.MemberQualified,
        login.LoginOpened,
        login.SecretReplaced,
        login.SignedOutEverywhere,
        login.LoginClosed,
        login.SecretRemoved,
        login.SignedOut,
        act.ActProposed,
        act.ActAllowed,
        act.ActDeclined,
        act.ActSupported,
        session_key.SessionKeyAnnounced,
        public.ReportFiled,
        public.ReportConfirmed,
        public.ReportRefuted,
        public.CheckOpened,
        public.DoneClaimed,
        public.CheckOverdue,
        public.OverdueWithdrawn,
        public.MemberQualified,
    )
}
