//! Checking: every fault and every warning of a Questionnaire, its rules, or a whole folder.

use std::io;
use std::path::Path;

use mooring_protocol::pack::Pack;
use mooring_protocol::{Fault, FaultKind, Protocol};
use serde_json::{Value as Json, json};

use super::faults;
use super::folder::{self, INDEX, PackFile, QUESTIONNAIRE, RULES};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// The protocols that can be used: title, version and hash in words.
    pub protocols: Vec<String>,
    /// What keeps a file from being used: the file, and the fault.
    pub faults: Vec<(String, Fault)>,
    /// What loads, and does less than its author may think.
    pub warnings: Vec<(String, Fault)>,
}

impl Checked {
    /// For programs.
    pub fn to_json(&self) -> Json {
        let list = |found: &[(String, Fault)]| -> Vec<Json> {
            found
                .iter()
                .map(|(file, fault)| faults::json(file, fault))
                .collect()
        };
        json!({
            "protocols": self.protocols,
            "faults": list(&self.faults),
            "warnings": list(&self.warnings),
        })
    }

    /// For people: a line each, and a last one that counts.
    pub fn lines(&self) -> Vec<String> {
        let line = |what: &str, (file, fault): &(String, Fault)| format!("{what} {file}: {fault}");
        let mut lines: Vec<String> = self.faults.iter().map(|f| line("fault  ", f)).collect();
        lines.extend(self.warnings.iter().map(|w| line("warning", w)));
        lines.extend(
            self.protocols
                .iter()
                .map(|protocol| format!("loads   {protocol}")),
        );
        lines.push(format!(
            "{} faults, {} warnings",
            self.faults.len(),
            self.warnings.len()
        ));
        lines
    }

    fn fault(&mut self, file: &str, kind: FaultKind, message: &str) {
        self.faults.push((file.to_owned(), whole(kind, message)));
    }

    fn warn(&mut self, file: &str, kind: FaultKind, message: &str) {
        self.warnings.push((file.to_owned(), whole(kind, message)));
    }
}

/// A fault of a file as a whole.
fn whole(kind: FaultKind, message: &str) -> Fault {
    Fault {
        at: "file".to_owned(),
        link_id: None,
        kind,
        message: message.to_owned(),
    }
}

/// Checks one Questionnaire with its rules.
pub fn check_files(name: &str, questionnaire: &[u8], rules: Option<&[u8]>) -> Checked {
    let mut checked = Checked::default();
    match Protocol::parse(questionnaire, rules) {
        Ok(protocol) => {
            let warnings = protocol.warnings().iter().cloned();
            checked
                .warnings
                .extend(warnings.map(|warning| (name.to_owned(), warning)));
            checked.protocols.push(words(name, &protocol));
        }
        Err(found) => checked
            .faults
            .extend(found.0.into_iter().map(|fault| (name.to_owned(), fault))),
    }
    checked
}

fn words(name: &str, protocol: &Protocol) -> String {
    let (title, version) = (protocol.title(), protocol.version());
    let version = if version.is_empty() { "none" } else { version };
    format!("{name}: {title}, version {version}, {}", protocol.hash())
}

/// Checks every protocol of a pack's folder, and that nothing in it stands alone.
pub fn check_folder(folder: &Path) -> io::Result<Checked> {
    Ok(files(&folder::read(folder)?))
}

/// Checks the files of a pack.
pub(super) fn files(files: &[PackFile]) -> Checked {
    let mut checked = Checked::default();
    for file in files {
        one(&mut checked, file, files);
    }
    if checked.protocols.is_empty() && checked.faults.is_empty() {
        let message =
            "no file whose name ends in .questionnaire.json, and none that is a Questionnaire";
        checked.fault("pack", FaultKind::Missing, message);
    }
    keys(&mut checked, files);
    checked
}

fn one(checked: &mut Checked, file: &PackFile, files: &[PackFile]) {
    let named = |name: &str| files.iter().find(|other| other.name == name);
    if let Some(stem) = file.name.strip_suffix(RULES) {
        if named(&format!("{stem}{QUESTIONNAIRE}")).is_none() {
            let message = format!("rules without a Questionnaire: expected {stem}{QUESTIONNAIRE}");
            checked.fault(&file.name, FaultKind::NoSuchTarget, &message);
        }
        return;
    }
    if file.name == INDEX {
        return index(checked, file, files);
    }
    let is_named = file.name.ends_with(QUESTIONNAIRE);
    if is_named || resource_type(file).as_deref() == Some("Questionnaire") {
        if !is_named {
            let message =
                format!("a pack takes it in only under a name that ends in {QUESTIONNAIRE}");
            checked.warn(&file.name, FaultKind::NotAllowed, &message);
        }
        let stem = file.name.strip_suffix(QUESTIONNAIRE).unwrap_or_default();
        let rules = named(&format!("{stem}{RULES}")).map(|rules| rules.bytes.as_slice());
        let found = check_files(&file.name, &file.bytes, rules);
        checked.protocols.extend(found.protocols);
        checked.faults.extend(found.faults);
        checked.warnings.extend(found.warnings);
        return;
    }
    let is_json = Path::new(&file.name)
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    if is_json && serde_json::from_slice::<Json>(&file.bytes).is_err() {
        checked.fault(&file.name, FaultKind::NotJson, "no valid JSON");
    }
}

/// The index: its own faults, and every protocol that it names and the folder does not have.
fn index(checked: &mut Checked, file: &PackFile, files: &[PackFile]) {
    let pack = match Pack::parse(&file.bytes) {
        Ok(pack) => pack,
        Err(found) => {
            let found = found.0.into_iter().map(|fault| (file.name.clone(), fault));
            return checked.faults.extend(found);
        }
    };
    for entry in &pack.protocols {
        let expected = format!("{}{QUESTIONNAIRE}", entry.key);
        if !files.iter().any(|other| other.name == expected) {
            let message = format!("names the protocol '{}': expected {expected}", entry.key);
            checked.fault(&file.name, FaultKind::NoSuchTarget, &message);
        }
    }
}

fn resource_type(file: &PackFile) -> Option<String> {
    let json: Json = serde_json::from_slice(&file.bytes).ok()?;
    Some(json.get("resourceType")?.as_str()?.to_owned())
}

/// Two protocols with one key could not be told apart by whoever starts one.
fn keys(checked: &mut Checked, files: &[PackFile]) {
    let mut seen = std::collections::BTreeMap::new();
    for file in files
        .iter()
        .filter(|file| file.name.ends_with(QUESTIONNAIRE))
    {
        let Ok(protocol) = Protocol::parse(&file.bytes, None) else {
            continue;
        };
        if let Some(other) = seen.insert(protocol.key().to_owned(), file.name.clone()) {
            let message = format!("has the same id as {other}");
            checked.fault(&file.name, FaultKind::Duplicate, &message);
        }
    }
}
