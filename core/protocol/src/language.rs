//! Which languages a protocol can be shown in, and what of it is not translated.

use std::collections::BTreeSet;

use crate::item::{Item, Words, base_language};

/// A text without words in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untranslated {
    /// The item's linkId; empty for the protocol's own title.
    pub link_id: String,
    /// Which of its texts, as `text` or `option`.
    pub what: &'static str,
    /// The text in the file's own language, which is shown instead.
    pub text: String,
}

/// The file's own language first, then those of any translation.
pub(crate) fn languages(own: Option<&str>, title: &Words, items: &[Item]) -> Vec<String> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    each(title, items, &mut |_, _, words| {
        found.extend(words.translations.keys().map(String::as_str));
    });
    found.retain(|language| Some(*language) != own);
    own.into_iter().chain(found).map(str::to_owned).collect()
}

/// What stands in no other words than the file's own.
pub(crate) fn untranslated(
    own: Option<&str>,
    language: &str,
    title: &Words,
    items: &[Item],
) -> Vec<Untranslated> {
    if own.is_some_and(|own| base_language(own) == base_language(language)) {
        return Vec::new();
    }
    let mut missing = Vec::new();
    each(title, items, &mut |link, what, words| {
        if !words.plain.trim().is_empty() && words.translation(language).is_none() {
            missing.push(Untranslated {
                link_id: link.to_owned(),
                what,
                text: words.plain.clone(),
            });
        }
    });
    missing
}

/// Calls with every text: the linkId, which text, and its words. Values that are their own words need no translation.
fn each<'w>(
    title: &'w Words,
    items: &'w [Item],
    call: &mut dyn FnMut(&str, &'static str, &'w Words),
) {
    call("", "title", title);
    let mut stack: Vec<&Item> = items.iter().rev().collect();
    while let Some(item) = stack.pop() {
        let own = [
            ("prefix", &item.prefix),
            ("text", &item.text),
            ("open label", &item.open_label),
            ("entry format", &item.entry_format),
        ];
        for (what, words) in own {
            let is_number = what == "prefix" && !words.plain.chars().any(char::is_alphabetic);
            if !is_number {
                call(&item.link_id, what, words);
            }
        }
        for option in item.options.iter().filter(|option| option.has_words()) {
            call(&item.link_id, "option", &option.words);
        }
        for help in &item.help {
            call(&item.link_id, "help", &help.words);
        }
        stack.extend(item.items.iter().rev());
    }
}
