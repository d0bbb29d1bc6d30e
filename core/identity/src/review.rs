//! What a review's signature covers: exactly what the psychiatrist was shown.

use crate::agency::{read_ids, write_ids};
use crate::{AgencyId, Domain, IdentityError, Reader, Statement, Writer};

const MOST: usize = 65_536;

/// HQ signs this for the staff member who signed what was displayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewStatement {
    /// The agency.
    pub agency: AgencyId,
    /// The case.
    pub case: [u8; 16],
    /// The review's own id.
    pub review: [u8; 16],
    /// Who signed.
    pub staff: [u8; 16],
    /// In which sign-in.
    pub sign_in: [u8; 16],
    /// When, by HQ's clock.
    pub signed_ms: i64,
    /// Heads of the field half that was displayed.
    pub field_heads: Vec<[u8; 32]>,
    /// Heads of HQ's half that was displayed, this review left out.
    pub hq_heads: Vec<[u8; 32]>,
    /// Hashes of the protocols it was read with.
    pub protocols: Vec<[u8; 32]>,
    /// Hashes of runs that had arrived and were waiting.
    pub waiting: Vec<[u8; 32]>,
    /// Hashes of runs that were held for a person.
    pub held: Vec<[u8; 32]>,
    /// SHA-256 of the page's canonical clinical text.
    pub text_sha256: [u8; 32],
    /// SHA-256 of what was written: impression, medication considerations, plan, feedback.
    pub written_sha256: [u8; 32],
}

impl Statement for ReviewStatement {
    const DOMAIN: Domain = Domain::Review;

    fn write(&self, out: &mut Writer) {
        out.fixed(&self.agency.0)
            .fixed(&self.case)
            .fixed(&self.review)
            .fixed(&self.staff)
            .fixed(&self.sign_in);
        out.i64(self.signed_ms);
        for list in [
            &self.field_heads,
            &self.hq_heads,
            &self.protocols,
            &self.waiting,
            &self.held,
        ] {
            write_ids(list, out);
        }
        out.fixed(&self.text_sha256).fixed(&self.written_sha256);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, IdentityError> {
        Ok(Self {
            agency: AgencyId(reader.array()?),
            case: reader.array()?,
            review: reader.array()?,
            staff: reader.array()?,
            sign_in: reader.array()?,
            signed_ms: reader.i64()?,
            field_heads: read_ids(reader, MOST)?,
            hq_heads: read_ids(reader, MOST)?,
            protocols: read_ids(reader, MOST)?,
            waiting: read_ids(reader, MOST)?,
            held: read_ids(reader, MOST)?,
            text_sha256: reader.array()?,
            written_sha256: reader.array()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Signed, SigningKey, os_random};

    fn review() -> ReviewStatement {
        ReviewStatement {
            agency: AgencyId([1; 32]),
            case: [2; 16],
            review: [3; 16],
            staff: [4; 16],
            sign_in: [5; 16],
            signed_ms: 6,
            field_heads: vec![[7; 32]],
            hq_heads: vec![],
            protocols: vec![[8; 32], [9; 32]],
            waiting: vec![],
            held: vec![[10; 32]],
            text_sha256: [11; 32],
            written_sha256: [12; 32],
        }
    }

    #[test]
    fn a_review_says_what_was_shown_and_nothing_else_passes() {
        let key = SigningKey::make(&mut os_random());
        let signed = Signed::sign(review(), &key);
        let again = Signed::<ReviewStatement>::open(signed.bytes(), &key.verify_key()).unwrap();
        assert_eq!(again.statement(), &review());
        for at in 0..signed.bytes().len() {
            let mut bad = signed.bytes().to_vec();
            bad[at] ^= 1;
            assert!(
                Signed::<ReviewStatement>::open(&bad, &key.verify_key()).is_err(),
                "byte {at}"
            );
        }
    }

    #[test]
    fn a_head_moved_from_one_list_to_the_next_is_another_statement() {
        let mut moved = review();
        moved.hq_heads = std::mem::take(&mut moved.field_heads);
        let key = SigningKey::make(&mut os_random());
        assert_ne!(
            Signed::sign(moved, &key).bytes(),
            Signed::sign(review(), &key).bytes()
        );
    }
}
