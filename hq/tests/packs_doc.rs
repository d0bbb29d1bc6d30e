//! docs/packs.md: each command in it gives the output that stands below it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that does not get on should say where at once"
)]

use std::path::PathBuf;
use std::process::Command;

/// Each command of the page with the output that stands below it.
fn commands(page: &str) -> Vec<(String, String)> {
    let blocks = page.split("```console\n").skip(1);
    blocks
        .map(|block| {
            let block = block.split("```").next().unwrap();
            let (command, output) = block.split_once('\n').unwrap();
            let command = command.strip_prefix("$ mooring-hq ").unwrap();
            (command.to_owned(), output.to_owned())
        })
        .collect()
}

#[test]
fn every_command_of_the_page_gives_the_output_of_the_page() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/packs.md")).unwrap();
    let commands = commands(&page);
    assert_eq!(commands.len(), 3);
    for (command, expected) in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_mooring-hq"))
            .args(command.split(' '))
            .current_dir(&root)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said, expected, "{command}");
        assert!(output.status.success(), "{command}");
    }
}
