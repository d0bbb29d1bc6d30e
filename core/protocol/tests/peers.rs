//! fhirpath.js on the same expressions and answers: those of the real forms beside the project, and generated ones.
//!
//! It needs Node and the packages of `tests/peers`, so it runs where `MOORING_PEERS` names that folder: `cargo xtask test --only peers`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first thing that is not as it should be"
)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use mooring_protocol::{Answer, ExpressionRole, Item, Protocol, Sheet};
use serde_json::{Value as Json, json};
use support::Visit;

/// The folder with the peer; nothing, said aloud, where it is not named.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("MOORING_PEERS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("LEFT OUT: MOORING_PEERS names no folder; cargo xtask test --only peers does");
    }
    folder
}

/// One expression on one set of answers.
struct Case {
    ours: Result<Vec<Json>, String>,
    sent: Json,
    name: String,
}

/// What the peer gives for each: values, or why it stopped.
fn ask(folder: &PathBuf, cases: &[Case]) -> Vec<Result<Vec<Json>, String>> {
    let mut node = Command::new("node")
        .arg("check.js")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    let lines: Vec<String> = cases.iter().map(|case| case.sent.to_string()).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
    });
    let output = BufReader::new(node.stdout.take().unwrap());
    let answers = output.lines().map(|line| {
        let answer: Json = serde_json::from_str(&line.unwrap()).unwrap();
        match answer["values"].as_array() {
            Some(values) => Ok(values.clone()),
            None => Err(answer["stopped"].to_string()),
        }
    });
    let answers: Vec<_> = answers.collect();
    writer.join().unwrap();
    assert!(node.wait().unwrap().success());
    assert_eq!(answers.len(), cases.len());
    answers
}

/// Where both give values, they are the same; what one can't work out, the other does not have to.
#[track_caller]
fn compare(cases: &[Case], answers: &[Result<Vec<Json>, String>]) -> (usize, Vec<String>) {
    let (mut same, mut apart) = (0, Vec::new());
    for (case, answer) in cases.iter().zip(answers) {
        match (&case.ours, answer) {
            (Ok(ours), Ok(theirs)) if alike_all(ours, theirs) => same += 1,
            (Err(_), Err(_)) => same += 1,
            // Where one side of "and" decides, ours does not ask whether the other can be worked out.
            (Ok(_), Err(_))
                if [" and ", " or ", " implies "]
                    .iter()
                    .any(|word| case.name.contains(word)) =>
            {
                same += 1
            }
            (ours, theirs) => apart.push(format!(
                "{}\n   ours {ours:?}\n  their {theirs:?}",
                case.name
            )),
        }
    }
    (same, apart)
}

fn alike_all(ours: &[Json], theirs: &[Json]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| alike(a, b))
}

/// Numbers to twelve digits, because JavaScript has no more; an amount as FHIRPath writes it.
fn alike(ours: &Json, theirs: &Json) -> bool {
    if let (Some(a), Some(b)) = (ours.as_f64(), theirs.as_f64()) {
        return (a - b).abs() <= 1e-9 * a.abs().max(1.0);
    }
    match (ours, theirs) {
        (Json::Object(a), Json::String(b)) if a.contains_key("value") => {
            let unit = a
                .get("code")
                .or(a.get("unit"))
                .and_then(Json::as_str)
                .unwrap_or("1");
            let (number, their_unit) = b.split_once(' ').unwrap_or((b, ""));
            let same_unit =
                their_unit.trim_matches('\'').trim_end_matches('s') == unit.trim_end_matches('s');
            same_unit
                && alike(
                    &a["value"],
                    &number.parse::<f64>().map_or(Json::Null, |n| json!(n)),
                )
        }
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(name, value)| b.get(name).is_some_and(|other| alike(value, other)))
        }
        (Json::Array(a), Json::Array(b)) => alike_all(a, b),
        (a, b) => a == b,
    }
}

/// The variables that an item can use, outermost first, each with what it is worked out on.
fn variables(protocol: &Protocol, file: &Json, way: &[&Item], sheet: &Sheet) -> Vec<Json> {
    let mut all = Vec::new();
    let extensions = file["extension"].as_array().into_iter().flatten();
    let of_file = extensions.filter(|extension| {
        extension["url"]
            .as_str()
            .is_some_and(|url| url.ends_with("/variable"))
    });
    for variable in of_file {
        all.push(json!({"name": variable["valueExpression"]["name"], "expression": variable["valueExpression"]["expression"]}));
    }
    for item in way {
        let context = context(protocol, &item.link_id, sheet);
        let own = item
            .expressions
            .iter()
            .filter(|e| e.role == ExpressionRole::Variable);
        all.extend(own.map(|e| json!({"name": e.name, "expression": e.text, "context": context})));
    }
    all
}

