//! Files of profile pfif-xml.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| registers_fuzz::file("pfif-xml", data));
