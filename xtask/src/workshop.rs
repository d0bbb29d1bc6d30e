//! The checkout and its tools: where it lies, how cargo is called, which programs are there.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What runs beside tests and the demo. Always built together: another choice of packages gives their dependencies other
/// features, and cargo would build those again.
pub(crate) const PROGRAMS: [&str; 2] = ["mooring-hq", "mooring-field"];

/// The checkout that this xtask belongs to.
pub(crate) struct Workshop {
    pub(crate) root: PathBuf,
    cargo: OsString,
    system_openssl: bool,
}

impl Workshop {
    pub(crate) fn open() -> Result<Self> {
        let here = env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask`")?;
        let root = Path::new(&here)
            .parent()
            .context("xtask lies in the workspace")?
            .to_owned();
        Ok(Self {
            root,
            cargo: env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            system_openssl: has_libcrypto_3(),
        })
    }

    /// One cargo call in the checkout. Most of a cold build is `OpenSSL` for `SQLCipher`, so the system's is taken where it is there.
    pub(crate) fn cargo(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.cargo);
        command.current_dir(&self.root).args(args);
        // What cargo told xtask about itself would look to some build scripts like a change, and ring and all above it be rebuilt.
        for (name, _) in env::vars_os() {
            let of_xtask = name.to_str().is_some_and(|name| {
                name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
            });
            if of_xtask {
                command.env_remove(name);
            }
        }
        if self.system_openssl {
            command.env("OPENSSL_NO_VENDOR", "1");
        }
        command
    }

    /// The folder with what other projects' engines need, installed as its lock file says.
    pub(crate) fn peers(&self) -> Result<PathBuf> {
        let folder = self.root.join("tests/peers");
        let mut npm = Command::new("npm");
        npm.current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund"]);
        Self::run(&mut npm)?;
        Ok(folder)
    }

    /// Builds the named programs and says where cargo put them.
    pub(crate) fn build(&self, packages: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
        let mut command = self.cargo(&["build", "--message-format=json-render-diagnostics"]);
        for package in packages {
            command.args(["--package", package]);
        }
        let built = executables(&Self::output(command.stderr(Stdio::inherit()))?);
        for package in packages {
            if !built.contains_key(*package) {
                bail!("cargo built no program named {package}");
            }
        }
        Ok(built)
    }

    /// The workspace's packages, as `cargo metadata` lists them.
    pub(crate) fn packages(&self) -> Result<Vec<Value>> {
        let output = self
            .cargo(&["metadata", "--no-deps", "--format-version", "1"])
            .stderr(Stdio::inherit())
            .output()?;
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let packages = metadata.get("packages").and_then(Value::as_array);
        Ok(packages.context("cargo metadata lists packages")?.clone())
    }

    /// Runs to the end and gives what it printed; an exit code other than 0 is an error that names the command.
    pub(crate) fn output(command: &mut Command) -> Result<String> {
        let shown = shown(command);
        let output = command
            .output()
            .with_context(|| format!("could not start `{shown}`"))?;
        if !output.status.success() {
            bail!("`{shown}`: {}", output.status);
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Runs to the end with the terminal's own streams; an exit code other than 0 is an error that names the command.
    pub(crate) fn run(command: &mut Command) -> Result<()> {
        let shown = shown(command);
        let status = command
            .status()
            .with_context(|| format!("could not start `{shown}`"))?;
        if !status.success() {
            bail!("`{shown}`: {status}");
        }
        Ok(())
    }
}

/// Whether `program` can be started from the search path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn has_libcrypto_3() -> bool {
    Command::new("pkg-config")
        .args(["--atleast-version=3", "libcrypto"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The program of this name among cargo's messages.
pub(crate) fn built_in(messages: &str, program: &str) -> Option<PathBuf> {
    executables(messages).remove(program)
}

/// Every file that cargo made for the target of this name.
pub(crate) fn files(messages: &str, target: &str) -> Vec<PathBuf> {
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours = messages
        .filter(|message| message.pointer("/target/name").and_then(Value::as_str) == Some(target));
    ours.filter_map(|message| message.get("filenames").and_then(Value::as_array).cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .collect()
}

fn executables(messages: &str) -> BTreeMap<String, PathBuf> {
    let mut found = BTreeMap::new();
    for message in messages.lines() {
        let Ok(message) = serde_json::from_str::<Value>(message) else {
            continue;
        };
        let name = message.pointer("/target/name").and_then(Value::as_str);
        let file = message.get("executable").and_then(Value::as_str);
        if let (Some(name), Some(file)) = (name, file) {
            found.insert(name.to_owned(), PathBuf::from(file));
        }
    }
    found
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(
        command
            .get_args()
            .map(|arg| arg.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_program_is_found_in_cargos_messages_and_a_library_is_not() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"mooring_hq"},"executable":null}"#,
            "\nnot json\n",
            r#"{"reason":"compiler-artifact","target":{"name":"mooring-hq"},"executable":"/t/mooring-hq"}"#,
        );
        let found = executables(messages);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found.get("mooring-hq").unwrap(),
            &PathBuf::from("/t/mooring-hq")
        );
    }
}
