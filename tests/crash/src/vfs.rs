//! The file system that SQLite is given: files below a mounted folder are on a [`Disk`], all others where they always were.
//!
//! It becomes the process's default, so that the vault's own code opens its database through it without knowing.
#![expect(
    unsafe_code,
    reason = "SQLite's file system is a table of C functions over raw pointers"
)]
#![allow(non_snake_case, reason = "the names of SQLite's own struct fields")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::{Arc, Mutex, Once, OnceLock, PoisonError};

use rusqlite::ffi;

use crate::connection;
use crate::disk::{Disk, Op, TroubleKind};

/// Which folder is on which disk.
static MOUNTED: Mutex<Vec<(PathBuf, Arc<Disk>)>> = Mutex::new(Vec::new());
static BEGUN: Once = Once::new();
static SYSTEM: OnceLock<System> = OnceLock::new();

/// SQLite's own file system, for whatever is not on a disk of ours.
struct System(*mut ffi::sqlite3_vfs);

// SAFETY: SQLite's default file system is a static of the library that any thread may call.
unsafe impl Send for System {}
// SAFETY: as above.
unsafe impl Sync for System {}

/// A mounted folder; it is taken off when this is dropped.
pub(crate) struct Mount(PathBuf);

impl Drop for Mount {
    fn drop(&mut self) {
        mounted().retain(|(folder, _)| *folder != self.0);
    }
}

/// Puts the databases below this folder on this disk.
pub(crate) fn mount(folder: &Path, disk: Arc<Disk>) -> Mount {
    BEGUN.call_once(begin);
    // SQLite hands out whole names without links in them.
    let folder = folder.canonicalize().unwrap();
    mounted().push((folder.clone(), disk));
    Mount(folder)
}

fn mounted() -> std::sync::MutexGuard<'static, Vec<(PathBuf, Arc<Disk>)>> {
    MOUNTED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The disk of a file, and its name there.
fn place_of(name: &str) -> Option<(Arc<Disk>, String)> {
    mounted().iter().find_map(|(folder, disk)| {
        let name = Path::new(name).strip_prefix(folder).ok()?.to_str()?;
        Some((Arc::clone(disk), name.to_owned()))
    })
}

fn system() -> *mut ffi::sqlite3_vfs {
    SYSTEM.get().unwrap().0
}

fn begin() {
    // SAFETY: SQLite is initialized first; its default file system lives as long as the process, and so does the copy that is
    // leaked here, whose unchanged functions take no notice of which of the two they are called through.
    unsafe {
        assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
        let theirs = ffi::sqlite3_vfs_find(ptr::null());
        assert!(!theirs.is_null());
        assert!(SYSTEM.set(System(theirs)).is_ok());
        let ours = Box::leak(Box::new(*theirs));
        ours.iVersion = 1;
        ours.zName = c"mooring-crash".as_ptr();
        ours.pNext = ptr::null_mut();
        let size = c_int::try_from(size_of::<OpenFile>()).unwrap();
        ours.szOsFile = size.max(ours.szOsFile);
        ours.xOpen = Some(open);
        ours.xDelete = Some(delete);
        ours.xAccess = Some(access);
        assert_eq!(ffi::sqlite3_vfs_register(ours, 1), ffi::SQLITE_OK);
        assert_eq!(
            ffi::sqlite3_auto_extension(Some(connection::opened)),
            ffi::SQLITE_OK
        );
    }
}

/// What SQLite keeps of an open file: its functions, and then ours.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    there: *mut There,
}

struct There {
    disk: Arc<Disk>,
    name: String,
}

/// # Safety
/// `file` was filled by [`open`] and not closed yet.
unsafe fn there<'a>(file: *mut ffi::sqlite3_file) -> &'a There {
    // SAFETY: by the contract above.
    unsafe { &*(*file.cast::<OpenFile>()).there }
}

/// # Safety
/// `name` is null or ends with a zero byte.
unsafe fn text<'a>(name: *const c_char) -> Option<&'a str> {
    // SAFETY: by the contract above.
    (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) }.to_str().unwrap())
}

const fn write_code(kind: TroubleKind) -> c_int {
    match kind {
        TroubleKind::Full => ffi::SQLITE_FULL,
        TroubleKind::Failing => ffi::SQLITE_IOERR_WRITE,
        TroubleKind::ReadOnly => ffi::SQLITE_READONLY,
    }
}

