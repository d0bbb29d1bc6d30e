//! The connection that the vault opened last in this thread, to look at what no verb shows, and to take a setting back for a
//! negative control.
#![expect(
    unsafe_code,
    reason = "SQLite hands each new connection out as a raw pointer"
)]

use std::cell::Cell;
use std::ffi::{c_char, c_int};
use std::ptr;

use rusqlite::{Connection, ffi};

thread_local! {
    static LAST: Cell<*mut ffi::sqlite3> = const { Cell::new(ptr::null_mut()) };
}

/// SQLite calls this for every connection that is opened.
pub(crate) unsafe extern "C" fn opened(
    connection: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    LAST.set(connection);
    ffi::SQLITE_OK
}

/// Looks through the connection of the vault that was opened last in this thread, which must be open still: `device` is
/// borrowed so that it is.
pub fn with_connection<T>(
    device: &mut mooring_device::Device,
    look: impl FnOnce(&Connection) -> T,
) -> T {
    assert_ne!(device.state(), mooring_device::State::Locked);
    // SAFETY: the device holds the connection open, this thread opened it, and it is not closed by dropping the copy.
    let connection = unsafe { Connection::from_handle(LAST.get()) }.unwrap();
    look(&connection)
}
