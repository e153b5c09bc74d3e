//! How much a file may cost. A file can come from a stranger; each limit says why it is what it is.

/// Bytes of one row, line, item or person. Real rows stay below 8 KiB; a plain reader takes 3 GB for a 1 GiB line.
pub const RECORD_BYTES: usize = 64 * 1024;
/// Bytes of one Primero case with its subforms: the largest real ones hold some dozens of follow-ups.
pub const CASE_BYTES: usize = 1024 * 1024;
/// Columns of a table: the widest real exports have about 700.
pub const COLUMNS: usize = 2_048;
/// Characters of one name: the longest real ones stay below 200.
pub const NAME_CHARS: usize = 300;
/// Characters of any other value: an address in one line, a list of codes.
pub const VALUE_CHARS: usize = 4_000;
/// Combining marks in a row: the bound of Unicode's stream-safe text format.
pub const COMBINING_RUN: usize = 30;
/// Nesting of JSON and XML: real exports need 6.
pub const DEPTH: usize = 32;
/// Values of one list, and contact points, names or relations of one record.
pub const LIST: usize = 64;
/// Notes of one PFIF person that are read; later ones are counted and left.
pub const NOTES: usize = 256;
/// Rows of one file: ten times the largest register; above, split it.
pub const ROWS: u64 = 10_000_000;
/// Bytes of a manifest or mapping file.
pub const SETTINGS_BYTES: usize = 256 * 1024;

/// Bytes of an XLSX container: a million rows take about 60 MB.
pub const XLSX_BYTES: usize = 64 * 1024 * 1024;
/// Entries of an XLSX container: real ones have 10 to 50.
pub const XLSX_ENTRIES: usize = 1_000;
/// Inflated bytes of an XLSX sheet.
pub const XLSX_SHEET_BYTES: u64 = 512 * 1024 * 1024;
/// Inflated bytes of the shared strings, which are held in memory.
pub const XLSX_STRINGS_BYTES: u64 = 48 * 1024 * 1024;
/// Inflated over packed bytes of one entry: XML of tables packs 10 to 40 times.
pub const XLSX_RATIO: u64 = 200;
/// Bytes of memory of the process that reads a file: a container and its shared strings, rows that wait to be sealed,
/// and the store. Whatever slips past the limits above meets this one.
pub const PROCESS_BYTES: u64 = 512 * 1024 * 1024;