fn code(done: Result<(), TroubleKind>) -> c_int {
    done.map_or_else(write_code, |()| ffi::SQLITE_OK)
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a name that ends with a zero byte or none, room for an `OpenFile`, and a place for the flags or none.
    unsafe {
        let Some((disk, name)) = text(name).and_then(place_of) else {
            let system = system();
            return (*system).xOpen.unwrap()(system, name, file, flags, out_flags);
        };
        (*file).pMethods = ptr::null();
        if flags & ffi::SQLITE_OPEN_CREATE == 0 && disk.length(&name).is_none() {
            return ffi::SQLITE_CANTOPEN;
        }
        disk.create(&name);
        let open = file.cast::<OpenFile>();
        (*open).there = Box::into_raw(Box::new(There { disk, name }));
        (*file).pMethods = &raw const METHODS;
        if !out_flags.is_null() {
            *out_flags = flags;
        }
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: the name ends with a zero byte.
    unsafe {
        let Some((disk, file)) = text(name).and_then(place_of) else {
            let system = system();
            return (*system).xDelete.unwrap()(system, name, sync_folder);
        };
        if disk.length(&file).is_none() {
            return ffi::SQLITE_IOERR_DELETE_NOENT;
        }
        let mut done = disk.act(Op::Delete { file: file.clone() });
        if sync_folder != 0 {
            done = done.and_then(|()| disk.act(Op::Sync { file }));
        }
        done.map_or(ffi::SQLITE_IOERR_DELETE, |()| ffi::SQLITE_OK)
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: the name ends with a zero byte, and the place for the answer is there.
    unsafe {
        let Some((disk, name)) = text(name).and_then(place_of) else {
            let system = system();
            return (*system).xAccess.unwrap()(system, name, flags, out);
        };
        // An empty file counts as none, as it does in SQLite's own.
        *out = c_int::from(disk.length(&name).is_some_and(|length| length > 0));
        ffi::SQLITE_OK
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without shared memory: the vault takes its lock for good, so the WAL's index is the connection's own.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes each open file once.
    unsafe {
        drop(Box::from_raw((*file.cast::<OpenFile>()).there));
        (*file).pMethods = ptr::null();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: the file is open, and `out` has room for `count` bytes.
    unsafe {
        let there = there(file);
        let count = usize::try_from(count).unwrap();
        let out = std::slice::from_raw_parts_mut(out.cast::<u8>(), count);
        let read = there
            .disk
            .read(&there.name, usize::try_from(at).unwrap(), out);
        if read == count {
            ffi::SQLITE_OK
        } else {
            ffi::SQLITE_IOERR_SHORT_READ
        }
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: the file is open, and `from` has `count` bytes.
    unsafe {
        let there = there(file);
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), usize::try_from(count).unwrap());
        code(there.disk.act(Op::Write {
            file: there.name.clone(),
            at: usize::try_from(at).unwrap(),
            bytes: bytes.to_vec(),
        }))
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: the file is open.
    let there = unsafe { there(file) };
    let done = there.disk.act(Op::Truncate {
        file: there.name.clone(),
        length: usize::try_from(length).unwrap(),
    });
    done.map_or(ffi::SQLITE_IOERR_TRUNCATE, |()| ffi::SQLITE_OK)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: the file is open.
    let there = unsafe { there(file) };
    let done = there.disk.act(Op::Sync {
        file: there.name.clone(),
    });
    done.map_or(ffi::SQLITE_IOERR_FSYNC, |()| ffi::SQLITE_OK)
}

unsafe extern "C" fn file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: the file is open, and the place for the answer is there.
    unsafe {
        let there = there(file);
        let length = there.disk.length(&there.name).unwrap_or(0);
        *out = i64::try_from(length).unwrap();
    }
    ffi::SQLITE_OK
}

/// One process, one connection: the vault's own lock file sees to that.
unsafe extern "C" fn lock(_: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: the place for the answer is there.
    unsafe { *out = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(_: *mut ffi::sqlite3_file, _: c_int, _: *mut c_void) -> c_int {
    ffi::SQLITE_NOTFOUND
}

/// As SQLite's own has it.
unsafe extern "C" fn sector_size(_: *mut ffi::sqlite3_file) -> c_int {
    4096
}

/// As SQLite's own has it: what lies beside the written bytes is not touched.
unsafe extern "C" fn device_characteristics(_: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}
