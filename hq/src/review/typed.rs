//! What a form posted. It can hold what was said by a person in crisis, so it never shows itself in a log.

use std::collections::BTreeMap;
use std::fmt;

/// Field names and texts.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed(BTreeMap<String, String>);

/// Fields with text that a person typed or chose, besides those that begin with one of `KEPT_BEGINNINGS`.
const KEPT: [&str; 11] = [
    "impression",
    "medication",
    "plan",
    "feedback",
    "advice_text",
    "advice_minutes",
    "advice_replaces",
    "withdraw_reason",
    "judge_domain",
    "judge_level",
    "judge_reason",
];
const KEPT_BEGINNINGS: [&str; 3] = ["reason|", "choice|", "accept|"];
/// How a kept field is called while it rides through the sign-in form.
const RIDES: &str = "kept.";

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed")
    }
}

impl From<Vec<(String, String)>> for Typed {
    fn from(fields: Vec<(String, String)>) -> Self {
        // Browsers send line ends as CRLF; what is signed has one form.
        Self(
            fields
                .into_iter()
                .map(|(name, text)| (name, text.replace("\r\n", "\n")))
                .collect(),
        )
    }
}

impl From<BTreeMap<String, String>> for Typed {
    fn from(fields: BTreeMap<String, String>) -> Self {
        Self(fields)
    }
}

impl Typed {
    /// The text of a field; empty if it was not posted.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The same without blanks around it.
    pub(crate) fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// Which of the page's small forms was tried: the question settled, what was accepted, or the form's name.
    pub(crate) fn pressed(&self) -> &str {
        match (
            self.get("question"),
            self.get("accepts"),
            self.get("withdraws"),
        ) {
            ("", "", "") => self.get("form"),
            ("", "", _) => "withdraw",
            ("", accepts, _) => accepts,
            (question, _, _) => question,
        }
    }

    /// What a person typed or chose: the part that survives everything.
    pub(crate) fn kept(&self) -> BTreeMap<String, String> {
        self.0
            .iter()
            .filter(|(name, _)| is_kept(name))
            .map(|(name, text)| (name.clone(), text.clone()))
            .collect()
    }

    /// The kept fields that ride in a sign-in form.
    pub(crate) fn riding(&self) -> BTreeMap<String, String> {
        let fields = self
            .0
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(RIDES)?, text)));
        fields
            .filter(|(name, _)| is_kept(name))
            .map(|(name, text)| (name.to_owned(), text.clone()))
            .collect()
    }
}

fn is_kept(name: &str) -> bool {
    KEPT.contains(&name)
        || KEPT_BEGINNINGS
            .iter()
            .any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect::<Vec<_>>()
            .into()
    }

    #[test]
    fn what_was_typed_is_kept_and_what_guards_the_form_is_not() {
        let all = typed(&[
            ("csrf", "secret"),
            ("shown", "v"),
            ("impression", "High\r\nand fluid"),
            ("reason|a/b", "misheard"),
        ]);
        let kept = all.kept();
        assert_eq!(
            kept.keys().map(String::as_str).collect::<Vec<_>>(),
            ["impression", "reason|a/b"]
        );
        assert_eq!(kept["impression"], "High\nand fluid");
    }

    #[test]
    fn only_kept_fields_ride_through_a_sign_in() {
        let all = typed(&[
            ("kept.plan", "Not alone"),
            ("kept.csrf", "x"),
            ("password", "y"),
        ]);
        assert_eq!(
            all.riding().into_iter().collect::<Vec<_>>(),
            [("plan".to_owned(), "Not alone".to_owned())]
        );
    }

    #[test]
    fn it_never_shows_what_was_said() {
        assert_eq!(format!("{:?}", typed(&[("impression", "canary")])), "Typed");
    }
}
