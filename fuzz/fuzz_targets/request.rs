//! What comes in as `request`, with any bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| mooring_parsers::request(bytes));
