//! Passwords that are guessed first, told by rules: a list of breached ones would be another's to ship, and ours to keep up.
//!
//! What a password is made of counts, not its length: words that everybody takes, names that are known, rows of keys, repeats.

/// What people take when they have to take something. Of our own making; each stands for its forms with digits and signs for letters.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "contrasena",
    "motdepasse",
    "passphrase",
    "passcode",
    "letmein",
    "welcome",
    "willkommen",
    "hello",
    "login",
    "logmein",
    "signin",
    "admin",
    "administrator",
    "root",
    "user",
    "guest",
    "secret",
    "changeme",
    "change",
    "default",
    "temp",
    "temporary",
    "test",
    "testing",
    "master",
    "access",
    "open",
    "please",
    "system",
    "server",
    "computer",
    "internet",
    "google",
    "facebook",
    "apple",
    "windows",
    "microsoft",
    "samsung",
    "iloveyou",
    "loveyou",
    "love",
    "baby",
    "sunshine",
    "princess",
    "angel",
    "dragon",
    "monkey",
    "tiger",
    "eagle",
    "shadow",
    "superman",
    "batman",
    "pokemon",
    "starwars",
    "football",
    "baseball",
    "basketball",
    "soccer",
    "hockey",
    "freedom",
    "whatever",
    "trustno",
    "nothing",
    "summer",
    "winter",
    "spring",
    "autumn",
    "fall",
    "monday",
    "friday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "mooring",
    "crisis",
    "mobile",
    "team",
    "hospital",
    "clinic",
    "doctor",
    "nurse",
    "psychiatry",
    "psychiatrist",
    "headquarters",
    "emergency",
    "responder",
    "hotline",
    "lifeline",
    "health",
    "mental",
];

/// Rows of keys and of signs, as fingers walk them.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
];

/// Letters that have to be left once everything that is guessed is taken out.
const LEFT: usize = 4;
/// Fewer different signs than this are none at all.
const DIFFERENT: usize = 5;
/// A walk along a row from here on counts as one thing.
const WALK: usize = 4;

/// Why a password is guessed, in words for its person; none if no rule says so.
pub(super) fn why_guessed(password: &str, names: &[&str]) -> Option<&'static str> {
    let text: Vec<char> = password.to_lowercase().chars().collect();
    let mut different = text.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT {
        return Some("It is made of a few signs over and over.");
    }
    if is_repeat(&text) {
        return Some("It is one part over and over.");
    }
    let letters: String = text.iter().map(|c| as_letter(*c)).collect();
    let parts: Vec<String> = names.iter().flat_map(|name| parts(name)).collect();
    if parts.iter().any(|part| letters.contains(part.as_str())) {
        return Some("It has your name or the agency's in it.");
    }
    if without_walks(&text).len() < LEFT * 2 {
        return Some("It is a walk along the keys, or counts up or down.");
    }
    let rest = without_words(&letters);
    let left = rest.chars().filter(char::is_ascii_alphabetic).count();
    let other = rest.chars().filter(|c| !c.is_ascii()).count();
    if left + other < LEFT {
        return Some("It is a word that everybody takes, with something added.");
    }
    None
}

/// "p@ssw0rd" reads as "password"; what is no sign for a letter stays.
fn as_letter(sign: char) -> char {
    match sign {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' | '€' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        other => other,
    }
}

fn is_repeat(text: &[char]) -> bool {
    (1..=text.len() / 2).any(|unit| {
        let part = text.get(..unit).unwrap_or_default();
        text.chunks(unit).all(|chunk| part.starts_with(chunk))
    })
}

/// The words of a name, in letters; short ones stand in too many other words.
fn parts(name: &str) -> Vec<String> {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| part.chars().count() >= LEFT)
        .map(|part| part.chars().map(as_letter).collect())
        .collect()
}

/// Without stretches that go up or down a row.
fn without_walks(text: &[char]) -> Vec<char> {
    let mut left = Vec::new();
    let mut rest = text;
    while let Some((first, others)) = rest.split_first() {
        let walk = ROWS.iter().map(|row| walk(row, rest)).max().unwrap_or(0);
        if walk >= WALK {
            rest = rest.get(walk..).unwrap_or_default();
        } else {
            left.push(*first);
            rest = others;
        }
    }
    left
}

/// How many signs from the beginning follow each other on this row, in one direction.
fn walk(row: &str, text: &[char]) -> usize {
    let place = |sign: &char| row.chars().position(|c| c == *sign);
    let along = |back: bool| {
        let steps = text.windows(2).take_while(|pair| {
            let places = (pair.first().and_then(place), pair.last().and_then(place));
            match places {
                (Some(one), Some(two)) if back => one == two + 1,
                (Some(one), Some(two)) => one + 1 == two,
                (None, _) | (_, None) => false,
            }
        });
        steps.count() + 1
    };
    along(false).max(along(true))
}

fn without_words(letters: &str) -> String {
    let mut rest = letters.to_owned();
    // The longest first, so that "administrator" does not leave "istrator".
    let mut words = COMMON.to_vec();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in words {
        rest = rest.replace(word, " ");
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &[&str] = &["Dr. A. Reyes", "Westside Mobile Crisis"];

    #[track_caller]
    fn guessed(password: &str) {
        assert!(why_guessed(password, NAMES).is_some(), "{password}");
    }

    #[track_caller]
    fn fine(password: &str) {
        assert_eq!(why_guessed(password, NAMES), None, "{password}");
    }

    #[test]
    fn words_that_everybody_takes_are_guessed_whatever_is_added() {
        guessed("password123");
        guessed("P@ssw0rd!2024");
        guessed("Summer2026!");
        guessed("welcome-welcome1");
        guessed("Adm1n1str4tor99");
        guessed("CrisisTeam2026");
        guessed("iloveyou!!22");
    }

    #[test]
    fn walks_and_counts_are_guessed() {
        guessed("1234567890");
        guessed("0987654321");
        guessed("qwertyuiop");
        guessed("asdfghjkl1");
        guessed("abcdefghij");
        guessed("1qaz2wsx3edc");
        guessed("QWERTZ12345");
    }

    #[test]
    fn repeats_are_guessed() {
        guessed("aaaaaaaaaaaa");
        guessed("abcabcabcabc");
        guessed("harborharbor");
        guessed("1212121212121");
    }

    #[test]
    fn ones_own_name_and_the_agencys_are_guessed() {
        guessed("reyes-lamp-9-otter");
        guessed("R3y3s-lamp-otter");
        guessed("westside-otter-lamp");
    }

    #[test]
    fn what_nobody_takes_is_fine() {
        fine("harbor lights at four");
        fine("a long enough one");
        fine("correct horse battery");
        fine("kx7-ppq-rt9-mmz");
        fine("Übergrößenträger");
        fine("a long password");
    }
}
