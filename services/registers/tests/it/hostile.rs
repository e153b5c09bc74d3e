//! Files that a stranger made, with their figures: how much is read of them, and what a process may use that reads them.

use std::io::Read;

use crate::common::{manifest, rows};
use registers::{Mapping, RegisterError, read, verify};

/// What the operating system says of this process: peak resident set, in MiB.
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn mapping() -> Mapping {
    Mapping::parse(
        "[[column]]\nheader = \"ID\"\nfield = \"record_id\"\n[[column]]\nheader = \"Name\"\nfield = \"names.full\"\n",
    )
    .expect("a mapping")
}

/// `n` bytes of one letter after a start, without holding them.
fn endless(start: &'static str, n: u64) -> impl Read {
    start.as_bytes().chain(std::io::repeat(b'x').take(n))
}

const GIB: u64 = 1 << 30;

const STARTS: [(&str, &str); 6] = [
    ("csv", "ID,Name\nA-1,"),
    ("csv", "ID,Name\nA-1,\""),
    ("canonical", "{\"society\":\""),
    ("canonical", "[{\"society\":\""),
    ("pfif-xml", "<pfif><person><full_name>"),
    ("pfif-xml", "<pfif><!-- "),
];

/// Hands out `inner`, and counts.
struct Counted<R>(R, u64);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.read(out)?;
        self.1 += n as u64;
        Ok(n)
    }
}

#[test]
fn one_line_of_a_gibibyte_is_refused_after_64_kib() {
    for (profile, start) in STARTS {
        let manifest = manifest(profile, b"", 1, "");
        let mut file = Counted(endless(start, GIB), 0);
        let refused = rows(&mut file, &manifest, Some(&mapping())).map(|_| ());
        assert!(matches!(refused, Err(RegisterError::RecordTooLarge { .. })), "{profile} {start}: {refused:?}");
        // The limit, and what the readers before the parser had taken in already.
        assert!(file.1 <= 192 * 1024, "{profile} {start}: {} bytes were read", file.1);
    }
}

#[test]
fn a_header_of_a_gibibyte_or_of_a_million_columns_is_refused() {
    let manifest = manifest("csv", b"", 1, "");
    let mut file = Counted(endless("ID", GIB), 0);
    let refused = rows(&mut file, &manifest, Some(&mapping())).map(|_| ());
    assert!(matches!(refused, Err(RegisterError::RecordTooLarge { .. })), "{refused:?}");
    assert!(file.1 <= 192 * 1024, "{} bytes were read", file.1);
    let wide: String = (0..10_000).map(|n| format!("{n},")).collect();
    let refused = rows(wide.as_bytes(), &manifest, Some(&mapping())).map(|_| ());
    assert!(matches!(refused, Err(RegisterError::TooManyColumns(_))), "{refused:?}");
}

/// In a process of its own: two seconds of processor time, and this much address space, code and libraries included.
const KIB: u64 = 256 * 1024;

/// Names the file that a limited process reads, and its profile.
const CHILD: &str = "REGISTERS_HOSTILE_FILE";

/// Reads a file in a limited process, where the operating system ends whatever takes more.
fn refused_within_limits(what: &str, profile: &str, bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("hostile-{}-{}", std::process::id(), what.replace(' ', "-")));
    std::fs::write(&path, bytes).expect("written");
    let child = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit -v {KIB}; ulimit -t 2; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "hostile::reads_the_file_that_it_is_given", "--ignored", "--nocapture", "--test-threads=1"])
        .env(CHILD, format!("{profile}:{}", path.display()))
        .output()
        .expect("runs");
    std::fs::remove_file(&path).expect("removed");
    let said = String::from_utf8_lossy(&child.stdout).into_owned() + &String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("REFUSED"), "{what}: {}: {said}", child.status);
}

