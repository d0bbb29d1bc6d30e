//! FHIR values: what an answer can hold. Checked when it is read, so that whoever holds one need not check again.

use std::fmt;

use crate::decimal::Decimal;

/// The largest text that one answer may hold, in bytes.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// A code with the words that were shown for it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Coding {
    /// The code system's address; empty where the file gives none.
    pub system: String,
    /// The code; empty where the file gives words only.
    pub code: String,
    /// The words.
    pub display: String,
}

impl Coding {
    /// Whether both mean the same: the code counts, and the words only where neither has one.
    pub fn means(&self, other: &Self) -> bool {
        if self.code.is_empty() && other.code.is_empty() {
            return self.display == other.display;
        }
        let same_system =
            self.system == other.system || self.system.is_empty() || other.system.is_empty();
        self.code == other.code && same_system
    }

    /// The words, or the code where there are none.
    pub fn words(&self) -> &str {
        if self.display.is_empty() {
            &self.code
        } else {
            &self.display
        }
    }
}

/// A measured amount with its unit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    /// The number.
    pub value: Decimal,
    /// `<`, `<=`, `>=` or `>` where the true number is not known exactly; empty otherwise.
    pub comparator: String,
    /// The unit in words.
    pub unit: String,
    /// The unit's code system.
    pub system: String,
    /// The unit's code.
    pub code: String,
}

/// One value. Dates and times are kept as written, with their own precision.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Yes or no.
    Boolean(bool),
    /// A whole number of 32 bits.
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// A string or a text.
    String(String),
    /// An address.
    Uri(String),
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    Date(String),
    /// A date, or a date and time with a zone.
    DateTime(String),
    /// `hh:mm:ss`.
    Time(String),
    /// A chosen code.
    Coding(Coding),
    /// A number with a unit.
    Quantity(Quantity),
}

impl Value {
    /// FHIR's name of this type, as in `valueBoolean`.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Uri(_) => "Uri",
            Self::Date(_) => "Date",
            Self::DateTime(_) => "DateTime",
            Self::Time(_) => "Time",
            Self::Coding(_) => "Coding",
            Self::Quantity(_) => "Quantity",
        }
    }

    /// The value in words for people.
    pub fn words(&self) -> String {
        match self {
            Self::Boolean(true) => "yes".to_owned(),
            Self::Boolean(false) => "no".to_owned(),
            Self::Integer(n) => n.to_string(),
            Self::Decimal(n) => n.to_string(),
            Self::String(s) | Self::Uri(s) | Self::Date(s) | Self::DateTime(s) | Self::Time(s) => {
                s.clone()
            }
            Self::Coding(c) => c.words().to_owned(),
            Self::Quantity(q) => {
                let unit = if q.unit.is_empty() { &q.code } else { &q.unit };
                format!("{}{} {unit}", q.comparator, q.value)
                    .trim_end()
                    .to_owned()
            }
        }
    }
}

// What a person said is never printed: a failed assertion or a log line shows the type and nothing else.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(…)", self.type_name())
    }
}

impl fmt::Debug for Coding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coding(…)")
    }
}

impl fmt::Debug for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Quantity(…)")
    }
}
