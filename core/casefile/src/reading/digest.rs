//! The digest of an assessment as a person sees it: all of its values and all that was decided about them.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use crate::{
    file::CaseFile,
    history::Slot,
    ids::{AssessmentId, ChangeId, Digest},
    record::Place,
    run::Half,
};

const DOMAIN: &[u8] = b"mooring/assessment as seen/0";

impl CaseFile {
    /// Over every value ever written in the assessment, over each settlement and confirmation about it, and over what is
    /// known of the person's age: whatever of that changes afterwards was not seen.
    pub(crate) fn digest_of(&self, assessment: AssessmentId) -> Digest {
        let history = self.history(Half::Field);
        let mut parts: BTreeSet<(String, ChangeId)> = BTreeSet::new();
        for start in history.starts_of(&assessment) {
            parts.insert((String::new(), start.change));
        }
        for (slot, writes) in history.slots() {
            let name = match slot {
                Slot::Answer(of, path) if *of == assessment => path.to_string(),
                Slot::Minor => "minor".to_owned(),
                Slot::Answer(..) | Slot::Title => continue,
            };
            parts.extend(writes.iter().map(|write| (name.clone(), write.change)));
        }
        let is_about = |place: &Place| place.assessment().is_none_or(|about| about == assessment);
        let settlements = self
            .settlements()
            .filter(|said| is_about(&said.what.place))
            .map(|said| said.stamp.change);
        let confirmed = self
            .confirmations()
            .filter(|said| is_about(&said.what.place))
            .map(|said| said.stamp.change);
        parts.extend(
            settlements
                .chain(confirmed)
                .map(|change| ("decided".to_owned(), change)),
        );
        let mut hash = Sha256::new();
        hash.update(DOMAIN);
        hash.update(assessment.bytes());
        for (name, change) in parts {
            hash.update(u64::try_from(name.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(name.as_bytes());
            hash.update(change.as_bytes());
        }
        Digest::new(hash.finalize().into())
    }
}
