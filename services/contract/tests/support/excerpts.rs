//! Keeps the excerpts in `CONNECT.md` equal to the tested files.

use std::path::PathBuf;

const MARK: &str = "<!-- excerpt: ";

/// The page, and the page as the files would have it.
///
/// # Panics
/// If a file, a mark or a fence is missing.
pub fn connect() -> (PathBuf, String, String) {
    let crate_folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let page = crate_folder.join("CONNECT.md");
    let text = std::fs::read_to_string(&page).expect("CONNECT.md");
    let mut wanted = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        wanted.push_str(line);
        wanted.push('\n');
        let Some(what) = line.strip_prefix(MARK) else {
            continue;
        };
        let (file, name) = what.trim_end_matches(" -->").split_once(' ').expect("file and name");
        let fence = lines.next().expect("a fence after the mark");
        assert!(fence.starts_with("```"), "a fence after the mark for {name}");
        lines.by_ref().find(|line| *line == "```").expect("the end of the fence");
        let source = std::fs::read_to_string(crate_folder.join("../..").join(file)).expect("the file of an excerpt");
        wanted.push_str(&format!("{fence}\n{}```\n", between(&source, name)));
    }
    (page, text, wanted)
}

/// The lines between `[name]` and `[/name]`, without what all of them are indented by.
fn between(source: &str, name: &str) -> String {
    let (from, to) = (format!("[{name}]"), format!("[/{name}]"));
    let lines: Vec<_> =
        source.lines().skip_while(|l| !l.contains(&from)).skip(1).take_while(|l| !l.contains(&to)).collect();
    assert!(!lines.is_empty(), "no excerpt {name}");
    let indent = lines.iter().filter(|l| !l.is_empty()).map(|l| l.len() - l.trim_start().len()).min().unwrap_or(0);
    lines.iter().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect()
}
