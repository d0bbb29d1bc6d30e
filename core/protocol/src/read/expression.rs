//! Expressions of the file, as they stand there.

use serde_json::{Map, Value as Json};

use crate::item::{Constraint, Expression, ExpressionRole};
use crate::json;
use crate::read::extension;
use crate::read::place::{Notes, Place};
use crate::value::Value;

/// The expressions of an item.
pub(super) fn of_item(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
) -> Vec<Expression> {
    let mut found = of_element(notes, object, place);
    let text = object.get("_text").and_then(Json::as_object);
    found.extend(text.and_then(|text| of_text(text, ExpressionRole::Text, &place.member("_text"))));
    let options = object.get("answerOption").and_then(Json::as_array);
    let place = place.member("answerOption");
    for (index, option) in options.into_iter().flatten().enumerate() {
        found.extend(of_option(option, &place.element(index)));
    }
    found
}

/// The expressions that stand on an element itself: an item, or the whole file.
pub(super) fn of_element(
    notes: &mut Notes,
    object: &Map<String, Json>,
    place: &Place,
) -> Vec<Expression> {
    let mut found = Vec::new();
    for (url, extension) in extension::all(object) {
        let place = place.member(&format!("extension({})", extension::name(url)));
        if let Some(role) = role(extension::name(url)) {
            found.push(expression(notes, role, extension, &place));
        } else if let "minValue" | "maxValue" = extension::name(url) {
            found.extend(limit(extension::name(url), extension, &place));
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
        "sdc-questionnaire-answerExpression" => Some(ExpressionRole::Options),
        "sdc-questionnaire-candidateExpression" => Some(ExpressionRole::Candidates),
        "sdc-questionnaire-answerOptionsToggleExpression" => Some(ExpressionRole::Toggle),
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
    let constraint =
        (role == ExpressionRole::Constraint).then(|| constraint(notes, extension, place));
    let options = extension::all(extension).filter(|(url, _)| *url == "option");
    let options = options.filter_map(|(_, option)| {
        let (kind, value) = extension::value(option)?;
        json::read_value(kind, value).ok()
    });
    Expression {
        constraint,
        options: options.collect(),
        ..plain(role, extension, place)
    }
}

/// The expression alone: a value of its own, or in an extension inside (constraints and toggles have it there).
fn plain(role: ExpressionRole, extension: &Map<String, Json>, place: &Place) -> Expression {
    let inner = extension::all(extension).find(|(url, _)| *url == "expression");
    let holder = inner.map_or(extension, |(_, inner)| inner);
    let value = extension::value(holder).map(|(_, value)| value);
    let text = |name: &str| {
        let text = value.and_then(|value| value.get(name)?.as_str());
        text.unwrap_or_default().to_owned()
    };
    let bare = value.and_then(Json::as_str).map(str::to_owned);
    Expression {
        role,
        name: text("name"),
        language: text("language"),
        text: bare.unwrap_or_else(|| text("expression")),
        at: place.at.clone(),
        constraint: None,
        options: Vec::new(),
    }
}

fn constraint(notes: &mut Notes, extension: &Map<String, Json>, place: &Place) -> Constraint {
    let part = |wanted: &str| {
        let (_, part) = extension::all(extension).find(|(url, _)| *url == wanted)?;
        Some(part)
    };
    let text = |wanted: &str| {
        let text = part(wanted).and_then(|part| extension::value(part)?.1.as_str());
        text.unwrap_or_default().to_owned()
    };
    let human = part("human").map(|part| extension::words(notes, part, "valueString", place));
    Constraint {
        key: text("key"),
        human: human.unwrap_or_default(),
        only_warns: text("severity") == "warning",
    }
}

/// A least or greatest value that has to be worked out.
fn limit(name: &str, extension: &Map<String, Json>, place: &Place) -> Option<Expression> {
    let role = if name == "minValue" {
        ExpressionRole::Least
    } else {
        ExpressionRole::Greatest
    };
    let beside = extension
        .iter()
        .find(|(name, _)| name.starts_with("_value"));
    let holder = beside
        .map(|(_, value)| value)
        .or_else(|| extension::value(extension).map(|(_, value)| value));
    of_text(holder?.as_object()?, role, place)
}

/// A text, or a value, of which an expression says what it is.
fn of_text(beside: &Map<String, Json>, role: ExpressionRole, place: &Place) -> Option<Expression> {
    let (_, extension) = extension::all(beside).find(|(url, _)| {
        matches!(
            extension::name(url),
            "cqf-expression" | "cqf-calculatedValue"
        )
    })?;
    Some(plain(role, extension, place))
}

fn of_option(option: &Json, place: &Place) -> Option<Expression> {
    let option = option.as_object()?;
    let (kind, raw) = extension::value(option)?;
    let value = json::read_value(kind, raw).ok()?;
    let beside = if let Value::Coding(_) = value {
        raw.get("_display")
    } else {
        option.get(&format!("_value{kind}"))
    };
    let found = of_text(beside?.as_object()?, ExpressionRole::OptionText, place)?;
    Some(Expression {
        options: vec![value],
        ..found
    })
}
