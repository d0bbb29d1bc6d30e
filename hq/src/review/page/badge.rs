//! A level as it is shown: a word first, then a shape, then a color.

use maud::{Markup, html};

/// Which shape and colors a level takes; its words come with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// ▲
    Imminent,
    /// ◆
    High,
    /// ■
    Moderate,
    /// ●
    Low,
    /// Not yet known, or nothing endorsed: neutral, without a shape.
    Neutral,
}

/// A level in words with the tone that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    /// "High", "At least high", "Not yet known".
    pub(crate) words: String,
    /// Shape and color.
    pub(crate) tone: Tone,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Imminent => "imminent",
            Self::High => "high",
            Self::Moderate => "moderate",
            Self::Low => "low",
            Self::Neutral => "neutral",
        }
    }

    // Drawn as SVG, not as a colored box, so that the shape stays in print and under forced colors.
    fn outline(self) -> Option<&'static str> {
        match self {
            Self::Imminent => Some("M5 0 10 10H0Z"),
            Self::High => Some("M5 0 10 5 5 10 0 5Z"),
            Self::Moderate => Some("M0 0H10V10H0Z"),
            Self::Low => Some("M5 0A5 5 0 1 1 5 10 5 5 0 1 1 5 0Z"),
            Self::Neutral => None,
        }
    }
}

/// The badge of a level.
pub(crate) fn badge(badge: &Badge) -> Markup {
    html! {
        span class={ "risk " (badge.tone.class()) } {
            @if let Some(outline) = badge.tone.outline() {
                svg class="shape" viewBox="0 0 10 10" aria-hidden="true" focusable="false" { path d=(outline) fill="currentColor" {} }
            }
            (badge.words)
        }
    }
}
