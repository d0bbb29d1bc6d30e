//! The review pages: server-rendered, usable without script, live with it.

mod assets;
mod page;
