//! The phone between two lines: at most one vault, and a clock.

use crate::clock::Clock;
use crate::fault::Fault;
use crate::ops;
use crate::request::Request;
use mooring_casefile::Now;
use mooring_device::{Device, Error, LockedVisit, Recovery};
use mooring_identity::{Random, os_random};
use serde_json::Value;
use std::path::PathBuf;

/// A phone that listens on stdin.
pub(crate) struct Phone {
    pub(crate) device: Option<Device>,
    pub(crate) clock: Clock,
    /// The visit that was begun without unlocking, if one is going on.
    pub(crate) visit: Option<LockedVisit>,
    /// What was asked of the custodians, and for which folder.
    pub(crate) asked: Option<(PathBuf, Recovery)>,
}

/// What one line is answered.
pub(crate) struct Answer {
    pub(crate) reply: Value,
    pub(crate) quits: bool,
}

impl Phone {
    /// Without a vault yet.
    pub(crate) fn start() -> Self {
        let mut boot_id = [0; 16];
        os_random().fill(&mut boot_id);
        Self {
            device: None,
            clock: Clock::start(boot_id),
            visit: None,
            asked: None,
        }
    }

    /// Answers one line. Nothing that a line holds can end the phone but `quit`.
    pub(crate) fn answer(&mut self, line: &[u8]) -> Answer {
        match Request::parse(line) {
            Ok(Request::Quit) => {
                self.device = None;
                Answer {
                    reply: ops::ok(()),
                    quits: true,
                }
            }
            Ok(request) => {
                let reply = ops::perform(self, request).unwrap_or_else(|fault| fault.reply());
                Answer {
                    reply,
                    quits: false,
                }
            }
            Err(fault) => Answer {
                reply: fault.reply(),
                quits: false,
            },
        }
    }

    /// The folder that is named, or else that of the vault that this process opened.
    pub(crate) fn folder(&self, named: Option<PathBuf>) -> Result<PathBuf, Fault> {
        let known = || Some(self.device.as_ref()?.folder().to_owned());
        let needed = || Fault::Malformed("\"dir\" is needed".to_owned());
        named.or_else(known).ok_or_else(needed)
    }

    /// The device, open or locked, and the time.
    pub(crate) fn device(&mut self) -> Result<(&mut Device, Now), Fault> {
        let now = self.clock.now();
        // Without a vault there is nothing to unlock, and a script does the same about both.
        let device = self.device.as_mut().ok_or(Fault::Device(Error::Locked))?;
        Ok((device, now))
    }
}