fn context(protocol: &Protocol, link: &str, sheet: &Sheet) -> Json {
    let found = protocol.evaluate("%context", Some(link), sheet);
    found
        .ok()
        .and_then(|(values, _)| values.into_iter().next())
        .unwrap_or(Json::Null)
}

fn response(protocol: &Protocol, sheet: &Sheet) -> Json {
    protocol
        .evaluate("%resource", None, sheet)
        .unwrap()
        .0
        .remove(0)
}

/// Where the two mean to differ: the day is handed in here, a type's name means a record that is not here, a variable's name may have
/// a hyphen, and a backslash before a letter stays in a pattern.
fn is_ours(expression: &str) -> bool {
    let single_backslash = expression.contains("\\d");
    expression.starts_with(|c: char| c.is_ascii_uppercase())
        || expression.contains("today()")
        || expression.contains("%has-fever")
        // SDC's own, which the peer does not have.
        || expression.contains("answers()")
        || single_backslash
}

/// Every item with those above it.
fn ways<'i>(items: &'i [Item], above: &[&'i Item], out: &mut Vec<Vec<&'i Item>>) {
    for item in items {
        let way: Vec<&Item> = above.iter().copied().chain([item]).collect();
        out.push(way.clone());
        ways(&item.items, &way, out);
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.roll(of.len())]
    }
}

/// Some answers, of the types that the questions take.
fn filled(protocol: &Protocol, dice: &mut Dice, of_ten: usize) -> Sheet {
    let file: &[Item] = protocol.items();
    let mut all = Vec::new();
    ways(file, &[], &mut all);
    let mut visit = Visit::new(protocol.clone());
    for way in all {
        let item = way[way.len() - 1];
        if item.read_only || dice.roll(10) >= of_ten {
            continue;
        }
        let raw = match (item.kind.code(), item.options.len()) {
            (_, options @ 1..) => {
                Answer::Value(item.options[dice.roll(options)].value.clone()).to_json()
            }
            ("boolean", _) => json!({"valueBoolean": dice.roll(2) == 0}),
            ("integer", _) => json!({"valueInteger": dice.roll(60)}),
            ("decimal", _) => json!({"valueDecimal": 18.5}),
            ("string" | "text", _) => {
                json!({"valueString": dice.pick(&["chicken", "0400 000 000", "K1A 0B1", "x"])})
            }
            ("date", _) => json!({"valueDate": "2026-02-03"}),
            _ => continue,
        };
        let mut fresh = || uuid::Uuid::from_u128(7);
        if let Ok(edits) = visit
            .protocol
            .accept(&item.link_id, &[], &raw, &mut fresh, &visit.sheet)
        {
            edits
                .into_iter()
                .for_each(|(path, answer)| visit.sheet.set(path, answer));
        }
    }
    visit.sheet
}

#[test]
fn every_expression_of_the_real_forms_gives_what_the_peer_gives() {
    let (Some(peer), Some(forms)) = (folder(), support::questionnaires()) else {
        return;
    };
    let mut cases = Vec::new();
    let mut dice = Dice(11);
    let mut files: Vec<PathBuf> = std::fs::read_dir(forms)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for path in files
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
    {
        let bytes = std::fs::read(path).unwrap();
        let file: Json = serde_json::from_slice(&bytes).unwrap();
        let Ok(protocol) = Protocol::parse(&bytes, None) else {
            continue;
        };
        let mut all = Vec::new();
        ways(protocol.items(), &[], &mut all);
        for of_ten in [5, 10] {
            let sheet = filled(&protocol, &mut dice, of_ten);
            let response = response(&protocol, &sheet);
            for way in &all {
                let item = way[way.len() - 1];
                for expression in item
                    .expressions
                    .iter()
                    .filter(|e| e.role != ExpressionRole::Variable && !is_ours(&e.text))
                {
                    let found = protocol.evaluate(&expression.text, Some(&item.link_id), &sheet);
                    cases.push(Case {
                        ours: found.map(|(values, _)| values).map_err(|e| e.to_string()),
                        sent: json!({"expression": expression.text, "context": context(&protocol, &item.link_id, &sheet),
                            "response": response, "questionnaire": file, "variables": variables(&protocol, &file, way, &sheet)}),
                        name: format!("{} {}: {}", path.file_name().unwrap().to_string_lossy(), item.link_id, expression.text),
                    });
                }
            }
        }
    }
    assert!(cases.len() > 80, "{}", cases.len());
    let answers = ask(&peer, &cases);
    let (same, apart) = compare(&cases, &answers);
    assert!(
        apart.is_empty(),
        "{same} alike, and {} not:\n{}",
        apart.len(),
        apart.join("\n")
    );
}

