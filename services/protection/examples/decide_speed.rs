//! Decisions a second on one core: `cargo run --release -p protection --example decide_speed [lines]`.

use std::io::Write;
use std::time::Instant;

const PEOPLE: [&str; 4] = [
    r#"{"record":{"society":"KE","system":"rfl","record_id":"R-1","roles":["aid_recipient"],"birth":{"year":1980,"month":4,"day":2},"country_of_presence":"KE","languages":[{"tag":"sw"}],"needs_codes":[],"concerns":[],"contacts":[{"kind":"phone","value":"+254700000001","owner":"self","safe":"yes","may_name_org":"yes","verified_on":"2026-10-01","country":"KE"},{"kind":"email","value":"a@example.org","owner":"self"}]},"context":{"tier":"standard"},"now":"2026-11-29T08:00:00Z"}"#,
    r#"{"record":{"society":"UG","system":"rfl","record_id":"R-2","roles":["child_separated"],"birth":{"year":2015},"child_status":"kin","country_of_presence":"UG","languages":[{"tag":"sw"}],"needs_codes":["SC-SC"],"concerns":[],"consent":{"source":"caregiver"},"relations":[{"kind":"guardian","record":"G-1","authority":"Court","verified_by":"Officer","verified_on":"2026-01-01","alleged_perpetrator":"no","child_agrees":"yes","languages":[{"tag":"sw"}]}],"contacts":[{"kind":"phone","value":"+256700000001","owner":"guardian","guardian":0,"safe":"yes"}]},"context":{"tier":"standard"},"now":"2026-11-29T08:00:00Z"}"#,
    r#"{"record":{"society":"KE","system":"det","record_id":"R-3","roles":["detainee"],"birth":{"year":1990},"liberty":{"value":"detained","as_of":"2025-01-01"},"detention_place":"P-1","country_of_presence":"KE","languages":[{"tag":"sw"}]},"context":{"tier":"high"},"now":"2026-11-29T08:00:00Z"}"#,
    r#"{"record":{"society":"KE","system":"rfl","record_id":"R-4","roles":["sought"],"vital":{"value":"alive"},"whereabouts":{"value":"located"},"birth":{"year":1970,"estimated":true},"country_of_presence":"KE","languages":[{"tag":"so"}],"contacts":[{"kind":"phone","value":"+254700000009"},{"kind":"address","value":"1 Road"}]},"context":{"tier":"high","low_literacy":true},"now":"2026-11-29T08:00:00Z"}"#,
];

fn main() -> std::io::Result<()> {
    let lines: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(400_000);
    let mut input = Vec::new();
    for line in PEOPLE.iter().cycle().take(lines) {
        writeln!(input, "{line}")?;
    }
    let started = Instant::now();
    let summary = protection::facts_io::explain_lines(input.as_slice(), std::io::sink())?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "read, decided and written: {} lines in {seconds:.2} s, {:.0}/s on one core",
        summary.decided,
        summary.decided as f64 / seconds
    );

    let inputs: Vec<protection::facts_io::Input> =
        PEOPLE.iter().map(|l| serde_json::from_str(l)).collect::<Result<_, _>>()?;
    let offers = protection::Offers::everything();
    let started = Instant::now();
    let mut open = 0usize;
    for input in inputs.iter().cycle().take(lines) {
        if let Some(facts) = protection::facts_io::read(input) {
            open += usize::from(!protection::decide(&facts, &offers, input.now.millis()).held());
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("facts and decision alone: {:.2} µs a person ({open} with an open route)", seconds * 1e6 / lines as f64);
    Ok(())
}
