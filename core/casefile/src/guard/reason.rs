//! Why a run is held for a person instead of being merged.

use crate::ids::ChangeId;

/// Why a run can't be merged. Nothing is dropped: whoever holds the run keeps it for a person to look at.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum HeldReason {
    /// Larger or more than any honest writer sends in one piece.
    Oversized,
    /// Not a raw, whole change chunk of Automerge.
    NotAChange,
    /// Actor, number or hash are not those that the run announced.
    NotAsAnnounced,
    /// It belongs to another case.
    OtherCase,
    /// A device may not write an HQ half, nor headquarters a field half.
    ForeignHalf,
    /// The actor belongs to another device or person.
    ActorTaken,
    /// The same actor and number is known with another content: a phone restored from a backup, or a copy of one.
    Fork,
    /// A time outside of the years in which it can lie.
    Time,
    /// It touches something that does not stand in a case file, or in a way that nobody writes it.
    Layout,
    /// A second beginning of a half that has begun.
    SecondBeginning,
    /// The document would not load again.
    Unloadable,
}

impl HeldReason {
    /// A short stable code, for receipts and the help desk.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Oversized => "oversized",
            Self::NotAChange => "not-a-change",
            Self::NotAsAnnounced => "not-as-announced",
            Self::OtherCase => "other-case",
            Self::ForeignHalf => "foreign-half",
            Self::ActorTaken => "actor-taken",
            Self::Fork => "fork",
            Self::Time => "time",
            Self::Layout => "layout",
            Self::SecondBeginning => "second-beginning",
            Self::Unloadable => "unloadable",
        }
    }

    /// In words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Oversized => "larger than anything that this software sends",
            Self::NotAChange => "damaged on its way, or not made by this software",
            Self::NotAsAnnounced => "its content is not what its sender signed for",
            Self::OtherCase => "it belongs to another case",
            Self::ForeignHalf => "it was written where its sender may not write",
            Self::ActorTaken => "it is written in another writer's name",
            Self::Fork => "the phone was restored from a backup, or copied",
            Self::Time => "its time can't be right",
            Self::Layout => "it was made by another version, or tampered with",
            Self::SecondBeginning => "it begins a case that has begun already",
            Self::Unloadable => "it would damage the case",
        }
    }
}

/// Why a change can't be taken in: now, or at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It depends on changes that are not here yet.
    Missing(Vec<ChangeId>),
    /// It is for a person to look at.
    Held(HeldReason),
}

impl From<HeldReason> for Refusal {
    fn from(reason: HeldReason) -> Self {
        Self::Held(reason)
    }
}
