//! `tidings link`: linkage on a CSV file, useful to anyone, without a store.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

use linkage::table::{Map, link_csv};

use crate::answer::{Answer, grouped};
use crate::cli::LinkArgs;
use crate::error::Failure;

/// Links the rows of a file and writes clusters, pairs and the learned model.
///
/// # Errors
/// A map or file that cannot be read; with row and column, never a value.
pub fn run(args: &LinkArgs) -> Result<Answer, Failure> {
    let text =
        std::fs::read_to_string(&args.map).map_err(|e| Failure::usage(format!("{}: {e}", args.map.display())))?;
    let map = Map::parse(&text).map_err(|e| Failure::usage(format!("{}: {e}", args.map.display())))?;
    let mut options = linkage::Options::default();
    if let Some(threshold) = args.threshold {
        if !(0.5..1.0).contains(&threshold) {
            return Err(Failure::usage("--threshold is a probability from 0.5 to below 1"));
        }
        options.match_threshold = threshold;
    }
    let file = File::open(&args.file).map_err(|e| Failure::usage(format!("{}: {e}", args.file.display())))?;
    let table = link_csv(BufReader::new(file), &map, &options)
        .map_err(|e| Failure::usage(format!("{}: {e}", args.file.display())))?;
    let write = |path: &Path| {
        File::create(path).map(BufWriter::new).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))
    };
    let failed = |e: csv::Error| Failure::failed(e.to_string());
    table.write_clusters(write(&args.out)?).map_err(failed)?;
    if let Some(path) = &args.pairs {
        table.write_pairs(write(path)?).map_err(failed)?;
    }
    if let Some(path) = &args.model {
        serde_json::to_writer_pretty(write(path)?, &table.linkage.model)?;
    }
    let json = serde_json::to_value(table.report(peak_memory()))?;
    let summary = &table.linkage.summary;
    let mut text = format!(
        "{} records, {} clusters, {} pairs scored. Clusters: {}",
        grouped(summary.records as u64),
        grouped(summary.clusters as u64),
        grouped(summary.pairs_scored),
        args.out.display()
    );
    for warning in &summary.warnings {
        text.push_str(&format!("\nNote: {warning}."));
    }
    Ok(Answer::new(json, text))
}

/// Highest resident memory of this process in bytes, where the system tells.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}
