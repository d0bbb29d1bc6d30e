//! A folder as a power cut may leave it: names and contents apart, each with what was synced and what was not.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::chance::Dice;
use crate::cut::Cut;
use crate::disk::Files;

/// What a disk writes whole or not at all, where SQLite relies on it.
const SECTOR: usize = 512;
/// Our own small files are torn more finely, so that those which fit into a sector are torn as well.
const FINE: usize = 16;

/// One thing done in a folder; names are below it, and the folder itself is the empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A file was made.
    Made(String),
    /// A folder was made.
    MadeFolder(String),
    /// Bytes were written.
    Write {
        /// To which file.
        file: String,
        /// From where on.
        at: usize,
        /// What.
        bytes: Vec<u8>,
    },
    /// The file was cut to this length, or filled up with zeros.
    Cut {
        /// Which file.
        file: String,
        /// Its new length.
        length: usize,
    },
    /// A name was changed; a file that had the new one is gone.
    Renamed {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A file was removed.
    Removed(String),
    /// What was written to this file, or which names stand in this folder, is safe.
    Synced(String),
}

/// What stands under a name: a file's number, or a folder.
#[derive(Clone, Copy)]
enum Entry {
    File(usize),
    Folder,
}

type Names = BTreeMap<String, Entry>;

/// A change of one folder's names.
enum Naming {
    Put(String, Entry),
    Move(String, String),
    Drop(String),
}

impl Naming {
    fn name(&self) -> &str {
        match self {
            Self::Put(name, _) | Self::Move(name, _) | Self::Drop(name) => name,
        }
    }

    fn apply(&self, names: &mut Names) {
        match self {
            Self::Put(name, entry) => drop(names.insert(name.clone(), *entry)),
            Self::Move(from, to) => {
                if let Some(entry) = names.remove(from) {
                    names.insert(to.clone(), entry);
                }
            }
            Self::Drop(name) => drop(names.remove(name)),
        }
    }
}

enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

#[derive(Default)]
struct Node {
    safe: Vec<u8>,
    pending: Vec<Change>,
}

/// Walks through what was done in a folder, and at each step knows what is safe and what is not.
pub struct Volume<'l> {
    events: &'l [Event],
    next: usize,
    nodes: Vec<Node>,
    live: Names,
    safe: Names,
    pending: Vec<Naming>,
}

impl<'l> Volume<'l> {
    /// From the folder as it was when the record began, all of it safe.
    pub fn new(before: &Files, events: &'l [Event]) -> Self {
        let mut nodes = Vec::new();
        let mut names = Names::new();
        for (name, bytes) in before {
            for folder in ancestors(name) {
                names.insert(folder.to_owned(), Entry::Folder);
            }
            names.insert(name.clone(), Entry::File(nodes.len()));
            nodes.push(Node {
                safe: bytes.clone(),
                pending: Vec::new(),
            });
        }
        Self {
            events,
            next: 0,
            nodes,
            live: names.clone(),
            safe: names,
            pending: Vec::new(),
        }
    }

    /// One step on; how many steps were taken, or none at the end.
    pub fn step(&mut self) -> Option<usize> {
        let event = self.events.get(self.next)?;
        self.next += 1;
        match event {
            Event::Made(name) => {
                self.nodes.push(Node::default());
                let entry = Entry::File(self.nodes.len() - 1);
                self.rename(Naming::Put(name.clone(), entry));
            }
            Event::MadeFolder(name) => self.rename(Naming::Put(name.clone(), Entry::Folder)),
            Event::Renamed { from, to } => self.rename(Naming::Move(from.clone(), to.clone())),
            Event::Removed(name) => self.rename(Naming::Drop(name.clone())),
            Event::Write { file, at, bytes } => {
                self.change(file, Change::Write(*at, bytes.clone()));
            }
            Event::Cut { file, length } => self.change(file, Change::Cut(*length)),
            Event::Synced(name) => self.sync(name),
        }
        Some(self.next)
    }

    fn rename(&mut self, naming: Naming) {
        naming.apply(&mut self.live);
        self.pending.push(naming);
    }

    fn change(&mut self, file: &str, change: Change) {
        if let Some(Entry::File(node)) = self.live.get(file) {
            self.nodes.get_mut(*node).unwrap().pending.push(change);
        }
    }

    fn sync(&mut self, name: &str) {
        if let Some(Entry::File(node)) = self.live.get(name) {
            let node = self.nodes.get_mut(*node).unwrap();
            for change in std::mem::take(&mut node.pending) {
                apply(&change, &mut node.safe);
            }
            return;
        }
        let (now, later) = std::mem::take(&mut self.pending)
            .into_iter()
            .partition(|naming| parent(naming.name()) == name);
        self.pending = later;
        let now: Vec<Naming> = now;
        for naming in now {
            naming.apply(&mut self.safe);
        }
    }

    /// What is there if nothing is cut.
    pub fn whole(&self) -> Files {
        self.files(&self.live, |_, node| {
            let mut bytes = node.safe.clone();
            for change in &node.pending {
                apply(change, &mut bytes);
            }
            bytes
        })
    }

