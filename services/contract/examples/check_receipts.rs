//! Reads receipts of a gateway in another language, one `{"society", "body"}` a line, and says what Tidings makes of
//! each: the batch, or the word for its rejection. Knows the gateway of `vectors`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::io::{BufRead, Error};

use contract::ReceiptOpener;
use contract::jose::jwk::Jwk;
use serde::Deserialize;
use serde_json::json;
use support::Cast;

#[derive(Deserialize)]
struct Line {
    society: String,
    body: String,
}

fn main() -> Result<(), Error> {
    let cast = Cast::new(2026, "KE", true);
    let key = (&Jwk::from(&cast.receipts)).try_into().map_err(Error::other)?;
    let opener = ReceiptOpener::new(vec![key], [cast.gateway.public()]);
    for line in std::io::stdin().lock().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let answer = match opener.open(&line.society, line.body.as_bytes()) {
            Ok(batch) => json!({ "batch": batch }),
            Err(rejection) => json!({ "rejected": rejection.word() }),
        };
        println!("{answer}");
    }
    Ok(())
}
