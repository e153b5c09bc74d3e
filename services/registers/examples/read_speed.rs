//! Rows per second of each reader on one core: `cargo run --release -p registers --example read_speed -- 200000`.

use std::time::Instant;

use domain::record::Record;
use jiff::civil::date;
use registers::synth::export::{CsvTable, csv_mapping};
use registers::synth::{SynthOptions, people};
use registers::{Manifest, Mapping, hex, read, verify};
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let options = SynthOptions { societies: 1, ..SynthOptions::new(wanted, 1, date(2022, 1, 30)) };
    let (society, system) = ("KE".parse()?, "bench");
    let records: Vec<Record> = people(&options)
        .flat_map(|group| group.records)
        .map(|(_, mut record)| {
            record.society = domain::SocietyCode::clone(&society);
            record.system = system.to_owned();
            record
        })
        .collect();
    let mut ndjson = Vec::new();
    for record in &records {
        serde_json::to_writer(&mut ndjson, record)?;
        ndjson.push(b'\n');
    }
    let mut table = CsvTable::new(Vec::new())?;
    for record in &records {
        table.write(record)?;
    }
    let csv = table.finish()?;
    println!("| profile | rows | bytes a row | verify, rows/s | read, rows/s | quarantined |");
    println!("|---|---|---|---|---|---|");
    measure("canonical", &ndjson, records.len(), None)?;
    measure("csv", &csv, records.len(), Some(&csv_mapping()))?;
    Ok(())
}

fn measure(
    profile: &str,
    bytes: &[u8],
    rows: usize,
    mapping: Option<&Mapping>,
) -> Result<(), Box<dyn std::error::Error>> {
    let manifest = Manifest::parse(&format!(
        "society = \"KE\"\nsystem = \"bench\"\nexported_on = \"2022-01-30\"\nprofile = \"{profile}\"\nrows = {rows}\nsha256 = \"{}\"\n",
        hex(&Sha256::digest(bytes))
    ))?;
    let begun = Instant::now();
    verify(bytes, &manifest, mapping, |_, _| {})?;
    let verified = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let mut quarantined = 0;
    for row in read(bytes, &manifest, mapping)? {
        quarantined += u64::from(row?.outcome.is_err());
    }
    let seconds = begun.elapsed().as_secs_f64();
    let rate = |s: f64| rows as f64 / s;
    println!(
        "| {profile} | {rows} | {} | {:.0} | {:.0} | {quarantined} |",
        bytes.len() / rows,
        rate(verified),
        rate(seconds)
    );
    Ok(())
}
