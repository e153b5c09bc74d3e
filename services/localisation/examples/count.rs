//! Counts text messages: lines of `{"text":…}` on standard input, counts on standard output.

use std::io::BufRead;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        println!("{}", localisation::sms::count_line(&line?)?);
    }
    Ok(())
}
