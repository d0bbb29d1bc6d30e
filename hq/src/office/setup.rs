//! What the operator decides.

use std::path::PathBuf;

use mooring_identity::{KdfParams, Lease};

/// How this HQ is run.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What people call the agency; read at the first start only.
    pub agency: String,
    /// The operator's key file, which seals HQ's own keys; without one their files' mode alone guards them.
    pub key_file: Option<PathBuf>,
    /// What a password costs to check.
    pub password_cost: KdfParams,
    /// Who has to have a second factor.
    pub second_factor: SecondFactorRule,
    /// The alert ladder: a command and its arguments for each rung.
    pub alert_ladder: Vec<Vec<String>>,
    /// Which cases phones get that nobody gave them.
    pub standby: Standby,
    /// How long phones keep a closed case after the last thing that came for it.
    pub keep_closed_ms: i64,
    /// How long a phone may read after HQ heard of it.
    pub lease_ms: u64,
}

/// Which cases phones get that nobody gave them: sealed but for name and hazards, until a person breaks the glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standby {
    /// Every case that is under way, on the phone of everyone who goes out. A responder who meets the person tonight, with no signal,
    /// must be able to break the glass: what is not on the phone then can't be had.
    All,
    /// None: a phone holds what it was given.
    None,
}

/// Two weeks.
const KEEP_CLOSED_MS: i64 = 14 * 24 * 60 * 60_000;

/// Who is asked for a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorRule {
    /// Whoever set one up; the pages urge everybody to.
    WhoeverSetOneUp,
    /// Whoever may read cases: nothing is let through before they set one up.
    WhoeverReadsCases,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            agency: "Mooring".into(),
            key_file: None,
            password_cost: KdfParams::floor(),
            second_factor: SecondFactorRule::WhoeverSetOneUp,
            alert_ladder: Vec::new(),
            standby: Standby::All,
            keep_closed_ms: KEEP_CLOSED_MS,
            lease_ms: Lease::USUAL_MS,
        }
    }
}
