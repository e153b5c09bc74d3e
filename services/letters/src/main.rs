//! `tidings-letters FILE --out PDF`: sets the `letter` part of a rendered notice.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use letters::{Fonts, Letter, pdf};

/// Largest letter that is read; one has some 10 KB.
const LARGEST: u64 = 4 << 20;

/// Sets a letter or task sheet as PDF.
#[derive(Parser)]
#[command(
    name = "tidings-letters",
    version,
    after_help = "Example: tidings preview --notice initial --audience enquirer --language ar --channel post --level L3 --json \\\n  | jq -r .parts.letter | tidings-letters - --out letter.pdf"
)]
struct Args {
    /// The letter (JSON); `-` reads standard input.
    file: PathBuf,
    /// Where the PDF goes.
    #[arg(long, value_name = "PDF")]
    out: PathBuf,
    /// Folder with Noto fonts (default: where Debian's fonts-noto-core puts them).
    #[arg(long, value_name = "DIR")]
    fonts: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err((code, problem)) => {
            eprintln!("tidings-letters: {problem}");
            ExitCode::from(code)
        }
    }
}

/// Exit codes as those of `tidings`: 1 failed, 2 usage, 3 refused.
fn run(args: &Args) -> Result<(), (u8, String)> {
    let text = read(&args.file).map_err(|e| (2, format!("{}: {e}", args.file.display())))?;
    // serde's own message would quote the letter
    let wrong = |e: serde_json::Error| (2, format!("{}: not a letter, line {}", args.file.display(), e.line()));
    let letter: Letter = serde_json::from_str(&text).map_err(wrong)?;
    // fonts can be installed; a character that the right font does not have will never be set
    let fonts = Fonts::find(args.fonts.as_deref(), letter.texts()).map_err(|e| (1, e.to_string()))?;
    let made = pdf(&letter, &fonts).map_err(|e| (3, e.to_string()))?;
    std::fs::write(&args.out, made).map_err(|e| (1, format!("{}: {e}", args.out.display())))
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(LARGEST).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(path)?.take(LARGEST).read_to_string(&mut text)?;
    }
    Ok(text)
}
