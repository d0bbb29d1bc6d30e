//! The mobile network of the demo: a relay between the phones and HQ that can be switched off, so that "no signal" is real.

use anyhow::{Context, Result};
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// While down, what comes is hung up on and what is under way is cut.
pub(crate) struct Signal {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

struct State {
    up: bool,
    to: SocketAddr,
    open: Vec<TcpStream>,
}

impl Signal {
    /// Carries everything to `to` from an address of its own.
    pub(crate) fn open(to: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port for the relay")?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(State {
            up: true,
            to,
            open: Vec::new(),
        }));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for phone in listener.incoming().flatten() {
                // A refused connection is what the phone is to see when there is no signal.
                let _ = carry(phone, &shared);
            }
        });
        Ok(Self { address, state })
    }

    pub(crate) fn lose(&self) {
        let mut state = held(&self.state);
        state.up = false;
        for stream in state.open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(crate) fn find(&self) {
        held(&self.state).up = true;
    }
}

fn held(state: &Mutex<State>) -> std::sync::MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn carry(phone: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    let mut state = held(state);
    if !state.up {
        return phone.shutdown(Shutdown::Both);
    }
    let hq = TcpStream::connect(state.to)?;
    state.open.push(phone.try_clone()?);
    state.open.push(hq.try_clone()?);
    pump(phone.try_clone()?, hq.try_clone()?);
    pump(hq, phone);
    Ok(())
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    fn echo() -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut word = [0; 2];
                let _ = stream
                    .read_exact(&mut word)
                    .and_then(|()| stream.write_all(&word));
            }
        });
        address
    }

    fn heard(signal: &Signal) -> bool {
        let mut word = [0; 2];
        let asked = TcpStream::connect(signal.address).and_then(|mut stream| {
            stream.write_all(b"hi")?;
            stream.read_exact(&mut word)
        });
        asked.is_ok() && &word == b"hi"
    }

    #[test]
    fn nothing_passes_while_the_signal_is_lost_and_everything_once_it_is_found() {
        let signal = Signal::open(echo()).unwrap();
        assert!(heard(&signal));
        signal.lose();
        assert!(!heard(&signal));
        signal.find();
        assert!(heard(&signal));
    }
}
