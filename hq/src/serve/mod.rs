//! Listening: the device listener over TLS 1.3, the review pages on a listener of their own, the ladder every few seconds.

mod alerts;
mod device_routes;
mod listen;
mod tls;

pub use device_routes::device_router;
pub use listen::{Listening, Options, OwnCertificate, ServeError, Stop, serve};
