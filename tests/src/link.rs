//! The wire between a phone and HQ, and what weather does to it.

use mooring_casefile::Now;
use mooring_hq::Headquarters;

use crate::Seeded;

/// How often, in a hundred messages, something happens to one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    /// The request never arrives.
    pub lost_requests: usize,
    /// The request arrives, the answer does not.
    pub lost_replies: usize,
    /// The request arrives twice.
    pub doubled: usize,
    /// A byte of the request is changed on the way.
    pub damaged: usize,
}

/// A wire.
pub struct Link {
    weather: Weather,
    chance: Seeded,
    /// Whether there is any signal at all.
    pub up: bool,
    /// The link breaks after so many more messages, if set.
    pub breaks_after: Option<usize>,
    /// Messages carried.
    pub carried: usize,
}

impl Link {
    /// A wire in this weather.
    pub fn new(weather: Weather, seed: u64) -> Self {
        Self {
            weather,
            chance: Seeded::new(seed),
            up: true,
            breaks_after: None,
            carried: 0,
        }
    }

    /// A wire on which nothing goes wrong.
    pub fn clear() -> Self {
        Self::new(Weather::default(), 0)
    }

    fn happens(&mut self, in_a_hundred: usize) -> bool {
        self.chance.below(100) < in_a_hundred
    }

    /// Carries one request and brings the answer back, if both arrive.
    pub fn carry(&mut self, hq: &Headquarters, mut request: Vec<u8>, now: Now) -> Option<Vec<u8>> {
        if !self.up || self.breaks_after == Some(0) {
            return None;
        }
        self.breaks_after = self.breaks_after.map(|left| left - 1);
        self.carried += 1;
        if self.happens(self.weather.lost_requests) {
            return None;
        }
        if self.happens(self.weather.damaged) {
            let at = self.chance.below(request.len());
            if let Some(byte) = request.get_mut(at) {
                *byte ^= 1 << self.chance.below(8);
            }
        }
        if self.happens(self.weather.doubled) {
            hq.exchange(&request, now);
        }
        let answer = hq.exchange(&request, now).bytes;
        (!self.happens(self.weather.lost_replies)).then_some(answer)
    }
}
