//! A call that this app started: coming back from it does not lock (SAFETY rule 14).

use crate::device::Device;
use mooring_casefile::Now;

impl Device {
    /// The app hands over to the phone's own dialer, for a number that it showed. Until [`Device::end_call`], time does not lock.
    pub fn begin_call(&mut self, now: Now) {
        if let Some(open) = &mut self.open {
            open.touched_ms = now.uptime_ms;
            self.calling_since_ms = Some(now.uptime_ms);
        }
    }

    /// The person is back from the call: that is a touch.
    pub fn end_call(&mut self, now: Now) {
        if let (Some(open), Some(_)) = (&mut self.open, self.calling_since_ms.take()) {
            open.touched_ms = now.uptime_ms;
        }
    }
}
