//! What a reader must bring along: the protocols that assessments name, and the names of people.

use mooring_protocol::{Protocol, ProtocolHash};

use crate::{ids::PersonId, moment::Moment};

/// The protocols and names that the caller holds. A protocol that is not there never lowers a level.
pub trait Shelf {
    /// The protocol with this hash.
    fn protocol(&self, hash: &ProtocolHash) -> Option<&Protocol>;

    /// A person's name, or what to say instead where it is not known.
    fn name(&self, person: &PersonId) -> String;

    /// A moment as this reader's clock shows it.
    fn clock(&self, moment: Moment) -> String {
        moment.clock()
    }
}
