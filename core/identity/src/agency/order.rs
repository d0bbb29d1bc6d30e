//! What HQ orders a phone to do, under its signature.

use crate::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

/// What is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordered {
    /// Destroy the vault, all of its slots. What is sealed for HQ stays.
    Wipe,
}

/// HQ's order to one device. A phone that enrols anew is another device, so that an order that comes late destroys no later vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The agency.
    pub agency: AgencyId,
    /// To which device.
    pub device: [u8; 16],
    /// When it was made, by HQ's clock.
    pub made_ms: i64,
    /// What to do.
    pub what: Ordered,
}

impl Statement for Order {
    const DOMAIN: Domain = Domain::Order;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.device)
            .i64(self.made_ms);
        match self.what {
            Ordered::Wipe => out.u8(0),
        };
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            device: reader.array()?,
            made_ms: reader.i64()?,
            what: match reader.u8()? {
                0 => Ordered::Wipe,
                // An order that this version can't carry out is never taken for another.
                1..=u8::MAX => return Err(IdentityError::TooNew),
            },
        })
    }
}
