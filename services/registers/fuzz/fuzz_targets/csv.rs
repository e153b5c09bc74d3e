//! Files of profile csv.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| registers_fuzz::file("csv", data));
