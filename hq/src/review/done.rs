//! What was done, and what the next page says about it.

use super::page::notice::Notice;

/// What was done; the next page says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    Kept,
    Signed,
    SignedOlder,
    Settled,
    Sent,
    Withdrawn,
    Accepted,
    Judged,
    Assigned,
    GlassReviewed,
}

impl Done {
    const ALL: [Self; 10] = [
        Self::Kept,
        Self::Signed,
        Self::SignedOlder,
        Self::Settled,
        Self::Sent,
        Self::Withdrawn,
        Self::Accepted,
        Self::Judged,
        Self::Assigned,
        Self::GlassReviewed,
    ];

    /// What an address carries.
    pub(crate) fn token(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Signed => "signed",
            Self::SignedOlder => "signed-older",
            Self::Settled => "settled",
            Self::Sent => "sent",
            Self::Withdrawn => "withdrawn",
            Self::Accepted => "accepted",
            Self::Judged => "judged",
            Self::Assigned => "assigned",
            Self::GlassReviewed => "glass-reviewed",
        }
    }

    /// The notice for the token in an address; an unknown one says nothing.
    pub(crate) fn notice(token: &str) -> Option<Notice> {
        let done = Self::ALL.into_iter().find(|done| done.token() == token)?;
        Some(match done {
            Self::Kept => Notice::done(
                "Kept.",
                "What you typed is at headquarters and waits for you here.",
            ),
            Self::Signed => Notice::done(
                "Signed.",
                "Your review goes to the team with their next exchange.",
            ),
            Self::SignedOlder => Notice::done(
                "Signed, as the older version.",
                "The later changes are listed with it, and the case stays in the queue.",
            ),
            Self::Settled => Notice::done(
                "Settled.",
                "A value that nobody named here would open it again.",
            ),
            Self::Sent => Notice::done(
                "Sent.",
                "It waits for the team's phones. Delivered and read appear here once their phones say so.",
            ),
            Self::Withdrawn => Notice::done(
                "Withdrawn.",
                "The phones show it as withdrawn after their next exchange. If it matters now, call.",
            ),
            Self::Judged => Notice::done(
                "Judged.",
                "What governs has been worked out again; a lower level waits until it is accepted.",
            ),
            Self::Assigned => {
                Notice::done("Noted.", "The phones hear of it with their next exchange.")
            }
            Self::GlassReviewed => Notice::done("Reviewed.", "Your word stands beside the reason."),
            Self::Accepted => Notice::done("Accepted.", "What governs has been worked out again."),
        })
    }
}
