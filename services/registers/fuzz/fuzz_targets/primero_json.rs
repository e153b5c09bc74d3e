//! Files of profile primero-json.
#![no_main]

libfuzzer_sys::fuzz_target!(init: registers_fuzz::warm_up(), |data: &[u8]| registers_fuzz::file("primero-json", data));
