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
    /// How long a phone may read after HQ heard of it.
    pub lease_ms: u64,
}

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
            lease_ms: Lease::USUAL_MS,
        }
    }
}
