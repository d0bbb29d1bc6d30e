//! What a whole process does to one folder, in its order: SQLite and Rust's own files alike.
//!
//! The C library's functions that change files are defined here once more, and the linker takes these. Each does what it always does,
//! and writes down what it did if the file lies in a watched folder. So production needs no seam for it.
#![expect(
    unsafe_code,
    reason = "the C library's functions take raw pointers, and are found by their names"
)]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::volume::Event;

/// Which folder is watched, and what was done in it.
static WATCHED: Mutex<Vec<Watched>> = Mutex::new(Vec::new());
/// How many are: with none, nothing is looked at.
static COUNT: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone)]
struct Watched {
    folder: PathBuf,
    events: Arc<Mutex<Vec<Event>>>,
}

/// A folder that is watched, until this is dropped.
pub struct Recording(Watched);

impl Recording {
    /// From now on everything that this process does to files below this folder is written down.
    pub fn begin(folder: &Path) -> Self {
        let watched = Watched {
            folder: folder.canonicalize().unwrap(),
            events: Arc::default(),
        };
        all().push(watched.clone());
        COUNT.fetch_add(1, Ordering::SeqCst);
        Self(watched)
    }

    /// How much was done until now.
    pub fn len(&self) -> usize {
        events(&self.0).len()
    }

    /// Whether nothing was done yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it.
    pub fn events(&self) -> Vec<Event> {
        events(&self.0).clone()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        all().retain(|one| !Arc::ptr_eq(&one.events, &self.0.events));
        COUNT.fetch_sub(1, Ordering::SeqCst);
    }
}

fn all() -> MutexGuard<'static, Vec<Watched>> {
    WATCHED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn events(watched: &Watched) -> MutexGuard<'_, Vec<Event>> {
    watched
        .events
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// A file of a watched folder, by its name there.
struct Place(Watched, String);

impl Place {
    fn of(path: &Path) -> Option<Self> {
        if COUNT.load(Ordering::SeqCst) == 0 {
            return None;
        }
        all().iter().find_map(|watched| {
            let name = path.strip_prefix(&watched.folder).ok()?.to_str()?;
            Some(Self(watched.clone(), name.to_owned()))
        })
    }

    /// # Safety
    /// `path` ends with a zero byte.
    unsafe fn named(path: *const c_char) -> Option<Self> {
        if COUNT.load(Ordering::SeqCst) == 0 {
            return None;
        }
        // SAFETY: by the contract above.
        let path = unsafe { CStr::from_ptr(path) }.to_str().ok()?;
        Self::of(Path::new(path))
    }

    fn open(file: c_int) -> Option<Self> {
        if COUNT.load(Ordering::SeqCst) == 0 {
            return None;
        }
        Self::of(&std::fs::read_link(format!("/proc/self/fd/{file}")).ok()?)
    }

    fn note(self, event: impl FnOnce(String) -> Event) {
        let Self(watched, name) = self;
        events(&watched).push(event(name));
    }
}

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, name: *const c_char) -> *mut c_void;
    fn lseek64(file: c_int, offset: i64, whence: c_int) -> i64;
}

/// The next library's function of this name, which is the C library's own and has this signature.
macro_rules! theirs {
    ($name:literal as $signature:ty) => {{
        static FOUND: AtomicPtr<c_void> = AtomicPtr::new(std::ptr::null_mut());
        std::mem::transmute::<*mut c_void, $signature>(next(&FOUND, $name))
    }};
}

fn next(found: &AtomicPtr<c_void>, name: &CStr) -> *mut c_void {
    const NEXT: *mut c_void = usize::MAX as *mut c_void;
    let mut there = found.load(Ordering::Relaxed);
    if there.is_null() {
        // SAFETY: the name ends with a zero byte.
        there = unsafe { dlsym(NEXT, name.as_ptr()) };
        assert!(!there.is_null());
        found.store(there, Ordering::Relaxed);
    }
    there
}

