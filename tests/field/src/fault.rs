//! What a script is told when something did not work: a stable kind, and words without a person's data.

use mooring_device::Error;
use serde_json::{Value, json};

/// A failed request.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The device said no.
    Device(Error),
    /// The line is no request; where it is wrong, without quoting it.
    Malformed(String),
    /// A file that the request names can't be read or written.
    File,
    /// HQ could not be reached, or its certificate is not the pinned one.
    Link(&'static str),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Device(error)
    }
}

impl Fault {
    /// The reply line.
    pub(crate) fn reply(&self) -> Value {
        let (kind, message) = match self {
            Self::Device(error) => (error.kind(), error.to_string()),
            Self::Malformed(what) => ("malformed", what.clone()),
            Self::File => ("file", "the file can't be read".to_owned()),
            Self::Link(what) => ("no_link", (*what).to_owned()),
        };
        let mut error = json!({ "kind": kind, "message": message });
        if let (Self::Device(device), Some(fields)) = (self, error.as_object_mut()) {
            fields.insert("code".to_owned(), json!(device.code()));
        }
        json!({ "ok": false, "error": error })
    }
}
