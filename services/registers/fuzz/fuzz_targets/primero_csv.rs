//! Files of profile primero-csv.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| registers_fuzz::file("primero-csv", data));
