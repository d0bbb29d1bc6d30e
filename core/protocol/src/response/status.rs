//! How far a response is.

/// FHIR's codes for how far a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// More answers may come.
    InProgress,
    /// Whoever asked has ended it.
    Completed,
    /// Ended, and changed afterwards.
    Amended,
    /// Entered by mistake: whoever made it withdraws it.
    EnteredInError,
    /// Ended before its end.
    Stopped,
}

impl Status {
    const CODES: [(&'static str, Self); 5] = [
        ("in-progress", Self::InProgress),
        ("completed", Self::Completed),
        ("amended", Self::Amended),
        ("entered-in-error", Self::EnteredInError),
        ("stopped", Self::Stopped),
    ];

    /// FHIR's code.
    pub fn code(self) -> &'static str {
        Self::CODES
            .iter()
            .find(|(_, status)| *status == self)
            .map_or("", |(code, _)| code)
    }

    /// The status with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::CODES
            .iter()
            .find(|(known, _)| *known == code)
            .map(|(_, status)| *status)
    }

    /// Whether whoever filled it in says that it is whole.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Amended)
    }
}
