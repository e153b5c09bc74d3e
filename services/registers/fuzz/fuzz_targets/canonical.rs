//! Files of profile canonical.
#![no_main]

libfuzzer_sys::fuzz_target!(init: registers_fuzz::warm_up(), |data: &[u8]| registers_fuzz::file("canonical", data));
