//! Records of any content.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| linkage_fuzz::records(data));
