//! The facts that a psychiatrist sees first, each "not asked" where nobody did.

use serde::{Deserialize, Serialize};

use crate::path::AnswerPath;

/// The fields of the first strip, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StripField {
    /// What the team wants to know.
    Question,
    /// The number to call back.
    CallBack,
    /// Age band.
    Age,
    /// Medicines.
    Medicines,
    /// Allergies.
    Allergies,
    /// Alcohol and drugs.
    Substances,
    /// Pregnancy.
    Pregnancy,
    /// Vital signs.
    VitalSigns,
    /// History.
    History,
    /// Means at hand.
    MeansAtHand,
    /// What protects.
    ProtectiveFactors,
    /// Capacity and consent.
    CapacityAndConsent,
    /// Legal and police status.
    LegalAndPolice,
    /// Who asked, and who interpreted.
    AskedBy,
}

impl StripField {
    /// Every field in the order of the strip.
    pub const ALL: [Self; 14] = [
        Self::Question,
        Self::CallBack,
        Self::Age,
        Self::Medicines,
        Self::Allergies,
        Self::Substances,
        Self::Pregnancy,
        Self::VitalSigns,
        Self::History,
        Self::MeansAtHand,
        Self::ProtectiveFactors,
        Self::CapacityAndConsent,
        Self::LegalAndPolice,
        Self::AskedBy,
    ];

    /// The field's heading.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Question => "The team asks",
            Self::CallBack => "Call back",
            Self::Age => "Age",
            Self::Medicines => "Medicines",
            Self::Allergies => "Allergies",
            Self::Substances => "Substances",
            Self::Pregnancy => "Pregnancy",
            Self::VitalSigns => "Vital signs",
            Self::History => "History",
            Self::MeansAtHand => "Means at hand",
            Self::ProtectiveFactors => "What protects",
            Self::CapacityAndConsent => "Capacity and consent",
            Self::LegalAndPolice => "Legal and police",
            Self::AskedBy => "Asked by",
        }
    }
}

/// One answered question of a strip field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripFact {
    /// Where the answer stands.
    pub path: AnswerPath,
    /// The question's text.
    pub question: String,
    /// The answer in words; several where it is contested.
    pub answers: Vec<String>,
}
