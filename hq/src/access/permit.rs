//! Asking the one table of roles and operations, and saying in words why not.

use mooring_casefile::{Holding, Operation, Role, may, who_may};

use super::Session;
use crate::refused::Refused;

impl Session {
    /// Whether this person may at all; why not, in words. What depends on who wrote something is asked where that is known.
    pub fn may(&self, operation: Operation) -> Result<(), Refused> {
        if self.must_set_up {
            return Err(Refused::SecondFactorFirst);
        }
        if may(operation, Holding::AtHq, self.roles).at_all() {
            Ok(())
        } else {
            Err(Refused::forbidden(&words(operation)))
        }
    }
}

/// "Only a clinician, a psychiatrist or a supervisor may read cases."
fn words(operation: Operation) -> String {
    let mut who: Vec<_> = who_may(operation, Holding::AtHq)
        .into_iter()
        .map(a_role)
        .collect();
    let last = who.pop().unwrap_or_else(|| "nobody".to_owned());
    let who = if who.is_empty() {
        last
    } else {
        format!("{} or {last}", who.join(", "))
    };
    format!("Only {who} may {} at headquarters.", operation.words())
}

fn a_role(role: Role) -> String {
    let article = match role {
        Role::Analyst | Role::Administrator => "an",
        Role::Responder
        | Role::Peer
        | Role::Clinician
        | Role::Psychiatrist
        | Role::Supervisor
        | Role::Dispatcher => "a",
    };
    format!("{article} {}", role.words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(operation: Operation, expected: &str) {
        assert_eq!(words(operation), expected);
    }

    #[test]
    fn why_not_names_who_may() {
        check(
            Operation::ReadCase,
            "Only a clinician, a psychiatrist or a supervisor may read cases at headquarters.",
        );
        check(
            Operation::Sign,
            "Only a psychiatrist may sign a review at headquarters.",
        );
        check(
            Operation::ManageStaff,
            "Only an administrator may manage staff at headquarters.",
        );
    }
}
