//! What a data folder needs before anyone can work: an administrator, the starter pack, a directory.

use mooring_casefile::{Now, Role, Roles};
use mooring_protocol::starter_pack;

use super::{Office, OpenError};
use crate::access::NewStaff;
use crate::keys::Exported;

/// What the first start made, to be said once: the password is kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstStart {
    /// The first administrator's name.
    pub administrator: String,
    /// Their password.
    pub password: String,
    /// Where the root's and the custodians' private keys wait to be taken offline; none if an earlier start was cut off after making
    /// them.
    pub exported: Option<Exported>,
}

/// Makes what is missing. A start that was cut off half-way is completed by the next.
pub(super) fn settle_in(
    office: &Office,
    exported: Option<Exported>,
    now: Now,
) -> Result<Option<FirstStart>, OpenError> {
    for protocol in starter_pack() {
        office.take_protocol(&protocol, now)?;
    }
    office.publish_keys(now)?;
    if !office.ledger.staff()?.is_empty() {
        office.refresh_directory(now)?;
        return Ok(None);
    }
    let administrator = "administrator".to_owned();
    let new = NewStaff {
        name: administrator.clone(),
        roles: Roles::NONE.with(Role::Administrator),
        password: None,
    };
    match office.add_staff(&new, now) {
        Ok(added) => Ok(Some(FirstStart {
            administrator,
            password: added.password,
            exported,
        })),
        // Another process opened the same new folder a moment ago and says it.
        Err(_) => Ok(None),
    }
}
