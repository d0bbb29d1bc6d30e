//! Who may do what: one table of role, operation and holding, for the phone and for HQ alike. It decides nothing by itself: whoever
//! carries an operation out asks here first.
//!
//! Two things stand above the table. What all roles may alike (opening a guide, beginning a visit, capturing) needs none, so that a
//! phone whose person has lost every role still takes down what happens. And what this very visit wrote stays readable on the phone
//! that wrote it.

mod table;

use crate::people::{Role, Roles};
use table::TABLE;

/// How whoever asks holds the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holding {
    /// On a phone that holds the case open.
    Open,
    /// On a phone that holds it sealed but for name and hazards.
    Standby,
    /// On a phone that is not assigned it, or where no case is meant.
    Nothing,
    /// At HQ, where nobody is assigned a case.
    AtHq,
}

impl Holding {
    /// Every way to hold it, the closest first.
    pub const ALL: [Self; 4] = [Self::Open, Self::Standby, Self::Nothing, Self::AtHq];

    /// It in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Open => "phone, open",
            Self::Standby => "phone, standby",
            Self::Nothing => "phone, nothing",
            Self::AtHq => "HQ",
        }
    }
}

/// What a cell of the table says. The order is from less to more: who has several roles has the most that any of them gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum May {
    /// Not at all.
    No,
    /// Once the glass is broken, with a reason.
    AfterGlass,
    /// As an author of what it is about.
    Own,
    /// Unless they are an author of what it is about (of the lower answer, the override, the broken glass).
    Others,
    /// Always.
    Yes,
}

impl May {
    /// The cell in a word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "-",
            Self::AfterGlass => "glass",
            Self::Own => "own",
            Self::Others => "others",
            Self::Yes => "yes",
        }
    }

    /// Whether there is any way to it.
    pub const fn at_all(self) -> bool {
        !matches!(self, Self::No)
    }
}

macro_rules! operations {
    ($($(#[$doc:meta])* $name:ident = $words:literal,)*) => {
        /// What a phone or HQ can be asked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation { $($(#[$doc])* $name,)* }

        impl Operation {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The operation in words that stand behind "may".
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

operations! {
    /// Guides, numbers and the ladder to climb.
    OpenGuide = "open the guides",
    /// Beginning a visit, with the vault locked or open.
    BeginCase = "begin a case",
    /// Answers, notes, events, retractions of one's own.
    Capture = "capture",
    /// Sending what HQ lacks and taking what HQ has.
    Exchange = "exchange with HQ",
    /// The list of what this phone holds.
    ListCases = "list cases",
    /// Name and hazards of one case.
    ReadCard = "see a name and its hazards",
    /// Everything that is known of a case.
    ReadCase = "read cases",
    /// Opening a case that is sealed or whose lease is over, with a reason that is reviewed.
    BreakGlass = "break the glass",
    /// Settling what two answered differently, nothing lowered by it.
    SettleUp = "settle upward",
    /// Settling, a level lowered by it.
    SettleDown = "settle downward",
    /// Letting an earlier, worse value of an answer go.
    ConfirmLower = "let a worse answer go",
    /// Letting a later assessment or an override govern downward.
    Accept = "accept what governs downward",
    /// Saying by judgment that it is worse than computed.
    OverrideUp = "override upward",
    /// Saying by judgment that it is less; it stands beside until accepted.
    OverrideDown = "override downward",
    /// Reading advice and saying that it was read and acted on.
    ReadAdvice = "read advice",
    /// Handing a person over to whoever goes on caring for them.
    HandOff = "hand a person over",
    /// The same in an emergency.
    EmergencyHandOff = "hand a person over in an emergency",
    /// The queue and the list of all cases.
    ReadQueue = "read the queue",
    /// Signing a review.
    Sign = "sign a review",
    /// Sending, replacing, withdrawing advice.
    Advise = "send or withdraw advice",
    /// A case as a document, out of HQ.
    Export = "export cases",
    /// Which phones there are and when they were last heard from.
    SeePhones = "see phones",
    /// Saying which phones hold a case, and how.
    AssignCase = "assign cases",
    /// The list of broken glass, and judging each.
    ReviewBrokenGlass = "review broken glass",
    /// Deciding about what is held for a person: runs that did not pass, what a revoked phone sent afterwards.
    DecideHeld = "decide about what is held",
    /// Destroying one case for good.
    DestroyCase = "destroy cases",
    /// Having a phone enrolled at all.
    CarryPhone = "carry a phone",
    /// Codes, revocation, wipe.
    ManagePhones = "manage phones",
    /// Opening a phone's vault with the agency's recovery key, together with a second person.
    RecoverVault = "recover a phone's vault",
    /// Adding staff, roles, passwords, second factors.
    ManageStaff = "manage staff",
    /// Protocols and packs.
    ManageProtocols = "manage protocols",
    /// Who read what.
    ReadAudit = "read the audit",
    /// Counts that name no person.
    ReadFigures = "read figures",
}

/// What one role may.
pub fn may_role(operation: Operation, holding: Holding, role: Role) -> May {
    row(operation, holding).map_or(May::No, |cells| cell(cells, role))
}

/// What these roles together may.
pub fn may(operation: Operation, holding: Holding, roles: Roles) -> May {
    let Some(cells) = row(operation, holding) else {
        return May::No;
    };
    let held = Role::ALL.into_iter().filter(|role| roles.has(*role));
    let most = held.map(|role| cell(cells, role)).max();
    // What every role may alike needs none.
    let everyone = cells.iter().min().copied();
    most.max(everyone).unwrap_or(May::No)
}

/// The roles that have any way to an operation where a case is held so: for words.
pub fn who_may(operation: Operation, holding: Holding) -> Vec<Role> {
    let has_a_way = |role: &Role| may_role(operation, holding, *role).at_all();
    Role::ALL.into_iter().filter(has_a_way).collect()
}

fn row(operation: Operation, holding: Holding) -> Option<[May; 8]> {
    let named = |row: &&table::Row| row.0 == operation && row.1 == holding;
    TABLE.iter().find(named).map(|row| row.2)
}

fn cell(cells: [May; 8], role: Role) -> May {
    let [
        responder,
        peer,
        clinician,
        psychiatrist,
        supervisor,
        dispatcher,
        analyst,
        administrator,
    ] = cells;
    match role {
        Role::Responder => responder,
        Role::Peer => peer,
        Role::Clinician => clinician,
        Role::Psychiatrist => psychiatrist,
        Role::Supervisor => supervisor,
        Role::Dispatcher => dispatcher,
        Role::Analyst => analyst,
        Role::Administrator => administrator,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_and_holding_has_one_row_at_most_and_each_operation_one_at_least() {
        for operation in Operation::ALL {
            let rows = |holding| {
                let same = |row: &&table::Row| row.0 == *operation && row.1 == holding;
                TABLE.iter().filter(same).count()
            };
            let counts = Holding::ALL.map(rows);
            assert!(counts.iter().all(|count| *count <= 1), "{operation:?}");
            assert!(counts.iter().sum::<usize>() >= 1, "{operation:?}");
        }
    }
}
