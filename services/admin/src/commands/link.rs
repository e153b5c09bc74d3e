//! `tidings link`: linkage on a CSV file, useful to anyone, without a store.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use linkage::table::{Map, link_csv};

use crate::answer::{Answer, grouped};
use crate::cli::LinkArgs;
use crate::error::Failure;

/// Links the rows of a file and writes clusters, pairs and the learned model.
///
/// # Errors
/// A map or file that cannot be read; with row and column, never a value. An output that would replace an input or
/// another output, or whose folder is not there: before the work, not after it.
pub fn run(args: &LinkArgs) -> Result<Answer, Failure> {
    check_outputs(args)?;
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
    for (column, values) in &table.unreadable {
        text.push_str(&format!("\nNote: column {column:?}: {} values could not be read.", grouped(*values)));
    }
    Ok(Answer::new(json, text))
}

fn check_outputs(args: &LinkArgs) -> Result<(), Failure> {
    let outputs = [Some(&args.out), args.pairs.as_ref(), args.model.as_ref()];
    let mut taken = vec![real_place(&args.file), real_place(&args.map)];
    for path in outputs.into_iter().flatten() {
        if !folder_of(path).is_dir() {
            return Err(Failure::usage(format!("{}: its folder does not exist", path.display())));
        }
        // What is no file, such as /dev/null, may take several outputs.
        if path.exists() && !path.is_file() && !path.is_dir() {
            continue;
        }
        let place = real_place(path);
        if taken.contains(&place) {
            return Err(Failure::usage(format!("{}: would replace another file of this command", path.display())));
        }
        taken.push(place);
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where a path leads, links followed, whether or not the file is there yet.
fn real_place(path: &Path) -> PathBuf {
    path.canonicalize()
        .or_else(|_| folder_of(path).canonicalize().map(|folder| folder.join(path.file_name().unwrap_or_default())))
        .unwrap_or_else(|_| path.to_owned())
}

/// Highest resident memory of this process in bytes, where the system tells.
#[must_use]
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_output_replaces_an_input_or_another_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("people.csv"), "id\n").expect("writes");
        let with = |out: &str, pairs: Option<&str>| LinkArgs {
            file: at("people.csv"),
            map: at("map.toml"),
            out: at(out),
            pairs: pairs.map(at),
            model: None,
            threshold: None,
        };
        assert!(check_outputs(&with("clusters.csv", Some("pairs.csv"))).is_ok());
        assert!(check_outputs(&with("people.csv", None)).is_err());
        assert!(check_outputs(&with("./people.csv", None)).is_err());
        assert!(check_outputs(&with("clusters.csv", Some("clusters.csv"))).is_err());
        assert!(check_outputs(&with("nowhere/clusters.csv", None)).is_err());
        assert_eq!(std::fs::read_to_string(at("people.csv")).expect("reads"), "id\n");
    }
}
