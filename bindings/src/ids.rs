//! Ids cross as text and are parsed at the edge: one that is none comes back as our own error, never as a panic.

use crate::error::MooringError;
use mooring_casefile::{AssessmentId, CaseId, ChangeId, PersonId, RecordId};

macro_rules! id {
    ($name:ident) => {
        uniffi::custom_type!($name, String, {
            remote,
            try_lift: |text| $name::parse(&text).map_err(|_| MooringError::no_id().into()),
            lower: |id| id.to_string(),
        });
    };
}

id!(CaseId);
id!(AssessmentId);
id!(RecordId);
id!(ChangeId);
id!(PersonId);
