//! What each role may do at HQ, one table.

use mooring_casefile::{Role, Roles};

use super::Session;
use crate::refused::Refused;

/// What is asked of HQ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// Reading the queue and cases.
    Read,
    /// Signing a review.
    Sign,
    /// Settling a contested answer, accepting, overriding.
    Judge,
    /// Sending, replacing, withdrawing advice.
    Advise,
    /// Seeing the phones.
    SeeDevices,
}

impl Verb {
    /// The roles that may; any one of them is enough.
    const fn roles(self) -> &'static [Role] {
        match self {
            Self::Read => &[Role::Psychiatrist, Role::Clinician, Role::Supervisor],
            Self::Sign | Self::Advise => &[Role::Psychiatrist],
            Self::Judge => &[Role::Psychiatrist, Role::Clinician],
            Self::SeeDevices => &[
                Role::Psychiatrist,
                Role::Clinician,
                Role::Supervisor,
                Role::Administrator,
            ],
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Read => "Only a psychiatrist, a clinician or a supervisor reads cases.",
            Self::Sign => "Only a psychiatrist signs a review.",
            Self::Judge => {
                "Only a psychiatrist or a clinician settles, accepts or overrides at HQ."
            }
            Self::Advise => "Only a psychiatrist sends or withdraws advice.",
            Self::SeeDevices => "Your role does not show phones.",
        }
    }

    /// Whether these roles may.
    pub fn allowed(self, roles: Roles) -> bool {
        self.roles().iter().any(|role| roles.has(*role))
    }
}

impl Session {
    /// Whether this person may; why not, in words.
    pub fn may(&self, verb: Verb) -> Result<(), Refused> {
        if verb.allowed(self.roles) {
            Ok(())
        } else {
            Err(Refused::forbidden(verb.words()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(role: Role, may: &[Verb]) {
        let all = [
            Verb::Read,
            Verb::Sign,
            Verb::Judge,
            Verb::Advise,
            Verb::SeeDevices,
        ];
        let allowed: Vec<Verb> = all
            .into_iter()
            .filter(|verb| verb.allowed(Roles::NONE.with(role)))
            .collect();
        assert_eq!(allowed, may, "{role:?}");
    }

    #[test]
    fn each_role_may_what_the_table_says_and_nothing_else() {
        check(
            Role::Psychiatrist,
            &[
                Verb::Read,
                Verb::Sign,
                Verb::Judge,
                Verb::Advise,
                Verb::SeeDevices,
            ],
        );
        check(
            Role::Clinician,
            &[Verb::Read, Verb::Judge, Verb::SeeDevices],
        );
        check(Role::Supervisor, &[Verb::Read, Verb::SeeDevices]);
        check(Role::Administrator, &[Verb::SeeDevices]);
        for role in [Role::Responder, Role::Peer, Role::Dispatcher, Role::Analyst] {
            check(role, &[]);
        }
    }
}
