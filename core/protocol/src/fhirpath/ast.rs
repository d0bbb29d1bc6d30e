//! What an expression says, as a tree.

use crate::decimal::Decimal;
use crate::fhirpath::function::Function;

/// One expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Expr {
    /// `{}`
    Nothing,
    Literal(Literal),
    /// `%name`
    Variable(String),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `a.name`, or `name` of what is looked at.
    Member(Option<Box<Expr>>, String),
    /// `a.function(…)`
    Call(Option<Box<Expr>>, Function, Vec<Expr>),
    /// `a.where(linkId = 'x')`, which nearly every expression of a form has; true for `!=`.
    WhereLink(Option<Box<Expr>>, String, bool),
    /// `a.ofType(name)`
    OfType(Option<Box<Expr>>, String),
    /// `a[n]`
    At(Box<Expr>, Box<Expr>),
    /// `-a`
    Negative(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `a is name`
    Is(Box<Expr>, String),
    /// `a as name`
    As(Box<Expr>, String),
}

/// A value that the expression itself names.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    String(String),
    Date(String),
    DateTime(String),
    Time(String),
    Quantity(Decimal, String),
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Plus,
    Minus,
    Times,
    Divide,
    Div,
    Mod,
    Join,
    Union,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}

impl Expr {
    /// The expressions inside.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Nothing
            | Self::Literal(_)
            | Self::Variable(_)
            | Self::This
            | Self::Index
            | Self::Total => Vec::new(),
            Self::Member(on, _) | Self::WhereLink(on, _, _) | Self::OfType(on, _) => {
                on.iter().map(AsRef::as_ref).collect()
            }
            Self::Call(on, _, arguments) => on.iter().map(AsRef::as_ref).chain(arguments).collect(),
            Self::At(a, b) | Self::Binary(_, a, b) => vec![a, b],
            Self::Negative(a) | Self::Is(a, _) | Self::As(a, _) => vec![a],
        }
    }

    /// Calls with this expression and every one inside it.
    pub(crate) fn each<'e>(&'e self, call: &mut dyn FnMut(&'e Self)) {
        let mut stack = vec![self];
        while let Some(expr) = stack.pop() {
            call(expr);
            stack.extend(expr.parts());
        }
    }
}
