//! What a response needs to know of its Questionnaire's file beside the items.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::PROTOCOL;
use crate::protocol::Protocol;

/// The Questionnaire's address, and the linkIds that are words to say or help, which a response may list and nobody answers.
#[derive(Debug, Default)]
pub(super) struct About {
    pub(super) url: String,
    pub(super) version: String,
    pub(super) id: String,
    hash: String,
    texts: BTreeSet<String>,
}

impl About {
    pub(super) fn of(protocol: &Protocol) -> Self {
        // It was read before, so nothing is lost here.
        let file = crate::read::json::parse(protocol.source().0).unwrap_or_default();
        let text = |name: &str| {
            file.get(name)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let mut about = Self {
            url: text("url"),
            version: text("version"),
            id: text("id"),
            hash: protocol.hash().to_string(),
            texts: BTreeSet::new(),
        };
        if let Some(file) = file.as_object() {
            about.texts_below(file);
        }
        about
    }

    /// How a response names the Questionnaire: by its address and version, else by the protocol's hash.
    pub(super) fn canonical(&self) -> String {
        match (self.url.is_empty(), self.version.is_empty()) {
            (true, _) => format!("{PROTOCOL}{}", self.hash),
            (false, true) => self.url.clone(),
            (false, false) => format!("{}|{}", self.url, self.version),
        }
    }

    /// Whether the linkId is a text to read.
    pub(super) fn is_text(&self, link_id: &str) -> bool {
        self.texts.contains(link_id)
    }

    fn texts_below(&mut self, holder: &Map<String, Json>) {
        let items = holder.get("item").and_then(Json::as_array);
        for item in items.into_iter().flatten().filter_map(Json::as_object) {
            let is_text = item.get("type").and_then(Json::as_str) == Some("display");
            if let (true, Some(link_id)) = (is_text, item.get("linkId").and_then(Json::as_str)) {
                self.texts.insert(link_id.to_owned());
            }
            self.texts_below(item);
        }
    }
}
