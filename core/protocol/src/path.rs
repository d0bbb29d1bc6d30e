//! Where an answer stands: the linkId, with an id for each repeat above it, and for its own repeat or option.
//!
//! The text form is `group:ID/question`, `question:ID` for one of several answers, `question=option` for one option of many.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// The place of one answer. Paths sort by their repeats, then their linkId, then their own id or option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerPath {
    ancestors: Vec<(String, Uuid)>,
    link_id: String,
    leaf: Leaf,
}

/// What of its question a path names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leaf {
    /// The question itself.
    Whole,
    /// One of the answers of a question that repeats.
    Instance(Uuid),
    /// One option of a question with several choices; its value is true or false.
    Option(String),
}

/// The text is not a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the path of an answer")]
pub struct PathError;

impl AnswerPath {
    /// The path of a question that stands in no repeat.
    pub fn new(link_id: &str) -> Self {
        Self::within(Vec::new(), link_id)
    }

    /// The path of a question inside repeats, outermost first.
    pub fn within(ancestors: Vec<(String, Uuid)>, link_id: &str) -> Self {
        Self {
            ancestors,
            link_id: link_id.to_owned(),
            leaf: Leaf::Whole,
        }
    }

    /// One of several answers of this question.
    #[must_use]
    pub fn instance(mut self, id: Uuid) -> Self {
        self.leaf = Leaf::Instance(id);
        self
    }

    /// One option of this question.
    #[must_use]
    pub fn option(mut self, key: &str) -> Self {
        self.leaf = Leaf::Option(key.to_owned());
        self
    }

    /// The question itself, without its own id or option.
    #[must_use]
    pub fn base(&self) -> Self {
        Self {
            leaf: Leaf::Whole,
            ..self.clone()
        }
    }

    /// The question's linkId.
    pub fn link_id(&self) -> &str {
        &self.link_id
    }

    /// The repeats that it stands in, outermost first.
    pub fn ancestors(&self) -> &[(String, Uuid)] {
        &self.ancestors
    }

    /// Which part of the question.
    pub const fn leaf(&self) -> &Leaf {
        &self.leaf
    }
}

impl fmt::Display for AnswerPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (link, id) in &self.ancestors {
            escape(f, link)?;
            write!(f, ":{id}/")?;
        }
        escape(f, &self.link_id)?;
        match &self.leaf {
            Leaf::Whole => Ok(()),
            Leaf::Instance(id) => write!(f, ":{id}"),
            Leaf::Option(key) => {
                f.write_str("=")?;
                escape(f, key)
            }
        }
    }
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for c in text.chars() {
        match c {
            '%' | '/' | ':' | '=' => write!(f, "%{:02X}", u32::from(c))?,
            other => write!(f, "{other}")?,
        }
    }
    Ok(())
}

impl FromStr for AnswerPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut segments: Vec<&str> = text.split('/').collect();
        let last = segments.pop().ok_or(PathError)?;
        let ancestors = segments.into_iter().map(repeat).collect::<Result<_, _>>()?;
        let (link, leaf) = if let Some((link, key)) = last.split_once('=') {
            (link, Leaf::Option(unescape(key)?))
        } else if let Some((link, id)) = last.split_once(':') {
            (link, Leaf::Instance(plain_uuid(id)?))
        } else {
            (last, Leaf::Whole)
        };
        Ok(Self {
            ancestors,
            link_id: link_id(link)?,
            leaf,
        })
    }
}

fn repeat(segment: &str) -> Result<(String, Uuid), PathError> {
    let (link, id) = segment.split_once(':').ok_or(PathError)?;
    Ok((link_id(link)?, plain_uuid(id)?))
}

/// Only the one form that Display writes: two spellings of one path would be two keys.
fn plain_uuid(text: &str) -> Result<Uuid, PathError> {
    let id = Uuid::parse_str(text).map_err(|_| PathError)?;
    if id.to_string() == text {
        Ok(id)
    } else {
        Err(PathError)
    }
}

fn link_id(text: &str) -> Result<String, PathError> {
    let link = unescape(text)?;
    if link.is_empty() {
        Err(PathError)
    } else {
        Ok(link)
    }
}

fn unescape(text: &str) -> Result<String, PathError> {
    if text.contains([':', '=']) {
        return Err(PathError);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let (code, tail) = after.split_at_checked(2).ok_or(PathError)?;
        plain.push(match code {
            "25" => '%',
            "2F" => '/',
            "3A" => ':',
            "3D" => '=',
            _ => return Err(PathError),
        });
        rest = tail;
    }
    plain.push_str(rest);
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: Uuid = Uuid::from_u128(0x0190_abcd_0000_7000_8000_0000_0000_000f);

    #[track_caller]
    fn check(path: &AnswerPath, text: &str) {
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse().as_ref(), Ok(path));
    }

    #[test]
    fn a_path_has_one_text_form_and_comes_back() {
        let id = ID.to_string();
        check(&AnswerPath::new("q1"), "q1");
        check(&AnswerPath::new("/44250-9"), "%2F44250-9");
        check(&AnswerPath::new("100%"), "100%25");
        check(&AnswerPath::new("q1").instance(ID), &format!("q1:{id}"));
        check(
            &AnswerPath::new("q1").option("ca=b|c:d/é"),
            "q1=ca%3Db|c%3Ad%2Fé",
        );
        let nested = AnswerPath::within(vec![("g:1".to_owned(), ID)], "q");
        check(&nested, &format!("g%3A1:{id}/q"));
    }

    #[test]
    fn what_display_would_not_write_is_no_path() {
        let upper = format!("q:{}", ID.to_string().to_uppercase());
        for text in [
            "", "/q", "q/", "q:", "q:x", "=a", "q%2", "q%2f", "q%41", "q=a=b", "a/b", "q%é", &upper,
        ] {
            assert_eq!(text.parse::<AnswerPath>(), Err(PathError), "{text}");
        }
    }
}