#[test]
#[ignore = "run by its parent, with a file and under limits"]
fn reads_the_file_that_it_is_given() {
    let given = std::env::var(CHILD).unwrap_or_default();
    let Some((profile, path)) = given.split_once(':') else { return };
    let manifest = manifest(profile, b"", 1, "");
    let file = std::fs::File::open(path).expect("a file");
    let mapping = if profile.ends_with("xlsx") { crate::xlsx::mapping() } else { mapping() };
    if let Err(error) = rows(file, &manifest, Some(&mapping)) {
        println!("REFUSED {error}");
    }
}

#[test]
fn hostile_files_end_within_two_seconds_of_processor_time_and_256_mib() {
    for (what, bytes) in crate::xlsx::hostile() {
        refused_within_limits(what, "xlsx", &bytes);
        refused_within_limits(what, "primero-xlsx", &bytes);
    }
    let line: String = STARTS[1].1.to_owned() + &"x".repeat(8 << 20);
    refused_within_limits("one line", "csv", line.as_bytes());
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]><pfif><person><full_name>&b;</full_name></person></pfif>";
    refused_within_limits("entities", "pfif-xml", laughs.as_bytes());
    let deep = "[".repeat(1 << 20);
    refused_within_limits("deep array", "canonical", deep.as_bytes());
    let deep = format!("{{\"a\":{}", "{\"a\":".repeat(10_000));
    refused_within_limits("deep object", "primero-json", deep.as_bytes());
}

/// Rows made on the way, so that the file is never in memory.
struct Made {
    left: u64,
    buffer: Vec<u8>,
    at: usize,
}

impl Read for Made {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.buffer.len() {
            if self.left == 0 {
                return Ok(0);
            }
            self.left -= 1;
            self.at = 0;
            self.buffer = format!("A-{},Amina Synthetic\n", self.left).into_bytes();
        }
        let n = out.len().min(self.buffer.len() - self.at);
        out[..n].copy_from_slice(&self.buffer[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

/// Peak memory of a process that reads so many rows, in MiB.
fn peak_of(rows: u64) -> u64 {
    let child = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "hostile::reads_so_many_rows", "--ignored", "--nocapture", "--test-threads=1"])
        .env(CHILD, rows.to_string())
        .output()
        .expect("runs");
    let said = String::from_utf8_lossy(&child.stdout).into_owned();
    let peak = said.split("PEAK ").nth(1).and_then(|t| t.split_whitespace().next()).and_then(|t| t.parse().ok());
    peak.unwrap_or_else(|| panic!("{}: {said}{}", child.status, String::from_utf8_lossy(&child.stderr)))
}

#[test]
#[ignore = "run by its parent, with a number of rows"]
fn reads_so_many_rows() {
    let Ok(wanted) = std::env::var(CHILD).unwrap_or_default().parse::<u64>() else { return };
    let manifest = manifest("csv", b"", 1, "");
    let file = b"ID,Name\n".chain(Made { left: wanted, buffer: Vec::new(), at: 0 });
    let mut found = 0;
    for row in read(file, &manifest, Some(&mapping())).expect("fine") {
        row.expect("fine").outcome.expect("a record");
        found += 1;
    }
    assert_eq!(found, wanted);
    println!("PEAK {}", peak_mib());
}

#[test]
fn memory_does_not_grow_with_the_rows_of_a_file() {
    let (small, large) = (peak_of(1_000), peak_of(100_000));
    // Beside the row in hand only a hash of every record id is kept: 9 to 18 bytes a row.
    assert!(large <= small + 4, "{small} MiB, {large} MiB");
}

#[test]
fn a_manifest_is_believed_only_if_the_file_agrees() {
    let text = "ID,Name\nA-1,Amina\n";
    let manifest = manifest("csv", text.as_bytes(), 1, "");
    assert!(verify(text.as_bytes(), &manifest, Some(&mapping()), |_, _| {}).is_ok());
    for at in 0..text.len() {
        let mut flipped = text.as_bytes().to_vec();
        flipped[at] ^= 1;
        assert!(verify(&flipped[..], &manifest, Some(&mapping()), |_, _| {}).is_err(), "byte {at}");
    }
}
