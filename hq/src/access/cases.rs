//! Who may give and end cases, and who reviews broken glasses.

use mooring_casefile::{CaseId, Now, Role, Roles};

use super::Session;
use crate::office::Office;
use crate::refused::Refused;

/// What is done about a whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseAct {
    /// Giving a person a case, or ending it.
    Assign,
    /// Reviewing that somebody broke the glass.
    ReviewGlass,
}

impl CaseAct {
    const fn roles(self) -> &'static [Role] {
        match self {
            Self::Assign => &[Role::Supervisor, Role::Psychiatrist, Role::Dispatcher],
            Self::ReviewGlass => &[Role::Supervisor],
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Assign => {
                "Only a supervisor, a psychiatrist or a dispatcher gives and ends cases."
            }
            Self::ReviewGlass => "Only a supervisor reviews a broken glass.",
        }
    }

    /// Whether these roles may; why not, in words.
    pub(crate) fn check(self, roles: Roles) -> Result<(), Refused> {
        if self.roles().iter().any(|role| roles.has(*role)) {
            Ok(())
        } else {
            Err(Refused::forbidden(self.words()))
        }
    }
}

impl Session {
    /// Whether this person may review broken glasses; why not, in words.
    pub(crate) fn may_review_glass(&self) -> Result<(), Refused> {
        CaseAct::ReviewGlass.check(self.roles)
    }
}

impl Office {
    /// Lets an act through, or refuses it; either way it is written down first.
    pub(crate) fn admit_act(
        &self,
        by: &Session,
        act: CaseAct,
        what: &str,
        case: CaseId,
        now: Now,
    ) -> Result<(), Refused> {
        let allowed = act.check(by.roles);
        let code = allowed.as_ref().err().map(Refused::code);
        self.note(Some(by), what, Some(case), code, now)?;
        allowed?;
        self.refuse_shredded(case)
    }

    /// Of a shredded case nothing is left to do or to say.
    pub(crate) fn refuse_shredded(&self, case: CaseId) -> Result<(), Refused> {
        let rows = self.ledger.shredded()?;
        match rows.iter().find(|row| row.case == case) {
            Some(row) => Err(Refused::Shredded { at_ms: row.at_ms }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(act: CaseAct, may: &[Role]) {
        let allowed: Vec<Role> = Role::ALL
            .into_iter()
            .filter(|role| act.check(Roles::NONE.with(*role)).is_ok())
            .collect();
        assert_eq!(allowed, may);
    }

    #[test]
    fn each_role_may_what_the_table_says_and_nothing_else() {
        check(
            CaseAct::Assign,
            &[Role::Psychiatrist, Role::Supervisor, Role::Dispatcher],
        );
        check(CaseAct::ReviewGlass, &[Role::Supervisor]);
    }
}
