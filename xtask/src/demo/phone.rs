//! A simulated phone: the headless client in a process of its own, asked in JSON lines.

use super::tell::Teller;
use super::verbs::Acknowledged;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_mins(1);

/// Where a phone lives and whose it is; what survives its process.
#[derive(Clone)]
pub(crate) struct Pocket {
    pub(crate) program: PathBuf,
    pub(crate) dir: PathBuf,
    pub(crate) owner: String,
    pub(crate) pin: String,
}

/// A running phone. Dropped, it is killed.
pub(crate) struct Phone {
    pub(crate) pocket: Pocket,
    /// What it said that it has saved, over all its processes.
    pub(crate) acknowledged: Vec<Acknowledged>,
    process: Child,
    requests: ChildStdin,
    replies: Receiver<String>,
}

impl Phone {
    pub(crate) fn start(pocket: Pocket) -> Result<Self> {
        let mut process = Command::new(&pocket.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("could not start {}", pocket.program.display()))?;
        let requests = process.stdin.take().context("the phone has no stdin")?;
        let output = process.stdout.take().context("the phone has no stdout")?;
        Ok(Self {
            pocket,
            acknowledged: Vec::new(),
            process,
            requests,
            replies: lines_of(output),
        })
    }

    /// One operation. A refusal is an error that carries HQ's or the phone's own words.
    pub(crate) fn ask(&mut self, tell: &Teller, request: &Value) -> Result<Value> {
        let reply = self.try_ask(tell, request)?;
        if reply.get("ok").and_then(Value::as_bool) == Some(true) {
            return Ok(reply);
        }
        bail!("{}'s phone refused {request}: {reply}", self.pocket.owner)
    }

    /// One operation, whatever the phone says to it.
    pub(crate) fn try_ask(&mut self, tell: &Teller, request: &Value) -> Result<Value> {
        let op = request.get("op").and_then(Value::as_str).unwrap_or("?");
        writeln!(self.requests, "{request}").context("the phone is gone")?;
        self.requests.flush()?;
        let waiting = format!("{}'s phone: {op}", self.pocket.owner);
        let line = tell.wait(&waiting, PATIENCE, || match self.replies.try_recv() {
            Ok(line) => Ok(Some(line)),
            Err(TryRecvError::Empty) => Ok(None),
            Err(TryRecvError::Disconnected) => bail!("{waiting}: the phone ended"),
        })?;
        serde_json::from_str(&line).with_context(|| format!("{waiting}: not JSON: {line}"))
    }

    /// A new vault under the owner's PIN.
    pub(crate) fn create(&mut self, tell: &Teller) -> Result<Value> {
        self.with_vault(tell, "create")
    }

    pub(crate) fn unlock(&mut self, tell: &Teller) -> Result<Value> {
        self.with_vault(tell, "unlock")
    }

    fn with_vault(&mut self, tell: &Teller, op: &str) -> Result<Value> {
        let request = json!({ "op": op, "dir": self.pocket.dir, "pin": self.pocket.pin });
        self.ask(tell, &request)
    }

    /// SIGKILL: no chance to tidy up, as when the battery falls out. What is left is the folder.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// A new process over the same folder.
    pub(crate) fn reopen(&mut self, tell: &Teller) -> Result<()> {
        let acknowledged = std::mem::take(&mut self.acknowledged);
        *self = Self::start(self.pocket.clone())?;
        self.acknowledged = acknowledged;
        self.unlock(tell)?;
        Ok(())
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn lines_of(output: ChildStdout) -> Receiver<String> {
    let (sender, replies) = channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    replies
}
