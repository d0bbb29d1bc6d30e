//! An agency that has said whom its phones seal to, and a phone of it.

use super::{Hq, Phone, seams};
use mooring_casefile::Role;
use mooring_device::{LockedVisit, Outbox};
use mooring_identity::{RecipientKey, os_random};
use std::fs;
use std::path::PathBuf;

pub(crate) struct Sealing {
    pub(crate) hq: Hq,
    pub(crate) phone: Phone,
    /// HQ's, and those of its two custodians.
    pub(crate) key: RecipientKey,
    pub(crate) custodians: [RecipientKey; 2],
}

impl Sealing {
    /// What HQ has said comes with the phone's next exchange.
    pub(crate) fn new() -> Self {
        let mut hq = Hq::new();
        let phone = Phone::enrolled(&mut hq, "Robin", Role::Responder);
        let [key, first, second] = [(); 3].map(|()| RecipientKey::make(&mut os_random()));
        let custodians = [first, second];
        let recipients = custodians.each_ref().map(RecipientKey::recipient);
        hq.publish(key.recipient(), recipients);
        Self {
            hq,
            phone,
            key,
            custodians,
        }
    }

    pub(crate) fn exchange(&mut self) {
        self.phone.exchange(&mut self.hq);
    }

    /// Begins a visit without unlocking.
    pub(crate) fn begin(&self, title: &str) -> LockedVisit {
        let (dir, now) = (self.phone.dir.path(), self.phone.now());
        LockedVisit::begin(dir, title, None, seams(&self.phone.keystore), now).unwrap()
    }

    pub(crate) fn outbox(&self) -> Outbox {
        Outbox::open(self.phone.dir.path()).unwrap()
    }

    pub(crate) fn only_here(&self) -> u64 {
        self.outbox().only_here().unwrap()
    }

    /// Half a minute later.
    pub(crate) fn tick(&mut self) {
        let now = self.phone.pass(30_000);
        self.phone.device.tick(now).unwrap();
    }

    /// Sends all that is sealed and signed, and brings back HQ's word: how many changes it named.
    pub(crate) fn send(&mut self) -> u64 {
        let mut outbox = self.outbox();
        let Some(upload) = outbox.upload().unwrap() else {
            return 0;
        };
        let receipt = self.hq.take_sealed(&upload, &self.key);
        outbox.take_receipt(&receipt).unwrap()
    }

    /// The sealed files of one folder.
    pub(crate) fn files(&self, folder: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.phone.dir.path().join(folder)).into_iter();
        let paths = entries.flatten().map(|entry| entry.unwrap().path());
        paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "sealed"))
            .collect()
    }
}
