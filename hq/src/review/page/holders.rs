//! Who holds a case, and the form that gives or ends it.

use maud::{Markup, html};

/// Who holds it, and what this reader may do about that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holders {
    /// Names and how they hold it: "in full", "in standby", "no longer".
    pub(crate) holders: Vec<(String, &'static str)>,
    /// The form; none where this reader may not.
    pub(crate) form: Option<AssignForm>,
}

/// The form.
#[derive(Clone, Debug, Default)]
pub(crate) struct AssignForm {
    /// Everyone who can be given the case: id and name.
    pub(crate) people: Vec<(String, String)>,
    /// It was just tried.
    pub(crate) pressed: bool,
}

/// What can be chosen, as it is posted and as it is said.
pub(crate) const CHOICES: [(&str, &str); 3] = [
    ("open", "Holds it in full"),
    ("standby", "Holds it in standby"),
    ("end", "Holds it no longer"),
];

impl Holders {
    /// The panel. `base` is the path of the case.
    pub(crate) fn render(&self, base: &str) -> Markup {
        html! {
            section class="panel" aria-labelledby="holders" {
                h2 id="holders" { "Who holds this case" }
                @if self.holders.is_empty() { p { "No phone holds it." } }
                ul class="plain" { @for (name, how) in &self.holders { li { (name) ", " (how) } } }
                @if let Some(form) = &self.form { (form.render(base)) }
            }
        }
    }
}

impl AssignForm {
    fn render(&self, base: &str) -> Markup {
        html! {
            details class="settle" open[self.pressed] {
                summary { "Give or end it" }
                p class="small" { "In standby a phone keeps the case sealed: name and hazards can be read, all else once its person breaks the glass. Ended, a phone drops it when everything it wrote is here." }
                label for="assign_person" { "Who" }
                select id="assign_person" name="assign_person" form="desk" {
                    @for (id, name) in &self.people { option value=(id) { (name) } }
                }
                label for="assign_access" { "From now on" }
                select id="assign_access" name="assign_access" form="desk" {
                    @for (token, words) in CHOICES { option value=(token) { (words) } }
                }
                button class="second" form="desk" name="form" value="assign" formaction={ (base) "/assign" } { "Give or end" }
            }
        }
    }
}
