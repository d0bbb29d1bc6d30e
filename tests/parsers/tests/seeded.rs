//! A seeded run of every fuzz target, so that each build tries them without a fuzzer.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that can't go on says so by stopping"
)]

use std::path::{Path, PathBuf};

use mooring_parsers::TARGETS;

/// Chance that comes out the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }
}

/// Bytes that some parser takes: the golden file of every format, and what else is small.
fn seeds() -> Vec<Vec<u8>> {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core");
    let folders = ["identity", "exchange", "casefile", "protocol"];
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|name| std::fs::read_dir(core.join(name).join("tests/golden")).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts = ["0b1", "0ctest|yes|Yes", "0q1.5|<|mg|u|c", "a:b/c=d", "wish"];
    let expression = "%resource.item.where(linkId = 'w').answer.value.select(iif($this, 1, 2)).sum() + today().toString().length()";
    let response = br#"{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"partner","answer":[{"valueBoolean":true}]}]}"#;
    let questionnaire = br#"{"resourceType":"Questionnaire","id":"a","title":"A","status":"active","item":[{"linkId":"w","text":"W","type":"boolean","enableWhen":[{"question":"w","operator":"=","answerBoolean":true}]}]}"#;
    let mut seeds: Vec<_> = files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .filter(|seed| seed.len() < 1 << 16)
        .collect();
    seeds.extend(texts.map(|text| text.as_bytes().to_vec()));
    seeds.push(questionnaire.to_vec());
    seeds.push(expression.as_bytes().to_vec());
    seeds.push(response.to_vec());
    seeds
}

fn altered(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(bytes.len());
        match dice.roll(6) {
            _ if bytes.is_empty() => bytes.push(0),
            0 => bytes[at] ^= 1 << dice.roll(8),
            1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][dice.roll(5)],
            2 => bytes.insert(at, u8::try_from(dice.roll(256)).unwrap()),
            3 => drop(bytes.remove(at)),
            4 => bytes.truncate(at),
            _ => bytes.extend_from_within(at..),
        }
    }
    bytes
}

/// Inputs to each target: the slow suite takes more of them.
fn count() -> usize {
    if std::env::var_os("MOORING_SLOW").is_some() {
        100_000
    } else {
        10_000
    }
}

#[test]
fn no_parser_panics_on_altered_bytes() {
    let seeds = seeds();
    assert!(seeds.len() > 30);
    for (name, target) in TARGETS {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        for seed in &seeds {
            target(seed);
        }
        for _ in 0..count() {
            target(&altered(&seeds[dice.roll(seeds.len())], &mut dice));
        }
        println!("{name}");
    }
}

#[test]
fn every_target_has_its_fuzzer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        let fuzzer = folder.join("fuzz_targets").join(format!("{name}.rs"));
        let fuzzer = std::fs::read_to_string(fuzzer).unwrap();
        assert!(fuzzer.contains(&format!("mooring_parsers::{name}(bytes)")));
    }
}
