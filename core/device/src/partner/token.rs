//! "I am here": what this phone shows to a partner who gives it a case; and reading a partner's.

use super::refused;
use crate::device::Device;
use crate::error::{Error, Result};
use crate::vault::sql::partner_tokens;
use crate::who::WhoAmI;
use mooring_casefile::{DeviceId, Now, PersonId, Roles};
use mooring_exchange::{ShownToken, TokenDraft};
use mooring_identity::RecipientKey;

impl Device {
    /// Makes a token to be shown to a partner's phone, good once and for ten minutes. Anybody may see it: what answers it can be opened
    /// by this phone only.
    pub fn partner_token(&mut self, now: Now) -> Result<Vec<u8>> {
        let (open, seams) = self.opened(now)?;
        let papers = open.papers()?;
        let key = RecipientKey::make(seams.random.as_mut());
        let draft = TokenDraft {
            agency: open.trust()?.agency,
            device: open.me.attribution.device,
            to: key.recipient(),
            certificate: &papers.certificate,
            key_set: &papers.key_set,
            made_ms: now.wall_ms,
        };
        let (token, nonce) = ShownToken::make(&draft, &open.key, seams.random.as_mut());
        open.vault.write(now, |tx| {
            Ok(partner_tokens::put(
                tx,
                &nonce,
                &token,
                key.seed().expose(),
                now,
            )?)
        })?;
        Ok(token)
    }

    /// Whose phone shows this token, to be asked before anything is given.
    pub fn partner_of(&self, token: &[u8]) -> Result<WhoAmI> {
        let open = self.open.as_ref().ok_or(Error::Locked)?;
        let shown = ShownToken::open(token, &open.trust()?).map_err(refused)?;
        let said = shown.certificate();
        Ok(WhoAmI {
            device: DeviceId::new(said.device),
            person: PersonId::new(said.person),
            name: said.name.clone(),
            roles: Roles::from_bits(said.roles),
        })
    }
}
