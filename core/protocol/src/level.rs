//! Levels and domains, and THE words for them: phone, headquarters and hand-off all read them here.

use serde::{Deserialize, Serialize};

use crate::item::base_language;

/// How worrying the answers are. Higher is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No rule holds. Never to be read as "no risk".
    NothingEndorsed,
    /// Low, by the published rule.
    Low,
    /// Moderate, by the published rule.
    Moderate,
    /// High, by the published rule.
    High,
    /// Imminent: policy, not published triage.
    Imminent,
}

impl Level {
    /// Every level, worst first.
    pub const WORST_FIRST: [Self; 5] = [
        Self::Imminent,
        Self::High,
        Self::Moderate,
        Self::Low,
        Self::NothingEndorsed,
    ];
}

/// What is at stake. A level stands for each domain on its own.
///
/// The order is that of the page at equal levels: a medical red flag comes first, because medical help does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Domain {
    /// A body in danger.
    Medical,
    /// Suicide.
    Suicide,
    /// Danger to others.
    Others,
    /// Cannot keep themselves safe.
    CannotKeepSafe,
}

impl Domain {
    /// Every domain in the order of the page.
    pub const ALL: [Self; 4] = [
        Self::Medical,
        Self::Suicide,
        Self::Others,
        Self::CannotKeepSafe,
    ];

    /// The domain in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Medical => "Medical",
            Self::Suicide => "Suicide",
            Self::Others => "Danger to others",
            Self::CannotKeepSafe => "Cannot keep safe",
        }
    }

    /// The domain in words of this language, where we have them, else in English. The Spanish is a draft.
    pub fn words_in(self, language: &str) -> &'static str {
        if base_language(language) != "es" {
            return self.words();
        }
        match self {
            Self::Medical => "Médico",
            Self::Suicide => "Suicidio",
            Self::Others => "Peligro para otros",
            Self::CannotKeepSafe => "No puede mantenerse a salvo",
        }
    }

    /// The domain as files and stored records name it.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Medical => "medical",
            Self::Suicide => "suicide",
            Self::Others => "others",
            Self::CannotKeepSafe => "cannot-keep-safe",
        }
    }

    /// The domain of this token.
    pub fn parse(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|domain| domain.token() == token)
    }
}

/// A level as it is shown: with whether it may still rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ShownLevel {
    /// The level.
    pub level: Level,
    /// Whether something that matters is unanswered, refused or put off.
    pub at_least: bool,
}

impl ShownLevel {
    /// The words for people.
    pub const fn words(self) -> &'static str {
        match (self.level, self.at_least) {
            (Level::Imminent, false) => "Imminent",
            (Level::Imminent, true) => "At least imminent",
            (Level::High, false) => "High",
            (Level::High, true) => "At least high",
            (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => "Not yet known",
            (Level::Moderate, false) => "Moderate",
            (Level::Low, false) => "Low",
            (Level::NothingEndorsed, false) => "Nothing endorsed in these answers",
        }
    }

    /// The words in this language, where we have them, else in English. The Spanish is a draft.
    pub fn words_in(self, language: &str) -> &'static str {
        if base_language(language) != "es" {
            return self.words();
        }
        match (self.level, self.at_least) {
            (Level::Imminent, false) => "Inminente",
            (Level::Imminent, true) => "Al menos inminente",
            (Level::High, false) => "Alto",
            (Level::High, true) => "Al menos alto",
            (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => "Aún no se sabe",
            (Level::Moderate, false) => "Moderado",
            (Level::Low, false) => "Bajo",
            (Level::NothingEndorsed, false) => "Nada afirmado en estas respuestas",
        }
    }

    /// A short token for style sheets and shapes.
    pub const fn token(self) -> &'static str {
        match (self.level, self.at_least) {
            (Level::Imminent, _) => "imminent",
            (Level::High, _) => "high",
            (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => "unknown",
            (Level::Moderate, false) => "moderate",
            (Level::Low, false) => "low",
            (Level::NothingEndorsed, false) => "none",
        }
    }

    /// The place in a queue; 0 comes first. "Not yet known" stands right below High.
    pub const fn queue_rank(self) -> u8 {
        match (self.level, self.at_least) {
            (Level::Imminent, _) => 0,
            (Level::High, _) => 1,
            (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => 2,
            (Level::Moderate, false) => 3,
            (Level::Low, false) => 4,
            (Level::NothingEndorsed, false) => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(level: Level, at_least: bool, words: &str, token: &str, rank: u8) {
        let shown = ShownLevel { level, at_least };
        assert_eq!(
            (shown.words(), shown.token(), shown.queue_rank()),
            (words, token, rank)
        );
    }

    #[test]
    fn an_unfinished_level_below_high_is_not_yet_known_and_stands_right_below_high() {
        check(Level::Imminent, false, "Imminent", "imminent", 0);
        check(Level::Imminent, true, "At least imminent", "imminent", 0);
        check(Level::High, false, "High", "high", 1);
        check(Level::High, true, "At least high", "high", 1);
        check(Level::Moderate, true, "Not yet known", "unknown", 2);
        check(Level::Low, true, "Not yet known", "unknown", 2);
        check(Level::NothingEndorsed, true, "Not yet known", "unknown", 2);
        check(Level::Moderate, false, "Moderate", "moderate", 3);
        check(Level::Low, false, "Low", "low", 4);
        check(
            Level::NothingEndorsed,
            false,
            "Nothing endorsed in these answers",
            "none",
            5,
        );
    }

    #[test]
    fn no_words_ever_say_no_risk_or_a_percentage() {
        for level in Level::WORST_FIRST {
            for at_least in [false, true] {
                let words = ShownLevel { level, at_least }.words().to_lowercase();
                assert!(!words.contains("no risk") && !words.contains('%'));
            }
        }
    }

    #[test]
    fn medical_help_comes_first_at_equal_levels() {
        assert!(Domain::ALL.is_sorted());
        assert_eq!(Domain::ALL.first(), Some(&Domain::Medical));
    }

    #[test]
    fn in_spanish_what_is_unfinished_below_high_is_never_called_low() {
        for level in [Level::Moderate, Level::Low, Level::NothingEndorsed] {
            let open = ShownLevel {
                level,
                at_least: true,
            };
            assert_eq!(open.words_in("es-MX"), "Aún no se sabe");
        }
        let low = ShownLevel {
            level: Level::Low,
            at_least: false,
        };
        assert_eq!(
            (low.words_in("es"), low.words_in("fr"), low.words_in("")),
            ("Bajo", "Low", "Low")
        );
        assert_eq!(Domain::Suicide.words_in("es"), "Suicidio");
    }
}
