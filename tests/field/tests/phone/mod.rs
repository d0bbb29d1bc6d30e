//! A headless phone in a process of its own, as a test drives it.
#![allow(dead_code, reason = "each test program uses a part of it")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "requests are written where they are sent"
)]

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// The PIN of every phone here.
pub(crate) const PIN: &str = "271828";

/// A running phone.
pub(crate) struct Phone {
    pub(crate) child: Child,
    pub(crate) input: Option<ChildStdin>,
    pub(crate) output: BufReader<ChildStdout>,
}

impl Phone {
    /// Starts the program, without a vault.
    pub(crate) fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mooring-field"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = Some(child.stdin.take().unwrap());
        let output = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            input,
            output,
        }
    }

    /// Starts it and opens the vault of `dir`, made if `op` says so.
    pub(crate) fn with_vault(op: &str, dir: &Path) -> Self {
        let mut phone = Self::start();
        phone.ok(json!({ "op": op, "dir": dir, "pin": PIN }));
        phone
    }

    /// One line out, one line in.
    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        self.line(&request.to_string())
    }

    /// Any line, as it stands.
    pub(crate) fn line(&mut self, line: &str) -> Value {
        self.bytes(format!("{line}\n").as_bytes());
        let mut reply = String::new();
        self.output.read_line(&mut reply).unwrap();
        serde_json::from_str(&reply).unwrap()
    }

    /// Bytes that are no line, perhaps.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Nothing more will come.
    pub(crate) fn end_input(&mut self) {
        self.input = None;
    }

    /// A request that must work.
    #[track_caller]
    pub(crate) fn ok(&mut self, request: Value) -> Value {
        let op = request["op"].clone();
        let reply = self.ask(&request);
        assert_eq!(reply["ok"], json!(true), "{op}: {reply}");
        reply
    }

    /// A request that must fail in this way.
    #[track_caller]
    pub(crate) fn fails(&mut self, request: Value, kind: &str) -> Value {
        let op = request["op"].clone();
        let reply = self.ask(&request);
        assert_eq!(
            (&reply["ok"], &reply["error"]["kind"]),
            (&json!(false), &json!(kind)),
            "{op}: {reply}"
        );
        reply
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
