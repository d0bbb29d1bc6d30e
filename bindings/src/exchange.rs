//! Joining an agency and exchanging with HQ. The facade hands out what to carry; the platform's own HTTP stack carries it.

use crate::error::MooringError;
use crate::listen::Changed;
use crate::phone::{BlockingPhone, PhoneState};
use crate::progress::ProgressListener;
use crate::rows::count;
use mooring_casefile::{CaseId, Now, RecordId, Role, Roles};
use mooring_device::{Device, Dropped, Error, Next, Over};
use mooring_exchange::Ended;
use std::sync::Arc;

/// Bytes to carry to HQ with POST, as `application/octet-stream`. The answer's body counts, its status does not.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Request {
    /// Where to: an `https` address, TLS 1.3.
    pub url: String,
    /// The one certificate authority to trust, as DER: the system's store decides nothing here.
    pub authority: Vec<u8>,
    /// The body.
    pub body: Vec<u8>,
}

/// What to do next in an exchange.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Carry {
    /// Carry this, and hand the answer to `exchange_reply`; if the link breaks, say `exchange_cut`.
    Send {
        /// What to carry.
        request: Request,
    },
    /// It is over.
    Done {
        /// What it came to.
        exchanged: Exchanged,
    },
}

/// What an exchange came to.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exchanged {
    /// Changes of this phone that HQ receipted.
    pub sent_changes: i64,
    /// Runs from HQ that are part of their cases now.
    pub merged_runs: i64,
    /// Runs from HQ that wait for what they build on.
    pub waiting_runs: i64,
    /// Runs from HQ that the guard did not let in.
    pub held_runs: i64,
    /// Cases that could not be read; what came for them is kept.
    pub damaged_cases: i64,
    /// Runs of this phone that HQ did not take; they stay here.
    pub refused_runs: i64,
    /// HQ's codes for what it refused.
    pub refused_codes: Vec<String>,
    /// Advice that is new on this phone.
    pub new_advice: Vec<NewAdvice>,
    /// Cases that this phone holds no longer.
    pub dropped: Vec<DroppedCase>,
    /// Requests sent.
    pub requests: i64,
    /// Bytes sent.
    pub bytes_sent: i64,
    /// Bytes received.
    pub bytes_received: i64,
    /// Whether everything was sent and fetched. If not, the next exchange goes on where this one ended.
    pub finished: bool,
    /// What was wrong, if HQ or its answer was not to be had on; nothing where the link broke.
    pub fault_code: Option<i32>,
}

/// A case that this phone holds no longer.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct DroppedCase {
    /// Which.
    pub case: CaseId,
    /// HQ shredded it; otherwise HQ ended it for this phone and has everything of it.
    pub shredded: bool,
    /// Changes that went with it and that HQ never had: nobody has them now.
    pub lost: i64,
}

impl From<Dropped> for DroppedCase {
    fn from(dropped: Dropped) -> Self {
        let (shredded, lost) = match dropped.why {
            Over::Ended => (false, 0),
            Over::Shredded { unsent } => (true, count(unsent)),
        };
        Self {
            case: dropped.case,
            shredded,
            lost,
        }
    }
}

/// New advice.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct NewAdvice {
    /// On which case.
    pub case: CaseId,
    /// Which.
    pub advice: RecordId,
}

/// What this phone is, once it is enrolled.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Me {
    /// The person's name.
    pub name: String,
    /// What they are in the agency.
    pub roles: Vec<Role>,
}

/// What a person may be in an agency.
#[uniffi::remote(Enum)]
pub enum Role {
    /// Goes to the person in crisis.
    Responder,
    /// Goes along with lived experience.
    Peer,
    /// A licensed clinician.
    Clinician,
    /// May settle downward, accept, review and advise.
    Psychiatrist,
    /// Leads the shift.
    Supervisor,
    /// Sends the team.
    Dispatcher,
    /// Reads figures, not persons.
    Analyst,
    /// Runs the system; reads no case by that role.
    Administrator,
}

/// Where to fetch the root of an enrolment code's HQ, by GET. That connection need not be trusted and must send no secret:
/// the code's fingerprint decides.
#[uniffi::export]
pub fn root_address(code: String) -> Result<String, MooringError> {
    crate::panics::keep_quiet();
    Ok(address(&mooring_device::read_address(&code)?, "root"))
}

