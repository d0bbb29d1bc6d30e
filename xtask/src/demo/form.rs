//! Just enough HTML to do what a person does without script: read a page's words, fill in a form, press a button.

use anyhow::{Context, Result, bail};

/// A form as it stands on a page, with the controls that belong to it wherever they are.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Form {
    id: String,
    pub(crate) action: String,
    /// What would be sent, in the page's order. A choice that is not made yet is in `choices` only.
    pub(crate) fields: Vec<(String, String)>,
    choices: Vec<Choice>,
    buttons: Vec<Button>,
}

/// A radio button, a check box or an option of a list.
#[derive(Debug, Clone, PartialEq)]
struct Choice {
    name: String,
    value: String,
    words: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Button {
    words: String,
    name: String,
    value: String,
    action: Option<String>,
}

impl Form {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(field, _)| field == name)
            || self.choices.iter().any(|choice| choice.name == name)
    }

    /// The first field whose name begins so.
    pub(crate) fn name_like(&self, begins: &str) -> Option<String> {
        let fields = self.fields.iter().map(|(name, _)| name);
        let mut names = fields.chain(self.choices.iter().map(|choice| &choice.name));
        names.find(|name| name.starts_with(begins)).cloned()
    }

    /// Types into a field; a name that the form does not have is an error.
    pub(crate) fn fill(&mut self, name: &str, value: &str) -> Result<()> {
        if !self.has(name) {
            bail!("the form to {} has no field {name}", self.action);
        }
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    /// Makes the choice whose words contain `words`.
    pub(crate) fn choose(&mut self, name: &str, words: &str) -> Result<()> {
        let fits = |choice: &&Choice| choice.name == name && choice.words.contains(words);
        let choice = self.choices.iter().find(fits);
        let value = choice.map(|choice| choice.value.clone());
        self.fill(
            name,
            &value.with_context(|| format!("no choice of {name} says {words:?}"))?,
        )
    }

    /// The form as it is sent by the button whose words contain `words`.
    pub(crate) fn press(mut self, words: &str) -> Result<Self> {
        let button = self.buttons.iter().find(|it| it.words.contains(words));
        let button = button.with_context(|| {
            let all: Vec<_> = self.buttons.iter().map(|it| it.words.as_str()).collect();
            format!("no button says {words:?}; there are: {}", all.join(" | "))
        })?;
        if !button.name.is_empty() {
            self.fields
                .push((button.name.clone(), button.value.clone()));
        }
        if let Some(action) = &button.action {
            self.action.clone_from(action);
        }
        Ok(self)
    }
}

/// Every form of a page.
pub(crate) fn forms(html: &str) -> Vec<Form> {
    let pieces = pieces(html);
    let mut forms: Vec<Form> = pieces
        .iter()
        .filter(|piece| piece.kind() == "form")
        .map(|piece| Form {
            id: piece.attribute("id").unwrap_or_default(),
            action: piece.attribute("action").unwrap_or_default(),
            ..Form::default()
        })
        .collect();
    let mut opened = 0;
    let mut list = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        match piece.kind() {
            "form" => opened += 1,
            "select" => list = piece.named(),
            _ => {}
        }
        let owner = match piece.attribute("form") {
            Some(id) => forms.iter_mut().find(|form| form.id == id),
            None if opened > 0 => forms.get_mut(opened - 1),
            None => None,
        };
        if let Some(form) = owner {
            let after = pieces.get(at..).unwrap_or_default();
            control(form, piece, after, &list);
        }
    }
    forms
}

fn control(form: &mut Form, piece: &Piece<'_>, after: &[Piece<'_>], list: &str) {
    match piece.kind() {
        "button" => form.buttons.push(Button {
            words: words_until("/button", after),
            name: piece.named(),
            value: piece.value(),
            action: piece.attribute("formaction"),
        }),
        "textarea" => form.fields.push((piece.named(), decode(piece.text))),
        "select" => listed(form, list, after),
        "input" => input(form, piece, after),
        _ => {}
    }
}

fn input(form: &mut Form, piece: &Piece<'_>, after: &[Piece<'_>]) {
    let kind = piece.attribute("type").unwrap_or_default();
    let chosen = kind == "radio" || kind == "checkbox";
    if !chosen || piece.says("checked") {
        form.fields.push((piece.named(), piece.value()));
    }
    if chosen {
        form.choices.push(Choice {
            name: piece.named(),
            value: piece.value(),
            words: words_until("/label", after),
        });
    }
}

