//! The program itself: it starts, says where it listens, shows TLS 1.3 alone to phones, is administered while it runs, and
//! ends when it is told to.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not get on should say where at once"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use mooring_identity::RootStatement;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_mooring-hq");

struct Server {
    child: Child,
    said: Vec<String>,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut said = Vec::new();
        while !said
            .last()
            .is_some_and(|line: &String| line.starts_with("ready "))
        {
            said.push(lines.next().unwrap().unwrap());
        }
        Self {
            child,
            said,
            folder,
        }
    }

    fn address(&self, listener: &str) -> String {
        let ready = self.said.last().unwrap();
        let field = ready
            .split(' ')
            .find_map(|field| field.strip_prefix(listener))
            .unwrap();
        field.rsplit("//").next().unwrap().to_owned()
    }

    fn admin(&self, arguments: &[&str]) -> String {
        let done = Command::new(PROGRAM)
            .args(["admin", "--data"])
            .arg(self.folder.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap()
    }

    fn authority(&self) -> CertificateDer<'static> {
        let file = std::fs::read(self.folder.path().join("keys/root.statement")).unwrap();
        let root = RootStatement::open(&file[1..]).unwrap();
        CertificateDer::from(root.statement().tls_ca_der.clone())
    }

    /// One request over TLS, trusting HQ's own authority alone.
    fn fetch(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        head: &str,
    ) -> std::io::Result<Vec<u8>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority()).unwrap();
        let config =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_protocol_versions(versions)
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let client = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream =
            StreamOwned::new(client, TcpStream::connect(self.address("device=")).unwrap());
        stream.write_all(
            format!("{head} HTTP/1.1\r\nhost: hq\r\nconnection: close\r\n\r\n").as_bytes(),
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_phone_finds_the_root_over_tls_1_3_and_over_nothing_older() {
    let server = Server::start();
    assert!(server.said[0].starts_with("first-administrator name=administrator password="));
    let answer = server
        .fetch(&[&rustls::version::TLS13], "GET /v0/root")
        .unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    let body = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap()
        + 4;
    assert!(RootStatement::open(&answer[body..]).is_ok());
    assert!(
        server
            .fetch(&[&rustls::version::TLS12], "GET /v0/root")
            .is_err()
    );
}

#[test]
fn the_review_pages_are_on_a_listener_of_their_own() {
    let server = Server::start();
    let answer = server
        .fetch(&[&rustls::version::TLS13], "GET /sign-in")
        .unwrap();
    assert!(
        answer.starts_with(b"HTTP/1.1 404"),
        "phones' listener has no pages"
    );
    let mut pages = TcpStream::connect(server.address("review=")).unwrap();
    pages
        .write_all(b"GET /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    pages.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn staff_and_codes_are_made_while_it_runs() {
    let server = Server::start();
    assert!(
        server
            .admin(&["add-staff", "A. Reyes", "--role", "psychiatrist"])
            .contains(" password=")
    );
    assert!(
        server
            .admin(&["enrol-code", "--person", "a. reyes"])
            .starts_with("code MOOR1-")
    );
    assert!(
        server
            .admin(&["set-password", "A. Reyes"])
            .starts_with("password name=A. Reyes")
    );
    assert!(
        server
            .admin(&["list"])
            .contains("name=A. Reyes roles=psychiatrist")
    );
}

#[test]
fn a_second_start_makes_no_second_administrator_and_the_review_pages_stay_on_this_machine() {
    let server = Server::start();
    let refused = Command::new(PROGRAM)
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--review",
            "0.0.0.0:0",
            "--data",
        ])
        .arg(server.folder.path())
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(refused.stdout.is_empty(), "no second administrator");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("loopback"));
}

#[test]
fn whoever_sends_no_whole_head_is_let_go() {
    let server = Server::start();
    let mut pages = TcpStream::connect(server.address("review=")).unwrap();
    pages.write_all(b"GET /sign-in HTTP/1.1\r\nhost: ").unwrap();
    // Without a limit HQ would wait for the rest for ever.
    pages
        .set_read_timeout(Some(Duration::from_mins(2)))
        .unwrap();
    let mut answer = String::new();
    pages.read_to_string(&mut answer).unwrap();
    assert!(!answer.contains("200"), "{answer}");
}

#[test]
fn it_ends_when_it_is_told_to() {
    let mut server = Server::start();
    let told = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn what_is_no_sealed_upload_is_refused_by_name() {
    let server = Server::start();
    let answer = server
        .fetch(&[&rustls::version::TLS13], "POST /v0/outbox")
        .unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400"));
    assert!(answer.ends_with(b"outbox.malformed"));
}

#[test]
fn keys_are_made_anew_while_it_runs_and_only_with_the_root() {
    let server = Server::start();
    let export = server.folder.path().join("export");
    let root = export.join("root-private-key.bin");
    let root = root.to_str().unwrap();
    let rotated = server.admin(&["rotate-online-key", "--root-key", root, "--drop-old"]);
    assert_eq!(rotated, "key-set serial=2\n");
    let sealed = server.admin(&["seal-keys", "--root-key", root]);
    assert_eq!(sealed, "sealing-keys serial=2\n");
    assert!(export.join("custodian-2-private-key-2.bin").exists());
    let refused = Command::new(PROGRAM)
        .args(["admin", "--data"])
        .arg(server.folder.path())
        .args(["rotate-online-key", "--root-key"])
        .arg(export.join("custodian-1-private-key.bin"))
        .output()
        .unwrap();
    assert!(!refused.status.success());
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("is not this agency's root"), "{said}");
}
