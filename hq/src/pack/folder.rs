//! A pack as a folder: `NAME.questionnaire.json` with `NAME.rules.json` beside it, and what else belongs to the agency.

use std::fs;
use std::io;
use std::path::Path;

/// The largest file that a pack may have.
pub(super) const LARGEST_FILE: u64 = 16 << 20;
/// A pack has no more files.
pub(super) const MOST_FILES: usize = 1_000;

pub(super) const QUESTIONNAIRE: &str = ".questionnaire.json";
pub(super) const RULES: &str = ".rules.json";
/// The index of a pack: order, numbers, deadlines, ladders.
pub(super) const INDEX: &str = "pack.json";

/// One file of the folder: its name, with `/` between folders, and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PackFile {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Every file below a folder, by name. Hidden ones, as editors and version control leave, are no part of a pack.
pub(super) fn read(folder: &Path) -> io::Result<Vec<PackFile>> {
    let mut files = Vec::new();
    below(folder, "", &mut files)?;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn below(folder: &Path, prefix: &str, files: &mut Vec<PackFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            return Err(other("a file whose name is no UTF-8"));
        };
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() {
            below(&entry.path(), &format!("{name}/"), files)?;
        } else if kind.is_file() {
            if entry.metadata()?.len() > LARGEST_FILE {
                return Err(other(&format!(
                    "{name} is larger than {LARGEST_FILE} bytes"
                )));
            }
            let bytes = fs::read(entry.path())?;
            files.push(PackFile { name, bytes });
        } else {
            // A link could lead out of the folder, and the pack would hold what nobody meant to give.
            return Err(other(&format!("{name} is neither a file nor a folder")));
        }
        if files.len() > MOST_FILES {
            return Err(other(&format!("more than {MOST_FILES} files")));
        }
    }
    Ok(())
}

fn other(why: &str) -> io::Error {
    io::Error::other(why.to_owned())
}
