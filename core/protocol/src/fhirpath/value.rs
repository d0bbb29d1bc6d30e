//! What an expression gives: things of which it is known whether they are surely there, and how far a number can still go.

use std::borrow::Cow;

use crate::decimal::Decimal;
use crate::fhirpath::world::Node;
use crate::value::Quantity;

/// One thing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item<'w> {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    String(Cow<'w, str>),
    Date(Cow<'w, str>),
    DateTime(Cow<'w, str>),
    Time(Cow<'w, str>),
    Quantity(Quantity),
    /// A part of the response or of the Questionnaire.
    Node(Node<'w>),
    /// A number of which only this much is known.
    Range(Range),
    /// Something of which nothing is known.
    Something,
}

/// How far a number can still go, in units of 10⁻¹⁸; nothing where there is no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Range {
    pub(crate) low: Option<i128>,
    pub(crate) high: Option<i128>,
}

impl Range {
    pub(crate) const ALL: Self = Self {
        low: None,
        high: None,
    };

    pub(crate) const fn exactly(units: i128) -> Self {
        Self {
            low: Some(units),
            high: Some(units),
        }
    }

    /// The smallest range around both.
    pub(crate) fn around(self, other: Self) -> Self {
        let pair =
            |a: Option<i128>, b: Option<i128>, pick: fn(i128, i128) -> i128| Some(pick(a?, b?));
        Self {
            low: pair(self.low, other.low, i128::min),
            high: pair(self.high, other.high, i128::max),
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let add = |a: Option<i128>, b: Option<i128>| a?.checked_add(b?);
        Self {
            low: add(self.low, other.low),
            high: add(self.high, other.high),
        }
    }

    pub(crate) fn negative(self) -> Self {
        Self {
            low: self.high.map(|high| -high),
            high: self.low.map(|low| -low),
        }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let ends = |range: Self| Some([range.low?, range.high?]);
        let (Some(a), Some(b)) = (ends(self), ends(other)) else {
            return Self::ALL;
        };
        let mut around: Option<Self> = None;
        for x in a {
            for y in b {
                let Some(product) = crate::decimal::product(x, y) else {
                    return Self::ALL;
                };
                let one = Self::exactly(product);
                around = Some(around.map_or(one, |range| range.around(one)));
            }
        }
        around.unwrap_or(Self::ALL)
    }

    /// Whether one number is all that it can be.
    pub(crate) fn exact(self) -> Option<i128> {
        (self.low == self.high).then_some(self.low).flatten()
    }
}

/// One thing, and whether it is surely there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Elem<'w> {
    pub(crate) item: Item<'w>,
    /// False for what may be there, or not.
    pub(crate) sure: bool,
}

/// What an expression gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Collection<'w> {
    pub(crate) elems: Vec<Elem<'w>>,
    /// Whether things may be there that are not listed.
    pub(crate) open: bool,
}

impl<'w> Collection<'w> {
    pub(crate) const fn empty() -> Self {
        Self {
            elems: Vec::new(),
            open: false,
        }
    }

    /// Nobody can say what is there.
    pub(crate) const fn unknown() -> Self {
        Self {
            elems: Vec::new(),
            open: true,
        }
    }

    pub(crate) fn one(item: Item<'w>) -> Self {
        Self {
            elems: vec![Elem { item, sure: true }],
            open: false,
        }
    }

    pub(crate) fn of(item: Option<Item<'w>>) -> Self {
        item.map_or_else(Self::empty, Self::one)
    }

    pub(crate) fn many(items: impl IntoIterator<Item = Item<'w>>) -> Self {
        let elems = items.into_iter().map(|item| Elem { item, sure: true });
        Self {
            elems: elems.collect(),
            open: false,
        }
    }

    /// Whether everything in it is surely there and fully known, and nothing else.
    pub(crate) fn is_sure(&self) -> bool {
        let known =
            |elem: &Elem| elem.sure && !matches!(elem.item, Item::Range(_) | Item::Something);
        !self.open && self.elems.iter().all(known)
    }

    /// The same, with nothing in it sure.
    pub(crate) fn doubtful(mut self) -> Self {
        for elem in &mut self.elems {
            elem.sure = false;
        }
        self
    }

    pub(crate) fn extend(&mut self, other: Self) {
        self.elems.extend(other.elems);
        self.open |= other.open;
    }

    pub(crate) fn items(&self) -> impl Iterator<Item = &Item<'w>> {
        self.elems.iter().map(|elem| &elem.item)
    }
}

impl Item<'_> {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::String(Cow::Owned(text.into()))
    }

    /// The number, in units of 10⁻¹⁸.
    pub(crate) fn units(&self) -> Option<i128> {
        match self {
            Self::Integer(n) => Some(Decimal::from(*n).value()),
            Self::Decimal(n) => Some(n.value()),
            Self::Boolean(_)
            | Self::String(_)
            | Self::Date(_)
            | Self::DateTime(_)
            | Self::Time(_)
            | Self::Quantity(_)
            | Self::Node(_)
            | Self::Range(_)
            | Self::Something => None,
        }
    }

    /// How far the number can go, if it is one.
    pub(crate) fn range(&self) -> Option<Range> {
        match self {
            Self::Range(range) => Some(*range),
            Self::Something => Some(Range::ALL),
            Self::Integer(_)
            | Self::Decimal(_)
            | Self::Boolean(_)
            | Self::String(_)
            | Self::Date(_)
            | Self::DateTime(_)
            | Self::Time(_)
            | Self::Quantity(_)
            | Self::Node(_) => self.units().map(Range::exactly),
        }
    }

    /// A whole number where both were whole, else a decimal.
    pub(crate) fn number(units: i128, whole: bool) -> Option<Self> {
        let decimal = Decimal::checked(units)?;
        match decimal.whole() {
            Some(n) if whole => Some(Self::Integer(n)),
            Some(_) | None => Some(Self::Decimal(decimal)),
        }
    }
}
