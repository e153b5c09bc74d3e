//! A register file is read in a process of its own that may use so much memory and no more: what slips past every bound
//! of the readers ends there, and takes nothing with it. Nothing was applied then, and the next run goes on.

use std::process::{Command, ExitStatus, Stdio};

use registers::limits::PROCESS_BYTES;
use rustix::process::{Resource, Rlimit, Signal, getppid, getrlimit, set_parent_process_death_signal, setrlimit};

use super::Read;
use crate::error::Failure;

/// Set in the process that reads: its limit in bytes.
const MARK: &str = "TIDINGS_READS_WITHIN";

/// Set in the process that reads: who started it.
const STARTED_BY: &str = "TIDINGS_READS_FOR";

/// Set by whoever wants another limit than the usual one: mebibytes.
const WANTED: &str = "TIDINGS_IMPORT_MEMORY_MIB";

/// Whether this is the process that reads; from here on it is limited.
///
/// # Errors
/// The limit cannot be set: then nothing is read.
pub fn entered() -> Result<bool, Failure> {
    let Some(bytes) = std::env::var(MARK).ok().and_then(|text| text.parse().ok()) else {
        return Ok(false);
    };
    // The usual words of a panic take memory under a lock: without any left, the process would wait for itself for ever.
    std::panic::set_hook(Box::new(|_| std::process::abort()));
    enter(bytes)?;
    // It may be gone already, before the system was asked to tell of it.
    let started_by: Option<i32> = std::env::var(STARTED_BY).ok().and_then(|text| text.parse().ok());
    if started_by.is_some() && started_by != getppid().map(|pid| pid.as_raw_nonzero().get()) {
        return Err(Failure::failed("whoever started this import is gone"));
    }
    Ok(true)
}

/// Runs this very command again in a process that is limited; what it has read and staged.
///
/// # Errors
/// The process was stopped, or ended with a failure that it has told already.
pub fn apart() -> Result<Read, Failure> {
    let wanted = std::env::var(WANTED).ok().filter(|text| !text.is_empty());
    let bytes = match wanted {
        None => PROCESS_BYTES,
        Some(text) => {
            let mib: u64 =
                text.parse().map_err(|_| Failure::usage(format!("{WANTED} has to be a number of mebibytes")))?;
            mib.saturating_mul(1024 * 1024)
        }
    };
    let done = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(MARK, bytes.to_string())
        .env(STARTED_BY, std::process::id().to_string())
        // Else the allocator takes a gibibyte at once, which the limit does not allow.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ended(done.status, bytes)?;
    Ok(serde_json::from_slice(&done.stdout)?)
}

/// Data segments, heap and private mappings count; code and reserved address space do not. No core file: it would hold
/// people.
fn enter(bytes: u64) -> Result<(), Failure> {
    let broken = |e: rustix::io::Errno| Failure::failed(format!("the memory limit cannot be set: {e}"));
    // An import whose operator is gone must not go on by itself.
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(broken)?;
    let maximum = getrlimit(Resource::Data).maximum.map_or(bytes, |hard| hard.min(bytes));
    setrlimit(Resource::Data, Rlimit { current: Some(maximum), maximum: Some(maximum) }).map_err(broken)?;
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }).map_err(broken)
}

/// Exit code of a process that panicked.
const PANICKED: i32 = 101;

fn ended(status: ExitStatus, bytes: u64) -> Result<(), Failure> {
    match status.code() {
        Some(0) => Ok(()),
        Some(code) if code != PANICKED => Err(Failure::told(u8::try_from(code).unwrap_or(1))),
        _ => Err(Failure::failed(format!(
            "the process that reads the file was stopped ({status}). It may use {} MiB; a file that needs more is \
             damaged or hostile. Nothing was applied: check the file, and run the same command again",
            bytes / (1024 * 1024)
        ))),
    }
}
