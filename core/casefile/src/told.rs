//! How an answer came to be told: who said it, who asked, in which language, and when it was said (SAFETY rule 9).
//!
//! Who entered it, and when, stands in its change and is not repeated here.

use std::fmt;

/// The longest name of whoever asked, in characters.
const LONGEST_NAME: usize = 120;
/// The longest language tag, in characters: RFC 5646 asks for room for 35.
const LONGEST_TAG: usize = 35;
/// Between the parts; what a person typed is escaped.
const BETWEEN: char = '|';

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaidBy {
    /// The person in crisis.
    Person,
    /// Family or somebody close.
    Family,
    /// Nobody said it: it was seen or heard.
    Observed,
    /// A record: a chart, a pill box, a card.
    Record,
}

impl SaidBy {
    const ALL: [Self; 4] = [Self::Person, Self::Family, Self::Observed, Self::Record];

    /// The stable name, for storing and for scripts.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Family => "family",
            Self::Observed => "observed",
            Self::Record => "record",
        }
    }

    /// What it is called on a screen.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Person => "said by the person",
            Self::Family => "said by family",
            Self::Observed => "observed",
            Self::Record => "from a record",
        }
    }

    /// By its stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// How an answer came to be told; what nobody stated is left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Told {
    /// Where it comes from.
    pub said_by: Option<SaidBy>,
    /// Who asked, where that is not whoever entered it: a name, with an interpreter if there was one.
    pub asked_by: Option<String>,
    /// The language of the wording that was used, as a BCP 47 tag.
    pub language: Option<String>,
    /// When it was said, in Unix seconds, where it was entered later.
    pub said_at_s: Option<i64>,
}

// Names are personal data.
impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

impl Told {
    /// Whether nothing is stated.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether every part is something that a screen can show.
    pub(crate) fn fits(&self) -> bool {
        let name = self.asked_by.as_deref().is_none_or(|name| {
            !name.trim().is_empty()
                && name.chars().count() <= LONGEST_NAME
                && !name.contains(char::is_control)
        });
        let tag = self.language.as_deref().is_none_or(|tag| {
            let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !tag.is_empty() && tag.len() <= LONGEST_TAG && tag.chars().all(letters)
        });
        name && tag
    }

    /// The parts, each ended by [`BETWEEN`], in front of the answer's own text.
    pub(crate) fn encode(&self) -> String {
        let asked_by = self.asked_by.as_deref().unwrap_or_default();
        let parts = [
            self.said_by.map_or("", SaidBy::name).to_owned(),
            asked_by.replace('\\', "\\\\").replace(BETWEEN, "\\|"),
            self.language.clone().unwrap_or_default(),
            self.said_at_s.map_or_else(String::new, |at| at.to_string()),
        ];
        parts
            .into_iter()
            .flat_map(|part| [part, BETWEEN.to_string()])
            .collect()
    }

    /// Reads what [`Told::encode`] wrote, and hands back the rest.
    pub(crate) fn parse(text: &str) -> Option<(Self, &str)> {
        let (said_by, text) = part(text)?;
        let (asked_by, text) = part(text)?;
        let (language, text) = part(text)?;
        let (said_at, text) = part(text)?;
        let given = |part: String| (!part.is_empty()).then_some(part);
        let told = Self {
            said_by: given(said_by)
                .map(|name| SaidBy::parse(&name).ok_or(()))
                .transpose()
                .ok()?,
            asked_by: given(asked_by),
            language: given(language),
            said_at_s: given(said_at).map(|at| at.parse()).transpose().ok()?,
        };
        told.fits().then_some((told, text))
    }
}

/// One part without its escapes, and what follows it.
fn part(text: &str) -> Option<(String, &str)> {
    let mut part = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            BETWEEN => return Some((part, chars.as_str())),
            '\\' => part.push(chars.next()?),
            other => part.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{SaidBy, Told};

    fn told() -> Told {
        Told {
            said_by: Some(SaidBy::Family),
            asked_by: Some("L. Brandt | interpreter \\ phone".to_owned()),
            language: Some("es-MX".to_owned()),
            said_at_s: Some(1_763_951_700),
        }
    }

    #[track_caller]
    fn check_refused(told: &Told) {
        assert!(!told.fits());
        assert_eq!(Told::parse(&told.encode()), None);
    }

    #[test]
    fn what_was_written_is_read_and_the_answer_follows() {
        let text = format!("{}0sa|b", told().encode());
        assert_eq!(Told::parse(&text), Some((told(), "0sa|b")));
        assert_eq!(Told::parse("||||0b1"), Some((Told::default(), "0b1")));
    }

    #[test]
    fn what_no_version_wrote_is_refused() {
        for text in ["", "|||", "neighbor||||0b1", "|||yesterday|0b1"] {
            assert_eq!(Told::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_that_no_screen_could_show_is_refused() {
        for asked_by in ["\u{7}".to_owned(), " ".to_owned(), "x".repeat(121)] {
            let asked_by = Some(asked_by);
            check_refused(&Told { asked_by, ..told() });
        }
    }

    #[test]
    fn a_language_is_a_tag() {
        let language = Some("español".to_owned());
        check_refused(&Told { language, ..told() });
    }

    #[test]
    fn a_name_is_never_printed() {
        assert_eq!(format!("{:?}", told()), "Told");
    }
}