const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "7",
    "2.5",
    "-3",
    "%resource.item.where(linkId='n').answer.value",
    "%resource.item.where(linkId='d').answer.value",
    "(1 | 2 | 3).sum()",
    "'12'.toInteger()",
    "item.answer.count()",
    "%resource.item.where(linkId='g').item.answer.value.count()",
    "%resource.item.where(linkId='none').answer.value",
];
const TEXTS: [&str; 8] = [
    "'abc'",
    "''",
    "'a,b'",
    "%resource.item.where(linkId='s').answer.value",
    "%resource.item.where(linkId='c').answer.value.code",
    "'A'.lower()",
    "1.toString()",
    "{}",
];
const TRUTHS: [&str; 7] = [
    "true",
    "false",
    "{}",
    "%resource.item.where(linkId='b').answer.value",
    "item.exists()",
    "%resource.item.where(linkId='none').answer.exists()",
    "%resource.item.where(linkId='s').answer.value.matches('^ch')",
];
const DATES: [&str; 5] = [
    "@2020-01-31",
    "@2019",
    "@2020-01",
    "%resource.item.where(linkId='t').answer.value",
    "@2024-02-29",
];
const LISTS: [&str; 6] = [
    "(1 | 2 | 3)",
    "(3 | 1 | 3)",
    "1.combine(1)",
    "%resource.item.answer.value.ofType(integer)",
    "%resource.repeat(item).linkId",
    "%resource.item.where(linkId='g').item.answer.value",
];

/// An expression of a number, a text, a truth, a date or a list.
fn number(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.pick(&NUMBERS).to_owned();
    }
    let inner = depth - 1;
    match dice.roll(9) {
        0..=2 => format!(
            "({} {} {})",
            number(dice, inner),
            dice.pick(&["+", "-", "*", "/", "div", "mod"]),
            number(dice, inner)
        ),
        3 => format!(
            "({}).{}",
            number(dice, inner),
            dice.pick(&["abs()", "floor()", "ceiling()", "truncate()", "round(2)"])
        ),
        4 => format!(
            "({}).{}",
            text(dice, inner),
            dice.pick(&["length()", "indexOf('b')"])
        ),
        5 => format!(
            "iif({}, {}, {})",
            truth(dice, inner),
            number(dice, inner),
            number(dice, inner)
        ),
        6 => format!(
            "({}).{}",
            list(dice, inner),
            dice.pick(&[
                "count()",
                "first().toString().length()",
                "last().toString().length()"
            ])
        ),
        _ => dice.pick(&NUMBERS).to_owned(),
    }
}

fn text(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.pick(&TEXTS).to_owned();
    }
    let inner = depth - 1;
    match dice.roll(7) {
        0 => format!(
            "({} {} {})",
            text(dice, inner),
            dice.pick(&["+", "&"]),
            text(dice, inner)
        ),
        1 => format!(
            "({}).{}",
            text(dice, inner),
            dice.pick(&[
                "upper()",
                "lower()",
                "trim()",
                "substring(1)",
                "substring(0, 1)",
                "replace('b', 'x')",
                "replaceMatches('[ab]', '-')"
            ])
        ),
        2 => format!("({}).toString()", number(dice, 0)),
        3 => format!(
            "iif({}, {}, {})",
            truth(dice, inner),
            text(dice, inner),
            text(dice, inner)
        ),
        _ => dice.pick(&TEXTS).to_owned(),
    }
}

