//! What an expression gives, written as FHIR's JSON.

use serde_json::{Map, Value as Json, json};

use crate::answer::Answer;
use crate::fhirpath::value::{Collection, Item};
use crate::fhirpath::world::{Node, Presence, World};
use crate::value::Value;

impl<'w> World<'w> {
    /// One thing.
    pub(crate) fn json(&self, item: &Item<'w>) -> Json {
        match item {
            Item::Boolean(yes) => json!(yes),
            Item::Integer(n) => json!(n),
            Item::Decimal(n) => plain(&Value::Decimal(n.clone())),
            Item::String(text) | Item::Date(text) | Item::DateTime(text) | Item::Time(text) => {
                json!(text)
            }
            Item::Quantity(amount) => plain(&Value::Quantity(amount.clone())),
            Item::Node(node) => self.node_json(*node),
            Item::Range(_) | Item::Something => Json::Null,
        }
    }

    fn node_json(&self, node: Node<'w>) -> Json {
        match node {
            Node::Json(json) => json.clone(),
            Node::Coding(_, value) => plain(value),
            Node::Answer(_, value, _) => {
                let mut object = match Answer::Value(value.clone()).to_json() {
                    Json::Object(object) => object,
                    other => return other,
                };
                self.add_items(node, &mut object);
                Json::Object(object)
            }
            Node::Response | Node::Entry(_) => {
                let mut object = Map::new();
                for name in ["resourceType", "linkId", "text"] {
                    let mut found = Collection::empty();
                    self.member(node, name, true, &mut found);
                    if let Some(item) = found.items().next() {
                        object.insert(name.to_owned(), self.json(item));
                    }
                }
                let mut answers = Collection::empty();
                self.member(node, "answer", true, &mut answers);
                if !answers.elems.is_empty() {
                    let answers = answers.items().map(|item| self.json(item)).collect();
                    object.insert("answer".to_owned(), answers);
                }
                self.add_items(node, &mut object);
                Json::Object(object)
            }
            Node::Missing(_) | Node::MissingValue(_) => Json::Null,
        }
    }

    /// Items without answers are left out, as in a response.
    fn add_items(&self, node: Node<'w>, object: &mut Map<String, Json>) {
        let mut items = Collection::empty();
        self.items_of(node, true, &mut items);
        let answered = items.items().filter(|item| match item {
            Item::Node(node) => self.presence(*node) == Presence::Sure,
            _ => false,
        });
        let items: Vec<Json> = answered.map(|item| self.json(item)).collect();
        if !items.is_empty() {
            object.insert("item".to_owned(), Json::Array(items));
        }
    }
}

fn plain(value: &Value) -> Json {
    let Json::Object(object) = Answer::Value(value.clone()).to_json() else {
        return Json::Null;
    };
    object
        .into_iter()
        .next()
        .map_or(Json::Null, |(_, value)| value)
}
