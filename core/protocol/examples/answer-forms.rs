//! Answers forms in several ways and writes each response beside its Questionnaire, for validators of other projects.
//!
//! `cargo run -p mooring-protocol --example answer-forms -- OUT [FOLDER]`: the starter pack, and every Questionnaire of FOLDER that loads.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for tests stops at the first thing that is not as it should be"
)]

use std::fs;
use std::path::Path;

use mooring_protocol::{
    Answer, AnswerPath, Item, ItemKind, Protocol, Responding, Sheet, Status, StepKind, starter_pack,
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let out = arguments.next().expect("the folder to write to");
    let mut written = 0;
    for protocol in starter_pack() {
        written += write(Path::new(&out), "pack", protocol.key(), &protocol);
    }
    if let Some(folder) = arguments.next() {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let bytes = fs::read(&file).unwrap();
            if let Ok(protocol) = Protocol::parse(&bytes, None) {
                let name = file.file_stem().unwrap().to_string_lossy();
                written += write(Path::new(&out), "real", &name, &protocol);
            }
        }
    }
    println!("{written} responses");
}

/// One way of filling in a form.
#[derive(Clone, Copy)]
struct Way {
    name: &'static str,
    answer: fn(usize, &Item) -> Json,
    status: Status,
    language: Option<&'static str>,
}

const WAYS: [Way; 4] = [
    Way {
        name: "first",
        answer: |number, item| value(item, number, 0),
        status: Status::Completed,
        language: None,
    },
    Way {
        name: "last",
        answer: |number, item| value(item, number, usize::MAX),
        status: Status::Completed,
        language: Some("es"),
    },
    Way {
        name: "mixed",
        answer: |number, item| match number % 5 {
            0 => json!({"declined": true}),
            1 => json!({"unsure": true}),
            2 => json!({"notNow": true}),
            _ => value(item, number, number),
        },
        status: Status::InProgress,
        language: None,
    },
    Way {
        name: "empty",
        answer: |_, _| Json::Null,
        status: Status::InProgress,
        language: None,
    },
];

fn write(out: &Path, kind: &str, name: &str, protocol: &Protocol) -> usize {
    let folder = out.join(kind);
    fs::create_dir_all(&folder).unwrap();
    let questionnaire = folder.join(format!("{name}.questionnaire.json"));
    fs::write(questionnaire, protocol.source().0).unwrap();
    for way in WAYS {
        let mut sheet = answered(protocol, way);
        if way.name == "mixed" {
            contest(&mut sheet);
        }
        let how = Responding {
            status: way.status,
            header: None,
            language: way.language,
        };
        let response = protocol.respond(&sheet, how);
        let file = folder.join(format!("{name}.{}.response.json", way.name));
        fs::write(file, format!("{response:#}")).unwrap();
    }
    WAYS.len()
}

/// Every question that can be answered, in the order of the form, twice over, because an answer opens others.
fn answered(protocol: &Protocol, way: Way) -> Sheet {
    let (mut sheet, mut next) = (Sheet::new(), 0_u128);
    for _ in 0..2 {
        let steps = protocol.flow(&sheet).steps;
        for (number, step) in steps.iter().enumerate() {
            if step.kind != StepKind::Question || step.read_only || !step.is_open() {
                continue;
            }
            let item = protocol.find(step.link_id()).unwrap();
            let raw = (way.answer)(number, item);
            let mut fresh = || {
                next += 1;
                Uuid::from_u128(next)
            };
            let chain = step.path.ancestors();
            let taken = protocol.accept(step.link_id(), chain, &raw, &mut fresh, &sheet);
            for (path, answer) in taken.unwrap_or_default() {
                sheet.set(path, answer);
            }
        }
    }
    sheet
}

/// A second value at the first question that has one, and an answer to a question of another form.
fn contest(sheet: &mut Sheet) {
    let first = sheet
        .iter()
        .find(|(_, answers)| answers.iter().any(|answer| answer.value().is_some()))
        .map(|(path, _)| path.clone());
    if let Some(path) = first {
        sheet.add(path, Answer::Declined);
    }
    sheet.add(AnswerPath::new("from-elsewhere"), Answer::Unsure);
}

/// A value of the question's own type, within its limits where it has any.
fn value(item: &Item, number: usize, which: usize) -> Json {
    if !item.options.is_empty() {
        let option = item.options.get(which.min(item.options.len() - 1)).unwrap();
        return Answer::Value(option.value.clone()).to_json();
    }
    let least = item.min_value.as_ref().or(item.max_value.as_ref());
    if let Some(least) = least {
        return Answer::Value(least.clone()).to_json();
    }
    match item.kind {
        ItemKind::Boolean => json!({"valueBoolean": which == 0 || number.is_multiple_of(2)}),
        ItemKind::Decimal => json!({"valueDecimal": 2.5}),
        ItemKind::Integer => json!({"valueInteger": 3}),
        ItemKind::Date => json!({"valueDate": "2026-06-14"}),
        ItemKind::DateTime => json!({"valueDateTime": "2026-06-14T02:30:00-06:00"}),
        ItemKind::Time => json!({"valueTime": "02:30:00"}),
        ItemKind::String | ItemKind::Text | ItemKind::Choice | ItemKind::OpenChoice => {
            json!({"valueString": "words of their own"})
        }
        ItemKind::Url => json!({"valueUri": "http://example.org/here"}),
        ItemKind::Quantity => {
            let unit = item.unit_codes.first().cloned().unwrap_or_default();
            json!({"valueQuantity": {"value": 72, "unit": unit.words(), "system": unit.system, "code": unit.code}})
        }
        ItemKind::Group | ItemKind::Display | ItemKind::Attachment | ItemKind::Reference => {
            Json::Null
        }
    }
}
