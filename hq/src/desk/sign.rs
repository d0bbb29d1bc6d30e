//! Signing exactly what was shown (decision 14). If something clinical arrived since, it is shown first; the older version
//! may still be signed as such, unless the level rose (rule 21).

use mooring_casefile::{
    CaseId, Changes, Difference, Digest, Edit, Now, Operation, RecordId, Review,
};
use mooring_identity::{ReviewStatement, Signed, Writer, sha256};
use mooring_protocol::ShownLevel;

use super::shown::ShownPage;
use super::{LONGEST_TEXT, ShownId};
use crate::access::Session;
use crate::caseboard::Board;
use crate::headquarters::Headquarters;
use crate::ledger::ReviewRow;
use crate::refused::Refused;

/// What a psychiatrist wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReviewForm {
    /// Impression.
    pub impression: String,
    /// Medication considerations: considerations, not orders.
    pub medication: String,
    /// Plan.
    pub plan: String,
    /// Feedback to the responder.
    pub feedback: String,
}

/// What is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The page that was read.
    pub shown: ShownId,
    /// Whether it is to be signed as an older version, whatever came since.
    pub older: bool,
    /// What was written.
    pub form: ReviewForm,
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Signing {
    /// It is signed and on disk.
    Signed {
        /// The review.
        review: RecordId,
        /// When.
        at_ms: i64,
        /// What came after the version that was signed as an older one.
        later: Vec<Difference>,
    },
    /// Nothing was signed: something clinical came since the page was shown.
    Changed {
        /// What.
        difference: Vec<Difference>,
        /// Whether the level rose: then the older version can't be signed.
        level_rose: bool,
        /// The level that was shown.
        was: ShownLevel,
        /// The level now.
        is: ShownLevel,
    },
}

impl Headquarters {
    /// Signs what was shown, or says what came since.
    pub fn sign(
        &self,
        by: &Session,
        case: CaseId,
        sign: &Sign,
        now: Now,
    ) -> Result<Signing, Refused> {
        self.admit(by, Operation::Sign, "sign", Some(case), now)?;
        check(&sign.form)?;
        let page = self.office().find_shown(case, sign.shown)?;
        let mut board = self.board();
        let changes = since(&mut board, self, case, &page)?;
        let as_older = sign.older && !changes.level_rose;
        if !changes.lines.is_empty() && !as_older {
            let Changes {
                lines: difference,
                level_rose,
                was,
                is,
            } = changes;
            return Ok(Signing::Changed {
                difference,
                level_rose,
                was,
                is,
            });
        }
        let review = self.make_record(now);
        let statement = self.state(by, case, review, &page, &sign.form, now);
        let signed = Signed::sign(statement, self.keys.ring().online());
        let older = !changes.lines.is_empty();
        let edit = Edit::Review {
            id: review,
            review: self.record(by, &page, &sign.form, older, &signed),
        };
        // The statement is kept first: no review is ever without the evidence for it.
        self.office().ledger.keep_review(&ReviewRow {
            id: review,
            case,
            shown: *sign.shown.bytes(),
            statement: signed.bytes().to_vec(),
            signed_ms: now.wall_ms,
        })?;
        self.write(&mut board, by, case, &edit, now)?;
        Ok(Signing::Signed {
            review,
            at_ms: now.wall_ms,
            later: changes.lines,
        })
    }

    fn state(
        &self,
        by: &Session,
        case: CaseId,
        review: RecordId,
        page: &ShownPage,
        form: &ReviewForm,
        now: Now,
    ) -> ReviewStatement {
        let hashes = |ids: &[mooring_casefile::ChangeId]| ids.iter().map(|id| id.bytes()).collect();
        ReviewStatement {
            agency: self.agency(),
            case: case.bytes(),
            review: review.bytes(),
            staff: by.staff.bytes(),
            sign_in: by.sign_in.bytes(),
            signed_ms: now.wall_ms,
            field_heads: hashes(&page.version.field),
            hq_heads: hashes(&page.version.hq),
            protocols: page.protocol_hashes().iter().map(|hash| hash.0).collect(),
            waiting: hashes(&page.waiting),
            held: hashes(&page.held),
            text_sha256: page.text_hash(),
            written_sha256: written_hash(form),
        }
    }

    fn record(
        &self,
        by: &Session,
        page: &ShownPage,
        form: &ReviewForm,
        older: bool,
        signed: &Signed<ReviewStatement>,
    ) -> Review {
        Review {
            version: page.version.clone(),
            text_sha256: Digest::new(page.text_hash()),
            protocols: page.protocol_hashes(),
            waiting: page.waiting.clone(),
            held: page.held.clone(),
            sign_in: by.sign_in.to_string(),
            older,
            impression: form.impression.clone(),
            medication: form.medication.clone(),
            plan: form.plan.clone(),
            feedback: form.feedback.clone(),
            key: self.keys.ring().online().verify_key().0.to_vec(),
            signature: signed.bytes().to_vec(),
        }
    }
}

/// What is clinically different now from what was shown.
fn since(
    board: &mut Board,
    hq: &Headquarters,
    case: CaseId,
    page: &ShownPage,
) -> Result<Changes, Refused> {
    board.refresh_shelves(hq.office())?;
    let (shelves, file) = (board.shelves(), board.file(case).ok_or(Refused::NotFound)?);
    let then = file.at(&page.version).map_err(|_| Refused::NotFound)?;
    Ok(file.difference(&then, shelves.as_ref()))
}

fn check(form: &ReviewForm) -> Result<(), Refused> {
    let fields = [
        &form.impression,
        &form.medication,
        &form.plan,
        &form.feedback,
    ];
    if fields.iter().all(|field| field.trim().is_empty()) {
        return Err(Refused::invalid(
            "Nothing is written yet: a review says something.",
        ));
    }
    if fields.iter().any(|field| field.len() > LONGEST_TEXT) {
        return Err(Refused::invalid(
            "That is too long: 20,000 characters a field at most.",
        ));
    }
    Ok(())
}

fn written_hash(form: &ReviewForm) -> [u8; 32] {
    let mut out = Writer::new();
    out.text(&form.impression)
        .text(&form.medication)
        .text(&form.plan)
        .text(&form.feedback);
    sha256(&out.finish())
}
