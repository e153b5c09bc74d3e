//! Measures sealing and opening in CPU time of one core and prints a table:
//! `cargo run --release -p contract --example seal_speed`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use contract::jose::jwk::Jwk;
use contract::jose::jws::{self, Protected, Unverified};
use contract::jose::keys::SignerKey;
use contract::{BatchSealer, Bucket, Content, MAX_RECEIPTS, ReceiptOpener, seal_receipts};
use domain::Channel;
use support::{Cast, NOW, notice};

/// Long enough that a table row is steady to a few per cent.
const TIME: Duration = Duration::from_secs(2);

/// CPU time of this thread; wall time where the system does not tell. Other work on the machine then counts too.
fn spent(start: Instant) -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|word| word.parse().ok());
    nanos.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn measure(what: &str, each: usize, mut work: impl FnMut()) {
    work();
    let (start, mut done) = (Instant::now(), 0_u32);
    let before = spent(start);
    while start.elapsed() < TIME {
        work();
        done += u32::try_from(each).unwrap_or(1);
    }
    let seconds = (spent(start) - before).as_secs_f64();
    let (rate, micros) = (f64::from(done) / seconds, seconds * 1e6 / f64::from(done));
    println!("| {what} | {rate:.0} | {micros:.1} |");
}

fn main() {
    let mut cast = Cast::new(1, "KE", true);
    let gateway = cast.gateway.public();
    let envelope = cast.envelope(Content::Notice(Box::new(notice(Channel::Sms))));
    println!("| operation | /s per core | µs each |\n|---|---|---|");
    let signer = SignerKey::generate(&mut cast.rng);
    let header = Protected::new(&signer, "t", None);
    let payload = vec![b'x'; 1024];
    measure("for comparison: one signature over 1 KiB", 1, || {
        drop(black_box(jws::sign(&signer, &header, &payload)));
    });
    let text = jws::sign(&signer, &header, &payload);
    measure("for comparison: one verification of 1 KiB", 1, || {
        drop(black_box(Unverified::parse(&text, "t").and_then(|jws| jws.verify(signer.public()))));
    });
    for floor in [2048, 4096, 8192] {
        let floor = Bucket::try_from(floor).unwrap_or(Bucket::DEFAULT_FLOOR);
        measure(&format!("seal, one key for 500, bucket {}", floor.size()), 500, || {
            let mut sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway).with_floor(floor);
            (0..500).for_each(|_| drop(black_box(sealer.seal(&envelope))));
        });
    }
    measure("seal, a key each, bucket 4096", 1, || drop(black_box(cast.seal(&envelope))));

    let opener = cast.opener();
    let mut sealer = BatchSealer::new(&mut cast.rng, &cast.signer, &gateway);
    let bodies: Vec<_> = (0..500).filter_map(|_| sealer.seal(&envelope).ok()).map(|sealed| sealed.body).collect();
    measure("gateway opens and verifies, batch of 500", 500, || {
        bodies.iter().for_each(|body| drop(black_box(opener.open(body, NOW))));
    });
    let single: Vec<_> = (0..50).map(|_| cast.seal(&envelope)).collect();
    measure("gateway opens and verifies, a key each", 50, || {
        single.iter().for_each(|body| drop(black_box(opener.open(body, NOW))));
    });

    let Ok(key) = (&Jwk::from(&cast.receipts)).try_into() else {
        return;
    };
    let receipts = ReceiptOpener::new(vec![key], [gateway]);
    for count in [1, 50, MAX_RECEIPTS] {
        let batch = cast.batch(count);
        let to = cast.receipts.public().clone();
        measure(&format!("gateway signs and seals receipts, {count} a batch"), count, || {
            drop(black_box(seal_receipts(&mut cast.rng, &cast.gateway, &to, &batch)));
        });
        let body = seal_receipts(&mut cast.rng, &cast.gateway, &to, &batch).unwrap_or_default();
        measure(&format!("Tidings opens receipts, {count} a batch"), count, || {
            drop(black_box(receipts.open("KE", &body)));
        });
    }
}
