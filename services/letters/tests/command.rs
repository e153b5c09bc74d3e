//! `tidings preview --pdf` as an operator types it, in every language that there are words in; what is on the pages is
//! read by others' programs (Debian's poppler-utils). tests/letters builds `tidings` beside the program under test.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Reference code and number of the invented notices.
const CODE: &str = "K7M4Q-X9T2L";
const HOTLINE: &str = "+41 22 730 3600";
/// Margins in points, 25 mm at the sides; a glyph may reach a little over the edge of its box.
const MARGIN: f64 = 25.0 * 72.0 / 25.4 - 3.0;
/// Letters, task sheets, a notice to everybody: notice, audience, channel, level.
const NOTICES: [[&str; 4]; 4] = [
    ["initial", "enquirer", "post", "L3"],
    ["follow-up", "survivor", "caseworker", "L4"],
    ["initial", "child", "caseworker", "L4"],
    ["public", "public", "post", "L3"],
];

fn tidings() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_tidings-letters")).with_file_name("tidings");
    assert!(path.exists(), "{} is not built; tests/letters builds it", path.display());
    path
}

fn preview(notice: [&str; 4], more: &[&str]) -> Output {
    let mut command = Command::new(tidings());
    command.arg("preview").args(more).env_remove("TIDINGS_WORDS");
    for (name, value) in ["--notice", "--audience", "--channel", "--level"].iter().zip(notice) {
        command.args([name, value]);
    }
    command.output().expect("the program runs")
}

fn languages() -> Vec<String> {
    let output = Command::new(tidings()).args(["locales", "status", "--json"]).output().expect("the program runs");
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    all.as_array().expect("a list").iter().map(|one| one["language"].as_str().expect("a tag").to_owned()).collect()
}

fn poppler(program: &str, args: &[&str], pdf: &Path) -> String {
    let mut command = Command::new(program);
    command.args(args).arg(pdf);
    // a dash stands for standard output, where the program writes to a file otherwise
    let output = if program == "pdftotext" { command.arg("-").output() } else { command.output() };
    let output = output.unwrap_or_else(|e| panic!("{program}: {e}; install poppler-utils"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Words with their left and right edges, and the width of their page, in points.
fn words(pdf: &Path) -> Vec<(String, f64, f64, f64)> {
    let attribute = |line: &str, name: &str| -> f64 {
        let (_, rest) = line.split_once(&format!("{name}=\"")).expect("an attribute");
        rest.split('"').next().and_then(|number| number.parse().ok()).expect("a number")
    };
    let (mut found, mut width) = (Vec::new(), 0.0);
    for line in poppler("pdftotext", &["-bbox"], pdf).lines().map(str::trim) {
        if line.starts_with("<page ") {
            width = attribute(line, "width");
        } else if let Some((_, rest)) = line.split_once("<word ") {
            let text = rest.split_once('>').map_or(rest, |(_, text)| text).replace("</word>", "");
            found.push((text, attribute(line, "xMin"), attribute(line, "xMax"), width));
        }
    }
    found
}

#[test]
fn every_language_is_printed_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let languages = languages();
    assert!(languages.len() > 20, "{languages:?}");
    for language in &languages {
        for notice in NOTICES {
            let pdf = folder.path().join(format!("{language}-{}.pdf", notice.join("-")));
            let output = preview(notice, &["--language", language, "--pdf", pdf.to_str().expect("text")]);
            let which = format!("{language} {notice:?}");
            assert!(output.status.success(), "{which}: {}", String::from_utf8_lossy(&output.stderr));
            let fonts = poppler("pdffonts", &[], &pdf);
            let fonts: Vec<&str> = fonts.lines().skip(2).collect();
            let embedded = |line: &&str| line.contains("Noto") && line.split_whitespace().rev().nth(4) == Some("yes");
            assert!(!fonts.is_empty() && fonts.iter().all(embedded), "{which}: {fonts:?}");
            let words = words(&pdf);
            assert!(words.len() > 50, "{which}: {} words", words.len());
            for (word, left, right, width) in &words {
                assert!(*left >= MARGIN && *right <= width - MARGIN, "{which}: «{word}» from {left} to {right}");
            }
            let text = poppler("pdftotext", &["-layout"], &pdf);
            if notice[1] != "public" {
                let pages = text.matches('\u{c}').count();
                assert!(text.matches(CODE).count() >= pages, "{which}: the code is not on each page:\n{text}");
            }
            assert!(text.contains(HOTLINE), "{which}: the number is broken:\n{text}");
        }
    }
}

#[test]
fn what_has_no_glyph_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let pdf = folder.path().join("letter.pdf");
    let neutral = ["call-back", "enquirer", "post", "L2"];
    let print = |label: &str| {
        let more = ["--language", "en", "--label", label, "--pdf", pdf.to_str().expect("text")];
        let output = preview(neutral, &more);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = print("Blue \u{2A0C} Door");
    assert!(code == Some(3) && said.contains("U+2A0C") && !said.contains("Blue"), "{said}");
    assert!(!pdf.exists());
    assert_eq!(print("Blue Door"), (Some(0), String::new()));
    assert!(poppler("pdftotext", &[], &pdf).contains("Blue Door"));
}
