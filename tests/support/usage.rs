//! What processes use, read from /proc.

/// CPU-seconds and peak resident memory of one process.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usage {
    /// User and system time, seconds.
    pub cpu: f64,
    /// Highest resident memory, MiB.
    pub peak_mib: f64,
}

/// Clock ticks a second, fixed on Linux.
const TICKS: f64 = 100.0;

impl Usage {
    /// Of a process; nothing for one that has ended.
    #[must_use]
    pub fn of(pid: u32) -> Self {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The command in brackets may hold spaces; fields are counted after it.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<f64>().ok()).unwrap_or(0.0);
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let kib = status
            .lines()
            .find(|l| l.starts_with("VmHWM:"))
            .and_then(|l| l.split_whitespace().nth(1))
            .and_then(|n| n.parse::<f64>().ok())
            .unwrap_or(0.0);
        Self { cpu: (ticks(11) + ticks(12)) / TICKS, peak_mib: kib / 1024.0 }
    }

    /// The larger of each figure.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self { cpu: self.cpu.max(other.cpu), peak_mib: self.peak_mib.max(other.peak_mib) }
    }

    /// CPU-seconds of all processes whose command line holds a word (a server and its children).
    #[must_use]
    pub fn of_all(word: &str) -> f64 {
        let Ok(processes) = std::fs::read_dir("/proc") else { return 0.0 };
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .filter(|pid| {
                std::fs::read(format!("/proc/{pid}/cmdline"))
                    .is_ok_and(|line| String::from_utf8_lossy(&line).contains(word))
            })
            .map(|pid| Self::of(pid).cpu)
            .sum()
    }
}