/// A list sends its selected option, or else its first.
fn listed(form: &mut Form, name: &str, after: &[Piece<'_>]) {
    let inside = after.iter().take_while(|piece| piece.kind() != "/select");
    let options: Vec<_> = inside.filter(|piece| piece.kind() == "option").collect();
    let selected = options.iter().find(|option| option.says("selected"));
    if let Some(option) = selected.or(options.first()) {
        form.fields.push((name.to_owned(), option.value()));
    }
    form.choices.extend(options.iter().map(|option| Choice {
        name: name.to_owned(),
        value: option.value(),
        words: words(option.text),
    }));
}

/// A tag and the text that follows it.
struct Piece<'h> {
    tag: &'h str,
    text: &'h str,
}

fn pieces(html: &str) -> Vec<Piece<'_>> {
    html.split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(tag, text)| Piece { tag, text })
        .collect()
}

impl Piece<'_> {
    fn kind(&self) -> &str {
        self.tag.split_whitespace().next().unwrap_or_default()
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let (_, after) = self.tag.split_once(&format!(" {name}=\""))?;
        let (value, _) = after.split_once('"')?;
        Some(decode(value))
    }

    fn named(&self) -> String {
        self.attribute("name").unwrap_or_default()
    }

    fn value(&self) -> String {
        self.attribute("value").unwrap_or_default()
    }

    fn says(&self, word: &str) -> bool {
        self.tag.split_whitespace().any(|it| it == word)
    }
}

fn words_until(end: &str, after: &[Piece<'_>]) -> String {
    let inside = after.iter().take_while(|piece| piece.kind() != end);
    let text: Vec<_> = inside.map(|piece| piece.text).collect();
    spaced(&text.join(" "))
}

/// What a person reads: no tags, no style, no script, single spaces.
pub(crate) fn words(html: &str) -> String {
    let (first, _) = html.split_once('<').unwrap_or((html, ""));
    let mut seen = first.to_owned();
    for piece in pieces(html) {
        if !["style", "script"].contains(&piece.kind()) {
            seen.push(' ');
            seen.push_str(piece.text);
        }
    }
    spaced(&seen)
}

fn spaced(text: &str) -> String {
    let decoded = decode(text);
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn decode(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<h1>Sign &amp; send</h1><style>h1 { color: red }</style>
        <form id="out" method="post" action="/sign-out"><button>Sign out</button></form>
        <form id="desk" method="post" action="/case/1"><input type="hidden" name="csrf" value="a&quot;b"></form>
        <textarea name="plan" form="desk">Stay &lt;here&gt;</textarea>
        <label><input type="radio" form="desk" name="choice|1" value="x7"> <b>Yes</b> said to Ana</label>
        <label><input type="radio" form="desk" name="choice|1" value="x8" checked> <b>No</b> said to Ben</label>
        <select name="until" form="desk"><option value="1">an hour</option><option value="4" selected>four</option></select>
        <button form="desk" name="which" value="older" formaction="/case/1/sign">Sign the <b>older</b> one</button>"#;

    fn value<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
        let field = form.fields.iter().find(|(field, _)| field == name)?;
        Some(&field.1)
    }

    fn desk() -> Form {
        forms(PAGE).remove(1)
    }

    #[test]
    fn a_form_is_sent_as_it_stands_with_controls_from_all_over_the_page() {
        let form = desk();
        let expected = [
            ("csrf", "a\"b"),
            ("plan", "Stay <here>"),
            ("choice|1", "x8"),
            ("until", "4"),
        ];
        let fields: Vec<_> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_choice_is_made_by_the_words_beside_it() {
        let mut form = desk();
        form.choose("choice|1", "said to Ana").unwrap();
        assert_eq!(value(&form, "choice|1"), Some("x7"));
        assert!(form.choose("choice|1", "said to Carl").is_err());
    }

    #[test]
    fn a_field_that_the_page_does_not_have_cannot_be_filled() {
        let mut form = desk();
        assert!(form.fill("plan", "Walk with him").is_ok());
        assert!(form.fill("password", "x").is_err());
    }

    #[test]
    fn a_button_says_where_the_form_goes_and_adds_its_own_value() {
        let form = desk().press("Sign the older").unwrap();
        assert_eq!(form.action, "/case/1/sign");
        assert_eq!(value(&form, "which"), Some("older"));
        assert!(desk().press("Delete").is_err());
    }

    #[test]
    fn a_person_reads_the_words_and_not_the_style() {
        let words = words(PAGE);
        assert!(
            words.starts_with("Sign & send Sign out Stay <here>"),
            "{words}"
        );
        assert!(!words.contains("color"));
    }
}