    /// What a cut here could leave.
    pub fn state(&self, cut: Cut, dice: &mut Dice) -> Files {
        let mut names = self.safe.clone();
        let kept = dice.below(self.pending.len() + 1);
        for naming in self.pending.iter().take(kept) {
            naming.apply(&mut names);
        }
        self.files(&names, |name, node| {
            let sector = if name.contains(".db") { SECTOR } else { FINE };
            after_cut(node, cut, sector, dice)
        })
    }

    fn files(&self, names: &Names, mut content: impl FnMut(&str, &Node) -> Vec<u8>) -> Files {
        let mut files = Files::new();
        for (name, entry) in names {
            let reached = ancestors(name).all(|folder| names.contains_key(folder));
            if let (Entry::File(node), true) = (entry, reached) {
                files.insert(name.clone(), content(name, self.nodes.get(*node).unwrap()));
            }
        }
        files
    }
}

fn after_cut(node: &Node, cut: Cut, sector: usize, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = node.safe.clone();
    let kept = dice.below(node.pending.len() + 1);
    for (index, change) in node.pending.iter().enumerate() {
        match (cut, change) {
            (Cut::Torn, Change::Write(at, written)) => {
                for (number, part) in written.chunks(sector).enumerate() {
                    if dice.coin() {
                        put(&mut bytes, at + number * sector, part);
                    }
                }
            }
            (Cut::Prefix, _) if index < kept => apply(change, &mut bytes),
            (Cut::Subset | Cut::Torn, _) if dice.coin() => apply(change, &mut bytes),
            (Cut::Prefix | Cut::Subset | Cut::Torn, _) => {}
        }
    }
    bytes
}

fn apply(change: &Change, bytes: &mut Vec<u8>) {
    match change {
        Change::Write(at, written) => put(bytes, *at, written),
        Change::Cut(length) => bytes.resize(*length, 0),
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, written: &[u8]) {
    let end = at + written.len();
    if bytes.len() < end {
        bytes.resize(end, 0);
    }
    bytes.get_mut(at..end).unwrap().copy_from_slice(written);
}

fn parent(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn ancestors(name: &str) -> impl Iterator<Item = &str> {
    name.match_indices('/').filter_map(|(at, _)| name.get(..at))
}

/// All files below a folder.
pub fn read_folder(folder: &Path) -> Files {
    let mut files = Files::new();
    gather(folder, folder, &mut files);
    files
}

fn gather(top: &Path, folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(top, &path, files);
        } else {
            let name = path.strip_prefix(top).unwrap().to_str().unwrap();
            files.insert(name.to_owned(), fs::read(&path).unwrap());
        }
    }
}

/// Makes these files in an empty folder.
pub fn write_folder(folder: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use super::*;
    use crate::shim::Recording;
    use std::collections::BTreeSet;
    use std::fs::File;
    use std::io::Write as _;

    fn states(events: &[Event], before: &Files) -> BTreeSet<Option<Vec<u8>>> {
        let mut volume = Volume::new(before, events);
        while volume.step().is_some() {}
        let mut dice = Dice::new(3);
        let cuts = Cut::ALL.into_iter().cycle().take(300);
        cuts.map(|cut| volume.state(cut, &mut dice).remove("a"))
            .collect()
    }

    /// Replaces a file as the vault does, but for what `skip` names.
    fn replaced(skip: &str) -> (Vec<Event>, Files) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), b"the old one").unwrap();
        let before = read_folder(folder.path());
        let recording = Recording::begin(folder.path());
        let mut file = File::create(folder.path().join("a.new")).unwrap();
        file.write_all(&[7; 40]).unwrap();
        if skip != "content" {
            file.sync_all().unwrap();
        }
        fs::rename(folder.path().join("a.new"), folder.path().join("a")).unwrap();
        if skip != "names" {
            File::open(folder.path()).unwrap().sync_all().unwrap();
        }
        (recording.events(), before)
    }

    fn old() -> Vec<u8> {
        b"the old one".to_vec()
    }

    fn new() -> Vec<u8> {
        vec![7; 40]
    }

    #[test]
    fn a_file_replaced_in_full_is_the_new_one_in_every_state() {
        let (events, before) = replaced("nothing");
        assert_eq!(states(&events, &before), BTreeSet::from([Some(new())]));
    }

    #[test]
    fn without_its_folder_synced_it_may_be_the_old_one() {
        let (events, before) = replaced("names");
        assert_eq!(
            states(&events, &before),
            BTreeSet::from([Some(old()), Some(new())])
        );
    }

    #[test]
    fn without_its_content_synced_it_may_be_nothing_or_a_part() {
        let (events, before) = replaced("content");
        let states = states(&events, &before);
        assert!(states.contains(&Some(Vec::new())));
        assert!(states.contains(&Some([[7; 16], [0; 16]].concat())) || states.len() > 3);
        assert!(!states.contains(&Some(old())));
    }
}
