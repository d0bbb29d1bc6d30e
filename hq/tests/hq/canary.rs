//! What a person said stands in no log, in no error, and in the data folder only sealed.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use mooring_casefile::{Half, Role};
use mooring_hq::Outcome;

use crate::world::{World, at};

/// No such words stand anywhere else.
const CANARY: &str = "zebrafinch";

#[derive(Clone, Default)]
struct Logs(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn holds_canary(bytes: &[u8]) -> bool {
    bytes
        .windows(CANARY.len())
        .any(|window| window == CANARY.as_bytes())
}

fn scan(folder: &Path, scanned: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert!(!holds_canary(path.to_str().unwrap().as_bytes()));
        if path.is_dir() {
            scan(&path, scanned);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!holds_canary(&bytes), "{}", path.display());
            *scanned += bytes.len();
        }
    }
}

/// A night at HQ with the canary in every title, answer and text, and with much that goes wrong.
fn night(world: &World) {
    let mut phone = world.phone("J. Okafor", Role::Responder, at(0));
    let case = phone.new_case(&format!("{CANARY}, 34"), at(1));
    let assessment = phone.start(case, crate::world::INTERVIEW, at(1));
    let said = serde_json::json!({ "valueString": format!("he said {CANARY}") });
    phone.answer_with(case, assessment, "own-words", &said, at(2));
    let mut other_case = phone.unsent[0].clone();
    other_case.case = mooring_casefile::CaseId::derive(at(1).wall_ms, [7; 10]);
    let mut other_half = phone.unsent[0].clone();
    other_half.half = Half::Hq;
    let mut broken = phone.unsent[2].clone();
    broken.first_seq += 9;
    broken.last_seq += 9;
    phone.unsent.extend([other_case, other_half, broken]);
    phone.exchange(&world.hq, at(3));
    phone.exchange(&world.hq, at(4));
    let nonsense = format!("nonsense about {CANARY}");
    let answered = world.hq.exchange(nonsense.as_bytes(), at(5));
    assert_eq!(answered.outcome, Outcome::Refused);
    assert!(!holds_canary(&answered.bytes));
    let refused = world.hq.sign_in(&format!("A. {CANARY}"), CANARY, at(5));
    assert!(refused.is_err_and(|error| !holds_canary(error.to_string().as_bytes())));
    let refused = world.hq.enrol(nonsense.as_bytes(), at(5));
    assert!(refused.is_err_and(|error| !holds_canary(format!("{error:?}").as_bytes())));
    let session = world.psychiatrist(at(6));
    let page = world.hq.case(&session, case, at(6)).unwrap();
    let said = page.file.canonical_text(&phone.pack);
    assert!(holds_canary(said.as_bytes()), "HQ does show it");
    world.hq.queue(&session, at(7)).unwrap();
    assert_eq!(world.hq.rebuild(), Ok(vec![]));
}

#[test]
fn no_log_and_no_file_tells_what_a_person_said() {
    let logs = Logs::default();
    let writer = logs.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .with_max_level(tracing::Level::TRACE)
        .finish();
    let folder = tracing::subscriber::with_default(subscriber, || {
        let world = World::new();
        night(&world);
        let world = world.restart(at(10));
        world.folder
    });
    let logs = logs.0.lock().unwrap();
    let text = String::from_utf8_lossy(&logs);
    assert!(text.contains("held"), "nothing was logged: {text}");
    assert!(!holds_canary(&logs), "{text}");
    let mut scanned = 0;
    scan(folder.path(), &mut scanned);
    assert!(scanned > 50_000);
}
