//! What the operator decides.

use mooring_identity::{KdfParams, Lease};

/// How this HQ is run.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What people call the agency; read at the first start only.
    pub agency: String,
    /// What a password costs to check.
    pub password_cost: KdfParams,
    /// The alert ladder: a command and its arguments for each rung.
    pub alert_ladder: Vec<Vec<String>>,
    /// How long a phone may read after HQ heard of it.
    pub lease_ms: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            agency: "Mooring".into(),
            password_cost: KdfParams::floor(),
            alert_ladder: Vec::new(),
            lease_ms: Lease::USUAL_MS,
        }
    }
}
