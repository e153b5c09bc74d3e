//! Measures sealing and opening on one core and prints a table: `cargo run --release -p contract --example speed`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use contract::jose::jwk::Jwk;
use contract::{BatchSealer, Bucket, Content, MAX_RECEIPTS, ReceiptOpener, seal_receipts};
use domain::Channel;
use support::{Cast, NOW, notice};

/// Long enough that a table row is steady to a few per cent.
const TIME: Duration = Duration::from_secs(2);

fn measure(what: &str, each: usize, mut work: impl FnMut()) {
    work();
    let (start, mut done) = (Instant::now(), 0);
    while start.elapsed() < TIME {
        work();
        done += each;
    }
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "| {what} | {:.0} | {:.1} |",
        f64::from(u32::try_from(done).unwrap_or(u32::MAX)) / seconds,
        seconds * 1e6 / done as f64
    );
}

fn main() {
    let mut cast = Cast::new(1, "KE", true);
    let gateway = cast.gateway.public();
    let envelope = cast.envelope(Content::Notice(Box::new(notice(Channel::Sms))));
    println!("| operation | /s per core | µs each |\n|---|---|---|");
    for floor in [2048, 4096, 8192] {
        let floor = Bucket::try_from(floor).unwrap_or(Bucket::DEFAULT_FLOOR);
        measure(
            &format!("seal, one key for 500, bucket {}", floor.size()),
            500,
            || {
                let mut sealer =
                    BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).with_floor(floor);
                (0..500).for_each(|_| drop(black_box(sealer.seal(&envelope))));
            },
        );
    }
    measure("seal, a key each, bucket 4096", 1, || {
        drop(black_box(cast.seal(&envelope)))
    });

    let opener = cast.opener();
    let mut sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway);
    let bodies: Vec<_> = (0..500)
        .filter_map(|_| sealer.seal(&envelope).ok())
        .map(|sealed| sealed.body)
        .collect();
    measure("gateway opens and verifies, batch of 500", 500, || {
        bodies
            .iter()
            .for_each(|body| drop(black_box(opener.open(body, NOW))));
    });
    let single: Vec<_> = (0..50).map(|_| cast.seal(&envelope)).collect();
    measure("gateway opens and verifies, a key each", 50, || {
        single
            .iter()
            .for_each(|body| drop(black_box(opener.open(body, NOW))));
    });

    let Ok(key) = (&Jwk::from(&cast.receipts)).try_into() else {
        return;
    };
    let receipts = ReceiptOpener::new(vec![key], [gateway]);
    for count in [1, 50, MAX_RECEIPTS] {
        let batch = cast.batch(count);
        let to = cast.receipts.public().clone();
        measure(
            &format!("gateway signs and seals receipts, {count} a batch"),
            count,
            || {
                drop(black_box(seal_receipts(
                    &mut cast.rng,
                    &cast.gateway,
                    &to,
                    &batch,
                )));
            },
        );
        let body = seal_receipts(&mut cast.rng, &cast.gateway, &to, &batch).unwrap_or_default();
        measure(
            &format!("Tidings opens receipts, {count} a batch"),
            count,
            || {
                drop(black_box(receipts.open("KE", &body)));
            },
        );
    }
}
