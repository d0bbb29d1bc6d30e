//! Numbers and spans as a colleague says them.

/// A count in words up to twelve, in figures above.
pub(crate) fn count(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// The same at the beginning of a sentence.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// "Four cases wait for you", "No case waits for you".
pub(crate) fn cases_wait(n: usize) -> String {
    let many = capitalized(&count(n));
    match n {
        0 | 1 => format!("{many} case waits for you"),
        _ => format!("{many} cases wait for you"),
    }
}

/// "1 question", "3 questions": the noun takes a plain s.
pub(crate) fn counted(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

/// An age: "under a minute", "8 min", "1 h 20 min", "3 days". A clock that ran backwards reads as no age at all.
pub(crate) fn age(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    match (minutes / (24 * 60), minutes / 60, minutes % 60) {
        (_, 0, 0) => "under 1 min".to_owned(),
        (_, 0, m) => format!("{m} min"),
        (0, h, 0) => format!("{h} h"),
        (0, h, m) => format!("{h} h {m} min"),
        (1, _, _) => "1 day".to_owned(),
        (d, _, _) => format!("{d} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_counts_in_words() {
        assert_eq!(cases_wait(0), "No case waits for you");
        assert_eq!(cases_wait(1), "One case waits for you");
        assert_eq!(cases_wait(4), "Four cases wait for you");
        assert_eq!(cases_wait(13), "13 cases wait for you");
    }

    #[test]
    fn an_age_is_said_as_one_would_say_it() {
        for (ms, said) in [
            (-5, "under 1 min"),
            (59_999, "under 1 min"),
            (60_000, "1 min"),
            (4_800_000, "1 h 20 min"),
            (7_200_000, "2 h"),
            (86_400_000, "1 day"),
            (260_000_000, "3 days"),
        ] {
            assert_eq!(age(ms), said);
        }
    }
}
