//! The lists, and signing in.

use super::super::fixture;
use super::super::queue::{List, QueuePage};
use super::{empty_queue, rescue, sign_in};

#[test]
fn the_queue_keeps_the_order_of_the_board_and_says_why_and_what_is_flagged() {
    let page = fixture::queue();
    let html = page.render().into_string();
    assert!(html.contains("Six cases wait for you"));
    let mut from = 0;
    for row in &page.rows {
        let at = html
            .find(&format!(">{}<", row.person))
            .expect("every person is there");
        assert!(at > from, "{} is out of order", row.person);
        from = at;
        for words in row
            .why
            .iter()
            .filter(|words| !words.is_empty())
            .chain(row.flags.iter().map(|flag| &flag.words))
        {
            assert!(html.contains(words.as_str()), "{words} is missing");
        }
    }
    assert!(html.contains("was High, 01:40"));
    assert!(html.contains("flag contested\">two answers differ"));
}

#[test]
fn an_empty_queue_says_so_in_a_sentence() {
    let html = empty_queue().render().into_string();
    assert!(html.contains("No case waits for you") && html.contains("has been read and signed"));
    let all = QueuePage {
        list: List::All,
        ..empty_queue()
    }
    .render()
    .into_string();
    assert!(all.contains("No phone has sent a case yet"));
}

#[test]
fn what_was_typed_stands_on_the_page_that_says_that_headquarters_failed() {
    let html = rescue().render().into_string();
    assert!(html.contains("High and fluid</textarea>") && html.contains("HQ is busy"));
    assert!(
        !html.contains("name=\"plan\""),
        "an empty field is not shown"
    );
}

#[test]
fn signing_in_carries_typed_text_through() {
    let html = sign_in().render().into_string();
    assert!(
        html.contains("name=\"kept.impression\" value=\"High &quot;and&quot; fluid &lt;b&gt;\"")
    );
}