fn truth(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.pick(&TRUTHS).to_owned();
    }
    let inner = depth - 1;
    match dice.roll(9) {
        0 | 1 => format!(
            "({} {} {})",
            truth(dice, inner),
            dice.pick(&["and", "or", "xor", "implies"]),
            truth(dice, inner)
        ),
        2 => format!(
            "({} {} {})",
            number(dice, inner),
            dice.pick(&["=", "!=", ">", "<", ">=", "<=", "~"]),
            number(dice, inner)
        ),
        3 => format!(
            "({} {} {})",
            text(dice, inner),
            dice.pick(&["=", "!=", "~", ">", "<="]),
            text(dice, inner)
        ),
        4 => format!(
            "({} {} {})",
            date(dice),
            dice.pick(&["=", "!=", ">", "<", ">=", "<="]),
            date(dice)
        ),
        5 => format!(
            "({}).{}",
            list(dice, inner),
            dice.pick(&[
                "exists()",
                "empty()",
                "isDistinct()",
                "all($this > 1)",
                "exists($this > 2)",
                "subsetOf(1 | 2 | 3 | 4)"
            ])
        ),
        6 => format!("({}).not()", truth(dice, inner)),
        7 => format!(
            "({} {} {})",
            number(dice, 0),
            dice.pick(&["in"]),
            list(dice, inner)
        ),
        _ => format!(
            "({}).{}",
            text(dice, inner),
            dice.pick(&[
                "startsWith('a')",
                "endsWith('c')",
                "contains('b')",
                "matches('a.*')"
            ])
        ),
    }
}

fn date(dice: &mut Dice) -> String {
    match dice.roll(4) {
        0 => format!(
            "({} + 1 month)",
            dice.pick(&["@2020-01-31", "@2024-02-29", "@2020-01"])
        ),
        1 => format!(
            "({} - {} days)",
            dice.pick(&["@2020-01-31", "@2024-02-29"]),
            dice.roll(400)
        ),
        _ => dice.pick(&DATES).to_owned(),
    }
}

fn list(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 {
        return dice.pick(&LISTS).to_owned();
    }
    let inner = depth - 1;
    match dice.roll(7) {
        0 => format!("({} | {})", list(dice, inner), list(dice, inner)),
        1 => format!(
            "({}).{}",
            list(dice, inner),
            dice.pick(&[
                "tail()",
                "skip(1)",
                "take(2)",
                "distinct()",
                "first()",
                "last()"
            ])
        ),
        2 => format!(
            "({}).where({})",
            dice.pick(&["(1 | 2 | 3)", "(5 | 4)"]),
            dice.pick(&["$this > 1", "$index = 0", "$this = 4"])
        ),
        3 => format!(
            "({}).select({})",
            dice.pick(&["(1 | 2 | 3)", "(5 | 4)"]),
            dice.pick(&["$this * 2", "$this.toString()", "$index"])
        ),
        4 => format!(
            "({}).{}({})",
            list(dice, inner),
            dice.pick(&["combine", "union", "intersect", "exclude"]),
            list(dice, inner)
        ),
        _ => dice.pick(&LISTS).to_owned(),
    }
}

#[test]
fn generated_expressions_give_what_the_peer_gives() {
    let Some(peer) = folder() else { return };
    let form = json!({"resourceType": "Questionnaire", "item": [
        {"linkId": "n", "type": "integer"}, {"linkId": "d", "type": "decimal"}, {"linkId": "s", "type": "string"}, {"linkId": "b", "type": "boolean"},
        {"linkId": "t", "type": "date"}, {"linkId": "c", "type": "choice", "answerOption": [{"valueCoding": {"system": "s", "code": "x", "display": "X"}}]},
        {"linkId": "g", "type": "group", "item": [{"linkId": "g1", "type": "integer"}, {"linkId": "g2", "type": "integer"}]}]});
    let protocol = Protocol::parse(form.to_string().as_bytes(), None).unwrap();
    let mut cases = Vec::new();
    let mut dice = Dice(7);
    let many = if std::env::var_os("MOORING_SLOW").is_some() {
        40
    } else {
        8
    };
    for of_ten in (0..many).map(|n| 4 + n % 7) {
        let sheet = filled(&protocol, &mut dice, of_ten);
        let response = response(&protocol, &sheet);
        for n in 0..400 {
            let depth = 1 + n % 4;
            let expression = match n % 4 {
                0 => number(&mut dice, depth),
                1 => text(&mut dice, depth),
                2 => truth(&mut dice, depth),
                _ => list(&mut dice, depth),
            };
            let found = protocol.evaluate(&expression, None, &sheet);
            cases.push(Case {
                ours: found.map(|(values, _)| values).map_err(|e| e.to_string()),
                sent: json!({"expression": expression, "response": response, "questionnaire": form}),
                name: expression,
            });
        }
    }
    let answers = ask(&peer, &cases);
    let (same, apart) = compare(&cases, &answers);
    assert!(
        apart.is_empty(),
        "{same} alike, and {} not:\n{}",
        apart.len(),
        apart.join("\n")
    );
}
