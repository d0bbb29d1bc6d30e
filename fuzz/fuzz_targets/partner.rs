//! What comes in as `partner`, with any bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mooring_parsers::partner(bytes));
