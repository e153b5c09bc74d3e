//! Files of profile primero-json.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| registers_fuzz::file("primero-json", data));
