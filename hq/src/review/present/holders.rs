//! Who holds a case, in words.

use mooring_exchange::Access;

use super::reading::Reading;
use crate::review::page::holders::{AssignForm, Holders};

/// The panel.
pub(crate) fn holders(reading: &Reading<'_>) -> Holders {
    let page = reading.page;
    let holders = page.holders.iter();
    let people = page.people.iter();
    Holders {
        holders: holders
            .map(|one| (reading.name(one.person), how(one.access)))
            .collect(),
        form: page.may.assign.is_ok().then(|| AssignForm {
            people: people
                .map(|(id, who)| {
                    (
                        id.to_string(),
                        format!("{} ({})", who.name, who.roles_words),
                    )
                })
                .collect(),
            pressed: reading.pressed == "assign",
        }),
    }
}

fn how(access: Access) -> &'static str {
    match access {
        Access::Open => "in full",
        Access::Standby => "in standby",
        Access::Ended | Access::Shredded => "no longer",
    }
}

/// What a form chose.
pub(crate) fn chosen(token: &str) -> Option<Access> {
    match token {
        "open" => Some(Access::Open),
        "standby" => Some(Access::Standby),
        "end" => Some(Access::Ended),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::page::holders::CHOICES;

    #[test]
    fn every_choice_of_the_form_is_read() {
        let read: Vec<_> = CHOICES.iter().map(|(token, _)| chosen(token)).collect();
        let all = [Access::Open, Access::Standby, Access::Ended].map(Some);
        assert_eq!(read, all);
        assert_eq!(chosen("shredded"), None);
    }
}
