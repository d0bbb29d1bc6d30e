//! Where the team is, from the visit's events.

use mooring_casefile::CaseView;

/// The event kind that says that the team is there; its text says where.
const ON_SCENE: &str = "on-scene";
/// The event kind that says that it left.
const LEFT_SCENE: &str = "left-scene";

/// Where the team is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Nobody said.
    #[default]
    NotSaid,
    /// There.
    On {
        /// Where, if that was said.
        place: Option<String>,
    },
    /// It left.
    Left {
        /// Where it had been, if that was said.
        place: Option<String>,
    },
}

impl Scene {
    pub(super) fn of(view: &CaseView) -> Self {
        view.events.iter().fold(Self::NotSaid, |scene, event| {
            match event.what.kind.as_str() {
                ON_SCENE => Self::On {
                    place: Some(event.what.text.clone()).filter(|text| !text.trim().is_empty()),
                },
                LEFT_SCENE => Self::Left {
                    place: scene.place().map(str::to_owned),
                },
                _ => scene,
            }
        })
    }

    /// Where, if that was said.
    pub(crate) fn place(&self) -> Option<&str> {
        match self {
            Self::NotSaid => None,
            Self::On { place } | Self::Left { place } => place.as_deref(),
        }
    }

    /// Whether it was said that the team is there.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Self::On { .. } => true,
            Self::NotSaid | Self::Left { .. } => false,
        }
    }

    /// Whether the team may be there: a question counts as asked from the scene until somebody says that they left.
    pub(crate) fn may_be_there(&self) -> bool {
        match self {
            Self::On { .. } | Self::NotSaid => true,
            Self::Left { .. } => false,
        }
    }
}
