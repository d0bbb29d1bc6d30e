//! Binding both listeners and running them until told to stop.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum_server::{Address, Handle, Server};
use hyper_util::rt::TokioTimer;
use tokio::task::JoinHandle;

use super::{alerts, device_router, tls};
use crate::clock::Clock;
use crate::headquarters::Headquarters;
use crate::review;

/// How long requests that are under way may take to end.
const GRACE: Duration = Duration::from_secs(10);
/// How long a request's head may take, so that nobody holds connections open by sending nothing.
const HEAD_WITHIN: Duration = Duration::from_secs(10);

/// Where and as what to listen.
#[derive(Debug, Clone)]
pub struct Options {
    /// The device listener.
    pub device: SocketAddr,
    /// The review pages' listener: loopback, unless there is a certificate.
    pub review: SocketAddr,
    /// Host names and addresses that phones reach the device listener by.
    pub names: Vec<String>,
    /// The operator's certificate for the review pages.
    pub review_certificate: Option<OwnCertificate>,
}

/// Files of the operator, PEM.
#[derive(Debug, Clone)]
pub struct OwnCertificate {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// Why HQ does not listen.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address can't be bound.
    #[error("cannot listen on {0}: {1}")]
    Bind(SocketAddr, io::Error),
    /// A certificate can't be made or read.
    #[error("the certificate cannot be made or read")]
    Certificate,
    /// The review pages over plain HTTP stay on this machine.
    #[error(
        "the review pages are plain HTTP: they listen on a loopback address, or with --review-certificate and --review-key"
    )]
    NotLoopback,
}

/// HQ, listening.
pub struct Listening {
    /// Where phones reach it.
    pub device: SocketAddr,
    /// Where the review pages are.
    pub review: SocketAddr,
    /// Stops it.
    pub stop: Stop,
    tasks: [JoinHandle<io::Result<()>>; 2],
    ticking: JoinHandle<()>,
}

/// Ends both listeners; what is under way may finish.
#[derive(Clone)]
pub struct Stop([Handle<SocketAddr>; 2]);

impl Stop {
    /// Takes no more requests, and lets those under way end.
    pub fn now(&self) {
        for handle in &self.0 {
            handle.graceful_shutdown(Some(GRACE));
        }
    }
}

impl Listening {
    /// Waits until both listeners have ended.
    pub async fn ended(self) {
        for task in self.tasks {
            if !matches!(task.await, Ok(Ok(()))) {
                tracing::error!(code = "listener-ended");
            }
        }
        self.ticking.abort();
    }
}

/// Binds both listeners, so that the addresses are known, and serves.
pub async fn serve(
    hq: Arc<Headquarters>,
    options: Options,
    clock: Clock,
) -> Result<Listening, ServeError> {
    if options.review_certificate.is_none() && !options.review.ip().is_loopback() {
        return Err(ServeError::NotLoopback);
    }
    let (device_socket, device) = bind(options.device)?;
    let (review_socket, review) = bind(options.review)?;
    let device_tls = tls::device_tls(&hq.keys.tls, &names(&options.names, device))?;
    let own = options
        .review_certificate
        .as_ref()
        .map(tls::review_tls)
        .transpose()?;
    let handles = [Handle::new(), Handle::new()];
    let [device_handle, review_handle] = handles.clone();
    let routes = device_router(Arc::clone(&hq), Arc::clone(&clock)).into_make_service();
    let server = axum_server::from_tcp_rustls(device_socket, device_tls)
        .map(impatient)
        .map_err(|e| ServeError::Bind(device, e))?;
    let devices = tokio::spawn(server.handle(device_handle).serve(routes));
    let cookie = if own.is_some() {
        review::Cookie::Secure
    } else {
        review::Cookie::Plain
    };
    let pages = review::Options {
        zone: review::Zone::Local,
        cookie,
        clock: Arc::clone(&clock),
    };
    let routes = review::router(Arc::clone(&hq), pages).into_make_service();
    let unbound = |error| ServeError::Bind(review, error);
    let reviews = if let Some(own) = own {
        let server = axum_server::from_tcp_rustls(review_socket, own)
            .map(impatient)
            .map_err(unbound)?;
        tokio::spawn(server.handle(review_handle).serve(routes))
    } else {
        let server = axum_server::from_tcp(review_socket)
            .map(impatient)
            .map_err(unbound)?;
        tokio::spawn(server.handle(review_handle).serve(routes))
    };
    let ticking = tokio::spawn(alerts::tick(hq, clock));
    Ok(Listening {
        device,
        review,
        stop: Stop(handles),
        tasks: [devices, reviews],
        ticking,
    })
}

fn impatient<A: Address, C>(mut server: Server<A, C>) -> Server<A, C> {
    server
        .http_builder()
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN);
    server
}

fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let bound = || {
        let socket = TcpListener::bind(address)?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        Ok((socket, address))
    };
    bound().map_err(|error| ServeError::Bind(address, error))
}

/// The operator's names, the address itself, and this machine's own names.
fn names(given: &[String], device: SocketAddr) -> Vec<String> {
    let mut names = given.to_vec();
    for own in [
        device.ip().to_string(),
        "localhost".into(),
        "127.0.0.1".into(),
        "::1".into(),
    ] {
        if !names.contains(&own) && own != "0.0.0.0" && own != "::" {
            names.push(own);
        }
    }
    names
}
