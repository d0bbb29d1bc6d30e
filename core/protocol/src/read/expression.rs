//! Expressions of the file. This version works none of them out: each is a warning that names its item, and its result is unknown.

use serde_json::{Map, Value as Json};

use crate::fault::FaultKind;
use crate::item::{Expression, ExpressionRole};
use crate::read::extension;
use crate::read::place::{Notes, Place};

/// Longer expressions are cut when quoted in a warning.
const QUOTED_CHARS: usize = 120;

/// The expressions of an item.
pub(super) fn of_item(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
) -> Vec<Expression> {
    let mut found = Vec::new();
    for (url, extension) in extension::all(object) {
        if let Some(role) = role(extension::name(url)) {
            found.push(expression(
                notes,
                role,
                extension,
                &place.member(&format!("extension({})", extension::name(url))),
            ));
        }
    }
    let text = object.get("_text").and_then(Json::as_object);
    for (url, extension) in text.into_iter().flat_map(extension::all) {
        if extension::name(url) == "cqf-expression" {
            found.push(expression(
                notes,
                ExpressionRole::Text,
                extension,
                &place.member("_text"),
            ));
        }
    }
    found
}

fn role(name: &str) -> Option<ExpressionRole> {
    match name {
        "sdc-questionnaire-enableWhenExpression" | "questionnaire-enableWhenExpression" => {
            Some(ExpressionRole::EnableWhen)
        }
        "sdc-questionnaire-calculatedExpression" | "questionnaire-calculatedExpression" => {
            Some(ExpressionRole::Calculated)
        }
        "sdc-questionnaire-initialExpression" | "questionnaire-initialExpression" => {
            Some(ExpressionRole::Initial)
        }
        "sdc-questionnaire-answerExpression"
        | "sdc-questionnaire-candidateExpression"
        | "sdc-questionnaire-answerOptionsToggleExpression" => Some(ExpressionRole::Options),
        "targetConstraint" | "questionnaire-constraint" => Some(ExpressionRole::Constraint),
        "variable" => Some(ExpressionRole::Variable),
        _ => None,
    }
}

fn expression(
    notes: &mut Notes,
    role: ExpressionRole,
    extension: &Map<String, Json>,
    place: &Place,
) -> Expression {
    let text = text(extension).unwrap_or_default();
    let consequence = match role {
        ExpressionRole::EnableWhen => "whether the item applies is unknown, so it stays open",
        ExpressionRole::Calculated => "its value is unknown",
        ExpressionRole::Initial => "nothing is filled in",
        ExpressionRole::Options => "its options may be others",
        ExpressionRole::Constraint => "answers are not checked by it",
        ExpressionRole::Text => "the plain text is shown",
        ExpressionRole::Variable => "what uses it is unknown",
    };
    let quoted: String = text.chars().take(QUOTED_CHARS).collect();
    notes.warn(
        place,
        FaultKind::NotSupported,
        format!("the expression '{quoted}' is not worked out yet: {consequence}"),
    );
    let name = extension::value(extension).and_then(|(_, value)| value.get("name")?.as_str());
    Expression {
        role,
        name: name.unwrap_or_default().to_owned(),
        text,
    }
}

/// The text of the expression: a value of its own, or in an extension inside (constraints and toggles have it there).
fn text(extension: &Map<String, Json>) -> Option<String> {
    if let Some((_, value)) = extension::value(extension) {
        let expression = value.get("expression").unwrap_or(value);
        return expression.as_str().map(str::to_owned);
    }
    let mut inner = extension::all(extension).filter(|(url, _)| *url == "expression");
    inner.find_map(|(_, inner)| text(inner))
}

/// Warns of the expressions of the file itself.
pub(super) fn of_file(notes: &mut Notes, file: &Map<String, Json>) {
    for (url, extension) in extension::all(file) {
        if let Some(role) = role(extension::name(url)) {
            let place = Place::root().member(&format!("extension({})", extension::name(url)));
            let _ = expression(notes, role, extension, &place);
        }
    }
}
