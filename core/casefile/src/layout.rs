//! Where things stand in a half: the names of its sections, and what may stand in each.

use crate::run::Half;

/// A root map of a half, made by the half's first change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    Case,
    Assessments,
    Confirmations,
    Settlements,
    Acceptances,
    Overrides,
    Events,
    Asks,
    Marks,
    Reviews,
    Advice,
    Withdrawals,
    Openings,
}

impl Section {
    const FIELD: [Self; 9] = [
        Self::Case,
        Self::Assessments,
        Self::Confirmations,
        Self::Settlements,
        Self::Acceptances,
        Self::Overrides,
        Self::Events,
        Self::Asks,
        Self::Marks,
    ];
    const HQ: [Self; 8] = [
        Self::Case,
        Self::Settlements,
        Self::Acceptances,
        Self::Overrides,
        Self::Reviews,
        Self::Advice,
        Self::Withdrawals,
        Self::Openings,
    ];

    /// The sections of a half.
    pub(crate) const fn of(half: Half) -> &'static [Self] {
        match half {
            Half::Field => &Self::FIELD,
            Half::Hq => &Self::HQ,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Assessments => "assessments",
            Self::Confirmations => "confirmations",
            Self::Settlements => "settlements",
            Self::Acceptances => "acceptances",
            Self::Overrides => "overrides",
            Self::Events => "events",
            Self::Asks => "asks",
            Self::Marks => "marks",
            Self::Reviews => "reviews",
            Self::Advice => "advice",
            Self::Withdrawals => "withdrawals",
            Self::Openings => "openings",
        }
    }

    pub(crate) fn parse(half: Half, name: &str) -> Option<Self> {
        Self::of(half)
            .iter()
            .copied()
            .find(|section| section.name() == name)
    }
}

/// Keys of the map `case`.
pub(crate) mod case_keys {
    /// The case's id: ties every change of the half to this case, since all depend on the first.
    pub(crate) const ID: &str = "id";
    pub(crate) const TITLE: &str = "title";
    pub(crate) const MINOR: &str = "minor";
}

/// Keys of an assessment.
pub(crate) mod assessment_keys {
    pub(crate) const PROTOCOL: &str = "protocol";
    pub(crate) const KEY: &str = "key";
    pub(crate) const ANSWERS: &str = "answers";
}
