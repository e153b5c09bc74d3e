//! Templates become the text of one database.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::Col;

/// Rows of one statement on SQLite, largest first: a batch is cut into these, so that few texts have to be prepared.
/// 400 rows of up to 40 columns stay well below SQLite's 32,766 parameters.
pub(super) const CHUNKS: [usize; 4] = [400, 64, 8, 1];

/// Text, by template, chunk (0: PostgreSQL), and the types of the columns.
type Key = (usize, usize, String);

static TEXTS: LazyLock<Mutex<HashMap<Key, Arc<str>>>> = LazyLock::new(Mutex::default);

fn cached(key: Key, make: impl FnOnce() -> String) -> Arc<str> {
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(texts.entry(key).or_insert_with(|| make().into()))
}

/// What the databases write differently: row locks, which only PostgreSQL has, the clock in milliseconds, and who leads
/// a join.
fn dialect(template: &str, postgres: bool) -> String {
    const WORDS: [(&str, &str, &str); 8] = [
        // Asked once a statement, not once a row.
        ("{clock}", "(SELECT {now} + offset_ms FROM clock)", "(SELECT {now} + offset_ms FROM clock)"),
        (
            "{now}",
            "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)",
            "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
        ),
        ("{lock}", "FOR UPDATE", ""),
        ("{lock_n}", "FOR UPDATE OF n", ""),
        ("{lock_a}", "FOR UPDATE OF a", ""),
        ("{share}", "FOR SHARE", ""),
        ("{skip}", "FOR UPDATE SKIP LOCKED", ""),
        ("{skip_a}", "FOR UPDATE OF a SKIP LOCKED", ""),
    ];
    let text = WORDS
        .iter()
        .fold(template.to_owned(), |text, (word, pg, lite)| text.replace(word, if postgres { pg } else { lite }));
    if postgres || !text.contains("{r}") {
        return text;
    }
    // SQLite keeps the order of a CROSS JOIN: from the batch into the tables, never a whole table once per batch.
    text.replace("JOIN ", "CROSS JOIN ")
        .replace("LEFT CROSS JOIN ", "LEFT JOIN ")
        .replace("CROSS CROSS JOIN ", "CROSS JOIN ")
}

/// A statement without a batch.
pub(super) fn plain(template: &'static str, postgres: bool) -> Arc<str> {
    let key = (template.as_ptr() as usize, usize::from(!postgres), String::new());
    cached(key, || dialect(template, postgres))
}

/// A batch on PostgreSQL: arrays after the scalars.
pub(super) fn unnest(template: &'static str, scalars: usize, cols: &[Col]) -> Arc<str> {
    let types: Vec<&str> = cols.iter().map(Col::pg_type).collect();
    cached((template.as_ptr() as usize, 0, types.join(",")), || {
        let arrays: Vec<String> =
            types.iter().enumerate().map(|(n, t)| format!("${}::{t}[]", scalars + n + 1)).collect();
        let rows = format!("SELECT * FROM UNNEST({})", arrays.join(", "));
        dialect(template, true).replace("{r}", &rows)
    })
}

/// A batch on SQLite: nameless parameters for the rows, which the driver numbers from 1, then the scalars. SQLite
/// looks names up one after the other: thousands of named ones would cost their square.
pub(super) fn values(template: &'static str, cols: usize, rows: usize) -> Arc<str> {
    let key = (template.as_ptr() as usize, rows + 1, cols.to_string());
    cached(key, || {
        let row = format!("({})", vec!["?"; cols].join(","));
        let all = format!("VALUES {}", vec![row; rows].join(","));
        shift(&dialect(template, false), rows * cols).replace("{r}", &all)
    })
}

/// The text with `$n` moved behind the parameters of the rows.
fn shift(text: &str, by: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut parts = text.split('$');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = part.split_at(digits);
        out.push_str(&format!("${}{rest}", number.parse::<usize>().unwrap_or(0) + by));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_template_becomes_two_texts() {
        static T: &str = "WITH r(a, b) AS ({r}) UPDATE t SET x = $2 FROM r WHERE t.a = r.a AND c = $1 {lock}";
        let cols = [Col::I32(vec![1, 2]), Col::Text(vec![])];
        assert_eq!(
            &*unnest(T, 2, &cols),
            "WITH r(a, b) AS (SELECT * FROM UNNEST($3::int4[], $4::text[])) UPDATE t SET x = $2 FROM r WHERE t.a = r.a AND c = $1 FOR UPDATE"
        );
        assert_eq!(
            &*values(T, 2, 2),
            "WITH r(a, b) AS (VALUES (?,?),(?,?)) UPDATE t SET x = $6 FROM r WHERE t.a = r.a AND c = $5 "
        );
    }
}
