//! Truth in three values, and sets of them: what a statement can be when some answers have several values that may be true.

/// A set of true, false and unknown. With uncontested answers it always holds exactly one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Truths(u8);

impl Truths {
    pub(crate) const NONE: Self = Self(0);
    pub(crate) const TRUE: Self = Self(1);
    pub(crate) const FALSE: Self = Self(2);
    pub(crate) const UNKNOWN: Self = Self(4);
    const SINGLE: [Self; 3] = [Self::TRUE, Self::FALSE, Self::UNKNOWN];

    /// True, false, or unknown.
    pub(crate) const fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::TRUE,
            Some(false) => Self::FALSE,
            None => Self::UNKNOWN,
        }
    }

    /// Everything that either can be.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn can_be_true(self) -> bool {
        self.0 & Self::TRUE.0 != 0
    }

    pub(crate) const fn can_be_false(self) -> bool {
        self.0 & Self::FALSE.0 != 0
    }

    pub(crate) const fn can_be_unknown(self) -> bool {
        self.0 & Self::UNKNOWN.0 != 0
    }

    /// True, or perhaps: what is not ruled out counts.
    pub(crate) const fn not_ruled_out(self) -> bool {
        self.0 & (Self::TRUE.0 | Self::UNKNOWN.0) != 0
    }

    pub(crate) const fn is(self, other: Self) -> bool {
        self.0 == other.0
    }

    /// False where unknown: FHIR's own reading, for what to show.
    pub(crate) const fn unknown_as_false(self) -> Self {
        if self.can_be_unknown() {
            Self((self.0 & !Self::UNKNOWN.0) | Self::FALSE.0)
        } else {
            self
        }
    }

    /// Unknown where false: what is not so may still become so.
    pub(crate) const fn unknown_if_false(self) -> Self {
        if self.can_be_false() {
            self.without_false().with(Self::UNKNOWN)
        } else {
            self
        }
    }

    pub(crate) const fn without_false(self) -> Self {
        Self(self.0 & !Self::FALSE.0)
    }

    pub(crate) fn not(self) -> Self {
        let mut all = if self.can_be_unknown() {
            Self::UNKNOWN
        } else {
            Self::NONE
        };
        if self.can_be_true() {
            all = all.with(Self::FALSE);
        }
        if self.can_be_false() {
            all = all.with(Self::TRUE);
        }
        all
    }

    /// Both: false if one is false, whatever the other.
    pub(crate) fn and(self, other: Self) -> Self {
        self.pairs(other, |a, b| match (a, b) {
            (Self::FALSE, _) | (_, Self::FALSE) => Self::FALSE,
            (Self::TRUE, Self::TRUE) => Self::TRUE,
            _ => Self::UNKNOWN,
        })
    }

    /// Either: true if one is true, whatever the other.
    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    fn pairs(self, other: Self, join: impl Fn(Self, Self) -> Self) -> Self {
        let has = |set: Self, one: Self| set.0 & one.0 != 0;
        let mut all = Self::NONE;
        for a in Self::SINGLE.into_iter().filter(|one| has(self, *one)) {
            for b in Self::SINGLE.into_iter().filter(|one| has(other, *one)) {
                all = all.with(join(a, b));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Truths = Truths::TRUE;
    const F: Truths = Truths::FALSE;
    const U: Truths = Truths::UNKNOWN;

    #[test]
    fn unknown_stays_unknown_unless_the_other_side_decides() {
        for (a, b, and, or) in [
            (T, T, T, T),
            (T, F, F, T),
            (F, F, F, F),
            (T, U, U, T),
            (F, U, F, U),
            (U, U, U, U),
        ] {
            assert_eq!((a.and(b), b.and(a)), (and, and));
            assert_eq!((a.or(b), b.or(a)), (or, or));
        }
        assert_eq!((T.not(), F.not(), U.not()), (F, T, U));
    }

    #[test]
    fn a_set_is_everything_that_its_members_can_give() {
        let both = T.with(F);
        assert_eq!(both.and(T), both);
        assert_eq!(both.and(U), U.with(F));
        assert_eq!(both.or(U), T.with(U));
        assert_eq!(U.with(T).unknown_as_false(), both);
    }
}
