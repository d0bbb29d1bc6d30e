//! A FHIR decimal: keeps the text as it was written, and compares and adds exactly.

use std::fmt;

/// Digits kept behind the point; FHIR asks for at least 18 significant ones.
const SCALE: u32 = 18;
const ONE: i128 = 1_000_000_000_000_000_000;

/// An exact decimal number with the text that it came from.
///
/// Two decimals are equal only if their text is too (`1.0` says more than `1`); [`Decimal::value`] compares the numbers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    units: i128,
    text: String,
}

impl Decimal {
    /// Reads a decimal: an optional sign, digits, an optional fraction, an optional exponent. At most 18 digits on either side.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty()
            || !whole
                .chars()
                .chain(fraction.chars())
                .all(|c| c.is_ascii_digit())
        {
            return None;
        }
        let number: i128 = format!("{whole}{fraction}").parse().ok()?;
        // A leading zero is no JSON, and would give one number two texts.
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let shift = i32::try_from(SCALE).ok()? + exponent - i32::try_from(fraction.len()).ok()?;
        let units = shifted(number, shift)?;
        if units.unsigned_abs() >= (ONE * ONE).unsigned_abs() {
            return None;
        }
        let units = if negative { -units } else { units };
        Some(Self {
            units,
            text: text.to_owned(),
        })
    }

    /// The number, in units of 10⁻¹⁸: what comparing and adding go by.
    pub const fn value(&self) -> i128 {
        self.units
    }

    /// The decimal with this many units of 10⁻¹⁸, written as short as possible.
    pub fn from_units(units: i128) -> Self {
        let sign = if units < 0 { "-" } else { "" };
        let size = units.unsigned_abs();
        let one = ONE.unsigned_abs();
        let fraction = format!("{:018}", size % one);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        Self {
            units,
            text: format!("{sign}{}{point}{fraction}", size / one),
        }
    }

    /// The decimal with this many units, if it is one of at most 18 digits before the point.
    pub(crate) fn checked(units: i128) -> Option<Self> {
        (units.unsigned_abs() < (ONE * ONE).unsigned_abs()).then(|| Self::from_units(units))
    }

    /// How many digits it needs behind the point.
    pub(crate) fn places(&self) -> usize {
        let shortest = Self::from_units(self.units);
        shortest
            .text
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len())
    }

    /// The whole number, if it is one.
    pub(crate) fn whole(&self) -> Option<i64> {
        (self.units % ONE == 0)
            .then(|| i64::try_from(self.units / ONE).ok())
            .flatten()
    }

    /// The nearest decimal to a number that was worked out inexactly.
    pub(crate) fn from_inexact(number: f64) -> Option<Self> {
        if !number.is_finite() || number.abs() >= 1e18 {
            return None;
        }
        let shortest = Self::parse(&format!("{number}"));
        shortest.or_else(|| Self::parse(&format!("{number:.18}")))
    }

    /// The number, inexactly.
    pub(crate) fn inexact(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    /// The text as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// The product of two numbers in units of 10⁻¹⁸; nothing where it is too large. Digits beyond 18 are cut off.
pub(crate) fn product(a: i128, b: i128) -> Option<i128> {
    let (a_whole, a_rest) = (a / ONE, a % ONE);
    let (b_whole, b_rest) = (b / ONE, b % ONE);
    let large = a_whole.checked_mul(b)?;
    let mixed = a_rest.checked_mul(b_whole)?;
    let small = a_rest.checked_mul(b_rest)? / ONE;
    large.checked_add(mixed)?.checked_add(small)
}

/// The quotient in units of 10⁻¹⁸, by hand digit by digit, because the wider product does not fit; nothing for a divisor of zero.
pub(crate) fn quotient(a: i128, b: i128) -> Option<i128> {
    let negative = (a < 0) != (b < 0);
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    let mut result = a.checked_div(b)?;
    let mut rest = a % b;
    for _ in 0..SCALE {
        rest = rest.checked_mul(10)?;
        result = result.checked_mul(10)?.checked_add(rest / b)?;
        rest %= b;
    }
    let size = i128::try_from(result).ok()?;
    Some(if negative { -size } else { size })
}

/// Rounded to so many digits behind the point; a half goes away from zero.
pub(crate) fn rounded(units: i128, digits: u32) -> Option<i128> {
    let step = 10_i128.checked_pow(SCALE.checked_sub(digits.min(SCALE))?)?;
    let half = if units < 0 { -(step / 2) } else { step / 2 };
    Some(units.checked_add(half)? / step * step)
}

/// One, in units of 10⁻¹⁸.
pub(crate) const UNIT: i128 = ONE;

/// `number` times ten to the power of `places`; nothing that would be cut off or overflow.
fn shifted(number: i128, places: i32) -> Option<i128> {
    if number == 0 {
        return Some(0);
    }
    let power = 10_i128.checked_pow(places.unsigned_abs())?;
    if places >= 0 {
        return number.checked_mul(power);
    }
    (number % power == 0).then_some(number / power)
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self {
            units: i128::from(whole) * ONE,
            text: whole.to_string(),
        }
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let number =
            Decimal::parse(text).map(|d| Decimal::from_units(d.value()).as_str().to_owned());
        assert_eq!(number.as_deref(), expected, "{text}");
    }

    #[test]
    fn decimals_are_read_exactly() {
        check("0", Some("0"));
        check("-0.5", Some("-0.5"));
        check("4.80", Some("4.8"));
        check("1e3", Some("1000"));
        check("12E-1", Some("1.2"));
        check("999999999999999999", Some("999999999999999999"));
    }

    #[test]
    fn what_is_no_decimal_or_would_lose_digits_is_refused() {
        for text in [
            "",
            "-",
            ".5",
            "5.",
            "1,5",
            "NaN",
            "1e",
            "1e99",
            "1e-99",
            "0.0000000000000000001",
            "1000000000000000000",
            "01",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn products_quotients_and_rounding_are_exact_to_18_digits() {
        let units = |text: &str| Decimal::parse(text).unwrap().value();
        for (a, b, times, by) in [
            ("3", "4", "12", "0.75"),
            ("-1.5", "0.5", "-0.75", "-3"),
            ("200000000.25", "3", "600000000.75", "66666666.75"),
            ("1", "3", "3", "0.333333333333333333"),
        ] {
            assert_eq!(product(units(a), units(b)), Some(units(times)));
            assert_eq!(quotient(units(a), units(b)), Some(units(by)));
        }
        assert_eq!(quotient(1, 0), None);
        assert_eq!(product(units("1e17"), units("1e17")), None);
        for (number, digits, to) in [("1.55", 1, "1.6"), ("2.5", 0, "3"), ("-2.4", 0, "-2")] {
            assert_eq!(rounded(units(number), digits), Some(units(to)), "{number}");
        }
    }

    #[test]
    fn the_text_is_kept_and_the_number_compared() {
        let (a, b) = (Decimal::parse("1.0").unwrap(), Decimal::from(1));
        assert_eq!(a.as_str(), "1.0");
        assert_eq!(a.value(), b.value());
        assert_ne!(a, b);
    }
}
