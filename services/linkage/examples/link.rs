//! Links a CSV file: `link FILE MAP CLUSTERS [PAIRS] [THRESHOLD]`. For the benchmark, which needs no operator's
//! command around it.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

use linkage::Options;
use linkage::table::{Map, link_csv};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, file, map, clusters, rest @ ..] = args.as_slice() else {
        return Err("usage: link FILE MAP CLUSTERS [PAIRS] [THRESHOLD]".into());
    };
    let map = Map::parse(&std::fs::read_to_string(map)?)?;
    let mut options = Options::default();
    if let Some(threshold) = rest.get(1) {
        options.match_threshold = threshold.parse()?;
    }
    let table = link_csv(File::open(file)?, &map, &options)?;
    table.write_clusters(BufWriter::new(File::create(clusters)?))?;
    if let Some(pairs) = rest.first() {
        table.write_pairs(BufWriter::new(File::create(pairs)?))?;
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .and_then(|v| v.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .map(|kb| kb * 1024);
    println!("{}", serde_json::to_string_pretty(&table.report(peak))?);
    if std::env::var_os("LINK_MODEL").is_some() {
        eprintln!("{}", serde_json::to_string(&table.linkage.model)?);
    }
    Ok(())
}
