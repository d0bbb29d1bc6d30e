//! What lies sealed for HQ, and can be sent while the vault is locked, set aside or gone. No PIN is asked for.

use crate::error::MooringError;
use crate::exchange::{Request, address};
use crate::keys;
use crate::listen::Changed;
use crate::phone::BlockingPhone;
use crate::rows::count;
use mooring_device::{Error, Outbox, UploadAnswered};

/// What HQ's answer came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct OutboxAnswered {
    /// How many changes HQ says that it holds.
    pub named: i64,
    /// The vault was destroyed now, on HQ's order. What is sealed for HQ is still here to be sent.
    pub wiped: bool,
    /// Whether there is more to send now.
    pub more: bool,
}

#[uniffi::export]
impl BlockingPhone {
    /// How many changes are on this phone only, locked or not. Nothing where no vault has said anything yet.
    pub fn only_here(&self) -> Result<Option<i64>, MooringError> {
        let only_here = self.door(|_, _| Ok(Outbox::open(self.dir())?.only_here()))?;
        Ok(only_here.map(count))
    }

    /// What to carry to HQ of what lies sealed; nothing where HQ has it all.
    pub fn outbox_request(&self) -> Result<Option<Request>, MooringError> {
        self.door(|_, _| self.sealed_request())
    }

    /// Takes HQ's answer. Only its signed word takes a record away, and only its signed order to this phone destroys a vault; while the
    /// vault is open an order waits for the next exchange.
    pub fn outbox_reply(&self, reply: Vec<u8>) -> Result<OutboxAnswered, MooringError> {
        let mut seams = keys::seams(self.keystore());
        let answered = self.door(|_, _| {
            let UploadAnswered { named, wiped } =
                Outbox::open(self.dir())?.take_answer(&reply, &mut seams)?;
            // An answer that names nothing leaves the same to be sent: not at once.
            let more = named > 0 && self.sealed_request()?.is_some();
            Ok(OutboxAnswered {
                named: count(named),
                wiped,
                more,
            })
        })?;
        self.listeners().tell(Changed::Everything);
        Ok(answered)
    }
}

impl BlockingPhone {
    fn sealed_request(&self) -> Result<Option<Request>, Error> {
        let outbox = Outbox::open(self.dir())?;
        let Some(body) = outbox.upload()? else {
            return Ok(None);
        };
        let (hq, authority) = outbox.hq()?;
        Ok(Some(Request {
            url: address(&hq, "outbox"),
            authority,
            body,
        }))
    }
}
