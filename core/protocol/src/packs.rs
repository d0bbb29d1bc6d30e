//! The starter pack: protocols in this project's own words, as data; none of them is a validated instrument.

use std::sync::LazyLock;

use crate::protocol::Protocol;

macro_rules! protocol {
    ($name:literal) => {
        (
            include_bytes!(concat!("../packs/", $name, ".questionnaire.json")).as_slice(),
            include_bytes!(concat!("../packs/", $name, ".rules.json")).as_slice(),
        )
    };
}

const FILES: [(&[u8], &[u8]); 17] = [
    protocol!("trauma-reminders"),
    protocol!("scene-safety"),
    protocol!("danger-to-others"),
    protocol!("medical-red-flags"),
    protocol!("substances"),
    protocol!("agitation"),
    protocol!("verbal-de-escalation"),
    protocol!("consent-and-choices"),
    protocol!("suicide-risk-interview"),
    protocol!("visit-facts"),
    protocol!("decision-capacity"),
    protocol!("strengths-and-supports"),
    protocol!("social-needs"),
    protocol!("means-safety"),
    protocol!("safety-plan"),
    protocol!("hand-off"),
    protocol!("follow-up"),
];

static PACK: LazyLock<Vec<Protocol>> = LazyLock::new(|| {
    // A test reads every file, so none is left out here.
    FILES
        .iter()
        .filter_map(|(questionnaire, rules)| Protocol::parse(questionnaire, Some(rules)).ok())
        .collect()
});

/// The protocols of the starter pack, in the order in which a visit comes to them.
pub fn starter_pack() -> Vec<Protocol> {
    PACK.clone()
}

#[cfg(test)]
mod tests;
