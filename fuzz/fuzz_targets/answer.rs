#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| people_fuzz::answer(data));
