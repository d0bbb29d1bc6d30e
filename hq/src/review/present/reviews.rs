//! Signed reviews.

use mooring_casefile::{Entry, RecordId, Review, Shelf};

use super::changes::lines;
use super::hours::Hours;
use super::reading::Reading;
use super::{case_path, reader};
use crate::review::page::past::{PastReview, SignedPage};
use crate::{CasePage, Session, SignedText, stamp_words};

/// Every review, newest first.
pub(crate) fn past(reading: &Reading<'_>) -> Vec<PastReview> {
    reading
        .page
        .view
        .reviews
        .iter()
        .rev()
        .map(|entry| one(reading, entry))
        .collect()
}

/// The page of one review.
pub(crate) fn signed_page(
    hours: Hours,
    by: &Session,
    page: &CasePage,
    review: RecordId,
    signed: &SignedText,
) -> Option<SignedPage> {
    let reading = Reading {
        hours,
        by,
        page,
        typed: &page.draft.fields,
        pressed: "",
    };
    let entry = page.view.reviews.iter().find(|entry| entry.id == review)?;
    let mut review = one(&reading, entry);
    review.stamp.clone_from(&signed.words);
    Some(SignedPage {
        reader: reader(by),
        person: page.row.title.clone(),
        case_href: case_path(page.case),
        review,
        text: signed.text.clone(),
        digest: signed.digest_hex.clone(),
    })
}

fn one(reading: &Reading<'_>, entry: &Entry<Review>) -> PastReview {
    let review = &entry.what;
    let parts = [
        ("Impression", &review.impression),
        (
            "Medication (a consideration, not an order)",
            &review.medication,
        ),
        ("Plan", &review.plan),
        ("To the team", &review.feedback),
    ];
    PastReview {
        href: format!("{}/review/{}", case_path(reading.page.case), entry.id),
        by: reading.who(&entry.stamp),
        stamp: stamp_words(&review.text_sha256.bytes()),
        older: review.older,
        parts: parts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(label, text)| (label.to_owned(), text.clone()))
            .collect(),
        later: if review.older {
            later(reading, review)
        } else {
            Vec::new()
        },
    }
}

// What is known now and was not in the older version that was signed.
fn later(reading: &Reading<'_>, review: &Review) -> Vec<String> {
    let file = &reading.page.file;
    let shelf: &dyn Shelf = reading.page.shelf.as_ref();
    file.at(&review.version)
        .map(|then| lines(&file.difference(&then, shelf).lines))
        .unwrap_or_default()
}
