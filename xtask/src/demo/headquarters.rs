//! HQ in a process of its own: started, asked through its own admin commands, and ended.

use super::tell::Teller;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{TryRecvError, channel};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_mins(1);

/// A running HQ. Dropped, it is ended.
pub(crate) struct Headquarters {
    program: PathBuf,
    dir: PathBuf,
    process: Child,
    /// Where phones exchange.
    pub(crate) device: SocketAddr,
    /// Where psychiatrists review, as a browser is given it.
    pub(crate) review: String,
    /// What HQ said before it was ready, such as its first administrator.
    pub(crate) said: Vec<String>,
}

impl Headquarters {
    pub(crate) fn start(tell: &Teller, program: &Path, dir: &Path) -> Result<Self> {
        let log = File::create(dir.with_extension("log"))?;
        let mut process = Command::new(program)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--review",
                "127.0.0.1:0",
            ])
            .arg("--data")
            .arg(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("could not start {}", program.display()))?;
        let said = until_ready(tell, &mut process)?;
        let ready = said.last().context("HQ said nothing")?;
        Ok(Self {
            program: program.to_owned(),
            dir: dir.to_owned(),
            process,
            device: address(ready, "device")?.parse()?,
            review: format!("http://{}", address(ready, "review")?),
            said,
        })
    }

    /// Adds a member of staff and returns the password that HQ says once.
    pub(crate) fn add_staff(&self, name: &str, roles: &[&str]) -> Result<String> {
        let mut args = vec!["add-staff", name];
        for role in roles {
            args.extend(["--role", role]);
        }
        let said = self.admin(&args)?;
        let password = word_after(&said, "password=");
        Ok(password.context("HQ said no password")?.to_owned())
    }

    /// A code with which one phone of this person may enrol over `address`.
    pub(crate) fn enrolment_code(&self, name: &str, address: SocketAddr) -> Result<String> {
        let address = format!("https://{address}");
        let said = self.admin(&["enrol-code", "--person", name, "--address", &address])?;
        let code = said
            .split_whitespace()
            .find(|word| word.starts_with("MOOR"));
        Ok(code
            .with_context(|| format!("no code in: {said}"))?
            .to_owned())
    }

    /// Takes in a FHIR Questionnaire. Its hash, and how many warnings there were.
    pub(crate) fn add_protocol(&self, file: &Path) -> Result<(String, usize)> {
        let file = file.to_str().context("the path is not UTF-8")?;
        let output = self.command(&["add-protocol", file]).output()?;
        let complaints = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            bail!("HQ does not take {file}: {complaints}");
        }
        let said = String::from_utf8(output.stdout)?;
        let hash = word_after(&said, "hash=").context("HQ said no hash")?;
        Ok((hash.to_owned(), complaints.matches("warning: ").count()))
    }

    fn admin(&self, args: &[&str]) -> Result<String> {
        let output = self.command(args).output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr);
            bail!("mooring-hq admin {}: {why}", args.join(" "));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("admin").arg("--data").arg(&self.dir).args(args);
        command
    }
}

impl Drop for Headquarters {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Everything HQ prints up to the line that begins with `ready`.
fn until_ready(tell: &Teller, process: &mut Child) -> Result<Vec<String>> {
    let output = process.stdout.take().context("HQ has no stdout")?;
    let (sender, lines) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let mut said = Vec::new();
    tell.wait("HQ makes its keys and starts", PATIENCE, || {
        match lines.try_recv() {
            Ok(line) => {
                let ready = line.starts_with("ready ");
                said.push(line);
                Ok(ready.then_some(()))
            }
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => bail!("HQ ended: {}", said.join("\n")),
        }
    })?;
    Ok(said)
}

/// `host:port` of one listener in the ready line, with or without a scheme before it.
fn address<'l>(ready: &'l str, listener: &str) -> Result<&'l str> {
    let named = word_after(ready, &format!("{listener}="));
    let named = named.with_context(|| format!("no {listener} address in: {ready}"))?;
    Ok(named.rsplit('/').next().unwrap_or(named))
}

fn word_after<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    let (_, after) = line.split_once(key)?;
    after.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listeners_address_is_read_with_and_without_its_scheme() {
        let ready = "ready device=https://127.0.0.1:4433 review=127.0.0.1:8080";
        assert_eq!(address(ready, "device").unwrap(), "127.0.0.1:4433");
        assert_eq!(address(ready, "review").unwrap(), "127.0.0.1:8080");
        assert!(address(ready, "metrics").is_err());
    }
}
