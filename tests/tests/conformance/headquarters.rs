//! A real HQ in a process of its own, and the psychiatrist's hands at its pages.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running HQ. Dropped, it is ended.
pub(crate) struct Headquarters {
    folder: PathBuf,
    process: Child,
    device: String,
    review: String,
    psychiatrist: Option<String>,
}

const PSYCHIATRIST: &str = "Dr. Reyes";

impl Headquarters {
    pub(crate) fn start(folder: &Path) -> Self {
        let local = "127.0.0.1:0";
        let mut process = Command::new(program("MOORING_HQ", "mooring-hq"))
            .args(["serve", "--listen", local, "--review", local, "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let ready = lines
            .map_while(Result::ok)
            .find(|line| line.starts_with("ready "))
            .expect("HQ says when it is ready");
        Self {
            folder: folder.to_owned(),
            process,
            device: word(&ready, "device="),
            review: word(&ready, "review="),
            psychiatrist: None,
        }
    }

    /// A code for a new person of this role.
    pub(crate) fn code(&self, name: &str, role: &str) -> String {
        self.admin(&["add-staff", name, "--role", role]);
        let args = ["enrol-code", "--person", name, "--address", &self.device];
        word(&self.admin(&args), "code ")
    }

    /// Sends advice at the review pages.
    pub(crate) fn advise(&mut self, case: &str, text: &str) {
        let add = ["add-staff", PSYCHIATRIST, "--role", "psychiatrist"];
        let password = match &self.psychiatrist {
            Some(password) => password.clone(),
            None => word(&self.admin(&add), "password="),
        };
        let status = Command::new(program("MOORING_DESK", "xtask"))
            .args(["advise", "--review", &self.review, "--name", PSYCHIATRIST])
            .args(["--password", &password, "--case", case, "--text", text])
            .status()
            .unwrap();
        assert!(status.success(), "the psychiatrist could not advise");
        self.psychiatrist = Some(password);
    }

    /// Both custodians' parts, each with the digits that were read to them; nothing where one refuses.
    pub(crate) fn recover(&self, request: &[u8], digits: &str) -> Option<Vec<u8>> {
        let asked = tempfile::tempdir().unwrap();
        let file = |number: u32| asked.path().join(number.to_string());
        fs::write(file(0), request).unwrap();
        for number in [1, 2] {
            let key = format!("export/custodian-{number}-private-key.bin");
            let status = Command::new(program("MOORING_HQ", "mooring-hq"))
                .args(["recover", "--digits", digits, "--custodian"])
                .arg(self.folder.join(key))
                .arg("--request")
                .arg(file(number - 1))
                .arg("--out")
                .arg(file(number))
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap();
            if !status.success() {
                return None;
            }
        }
        Some(fs::read(file(2)).unwrap())
    }

    fn admin(&self, args: &[&str]) -> String {
        let mut admin = Command::new(program("MOORING_HQ", "mooring-hq"));
        admin.args(["admin", "--data"]).arg(&self.folder).args(args);
        let output = admin.output().unwrap();
        assert!(output.status.success(), "{admin:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Headquarters {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn word(text: &str, after: &str) -> String {
    let (_, rest) = text.split_once(after).unwrap();
    rest.split_whitespace().next().unwrap().to_owned()
}

/// The one that is named, or else the one that cargo built beside this test.
fn program(variable: &str, name: &str) -> PathBuf {
    if let Some(named) = env::var_os(variable) {
        return named.into();
    }
    let test = env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join(name);
    assert!(
        built.is_file(),
        "{name} is not built: cargo build -p {name}"
    );
    built
}
