//! A level as a badge. The words are the protocol crate's, so that phone, headquarters and hand-off say the same.

use mooring_protocol::{Level, ShownLevel};

use crate::review::page::badge::{Badge, Tone};

/// The badge of a level.
pub(crate) fn badge(shown: ShownLevel) -> Badge {
    Badge {
        words: shown.words().to_owned(),
        tone: tone(shown),
    }
}

fn tone(shown: ShownLevel) -> Tone {
    match (shown.level, shown.at_least) {
        (Level::Imminent, _) => Tone::Imminent,
        (Level::High, _) => Tone::High,
        (Level::Moderate, false) => Tone::Moderate,
        (Level::Low, false) => Tone::Low,
        (Level::NothingEndorsed, false)
        | (Level::Moderate | Level::Low | Level::NothingEndorsed, true) => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(level: Level, at_least: bool, words: &str, tone: Tone) {
        let badge = badge(ShownLevel { level, at_least });
        assert_eq!((badge.words.as_str(), badge.tone), (words, tone));
    }

    #[test]
    fn an_unfinished_level_below_high_takes_no_color() {
        check(Level::Imminent, true, "At least imminent", Tone::Imminent);
        check(Level::High, true, "At least high", Tone::High);
        check(Level::Moderate, true, "Not yet known", Tone::Neutral);
        check(Level::Low, true, "Not yet known", Tone::Neutral);
        check(Level::Moderate, false, "Moderate", Tone::Moderate);
        check(Level::Low, false, "Low", Tone::Low);
        check(
            Level::NothingEndorsed,
            false,
            "Nothing endorsed in these answers",
            Tone::Neutral,
        );
    }
}
