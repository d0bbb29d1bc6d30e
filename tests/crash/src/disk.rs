//! A disk in memory: its files, what was done to them in which order, and what is wrong with it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files of a disk, by their names.
pub type Files = BTreeMap<String, Vec<u8>>;

/// One thing done to a disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Bytes were written, and are in no safe place yet.
    Write {
        /// To which file.
        file: String,
        /// From where on.
        at: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// The file was cut to this length, or filled up with zeros.
    Truncate {
        /// Which file.
        file: String,
        /// Its new length.
        length: usize,
    },
    /// The file was removed.
    Delete {
        /// Which file.
        file: String,
    },
    /// Everything done to this file until now is safe.
    Sync {
        /// Which file.
        file: String,
    },
}

impl Op {
    /// Which file it concerns.
    pub fn file(&self) -> &str {
        match self {
            Self::Write { file, .. }
            | Self::Truncate { file, .. }
            | Self::Delete { file }
            | Self::Sync { file } => file,
        }
    }

    /// Does it to these files.
    pub fn apply(&self, files: &mut Files) {
        match self {
            Self::Write { file, at, bytes } => write(files, file, *at, bytes),
            Self::Truncate { file, length } => {
                files.entry(file.clone()).or_default().resize(*length, 0);
            }
            Self::Delete { file } => drop(files.remove(file)),
            Self::Sync { .. } => {}
        }
    }
}

/// Writes into a file, which is made or made longer where need be.
pub(crate) fn write(files: &mut Files, file: &str, at: usize, bytes: &[u8]) {
    if !files.contains_key(file) {
        files.insert(file.to_owned(), Vec::new());
    }
    let content = files.get_mut(file).unwrap();
    let end = at + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content.get_mut(at..end).unwrap().copy_from_slice(bytes);
}

/// What is wrong with a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// There is no space for another byte; syncing what is there works.
    Full,
    /// The device reports an error at whatever changes it, syncing as well.
    Failing,
    /// Nothing can be changed.
    ReadOnly,
}

/// From which change of the disk on something is wrong, counted from when it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// What.
    pub kind: TroubleKind,
    /// How many changes go well first.
    pub after: usize,
    /// Whether it stays so until it is mended, or passes after one failure.
    pub lasting: bool,
}

/// A disk.
#[derive(Default)]
pub struct Disk(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    files: Files,
    log: Vec<Op>,
    trouble: Option<Trouble>,
    met: usize,
}

impl Disk {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is on it.
    pub fn files(&self) -> Files {
        self.inner().files.clone()
    }

    /// Puts these files there and forgets what was, its history and its trouble.
    pub fn put(&self, files: Files) {
        *self.inner() = Inner {
            files,
            ..Inner::default()
        };
    }

    /// Everything done to it since [`Disk::put`].
    pub fn log(&self) -> Vec<Op> {
        self.inner().log.clone()
    }

    /// How much was done to it.
    pub fn log_len(&self) -> usize {
        self.inner().log.len()
    }

    /// From now on this is wrong with it.
    pub fn break_it(&self, trouble: Trouble) {
        let mut inner = self.inner();
        inner.trouble = Some(trouble);
        inner.met = 0;
    }

    /// All is well again; how often the trouble was met.
    pub fn mend(&self) -> usize {
        let mut inner = self.inner();
        inner.trouble = None;
        std::mem::take(&mut inner.met)
    }

    pub(crate) fn length(&self, file: &str) -> Option<usize> {
        self.inner().files.get(file).map(Vec::len)
    }

    /// Reads into `out` and fills what lies beyond the end with zeros; how many bytes there were.
    pub(crate) fn read(&self, file: &str, at: usize, out: &mut [u8]) -> usize {
        let inner = self.inner();
        let content = inner.files.get(file).map_or(&[][..], Vec::as_slice);
        let there = content.get(at..).unwrap_or_default();
        let count = there.len().min(out.len());
        out.fill(0);
        for (to, from) in out.iter_mut().zip(there) {
            *to = *from;
        }
        count
    }

    /// Makes a file if there is none.
    pub(crate) fn create(&self, file: &str) {
        self.inner().files.entry(file.to_owned()).or_default();
    }

    /// Does it, unless the disk is in trouble.
    pub(crate) fn act(&self, op: Op) -> Result<(), TroubleKind> {
        let mut inner = self.inner();
        inner.hinder(&op)?;
        op.apply(&mut inner.files);
        inner.log.push(op);
        Ok(())
    }
}

impl Inner {
    fn hinder(&mut self, op: &Op) -> Result<(), TroubleKind> {
        let Some(trouble) = &mut self.trouble else {
            return Ok(());
        };
        // A full disk can still sync, cut short and remove.
        let concerned = trouble.kind != TroubleKind::Full || matches!(op, Op::Write { .. });
        if !concerned {
            return Ok(());
        }
        if trouble.after > 0 {
            trouble.after -= 1;
            return Ok(());
        }
        let kind = trouble.kind;
        if !trouble.lasting {
            self.trouble = None;
        }
        self.met += 1;
        Err(kind)
    }
}