#[uniffi::export]
impl BlockingPhone {
    /// Checks the root that was fetched against the code, and gives what to carry.
    pub fn begin_enrolment(&self, code: String, root: Vec<u8>) -> Result<Request, MooringError> {
        let step = self.opened(|device, now| device.begin_enrolment(&code, &root, now))?;
        Ok(Request {
            url: address(&step.address, "enrol"),
            authority: step.tls_ca_der,
            body: step.request,
        })
    }

    /// Checks HQ's answer down to the root and keeps what it certifies.
    pub fn finish_enrolment(&self, reply: Vec<u8>) -> Result<Me, MooringError> {
        self.opened(|device, now| device.finish_enrolment(&reply, now))?;
        self.listeners().tell(Changed::State {
            state: PhoneState::Open,
        });
        self.me()
    }

    /// Who uses this phone.
    pub fn me(&self) -> Result<Me, MooringError> {
        let me = self.opened(|device, _| device.me())?;
        Ok(Me {
            name: me.name,
            roles: roles(me.roles),
        })
    }

    /// Begins an exchange with HQ. `listener` hears how far it is, until it is over.
    pub fn begin_exchange(
        &self,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<Carry, MooringError> {
        self.following().begin(listener);
        self.exchanging(Device::begin_exchange)
    }

    /// Takes HQ's answer, which is checked and stored before this returns.
    pub fn exchange_reply(&self, reply: Vec<u8>) -> Result<Carry, MooringError> {
        let bytes = reply.len();
        // What is handed out next is counted after this answer.
        let carry = self.opened_exchange(|device, now| device.exchange_reply(reply, now))?;
        self.following().answered(bytes);
        Ok(self.handed(carry))
    }

    /// The link broke: what HQ has not receipted goes again with the next exchange.
    pub fn exchange_cut(&self) -> Result<Carry, MooringError> {
        self.exchanging(Device::exchange_cut)
    }
}

impl BlockingPhone {
    fn exchanging(
        &self,
        verb: impl FnOnce(&mut Device, Now) -> Result<Next, Error>,
    ) -> Result<Carry, MooringError> {
        self.opened_exchange(verb).map(|carry| self.handed(carry))
    }

    fn opened_exchange(
        &self,
        verb: impl FnOnce(&mut Device, Now) -> Result<Next, Error>,
    ) -> Result<Carry, MooringError> {
        self.opened(|device, now| match verb(device, now)? {
            Next::Send(body) => {
                let (hq, authority) = device.hq()?;
                let request = Request {
                    url: address(hq, "exchange"),
                    authority: authority.to_vec(),
                    body,
                };
                Ok(Carry::Send { request })
            }
            Next::Done(exchanged) => Ok(Carry::Done {
                exchanged: (*exchanged).into(),
            }),
        })
    }

    fn handed(&self, carry: Carry) -> Carry {
        match &carry {
            Carry::Send { request } => self.following().handed_out(request.body.len()),
            Carry::Done { .. } => self.following().end(),
        }
        self.listeners().tell(Changed::Everything);
        carry
    }
}

impl From<mooring_device::Exchanged> for Exchanged {
    fn from(exchanged: mooring_device::Exchanged) -> Self {
        let fault_code = exchanged.fault().map(|fault| i32::from(fault.code()));
        let mooring_device::Exchanged {
            summary,
            new_advice,
            sent_changes,
            merged_runs,
            waiting_runs,
            held_runs,
            damaged_cases,
            refused_codes,
            dropped,
        } = exchanged;
        Self {
            sent_changes: count(sent_changes),
            merged_runs: count(merged_runs),
            waiting_runs: count(waiting_runs),
            held_runs: count(held_runs),
            damaged_cases: count(damaged_cases),
            refused_runs: i64::from(summary.refused_runs),
            refused_codes: refused_codes.into_iter().map(ToOwned::to_owned).collect(),
            new_advice: new_advice
                .into_iter()
                .map(|(case, advice)| NewAdvice { case, advice })
                .collect(),
            dropped: dropped.into_iter().map(DroppedCase::from).collect(),
            requests: i64::from(summary.requests),
            bytes_sent: count(summary.sent),
            bytes_received: count(summary.received),
            finished: summary.ended == Ended::Finished,
            fault_code,
        }
    }
}

fn roles(roles: Roles) -> Vec<Role> {
    Role::ALL
        .into_iter()
        .filter(|role| roles.has(*role))
        .collect()
}

pub(crate) fn address(hq: &str, what: &str) -> String {
    format!("{}/v0/{what}", hq.trim_end_matches('/'))
}
