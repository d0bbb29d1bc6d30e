//! Trying a protocol out: a response goes in, and everything comes out that the engine makes of it.

use mooring_protocol::{
    Calculated, Disagreement, Fault, Faults, Flow, Header, Import, Person, Protocol, Responding,
    Score, Sheet, Status, Triage,
};
use serde_json::Value as Json;
use uuid::Uuid;

/// What to try.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The Questionnaire's file.
    pub questionnaire: &'a [u8],
    /// The rules beside it.
    pub rules: Option<&'a [u8]>,
    /// The response; without one, nothing is answered.
    pub response: Option<&'a [u8]>,
    /// The language to show.
    pub language: Option<&'a str>,
    /// Whether the person is under age; where it is not said, as the answers say.
    pub minor: Option<bool>,
    /// The moment at which the answers are read, as `2026-03-01T14:05:00Z`; without it `today()` and `now()` are unknown.
    pub at: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Run {
    /// The protocol.
    pub protocol: Protocol,
    /// The language that was asked for.
    pub language: Option<String>,
    /// The moment at which the answers were read.
    pub at: Option<String>,
    /// The response as it was read.
    pub import: Import,
    /// The completed `QuestionnaireResponse`.
    pub response: Json,
    /// What is asked.
    pub flow: Flow,
    /// The values that are worked out.
    pub calculated: Vec<Calculated>,
    /// The totals.
    pub scores: Vec<Score>,
    /// The levels.
    pub triage: Triage,
}

/// Which of the files cannot be used, and every fault in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The Questionnaire or its rules.
    Questionnaire(Faults),
    /// The response.
    Response(Faults),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Questionnaire(found) => write!(f, "The Questionnaire cannot be used:\n{found}"),
            Self::Response(found) => write!(f, "The response cannot be read:\n{found}"),
        }
    }
}

/// Tries it. The same files give the same result to the last byte: ids of repeats are counted up.
pub fn run(asked: Asked<'_>) -> Result<Run, Refusal> {
    let protocol =
        Protocol::parse(asked.questionnaire, asked.rules).map_err(Refusal::Questionnaire)?;
    let mut count = 0_u128;
    let mut fresh = || {
        count += 1;
        Uuid::from_u128(count)
    };
    let import = match asked.response {
        Some(bytes) => protocol
            .read_response(bytes, asked.at, &mut fresh)
            .map_err(Refusal::Response)?,
        None => nothing(asked.at),
    };
    let sheet = &import.sheet;
    let person = Person {
        minor: asked.minor.or_else(|| protocol.says_minor(sheet)),
    };
    let how = Responding {
        status: import.status.unwrap_or(Status::InProgress),
        header: Some(&import.header),
        language: asked.language,
    };
    Ok(Run {
        language: asked.language.map(str::to_owned),
        at: asked.at.map(str::to_owned),
        response: protocol.respond(sheet, how),
        flow: protocol.flow(sheet),
        calculated: protocol.calculated(sheet),
        scores: protocol.score(sheet),
        triage: protocol.triage(sheet, person),
        protocol,
        import,
    })
}

fn nothing(at: Option<&str>) -> Import {
    Import {
        sheet: at.map_or_else(Sheet::new, Sheet::at),
        status: None,
        header: Header::default(),
        faults: Vec::new(),
        warnings: Vec::new(),
        strays: Vec::new(),
        disagreements: Vec::new(),
    }
}

impl Run {
    /// What is wrong with the response.
    pub fn faults(&self) -> &[Fault] {
        &self.import.faults
    }

    /// Totals that the response states otherwise.
    pub fn disagreements(&self) -> &[Disagreement] {
        &self.import.disagreements
    }

    /// The linkIds of what applies and is shown, each once, in the order of the file.
    pub fn enabled(&self) -> Vec<&str> {
        let mut seen = std::collections::BTreeSet::new();
        let open = self.flow.steps.iter().filter(|step| step.is_open());
        open.map(mooring_protocol::Step::link_id)
            .filter(|link_id| seen.insert(*link_id))
            .collect()
    }
}
