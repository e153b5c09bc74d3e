//! What a command says when it is done: one value, shown as text or, with `--json`, as JSON.

use std::fmt::Write as _;

use console::measure_text_width;
use domain::Millis;

/// The same answer for people and for programs.
pub struct Answer {
    /// For programs.
    pub json: serde_json::Value,
    /// For people.
    pub text: String,
}

impl Answer {
    /// An answer with both faces.
    pub fn new(json: serde_json::Value, text: impl Into<String>) -> Self {
        Self { json, text: text.into() }
    }

    /// An answer that was written to stdout line by line already.
    #[must_use]
    pub fn silent(json: serde_json::Value) -> Self {
        Self { json, text: String::new() }
    }

    /// Prints it to stdout. Who has read enough may close the pipe (`| head`).
    pub fn print(&self, as_json: bool) {
        use std::io::Write as _;
        if self.text.is_empty() {
            return;
        }
        let mut out = std::io::stdout().lock();
        let printed = if as_json { writeln!(out, "{}", self.json) } else { writeln!(out, "{}", self.text.trim_end()) };
        if let Err(error) = printed.and_then(|()| out.flush())
            && error.kind() != std::io::ErrorKind::BrokenPipe
        {
            eprintln!("the answer cannot be printed: {error}");
        }
    }
}

/// A day, as `2026-11-30`; empty for none.
#[must_use]
pub fn day(at: Option<Millis>) -> String {
    cut(at, "2026-11-30".len())
}

/// A minute, as `2026-11-30 14:05`; empty for none.
#[must_use]
pub fn minute(at: Option<Millis>) -> String {
    cut(at, "2026-11-30 14:05".len()).replace('T', " ")
}

/// The beginning of a timestamp's text.
fn cut(at: Option<Millis>, length: usize) -> String {
    let text = at.and_then(Millis::timestamp).map(|t| t.to_string()).unwrap_or_default();
    text.get(..length).unwrap_or_default().to_owned()
}

/// Rows under a heading, columns aligned; numbers to the right.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| measure_text_width(cell))
                .chain([measure_text_width(head[column])])
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    let line = |cells: Vec<&str>, out: &mut String| {
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let pad = " ".repeat(width.saturating_sub(measure_text_width(cell)));
            let number = !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || ".,%".contains(c));
            // Writing to a String cannot fail.
            let _ = if number { write!(out, "{gap}{pad}{cell}") } else { write!(out, "{gap}{cell}{pad}") };
        }
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
    };
    line(head.to_vec(), &mut out);
    for row in rows {
        line(row.iter().map(String::as_str).collect(), &mut out);
    }
    out
}

/// A number with thin groups of three: 515 000.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_columns_aligned() {
        assert_eq!(grouped(515_000), "515 000");
        assert_eq!(grouped(7), "7");
        let text = table(&["state", "n"], &[vec!["held".into(), "12".into()], vec!["informed".into(), "3".into()]]);
        assert_eq!(text, "state     n\nheld      12\ninformed   3\n");
        let text = table(&["name", "x"], &[vec!["王伟".into(), "a".into()], vec!["আমিনা".into(), "b".into()]]);
        let columns = |line: &str| measure_text_width(&line[..line.rfind(['a', 'b', 'x']).expect("a last column")]);
        assert!(text.lines().all(|line| columns(line) == columns("name  x")), "{text}");
    }
}