type Open = unsafe extern "C" fn(*const c_char, c_int, c_int) -> c_int;
type Write = unsafe extern "C" fn(c_int, *const c_void, usize) -> isize;
type WriteAt = unsafe extern "C" fn(c_int, *const c_void, usize, i64) -> isize;
type Truncate = unsafe extern "C" fn(c_int, i64) -> c_int;
type Sync = unsafe extern "C" fn(c_int) -> c_int;
type Named = unsafe extern "C" fn(*const c_char) -> c_int;
type MakeFolder = unsafe extern "C" fn(*const c_char, u32) -> c_int;
type Rename = unsafe extern "C" fn(*const c_char, *const c_char) -> c_int;

const CREATE: c_int = 0o100;
const CUT: c_int = 0o1000;
const FROM_HERE: c_int = 1;

/// # Safety
/// As the C library's own.
unsafe fn open_by(theirs: Open, path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let place = Place::named(path);
        let is_new = flags & CREATE != 0
            && place
                .as_ref()
                .is_some_and(|Place(watched, name)| !watched.folder.join(name).exists());
        let file = theirs(path, flags, mode);
        if file >= 0
            && let Some(place) = place
        {
            if is_new {
                place.note(Event::Made);
            } else if flags & CUT != 0 {
                place.note(|file| Event::Cut { file, length: 0 });
            }
        }
        file
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe { open_by(theirs!(c"open" as Open), path, flags, mode) }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe { open_by(theirs!(c"open64" as Open), path, flags, mode) }
}

/// # Safety
/// `from` has `count` bytes.
unsafe fn written(place: Place, at: i64, from: *const c_void, count: isize) {
    if let (Ok(at), Ok(count)) = (usize::try_from(at), usize::try_from(count)) {
        // SAFETY: by the contract above.
        let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count) }.to_vec();
        place.note(|file| Event::Write { file, at, bytes });
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn write(file: c_int, from: *const c_void, count: usize) -> isize {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let place = Place::open(file);
        let at = place.as_ref().map_or(0, |_| lseek64(file, 0, FROM_HERE));
        let done = theirs!(c"write" as Write)(file, from, count);
        if let Some(place) = place {
            written(place, at, from, done);
        }
        done
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite64(file: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let done = theirs!(c"pwrite64" as WriteAt)(file, from, count, at);
        if let Some(place) = Place::open(file) {
            written(place, at, from, done);
        }
        done
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn pwrite(file: c_int, from: *const c_void, count: usize, at: i64) -> isize {
    // SAFETY: the caller keeps the C library's contract, and offsets have 64 bits.
    unsafe { pwrite64(file, from, count, at) }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate64(file: c_int, length: i64) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    let done = unsafe { theirs!(c"ftruncate64" as Truncate)(file, length) };
    if let (0, Some(place), Ok(length)) = (done, Place::open(file), usize::try_from(length)) {
        place.note(|file| Event::Cut { file, length });
    }
    done
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn ftruncate(file: c_int, length: i64) -> c_int {
    // SAFETY: the caller keeps the C library's contract, and lengths have 64 bits.
    unsafe { ftruncate64(file, length) }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(file: c_int) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    let done = unsafe { theirs!(c"fsync" as Sync)(file) };
    if let (0, Some(place)) = (done, Place::open(file)) {
        place.note(Event::Synced);
    }
    done
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(file: c_int) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    let done = unsafe { theirs!(c"fdatasync" as Sync)(file) };
    if let (0, Some(place)) = (done, Place::open(file)) {
        place.note(Event::Synced);
    }
    done
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let done = theirs!(c"unlink" as Named)(path);
        if let (0, Some(place)) = (done, Place::named(path)) {
            place.note(Event::Removed);
        }
        done
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn mkdir(path: *const c_char, mode: u32) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let done = theirs!(c"mkdir" as MakeFolder)(path, mode);
        if let (0, Some(place)) = (done, Place::named(path)) {
            place.note(Event::MadeFolder);
        }
        done
    }
}

/// # Safety
/// As the C library's own.
#[unsafe(no_mangle)]
unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: the caller keeps the C library's contract.
    unsafe {
        let done = theirs!(c"rename" as Rename)(from, to);
        if let (0, Some(place), Some(Place(_, to))) = (done, Place::named(from), Place::named(to)) {
            place.note(|from| Event::Renamed { from, to });
        }
        done
    }
}
